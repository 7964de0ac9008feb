"""winback activities: what people see, and what scripts may rely on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workspaces import NEVER_LOST, Place

FILES = '[crm.files]\npath = "crm.csv"\n'
ROWS = """external_id,kind,account_ref,owner_name,occurred_at
1,call,CRM-7,D. Ortiz,2026-11-03T10:00Z
2,visit,CRM-7,Dana Ortiz,2026-11-03T11:00Z
3,Anruf,CRM-8,Dana Ortiz,2026-11-03T12:00Z
"""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path, NEVER_LOST + FILES)
    for on, enabled in (("2026-11-01", "yes"), ("2026-11-02", "no")):
        place.write(on, [("M-1", "Acme", "Dana Ortiz", "EMEA", 10, 1, enabled)])
        place.done("pull", "--report", str(place.reports / f"payments_{on}.csv"))
    (tmp_path / "crm.csv").write_text(ROWS, encoding="utf-8")
    return place


def test_what_is_read_is_counted_and_what_is_nobodys_is_listed_and_mapped(place: Place) -> None:
    ran = place.run("activities")
    assert (ran.status, ran.out.splitlines()) == (
        0,
        [
            "files: 3 records read",
            "  kept: 3; of a known account: 0; of a known CSM for one: 0",
            '  1 row of the kind "Anruf", which is not known: taken as other',
        ],
    )
    assert ran.err.splitlines() == [
        "2 accounts of no known UID: files CRM-7, 2 records, files CRM-8, 1 record",
        "`winback activities unmatched` lists them; `winback activities account` and `owner` map them",
    ]
    place.done("activities", "account", "files", "CRM-7", "M-1")
    listed = place.done("activities", "unmatched", "--format", "json").json
    assert [(row["what"], row["ref"], row["records"]) for row in listed] == [
        ("account", "CRM-8", 1),
        ("owner", "D. Ortiz", 1),
    ]
    place.done("activities", "owner", "files", "D. Ortiz", "Dana Ortiz")
    shown = place.done("show", "activities", "--format", "json").json
    assert [(row["uid"], row["csm_name"], row["kind"]) for row in shown] == [
        ("M-1", "Dana Ortiz", "call"),
        ("M-1", "Dana Ortiz", "visit"),
        (None, "Dana Ortiz", "other"),
    ]
    place.done("activities", "owner", "files", "D. Ortiz", "--clear")
    place.done("activities", "account", "files", "CRM-7", "--clear")
    assert place.run("activities").out.splitlines()[1].endswith("of a known account: 0; of a known CSM for one: 0")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["account", "files", "CRM-9", "M-1"], "files has no account CRM-9 that was read"),
        (["account", "file", "CRM-7", "M-1"], "there is no source file: did you mean files?"),
        (["account", "files", "CRM-7", " "], "expected the UID of the account"),
        (["account", "files", "CRM-7"], "say either the UID or --clear"),
        (["owner", "files", "Somebody", "Dana Ortiz"], "files names nobody Somebody"),
        (["owner", "files", "D. Ortiz", "Dan Ortiz"], "nobody is known as Dan Ortiz: did you mean Dana Ortiz?"),
        (["owner", "files", "D. Ortiz", "--nobody", "--clear"], "say the CSM, --nobody or --clear"),
        (["--since", "yesterday"], "expected a date or moment"),
    ],
)
def test_what_can_not_be_done_is_said(place: Place, arguments: list[str], said: str) -> None:
    place.done("activities")
    ran = place.run("activities", *arguments)
    assert ran.status == 2
    assert said in ran.err


@pytest.mark.parametrize(
    ("uid", "said"),
    [("M-1", ""), ("M-2", ""), ("U99", "note: no report has had the account U99 yet: is that its UID?\n")],
    ids=["a case", "never off", "none"],
)
def test_an_account_that_no_report_has_had_is_told_and_mapped_all_the_same(place: Place, uid: str, said: str) -> None:
    row = ("Acme", "Dana Ortiz", "EMEA", 10, 1)
    place.write("2026-11-03", [("M-1", *row, "no"), ("M-2", *row, "yes")])
    place.done("pull", "--report", str(place.reports / "payments_2026-11-03.csv"))
    place.done("activities")
    ran = place.run("activities", "account", "files", "CRM-7", f" {uid} ")
    assert (ran.status, ran.err) == (0, said)
    shown = place.done("show", "activities", "--format", "json").json
    assert [row["uid"] for row in shown] == [uid, uid, None]


def test_a_source_that_fails_and_a_crm_that_is_not_set_up(place: Place) -> None:
    (place.folder / "crm.csv").unlink()
    ran = place.run("activities")
    assert ran.status == 1
    assert ran.err.startswith("winback: files: crm.files.path: no file at")
    place.set(NEVER_LOST)
    ran = place.run("activities")
    assert (ran.status, "no CRM is set up" in ran.line) == (2, True)
