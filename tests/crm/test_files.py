"""Activities out of files: what is read, whose it is, and that it counts once."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

import pytest

from tests.crm.office import activities, churned, gather, unmatched
from tests.programme import Programme, day
from winback.errors import WinbackError

FILES = '[crm.files]\npath = "crm"\n'
HEADER = "external_id,kind,uid,account_ref,owner_email,occurred_at,modified_at,is_done,is_deleted\n"


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    (tmp_path / "crm").mkdir()
    return churned(tmp_path, FILES)


def export(programme: Programme, text: str, name: str = "calls.csv", at: int = 0) -> Path:
    """A file of the CRM; `at`: seconds by which it is newer than others."""
    path = programme.folder / "crm" / name
    path.write_text(text, encoding="utf-8")
    os.utime(path, (1_790_000_000 + at, 1_790_000_000 + at))
    return path


@pytest.mark.rule("R6.5")
def test_what_is_read_is_of_an_account_and_a_known_csm(programme: Programme) -> None:
    export(
        programme,
        HEADER
        + "1,Phone call,a,,DANA@shop.example,2026-11-02T10:00Z,,,\n"
        + "2,E-Mail,\u00a0b ,,lee@shop.example,2026-11-02 11:00,,,\n"
        + "3,Visit,b,,robot@shop.example,2026-11-02T12:00+01:00,,,\n",
    )
    gathered = gather(programme, 3)["files"]
    assert (gathered.read, gathered.kept, gathered.of_accounts, gathered.of_csms) == (3, 3, 3, 2)
    assert activities(programme) == {
        "1": ("a", "Dana Ortiz", "call", "02 10"),
        "2": ("b", "Lee Park", "email", "02 11"),
        "3": ("b", None, "visit", "02 11"),
    }
    assert unmatched(programme) == [("owner", "robot@shop.example", 1)]


def test_a_file_is_read_again_when_it_was_written_anew_and_counts_once(programme: Programme) -> None:
    row = "1,call,a,,dana@shop.example,2026-11-02T10:00Z,,,\n"
    export(programme, HEADER + row)
    assert [gather(programme, 3)["files"].read for _ in range(2)] == [1, 0]
    export(programme, HEADER + row.replace("T10", "T14") + "2,visit,b,,lee@shop.example,2026-11-02,,,\n", at=5)
    assert gather(programme, 4)["files"].read == 2
    assert activities(programme) == {
        "1": ("a", "Dana Ortiz", "call", "02 14"),
        "2": ("b", "Lee Park", "visit", "02 00"),
    }
    assert gather(programme, 4, since=1)["files"].kept == 2


def test_what_is_deleted_goes_and_an_earlier_state_never_comes_back(programme: Programme) -> None:
    def row(hour: int, modified: int, gone: str = "") -> str:
        return f"1,call,a,,dana@shop.example,2026-11-02T{hour}:00Z,2026-11-0{modified}T00:00Z,,{gone}\n"

    export(programme, HEADER + row(10, 3), "a.csv")
    gather(programme, 4)
    export(programme, HEADER + row(11, 2), "b.csv", at=1)
    gather(programme, 4)
    assert activities(programme)["1"][3] == "02 10"
    export(programme, HEADER + row(12, 2, "true"), "c.csv", at=2)
    assert gather(programme, 4)["files"].deleted == 1
    assert activities(programme)["1"][3] == "02 10"
    export(programme, HEADER + row(12, 3, "true"), "d.csv", at=3)
    gather(programme, 4)
    assert activities(programme) == {}


def test_open_to_dos_are_no_activity_until_they_are_done(programme: Programme) -> None:
    row = "1,task,a,,dana@shop.example,2026-11-02T10:00Z,,{},\n"
    for at, (cell, kept) in enumerate([("Not Started", 0), ("Completed", 1), ("no", 0), ("maybe", 0)]):
        export(programme, HEADER + row.format(cell), at=at)
        gather(programme, 3)
        assert len(activities(programme)) == kept


def test_an_account_that_is_mapped_later_brings_its_earlier_records(programme: Programme) -> None:
    export(programme, HEADER + "1,call,,CRM-9,dana@shop.example,2026-11-02T10:00Z,,,\n")
    gather(programme, 3)
    assert activities(programme)["1"][:2] == (None, "Dana Ortiz")
    assert unmatched(programme) == [("account", "CRM-9", 1)]
    with programme.open() as workspace:
        workspace.map_account("files", "CRM-9", " a ")
    assert activities(programme)["1"][:2] == ("a", "Dana Ortiz")
    assert unmatched(programme) == []
    export(programme, HEADER + "2,visit,b,CRM-9,dana@shop.example,2026-11-02T10:00Z,,,\n", "more.csv")
    gather(programme, 4)
    assert activities(programme)["2"][0] == "a"
    with programme.open() as workspace:
        workspace.map_account("files", "CRM-9", None)
    assert [activities(programme)[each][0] for each in "12"] == [None, "b"]


def test_people_are_mapped_found_by_name_and_said_to_be_nobody(programme: Programme) -> None:
    head = "external_id,kind,uid,owner_name,occurred_at\n"
    export(programme, head + "1,call,a,D. Ortiz,2026-11-02T10:00Z\n2,call,b,Lee Park,2026-11-02T10:00Z\n")
    gather(programme, 3)
    assert [activities(programme)[each][1] for each in "12"] == [None, None], "Lee has an address, which is not Lee's"
    with programme.open() as workspace:
        workspace.map_owner("files", "d. ortiz", "dana@shop.example")
        workspace.map_owner("files", "Lee Park", None, is_nobody=True)
    assert [activities(programme)[each][1] for each in "12"] == ["Dana Ortiz", None]
    assert unmatched(programme) == []
    with programme.open() as workspace, pytest.raises(WinbackError, match="nobody is known as Someone"):
        workspace.map_owner("files", "Lee Park", "Someone")


def test_a_csm_without_an_address_is_found_by_name(tmp_path: Path) -> None:
    (tmp_path / "crm").mkdir()
    programme = Programme(tmp_path, FILES)
    for number, sign in ((1, "true"), (2, "false")):
        programme.pull(number, programme.file([{"uid": "a", "is_product_enabled": sign, "csm_name": "Ana  Ruiz"}]))
    export(programme, "external_id,kind,uid,owner_name,occurred_at\n1,call,a,ana ruiz,2026-11-02T10:00Z\n")
    gather(programme, 3)
    assert activities(programme)["1"][1] == "Ana  Ruiz"


def test_a_csm_whom_a_later_report_names_gets_the_earlier_records(programme: Programme) -> None:
    export(programme, HEADER + "1,call,a,,kim@shop.example,2026-11-02T10:00Z,,,\n")
    gather(programme, 3)
    kim = {"csm_name": "Kim Roe", "csm_email": "kim@shop.example"}
    programme.pull(4, programme.file([{"uid": "a", "is_product_enabled": "false", **kim}]))
    assert activities(programme)["1"][1] is None
    gather(programme, 4)
    assert activities(programme)["1"][1] == "Kim Roe"


def test_somebody_whom_people_made_known_is_a_csm(programme: Programme) -> None:
    export(programme, HEADER + "1,call,a,,kim@shop.example,2026-11-02T10:00Z,,,\n")
    programme.set(FILES + '[people."Kim Roe"]\nemail = "kim@shop.example"\n')
    gather(programme, 3)
    assert activities(programme)["1"][1] == "Kim Roe"


def test_robots_are_nobody(programme: Programme) -> None:
    export(programme, HEADER + "1,call,a,,dana@shop.example,2026-11-02T10:00Z,,,\n")
    programme.set(FILES.replace("[crm.files]", '[crm]\nrobots = ["Dana@shop.example"]\n[crm.files]'))
    gather(programme, 3)
    assert activities(programme)["1"][1] is None
    assert unmatched(programme) == []


def test_rows_that_can_not_be_used_are_told_and_the_others_kept(programme: Programme) -> None:
    export(
        programme,
        HEADER
        + ",call,a,,dana@shop.example,2026-11-02T10:00Z,,,\n"
        + "2,call,a,,dana@shop.example,yesterday,,,\n"
        + "3,Anruf,a,,dana@shop.example,2026-11-02T10:00Z,,,\n"
        + ",,,,,,,,\n",
    )
    gathered = gather(programme, 3)["files"]
    assert dict(gathered.remarks) == {
        "without external_id: left out": 1,
        "whose occurred_at is missing or can't be read: left out": 1,
        'of the kind "Anruf", which is not known: taken as other': 1,
    }
    assert activities(programme) == {"3": ("a", "Dana Ortiz", "other", "02 10")}


def test_columns_and_kinds_have_the_names_that_the_company_gives_them(programme: Programme) -> None:
    columns = '[crm.files.columns]\nexternal_id = "Id"\nkind = "Art"\nuid = "Konto"\nowner_email = "Wer"\n'
    programme.set(f'{FILES}kind_names = {{ "Anruf" = "call" }}\n{columns}occurred_at = ["Wann", "Datum"]\n')
    export(programme, "Id;Art;Konto;Wer;Datum\n7;anruf;a;dana@shop.example;2026-11-02T10:00Z\n")
    gather(programme, 3)
    assert activities(programme) == {"7": ("a", "Dana Ortiz", "call", "02 10")}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind,uid,owner_email,occurred_at\n", "crm.files: expected a column external_id; there are: kind, uid"),
        ("external_id,kind,owner_email,occurred_at\n", "expected a column uid or account_ref"),
        ("external_id,kind,uid,occurred_at\n", "expected a column owner_email or owner_name or owner_ref"),
        ("<html>", "is a web page"),
    ],
)
def test_a_file_that_is_none_of_the_crm_is_named(programme: Programme, text: str, said: str) -> None:
    export(programme, text)
    assert said in str(gather(programme, 3)["files"].failed)
    assert activities(programme) == {}


def test_a_folder_without_files_says_so(programme: Programme) -> None:
    assert "no file at" in str(gather(programme, 3)["files"].failed)


# Opportunities


SOLD = "external_id,kind,uid,owner_email,occurred_at,outcome,note,is_deleted\n"


def claims(programme: Programme) -> list[tuple[str, str | None, str, str | None, str]]:
    rows = programme.table("claims")
    return [(row["uid"], row["csm_name"], row["outcome"], row["note"], row["source"]) for row in rows]


@pytest.mark.rule("R6.5")
def test_opportunities_closed_after_the_churn_are_claims_of_their_owner(programme: Programme) -> None:
    export(
        programme,
        SOLD
        + "1,opportunity,a,dana@shop.example,2026-11-03T10:00Z,Closed Won,Renewal,\n"
        + "2,deal,b,sales@shop.example,2026-11-03T10:00Z,lost,,\n"
        + "3,opportunity,b,lee@shop.example,2026-11-01T10:00Z,won,before the churn,\n"
        + "4,opportunity,b,lee@shop.example,2026-11-03T10:00Z,negotiation,open,\n",
    )
    gather(programme, 4)
    assert claims(programme) == [("a", "Dana Ortiz", "won", "Renewal", "files"), ("b", None, "lost", None, "files")]
    assert activities(programme) == {}, "what was sold is no activity"


@pytest.mark.rule("R6.5")
def test_a_claim_follows_its_opportunity(programme: Programme) -> None:
    row = "1,opportunity,a,dana@shop.example,2026-11-03T10:00Z,{},,{}\n"
    for at, (outcome, gone, expected) in enumerate(
        [("won", "", ["won"]), ("lost", "", ["lost"]), ("", "", []), ("won", "", ["won"]), ("won", "yes", [])]
    ):
        export(programme, SOLD + row.format(outcome, gone), at=at)
        gather(programme, 4)
        assert [claim[2] for claim in claims(programme)] == expected


@pytest.mark.rule("R6.5")
def test_a_churn_that_is_known_later_makes_a_claim_of_what_was_closed_after_it(programme: Programme) -> None:
    export(programme, SOLD + "1,opportunity,c,dana@shop.example,2026-11-03T10:00Z,won,,\n")
    for hours, sign in ((0.0, "+"), (0.01, "-")):
        gather(programme, 4)
        assert claims(programme) == []
        programme.pull(day(3 + hours), f"a- b- c{sign}", now=5)
    gather(programme, 5)
    assert [claim[0] for claim in claims(programme)] == ["c"]


# What counts


@pytest.mark.rule("R6.5")
def test_kinds_that_are_an_engagement_are_a_setting_and_stop_messages(programme: Programme) -> None:
    def due(kind: str, settings: str = "", on: str = "02T10", done: str = "") -> bool:
        export(programme, HEADER + f"1,{kind},a,,dana@shop.example,2026-11-{on}:00Z,,{done},\n")
        programme.set(settings + FILES)
        gather(programme, 3, since=1)
        outcome = programme.pull(day(4 + next(moments) / 100), "a- b-", messages=False)
        stages = programme.stages()
        programme.undo(outcome)
        return ("a", "second") in stages

    moments = count()
    assert not due("call")
    assert due("note")
    assert not due("note", '[crm]\nengagement = ["note"]\n')
    assert due("call", '[crm]\nengagement = ["note"]\n')
    assert due("call", on="09T10"), "it is to come"
    assert due("task", done="no")
