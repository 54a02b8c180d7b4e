"""One call as the network sees it: a status and bytes, or a cut line. Staged accidents happen here."""

import asyncio
import json
from collections.abc import Mapping

from bot.preview.errors import ApiError, not_found, unauthorized
from bot.preview.faults import Fault
from bot.preview.pretend import PretendTelegram

Answer = tuple[int, bytes]

_PAGE = "<html>\r\n<head><title>{0}</title></head>\r\n<body>\r\n<center><h1>{0}</h1></center>\r\n</body>\r\n</html>"
_TITLES = {500: "500 Internal Server Error", 502: "502 Bad Gateway", 503: "503 Service Unavailable", 504: "504 Gateway"}


class LineCutError(Exception):
    """The connection was reset before an answer came."""


async def exchange(telegram: PretendTelegram, token: str, method: str, params: Mapping[str, object]) -> Answer:
    """One request. In: the token and method of the URL, the parameters. Out: HTTP status and body.

    Raises LineCutError where a staged accident cuts the connection.
    """
    if token != telegram.token:
        return _refusal(unauthorized() if ":" in token else not_found())
    delay = telegram.faults.delay(method, params)
    fault = telegram.faults.pick(method, params)
    if delay:
        await asyncio.sleep(delay / 2)
    if fault is not None:
        answer = await _accident(telegram, fault, method, params)
    else:
        answer = await _answer(telegram, method, params)
    if delay:
        await asyncio.sleep(delay / 2)
    return answer


async def _accident(telegram: PretendTelegram, fault: Fault, method: str, params: Mapping[str, object]) -> Answer:
    if fault.kind == "error":
        return _refused(telegram, fault.error(), method, params)
    if fault.kind == "html":
        return fault.code, _PAGE.format(_TITLES.get(fault.code, str(fault.code))).encode()
    if fault.kind in ("reset_after", "hang_after", "truncate"):
        status, body = await _answer(telegram, method, params)
        if fault.kind == "truncate":
            return status, body[: len(body) // 2]
    if fault.kind in ("hang", "hang_after"):
        await asyncio.sleep(fault.seconds[1])
    raise LineCutError


def _refused(telegram: PretendTelegram, error: ApiError, method: str, params: Mapping[str, object]) -> Answer:
    telegram.journal.add(telegram.clock(), method, params, error.code, error.description)
    return _refusal(error)


async def _answer(telegram: PretendTelegram, method: str, params: Mapping[str, object]) -> Answer:
    try:
        result = await telegram.call(method, params)
    except ApiError as error:
        return _refusal(error)
    return 200, json.dumps({"ok": True, "result": result}).encode()


def _refusal(error: ApiError) -> Answer:
    body: dict[str, object] = {"ok": False, "error_code": error.code, "description": error.description}
    if error.parameters:
        body["parameters"] = error.parameters
    return error.code, json.dumps(body).encode()
