"""An owner asks in the middle of the dialog: the real `advisor preview`, a real browser, the shipped knowledge."""

import pytest
from browser_owner import OWNERS, PICTURES, seated, serious
from playwright.async_api import Browser, expect

from bot.dialog.phrases import Content
from bot.languages import Language

pytestmark = pytest.mark.asyncio(loop_scope="module")

FOLLOW_UPS: dict[Language, str] = {
    "en": "and the downsides?", "pt": "e as desvantagens?", "bg": "а недостатъците?", "fi": "entä haitat?",
}  # fmt: skip


@pytest.mark.parametrize("language", OWNERS)
async def test_an_owner_asks_in_passing(preview: str, browser: Browser, content: Content, language: Language) -> None:
    """A question, a follow-up, a near miss with "did you mean", sources; and each time the same question again."""
    entries = {name: content.knowledge.by_name[f"bpo/{name}"] for name in ("definition", "drawbacks")}
    asked = {name: entry.question.to(language) for name, entry in entries.items()}
    answers = {name: entry.answer.to(language).split("\n")[0] for name, entry in entries.items()}
    owner = await seated(browser, preview, content, language)
    await owner.taps_option(1)
    await owner.sees_question(2)
    question = await owner.last.inner_text()

    await owner.types(asked["definition"].lower())
    await expect(owner.said(answers["definition"])).to_have_count(1)
    await owner.sees_again(question)
    await owner.types(FOLLOW_UPS[language])
    await expect(owner.said(answers["drawbacks"])).to_have_count(1)
    await owner.sees_again(question)
    await owner.page.screenshot(path=PICTURES / f"answer-{language}.png")

    await owner.types(asked["definition"].rstrip("?") + " zxqwvk")
    near = owner.said(owner.words.plain("did-you-mean"))
    await expect(near).to_have_count(1)
    await owner.sees_again(question)
    assert await serious(owner.page) == []
    await owner.page.screenshot(path=PICTURES / f"near-{language}.png")
    await near.get_by_role("button", name=asked["definition"], exact=True).click()
    await expect(owner.said(answers["definition"])).to_have_count(2)
    await owner.sees_again(question)

    sources = owner.words.plain("sources")
    await owner.said(answers["drawbacks"]).get_by_role("button", name=sources, exact=True).click()
    titles = [content.knowledge.sources[one].title.to(language) for one in entries["drawbacks"].sources]
    for title in titles:
        await expect(owner.said(title)).to_have_count(1)
    await owner.sees_again(question)
    await owner.page.screenshot(path=PICTURES / f"sources-{language}.png")

    await owner.taps_option(1)
    await owner.sees_question(3)
    await owner.page.context.close()
