"""Somebody at their Slack: sees messages, clicks, fills in forms. What Slack would not let them do, fails."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from . import payloads
from .finding import interactive, label
from .forms import CannotBeDone, check_complete, fill, has_value
from .posting import content_of
from .things import Channel, Json, Message, SlackError, User, View
from .viewing import check_view, push
from .workspace import number_blocks

if TYPE_CHECKING:
    from . import FakeSlack

UNREACHED = "We had some trouble connecting. Try again?"


class Person:
    def __init__(self, slack: FakeSlack, user: User) -> None:
        self._slack, self._workspace, self.user = slack, slack.workspace, user
        self.errors: list[str] = []
        """What Slack showed them because the app did not answer, or answered nonsense."""

    def messages(self, channel: str | None = None) -> list[Message]:
        """What they see in one conversation (with the app, if none is named), oldest first."""
        found = self._channel(channel)
        with self._workspace.lock:
            return [m for m in found.messages if m.only_for in (None, self.user.id)] if found else []

    def as_seen(self, message: Message) -> Message:
        """As it stands on their screen now: clicks `within` this find what it shows, whatever became of it since."""
        return copy.deepcopy(message)

    @property
    def modal(self) -> View | None:
        return self._workspace.modal_of(self.user.id)

    @property
    def home(self) -> View | None:
        return self._workspace.homes.get(self.user.id)

    def wait_for_modal(self, title: str | None = None) -> View:
        """Its title, when given, is this."""
        self._slack.wait_for(lambda: self.modal is not None and title in (None, self.modal.content["title"]["text"]))
        assert self.modal is not None
        return self.modal

    def click(self, what: str, value: Any = None, *, within: Message | View | None = None) -> None:
        """`what`: the action_id or the words on it; `value`: what is chosen of a menu, or which feedback button.
        Without `within`, in the newest message they see that has it."""
        self._check_active()
        found = within or self._newest_with(what)
        block, element = _find(found.blocks, what)
        did = payloads.action(self._workspace, block, element, _chosen(element, what, value))
        if isinstance(found, View):
            self._click_in_view(found, element, did)
        else:
            self._click_in_message(found, element, did)

    def fill(self, values: Mapping[str, Any]) -> None:
        """Write and choose in the modal; keys are action_ids or the labels of inputs."""
        modal = self._modal()
        for name, value in values.items():
            _, element = _find_input(modal.blocks, name)
            modal.values[element["action_id"]] = fill(element, value)

    def submit(self, values: Mapping[str, Any] | None = None) -> dict[str, str]:
        """What the app said against it, by block_id; empty when it was taken."""
        self._check_active()
        self.fill(values or {})
        modal = self._modal()
        if "submit" not in modal.content:
            raise CannotBeDone("this modal cannot be submitted")
        check_complete(modal.blocks, modal.values)
        modal.errors = {}
        answer = self._deliver("interactive", payloads.submitted(self._workspace, self.user, modal), UNREACHED)
        if answer is not None:
            self._take(modal, answer)
        return dict(modal.errors)

    def close(self) -> None:
        """The cross or *Cancel*; the app hears of it only if it asked to."""
        modal = self._modal()
        modal.is_open = False
        if modal.content.get("notify_on_close"):
            self._deliver("interactive", payloads.closed(self.user, modal), "")

    def command(self, name: str, text: str = "", channel: str | None = None) -> None:
        self._check_active()
        if "commands" not in self._workspace.scopes:
            raise CannotBeDone(f"{name} is not a valid command")
        place = self._channel(channel) or self._workspace.open_direct(self.user.id)
        url = self._response_url(place, None)
        payload = payloads.command(self._workspace, self.user, place, name, text, url)
        answer = self._deliver("slash_commands", payload, f"{name} failed with the error “operation_timeout”")
        if answer:
            only_for = None if answer.get("response_type") == "in_channel" else self.user.id
            content, _ = content_of(answer)
            content["blocks"] = number_blocks(content["blocks"], self._workspace)
            self._workspace.store(place, only_for=only_for, **content)

    def open_home(self) -> None:
        self._check_active()
        opened = {"type": "app_home_opened", "user": self.user.id, "tab": "home"}
        opened["channel"] = self._workspace.open_direct(self.user.id).id
        known = {"view": self.home.as_json()} if self.home else {}
        self._deliver("events_api", payloads.event(self._workspace, opened | known), "")

    def _check_active(self) -> None:
        if self.user.deleted or self.user.is_invited_user:
            raise CannotBeDone(f"{self.user.real_name} has no working account")

    def _channel(self, channel: str | None) -> Channel | None:
        if channel is None:
            return self._workspace.direct(self.user.id)
        found = self._workspace.channels.get(channel) or self._workspace.by_name(channel)
        if found is None or self.user.id not in found.members:
            raise CannotBeDone(f"{self.user.real_name} does not see {channel}")
        return found

    def _newest_with(self, what: str) -> Message:
        with self._workspace.lock:
            there = [channel.id for channel in self._workspace.channels.values() if self.user.id in channel.members]
            seen = sorted((m for each in there for m in self.messages(each)), key=lambda m: m.ts, reverse=True)
            for message in seen:
                if any(what in payloads.names_of(element) for _, element in interactive(message.blocks)):
                    return message
        raise CannotBeDone(f"{self.user.real_name} sees no message with “{what}”")

    def _click_in_message(self, message: Message, element: Json, did: Json) -> None:
        channel = self._workspace.channels[message.channel]
        if message.ts not in {seen.ts for seen in self.messages(channel.id)}:
            raise CannotBeDone("the message is not there, or not for them")
        filled = self._slack.filled.setdefault((self.user.id, message.ts), {})
        if has_value(element):
            filled[element["action_id"]] = _state(did)
        url = self._response_url(channel, message.ts)
        payload = payloads.on_message(self._workspace, self.user, channel, message, did, filled, url)
        self._deliver("interactive", payload, UNREACHED)

    def _click_in_view(self, view: View, element: Json, did: Json) -> None:
        if view.user != self.user.id or not view.is_open:
            raise CannotBeDone("the view is closed, or somebody else's")
        if has_value(element):
            view.values[element["action_id"]] = _state(did)
        self._deliver("interactive", payloads.on_view(self._workspace, self.user, view, did), UNREACHED)

    def _deliver(self, kind: Any, payload: Json, unreached: str) -> Json | None:
        answer = self._slack.deliveries.deliver(kind, payload)
        if answer is None and unreached:
            self.errors.append(unreached)
        return answer

    def _response_url(self, channel: Channel, message: str | None) -> str:
        return f"{self._slack.address}/response/{self._workspace.new_response_url(channel.id, self.user.id, message)}"

    def _modal(self) -> View:
        modal = self.modal
        if modal is None:
            raise CannotBeDone(f"no modal is open for {self.user.real_name}")
        return modal

    def _take(self, modal: View, answer: Json) -> None:
        """What the acknowledgement says is to become of the modal."""
        what = answer.get("response_action")
        try:
            with self._workspace.lock:
                if what is None:
                    modal.is_open = False
                elif what == "clear":
                    for view in _stack(modal):
                        view.is_open = False
                elif what == "errors":
                    modal.errors = _errors(modal, answer)
                elif what == "update":
                    self._workspace.change_view(modal, check_view(answer.get("view"), "modal"))
                elif what == "push":
                    push(self._workspace, modal, check_view(answer.get("view"), "modal"))
                else:
                    raise SlackError(f"no such response_action: {what}")
        except SlackError as refused:
            self.errors.append(f"{UNREACHED} ({refused.code} {refused.more})")


def _errors(modal: View, answer: Json) -> dict[str, str]:
    """Each must stand at an input."""
    inputs = {block["block_id"] for block in modal.blocks if block["type"] == "input"}
    errors = answer.get("errors")
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        raise SlackError("errors at no input", errors=errors)
    return {str(block): str(text) for block, text in errors.items()}


def _stack(modal: View | None) -> Iterator[View]:
    while modal is not None:
        yield modal
        modal = modal.under


def _state(did: Json) -> Json:
    return {key: value for key, value in did.items() if key in {"type", "value"} or key.startswith("selected_")}


def _find(blocks: list[Json], what: str) -> tuple[Json, Json]:
    for block, element in interactive(blocks):
        if what in payloads.names_of(element):
            return block, element
    raise CannotBeDone(f"there is no “{what}” to click")


def _find_input(blocks: list[Json], name: str) -> tuple[Json, Json]:
    for block, element in interactive(blocks):
        if has_value(element) and name in {
            element["action_id"],
            block["block_id"],
            label({"text": block.get("label")}),
        }:
            return block, element
    raise CannotBeDone(f"there is no “{name}” to fill in")


def _chosen(element: Json, what: str, value: Any) -> Any:
    """Of a pair of feedback buttons, the side whose words were said."""
    if element["type"] != "feedback_buttons":
        return value
    said = str(value if value is not None else what)
    for side in ("positive_button", "negative_button"):
        if said in (label(element[side]), side.removesuffix("_button")):
            return side
    raise CannotBeDone(f"{what} has no button “{said}”")
