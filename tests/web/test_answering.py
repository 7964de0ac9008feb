"""What people do about accounts in the pages: recorded once, in the right name, and refused in kind words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from tests import backing
from tests.programme import Programme, day, rows
from tests.web.opened import Pages, opened, played
from tests.web.test_account import page, words
from winback.answers import Actor, reach_out
from winback.core.roles import Role
from winback.store.models import Activity, Assignment, AuditEntry, Case, Claim, Notice, Snooze


@pytest.fixture
def own(stands_on: backing.Backing, tmp_path: Path) -> Iterator[Pages]:
    """For tests that change something."""
    with opened(played(tmp_path)) as pages:
        yield pages


def case_of(uid: str) -> int:
    return Case.objects.filter(uid=uid).order_by("-churned_at").values_list("pk", flat=True)[0]


def send(pages: Pages, role: Role, uid: str, name: str, key: str = "k", **data: str) -> Any:
    return pages.post(role, f"/case/{case_of(uid)}/{name}/", {"key": key, **data})


@pytest.mark.parametrize(
    "uid", ["a/b", "../..", "a?b#c&d=e", "%2e", "<b>&amp;", "ä \u202egnp", "'; drop table cases --"]
)
def test_a_uid_may_be_any_text(tmp_path: Path, uid: str) -> None:
    programme = Programme(tmp_path)
    row = {"uid": uid, "is_product_enabled": "true", "merchant_name": "<script>alert(1)</script>" + "x" * 10_000}
    programme.pull(1, [*rows("m1+ m2+ m3+ m4+"), row])
    programme.pull(2, [*rows("m1+ m2+ m3+ m4+"), row | {"is_product_enabled": "false"}])
    with opened(programme) as pages:
        (address,) = re.findall(r'href="(/account/[^"]*)"', pages.get("viewer", "/at-risk/").content.decode())
        answer = pages.get("admin", address.replace("&amp;", "&").replace("&#x27;", "'"))
        assert answer.status_code == 200
        assert f"<dt>UID</dt><dd><bdi>{escape(uid)}</bdi>" in answer.content.decode()
        assert "<script>alert" not in answer.content.decode()


def test_an_outcome_is_a_claim_of_who_says_so(own: Pages) -> None:
    answer = send(own, "csm", "b", "outcome", ended="lost:Price", note="too dear")
    assert answer.status_code == 302
    assert answer["Location"] == "/account/payments/?uid=b"
    claim = Claim.objects.get()
    assert (claim.case_id, claim.outcome, claim.reason, claim.note) == (case_of("b"), "lost", "Price", "too dear")
    assert (claim.csm_name, claim.csm_email, claim.source) == ("Ana", None, "web")
    content = words(page(own, "viewer", "b"))
    assert "Ana says: lost came true Price too dear" in content


def test_a_double_click_counts_once_and_another_answer_counts_too(own: Pages) -> None:
    for _ in range(2):
        assert send(own, "csm", "b", "outcome", ended="won:Other").status_code == 302
    assert Claim.objects.count() == 1
    assert AuditEntry.objects.filter(action="claimed won").count() == 1
    send(own, "csm", "b", "outcome", ended="lost:Other")
    assert [claim.outcome for claim in Claim.objects.order_by("pk")] == ["won", "lost"]


def test_whoever_reached_out_is_noted_as_engaged(own: Pages) -> None:
    assert send(own, "csm", "b", "reach-out").status_code == 302
    activity = Activity.objects.get()
    assert (activity.source, activity.csm_name, activity.kind) == ("web", "Ana", "reached_out")
    assert "First contacted" in page(own, "viewer", "b")
    assert own.workspace.table("at_risk").to_pylist()[0]["engaged_at"] == day(12)


def test_a_snooze_ends_where_its_day_begins(own: Pages) -> None:
    assert send(own, "csm", "b", "snooze", until="2026-11-20", reason="on holiday").status_code == 302
    assert Snooze.objects.get().until_at.isoformat() == "2026-11-20T00:00:00+00:00"
    assert "No reminders until 20 Nov 2026" in words(page(own, "viewer", "b"))


def test_what_is_wrong_is_said_beside_the_field_and_kept(own: Pages) -> None:
    answer = send(own, "csm", "b", "snooze", until="2027-11-20", reason="<i>on holiday</i>")
    assert answer.status_code == 400
    content = answer.content.decode()
    assert "Choose a day from tomorrow to 90 days ahead." in content
    assert "&lt;i&gt;on holiday" in content
    assert send(own, "csm", "b", "outcome", ended="won:Because").status_code == 400
    assert send(own, "csm", "b", "doubt", reason=" ").status_code == 400
    assert not Snooze.objects.exists()
    assert not Claim.objects.exists()


def test_an_account_is_handed_to_somebody_who_is_known(own: Pages) -> None:
    answer = send(own, "csm", "b", "reassign", to="Bne")
    assert answer.status_code == 400
    assert "did you mean Ben?" in answer.content.decode()
    assert send(own, "csm", "b", "reassign", to="Ben", reason="He knows them").status_code == 302
    assert (Assignment.objects.get().csm_name, Assignment.objects.get().assigned_by) == ("Ben", "Ana")
    assert Notice.objects.filter(kind="assigned").count() == 1
    assert "Ana gave it to Ben" in words(page(own, "viewer", "b"))


def test_a_manager_answers_for_any_account_in_their_own_name(own: Pages) -> None:
    assert send(own, "csm", "c", "outcome", ended="won:Other").status_code == 400
    assert not Claim.objects.exists()
    assert send(own, "manager", "c", "outcome", ended="won:Other").status_code == 302
    assert Claim.objects.get().csm_email == "manager@shop.example"


def test_a_case_is_made_void_by_managers_alone(own: Pages) -> None:
    assert send(own, "csm", "b", "void", reason="x").status_code == 403
    assert send(own, "manager", "b", "void").status_code == 400
    assert send(own, "manager", "b", "void", reason="an error of the export").status_code == 302
    assert "Void Its case counts nowhere: an error of the export" in words(page(own, "viewer", "b"))
    assert AuditEntry.objects.order_by("-pk")[0].actor == "manager@shop.example"
    assert send(own, "csm", "b", "outcome", ended="won:Other").status_code == 400


def test_it_leads_back_to_where_it_was_but_nowhere_else(own: Pages) -> None:
    assert send(own, "csm", "b", "reach-out", next="/my-accounts/")["Location"] == "/my-accounts/"
    back = send(own, "csm", "b", "reach-out", next="https://evil.example/")
    assert back["Location"] == "/account/payments/?uid=b"


@pytest.mark.rule("R6.6")
def test_a_csm_does_not_see_what_is_held_out(own: Pages) -> None:
    Case.objects.filter(uid="b").update(arm="held_out", holdout_share=0.5)
    for address in ("/account/payments/?uid=b", "/account/payments/?uid=b&at=2027-01-01"):
        shown = own.get("csm", address).content.decode().partition("<main")[2]
        assert "No churn and no win is on record." in shown
        assert not any(words in shown for words in ("Off since", "What happened", "<form"))
    assert "<bdi>b</bdi>" not in own.get("csm", "/at-risk/?at=2026-12-30").content.decode()
    assert "<bdi>b</bdi>" not in own.get("csm", "/my-accounts/").content.decode()
    assert send(own, "csm", "b", "reach-out").status_code == 404
    assert "At risk" in page(own, "manager", "b")
    assert send(own, "manager", "b", "reassign", to="Ben").status_code == 302
    assert not Notice.objects.filter(kind="assigned").exists(), "Ben must not hear of it"


def test_answers_are_posted_with_the_sign_of_the_form(own: Pages) -> None:
    client = Client(enforce_csrf_checks=True, SERVER_NAME="localhost")
    client.force_login(own.users["csm"], "django.contrib.auth.backends.ModelBackend")
    assert client.post(f"/case/{case_of('b')}/reach-out/", {"key": "k"}).status_code == 403
    assert client.get(f"/case/{case_of('b')}/reach-out/").status_code == 405


def test_somebody_elses_answers_are_told_with_their_names(own: Pages) -> None:
    actor = Actor("U1", "Ana", None)
    reach_out(own.workspace.settings, case_of("b"), actor, day(11), "k")
    assert "Ana: Reached out" in words(page(own, "viewer", "b"))
