"""What our columns are called in reports; names.toml has the words."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib import resources

# A name that only contains one of ours ranks from here on.
CONTAINS = 2000
_ARTICLES = ("", "del ", "du ", "do ", "de la ", "da ")


@cache
def _tables() -> dict[str, dict[str, str]]:
    return tomllib.loads(resources.files(__package__).joinpath("names.toml").read_text(encoding="utf-8"))


@cache
def words(kind: str) -> frozenset[str]:
    return frozenset(_tables()["words"][kind].split())


@cache
def phrases(ours: str) -> tuple[str, ...]:
    """The names of one of our columns, the best first."""
    if ours == "csm_email":
        people = _listed("csm_name")
        before = (f"email {article}{who}" for article in _ARTICLES for who in people)
        return (*(f"{who} email{end}" for end in ("", " address") for who in people), *before, *people)
    if ours == "csm_name":
        return (*(f"{who} name" for who in _listed(ours)), *_listed(ours))
    return _listed(ours)


def _listed(ours: str) -> tuple[str, ...]:
    texts = ",".join(_tables()[ours].values())
    return tuple(dict.fromkeys(" ".join(phrase.split()) for phrase in texts.split(",")))


def plain(name: str) -> str:
    """`Account ID`, `accountId`, `ACCOUNT_ID` and `Account-Id:` are all `account id`; accents are dropped."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    spoken = " ".join(re.findall(r"[^\W_]+", unaccented(spaced)))
    return re.sub(r"\b(e mail|mail|correo electronico|correo|courriel)\b", "email", spoken)


def unaccented(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in folded if not unicodedata.combining(letter))


def rank(ours: str, name: str) -> int | None:
    """How well a name fits our column, 0 best; None where it does not. Whole names come first, then those without what
    stands beside them, then names that only contain one."""
    spoken = plain(name)
    if ours == "is_product_enabled" and is_negative(name):
        return None
    core = " ".join(word for word in spoken.split() if word not in words("beside"))
    for step, each in enumerate((spoken, core)):
        if each in phrases(ours):
            return 1000 * step + phrases(ours).index(each)
    inside = [place for place, phrase in enumerate(phrases(ours)) if _contains(ours, spoken, phrase)]
    return CONTAINS + min(inside) if inside else None


def _contains(ours: str, spoken: str, phrase: str) -> bool:
    """One word alone is enough for money and flags; `Opportunity ID` is no UID, `Contact e-mail` no CSM's."""
    if ours == "is_product_enabled" and phrase not in words("flag"):
        return False
    if ours not in ("gmv", "revenue", "currency", "is_product_enabled") and " " not in phrase:
        return False
    return f" {phrase} " in f" {spoken} "


def is_negative(name: str) -> bool:
    return _has(name, "negative")


def is_row_number(name: str) -> bool:
    return plain(name) in {"", *(each.strip() for each in _tables()["words"]["row"].split(","))}


def is_key(name: str) -> bool:
    """Whether a name says that it identifies something: `Vertragsnummer`, `contract_id`."""
    return _has(name, "key") or any(word.endswith("nummer") for word in plain(name).split())


def is_of_contact(name: str) -> bool:
    """Somebody at the account, not a CSM."""
    return _has(name, "contact")


def is_no_money(name: str) -> bool:
    return _has(name, "no_money")


def is_list(file_name: str) -> bool:
    """Whether a file is called a list of the accounts that are off, such as `payments_at_risk.csv`."""
    return _has(file_name, "list")


def is_on(value: str, *, in_flag: bool) -> bool | None:
    """What a value in words says of an account: on, off, or nothing. `in_flag`: the column is called like a flag."""
    word = unaccented(value.strip())
    on, off = words("on"), words("off")
    if in_flag:
        on, off = on | words("yes"), off | words("no")
    return True if word in on else False if word in off else None


def _has(name: str, kind: str) -> bool:
    return not words(kind).isdisjoint(plain(name).split())
