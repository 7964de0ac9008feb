"""A CSM's own accounts, in the pages: whose they are, in which order, and who a user is to the reports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import backing
from tests.programme import Programme, day, rows
from tests.web.opened import Pages, opened, played
from winback.answers import Actor, reach_out
from winback.store.models import Activity, Case, Claim
from winback.web.actor import csm_of_user

# So that these run on each database.
_ = Programme


@pytest.fixture
def own(stands_on: backing.Backing, tmp_path: Path) -> Iterator[Pages]:
    """Ana has b, s (the smaller) and t (the smallest) at risk."""
    programme = played(tmp_path)
    small = {uid: {"csm_name": "Ana", "gmv": gmv} for uid, gmv in (("b", 25_000), ("s", 9), ("t", 5))}
    programme.pull(11, rows("a+ b- c- d- e+ n+ s+ t+", **small))
    programme.pull(12, rows("a+ b- c- d- e+ n+ s- t-", **small))
    with opened(programme) as pages:
        yield pages


def listed(pages: Pages) -> list[str]:
    content = pages.get("csm", "/my-accounts/").content.decode()
    return re.findall(r'<p class="quiet"><bdi>(.*?)</bdi>', content)


def test_they_are_theirs_and_the_largest_comes_first(own: Pages) -> None:
    assert listed(own) == ["b", "s", "t"]
    assert "None of your accounts is at risk" in own.get("manager", "/my-accounts/").content.decode()


def test_what_is_answered_comes_last(own: Pages) -> None:
    case = Case.objects.get(uid="b", readopted_at=None).pk
    reach_out(own.workspace.settings, case, Actor("x", "Ana"), day(12), "k")
    assert listed(own) == ["s", "t", "b"]


def test_a_row_answers_in_its_place_where_scripts_run(own: Pages) -> None:
    case = Case.objects.get(uid="s").pk
    answer = own.client("csm").post(f"/case/{case}/reach-out/", {"key": "k"}, headers={"HX-Request": "true"})
    content = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in content
    assert "Noted: you reached out to s." in content
    assert Activity.objects.get().uid == "s"
    wrong = own.client("csm").post(f"/case/{case}/outcome/", {"key": "k"}, headers={"HX-Request": "true"})
    assert "This field is required." in wrong.content.decode()
    assert not Claim.objects.exists()


def test_they_are_still_theirs_page_by_page(own: Pages) -> None:
    assert own.get("csm", "/my-accounts/?page=2").status_code == 200
    assert own.get("csm", "/my-accounts/?page=0").status_code == 400
    assert own.get("csm", "/my-accounts/?page=x").status_code == 400


@pytest.mark.parametrize(
    ("name", "email", "csm"),
    [
        ("", "dana@shop.example", ("Dana", "Dana@Shop.example")),
        ("Somebody else", "dana@shop.example", ("Dana", "Dana@Shop.example")),
        ("Dana", "other@shop.example", ("Dana", "other@shop.example")),
        ("", "kim@mail.example", ("Kim", None)),
        ("kim", "other@shop.example", ("kim", "other@shop.example")),
        (" lou ", "lou@shop.example", ("Lou", None)),
        ("", "lou@shop.example", (None, "lou@shop.example")),
    ],
)
def test_who_a_user_is(tmp_path: Path, name: str, email: str, csm: tuple[str | None, str | None]) -> None:
    """By the address of the reports, else of the settings; by name alone where the CSM has no address anywhere."""
    programme = Programme(tmp_path, '[people.Kim]\nemail = "kim@mail.example"\n')
    of = {
        "a": {"csm_name": "Dana", "csm_email": "Dana@Shop.example"},
        "b": {"csm_name": "Kim"},
        "c": {"csm_name": "Lou"},
    }
    programme.pull(1, rows("a+ b+ c+ d+ e+ f+", **of))
    programme.pull(2, rows("a- b- c- d+ e+ f+", **of))
    with programme.open() as workspace:
        assert csm_of_user(name, email, workspace.settings) == csm
