"""admin create and admin key: who may open the pages, and which programs read as they do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.programme import Programme
from tests.workspaces import run_here
from winback.access.keys import user_of_key
from winback.access.models import User

PASSWORD = "a long way to Tipperary"
COMPANY = """
[web.oidc]
issuer = "http://127.0.0.1:9"
client_id = "winback"
client_secret = "env:WINBACK_CLIENT_SECRET"
passwords = false
"""


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    (tmp_path / "password.txt").write_text(f"{PASSWORD}\n")
    return Programme(tmp_path)


def admin(programme: Programme, *arguments: str) -> tuple[int, str]:
    """Exit status, and what was said."""
    done = run_here("--workspace", str(programme.folder), "admin", *arguments)
    return done.status, done.out + done.err


def with_password(programme: Programme) -> tuple[str, str]:
    return "--password-file", str(programme.folder / "password.txt")


def test_a_user_signs_in_with_the_password_in_the_file(programme: Programme) -> None:
    made = admin(programme, "create", "Lee@Shop.example", "--role", "manager", *with_password(programme))
    assert made == (0, "lee@shop.example may sign in as manager\n")
    with programme.open():
        user = User.objects.get(email="lee@shop.example")
        assert user.role == "manager"
        assert user.check_password(PASSWORD)
    status, said = admin(programme, "create", "lee@shop.example", *with_password(programme))
    assert status != 0
    assert "lee@shop.example" in said


def test_a_key_reads_as_its_user_does(programme: Programme) -> None:
    admin(programme, "create", "lee@shop.example", "--role", "viewer", *with_password(programme))
    status, key = admin(programme, "key", "LEE@shop.example", "--label", "metrics")
    assert status == 0
    with programme.open() as workspace:
        found = user_of_key(key.strip(), workspace.now())
        assert found is not None
        assert found.email == "lee@shop.example"
    status, said = admin(programme, "key", "nobody@shop.example")
    assert status == 2
    assert "there is no user nobody@shop.example: make one with `winback admin create`" in said


def test_without_passwords_none_is_asked_for(programme: Programme) -> None:
    programme.set(COMPANY)
    assert admin(programme, "create", "lee@shop.example") == (
        0,
        "lee@shop.example may sign in as admin, with their company account\n",
    )
    with programme.open():
        assert not User.objects.get(email="lee@shop.example").has_usable_password()
    status, said = admin(programme, "create", "dana@shop.example", *with_password(programme))
    assert status == 2
    assert "there are no passwords here" in said
