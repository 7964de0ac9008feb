"""From the raw text of a report to accepted accounts and rejected rows (rules.md R1.1, R1.3, R3.1-R3.7)."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from .settings import Refused, Settings

RawRow = Mapping[str, str | None]

MAPPED = (
    "uid",
    "is_product_enabled",
    "merchant_name",
    "csm_name",
    "csm_email",
    "region",
    "gmv",
    "revenue",
    "currency",
    "changed_at",
)
TRUE_WORDS = ["true", "t", "yes", "y", "1", "1.0", "on", "enabled"]
FALSE_WORDS = ["false", "f", "no", "n", "0", "0.0", "off", "disabled"]
# Unicode's White_Space and the marks of no width that spreadsheets leave behind.
WHITE_SPACE = "".join(
    chr(code)
    for code in [
        *range(0x09, 0x0E), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F,
        0x3000, 0x180E, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF,
    ]
)  # fmt: skip
MOST_DIGITS = 14


@dataclass(frozen=True)
class Account:
    """One UID as a report gives it. Two accounts are equal when they map to the same values (R3.3)."""

    uid: str
    enabled: bool | None
    merchant_name: str | None = None
    csm_name: str | None = None
    csm_email: str | None = None
    region: str | None = None
    gmv: Decimal | None = None
    revenue: Decimal | None = None
    currency: str | None = None
    changed_at: datetime | None = None
    other: Mapping[str, str | None] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class RejectedRow:
    line: int
    reason: str
    uid: str | None
    content: RawRow


@dataclass
class Report:
    rows: int = 0
    accepted: dict[str, Account] = field(default_factory=dict)
    rejected: list[RejectedRow] = field(default_factory=list)
    warnings: int = 0

    @property
    def uids(self) -> set[str]:
        """Every account that is in the report, be its rows accepted or rejected."""
        return set(self.accepted) | {row.uid for row in self.rejected if row.uid is not None}

    def same_as(self, other: Report) -> bool:
        """R3.14: the same after mapping, in any order."""
        return self._fingerprint() == other._fingerprint()

    def _fingerprint(self) -> Hashable:
        rejected = Counter((row.reason, row.uid, frozenset(row.content.items())) for row in self.rejected)
        return frozenset(self.accepted.values()), frozenset(rejected.items())


def clean_text(raw: str | None) -> str | None:
    return (raw or "").strip(WHITE_SPACE) or None


def read_flag(raw: str | None) -> bool | None:
    """R3.1; None when it can't be read."""
    word = (clean_text(raw) or "").lower()
    if word in TRUE_WORDS:
        return True
    return False if word in FALSE_WORDS else None


def read_money(raw: str | None, decimal: str = ".") -> Decimal | None:
    """R3.5; None when blank, ValueError when it is not money."""
    text = clean_text(raw)
    if text is None:
        return None
    found = _money_pattern(decimal).fullmatch(_one_currency_sign(text))
    if found is None:
        raise ValueError(f"not money: {raw!r}")
    part = found.groupdict(default="")
    whole = re.sub("[^0-9]", "", part["whole"])
    currencies = [part[name] for name in ("before", "between", "after") if part[name]]
    negatives = [part["sign"] == "-", part["minus"] == "-", part["open"] == "("].count(True)
    odd = bool(part["open"]) != bool(part["close"]) or not (whole or part["fraction"])
    if odd or len(currencies) > 1 or negatives > 1 or len(whole) > MOST_DIGITS:
        raise ValueError(f"not money: {raw!r}")
    amount = Decimal(f"{whole or '0'}.{part['fraction'] or '0'}").quantize(Decimal("0.0001"), ROUND_HALF_UP)
    return -amount if negatives and amount else amount


def _one_currency_sign(text: str) -> str:
    return "".join("$" if unicodedata.category(letter) == "Sc" else letter for letter in text)


def _money_pattern(decimal: str) -> re.Pattern[str]:
    point, thousands = (r"\.", ",") if decimal == "." else (",", r"\.")
    blank, currency = f"[{WHITE_SPACE}]*", "[A-Za-z]{3}|[$]"
    steps = [
        r"(?P<open>\()?",
        f"(?P<before>{currency})?",
        "(?P<sign>[+-])?",
        f"(?P<between>{currency})?",
        f"(?P<whole>[0-9]{{1,3}}(?:{thousands}[0-9]{{3}})+|[0-9]*)(?:{point}(?P<fraction>[0-9]+))?",
        f"(?P<after>{currency})?",
        "(?P<minus>-)?",
        r"(?P<close>\))?",
    ]
    return re.compile(blank.join(steps))


