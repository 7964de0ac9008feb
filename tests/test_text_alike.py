"""What databases do with text of every language, with NUL, and with very large amounts: the same, whichever it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.programme import LENIENT, Programme
from winback.outcomes import Outcome

ODD = ["Ä", "a", "B", "_", "É", "é", "Z", "z", "ß", "İ", "ı", "日本", "😀", "a b", "a'b", 'a"b', "a\\b", "%s", "{{x}}"]


def played(folder: Path, rows: list[dict[str, object]]) -> Programme:
    """Enabled on the first day, not on the second; one account stays."""
    programme = Programme(folder, LENIENT)
    pull(programme, 1, [*flagged(rows, True), {"uid": "stays", "is_product_enabled": "yes"}])
    pull(programme, 2, [*flagged(rows, False), {"uid": "stays", "is_product_enabled": "yes"}])
    return programme


def flagged(rows: list[dict[str, object]], enabled: bool) -> list[dict[str, object]]:
    return [{**row, "is_product_enabled": str(enabled)} for row in rows]


def pull(programme: Programme, day: int, rows: list[dict[str, object]]) -> Outcome:
    """As JSON, since text with NUL in it is refused in other formats."""
    path = programme.file("".join(json.dumps(row) + "\n" for row in rows), f"report_{day}.ndjson")
    return programme.pull(day, path)


def test_rows_are_in_the_order_of_their_bytes(tmp_path: Path) -> None:
    programme = played(tmp_path, [{"uid": uid, "csm_name": uid, "region": uid} for uid in ODD])
    by_bytes = sorted(ODD, key=str.encode)
    assert [row["uid"] for row in programme.table("cases")] == by_bytes
    assert [row["uid"] for row in programme.table("at_risk")] == by_bytes
    assert [row["csm_name"] for row in programme.kpis()["by_csm"]] == by_bytes
    assert [programme.uids("cases", region=uid) for uid in ODD] == [[uid] for uid in ODD]
    assert [programme.uids("cases", csm=uid) for uid in ODD] == [[uid] for uid in ODD]
    assert [programme.kpis(csm=uid)["at_risk"]["accounts"] for uid in ODD] == [1] * len(ODD)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("dana@x.example", ["a", "b"]),
        ("DANA@X.EXAMPLE", ["a", "b"]),
        ("École@x.example", ["c"]),
        ("ÉCOLE@X.example", ["c"]),
        ("école@x.example", ["d"]),
    ],
)
def test_e_mails_are_alike_but_for_the_case_of_a_to_z(tmp_path: Path, asked: str, found: list[str]) -> None:
    emails = {"a": "Dana@x.example", "b": "dana@X.example", "c": "École@x.example", "d": "école@x.example"}
    programme = played(tmp_path, [{"uid": uid, "csm_email": email} for uid, email in emails.items()])
    assert programme.uids("at_risk", csm=asked) == found
    assert programme.kpis(csm=asked)["at_risk"]["accounts"] == len(found)
    assert sorted(row["uid"] for row in programme.table("notifications", csm=asked)) == found


def test_a_nul_is_kept_in_the_history_and_shown_as_something_else_in_the_database(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"uid": "a\0b", "merchant_name": "M\0m", "csm_name": "Da\0na", "region": "E\0E", "Plan\0": "x\0y"},
        {"uid": "c"},
    ]
    programme = played(tmp_path, rows)
    assert programme.uids("history") == ["a\0b", "c", "stays"]
    case = programme.row("cases", "a\ufffdb")
    assert (case["csm_name"], case["region"]) == ("Da\ufffdna", "E\ufffdE")
    assert programme.uids("cases", region="E\0E") == ["a\ufffdb"]
    pull(programme, 3, flagged([rows[0] | {"csm_name": "L\0ee"}, rows[1]], False))
    assert programme.row("at_risk", "a\ufffdb")["csm_name_now"] == "L\ufffdee"
    pull(programme, 4, flagged(rows, True))
    assert programme.uids("readopted") == ["a\ufffdb", "c"]


def test_a_held_report_with_nul_in_it(tmp_path: Path) -> None:
    programme = Programme(tmp_path, "[alerts]\nto = ['#ops']")
    rows: list[dict[str, object]] = [{"uid": f"m\0{number}", "csm_name": "Da\0na"} for number in range(30)]
    pull(programme, 1, flagged(rows, True))
    held = pull(programme, 2, flagged(rows, False))
    assert held.status == "held"
    assert programme.approve(held).status == "applied"
    assert len(programme.uids("at_risk")) == 30


def test_sums_of_very_large_amounts_are_exact(tmp_path: Path) -> None:
    largest = "99999999999999.9999"
    rows: list[dict[str, object]] = [{"uid": f"m{number}", "gmv": largest} for number in range(200)]
    rows.append({"uid": "less", "gmv": "-0.0001", "revenue": f"-{largest}"})
    programme = played(tmp_path, rows)
    at_risk = programme.kpis()["at_risk"]
    assert at_risk["gmv"] == "19999999999999999.9799"
    assert at_risk["revenue"] == f"-{largest}"
    assert programme.flows(1, 3)["churns"]["gmv"] == "19999999999999999.9799"


def test_hours_have_the_same_median_and_mean(tmp_path: Path) -> None:
    programme = Programme(tmp_path, LENIENT)
    programme.pull(1, "a+ b+ c+ d+")
    programme.pull("2026-11-02T09:00:01Z", "a- b+ c+ d+")
    programme.pull("2026-11-03T10:20:07Z", "a- b- c- d+")
    programme.pull(4, "a- b- c- d-")
    hours = programme.kpis("2026-11-09T09:00:18.000001Z")["time_since_churn_hours"]
    assert hours == {"count": 4, "median": 142.67, "mean": 143.34}
