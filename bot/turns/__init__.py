"""Takes a batch of updates and makes it one transaction: the only writer of turns.

batch.py     Incoming: an update as the turns see it; Batch: what the updates of one transaction come to
owners.py    what reaches us from an owner: the dialog, and what goes to the staff
staffing.py  what reaches us from the staff's group;  looking.py  what it is about
ticking.py   what time alone brings about;  teaching.py  answers written and judged on the review pages
forgetting.py  an owner is forgotten;  counting.py  what a turn means for the traffic
flood.py, heeding.py   how much one person may send;  setting_aside.py  a turn that broke is kept
keep.py      puts what it comes to into the batch: session, transcript, handover, outbox
take.py      Turns: computes a batch and writes it
"""

from bot.turns.batch import Answer, AnyAnswer, Incoming, InlineAnswer
from bot.turns.take import Turns

__all__ = ["Answer", "AnyAnswer", "Incoming", "InlineAnswer", "Turns"]
