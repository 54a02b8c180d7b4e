"""The methods about the bot itself: commands, names, descriptions; and which commands a person sees."""

import json
import re
from typing import Any

from bot.preview.errors import bad_request
from bot.preview.params import Params
from bot.preview.world import World

Json = dict[str, Any]

MOST_COMMANDS = 100
LONGEST_NAME = 64
LONGEST_DESCRIPTION = 512
LONGEST_SHORT_DESCRIPTION = 120
DEFAULT_SCOPE = json.dumps({"type": "default"})
PRIVATE_SCOPE = json.dumps({"type": "all_private_chats"})
SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}


def set_my_commands(world: World, params: Params) -> bool:
    commands = params.value("commands")
    if not isinstance(commands, list):
        raise bad_request("can't parse commands JSON object")
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    world.profile.commands[_scope(params), _language(params)] = [_command(command) for command in commands]
    world.tell_all({"type": "profile"})
    return True


def get_my_commands(world: World, params: Params) -> list[Json]:
    return world.profile.commands.get((_scope(params), _language(params)), [])


def delete_my_commands(world: World, params: Params) -> bool:
    world.profile.commands.pop((_scope(params), _language(params)), None)
    world.tell_all({"type": "profile"})
    return True


def set_my_name(world: World, params: Params) -> bool:
    return _set(world, params, world.profile.names, "name", LONGEST_NAME)


def get_my_name(world: World, params: Params) -> Json:
    default = "" if _language(params) else world.bot_name
    return {"name": world.profile.names.get(_language(params), default)}


def set_my_description(world: World, params: Params) -> bool:
    return _set(world, params, world.profile.descriptions, "description", LONGEST_DESCRIPTION)


def get_my_description(world: World, params: Params) -> Json:
    return {"description": world.profile.descriptions.get(_language(params), "")}


def set_my_short_description(world: World, params: Params) -> bool:
    kept = world.profile.short_descriptions
    return _set(world, params, kept, "short_description", LONGEST_SHORT_DESCRIPTION)


def get_my_short_description(world: World, params: Params) -> Json:
    return {"short_description": world.profile.short_descriptions.get(_language(params), "")}


def commands_for(world: World, chat_id: int, language: str) -> list[Json]:
    """The menu in a private chat: the narrowest scope that has commands, in the language if there are some."""
    return _narrowest(world, [_in_chat("chat", chat_id), PRIVATE_SCOPE, DEFAULT_SCOPE], language)


def group_commands_for(world: World, chat_id: int, person_id: int, language: str, *, admin: bool) -> list[Json]:
    """The menu that a person sees in a group; an administrator's own scopes come before those of all."""
    scopes = [
        json.dumps({"type": "chat_member", "chat_id": chat_id, "user_id": person_id}),
        *([_in_chat("chat_administrators", chat_id)] if admin else []),
        _in_chat("chat", chat_id),
        *([json.dumps({"type": "all_chat_administrators"})] if admin else []),
        *(json.dumps({"type": "all_group_chats"}), DEFAULT_SCOPE),
    ]
    return _narrowest(world, scopes, language)


def _narrowest(world: World, scopes: list[str], language: str) -> list[Json]:
    menus = (world.profile.commands.get((scope, code)) for scope in scopes for code in (_base(language), ""))
    return next((menu for menu in menus if menu), [])


def _in_chat(kind: str, chat_id: int) -> str:
    return json.dumps({"type": kind, "chat_id": chat_id})


def in_language(kept: dict[str, str], language: str) -> str:
    """A name or description as a client with this language shows it."""
    return kept.get(_base(language)) or kept.get("", "")


def _base(language: str) -> str:
    return language.lower().replace("_", "-").split("-")[0]


def _set(world: World, params: Params, kept: dict[str, str], name: str, longest: int) -> bool:
    if len(params.text(name)) > longest:
        raise bad_request(f"BOT_{name.upper()}_TOO_LONG")
    kept[_language(params)] = params.text(name)
    if not params.text(name):
        del kept[_language(params)]
    world.tell_all({"type": "profile"})
    return True


def _scope(params: Params) -> str:
    scope = params.fields("scope") or {"type": "default"}
    kind = str(scope.get("type"))
    if kind not in SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    return json.dumps({"type": kind, **{name: scope.get(name) for name in SCOPES[kind]}})


def _language(params: Params) -> str:
    language = params.text("language_code")
    if language and not re.fullmatch("[a-z]{2}", language):
        raise bad_request("invalid language_code specified")
    return language


def _command(command: Any) -> Json:
    name = str(command.get("command", "")).removeprefix("/") if isinstance(command, dict) else ""
    if not re.fullmatch("[a-z0-9_]{1,32}", name):
        raise bad_request("BOT_COMMAND_INVALID")
    description = str(command.get("description", ""))
    if not 1 <= len(description) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}
