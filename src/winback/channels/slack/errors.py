"""What each answer of Slack means for a message: the table, and what it becomes.

https://docs.slack.dev/reference/methods/chat.postMessage and the pages of the other methods list the codes.
"""

from __future__ import annotations

import datetime as dt
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from typing import Any, Literal
from urllib.error import URLError

from slack_sdk.errors import SlackApiError

from winback.messages.channel import OutcomeUnknown, Refused, TryLater

# later: it may be taken in a while. closed: nothing is taken before somebody or something is mended, and nothing is
# lost. recipient: others are still reached. permanent: never. unknown: it may have been taken before it failed.
Meaning = Literal["later", "closed", "recipient", "permanent", "unknown"]

CLOSED_FOR = dt.timedelta(minutes=5)
_MENDS_TOKEN = "install the app again and set its new token; `winback doctor` checks it"  # noqa: S105
_MENDS_SCOPE = "add the scope to the app and install it again; `winback doctor` names it"

MEANINGS: dict[str, tuple[Meaning, str]] = {
    "ratelimited": ("later", "too much at once"),
    "rate_limited": ("later", "too much at once"),
    "message_limit_exceeded": ("later", "too much at once"),
    "service_unavailable": ("later", "Slack is out of order"),
    "request_timeout": ("later", "the request arrived in part"),
    "external_channel_migrating": ("later", "the channel is being moved"),
    "team_added_to_org": ("closed", "the workspace is being moved into an organisation"),
    "token_revoked": ("closed", _MENDS_TOKEN),
    "token_expired": ("closed", _MENDS_TOKEN),
    "account_inactive": ("closed", _MENDS_TOKEN),
    "invalid_auth": ("closed", _MENDS_TOKEN),
    "not_authed": ("closed", _MENDS_TOKEN),
    "not_allowed_token_type": ("closed", "slack.bot_token is to be a bot token, which begins with xoxb-"),
    "missing_scope": ("closed", _MENDS_SCOPE),
    "no_permission": ("closed", _MENDS_SCOPE),
    "access_denied": ("closed", "ask an administrator of Slack to let the app in"),
    "accesslimited": ("closed", "ask an administrator of Slack to let the app in"),
    "org_login_required": ("closed", "the workspace is being moved into an organisation"),
    "ekm_access_denied": ("closed", "ask an administrator of Slack to let the app post"),
    "enterprise_is_restricted": ("closed", "ask an administrator of Slack to let the app in"),
    "team_access_not_granted": ("closed", "ask an administrator of Slack to let the app into this workspace"),
    "two_factor_setup_required": ("closed", "two-factor log-in is to be set up first"),
    "user_disabled": ("recipient", "they are deactivated in Slack"),
    "user_not_found": ("recipient", "there is no such member of Slack"),
    "users_not_found": ("recipient", "there is no such member of Slack"),
    "user_not_visible": ("recipient", "the app may not see them"),
    "cannot_dm_bot": ("recipient", "it is a robot, no person"),
    "messages_tab_disabled": ("recipient", "turn on the app's Messages tab (App Home)"),
    "channel_not_found": ("recipient", "there is no such channel, or it is private and the app is not in it"),
    "not_in_channel": ("recipient", "invite the app to the channel: /invite @winback"),
    "is_archived": ("recipient", "the channel is archived"),
    "method_not_supported_for_channel_type": ("recipient", "it is no channel that can be written to"),
    "channel_type_not_supported": ("recipient", "it is no channel that can be written to"),
    "restricted_action": ("recipient", "the workspace does not let the app post there"),
    "restricted_action_read_only_channel": ("recipient", "only some may post there"),
    "restricted_action_thread_only_channel": ("recipient", "only replies may be posted there"),
    "restricted_action_non_threadable_channel": ("recipient", "no replies may be posted there"),
    "restricted_action_thread_locked": ("recipient", "the thread is locked"),
    "no_text": ("permanent", "it says nothing"),
    "msg_too_long": ("permanent", "its text is too long"),
    "msg_blocks_too_long": ("permanent", "its blocks are too long"),
    "invalid_blocks": ("permanent", "its blocks are not what Slack expects"),
    "invalid_blocks_format": ("permanent", "its blocks are not what Slack expects"),
    "invalid_arguments": ("permanent", "it is not what Slack expects"),
    "invalid_arg_name": ("permanent", "it is not what Slack expects"),
    "invalid_json": ("permanent", "it is not what Slack expects"),
    "invalid_metadata_format": ("permanent", "its metadata is not what Slack expects"),
    "invalid_metadata_schema": ("permanent", "its metadata is not what Slack expects"),
    "metadata_too_large": ("permanent", "its metadata is too large"),
    "metadata_must_be_sent_from_app": ("permanent", "slack.bot_token is not an app's"),
    "message_not_found": ("permanent", "the message was deleted"),
    "cant_update_message": ("permanent", "the message is not the app's"),
    "cant_delete_message": ("permanent", "the message is not the app's"),
    "edit_window_closed": ("permanent", "the workspace does not let old messages be edited"),
    "thread_not_found": ("permanent", "the message it follows was deleted"),
    "cannot_reply_to_message": ("permanent", "the message it follows takes no replies"),
    "cant_broadcast_message": ("permanent", "replies may not be shown in the channel"),
    "update_failed": ("unknown", "Slack failed while changing it"),
    "fatal_error": ("unknown", "Slack failed in the middle"),
    "internal_error": ("unknown", "Slack failed in the middle"),
    "trigger_expired": ("permanent", "the click came too long ago"),
    "trigger_exchanged": ("permanent", "the click was answered before"),
    "invalid_trigger_id": ("permanent", "the click is not known"),
    "hash_conflict": ("permanent", "it was changed in the meantime"),
    "not_found": ("permanent", "it was closed in the meantime"),
    "view_too_large": ("permanent", "the form is too large"),
    "push_limit_reached": ("permanent", "there are too many forms one above another"),
}
_CODE = re.compile(r"[a-z0-9_.:]+")
# The connection was never made, so nothing went through it.
_NOT_CONNECTED = (ConnectionRefusedError, socket.gaierror, ssl.SSLError)


