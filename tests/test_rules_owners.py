"""rules.md R4.8: the owner of a case at a moment."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.programme import Programme, rows

pytestmark = pytest.mark.rule("R4.8")
PRESENCE = 'mode = "presence"'


def pulls(programme: Programme, *reports: tuple[str, str]) -> None:
    """Words of each day's report, and the CSM that it names for everybody."""
    for number, (words, csm) in enumerate(reports, start=1):
        programme.pull(number, rows(words, {"csm_name": csm}))


def owners(programme: Programme, table: str = "cases", last_day: int = 6) -> list[str | None]:
    """The owner of account a at each day from the second on."""
    return [programme.row(table, "a", at=number)["csm_name_now"] for number in range(2, last_day + 1)]


def test_the_owner_is_the_csm_whom_the_newest_report_names(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    off = "a- b+"
    pulls(programme, ("a+ b+", "Dana"), (off, "Dana"), (off, "Lee"), (off, "Lee"), (off, "Dana"), (off, "Kim"))
    assert owners(programme) == ["Dana", "Lee", "Lee", "Dana", "Kim"]
    assert set(programme.column("cases", "csm_name").values()) == {"Dana"}


def test_the_report_that_opens_a_case_may_name_another_csm_than_the_one_before(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    pulls(programme, ("a+ b+", "Dana"), ("a- b+", "Lee"))
    row = programme.row("at_risk", "a")
    assert (row["csm_name"], row["csm_name_now"]) == ("Dana", "Lee")
    assert [message.recipient for message in programme.messages] == ["Lee"]


def test_a_report_without_the_account_leaves_its_owner(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    pulls(programme, ("a+ b+", "Dana"), ("a- b+", "Dana"), ("b+", "Lee"), ("a? b+", "Kim"), ("a- b+", "Lee"))
    assert owners(programme, last_day=5) == ["Dana", "Dana", "Dana", "Lee"]


def test_a_report_that_names_nobody_leaves_the_case_without_an_owner(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    pulls(programme, ("a+ b+", "Dana"), ("a- b+", "Dana"), ("a- b+", ""), ("a- b+", "Dana"))
    assert owners(programme, last_day=4) == ["Dana", None, "Dana"]


@pytest.mark.parametrize(("product", "on", "off"), [("", "a+ b+", "a- b+"), (PRESENCE, "b", "a b")])
def test_the_owner_stays_as_it_was_at_the_re_adoption(tmp_path: Path, product: str, on: str, off: str) -> None:
    programme = Programme(tmp_path, product=product)
    pulls(programme, (on, "Dana"), (off, "Dana"), (off, "Lee"), (on, "Kim"), (on, "Kim"), (on, "Ann"))
    kept = "Lee" if product else "Kim"  # a list names nobody on the day when the account is gone from it
    assert owners(programme) == ["Dana", "Lee", kept, kept, kept]
    assert programme.kpis(csm=kept)["recovered"]["accounts"] == 1
    assert programme.kpis(csm="Ann")["recovered"]["accounts"] == 0


def test_a_re_adoption_before_the_pull_that_shows_it_does_not_take_that_pulls_csm(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, rows("a+ b+", {"csm_name": "Dana"}))
    programme.pull(2, rows("a- b+", {"csm_name": "Dana"}))
    programme.pull(4, rows("a+ b+", {"csm_name": "Lee"}, a={"changed_at": "2026-11-03"}))
    assert owners(programme, last_day=4) == ["Dana", "Dana", "Dana"]


def test_each_case_of_an_account_has_its_own_owners(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    pulls(programme, ("a+ b+", "Dana"), ("a- b+", "Dana"), ("a+ b+", "Dana"), ("a- b+", "Lee"), ("a- b+", "Kim"))
    assert [row["csm_name_now"] for row in programme.table("cases")] == ["Dana", "Kim"]


def test_a_held_or_rejected_pull_names_no_owner_and_an_undone_one_not_any_more(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, rows("a+ b+ c+ d+ e+ f+", {"csm_name": "Dana"}))
    programme.pull(2, rows("a- b+ c+ d+ e+ f+", {"csm_name": "Dana"}))
    held = programme.pull(3, rows("a- b- c- d- e- f-", {"csm_name": "Lee"}))
    assert held.status == "held"
    assert owners(programme, last_day=3) == ["Dana", "Dana"]
    programme.reject(held)
    programme.undo(programme.pull(4, rows("a- b+ c+ d+ e+ f+", {"csm_name": "Kim"})))
    assert owners(programme, last_day=4) == ["Dana", "Dana", "Dana"]


def test_tables_and_kpis_are_filtered_by_owner_by_name_or_by_email_in_any_case(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    dana = {"csm_name": "Dana", "csm_email": "Dana@x.example"}
    programme.pull(1, rows("a+ b+ c+", dana))
    programme.pull(2, rows("a- b- c+", dana, b={"csm_name": "Lee", "csm_email": "lee@x.example"}))
    for csm in ("Dana", "dana@X.example"):
        assert programme.uids("at_risk", csm=csm) == ["a"]
        assert programme.kpis(csm=csm)["at_risk"]["accounts"] == 1
    assert programme.uids("at_risk", csm="Lee") == programme.uids("cases", csm="Lee") == ["b"]
    assert programme.uids("at_risk", csm="dana") == []


def test_accounts_of_nobody_are_found_under_the_empty_name(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, rows("a+ b+ c+", b={"csm_name": "Lee"}))
    programme.pull(2, rows("a- b- c+", b={"csm_name": "Lee"}))
    assert programme.uids("at_risk", csm="") == ["a"]
    assert programme.uids("at_risk", region="") == ["a", "b"]
