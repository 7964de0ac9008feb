"""The worked example of docs/impact.md: what the command prints of a programme that was really pulled, and every step
of the calculation by hand."""

from __future__ import annotations

import re
from decimal import Decimal
from math import sqrt
from typing import Any

import pytest

from tests import impact_example, sessions
from winback import open_workspace
from winback.statistics.lift import needed
from winback.terminal.impact import print_impact

PAGE = sessions.ROOT / "docs" / "impact.md"
Z, CENT = 1.96, Decimal("0.01")


def page() -> str:
    """In one line."""
    return " ".join(PAGE.read_text(encoding="utf-8").split())


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("impact") / "shop"
    impact_example.make_example(folder)
    with open_workspace(folder) as workspace:
        return workspace.impact(at=impact_example.AT)


def test_the_command_prints_what_the_page_shows(document: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    (shown,) = re.findall(r"```text\n(Impact at .*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    print_impact(document)
    assert tidy(capsys.readouterr().out) == tidy(shown)


def tidy(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]


def wilson(back: int, cases: int) -> tuple[float, float, float]:
    p = back / cases
    middle, width = p + Z**2 / (2 * cases), Z * sqrt(p * (1 - p) / cases + Z**2 / (4 * cases**2))
    low, high = ((middle + sign * width) / (1 + Z**2 / cases) for sign in (-1, 1))
    return p, low, high


def p(share: float) -> str:
    return f"{100 * share:.2f}"


def sentences(document: dict[str, Any]) -> list[str]:
    """The steps of the calculation by hand."""
    arms, of = document["impact"]["arms"], document["value"]["incremental"]["of"]
    told, held = arms["messaged"], arms["held_out"]
    (t, t_low, t_high), (h, h_low, h_high) = (wilson(arm["recovered"], arm["cases"]) for arm in (told, held))
    below, above = sqrt((t - t_low) ** 2 + (h_high - h) ** 2), sqrt((t_high - t) ** 2 + (h - h_low) ** 2)
    lift, low, high = (round(each, 4) for each in (t - h, t - h - below, t - h + above))
    worth = [(Decimal(of["revenue"]) * Decimal(str(share))).quantize(CENT) for share in (lift, low, high)]
    return [
        f"Of {told['cases']:,} messaged cases {told['recovered']} were back within 30 days, {p(t)} %;",
        f"of {held['cases']} held out {held['recovered']}, {p(h)} %. The difference is +{p(lift)} points.",
        f"Messaged: {p(t_low)} % to {p(t_high)} %. Held out: {p(h_low)} % to {p(h_high)} %.",
        f"Below: √(({p(t)} − {p(t_low)})² + ({p(h_high)} − {p(h)})²) = {p(below)} points, hence +{p(low)}.",
        f"Above: √(({p(t_high)} − {p(t)})² + ({p(h)} − {p(h_low)})²) = {p(above)} points, hence +{p(high)}.",
        f"The {told['cases']:,} messaged cases stand for {Decimal(of['revenue']):,.0f} EUR a month.",
        f"{p(lift)} % of it is {worth[0]:,}; {p(low)} % and {p(high)} % of it are {worth[1]:,} and {worth[2]:,}.",
    ]


def test_the_steps_by_hand_lead_to_what_the_command_says(document: dict[str, Any]) -> None:
    for sentence in sentences(document):
        assert sentence in page(), sentence
    impact, added = document["impact"], document["value"]["incremental"]
    assert (impact["lift"], impact["low"], impact["high"]) == (0.0742, 0.0091, 0.135)
    assert (added["revenue"], added["low"], added["high"]) == ("9138.84", "1120.80", "16627.28")


def test_the_other_figures_of_the_example(document: dict[str, Any]) -> None:
    observed, lasting = document["value"]["observed"], document["still_enabled"]["after_30_days"]
    verified, planned = document["value"]["verified"], document["impact"]["needed"]
    times = float(observed["revenue"]) / float(document["value"]["incremental"]["revenue"])
    assert round(times) == 6
    for sentence in (
        f"{planned['holdout']} held-out and {planned['messaged']} messaged cases were planned.",
        f"{observed['accounts']} accounts are back and still there, {Decimal(observed['revenue']):,.0f} EUR a month",
        f"Of {verified['accounts']} of them their CSM had claimed it, no more than 14 days ahead:"
        f" {Decimal(verified['revenue']):,.0f} EUR a month",
        f"{lasting['win_backs']} win-backs are at least 30 days old; {lasting['enabled']} of them were still enabled"
        f" after 30 days, {100 * lasting['share']:.1f} %.",
    ):
        assert sentence in page(), sentence
    assert document["impact"]["verdict"] == "more came back"


def test_the_table_of_planned_cases() -> None:
    rows = re.findall(r"^\| `(0\.\d+)` \| ([\d,]+) \| ([\d,]+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) == 4
    for share, held_out, messaged in rows:
        assert (f"{needed(float(share))[0]:,}", f"{needed(float(share))[1]:,}") == (held_out, messaged)
