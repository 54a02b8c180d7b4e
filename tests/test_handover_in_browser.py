"""One person plays an owner and two of the staff in a real `advisor preview`: from an unknown question to knowledge."""

import pytest
from browser_owner import PICTURES, Owner, seated, serious
from harness.staff import JONAS, OLGA, PETRA, part, said
from playwright.async_api import Browser, Locator, Page, expect

from bot.dialog.phrases import Content

pytestmark = pytest.mark.asyncio(loop_scope="module")

ODD = "Can a provider feed my cat on Sundays?"
ANSWER = "No provider that we know of does that."
BETTER = "None that we know of: ask a neighbour."


class Staff:
    """Whoever of the staff sits at the page, in the group beside the owner's chat."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def become(self, person: int) -> None:
        """Petra, Jonas or Olga."""
        await self.page.locator("#staff-person").select_option(str(person))

    async def opens(self, name: str) -> None:
        """A topic."""
        await self.page.locator(".topic-row", has_text=name).first.click()

    def post(self, words: str) -> Locator:
        """The newest message of the bot in the topic with these words."""
        return self.page.locator(".post:not(:has(.quoted))", has_text=words).last

    async def taps(self, words: str, label: str) -> None:
        """A button under a message with these words."""
        await self.post(words).get_by_role("button", name=label, exact=True).click()

    async def writes(self, words: str) -> None:
        """A text into the topic."""
        await self.page.locator("#staff-text").fill(words)
        await self.page.locator("#staff-text").press("Enter")

    async def sends_photo(self, caption: str) -> None:
        """A photo with a caption."""
        await self.page.locator("#staff-text").fill(caption)
        await self.page.locator("#staff-attach").click()
        await self.page.locator("#staff-attach-menu").get_by_role("menuitem").first.click()

    async def picture(self, name: str) -> None:
        """For the eye."""
        await self.page.screenshot(path=PICTURES / f"handover-{name}.png")


async def test_from_an_unknown_question_to_knowledge(preview: str, browser: Browser, content: Content) -> None:
    """Asked, claimed, answered with a photo, noted, given back to the same question, taught, approved, known."""
    owner = await seated(browser, preview, content, "en", wide=True)
    page = owner.page
    await owner.taps_option(1)
    await owner.sees_question(2)
    question = await owner.last.inner_text()
    staff = Staff(page)
    await _is_asked(owner, staff, question)
    await _is_answered(owner, staff, question)
    await _is_taught(staff)
    await _is_known(browser, preview, content)
    assert await serious(page) == []
    await page.context.close()


async def _is_asked(owner: Owner, staff: Staff, question: str) -> None:
    """Nobody knows it; the owner hands the whole chat over, two claim, one has it."""
    await owner.types(ODD)
    await expect(owner.last).to_contain_text(owner.words.plain("not-known"))
    await owner.taps(owner.words.plain("ask-person"))
    await owner.sees_again(question)
    await staff.picture("asked")
    await staff.become(PETRA.id)
    await staff.opens("Emma")
    await expect(staff.post(ODD)).to_contain_text(part("staff-answers"))
    await staff.picture("card")
    await staff.taps(ODD, said("staff-claim"))
    await expect(staff.page.locator("#staff-toast")).to_have_text(said("staff-yours"))
    await staff.become(JONAS.id)
    await staff.writes("Let me answer that, too.")
    await expect(staff.post(said("staff-not-sent", name="Petra"))).to_be_visible()
    await expect(owner.said("Let me answer that, too.")).to_have_count(0)


async def _is_answered(owner: Owner, staff: Staff, question: str) -> None:
    """By a text and a photo; the owner writes back, the dialog is silent; then the same question is there again."""
    await staff.become(PETRA.id)
    await staff.writes(ANSWER)
    await expect(owner.said(ANSWER)).to_have_count(1)
    await owner.sees_again(question)
    await owner.said(ANSWER).get_by_role("button", name=owner.words.plain("talk-back")).click()
    await expect(owner.last).to_contain_text(part("person-joined"))
    await staff.sends_photo("This is ours")
    await expect(owner.last.locator(".photo")).to_be_visible()
    await owner.types("1")
    await owner.types("What a lovely cat!")
    await expect(staff.post("What a lovely cat!")).to_be_visible()
    await expect(owner.last.locator(".photo")).to_be_visible()
    await staff.writes("/note likes cats")
    await expect(staff.post(said("staff-noted"))).to_be_visible()
    await expect(owner.said("likes cats")).to_have_count(0)
    await staff.picture("talk")
    await staff.taps(ODD, said("staff-close"))
    await expect(owner.said(owner.words.plain("how-was-it"))).to_have_count(1)
    await owner.sees_again(question)
    await owner.said(owner.words.plain("how-was-it")).get_by_role("button", name="⭐ 5", exact=True).click()
    await expect(staff.post("⭐⭐⭐⭐⭐")).to_be_visible()
    await staff.picture("returned")


async def _is_taught(staff: Staff) -> None:
    """The last answer, reworded, submitted, and approved by the admin."""
    await staff.become(PETRA.id)
    await staff.taps(ODD, said("staff-teach"))
    await expect(staff.page.locator("#staff-toast")).to_have_text(said("teach-there"))
    await staff.opens("General")
    draft = said("teach-head", language="English")
    await expect(staff.post(draft)).to_contain_text(ODD)
    await staff.post(draft).hover()
    await staff.post(draft).get_by_role("button", name="Reply", exact=True).click()
    await staff.writes(BETTER)
    await expect(staff.post(draft)).to_contain_text(BETTER)
    await staff.picture("draft")
    await staff.taps(draft, said("teach-submit"))
    await expect(staff.post(draft)).to_contain_text(said("teach-submitted", name="Petra"))
    await staff.become(OLGA.id)
    await staff.taps(draft, said("teach-approve"))
    await expect(staff.post(draft)).to_contain_text(said("teach-approved", name="Olga"))
    await staff.picture("approved")


async def _is_known(browser: Browser, preview: str, content: Content) -> None:
    """The next owner who asks it in other words is answered at once, and stays where they are."""
    owner = await seated(browser, preview, content, "en", newcomer="Grace", wide=True)
    await owner.types("could a provider feed my cat on sundays")
    await expect(owner.said(BETTER)).to_have_count(1)
    await Staff(owner.page).picture("known")
    await owner.page.context.close()
