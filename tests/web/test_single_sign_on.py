"""Single sign-on with a real provider: who comes in, as what, and who does not."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import sync_playwright

from tests.oidc_provider import CLIENT_SECRET, PASSWORD, Provider
from tests.programme import Programme
from tests.web.company_account import DONE, ROLES, with_single_sign_on
from tests.web.opened import listening, opened
from winback.access.models import User
from winback.access.users import make_user, set_active
from winback.core.roles import Role
from winback.errors import SettingsError
from winback.store.models import AuditEntry
from winback.web import provider as providers
from winback.web import site


@pytest.mark.parametrize(
    ("name", "email", "role"), [("lee", "lee@shop.example", "manager"), ("dana", "dana@shop.example", "admin")]
)
def test_who_has_a_role_becomes_a_user_with_their_first_sign_in(
    tmp_path: Path, provider: Provider, name: str, email: str, role: Role
) -> None:
    with with_single_sign_on(tmp_path, provider) as somebody:
        answer = somebody.sign_in(name, "/keys/")
        assert (answer.status_code, answer["Location"]) == (302, "/keys/")
        assert somebody.is_in
        user = User.objects.get(email=email)
        assert user.role == role
        assert not user.has_usable_password()
        assert user.name == ""
        noted = list(AuditEntry.objects.filter(actor=email).values_list("action", "details"))
        assert noted == [("signed in", "single sign-on")]
        assert AuditEntry.objects.filter(actor="single sign-on", action="user made", subject=email).count() == 1


def test_the_request_has_state_nonce_and_pkce(tmp_path: Path, provider: Provider) -> None:
    with with_single_sign_on(tmp_path, provider) as somebody:
        one, other = (parse_qs(urlsplit(somebody.begin()).query) for _ in range(2))
        for name in ("state", "nonce", "code_challenge"):
            assert len(one[name][0]) >= 32
            assert one[name] != other[name]
        assert one["code_challenge_method"] == ["S256"]
        assert one["redirect_uri"] == [f"http://localhost{DONE}"]
        assert CLIENT_SECRET not in str(one)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("kim", "kim@shop.example has no role here"),
        ("max", "has not verified that max@shop.example is yours"),
        ("eve", "has not verified that eve@shop.example is yours"),
        ("nemo", "tells no e-mail address of you"),
    ],
)
def test_others_are_refused_kindly(tmp_path: Path, provider: Provider, name: str, words: str) -> None:
    with with_single_sign_on(tmp_path, provider) as somebody:
        before = User.objects.count()
        answer = somebody.sign_in(name)
        assert answer.status_code == 403
        assert words in answer.content.decode()
        assert not somebody.is_in
        assert User.objects.count() == before
        assert AuditEntry.objects.filter(action="sign-in refused", details__contains=words).count() == 1


def test_a_default_role_is_for_everybody_else(tmp_path: Path, provider: Provider) -> None:
    with with_single_sign_on(tmp_path, provider, f'default_role = "viewer"\n{ROLES}') as somebody:
        for name, role in (("kim", "viewer"), ("lee", "manager")):
            somebody.sign_in(name)
            assert User.objects.get(email=f"{name}@shop.example").role == role


def test_the_provider_decides_with_each_sign_in_where_roles_are_its(tmp_path: Path, provider: Provider) -> None:
    with with_single_sign_on(tmp_path, provider) as somebody:
        now = somebody.pages.workspace.now()
        make_user("lee@shop.example", "Lee", "admin", None, "test", now)
        make_user("kim@shop.example", "Kim", "admin", None, "test", now)
        somebody.sign_in("lee")
        assert User.objects.get(email="lee@shop.example").role == "manager"
        assert somebody.sign_in("kim").status_code == 403


def test_without_roles_of_its_users_keep_theirs(tmp_path: Path, provider: Provider) -> None:
    with with_single_sign_on(tmp_path, provider, "") as somebody:
        make_user("kim@shop.example", "Kim", "csm", None, "test", somebody.pages.workspace.now())
        assert somebody.sign_in("kim").status_code == 302
        assert User.objects.get(email="kim@shop.example").role == "csm"
        assert somebody.sign_in("lee").status_code == 403


def test_who_is_shut_out_stays_out_and_is_out_with_the_next_click(tmp_path: Path, provider: Provider) -> None:
    with with_single_sign_on(tmp_path, provider) as somebody:
        somebody.sign_in("lee")
        assert somebody.is_in
        set_active(User.objects.get(email="lee@shop.example"), False, "test", somebody.pages.workspace.now())
        assert not somebody.is_in
        assert somebody.sign_in("lee").status_code == 403
        assert not AuditEntry.objects.filter(action="role changed").exists()


def test_nobody_is_sent_to_another_site_afterwards(tmp_path: Path, provider: Provider) -> None:
    with with_single_sign_on(tmp_path, provider) as somebody:
        assert somebody.sign_in("lee", "https://evil.example/")["Location"] == "/"


def test_what_the_provider_says_went_wrong_is_no_page(tmp_path: Path, provider: Provider) -> None:
    with with_single_sign_on(tmp_path, provider) as somebody:
        somebody.begin()
        answer = somebody.client.get(DONE, {"error": "<script>access_denied", "state": "x"})
        assert answer.status_code == 403
        assert "did not sign you in" in answer.content.decode()
        assert "<script>access" not in answer.content.decode()
        assert somebody.client.get(DONE).status_code == 403


# Without passwords


def test_single_sign_on_may_be_the_only_way_in(tmp_path: Path, provider: Provider) -> None:
    with with_single_sign_on(tmp_path, provider, f"passwords = false\n{ROLES}") as somebody:
        make_user("pat@shop.example", "Pat", "admin", PASSWORD, "test", somebody.pages.workspace.now())
        shown = somebody.client.get("/sign-in/").content.decode()
        assert "company account" in shown
        assert 'type="password"' not in shown
        for address in ("/sign-in/", "/admin/login/"):
            somebody.client.post(address, {"username": "pat@shop.example", "password": PASSWORD})
            assert not somebody.is_in
        for address in ("/password/forgotten/", "/password/mailed/", "/password/new/MQ/x-y/"):
            assert somebody.client.get(address).status_code == 403
        assert "There are no passwords here" in somebody.client.post("/password/forgotten/").content.decode()
        somebody.sign_in("dana")
        assert somebody.client.get("/password/").status_code == 403
        content = somebody.client.get("/users/").content.decode()
        assert "company account" in content
        assert "password" not in content
        answer = somebody.client.post("/users/", {"email": "new@shop.example", "role": "viewer"}, follow=True)
        assert "new@shop.example may sign in with their company account now" in answer.content.decode()


# What may be missing


@pytest.mark.parametrize(
    ("issuer", "words"),
    [
        ("http://127.0.0.1:1", "can&#x27;t be read (it does not answer)"),
        ("{url}", "can&#x27;t be read (status 404)"),
        ("{url}/o/", "not of"),
    ],
)
def test_a_provider_that_can_t_be_read_is_told_and_passwords_still_work(
    tmp_path: Path, provider: Provider, issuer: str, words: str
) -> None:
    providers._read.cache_clear()
    with with_single_sign_on(tmp_path, provider, issuer=issuer.format(url=provider.url)) as somebody:
        answer = somebody.client.get("/sign-in/company/")
        assert answer.status_code == 503
        assert words in answer.content.decode()
        make_user("pat@shop.example", "Pat", "viewer", PASSWORD, "test", somebody.pages.workspace.now())
        somebody.client.post("/sign-in/", {"username": "pat@shop.example", "password": PASSWORD})
        assert somebody.is_in


def test_where_it_is_not_set_there_is_no_such_page(tmp_path: Path) -> None:
    with opened(Programme(tmp_path)) as pages:
        for address in ("/sign-in/company/", DONE):
            assert pages.get(None, address).status_code == 404
        assert "company account" not in pages.get(None, "/sign-in/").content.decode()


def test_a_secret_that_is_missing_is_told_at_the_start(tmp_path: Path, provider: Provider) -> None:
    section = '[web.oidc]\nissuer = "https://id.example"\nclient_id = "a"\nclient_secret = "env:NO_SUCH_SECRET"\n'
    with Programme(tmp_path, section).open() as workspace, pytest.raises(SettingsError, match="NO_SUCH_SECRET"):
        site.prepare(workspace)


def test_in_a_browser(tmp_path: Path, provider: Provider) -> None:
    with with_single_sign_on(tmp_path, provider) as somebody, listening(somebody.pages) as url:
        provider.send_back_to(f"{url}{DONE}")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
            page = browser.new_page()
            page.goto(f"{url}/keys/")
            page.get_by_role("link", name="Sign in with your company account").click()
            page.get_by_label("Username").fill("lee")
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.locator("input[name=allow]").click()
            page.wait_for_url(f"{url}/keys/")
            assert page.get_by_role("heading", name="API keys", exact=True).is_visible()
            browser.close()
