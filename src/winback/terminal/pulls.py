"""What a pull came to, and why one is held."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from winback.core.moments import format_moment
from winback.core.money import format_money
from winback.core.texts import shown
from winback.outcomes import Outcome, outcome_of
from winback.terminal.tables import grouped, plural

if TYPE_CHECKING:
    from winback.messages.send import Sent
    from winback.store.models import Pull


# A report whose keys changed fails every check, and for every region and CSM: five say enough.
_FINDINGS = 5


def told(outcome: Outcome) -> list[str]:
    """What a pull came to, in lines for a person."""
    read = [plural(outcome.rows, "row") + " read", plural(outcome.accepted, "account") + " accepted"]
    read.append(plural(outcome.rejected, "row") + " rejected")
    if outcome.unreadable_amounts:
        read.append(plural(outcome.unreadable_amounts, "amount") + " not readable (left empty)")
    lines = [f"{outcome.product} {format_moment(outcome.at)}: {_headline(outcome)}", f"  {', '.join(read)}"]
    if outcome.churned is not None and not outcome.is_baseline:
        lines.append(f"  {outcome.churned:,} churned, {outcome.won:,} won, {outcome.missing:,} missing")
    findings = outcome.findings if outcome.status in ("held", "dry run") else ()
    for finding in findings[:_FINDINGS]:
        lines.append(f"  held because: {finding['text']}")
        lines += [f"    {_sample_line(row)}" for row in finding["sample"]]
    if findings[_FINDINGS:]:
        lines.append(f"  and {plural(len(findings) - _FINDINGS, 'finding')} more")
    if outcome.status == "held":
        lines.append(f"  nothing has changed; {_decide(outcome)}")
    if outcome.sent is not None and not outcome.is_baseline and (outcome.is_new or outcome.sent.messages):
        lines.append(f"  {told_sent(outcome.sent)}")
    if outcome.planned:
        lines.append(f"  {plural(outcome.planned, 'message')} planned; `winback notify` sends them")
    return lines


def _decide(outcome: Outcome) -> str:
    reject = f'winback pulls reject {outcome.pull_id} --reason "…"'
    if outcome.rows and not outcome.accepted:
        return f"there is nothing to approve: {reject}"
    return f'decide: winback pulls approve {outcome.pull_id} --reason "…"  or  {reject}'


def _headline(outcome: Outcome) -> str:
    if outcome.status == "dry run":
        return "dry run, nothing was changed; it would be " + ("held" if outcome.findings else "applied")
    text = f"{outcome.status} (pull {outcome.pull_id})"
    if not outcome.is_new:
        again = "; to apply them after all, pull them at another moment with --at" if outcome.status == "undone" else ""
        return f"already {text}: nothing changes{again}"
    return f"{text}, the first report: it makes the history" if outcome.is_baseline else text


def told_sent(sent: Sent) -> str:
    counts = {
        "planned ones dropped: won, lost, void or answered by now, or overtaken by a later one": sent.dropped,
        "held until somebody's working hours; `winback notify` sends them then": sent.held,
        "not taken this time; `winback notify` tries again": sent.later,
        "of unknown outcome: asked about, or left to a person; `winback doctor` says more": sent.unknown,
        "rehearsed": sent.rehearsed,
        "wait for a person, they are more than max_per_run: winback notify --release": sent.waiting,
        "without a recipient": sent.unrouted,
        "failed": sent.failed,
        "edited, since their cases have changed": sent.edited,
    }
    told = [f"{count:,} {what}" for what, count in counts.items() if count]
    return ", ".join([f"{plural(sent.messages, 'message')} sent", *told])


def held_pull(pull: Pull) -> str:
    """Why a pull is held: numbers beside limits, and a sample of the accounts concerned."""
    lines = [f"held: pull {pull.pk} of {pull.product}, {format_moment(pull.at)}, {shown(pull.source)}"]
    lines.append(
        f"  {plural(pull.rows, 'row')}, {plural(pull.accepted, 'account')} accepted, {pull.rejected:,} rejected"
    )
    for finding in pull.findings[:_FINDINGS]:
        lines.append(f"  {finding['rule']}  {shown(finding['text'])}")
        lines += [f"        {_sample_line(row)}" for row in finding["sample"]]
    if pull.findings[_FINDINGS:]:
        lines.append(f"  and more: {'; '.join(shown(finding['text']) for finding in pull.findings[_FINDINGS:])}")
    lines.append(f"  {_decide(outcome_of(pull))}")
    return "\n".join(lines) + "\n"


def _sample_line(row: list[str | None]) -> str:
    *names, gmv = row
    amount = grouped(format_money(Decimal(gmv))) if gmv else ""
    return "  ".join(shown(cell) for cell in (*names, amount) if cell)
