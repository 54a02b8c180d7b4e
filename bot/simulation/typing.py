"""What hurried fingers make of words."""

from random import Random


def slipped(random: Random, text: str) -> str:
    """The text with one slip: two letters swapped, one lost or doubled, inside a word of some length."""
    places = [place for place in range(1, len(text) - 2) if text[place - 1 : place + 3].isalpha()]
    if not places:
        return text
    place, kind = random.choice(places), random.randrange(3)
    here, after = text[place], text[place + 1 :]
    changed = (after[:1] + here + after[1:], after, here + here + after)[kind]
    return text[:place] + changed


def hurried(random: Random, text: str) -> str:
    """As people write: often without a capital, sometimes without the mark at the end."""
    if random.random() < 0.6 and not text[1:2].isupper():
        text = text[:1].lower() + text[1:]
    return text.rstrip("?.!") if random.random() < 0.35 else text
