"""The very files of a dialog version, as they were stored when a session began with it."""

from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.review.context import review_of
from bot.review.rendering import page
from bot.store import contents

GONE: Final = "There is no such dialog version, or it is gone."


async def show(request: Request) -> Response:
    """All files of a version, to read."""
    version = request.path_params["version"]
    files = await contents.files_of(review_of(request).database, version)
    if files is None:
        return page(request, "error.html", 404, why=GONE)
    current = review_of(request).contents.current.dialog.version == version
    return page(request, "version.html", version=version, files=files, current=current)


async def file(request: Request) -> Response:
    """One of them, to keep."""
    files = await contents.files_of(review_of(request).database, request.path_params["version"])
    name = request.path_params["file"]
    if files is None or name not in files:
        return page(request, "error.html", 404, why=GONE)
    kept = "".join(one if one.isascii() and (one.isalnum() or one in "-_.") else "-" for one in name)
    return PlainTextResponse(files[name], headers={"Content-Disposition": f'attachment; filename="{kept}"'})


routes = [Route("/versions/{version}", show), Route("/versions/{version}/{file}", file)]
