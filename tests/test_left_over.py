"""What a process that died, a decision or a missing recipient has left behind, and what becomes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.programme import Programme, day
from winback.errors import ReportRefused, WinbackError
from winback.store.models import Notification


def test_what_an_earlier_pull_died_over_is_sent_by_the_next(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+")
    programme.pull(2, "a- b+")
    with programme.open():
        Notification.objects.update(status="planned", sent_at=None)
    programme.told()
    programme.pull(3, "a- b-")
    assert sorted(message.title for message in programme.told()) == [
        "a switched off payments",
        "b switched off payments",
    ]


def test_what_was_left_to_notify_is_not_sent_by_the_next_pull(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+")
    programme.pull(2, "a- b+", messages=False)
    programme.pull(3, "a- b-")
    assert [message.title for message in programme.told()] == ["b switched off payments"]


@pytest.mark.rule("R5.6")
def test_a_message_without_recipient_is_sent_once_there_is_one(tmp_path: Path) -> None:
    programme = Programme(tmp_path, '[messages]\nfallback = ""')
    programme.pull(1, "a+ b+")
    programme.pull(2, "a- b+")
    assert programme.stages("unrouted") == [("a", "first")]
    programme.set('[messages]\nfallback = "#winback"')
    assert programme.notify(release=True).messages == 1
    assert programme.stages("sent") == [("a", "first")]


@pytest.mark.rule("R3.13", "R5.7")
def test_an_undo_lets_wait_what_waited_before(tmp_path: Path) -> None:
    programme = Programme(tmp_path, "[messages]\nmax_per_run = 1\nbundle_over = 9")
    programme.pull(1, "a+ b+ c+")
    programme.pull(2, "a- b- c+")
    assert programme.stages("waiting") == [("a", "first"), ("b", "first")]
    back = programme.pull(3, "a+ b+ c+")
    assert programme.stages("waiting") == []
    programme.undo(back)
    assert programme.stages("waiting") == [("a", "first"), ("b", "first")]


@pytest.mark.rule("R3.13")
def test_what_an_undo_took_back_is_never_sent(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a- b+")
    adopted = programme.pull(2, "a+ b+")
    with programme.open():
        Notification.objects.update(status="unknown", sent_at=None, claimed_until=day(0))
    programme.told()
    programme.undo(adopted)
    assert ["ignore" in message.text for message in programme.told()] == [True]
    assert programme.notify(day(9), release=True).messages == 0


@pytest.mark.rule("R3.12")
def test_a_held_report_that_is_not_as_it_was_read_is_not_approved(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+ c+ d+ e+")
    held = programme.pull(2, "a- b- c- d- e-")
    (report,) = [path for path in (tmp_path / "data").rglob("report.parquet") if "1102" in path.parent.name]
    report.write_bytes(report.read_bytes() + b"x")
    with pytest.raises(WinbackError, match="is not there as it was read"):
        programme.approve(held)


def test_folders_that_are_not_ours_stay_where_they_are(tmp_path: Path) -> None:
    own = tmp_path / "data" / "payments" / "2026"
    own.mkdir(parents=True)
    (own / "report.csv").write_text("uid,is_product_enabled\na,true\n")
    programme = Programme(tmp_path)
    programme.pull(1, "a+")
    programme.pull(2, "a+")
    assert (own / "report.csv").exists()


def test_the_history_of_a_lost_database_is_kept_and_named_by_doctor(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+")
    (folder,) = [path for path in (tmp_path / "data" / "payments").iterdir() if path.is_dir()]
    fresh = Programme(tmp_path)
    with pytest.raises(ReportRefused):
        fresh.pull(2, "nothing of use\nat all\n")
    assert folder.is_dir()


def test_with_a_moment_the_report_of_that_moment_is_read(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.set(product="")
    settings = (tmp_path / "winback.toml").read_text().replace("'reports'", "'r_{date}.csv'")
    (tmp_path / "winback.toml").write_text(settings)
    for on, words in (("2026-11-01", "a+"), ("2026-11-02", "a+ b+"), ("2026-11-03", "a+ b+ c+")):
        programme.file(words, f"r_{on}.csv")
    with programme.open(day(4)) as workspace:
        assert workspace.pull("payments", at="2026-11-02").accepted == 2
        assert workspace.pull("payments", at="2026-11-03T09:00Z").accepted == 3
        with pytest.raises(ReportRefused, match=r"no report of 2026-11-04T09:00:00Z; the newest is r_2026-11-03\.csv"):
            workspace.pull("payments", at=day(4))


def test_the_date_in_the_name_of_a_given_report_counts(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    path = programme.file("a+", "export of 2026-11-02.csv")
    with programme.open(day(4)) as workspace:
        assert f"{workspace.pull('payments', path).at:%Y-%m-%d %H:%M}" == "2026-11-02 00:00"


def test_two_csms_of_one_name_are_told_apart_by_e_mail(tmp_path: Path) -> None:
    programme = Programme(tmp_path, '[people."Dana"]\nemail = "one@x.example"')
    two = [
        {"uid": uid, "is_product_enabled": "yes", "csm_name": "Dana", "csm_email": f"{uid}@x.example"}
        for uid in ("a", "b")
    ]
    programme.pull(1, [*two, {"uid": "c", "is_product_enabled": "yes"}])
    programme.pull(
        2, [{**row, "is_product_enabled": "no"} for row in two] + [{"uid": "c", "is_product_enabled": "yes"}]
    )
    assert sorted(message.recipient for message in programme.told()) == ["Dana <a@x.example>", "Dana <b@x.example>"]
