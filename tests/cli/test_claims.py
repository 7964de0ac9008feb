"""claim and claims import: what the form does, from a script and from files."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.backing import Backing
from tests.programme import Programme, day, rows
from winback.errors import WinbackError

OF_DANA = {"csm_name": "Dana Ortiz", "csm_email": "dana@x.example"}
HEADER = "uid,outcome,csm_name,claimed_at,reason,note"


@pytest.fixture
def programme(stands_on: Backing, tmp_path: Path) -> Programme:
    """`a` churned on day 2 (2 November 2026), 09:00 UTC."""
    programme = Programme(tmp_path)
    programme.pull(1, rows("a+ b+", OF_DANA))
    programme.pull(2, rows("a- b+", OF_DANA))
    programme.now = day(9)
    return programme


def imported(programme: Programme, *lines: str, name: str = "claims.csv") -> tuple[int, int, int, list[str]]:
    path = programme.folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with programme.open() as workspace:
        done = workspace.import_claims(path)
    return done.added, done.changed, done.unchanged, [f"{line.shown} {line.uid}" for line in done.unmatched]


@pytest.mark.rule("R6.1")
def test_a_script_claims_as_the_form_does(programme: Programme) -> None:
    with programme.open() as workspace:
        for _ in range(2):
            said = workspace.claim("a", "won", "dana ortiz", reason="Re-trained", note="called", at="2026-11-04")
        assert said == "Noted: a is won. It counts once the reports show it within 14 days."
        workspace.claim("a", "lost", "DANA@x.example")
    first, second = programme.table("claims")
    assert (first["csm_name"], first["reason"], first["note"], first["source"]) == (
        "Dana Ortiz",
        "Re-trained",
        "called",
        "cli",
    )
    assert (first["verdict"], second["outcome"], second["reason"]) == ("pending", "lost", None)
    assert programme.row("churns", "a")["lost_at"] == day(9)


@pytest.mark.rule("R6.1")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"csm": "Dan"}, "did you mean Dana Ortiz"),
        ({"uid": "b"}, "b has no case of any product that had begun at 2026-11-09T09:00:00Z"),
        ({"at": "2026-11-01"}, "a has no case of any product"),
        ({"at": "2026-12-01"}, "2026-12-01T00:00:00Z is still to come"),
        ({"reason": "Weather"}, "Choose one of: Issue resolved"),
        ({"product": "loans"}, "a has no case of loans"),
    ],
    ids=str,
)
def test_what_can_not_be_claimed_is_refused(programme: Programme, arguments: dict[str, str], said: str) -> None:
    values = {"uid": "a", "csm": "Dana Ortiz", **arguments}
    with programme.open() as workspace, pytest.raises(WinbackError, match=said):
        workspace.claim(values.pop("uid"), "won", values.pop("csm"), **values)
    assert programme.table("claims") == []


@pytest.mark.rule("R6.1")
def test_a_file_counts_once_and_keeps_what_has_no_case(programme: Programme) -> None:
    lines = [
        HEADER,
        "a,won,Dana Ortiz,2026-11-04T10:00Z,Anything,called",
        'z,lost,Lee,2026-11-05,,"two',
        'lines"',
        "b,Closed Won,Lee,2026-11-05,,",
    ]
    assert imported(programme, *lines) == (3, 0, 0, ["line 3 z", "line 5 b"])
    before = programme.table("claims")
    assert imported(programme, *lines) == (0, 0, 3, ["line 3 z", "line 5 b"])
    assert programme.table("claims") == before
    assert [(row["uid"], row["csm_name"], row["verdict"]) for row in before] == [
        ("a", "Dana Ortiz", "pending"), ("z", "Lee", None), ("b", "Lee", None),
    ]  # fmt: skip
    assert before[0]["reason"] == "Anything"


@pytest.mark.rule("R6.1")
def test_a_row_with_a_known_id_takes_on_its_new_values(programme: Programme) -> None:
    header = "id,uid,outcome,csm_email,claimed_at"
    assert imported(programme, header, "1,a,won,dana@x.example,2026-11-04")[:3] == (1, 0, 0)
    assert imported(programme, header, "1,a,lost,dana@x.example,2026-11-04")[:3] == (0, 1, 0)
    (row,) = programme.table("claims")
    assert (row["outcome"], row["csm_name"]) == ("lost", "Dana Ortiz")


@pytest.mark.rule("R6.1")
def test_wrong_rows_are_named_and_nothing_is_imported(programme: Programme) -> None:
    with pytest.raises(WinbackError) as refused:
        imported(
            programme,
            HEADER,
            "a,won,Dana Ortiz,2026-11-04,,",
            "a,maybe,Dana Ortiz,2026-11-04,,",
            ",won,Dana Ortiz,2026-11-04,,",
            "a,won,,2026-11-04,,",
            "a,won,Dana Ortiz,soon,,",
            "a,won,Dana Ortiz,2027-01-01,,",
            f"a,won,Dana Ortiz,2026-11-04,,{'x' * 3001}",
        )
    said = str(refused.value)
    assert said.startswith(
        "claims.csv: 6 wrong rows, so that nothing was imported. line 3: expected the outcome won or lost"
    )
    for part in (
        "line 4: uid is blank",
        "line 5: csm_name",
        "line 6: expected a date or moment such as",
        "line 7: claimed_at is in",
        "line 8: the note",
    ):
        assert part in said
    assert programme.table("claims") == []


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            ["uid,outcome,claimed_at", "a,won,2026-11-04"],
            "expected a column csm_name or csm_email or csm; there are: uid",
        ),
        (["outcome,csm,claimed_at", "won,x,2026-11-04"], "expected a column uid"),
        (
            ["id,uid,outcome,csm,claimed_at", "1,a,won,x,2026-11-04", "1,b,won,x,2026-11-04"],
            "the id stands in line 2 too",
        ),
    ],
    ids=str,
)
def test_what_is_no_file_of_claims_is_refused(programme: Programme, lines: list[str], said: str) -> None:
    with pytest.raises(WinbackError, match=said):
        imported(programme, *lines)


def test_other_forms_are_read_as_reports_are(programme: Programme) -> None:
    row = {"UID": "a", "Outcome": "lost", "csm_name": "Dana Ortiz", "claimed_at": "2026-11-04T09:00:00Z"}
    assert imported(programme, json.dumps(row), name="claims.ndjson")[:3] == (1, 0, 0)
    assert imported(programme, json.dumps([row]), name="claims.json")[:3] == (0, 0, 1)
    assert imported(programme, "\t".join(row), "\t".join(row.values()), name="claims.tsv")[:3] == (0, 0, 1)


def test_nobody_has_contacted(programme: Programme) -> None:
    with programme.open(4) as workspace:
        for hours, many in ((48, 1), (49, 0)):
            found = workspace.read("at_risk", uncontacted_for=timedelta(hours=hours))
            assert sum(map(len, found.batches)) == many
        with pytest.raises(WinbackError, match="--uncontacted-for is for the table at_risk"):
            workspace.read("wins", uncontacted_for=timedelta(hours=1))


@pytest.mark.rule("R7.7")
def test_month_by_month_is_the_same_as_each_period(programme: Programme) -> None:
    programme.pull(35, rows("a+ b+", OF_DANA))
    programme.now = day(40)
    with programme.open() as workspace:
        found = workspace.months()
        flows = workspace.flows("2026-12-01", day(40))
        part = workspace.months(day(2), day(3))
    november, december = found["months"]
    assert [november[name] for name in ("month", "from", "to")] == [
        "2026-11",
        "2026-11-01T09:00:00Z",
        "2026-12-01T00:00:00Z",
    ]
    assert (november["churns"]["accounts"], december["win_backs"]["accounts"]) == (1, 1)
    assert all(flows[name] == december[name] for name in december if name != "month")
    assert [month["month"] for month in part["months"]] == ["2026-11"]
