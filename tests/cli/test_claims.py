"""claim and claims import: what the form does, from a script and from files."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.backing import Backing
from tests.programme import Programme, day, rows
from winback import Workspace
from winback.claiming import told
from winback.errors import ReportRefused, WinbackError
from winback.store.models import Claim
from winback.store.people import Csm

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


def made(workspace: Workspace, uid: str = "a") -> str:
    """The same claim, however often it is made."""
    return workspace.claim(uid, "won", "dana ortiz", reason="Re-trained", note="called", at="2026-11-04")


@pytest.mark.rule("R6.1")
def test_a_script_claims_as_the_form_does(programme: Programme) -> None:
    with programme.open() as workspace:
        assert made(workspace) == "Noted: a is won. It counts once the reports show it within 14 days."
        assert made(workspace) == "This claim about a was noted before, and counts once."
        workspace.claim("a", "lost", "DANA@x.example")
        assert made(workspace) == (
            "This claim about a was noted before. It does not count now: another one, made later, does."
        )
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
        ({"csm": " "}, 'expected a name or e-mail address, found ""'),
        ({"product": "loans"}, 'there is no product "loans" in winback.toml; there are: payments'),
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


@pytest.mark.rule("R1.1")
def test_white_space_around_the_uid_is_dropped(programme: Programme) -> None:
    with programme.open() as workspace:
        assert made(workspace, "\u00a0a \u200b").startswith("Noted: a is won.")
        assert made(workspace).startswith("This claim about a was noted before")
    assert programme.uids("claims") == ["a"]


@pytest.mark.rule("R6.1")
def test_a_claim_of_one_moment_that_was_recorded_later_counts(programme: Programme) -> None:
    with programme.open() as workspace:
        made(workspace)
        workspace.claim("a", "lost", "Dana Ortiz", at="2026-11-04")
        assert "another one, made later, does" in made(workspace)
    assert programme.row("churns", "a")["claim"] == "lost"


@pytest.mark.rule("R6.1")
def test_a_claim_whose_case_was_undone_is_about_the_case_found_when_it_is_made_again(programme: Programme) -> None:
    with programme.open() as workspace:
        made(workspace)
    (pull,) = (row for row in programme.table("pulls") if row["churned"])
    with programme.open() as workspace:
        workspace.undo(pull["pull_id"], "wrong file")
    assert programme.column("claims", "case_id") == {"a": None}
    programme.pull(3, rows("a- b+", {**OF_DANA, "changed_at": "2026-11-02T10:00Z"}), now=day(9))
    with programme.open() as workspace:
        assert made(workspace).startswith("Noted: a is won.")
        assert made(workspace) == "This claim about a was noted before, and counts once."
    (claim,) = programme.table("claims")
    assert (claim["case_id"], claim["verdict"]) == (programme.row("cases", "a")["case_id"], "pending")


def said_of(programme: Programme, *lines: str) -> tuple[list[Csm], list[str]]:
    """Whose the claims of a file are, and what is told of the file."""
    path = programme.file("\n".join(("uid,outcome,csm_name,csm_email,claimed_at", *lines)) + "\n")
    with programme.open() as workspace:
        done = list(told(workspace.import_claims(path)))
        rows = Claim.objects.order_by("pk").values_list("csm_name", "csm_email")
        return list(rows), done


def test_a_name_is_the_csm_s_who_bears_it_however_it_is_spelled(programme: Programme) -> None:
    owners, done = said_of(programme, "a,won,DANA   ortiz,,2026-11-04", "a,won,,DANA@x.example,2026-11-05")
    assert owners == [("Dana Ortiz", "dana@x.example"), ("Dana Ortiz", "DANA@x.example")]
    assert done == ["2 claims added, 0 changed, 0 there already"]


def test_of_several_spellings_the_file_s_own_counts(programme: Programme) -> None:
    other, lee = {"csm_name": "DANA ORTIZ", "csm_email": "other@x.example"}, {"csm_name": "Lee Park", "csm_email": ""}
    for number, sign in ((10, "+"), (11, "-")):
        programme.pull(number, rows(f"a- b- c{sign}", OF_DANA, b=other, c=lee))
    names = ("Dana Ortiz", "DANA ORTIZ", "dana ortiz", "lee park")
    owners, _ = said_of(programme, *(f"a,won,{name},,2026-11-04" for name in names))
    assert owners == [
        ("Dana Ortiz", "dana@x.example"),
        ("DANA ORTIZ", "other@x.example"),
        ("dana ortiz", None),
        ("Lee Park", None),
    ]


def test_names_that_nobody_bears_are_told(programme: Programme) -> None:
    strangers = [f"Stranger {number}" for number in range(1, 12)]
    names = ("Danna Ortiz", "Dana Ortiz", *strangers, "Danna Ortiz")
    rows = [f"a,won,{name},,2026-11-04T{hour:02}:00Z" for hour, name in enumerate(names)]
    _, done = said_of(programme, *rows, "a,won,,total@x.example,2026-11-05")
    listed = ", ".join(("Danna Ortiz", *strangers[:9]))
    assert done[1:] == [f"  nobody in the reports is called so: {listed} and 3 more"]
    assert said_of(programme, *rows[:2])[1] == [
        "0 claims added, 0 changed, 2 there already",
        "  nobody in the reports is called so: Danna Ortiz",
    ]
    assert said_of(programme, "a,lost,Dana Ortiz,,2026-11-04")[1] == ["1 claim added, 0 changed, 0 there already"]


def test_a_file_is_the_same_when_more_is_known_of_people(programme: Programme) -> None:
    line = "a,won,lee park,,2026-11-04"
    assert said_of(programme, line)[0] == [("lee park", None)]
    programme.pull(10, rows("a- b-", OF_DANA, b={"csm_name": "Lee Park", "csm_email": "lee@x.example"}))
    owners, done = said_of(programme, line)
    assert (owners, done) == ([("Lee Park", "lee@x.example")], ["0 claims added, 1 changed, 0 there already"])


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


CLAIM = "uid;outcome;csm_name;claimed_at;note\na;won;Dana Ortiz;2026-11-04;ok\na;won;Dana Ortiz;2026-11-05;zurück\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_is_read_however_its_mark_says_it_is_written(programme: Programme, encoding: str) -> None:
    (programme.folder / "claims.csv").write_bytes(CLAIM.encode(encoding))
    with programme.open() as workspace:
        assert workspace.import_claims(programme.folder / "claims.csv").added == 2
    assert [row["note"] for row in programme.table("claims")] == ["ok", "zurück"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (CLAIM.encode("cp1252"), "claims.csv: line 3: the text is not UTF-8; save it as UTF-8, or as XLSX"),
        (
            CLAIM.replace("note", "für").encode("cp1252"),
            "claims.csv: line 1: the text is not UTF-8; save it as UTF-8, or as XLSX",
        ),
        (CLAIM.encode("utf-16-le"), "claims.csv is not text: expected UTF-8; save it as UTF-8, or as XLSX"),
    ],
    ids=["a later line", "the header", "UTF-16 without its mark"],
)
def test_text_that_is_written_otherwise_is_refused_with_what_to_do(
    programme: Programme, text: bytes, said: str
) -> None:
    (programme.folder / "claims.csv").write_bytes(text)
    with programme.open() as workspace, pytest.raises(ReportRefused) as refused:
        workspace.import_claims(programme.folder / "claims.csv")
    assert str(refused.value) == said


def test_nobody_has_contacted(programme: Programme) -> None:
    with programme.open(4) as workspace:
        for hours, many in ((48, 1), (49, 0)):
            found = workspace.read("at_risk", uncontacted_for=timedelta(hours=hours))
            assert sum(map(len, found.batches)) == many
        with pytest.raises(WinbackError, match="asked of the table at_risk"):
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
