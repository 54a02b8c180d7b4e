"""Fixtures that several files of tests share."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from browser_owner import previewing
from playwright.async_api import Browser
from preview_browser import browsing, need_chromium

from bot.content.load import load
from bot.dialog.phrases import Content
from bot.settings import shipped


@pytest.fixture(scope="module")
def content() -> Content:
    return load(shipped("dialogs"), shipped("knowledge"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def preview(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The address of a preview that runs as a process of its own."""
    need_chromium()
    async with previewing(tmp_path_factory.mktemp("preview")) as address:
        yield address


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    need_chromium()
    async with browsing() as browser:
        yield browser