@contextmanager
def in_our_terms(is_post: bool = False) -> Iterator[None]:
    """Raises TryLater, Refused, or OutcomeUnknown in place of what Slack and the network say. `is_post`: a call that
    may not be made twice; any other that ended nobody knows how is made again later."""
    try:
        yield
    except SlackApiError as problem:
        raise translated(problem, is_post) from problem
    except (OSError, HTTPException) as problem:
        raise _of_network(problem, is_post) from problem


def translated(problem: SlackApiError, is_post: bool = False) -> Exception:
    code, status = code_of(problem), _status(problem)
    if status == 429:
        return TryLater("Slack: too much at once", _asked_pause(problem))
    if not _CODE.fullmatch(code):
        return _unreadable(status, is_post)
    known = MEANINGS.get(code)
    meaning: Meaning = known[0] if known else "unknown" if status >= 500 else "permanent"
    text = f"Slack says {code}{_scope(problem)}" + (f": {known[1]}" if known else "")
    if meaning == "later":
        return TryLater(text, _asked_pause(problem) if code.startswith("rate") else None)
    if meaning == "closed":
        return TryLater(text, CLOSED_FOR)
    if meaning == "unknown":
        return OutcomeUnknown(text) if is_post else TryLater(text)
    return Refused(text, is_about_recipient=meaning == "recipient")


def code_of(problem: SlackApiError) -> str:
    """Slack's word for it, such as `channel_not_found`; something else where the answer was no answer of Slack's."""
    data = getattr(problem.response, "data", problem.response)
    return str(data.get("error", "")) if isinstance(data, dict) else ""


def _scope(problem: SlackApiError) -> str:
    needed = _value(problem, "needed")
    return f" ({needed})" if needed else ""


def _value(problem: SlackApiError, name: str) -> Any:
    data = getattr(problem.response, "data", None)
    return data.get(name) if isinstance(data, dict) else None


def _status(problem: SlackApiError) -> int:
    return int(getattr(problem.response, "status_code", 0) or 0)


def _asked_pause(problem: SlackApiError) -> dt.timedelta:
    headers = {name.lower(): value for name, value in getattr(problem.response, "headers", {}).items()}
    try:
        return dt.timedelta(seconds=max(1, int(headers.get("retry-after", 1))))
    except (TypeError, ValueError):
        return dt.timedelta(minutes=1)


def _unreadable(status: int, is_post: bool) -> Exception:
    """No JSON: from a proxy, a firewall, or another program at slack.base_url."""
    text = f"an answer (HTTP {status}) that is not Slack's; look at slack.base_url and any proxy in between"
    if 400 <= status < 500:
        return TryLater(text, CLOSED_FOR)
    return OutcomeUnknown(text) if is_post else TryLater(text)


def _of_network(problem: OSError | HTTPException, is_post: bool) -> Exception:
    reason = problem.reason if isinstance(problem, URLError) else problem
    text = f"Slack can't be reached: {' '.join(str(reason).split()) or type(reason).__name__}"
    if isinstance(reason, _NOT_CONNECTED):
        return TryLater(text, CLOSED_FOR)
    return OutcomeUnknown(f"no answer from Slack: {reason!r}") if is_post else TryLater(text)
