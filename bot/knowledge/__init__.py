"""What we know: the entries, the words of each language, and how a question is read and answered. Pure.

entries.py     concepts, and an entry for every cell;  taught.py  what the staff taught
word_list.py, lexicon.py, phrases.py   the words of a language, compiled
folding.py     one spelling for many;  spelling.py  slips repaired;  recognition.py  which language
reading.py     what a text says;  wishes.py  whether it asks for a person, or for its writer's data
answering.py   a question -> what we say to it;  evaluation.py  how well
grammar.py, endings.py, gist.py   what a text is about;  likeness.py  whether two are alike
"""
