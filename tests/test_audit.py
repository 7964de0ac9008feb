"""The audit log: every decision is in it once, whichever way it was made, and nobody can change it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import DatabaseError

from tests import backing
from tests.backing import BACKINGS
from tests.programme import Programme, day, number_of, rows
from winback import answers
from winback.access.keys import make_key, user_of_key
from winback.access.users import make_user
from winback.answers import Actor
from winback.store.audit import note
from winback.store.models import AuditEntry, Case

DANA = Actor("U1", "Dana")
OF_DANA = {"csm_name": "Dana", "merchant_name": "Alder"}
OTHERS = "b+ c+ d+ e+ f+ g+ h+ i+ j+ k+ l+ m+ n+"


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    """Of Dana's account `a`, which churned on day 2."""
    programme = Programme(tmp_path, '[people.Dana]\nmanager = "Lee"\n[alerts]\nto = ["#ops"]')
    programme.pull(1, rows(f"a+ {OTHERS}", OF_DANA))
    programme.pull(2, rows(f"a- {OTHERS}", OF_DANA))
    return programme


def noted(programme: Programme) -> list[tuple[str, str, str, str | None]]:
    """Actor, action, subject and details, the oldest first."""
    with programme.open():
        return list(AuditEntry.objects.order_by("pk").values_list("actor", "action", "subject", "details"))


def test_decisions_about_pulls_are_noted_once(programme: Programme) -> None:
    held = programme.pull(3, "b-")
    assert held.status == "held"
    programme.reject(held)
    programme.reject(held)
    approved = programme.pull(4, "b+ c+")
    programme.approve(approved)
    programme.approve(approved)
    programme.undo(approved)
    programme.undo(approved)
    assert noted(programme) == [
        ("lee", "pull rejected", f"pull {number_of(held)} of payments, 2026-11-03T09:00:00Z", "wrong file"),
        ("lee", "pull approved", f"pull {number_of(approved)} of payments, 2026-11-04T09:00:00Z", "checked"),
        ("lee", "pull undone", f"pull {number_of(approved)} of payments, 2026-11-04T09:00:00Z", "wrong file"),
    ]


def test_what_csms_answer_is_noted_once(programme: Programme) -> None:
    with programme.open() as workspace:
        settings, case = workspace.settings, Case.objects.get(uid="a")
        for _ in range(2):
            answers.snooze(settings, case.pk, day(9), "on holiday", DANA, day(3), "k1")
            answers.claim(settings, case.pk, "won", "Other", "a word", DANA, day(3), "k2")
            answers.doubt(settings, case.pk, "never used it", DANA, day(3), "k3")
            answers.reassign(settings, case.pk, ("Ben", None), DANA, day(4), "k4", "knows them")
        named = f"case {case.pk} of payments, a"
    assert noted(programme) == [
        ("Dana", "case snoozed", named, "until Mon 09 Nov: on holiday"),
        ("Dana", "claimed won", named, "Other"),
        ("Dana", "data doubted", named, "never used it"),
        ("Dana", "case reassigned", named, "to Ben: knows them"),
    ]


def test_what_operators_say_is_noted(programme: Programme) -> None:
    file = programme.folder / "claims.csv"
    file.write_text("uid,outcome,csm_name,claimed_at\na,won,Dana,2026-11-02\nzz,won,Dana,2026-11-02\n")
    with programme.open() as workspace:
        case = Case.objects.get(uid="a").pk
        workspace.set_person("Dana", email="dana@shop.example", timezone="Europe/Madrid", clear=["slack"], by="lee")
        workspace.set_person("Ben", email="ben@shop.example", by="lee")
        workspace.reassign([case], "Ben", by="lee")
        workspace.import_claims(file, by="lee")
        workspace.void(case, "never used it", by="lee")
        workspace.notify(release=True, by="lee")
    assert noted(programme) == [
        ("lee", "person set", "Dana", "email: dana@shop.example; timezone: Europe/Madrid; slack: cleared"),
        ("lee", "person set", "Ben", "email: ben@shop.example"),
        ("lee", "case reassigned", f"case {case} of payments, a", "to Ben"),
        ("lee", "claims imported", "claims.csv", "2 added, 0 changed"),
        ("lee", "case made void", f"case {case} of payments, a", "never used it"),
        ("lee", "messages released", "0 notifications", None),
    ]


def test_what_is_not_done_is_not_noted(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor the other way round: they are one transaction."""
    held = programme.pull(3, "b-")
    monkeypatch.setattr("winback.decisions.note", _fail)
    with pytest.raises(ZeroDivisionError):
        programme.reject(held)
    assert [row["status"] for row in programme.table("pulls")].count("held") == 1
    assert noted(programme) == []


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _tell(done: int, total: int) -> None:
    """Nobody looks."""


def _fail(*_: object) -> None:
    raise ZeroDivisionError


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_lets_nobody_change_an_entry(programme: Programme, change: str) -> None:
    with programme.open() as workspace:
        note(workspace.now(), "lee", "signed in", "pages")
        entries = AuditEntry.objects.all()
        with pytest.raises(DatabaseError, match="only added to"):
            entries.update(actor="somebody") if change == "update" else entries.delete()
    assert noted(programme) == [("lee", "signed in", "pages", None)]


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
@pytest.mark.parametrize("source", ["sqlite", "postgresql"])
def test_a_backup_keeps_log_users_roles_and_keys(source: str, target: str, tmp_path: Path) -> None:
    from winback.backups import back_up, restore

    for name in (source, target):
        if why := BACKINGS[name].why_not:
            pytest.skip(why)
    backup = tmp_path / "backup.tar.zst"
    with backing.in_use(BACKINGS[source]):
        programme = Programme(made(tmp_path / "one"))
        with programme.open() as workspace:
            lee = make_user("lee@shop.example", "Lee", "manager", "a long password", "test", day(1))
            key = make_key(lee, "script", None, day(1))
            before = list(AuditEntry.objects.order_by("pk").values())
            back_up(workspace.settings, backup, "test", workspace.now(), _tell)
    with backing.in_use(BACKINGS[target]):
        other = Programme(made(tmp_path / "other"))
        restore(other.folder, backup, _tell)
        with other.open() as workspace:
            found = user_of_key(key, day(2))
            assert found is not None
            assert (found.email, found.role, found.check_password("a long password")) == (lee.email, "manager", True)
            assert list(AuditEntry.objects.order_by("pk").values()) == before
            note(workspace.now(), "lee", "signed in", "pages")
            with pytest.raises(DatabaseError, match="only added to"):
                AuditEntry.objects.all().delete()
