"""Who is who, for operators: the list of people and how each is found, what is set of them, and giving cases away."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from winback.core.holdout import is_hidden
from winback.core.texts import listed, name_key, quoted
from winback.errors import SettingsError, UsageError
from winback.messages import notices
from winback.messages.identity import managers
from winback.messages.matching import match_slack
from winback.messages.people import Addressee, find_addressee
from winback.messages.profiles import Profile, profile_named, profile_of
from winback.settings import kinds
from winback.settings.checks import check_country, check_time_zone
from winback.settings.fit import fit_value, nearest
from winback.store import answers
from winback.store import people as stored
from winback.store.audit import case_named, given_to, note, values_set
from winback.store.crm import known_csms
from winback.store.database import writing
from winback.store.tables import columns
from winback.tables import Query, Table, read_table

if TYPE_CHECKING:
    from winback.settings import Settings
    from winback.store.people import Csm

_PEOPLE = columns(
    "csm_name csm_email channel address matched manager timezone away_until:moment covered_by open_cases:count to_do"
)
_CASES = columns("case_id:count product uid merchant_name csm_name csm_email gmv:money churned_at:moment status")
_KINDS: dict[str, object] = {
    "slack": kinds.SlackMember,
    "email": kinds.Address,
    "country": kinds.Country,
    **dict.fromkeys(("manager", "timezone", "covered_by"), kinds.Words),
}
_UNTOLD = "; it is held out, and they are not told of it"
_REVIEW = "look whether it is the right one; if so, set it"
_PROBLEMS = {
    "unmatched": "not found",
    "several": "several may be meant",
    "deactivated": "deactivated",
    "no_email": "no address",
    "away": "away, and nobody covers",
    "cover_unreachable": "away, and who covers can't be reached",
}


def list_people(settings: Settings, now: dt.datetime) -> Table:
    """Every CSM who owns an open case or of whom something is said, a row for each channel; those who can't be found
    first, then those found by name, with what to do."""
    rows = _all_rows(settings, now)
    rows.sort(key=lambda row: (row[-1] is None, row[4] == "name", name_key(row[0] or row[1] or "")))
    return Table(_PEOPLE, iter([rows] if rows else []))


def set_person(
    settings: Settings, name: str, values: Mapping[str, Any], clear: Sequence[str], by: str, now: dt.datetime
) -> list[str]:
    """Sets what is said of somebody; what an operator should know of it. Raises UsageError where a value is none."""
    given = {field: value for field, value in values.items() if value is not None}
    if not given and not clear:
        raise UsageError(f"say what is to be set or cleared: {', '.join(stored.SETTABLE)}")
    shown = _spelled(name, settings)
    _check(shown, given, settings, now)
    with writing():
        stored.set_person(shown, given | dict.fromkeys(clear), by, now)
        note(now, by, "person set", shown, values_set(given | dict.fromkeys(clear)))
    return list(_remarks(shown, given, settings))


def open_cases_of(settings: Settings, name: str, now: dt.datetime) -> Table:
    """The open cases that somebody owns, by name or e-mail, the largest GMV first."""
    table = read_table(settings, "cases", Query(now, csm=_spelled(name, settings)))
    cases = [dict(zip(table.names, row, strict=True)) for batch in table.batches for row in batch]
    mine = [case for case in cases if case["readopted_at"] is None and case["voided_at"] is None]
    if not mine and not stored.was_csm(_spelled(name, settings)):
        _refuse_unknown(name, settings)
    mine.sort(key=lambda case: (case["gmv"] is None, -(case["gmv"] or 0), case["case_id"]))
    owned = [{**case, "csm_name": case["csm_name_now"], "csm_email": case["csm_email_now"]} for case in mine]
    rows = [tuple(case[name] for name, _ in _CASES) for case in owned]
    return Table(_CASES, iter([rows] if rows else []))


@dataclass(frozen=True)
class Given:
    """What came of giving one case away."""

    case_id: int
    text: str
    is_done: bool


def reassign(
    settings: Settings, case_ids: Sequence[int], to: str, reason: str | None, by: str, now: dt.datetime
) -> list[Given]:
    """Gives cases to another CSM, who is told once of all of them but those held out."""
    csm = csm_named(to, settings)
    shown = csm[0] or csm[1] or ""
    results, given = [], []
    for case_id in dict.fromkeys(case_ids):
        case = answers.find_case(case_id)
        if case is None:
            results.append(Given(case_id, "there is no such case: `winback show cases` lists them", False))
        elif case.voided_at is not None or case.readopted_at is not None:
            results.append(Given(case_id, "is closed: nothing to do any more", False))
        elif answers.owner_of(case, now) == csm:
            results.append(Given(case_id, f"is {shown}'s already", True))
        else:
            with writing():
                answers.assign(f"operator:{uuid.uuid4().hex}", case, csm, by, reason, now)
                note(now, by, "case reassigned", case_named(case), given_to(shown, reason))
            given.append(case)
            untold = is_hidden(case.arm, case.churned_at, now)
            results.append(Given(case_id, f"is {shown}'s now{_UNTOLD if untold else ''}", True))
    told = [case for case in given if not is_hidden(case.arm, case.churned_at, now)]
    if told:
        notices.of_assignment(settings, told, csm, by, now)
    return results


def look_after(settings: Settings, now: dt.datetime) -> Iterator[tuple[bool, str]]:
    """What is amiss with people, each with whether it keeps messages from them."""
    rows = [dict(zip((name for name, _ in _PEOPLE), row, strict=True)) for row in _all_rows(settings, now)]
    for channel in settings.messages.channel:
        here = [row for row in rows if row["channel"] == channel]
        lost = _names(row for row in here if row["matched"] == "none")
        if lost:
            yield True, f"not found on {channel}: {listed(lost)}; `winback people` says what to do"
        by_name = _names(row for row in here if row["matched"] == "name")
        if by_name:
            yield False, f"found on {channel} by name alone: {listed(by_name)}; `winback people` is to be looked at"
        for manager in sorted(managers(settings)):
            named = profile_named(manager, settings)
            if find_addressee(named.name, named.reported_email, channel, settings, now).is_fallback:
                yield False, f"manager not found on {channel}: {quoted(manager)}; `winback people set` mends it"
    alone = _names(row for row in rows if row["away_until"] is not None and row["covered_by"] is None)
    if alone:
        yield True, f"away without cover: {listed(alone)}; `winback people set NAME --covered-by …`"


def _names(rows: Iterable[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(row["csm_name"] or row["csm_email"] for row in rows))


# How people are found


def _all_rows(settings: Settings, now: dt.datetime) -> list[tuple[Any, ...]]:
    with stored.people_kept():
        return [row for csm, count in _known(settings).items() for row in _rows(csm, count, settings, now)]


def _known(settings: Settings) -> dict[Csm, int]:
    """Each CSM, and how many open cases they own."""
    known = stored.open_csms(settings.data_path)
    keys = {name_key(each) for csm in known for each in csm if each}
    named = [*settings.people, *(person.name for person in stored.all_persons())]
    for name in named:
        if name_key(name) not in keys:
            keys.add(name_key(name))
            profile = profile_named(name, settings)
            known[profile.name, profile.reported_email] = 0
    return known


def _rows(csm: Csm, count: int, settings: Settings, now: dt.datetime) -> Iterator[tuple[Any, ...]]:
    profile = profile_of(*csm, settings)
    match = match_slack(profile)
    for channel in settings.messages.channel:
        address, matched = _found(profile, channel)
        addressee = find_addressee(*csm, channel, settings, now)
        zone = profile.timezone or match.timezone
        away = (profile.away_until, profile.covered_by) if profile.is_away(now) else (None, None)
        yield *csm, channel, address, matched, profile.manager, zone, *away, count, _to_do(addressee, matched)


def _to_do(addressee: Addressee, matched: str) -> str | None:
    if addressee.problem is not None:
        return f"{_PROBLEMS.get(addressee.problem, addressee.problem)}: {addressee.command}"
    return _REVIEW if matched == "name" else None


def _found(profile: Profile, channel: str) -> tuple[str | None, str]:
    """Address, and how it was found."""
    if channel == "slack":
        match = match_slack(profile)
        return match.slack, match.how or "none"
    if profile.email is not None:
        return profile.email, profile.said_in["email"]
    if channel == "email" and profile.reported_email is None:
        return None, "none"
    return profile.reported_email, "report"


# Setting


def _spelled(name: str, settings: Settings) -> str:
    """As the reports have it."""
    if not name.strip():
        raise UsageError('expected the name as it is in the report, or the e-mail address, found ""')
    names = (each for csm in stored.open_csms(settings.data_path) for each in csm if each)
    return next((each for each in names if name_key(each) == name_key(name)), " ".join(name.split()))


def _check(name: str, given: Mapping[str, Any], settings: Settings, now: dt.datetime) -> None:
    try:
        _check_kinds(given)
    except SettingsError as error:
        raise UsageError(str(error)) from None
    if "away_until" in given and given["away_until"] <= now:
        raise UsageError("away_until: expected a day to come, the first on which they are back")
    own = {name_key(each) for each in (name, given.get("email")) if each}
    for field in ("manager", "covered_by"):
        if name_key(given.get(field, "")) in own:
            raise UsageError(f"{field}: expected somebody else than {name}")
    _refuse_namesakes(name, given, settings)


def _check_kinds(given: Mapping[str, Any]) -> None:
    for field in given.keys() & _KINDS.keys():
        fit_value(_KINDS[field], given[field], field)
    if "timezone" in given:
        check_time_zone(given["timezone"], "timezone")
    if "country" in given:
        check_country(given["country"], "country")


def _refuse_namesakes(name: str, given: Mapping[str, Any], settings: Settings) -> None:
    emails = stored.emails_of(name)
    said = given.get("email") or profile_of(name, None, settings).email
    if len(emails) > 1 and (said or "").lower() not in emails:
        raise UsageError(f"several CSMs are named {name}: say which one, {' or '.join(sorted(emails))}")


def _remarks(name: str, given: Mapping[str, Any], settings: Settings) -> Iterator[str]:
    profile = profile_named(name, settings)
    for field in given:
        if profile.said_in.get(field) == "settings":
            yield f"winback.toml says {field} of {name}, too, and counts"
    if not any(
        name_key(name) in {name_key(each) for each in csm if each} for csm in stored.open_csms(settings.data_path)
    ):
        yield f"no open case is {name}'s now; the name counts as it is in the report"
    member = stored.member(given["slack"]) if "slack" in given else None
    if "slack" in given and member is None and stored.directory_read_at() is not None:
        yield f"the directory of Slack had no {given['slack']} when it was last read"
    elif member is not None and not member.is_active:
        yield f"{given['slack']} is deactivated in Slack"
    if profile.away_until is not None and profile.covered_by is None:
        yield f"nobody covers for {name}: what is for them goes to the fallback meanwhile"


# Whom a person means


def csm_named(text: str, settings: Settings) -> Csm:
    """Somebody who is known already: a slip must not give cases to nobody."""
    meant = [csm for csm in _known(settings) if name_key(text) in {name_key(each) for each in csm if each}]
    if not meant:
        _refuse_unknown(text, settings)
    if len(meant) > 1:
        emails = sorted(email for _, email in meant if email)
        raise UsageError(f"several CSMs are named {text}: say which one, {' or '.join(emails)}")
    return meant[0]


def claimant(text: str, settings: Settings) -> Csm:
    """Whose claim it is: somebody who is known, or was a CSM of any account."""
    known = {csm for csm in known_people(settings) if name_key(text) in map(name_key, filter(None, csm))}
    if not known:
        _refuse_unknown(text, settings)
    emails = {email.lower() for _, email in known if email}
    if len(emails) > 1:
        raise UsageError(f"several CSMs are named {text}: say which one, {' or '.join(sorted(emails))}")
    return min(known, key=lambda csm: (csm[1] is None, csm[0] is None, csm[0] or "", csm[1] or ""))


def known_people(settings: Settings) -> set[Csm]:
    """Everybody who is known, or was a CSM of any account; each spelling."""
    return {*_known(settings), *known_csms()}


def _refuse_unknown(text: str, settings: Settings) -> None:
    if not name_key(text):
        raise UsageError('expected a name or e-mail address, found ""')
    names = [each for csm in _known(settings) for each in csm if each]
    if name_key(text) in map(name_key, names):
        return
    near = nearest(text, names) or next((each for each in names if name_key(text) in name_key(each)), None)
    hint = f"did you mean {near}?" if near else "`winback people` lists them; `winback people set` makes them known"
    raise UsageError(f"nobody is known as {' '.join(text.split())}: {hint}")
