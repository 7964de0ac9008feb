"""Mails, sent to a real SMTP server."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.channels.mail_server import CERTIFICATE, MailServer, mail_server
from tests.messages.letters import HOSTILE, NOW, content, letter, planned, settings_of
from winback.channels import email, open_channel
from winback.errors import SettingsError
from winback.messages.channel import OutcomeUnknown, Place, Recipient, Refused, TryLater
from winback.messages.links import read_token
from winback.settings import Settings

KEY = "k" * 40
WITH_LINKS = '[web]\nbase_url = "https://winback.shop.example/"\nsecret_key = "env:WINBACK_KEY"\n'


def mail_settings(folder: Path, server: MailServer, form: str = "plain://127.0.0.1:{port}", more: str = "") -> Settings:
    smtp = form.format(port=server.port)
    email = f'[email]\nsmtp = "{smtp}"\nsender = "Winback <winback@shop.example>"\n{more}'
    return settings_of(folder, f'[messages]\nchannel = "email"\nfallback = ""\nshow = ["Segment"]\n{email}')


def parts(mail: EmailMessage) -> tuple[str, str]:
    """As plain text and as HTML."""
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    return plain.get_content(), html.get_content()


@pytest.fixture(autouse=True)
def _trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    monkeypatch.setenv("WINBACK_KEY", KEY)
    monkeypatch.setenv("SMTP_PASSWORD", "open sesame")
    monkeypatch.setattr(email, "SECONDS", 2)


def test_a_mail_has_all_of_the_message_in_both_forms(tmp_path: Path) -> None:
    with mail_server() as server:
        settings = mail_settings(tmp_path, server)
        told = content(settings)
        place = open_channel("email", settings).deliver(letter(told))
    (mail,) = server.taken
    plain, html = parts(mail)
    assert plain.strip().replace("\r\n", "\n") == told.text
    assert all(text in html for text in ("Acme switched off payments", "1,234.50 USD a month", "Enterprise", told.ask))
    assert (mail["Subject"], mail["To"]) == ("Acme switched off payments", "Dana Ortiz <dana@shop.example>")
    assert (mail["From"], mail["Auto-Submitted"]) == ("Winback <winback@shop.example>", "auto-generated")
    assert place == Place("Acme switched off payments", "<0123456789abcdef@shop.example>")
    assert mail["Message-ID"] == place.id


def test_a_follow_up_goes_on_in_the_thread_of_the_first_mail(tmp_path: Path) -> None:
    with mail_server() as server:
        settings = mail_settings(tmp_path, server)
        channel = open_channel("email", settings)
        first = channel.deliver(letter(content(settings)))
        second = channel.deliver(letter(content(settings, planned(stage="second")), first))
        channel.deliver(letter(content(settings, planned(stage="final")), second))
    assert [mail["Subject"] for mail in server.taken[1:]] == ["Re: Acme switched off payments"] * 2
    assert [mail["References"] for mail in server.taken[1:]] == [first.id, second.id]
    assert server.taken[1]["In-Reply-To"] == first.id
    assert "Acme is still without payments" in parts(server.taken[1])[0]


def test_a_mail_loads_nothing_and_can_be_read_in_the_dark(tmp_path: Path) -> None:
    with mail_server() as server:
        settings = mail_settings(tmp_path, server)
        open_channel("email", settings).deliver(letter(content(settings)))
    html = parts(server.taken[0])[1]
    assert not any(each in html for each in ("<img", "<link", "<script", "src=", "url(", "http"))
    assert not any(each in html for each in ("#fff", "background", "color:"))
    assert 'name="color-scheme" content="light dark"' in html


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_report_holds_stays_text(tmp_path: Path, name: str) -> None:
    with mail_server() as server:
        settings = mail_settings(tmp_path, server)
        told = content(settings, planned(merchant_name=HOSTILE[name], region=HOSTILE[name]))
        place = open_channel("email", settings).deliver(letter(told))
        open_channel("email", settings).deliver(letter(told, place))
    for mail in server.taken:
        plain, html = parts(mail)
        assert mail["Bcc"] is None
        assert mail["To"] == "Dana Ortiz <dana@shop.example>"
        assert len(mail["Subject"]) < 200
        assert "<script" not in html
        assert not any(line.startswith(("Bcc", "Pay now")) for line in plain.splitlines())
        assert not set("\u202e\x07\x1b\x00") & set(plain + html)


def test_a_name_can_not_add_a_recipient(tmp_path: Path) -> None:
    with mail_server() as server:
        settings = mail_settings(tmp_path, server)
        csm = Recipient("dana@shop.example", "Dana\r\nBcc: a@b.example, Eve <eve@b.example>")
        open_channel("email", settings).deliver(letter(content(settings), recipient=csm))
    assert server.taken[0]["Bcc"] is None
    assert [each.addr_spec for each in server.taken[0]["To"].addresses] == ["dana@shop.example"]


@pytest.mark.parametrize(
    "address", ["#winback", "Dana Ortiz", "a@b.example\r\nRCPT TO:<eve@b.example>", "a@b@c", "@", "a>b@c.example"]
)
def test_what_is_no_address_is_refused_so_that_somebody_else_is_told(tmp_path: Path, address: str) -> None:
    with mail_server() as server:
        settings = mail_settings(tmp_path, server)
        with pytest.raises(Refused, match="no e-mail address is known") as refused:
            open_channel("email", settings).deliver(letter(content(settings), recipient=Recipient(address, address)))
    assert refused.value.is_about_recipient
    assert server.taken == []


# What comes of it


def attempt(folder: Path, server: MailServer, **more: str) -> None:
    settings = mail_settings(folder, server, **more)
    open_channel("email", settings).deliver(letter(content(settings)))


@pytest.mark.parametrize(
    ("how", "expected", "is_about_recipient"),
    [
        ({"at_mail": "450 later"}, TryLater, None),
        ({"at_mail": "550 not from you"}, Refused, False),
        ({"at_rcpt": "451 greylisted"}, TryLater, None),
        ({"at_rcpt": "550 no such user"}, Refused, True),
        ({"at_data": "452 disk full"}, TryLater, None),
        ({"at_data": "554 looks like spam"}, Refused, False),
    ],
)
def test_what_the_server_refuses_was_not_delivered(
    tmp_path: Path, how: dict[str, Any], expected: type[Exception], is_about_recipient: bool | None
) -> None:
    with (
        mail_server(**how) as server,
        pytest.raises(expected, match=next(iter(str(each)[:3] for each in how.values()))) as raised,
    ):
        attempt(tmp_path, server)
    assert getattr(raised.value, "is_about_recipient", None) == is_about_recipient


@pytest.mark.parametrize("how", [{"drops": True}, {"stalls": True}])
def test_a_server_that_goes_away_after_it_has_the_mail_may_have_taken_it(tmp_path: Path, how: dict[str, Any]) -> None:
    with mail_server(**how) as server, pytest.raises(OutcomeUnknown, match="did not answer"):
        attempt(tmp_path, server)


def test_a_server_that_is_not_there_has_taken_nothing(tmp_path: Path) -> None:
    with mail_server() as server:
        pass
    with pytest.raises(TryLater, match=r"127\.0\.0\.1 can't be reached: Connection refused"):
        attempt(tmp_path, server)


def test_a_name_that_is_none_has_taken_nothing(tmp_path: Path) -> None:
    with pytest.raises(TryLater, match="can't be reached"):
        attempt(tmp_path, MailServer(port=25), form=f"plain://{'x' * 70}:{{port}}")


# Encryption and login


@pytest.mark.parametrize(
    ("tls", "form"), [("starttls", "localhost:{port}"), ("from the start", "smtps://localhost:{port}")]
)
def test_it_logs_in_over_tls(tmp_path: Path, tls: str, form: str) -> None:
    with mail_server(tls) as server:
        attempt(tmp_path, server, form=form, more='user = "winback"\npassword = "env:SMTP_PASSWORD"\n')
    assert server.logins == ["winback"]
    assert len(server.taken) == 1


def test_a_certificate_of_nobody_it_knows_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with mail_server("starttls") as server, pytest.raises(TryLater, match="its certificate can't be verified"):
        attempt(tmp_path, server, form="smtp://localhost:{port}")
    assert server.taken == []


def test_a_password_is_never_sent_without_tls(tmp_path: Path) -> None:
    with mail_server() as server, pytest.raises(TryLater, match="STARTTLS"):
        attempt(tmp_path, server, form="smtp://localhost:{port}", more='user = "w"\npassword = "env:SMTP_PASSWORD"\n')
    assert server.logins == []


def test_a_refused_login_is_said_without_the_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_PASSWORD", "wrong-secret")
    with (
        mail_server("starttls") as server,
        pytest.raises(TryLater, match=r"refused the login of email.user \(535\)") as error,
    ):
        attempt(tmp_path, server, form="localhost:{port}", more='user = "w"\npassword = "env:SMTP_PASSWORD"\n')
    assert "wrong-secret" not in str(error.value)


def test_a_missing_password_is_said_when_the_channel_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SMTP_PASSWORD")
    settings = mail_settings(
        tmp_path, MailServer(port=25), "localhost:{port}", 'user = "w"\npassword = "env:SMTP_PASSWORD"\n'
    )
    with pytest.raises(SettingsError, match="the variable SMTP_PASSWORD is not set"):
        open_channel("email", settings)


# Links


def test_a_mail_leads_to_the_form_of_each_account_that_can_be_answered(tmp_path: Path) -> None:
    with mail_server() as server:
        settings = mail_settings(tmp_path, server, more=WITH_LINKS)
        two = content(settings, planned(1), planned(2, merchant_name="Bolt"))
        open_channel("email", settings).deliver(letter(two))
        open_channel("email", settings).deliver(letter(content(settings, planned(3), status="void")))
    plain, html = parts(server.taken[0])
    urls = [line for line in plain.splitlines() if line.startswith("https://winback.shop.example/answer/")]
    assert [read_token(url.rpartition("/")[2], KEY, NOW) for url in urls] == [1, 2]
    assert all(url in html for url in urls)
    assert "Log outcome for Bolt:" in plain
    assert "/answer/" not in "".join(parts(server.taken[1]))


def test_without_a_key_there_is_no_link(tmp_path: Path) -> None:
    with mail_server() as server:
        settings = mail_settings(tmp_path, server, more='[web]\nbase_url = "https://winback.shop.example"\n')
        open_channel("email", settings).deliver(letter(content(settings)))
    assert "winback.shop.example/" not in "".join(parts(server.taken[0]))
