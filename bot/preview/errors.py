"""What the Bot API answers when it refuses, in its very words."""

from collections.abc import Mapping

EMPTY_TEXT = "message text is empty"
BLANK_TEXT = "text must be non-empty"
TOO_LONG = "message is too long"
EDIT_TOO_LONG = "MESSAGE_TOO_LONG"
CAPTION_TOO_LONG = "message caption is too long"
BAD_BUTTON_DATA = "BUTTON_DATA_INVALID"
MARKUP_TOO_LONG = "reply markup is too long"
NO_CHAT_ID = "chat_id is empty"
NO_CHAT = "chat not found"
NO_USER = "user not found"
NO_MESSAGE_ID = "message identifier is not specified"
NO_EDIT = "message to edit not found"
NOT_OURS = "message can't be edited"
NO_DELETE = "message to delete not found"
NOT_DELETABLE = "message can't be deleted"
NO_COPY = "message to copy not found"
NOT_COPYABLE = "the message can't be copied"
NO_CAPTION = "there is no caption in the message to edit"
NO_TEXT = "there is no text in the message to edit"
NO_THREAD = "message thread not found"
NO_TOPIC = "TOPIC_ID_INVALID"
NOT_A_FORUM = "the chat is not a forum"
NO_TOPIC_NAME = "title must be non-empty"
TOPIC_CLOSED = "TOPIC_CLOSED"
TOPIC_NOT_MODIFIED = "TOPIC_NOT_MODIFIED"
MAY_NOT_CREATE = "not enough rights to create a topic"
MAY_NOT_EDIT = "not enough rights to edit the topic"
MAY_NOT_CLOSE = "not enough rights to close or open the topic"
MAY_NOT_DELETE = "not enough rights to delete the topic"
NO_ADMINS = "there are no administrators in the private chat"
NO_REPLY = "message to be replied not found"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
OLD_QUERY = "query is too old and response timeout expired or query ID is invalid"
UPGRADED = "group chat was upgraded to a supergroup chat"
BLOCKED = "bot was blocked by the user"
DEACTIVATED = "user is deactivated"
TWO_POLLS = "terminated by other getUpdates request; make sure that only one bot instance is running"


class ApiError(Exception):
    """A refusal of the Bot API.

    `code` is the HTTP status, `description` the whole line, `parameters` the ResponseParameters object.
    """

    def __init__(self, code: int, description: str, parameters: Mapping[str, int] | None = None) -> None:
        super().__init__(code, description)
        self.code = code
        self.description = description
        self.parameters = dict(parameters or {})

    def __str__(self) -> str:
        return f"{self.code} {self.description}"


class VisitorError(Exception):
    """A person tried what Telegram's own app would not let them do."""


def bad_request(reason: str) -> ApiError:
    """400: the request itself is wrong."""
    return ApiError(400, f"Bad Request: {reason}")


def too_large() -> ApiError:
    """413: a file above 50 MB."""
    return ApiError(413, "Request Entity Too Large")


def forbidden(reason: str) -> ApiError:
    """403: the other side does not want us."""
    return ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str = TWO_POLLS) -> ApiError:
    """409: two receivers for one bot."""
    return ApiError(409, f"Conflict: {reason}")


def not_found() -> ApiError:
    """404: no such method, or a token that does not even look like one."""
    return ApiError(404, "Not Found")


def unauthorized() -> ApiError:
    """401: a well-formed token of no bot."""
    return ApiError(401, "Unauthorized")


def too_many_requests(seconds: int) -> ApiError:
    """429: wait so many seconds."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def upgraded(new_chat_id: int) -> ApiError:
    """400 with the id under which a group now lives."""
    return ApiError(400, f"Bad Request: {UPGRADED}", {"migrate_to_chat_id": new_chat_id})
