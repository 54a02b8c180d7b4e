"""What the tests of delivery and crashes share: a small advisor, the bot as a process, a crowd, and an oracle.

content.py       a small dialog of four questions in four languages, in a folder of its own
knowledge.py     a small knowledge: one concept, two answers
process.py       the bot as a process of its own, started by its real command
telegram.py      the pretend Telegram, telling each request to whoever listens, and stopping the bot at one of them
screens.py       a message as the person sees it: which screen it is, its session and step
rules.py         what each act of a person must lead to, told from the screens alone
oracle.py        holds what the pretend Telegram saw against these rules
crowd.py         many people who talk to the bot at once
conversations.py  what owners and staff do must lead to on both sides: the oracle of handovers
handover_crowd.py  many owners and their staff, who talk to each other at once
waiting.py       waiting for something to come true
launcher.py      the bot with an accident built in: dies at the k-th commit, dies or stumbles over a certain word
"""
