"""Who is in the Slack workspace: read whole, since asking for one member at a time takes longer."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from winback.channels.slack.errors import in_our_terms
from winback.messages.channel import TryLater
from winback.store import people
from winback.store.people import Listed

if TYPE_CHECKING:
    from slack_sdk import WebClient

_PAGE = 200
A_DAY = dt.timedelta(days=1)
_PATIENCE = dt.timedelta(minutes=1)
# Slackbot, and the system that writes notices; neither says that it is a robot.
_SYSTEM = ("USLACKBOT", "USLACK")


def refresh_directory(
    client: WebClient, now: dt.datetime, good_for: dt.timedelta = A_DAY, stop: threading.Event | None = None
) -> bool:
    """Puts the members of Slack into the place of those known, when that was done `good_for` ago or longer; whether it
    did. Raises TryLater or Refused; the members known stay then. `stop`: once it is set, no wait goes on."""
    read_at = people.directory_read_at()
    if read_at is not None and now - read_at < good_for:
        return False
    pages = _pages(client, stop or threading.Event())
    # Whoever joins while it is read may stand on two pages.
    members = {member["id"]: _listed(member) for page in pages for member in page}
    people.keep_members(members.values(), now)
    return True


def _pages(client: WebClient, stop: threading.Event) -> Iterator[list[Any]]:
    cursor: str | None = None
    while cursor != "":
        try:
            with in_our_terms():
                answer = client.users_list(limit=_PAGE, cursor=cursor)
        except TryLater as problem:
            # A large workspace has more pages than may be read in a minute.
            if problem.after is None or problem.after > _PATIENCE or stop.wait(problem.after.total_seconds()):
                raise
            continue
        yield answer["members"]
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""


def _listed(member: dict[str, Any]) -> Listed:
    profile = member.get("profile") or {}
    is_guest = any(member.get(kind) for kind in ("is_restricted", "is_ultra_restricted", "is_stranger"))
    is_robot = bool(member.get("is_bot") or member.get("is_workflow_bot"))
    return Listed(
        slack=member["id"],
        real_name=profile.get("real_name") or member.get("real_name") or None,
        display_name=profile.get("display_name") or None,
        email=profile.get("email") or None,
        timezone=member.get("tz") or None,
        is_active=not member.get("deleted", False),
        is_person=not is_robot and member["id"] not in _SYSTEM,
        is_guest=is_guest,
    )
