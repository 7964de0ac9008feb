"""People and users in the pages: who can't be found, saying who they are; who may sign in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings

from tests.programme import Programme, day, rows
from tests.web.opened import Pages, opened
from winback.access.models import User
from winback.store.models import AuditEntry, Person
from winback.store.people import Listed, keep_members

SLACK = '[messages]\nchannel = "slack"\n[slack]\nbot_token = "env:SLACK_BOT_TOKEN"\n[people."Zoe"]\ncountry = "ES"\n'


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Pages]:
    """Four CSMs of open cases: two members of Slack, by e-mail and by name; two that are none."""
    programme = Programme(tmp_path, SLACK, product="[products.payments.guard]\nmin_accounts = 1000")
    who = {
        "a": {"csm_name": "Ana", "csm_email": "ana@shop.example"},
        "b": {"csm_name": "Ben"},
        "c": {"csm_name": "<b>Cy</b> & Co"},
        "d": {"csm_name": "Zoe"},
    }
    programme.pull(1, rows("a+ b+ c+ d+ e+", **who), messages=False)
    programme.pull(2, rows("a- b- c- d- e+", **who), messages=False)
    programme.now = day(2)
    with opened(programme) as pages:
        keep_members([_member("U1", "A.", "ana@shop.example"), _member("U2", "Ben", None)], day(2))
        yield pages


def _member(slack: str, name: str, email: str | None) -> Listed:
    return Listed(slack, name, None, email, None, is_active=True, is_person=True, is_guest=False)


def test_people_who_can_not_be_found_stand_first(shop: Pages) -> None:
    text = shop.get("manager", "/people/").content.decode()
    names = re.findall(r'<a href="/people/set/\?name=[^"]*"><bdi>(.*?)</bdi>', text)
    assert names == ["&lt;b&gt;Cy&lt;/b&gt; &amp; Co", "Zoe", "Ben", "Ana"]
    assert "2 can't be reached" in text
    assert ">name<" in text
    assert ">e-mail<" in text


def test_the_list_asks_the_database_little_however_many_there_are(shop: Pages) -> None:
    client = shop.client("manager")
    client.get("/people/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/people/")
    assert len(asked) <= 12


def test_somebody_is_found_once_it_is_said_who_they_are(shop: Pages) -> None:
    address = "/people/set/?name=%3Cb%3ECy%3C%2Fb%3E+%26+Co"
    assert "&lt;b&gt;Cy&lt;/b&gt; &amp; Co</bdi></h1>" in shop.get("manager", address).content.decode()
    given = {"slack": "U2", "timezone": "Europe/Madrid", "away_until": "2026-11-09", "covered_by": "Ana"}
    assert shop.post("manager", address, given)["Location"] == "/people/"
    person = Person.objects.get()
    assert (person.slack, person.timezone, person.covered_by) == ("U2", "Europe/Madrid", "Ana")
    assert person.set_by == "manager@shop.example"
    assert "1 can't be reached" in shop.get("manager", "/people/").content.decode()
    shop.post("manager", address, {"slack": "U2"})
    person.refresh_from_db()
    assert (person.slack, person.timezone, person.away_until, person.covered_by) == ("U2", None, None, None)
    entry = AuditEntry.objects.filter(action="person set").latest("pk")
    assert entry.details == "timezone: cleared; away_until: cleared; covered_by: cleared"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("timezone", "Nowhere/Land", "there is no time zone"),
        ("away_until", "2026-10-01", "expected a day to come"),
        ("covered_by", "Ben", "somebody else"),
        ("email", "not an address", "expected"),
    ],
)
def test_what_can_not_be_is_said_beside_its_field(shop: Pages, field: str, value: str, said: str) -> None:
    answer = shop.post("manager", "/people/set/?name=Ben", {field: value})
    assert answer.status_code == 400
    error = re.search(rf'id="id_{field}_error">(.*?)</div>', answer.content.decode())
    assert error is not None
    assert said in error[1]
    assert not Person.objects.exists()


def test_what_the_settings_say_is_pointed_out(shop: Pages) -> None:
    assert "winback.toml says something of them" in shop.get("manager", "/people/set/?name=Zoe").content.decode()
    assert "winback.toml says" not in shop.get("manager", "/people/set/?name=Ana").content.decode()
    assert shop.get("manager", "/people/set/").status_code == 400


def test_an_administrator_makes_a_user_who_sets_a_password(shop: Pages) -> None:
    admin = shop.client("admin")
    page = admin.post("/users/", {"email": "New@Shop.example", "name": "New", "role": "csm"}, follow=True)
    user = User.objects.get(email="new@shop.example")
    assert user.role == "csm"
    (link,) = re.findall(r"http://localhost(/password/new/[^\s<]+)", page.content.decode())
    client = shop.client(None)
    form = client.get(link, follow=True)
    word = "a rather long word"
    client.post(form.request["PATH_INFO"], {"new_password1": word, "new_password2": word})
    user.refresh_from_db()
    assert user.check_password(word)
    assert "used or is too old" in shop.client(None).get(link, follow=True).content.decode()


def test_where_mail_is_set_up_the_link_is_mailed(shop: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("winback.web.views.users._has_mail", lambda _: True)
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        mail.outbox = []
        page = shop.client("admin").post("/users/", {"email": "new@shop.example", "role": "viewer"}, follow=True)
        assert "/password/new/" not in page.content.decode()
        (sent,) = mail.outbox
        assert sent.to == ["new@shop.example"]
        assert "http://localhost/password/new/" in sent.body
        shop.post(None, "/password/forgotten/", {"email": "new@shop.example"})
        assert len(mail.outbox) == 2


def test_a_user_who_is_there_is_said_so(shop: Pages) -> None:
    answer = shop.post("admin", "/users/", {"email": "csm@shop.example", "role": "admin"})
    assert answer.status_code == 400
    assert "there is a user csm@shop.example already" in answer.content.decode()
    assert shop.users["csm"].role == "csm"


def test_roles_are_changed_and_people_shut_out(shop: Pages) -> None:
    user = shop.users["viewer"]
    shop.post("admin", f"/users/{user.pk}/role/", {"role": "manager"})
    shop.post("admin", f"/users/{user.pk}/shut-out/")
    found = User.objects.get(pk=user.pk)
    assert not found.is_active
    shop.post("admin", f"/users/{user.pk}/let-in/")
    assert User.objects.get(pk=user.pk).role == "manager"
    assert shop.post("admin", f"/users/{user.pk}/role/", {"role": "king"}).status_code == 400
    noted = AuditEntry.objects.filter(actor="admin@shop.example").order_by("pk").values_list("action", flat=True)
    assert list(noted) == ["role changed", "user shut out", "user let in again"]


def test_nobody_shuts_themselves_out(shop: Pages) -> None:
    admin = shop.users["admin"]
    for what in ("role", "shut-out"):
        assert shop.post("admin", f"/users/{admin.pk}/{what}/", {"role": "viewer"}).status_code == 400
    assert User.objects.get(pk=admin.pk).role == "admin"


def test_no_address_of_a_user_does_what_it_does_not_say(shop: Pages) -> None:
    user = shop.users["viewer"]
    assert shop.post("admin", f"/users/{user.pk}/rename/").status_code == 404
    assert User.objects.get(pk=user.pk).is_active
