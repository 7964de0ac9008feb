"""The guard's arithmetic (rules.md R3.8 to R3.11), without a report."""

from __future__ import annotations

from dataclasses import replace

import pytest

from winback.core.guard import Figures, Group, judge_changes, judge_reading, too_many
from winback.settings import Guard

QUIET = Figures(in_last_report=1000, enabled_in_last_report=1000, missing=0, churned=0, churned_of_last_report=0, won=0)


@pytest.mark.rule("R3.8", "R3.9", "R3.10")
@pytest.mark.parametrize(
    ("counted", "total", "share", "more_than", "expected"),
    [
        (10, 10_000, 0.0, 10, False),
        (11, 10_000, 0.0, 10, True),
        (11, 110, 0.1, 10, False),
        (12, 110, 0.1, 10, True),
        (30, 100, 0.3, 10, False),  # 0.3 * 100 is a little less than 30 in binary
        (3, 30, 0.1, 0, False),
        (4, 30, 0.1, 0, True),
        (5, 5, 1.0, 10, True),
        (4, 4, 0.0, 10, False),
        (4, 5, 0.5, 10, False),
        (6, 5, 1.0, 10, True),
        (11, 4, 0.5, 10, True),
        (0, 0, 0.0, 0, False),
        (1, 0, 0.5, 0, True),
        (100, 100, 1.0, 100, True),
    ],
)
def test_too_many_is_above_share_and_number_or_all_of_five(
    counted: int, total: int, share: float, more_than: int, expected: bool
) -> None:
    assert too_many(counted, total, share, more_than) is expected


@pytest.mark.rule("R3.8")
@pytest.mark.parametrize(
    ("rows", "accepted", "rejected", "said"),
    [
        (0, 0, 0, "the report has no rows"),
        (3, 0, 3, "no row of the report could be accepted (3 rejected)"),
        (1099, 1088, 11, "rows rejected: 11 of 1,099 (1.0 %, limit 1 %)"),
        (1100, 1089, 11, None),
        (20, 10, 10, None),
    ],
)
def test_what_was_read_is_judged(rows: int, accepted: int, rejected: int, said: str | None) -> None:
    found = judge_reading(rows, accepted, rejected, Guard())
    assert [str(finding) for finding in found] == ([said] if said else [])


@pytest.mark.rule("R3.9", "R3.10")
@pytest.mark.parametrize(
    ("figures", "rules"),
    [
        (QUIET, []),
        (replace(QUIET, missing=200), []),
        (replace(QUIET, missing=201), ["R3.9"]),
        (replace(QUIET, churned_of_last_report=101), ["R3.10"]),
        (replace(QUIET, churned=101, churned_of_last_report=100), []),
        (replace(QUIET, won=101), ["R3.10"]),
        (replace(QUIET, missing=201, churned_of_last_report=101, won=101), ["R3.9", "R3.10", "R3.10"]),
    ],
)
def test_changes_of_a_flag_report_are_judged(figures: Figures, rules: list[str]) -> None:
    assert [finding.rule for finding in judge_changes(figures, Guard(), "flag")] == rules


@pytest.mark.rule("R3.9", "R3.10", "R3.11")
def test_a_list_is_judged_by_what_is_missing_and_new_alone() -> None:
    group = Group("region", "EMEA", counted=21, total=21)
    figures = replace(QUIET, missing=501, churned=501, churned_of_last_report=501, won=1000, groups=(group,))
    guard = Guard(max_missing=0.5)
    assert [finding.subject for finding in judge_changes(figures, guard, "presence")] == ["missing", "churned"]


@pytest.mark.rule("R3.11")
def test_each_group_is_judged_and_named() -> None:
    groups = (
        Group("region", "EMEA", counted=11, total=21),
        Group("region", "APAC", counted=11, total=22),
        Group("CSM", "d@x.example", counted=30, total=40),
    )
    found = judge_changes(replace(QUIET, groups=groups), Guard(), "flag")
    assert [str(finding) for finding in found] == [
        "accounts of region EMEA that churned or went missing: 11 of 21 (52.4 %, limit 50 %)",
        "accounts of CSM d@x.example that churned or went missing: 30 of 40 (75.0 %, limit 50 %)",
    ]
