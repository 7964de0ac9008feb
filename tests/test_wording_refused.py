"""What is said of a company's wording that is wrong, and of channels that lack a setting."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.settings_files import PRODUCT, load, refusal
from winback.errors import SettingsError
from winback.settings.channels import read_mail_server
from winback.settings.wording import WORDING


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[titles]\nfirst = "x"', "unknown key titles: did you mean title?"),
        ('[title]\nfirsd = "x"', "unknown key title.firsd: did you mean title.first?"),
        ('[title]\nfirst = "{merchnt}"', "title.first: there is no {merchnt} here; did you mean {merchant}?"),
        ('[title]\nfirst = "{0}"', "title.first: there is no {0} here; known are {csm}, {gmv}, {merchant}, {product}"),
        ('[title]\nfirst = "{}"', "title.first: there is no {} here; known are"),
        ('[title]\nfirst = "{merchant.__class__}"', "title.first: there is no {merchant.__class__} here"),
        ('[title]\nfirst = "{merchant!r}"', "title.first: there is no {merchant!r} here"),
        ('[title]\nfirst = "{merchant:>9}"', "title.first: there is no {merchant:>9} here"),
        ('[value]\ntoday = "{days}"', "value.today: there is no {days} here; it takes none"),
        ('[title]\nfirst = "50 } off"', "title.first: a brace that is meant as one is written twice, {{ or }}"),
        ("[title]\nfirst = 5", "title.first: expected text in quotes that is not blank, found 5"),
        ('[title]\nfirst = " "', 'title.first: expected text in quotes that is not blank, found " "'),
        ('title = "x"', 'title: expected a table [title], found "x"'),
        ("[title", "is not valid TOML"),
    ],
)
def test_wording_that_is_wrong_is_refused_when_settings_are_read(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / WORDING).write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as error:
        load(tmp_path, PRODUCT)
    assert str(error.value).startswith(str(tmp_path / WORDING))
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_wording_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / WORDING).write_bytes(b"[title]\nfirst = '\xff'")
    with pytest.raises(SettingsError, match=r"wording\.toml is not UTF-8 text: save it as UTF-8"):
        load(tmp_path, PRODUCT)


EMAIL = '[email]\nsmtp = "mail.example"\nsender = "a@b.example"\n'
WEBHOOK = '[webhook]\nurl = "https://h.example"\nsecret = "env:S"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[messages]\nchannel = "email"', "email.smtp is missing: the channel email needs it"),
        ('[email]\nsmtp = "mail.example"', "email.sender is missing: the channel email needs it"),
        ('[messages]\nchannel = ["console", "webhook"]', "webhook.url is missing: the channel webhook needs it"),
        ('[webhook]\nurl = "https://h.example"', "webhook.secret is missing: the channel webhook needs it"),
        ('[messages]\nchannel = "teams"', "teams.url is missing: the channel teams needs it"),
        (f'{EMAIL}user = "w"', "email.password is missing: to log in takes both email.user and email.password"),
        (f'{EMAIL}password = "env:P"', "email.user is missing"),
        (
            EMAIL.replace("mail.", "plain://mail.") + 'user = "w"\npassword = "env:P"',
            "email.smtp: a password is never sent",
        ),
        (EMAIL.replace("mail.example", "http://mail.example"), 'email.smtp: expected "mail.shop.example:587"'),
        (EMAIL.replace("mail.example", "smtp://me:cret@mail.example"), "email.smtp: expected"),
        (EMAIL.replace("mail.example", "mail.example:x"), "email.smtp: expected"),
        (EMAIL.replace("mail.example", "mail.example:99999"), "email.smtp: expected"),
        (EMAIL.replace("mail.example", "mail.example:0"), "email.smtp: expected"),
        (EMAIL.replace("a@b.example", "winback"), 'email.sender: expected "winback@shop.example" or'),
        (EMAIL.replace("a@b.example", "a@b.example, c@d.example"), "email.sender: expected"),
        (EMAIL.replace("a@b.example", "a@b.example\\r\\nBcc: c@d.example"), "email.sender: expected"),
        (f'{EMAIL}[messages]\nchannel = "email"', "messages.fallback: the only channel is email: expected an e-mail"),
        (
            f"{EMAIL}[messages]\nchannel = 'email'\nfallback = ''\n[alerts]\nto = ['a@b.example', '#ops']",
            'alerts.to: the only channel is email: expected an e-mail address, found "#ops"',
        ),
        (
            f"{EMAIL}[messages]\nchannel = 'email'\nfallback = ''\nredirect_to = '@dana'",
            "messages.redirect_to: the only channel is email",
        ),
        (WEBHOOK.replace("h.example", "münchen.example"), "webhook.url: expected an address such as"),
        (WEBHOOK.replace("https", "ftp"), 'webhook.url: expected an address such as "https://'),
        (WEBHOOK.replace("h.example", "me:cret@h.example"), "webhook.url: expected an address such as"),
        (WEBHOOK.replace("h.example", "h.example/?sig=cret"), "webhook.url: a secret stands in the address"),
        ('[teams]\nurl = "https://t.example/?sv=1&sig=cret"', "teams.url: a secret stands in the address"),
        ('[web]\nbase_url = "winback.shop.example"', "web.base_url: expected an address such as"),
    ],
)
def test_a_channel_that_lacks_something_is_refused_when_settings_are_read(tmp_path: Path, text: str, said: str) -> None:
    message = refusal(tmp_path, PRODUCT + text)
    assert message.startswith(said)
    assert "cret" not in message.replace("secret", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mail.example", ("smtp", "mail.example", 587)),
        ("mail.example:25", ("smtp", "mail.example", 25)),
        ("mail.example:465", ("smtps", "mail.example", 465)),
        ("smtps://mail.example", ("smtps", "mail.example", 465)),
        ("smtp://[::1]:2525", ("smtp", "::1", 2525)),
        ("plain://relay", ("plain", "relay", 25)),
    ],
)
def test_a_mail_server_can_be_written_in_several_ways(text: str, expected: tuple[str, str, int]) -> None:
    server = read_mail_server(text)
    assert (server.security, server.host, server.port) == expected
