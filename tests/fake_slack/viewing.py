"""views.*: modals, which a trigger opens, and home tabs."""

from __future__ import annotations

from typing import Any

from .blocks import Surface, problems_of_view
from .methods import argument, method
from .things import Json, SlackError, View
from .workspace import Trigger, Workspace

MOST_MODALS = 3


def check_view(view: Any, surface: Surface) -> Json:
    problems = problems_of_view(view, surface)
    if problems:
        raise SlackError("invalid_arguments", response_metadata={"messages": problems})
    assert isinstance(view, dict)
    return view


def _take_trigger(workspace: Workspace, arguments: Json) -> Trigger:
    trigger = workspace.triggers.get(argument(arguments, "trigger_id", "invalid_trigger_id"))
    if trigger is None:
        raise SlackError("invalid_trigger_id")
    if trigger.used:
        raise SlackError("trigger_exchanged")
    if workspace.clock.now() > trigger.expires:
        raise SlackError("trigger_expired")
    trigger.used = True
    return trigger


@method("views.open")
def views_open(workspace: Workspace, arguments: Json) -> Json:
    content = check_view(arguments.get("view"), "modal")
    trigger = _take_trigger(workspace, arguments)
    return {"view": workspace.new_view(trigger.user, content).as_json()}


@method("views.push")
def views_push(workspace: Workspace, arguments: Json) -> Json:
    content = check_view(arguments.get("view"), "modal")
    trigger = _take_trigger(workspace, arguments)
    under = workspace.modal_of(trigger.user)
    if under is None:
        raise SlackError("not_found")
    return {"view": push(workspace, under, content).as_json()}


def push(workspace: Workspace, under: View, content: Json) -> View:
    depth, lower = 1, under.under
    while lower is not None:
        depth, lower = depth + 1, lower.under
    if depth >= MOST_MODALS:
        raise SlackError("push_limit_reached")
    return workspace.new_view(under.user, content, under)


def _find(workspace: Workspace, arguments: Json) -> View:
    by_id = workspace.views.get(str(arguments.get("view_id")))
    outer = arguments.get("external_id")
    if by_id is None and outer:
        by_id = next((view for view in workspace.views.values() if view.content.get("external_id") == outer), None)
    if by_id is None or not by_id.is_open:
        raise SlackError("not_found")
    return by_id


@method("views.update")
def views_update(workspace: Workspace, arguments: Json) -> Json:
    view = _find(workspace, arguments)
    content = check_view(arguments.get("view"), "modal" if view.content["type"] == "modal" else "home")
    if arguments.get("hash") not in (None, view.hash):
        raise SlackError("hash_conflict")
    workspace.change_view(view, content)
    return {"view": view.as_json()}


@method("views.publish")
def views_publish(workspace: Workspace, arguments: Json) -> Json:
    user = argument(arguments, "user_id")
    if user not in workspace.users or workspace.users[user].deleted:
        raise SlackError("invalid_arguments", response_metadata={"messages": ["[ERROR] no such user_id"]})
    content = check_view(arguments.get("view"), "home")
    home = workspace.homes.get(user)
    if home is None:
        home = workspace.homes[user] = workspace.new_view(user, content)
    elif arguments.get("hash") not in (None, home.hash):
        raise SlackError("hash_conflict")
    else:
        workspace.change_view(home, content)
    return {"view": home.as_json()}