def read_moment(raw: str | None, tz: ZoneInfo, at_time: time = time(0)) -> datetime | None:
    """R1.3; None when blank or unreadable."""
    text = (clean_text(raw) or "").upper()
    if not re.fullmatch("[0-9]{4}-?[0-9]{2}-?[0-9]{2}([T ].+)?", text):
        return None
    midnight = re.search("[T ]24(:?00)*$", text)
    try:
        if midnight:
            moment = datetime.fromisoformat(text[: midnight.start()]) + timedelta(days=1)
        elif "T" not in text and " " not in text:
            moment = datetime.combine(date.fromisoformat(text), at_time)
        else:
            moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=tz)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_report(rows: Sequence[RawRow], settings: Settings) -> Report:
    """Refused where R3.7 says so. `line` counts the header as line 1."""
    _check_columns(rows, settings)
    report = Report()
    by_uid: dict[str, list[tuple[int, RawRow, Account]]] = {}
    for line, raw in enumerate(rows, start=2):
        if all(clean_text(value) is None for value in raw.values()):
            continue
        report.rows += 1
        account = _read_account(raw, settings, report)
        if not account.uid:
            report.rejected.append(RejectedRow(line, "missing uid", None, raw))
        else:
            by_uid.setdefault(account.uid, []).append((line, raw, account))
    for uid, found in by_uid.items():
        accounts = [account for _, _, account in found]
        reason = _why_rejected(accounts, settings)
        if reason is None:
            report.accepted[uid] = accounts[0]
        else:
            report.rejected += [RejectedRow(line, reason, uid, raw) for line, raw, _ in found]
    return report


def _check_columns(rows: Sequence[RawRow], settings: Settings) -> None:
    columns = {name for raw in rows for name in raw}
    required = {"uid", "is_product_enabled"} if settings.mode == "flag" else {"uid"}
    if rows and not required <= columns:
        raise Refused(f"the report lacks {required - columns}; it has {columns}")
    currencies = {clean_text(raw.get("currency")) for raw in rows} - {None}
    if len(currencies) > 1:
        raise Refused(f"one currency expected, found {currencies}")


def _why_rejected(accounts: list[Account], settings: Settings) -> str | None:
    """R3.1 and R3.3, for all the rows of one UID."""
    if any(account != accounts[0] for account in accounts):
        return "conflicting duplicate"
    if settings.mode == "flag" and accounts[0].enabled is None:
        return "unknown flag"
    return None


def _read_account(raw: RawRow, settings: Settings, report: Report) -> Account:
    """An unreadable flag is None here, and so is every flag in presence mode."""
    return Account(
        uid=clean_text(raw.get("uid")) or "",
        enabled=read_flag(raw.get("is_product_enabled")) if settings.mode == "flag" else None,
        merchant_name=clean_text(raw.get("merchant_name")),
        csm_name=clean_text(raw.get("csm_name")),
        csm_email=clean_text(raw.get("csm_email")),
        region=clean_text(raw.get("region")),
        gmv=_money_or_warning(raw.get("gmv"), settings, report),
        revenue=_money_or_warning(raw.get("revenue"), settings, report),
        currency=clean_text(raw.get("currency")),
        changed_at=read_moment(raw.get("changed_at"), settings.tz, settings.at_time),
        other=_others(raw),
    )


def _others(raw: RawRow) -> dict[str, str | None]:
    """What the history has no column for; `changed_at` and `currency` are known and kept all the same, told apart."""
    named = {f"{name}_in_report" if name in ("currency", "changed_at") else name: value for name, value in raw.items()}
    return {name: value or None for name, value in named.items() if name not in MAPPED}


def _money_or_warning(raw: str | None, settings: Settings, report: Report) -> Decimal | None:
    try:
        return read_money(raw, settings.decimal)
    except ValueError:
        report.warnings += 1
        return None
