"""Figures are asked of DuckDB, and come out as the database would have them."""

from __future__ import annotations

from pathlib import Path

from tests.programme import Programme, accounts, rows


def test_letters_beyond_a_to_z_tell_csms_apart_by_their_case_and_others_do_not(tmp_path: Path) -> None:
    emails = {"m0": "a@x.example", "m1": "A@X.example", "m2": "ä@x.example", "m3": "Ä@x.example"}
    of = {uid: {"csm_email": email} for uid, email in emails.items()}
    programme = Programme(tmp_path)
    programme.pull(1, rows(accounts(50), **of))
    programme.pull(2, rows(accounts(4, "-") + " " + accounts(46, start=4), **of))
    found = {each["csm_email"]: each["at_risk"] for each in programme.kpis(3)["by_csm"]}
    assert found == {"A@X.example": 2, "ä@x.example": 1, "Ä@x.example": 1}


def test_what_changes_between_two_questions_is_in_the_second(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, accounts(50))
    assert programme.kpis(3)["at_risk"]["accounts"] == 0
    programme.pull(2, "m0- " + accounts(49, start=1))
    assert programme.kpis(3)["at_risk"]["accounts"] == 1
    programme.void("m0")
    assert programme.kpis(3)["at_risk"]["accounts"] == 0
