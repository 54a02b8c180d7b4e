"""Owners who do not exist, in conversations that were really held: `advisor simulate`.

habits.py      how they behave, as numbers with reasons: what the review pages shall show comes of these alone
wordings.py    what they say in their own words;  typing.py  how hurried fingers write it
owners.py      one owner: what they do next, by what stands on their screen
helpers.py     the staff, when an owner wishes for a person
crowd.py       many of them, batch by batch, through the real turns into the database
removal.py     all of it taken out again
"""
