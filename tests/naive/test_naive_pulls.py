"""Examples of rules.md R3.8-R3.14 worked out by hand: they check what checks the product."""

from __future__ import annotations

from dataclasses import replace

import pytest

from .build import column, on, programme, rows, stages, table, uids
from .guard import too_many
from .programme import Programme
from .settings import Guard, Refused, Settings

FLAG = Settings()
LENIENT = Guard(1.0, 1.0, 1.0, 1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("count", "total", "share", "expected"),
    [
        (11, 100, 0.10, True), (10, 100, 0.10, False), (11, 110, 0.10, False), (12, 110, 0.10, True),
        (5, 5, 1.0, True), (4, 4, 0.1, False), (0, 0, 0.1, False), (11, 0, 0.5, True), (11, 11, 1.0, True),
    ],
)  # fmt: skip
def test_guard_too_many(count: int, total: int, share: float, expected: bool) -> None:
    assert too_many(count, total, share) is expected


def many(count: int, flag: str = "+", start: int = 0) -> str:
    return " ".join(f"u{number}{flag}" for number in range(start, start + count))


@pytest.mark.parametrize(
    ("first", "second", "held_by"),
    [
        ("a+", "", ["R3.8"]),
        ("a+", "a?", ["R3.8"]),
        (many(100), f"{many(89)} {many(11, '?', 89)}", ["R3.8"]),
        (many(100), f"{many(90)} {many(10, '?', 90)}", []),
        (many(100), many(79), ["R3.9"]),
        (many(100), many(80), []),
        (many(100), f"{many(90)} {many(10, '-', 90)}", []),
        (many(100), f"{many(89)} {many(11, '-', 89)}", ["R3.10"]),
        (f"{many(89)} {many(11, '-', 89)}", many(100), ["R3.10"]),
        (f"{many(90)} {many(10, '-', 90)}", many(100), []),
        (many(5), many(5, "-"), ["R3.10"]),
        (many(4), many(4, "-"), []),
    ],
)
def test_r3_8_to_r3_10_hold_a_flag_report(first: str, second: str, held_by: list[str]) -> None:
    made = programme(first)
    made.pull(on(2), rows(second))
    assert made.pulls[-1].held_by == held_by


@pytest.mark.parametrize(
    ("first", "second", "held_by"),
    [
        (many(30), many(15), []),
        (many(30), many(14), ["R3.9"]),
        (many(30), many(45), []),
        (many(30), many(46), ["R3.10"]),
    ],
)
def test_r3_9_and_r3_10_hold_a_presence_report(first: str, second: str, held_by: list[str]) -> None:
    made = programme(first, mode="presence")
    made.pull(on(2), rows(second))
    assert made.pulls[-1].held_by == held_by


@pytest.mark.parametrize(("of_21", "held_by"), [(10, []), (11, ["R3.11"])])
def test_r3_11_a_group_that_goes_is_held(of_21: int, held_by: list[str]) -> None:
    made = Programme(FLAG)
    others = rows(many(200, start=100), region="APAC")
    made.pull(on(1), rows(many(21), region="EMEA", csm_email="D@x") + others)
    group = rows(many(21 - of_21, "+", of_21) + " " + many(5, "-"), region="elsewhere")
    made.pull(on(2), group + others)
    assert made.pulls[-1].held_by == held_by


def test_a_held_pull_changes_nothing() -> None:
    made = programme(many(5))
    assert made.pull(on(2), rows(many(5, "-"))) == "held"
    assert (made.cases, made.notifications, made.last_applied) == ([], [], made.pulls[0])
    assert (made.pulls[1].churned, made.pulls[1].status) == (5, "held")


def test_r3_12_a_held_pull_is_approved_at_its_own_moment() -> None:
    made = programme(many(5))
    made.pull(on(2), rows(many(5, "-")), silent=True)
    assert made.approve(made.pulls[1]) == "applied"
    assert {case.churned_at for case in made.cases} == {on(2)}
    assert made.notifications == []


