"""What a message says about the notifications that it tells of, and of how their cases stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from winback.messages.content import Content, Entry, Kind, Standing
from winback.messages.facts import account_url, facts_of, merchant_of, words_of
from winback.messages.standing import answers_to, is_asked, is_open, say_standing
from winback.messages.wording import say, say_accounts, say_moment

_LONGEST_TITLE = 120
_LARGEST = 10

if TYPE_CHECKING:
    from winback.messages.people import Addressee
    from winback.settings import Settings
    from winback.store.models import Case
    from winback.store.outbox import Planned


def build_content(
    planned: Sequence[Planned],
    standings: Mapping[int, Standing],
    now: dt.datetime,
    settings: Settings,
    addressee: Addressee,
) -> Content:
    """One case or new adoption in full, or several in one message, those with the largest GMV first. `standings`: by
    notification; one without stands as it was planned."""
    planned = sorted(planned, key=lambda each: (each.gmv is None, -(each.gmv or 0), each.id))
    entries = tuple(entry_of(each, standings.get(each.id), now, settings) for each in planned)
    single = len(planned) == 1
    is_any_asked = any(is_asked(each, standings.get(each.id), now, settings) for each in planned)
    content = _finished(
        kind=_kind(planned[0].stage),
        title=title_of(planned, settings),
        ask=_ask(planned, settings) if is_any_asked else "",
        entries=entries,
        preface=addressee.note,
        body=_lines(entries[0], settings) if single else _list(entries, settings),
    )
    is_withdrawn = not any(_is_known(standings.get(each.id)) for each in planned)
    return replace(content, is_withdrawn=is_withdrawn)


def entry_of(planned: Planned, standing: Standing | None, now: dt.datetime, settings: Settings) -> Entry:
    facts = facts_of(planned, now, settings)
    return Entry(
        notification=planned.id,
        case=planned.case_id,
        product=planned.product,
        uid=planned.uid,
        merchant=merchant_of(planned),
        stage=planned.stage,
        facts=facts if _is_known(standing) else facts[:1],
        gmv=planned.gmv,
        url=account_url(planned, settings),
        standing=say_standing(planned, standing, now, settings),
        is_open=is_open(planned, standing),
        answers=answers_to(planned, standing),
    )


def rehearsed(content: Content, addressee: str, settings: Settings) -> Content:
    """`redirect_to`: to whom it would have gone. It is not answered, since nothing counts."""
    preface = say(settings, "preface.rehearsal", addressee=addressee)
    whole = f"{preface} {content.preface}" if content.preface else preface
    entries = tuple(replace(entry, answers=()) for entry in content.entries)
    text = f"{preface}\n\n{content.text}"
    return replace(content, text=text, preface=whole, entries=entries, is_rehearsal=True)


def notice_content(text: str) -> Content:
    """Its first line, as far as a subject may be long, is the title."""
    line = text.split("\n")[0]
    title = line if len(line) <= _LONGEST_TITLE else f"{line[:_LONGEST_TITLE].rsplit(' ', 1)[0]} …"
    return Content("notice", title, text)


def say_correction(merchant: str, stage: str, reason: str, settings: Settings) -> str:
    """What takes a delivered message back after an undo (rules.md R3.13)."""
    return say(settings, "correction.text", merchant=merchant, stage=say(settings, f"stage.{stage}"), reason=reason)


def say_to_manager(planned: Planned, csm: str, now: dt.datetime, settings: Settings) -> str:
    """`csm` has just got the final message."""
    words = words_of(planned, settings) | {"csm": csm}
    facts = "\n".join(_lines(entry_of(planned, None, now, settings), settings))
    return "\n\n".join([say(settings, "manager.title", **words), facts, say(settings, "manager.ask", **words)])


def say_assigned(cases: Sequence[Case], by: str, settings: Settings) -> str:
    """For the CSM who gets accounts from a colleague."""
    if len(cases) > 1:
        largest = sorted(cases, key=lambda each: (each.gmv is None, -(each.gmv or 0)))[:_LARGEST]
        names = ", ".join(each.merchant_name or each.uid for each in largest)
        return say(settings, "assigned.many", by=by, accounts=say_accounts(len(cases), settings), largest=names)
    case = cases[0]
    since = say_moment(case.churned_at, settings)
    return say(settings, "assigned.text", **_words_of_case(case), by=by, since=since)


def say_doubt(case: Case, by: str, reason: str, settings: Settings) -> str:
    """For an operator: a CSM says that the data of a case is wrong."""
    return say(settings, "alert.doubt", **_words_of_case(case), by=by, reason=reason, case=case.pk)


def _words_of_case(case: Case) -> dict[str, str]:
    return {"merchant": case.merchant_name or case.uid, "uid": case.uid, "product": case.product}


def title_of(planned: Sequence[Planned], settings: Settings) -> str:
    if len(planned) == 1:
        return say(settings, f"title.{planned[0].stage}", **words_of(planned[0], settings))
    several = "_of_several" if len({each.product for each in planned}) > 1 else ""
    return say(settings, f"title.{_many(planned)}{several}", **_words_of_many(planned, settings))


def _ask(planned: Sequence[Planned], settings: Settings) -> str:
    if len(planned) == 1:
        return say(settings, f"ask.{planned[0].stage}", **words_of(planned[0], settings))
    return say(settings, f"ask.{_many(planned)}", **_words_of_many(planned, settings))


def _kind(stage: str) -> Kind:
    return "readopted" if stage == "readopted" else "new_adoption" if stage == "new_adoption" else "follow_up"


def _many(planned: Sequence[Planned]) -> str:
    return "new_adoptions" if planned[0].stage == "new_adoption" else "bundle"


def _words_of_many(planned: Sequence[Planned], settings: Settings) -> dict[str, str]:
    return {
        "accounts": say_accounts(len(planned), settings),
        "product": ", ".join(sorted({each.product for each in planned})),
        "csm": words_of(planned[0], settings)["csm"],
    }


def _is_known(standing: Standing | None) -> bool:
    """After an undo nothing is left of a case but the UID."""
    return standing is None or standing.status != "undone"


def _finished(
    kind: Kind, title: str, ask: str, entries: tuple[Entry, ...], preface: str | None, body: list[str]
) -> Content:
    parts = [preface, title, "\n".join(body), ask]
    return Content(kind, title, "\n\n".join(part for part in parts if part), ask, entries, preface)


def _lines(entry: Entry, settings: Settings) -> list[str]:
    facts = [*entry.facts, *([(say(settings, "fact.account"), entry.url)] if entry.url else [])]
    width = max(len(label) for label, _ in facts) + 1
    lines = [f"{label + ':':<{width}} {value}" for label, value in facts]
    return [*lines, "", entry.standing] if entry.standing else lines


def _list(entries: Sequence[Entry], settings: Settings) -> list[str]:
    names_product = len({entry.product for entry in entries}) > 1
    lines = []
    for entry in entries:
        stage = "" if entry.stage == "new_adoption" else f" [{say(settings, f'stage.{entry.stage}')}]"
        lines.append(f"- {_heading(entry, names_product, settings)}{stage}")
        lines += [f"    {line}" for line in _lines(entry, settings) if line]
    return lines


def _heading(entry: Entry, names_product: bool, settings: Settings) -> str:
    if not names_product:
        return entry.merchant
    key = "value.entry_on" if entry.stage == "new_adoption" else "value.entry_off"
    return say(settings, key, merchant=entry.merchant, product=entry.product)
