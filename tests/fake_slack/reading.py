"""conversations.history and conversations.replies: what the app sees of what was written."""

from __future__ import annotations

from .methods import T3, argument, by_id, is_true, method, need, page
from .things import Channel, Json, Message, SlackError
from .workspace import Workspace


def _readable(workspace: Workspace, arguments: Json) -> Channel:
    channel = workspace.channel(by_id(arguments))
    need(workspace, channel.history_scope)
    if not channel.is_member:
        raise SlackError("not_in_channel")
    return channel


def _moment(arguments: Json, name: str) -> float | None:
    value = arguments.get(name)
    if value in (None, ""):
        return None
    try:
        return float(str(value))
    except ValueError:
        raise SlackError(f"invalid_ts_{name}") from None


def _visible(workspace: Workspace, messages: list[Message], arguments: Json) -> list[Message]:
    """Within `oldest` and `latest` (themselves only with `inclusive`), and no longer hidden."""
    oldest, latest = _moment(arguments, "oldest"), _moment(arguments, "latest")
    now, inclusive = workspace.clock.now(), is_true(arguments, "inclusive")

    def is_within(message: Message) -> bool:
        at = float(message.ts)
        if inclusive and at in (oldest, latest):
            return True
        return (oldest is None or at > oldest) and (latest is None or at < latest)

    return [m for m in messages if m.only_for is None and m.shows_from <= now and is_within(m)]


def _shown(channel: Channel, message: Message, arguments: Json) -> Json:
    shown = message.as_json(with_payload=is_true(arguments, "include_all_metadata"))
    if message.thread_ts == message.ts:
        replies = [m for m in channel.thread(message.ts) if m is not message]
        latest = {"latest_reply": replies[-1].ts} if replies else {}
        shown |= {"reply_count": len(replies), "reply_users": sorted({m.user for m in replies})} | latest
    return shown


def _answer(channel: Channel, messages: list[Message], arguments: Json, default: int) -> Json:
    shown, cursor = page(messages, arguments, default, 1000)
    answer: Json = {"messages": [_shown(channel, message, arguments) for message in shown], "has_more": bool(cursor)}
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


@method("conversations.history", per_minute=T3)
def conversations_history(workspace: Workspace, arguments: Json) -> Json:
    channel = _readable(workspace, arguments)
    seen = [m for m in channel.messages if not m.is_reply or (m.broadcast and workspace.broadcasts_in_history)]
    return _answer(channel, _visible(workspace, seen[::-1], arguments), arguments, 100)


@method("conversations.replies", per_minute=T3)
def conversations_replies(workspace: Workspace, arguments: Json) -> Json:
    """The parent comes first, whatever `oldest` says."""
    channel = _readable(workspace, arguments)
    ts = argument(arguments, "ts", "thread_not_found")
    parent = channel.find(ts)
    if parent is None or parent.shows_from > workspace.clock.now():
        raise SlackError("thread_not_found")
    replies = [m for m in channel.thread(ts) if m is not parent]
    return _answer(channel, [parent, *_visible(workspace, replies, arguments)], arguments, 1000)