def test_r3_12_what_can_not_be_decided() -> None:
    made = programme("a+")
    made.pull(on(2), rows("a?"))
    made.pull(on(4), rows("a-"))
    made.pull(on(5), [])
    for pull in made.pulls:
        with pytest.raises(Refused):
            made.approve(pull)
    assert made.reject(made.pulls[1]) == "rejected"
    assert made.reject(made.pulls[1]) == "rejected"
    with pytest.raises(Refused):
        made.approve(made.pulls[1])


def test_r3_12_an_empty_list_can_be_approved() -> None:
    made = programme("a-", mode="presence")
    assert made.pull(on(2), []) == "held"
    made.approve(made.pulls[1])
    assert uids(made, "wins", on(2)) == "a"


def test_r3_13_undo_takes_everything_back_once() -> None:
    made = programme("a+ b-", "a- b+", "a+ b-")
    before = [table(made, name, on(2)) for name in ("history", "cases", "wins")]
    made.undo()
    assert [table(made, name, on(3)) for name in ("history", "cases", "wins")] == before
    assert column(made, "cases", "status", on(3)) == ["at_risk"]
    assert made.pulls[2].status == "undone"
    with pytest.raises(Refused):
        made.undo()
    assert made.pull(on(3), rows("a+ b-")) == "undone"
    assert made.pull(on(3), rows("a+ b+")) == "applied"
    assert [pull.status for pull in made.pulls] == ["applied", "applied", "undone", "applied"]
    made.undo()


def test_r3_13_after_the_baseline_is_undone_the_next_pull_is_the_baseline() -> None:
    made = programme("a-", mode="presence")
    made.undo()
    made.pull(on(2), rows("a- b-"))
    assert [(case.uid, case.baseline) for case in made.cases] == [("a", True), ("b", True)]


def test_r3_13_messages_of_an_undone_pull() -> None:
    made = programme("a+ b+", "a- b+")
    made.pull(on(4), rows("a- b-"), send=False)
    assert stages(made) == ["a first sent", "a second planned", "b first planned"]
    made.undo()
    assert stages(made) == ["a first sent"]
    made.pull(on(5), rows("a+ b-"), send=False)
    assert stages(made)[1:] == ["a readopted planned", "b first planned"]
    made.notify(on(5))
    made.undo()
    made.pull(on(6), rows("a+ b-"))
    assert stages(made)[3:] == ["a readopted sent", "b first sent"]


def test_r3_13_what_it_superseded_or_skipped_is_planned_again() -> None:
    for third in ("a- b+", "a+ b+"):
        made = programme("a+ b+")
        made.pull(on(2), rows("a- b+"), send=False)
        made.pull(on(4), rows(third), send=False)
        assert stages(made)[0] in ("a first superseded", "a first skipped")
        made.undo()
        assert stages(made) == ["a first planned"]


def test_r3_14_known_rows_at_a_known_moment_change_nothing() -> None:
    made = programme("a+ b+", "a- b+")
    assert made.pull(on(2), [*rows(" b+"), {"uid": "a", "is_product_enabled": "0"}]) == "applied"
    assert made.pull(on(1), rows("b+ a+")) == "applied"
    for at, text in ((on(2), "a- b-"), (on(1, 12), "a- b+")):
        with pytest.raises(Refused):
            made.pull(at, rows(text))
    assert len(made.pulls) == 2


def test_r3_14_other_rows_replace_a_held_or_rejected_pull() -> None:
    made = programme(many(5))
    held = rows(many(5, "-"))
    assert [made.pull(on(2), held), made.pull(on(2), held)] == ["held", "held"]
    made.reject(made.pulls[1])
    assert made.pull(on(2), held) == "rejected"
    assert made.pull(on(2), rows(many(5))) == "applied"
    assert [pull.status for pull in made.pulls] == ["applied", "applied"]


def test_r3_14_a_rejected_row_counts_among_the_rows() -> None:
    made = programme("a+ b?")
    assert made.pull(on(1), rows("b? a+")) == "applied"
    with pytest.raises(Refused):
        made.pull(on(1), rows("a+"))


def test_the_guard_can_be_set() -> None:
    made = Programme(replace(FLAG, guard=LENIENT))
    made.pull(on(1), rows(many(30)))
    assert made.pull(on(2), rows(many(29, "-") + " u29+")) == "applied"
