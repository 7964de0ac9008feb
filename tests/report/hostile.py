"""Text of the kind on which two engines part ways: white space, case, marks, quotes, numbers and moments of every
notation."""

from __future__ import annotations

import sys
import unicodedata
from itertools import product

SPACES = [chr(code) for code in range(sys.maxunicode + 1) if chr(code).isspace()]
WITHOUT_WIDTH = list("\u180e\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u061c\u115f\u2061\u3164\ufe0f")
CURRENCIES = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) == "Sc"]
NEW_CURRENCIES = ["\u20c0", "\u20c1"]

WORDS = [
    "", "a", "ON", "oN", "İ", "ı", "dİsabled", "DISABLED", "dısabled", "ENABLED", "enabled\u0307", "ſ", "yeſ", "YES",
    "\u212a", "ß", "ẞ", "ﬅ", "ΟΔΟΣ", "Σ", "ς", "Ǆ", "e\u0301", "é", "E\u0301", "Å", "\u212b", "null", "NULL", "None",
    "nan", "\\N", "\\", "\\\\", "\\n", "\\u00a0", "'", "''", '"', '"""', "`", "--", "/*", "*/", ";", "$1",
    "${env:HOME}", "$uid", ":a", "?", "%", "_", "{", "}", "[", "]", "(", ")", "<!channel>", "=1+1", "a\tb", "a\nb",
    "a\rb", "a\r\nb", "a\u2028b", "a\u0085b", "\x01", "\x1f", "a\x00b", "\x00", "👍🏽", "👨‍👩‍👧", "\U0001f600",
    "\ufffd", "\uffff", "\U0010ffff", "x" * 10_000, "é" * 5_000, " " * 10_000, "\u00a0" * 3_000 + "x", "א",
    "\u202eabc", "1" * 10_000, "007", "7.0", "TRUE", "T", "1", "1.0", "0.0", "off", "Off\u200b", "n", "N", "y",
    "unknown",
]  # fmt: skip

_NUMBERS = [
    "0", "-0", "+0", "00", "7", "-7", "+7", "7-", "(7)", "(-7)", "-(7)", "1.5", "1,5", ".5", ",5", "5.", "5,",
    "1.23456", "0.00005", "0.00004999", "-0.00005", "1.00005", "99999999999999", "99999999999999.99994",
    "99999999999999.99995", "999999999999999", "-99999999999999.9999", "1,234", "1.234", "1,234.56", "1.234,56",
    "12,34", "1,2345", "1 234", "1'234", "1\u00a0234", "1,234,567.89", "1.234.567,89", "0,000,001", "1e3", "1E3",
    "1e-3", "inf", "NaN", "-inf", "1_000", "0x1F", "½", "²", "٣", "１２", "1.2.3", "1,2,3", "--1", "+-1", "1-1", "$",
    "$1", "1$", "$ 1", "-$1", "$-1", "$ -1", "USD 1", "1 USD", "usd1", "USD", "US$1", "EURO 1", "1 EUR-", "1- EUR",
    "(1) EUR", "EUR(1)", "EUR (1)", "( EUR 1 )", "€€1", "1€€", "\u22121", "–1", "- 1", "1 -", "()", "(", ")", "(1",
    "1)", "0" * 400 + "1", "0." + "0" * 400 + "1", "1." + "9" * 5_000, "1" + ",000" * 2_000, "1" + ".000" * 2_000,
    "000" + ",000" * 5, "1" * 5_000, "(" * 3_000, "-" * 3_000, "1.\n",
]  # fmt: skip


def numbers() -> list[str]:
    signs = [*CURRENCIES, *NEW_CURRENCIES, "\u058f", "¤", "usd", "Eur", "ABCD", "ΕUR", "é"]
    return [*_NUMBERS, *(f"{sign}1.5" for sign in signs), *(f"1,5 {sign}" for sign in signs)]


_DATES = [
    "2026-11-03", "20261103", "2026-1-3", "2026-02-29", "2024-02-29", "2026-13-01", "2026-00-10", "2026-11-31",
    "0000-01-01", "0001-01-01", "1582-10-10", "1899-12-31", "1900-01-01", "1969-12-31", "1970-01-01", "2038-01-20",
    "2100-03-01", "9999-12-31", "10000-01-01", "-2026-11-03", "+2026-11-03", "2026/11/03", "03.11.2026", "2026-307",
    "2026-W45-2", "2026-11", "2026", "２０２６-11-03",
]  # fmt: skip
_TIMES = [
    "", "T09:00", " 09:00", "t0900", "T09", "T9:00", "T09:00:00", "T090000", "T09:00:00.1", "T09:00:00,123456789",
    "T09:00:59.999999", "T09:00:00.", "T23:59:59.9999999", "T24:00", "T24:00:00", "T24:00:01", "T24:00:00.000",
    "T24:00:00.001", "T23:60", "T23:59:60", "T25:00", "T02:30", "T01:30", "T00:00", "  09:00", "\u00a009:00",
    "T09:00:00.12345678901234567890", "T0900:00", "T9",
]  # fmt: skip
_OFFSETS = [
    "", "Z", "z", " Z", "+00:00", "-00:00", "+01", "+0100", "+01:00", "-08:00", "+05:45", "+14:00", "+15:59",
    "+16:00", "+18:00", "+18:01", "+19:00", "-23:59", "+24:00", "+01:60", "+01:99", "+99:99", "+1", "+100",
    " +01:00", "UTC", " Europe/Madrid", "+01:00:30",
]  # fmt: skip
# Days on which the clocks of Europe, America, Lord Howe and Apia were changed, or when years had other calendars.
_CHANGES = [
    "2026-03-29", "2026-10-25", "2026-03-08", "2026-11-01", "2026-04-05", "2026-10-04", "2011-12-30", "1901-01-01",
    "1945-08-16", "1883-11-18", "1847-12-01",
]  # fmt: skip
ZONES = [
    "UTC",
    "Europe/Madrid",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Europe/Dublin",
    "Etc/GMT+5",
]


def moments() -> list[str]:
    hours = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 15, 30, 59)]
    return [
        *map("".join, product(_DATES, _TIMES, _OFFSETS[:2])), *map("".join, product(_DATES[:3], _TIMES, _OFFSETS)),
        *(f"{day} {hour}" for day, hour in product(_CHANGES, hours)), "2026-11-03TZ", "T", "Z", "now", "epoch",
        "infinity", "-infinity", "today", "2026-11-03 BC", "1762160400", "1762160400000", "2026-11-03T09:00ﬅ",
        "2026-11-03ﬅ09:00", "2026-11-03\u1e9709:00", "2026-11-03 09:00 PM", "2026-11-03T09:00:00.123456" * 200,
    ]  # fmt: skip


def cells() -> list[str]:
    """Everything, and ordinary words with white space of every kind around them."""
    around = [*SPACES, *WITHOUT_WIDTH]
    padded = [f"{space}{word}{space}" for space, word in product(around, ("x", "ON", ""))]
    inside = [f"a{space}b" for space in around]
    return [*WORDS, *padded, *inside, *numbers(), *moments()[:50]]
