"""What happens to a report's rows and columns before it is written: the table stays a table."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable

from tests.odd.starts import Sheet, Start
from tests.reports import FALSE_FLAGS, NOT_MONEY, PADS, TRUE_FLAGS, UNKNOWN_FLAGS

ODD_TEXT = [
    "=HYPERLINK(\"http://x.example\";\"pay\")", "+1+1", "-2+3", "@SUM(A1)", "<!channel>",
    "<script>alert(1)</script>", "'; drop table pulls; --", "${HOME}", "{date}", "%s %d", "\\N", "NULL", "null",
    "None", "NaN", "#N/A", "#REF!", "\u202eevil\u202c", "שלום", "مرحبا", "İstanbul", "ıI", "e\u0301", "ﬀ", "👩‍👩‍👧",
    "a\u0001b", "\x1b[31mred", "\x7f", "a\tb", "tab\t", "line\nbreak", "line\r\nbreak",
    "\"quoted\"", "semi;colon", "pipe|", "comma,", "\\", "\\\"", "'", "\ud7ff", "\ufffd", "\ufffe", "x" * 300, "\u2028",
    "\u0085", "1e309", "0x1F", "١٢٣", "²", "½",
]  # fmt: skip
ODD_AMOUNTS = [
    *NOT_MONEY, "1.234,56", "1,234.56", "1 234.56", "1'234.56", "€ 5", "5 €", "USD5", "(5)", "5-", "+5", "-5",
    "--5", "1e3", "∞", "0", "-0", "00012", ".5", "5.", "12345678901234", "123456789012345", "0.00005", "0.00004999",
    "９", "£-1", "1,00", "1,000", "1,0000", "%5",
]  # fmt: skip
ODD_MOMENTS = [
    "", "2026-11-07", "2026-11-06T23:59:59Z", "2026-11-06 23:59", "20261106", "2026-11-08", "1970-01-01",
    "0001-01-01", "9999-12-31", "2026-11-06T08:00:00+14:00", "2026-02-30", "06/11/2026", "yesterday", "1762473600",
    "2026-11-06T24:00", "2026-11-06T25:00",
]  # fmt: skip
Mutation = Callable[[random.Random, Sheet, Start], None]


def some(rng: random.Random, items: Iterable[int]) -> list[int]:
    """A few, many, or all."""
    pool = list(items)
    count = rng.choice([1, 1, 2, 3, 5, 9, 11, 12, len(pool) // 3, len(pool) // 2, len(pool)])
    return sorted(rng.sample(pool, min(max(count, 1), len(pool))))


def set_cells(sheet: Sheet, name: str, rows: Iterable[int], write: Callable[[str], str]) -> None:
    if name not in sheet.header:
        return
    place = sheet.header.index(name)
    for row in rows:
        sheet.rows[row][place] = write(sheet.rows[row][place])


def cells_of_one(rng: random.Random, sheet: Sheet, name: str) -> set[int]:
    """The rows that have the same in a column as one of them."""
    if name not in sheet.header or not sheet.rows:
        return set()
    place = sheet.header.index(name)
    value = rng.choice(sheet.rows)[place]
    return {number for number, row in enumerate(sheet.rows) if row[place] == value}


def drop_rows(rng: random.Random, sheet: Sheet, start: Start) -> None:
    gone = set(some(rng, range(len(sheet.rows))))
    sheet.rows = [row for number, row in enumerate(sheet.rows) if number not in gone]


def keep_the_first_rows(rng: random.Random, sheet: Sheet, start: Start) -> None:
    del sheet.rows[rng.randrange(len(sheet.rows) + 1) :]


def repeat_rows(rng: random.Random, sheet: Sheet, start: Start) -> None:
    copies = [list(sheet.rows[number]) for number in some(rng, range(len(sheet.rows)))]
    for copy in copies:
        sheet.rows.insert(rng.randrange(len(sheet.rows) + 1), copy)


def repeat_rows_otherwise(rng: random.Random, sheet: Sheet, start: Start) -> None:
    """Conflicting duplicates, or the same account with its UID spelled with blanks around."""
    for number in some(rng, range(len(sheet.rows))):
        copy = list(sheet.rows[number])
        name = rng.choice(list(start.columns.values()))
        if name in sheet.header and name != start.columns["uid"]:
            copy[sheet.header.index(name)] = rng.choice(["", "other", "1", "true", "false"])
        sheet.rows.append(copy)


def shuffle_rows(rng: random.Random, sheet: Sheet, start: Start) -> None:
    rng.shuffle(sheet.rows)


def flip_flags(rng: random.Random, sheet: Sheet, start: Start) -> None:
    flipped = {**dict.fromkeys(TRUE_FLAGS, "false"), **dict.fromkeys(FALSE_FLAGS, "true"), "FALSE": "TRUE"}
    set_cells(sheet, start.flag, some(rng, range(len(sheet.rows))), lambda flag: flipped.get(flag, "false"))


def respell_flags(rng: random.Random, sheet: Sheet, start: Start) -> None:
    flags = rng.choice([TRUE_FLAGS, FALSE_FLAGS, [*TRUE_FLAGS, *FALSE_FLAGS]])
    set_cells(sheet, start.flag, some(rng, range(len(sheet.rows))), lambda _: rng.choice(flags))


def garble_flags(rng: random.Random, sheet: Sheet, start: Start) -> None:
    odd = [*UNKNOWN_FLAGS, "truefalse", "tru", "TRUE FALSE", "ja", "01", "1.00", "−1", "оn"]
    set_cells(sheet, start.flag, some(rng, range(len(sheet.rows))), lambda _: rng.choice(odd))


def respell_uids(rng: random.Random, sheet: Sheet, start: Start) -> None:
    how = rng.choice(
        [str.upper, str.title, lambda uid: f"0{uid}", lambda uid: f"{uid}.0", lambda uid: uid.replace("-", "")]
    )
    set_cells(sheet, start.columns["uid"], some(rng, range(len(sheet.rows))), how)


def pad_uids(rng: random.Random, sheet: Sheet, start: Start) -> None:
    rows = some(rng, range(len(sheet.rows)))
    set_cells(sheet, start.columns["uid"], rows, lambda uid: rng.choice(PADS) + uid + rng.choice(PADS))


def empty_uids(rng: random.Random, sheet: Sheet, start: Start) -> None:
    set_cells(sheet, start.columns["uid"], some(rng, range(len(sheet.rows))), lambda _: rng.choice(PADS))


def one_uid_for_many(rng: random.Random, sheet: Sheet, start: Start) -> None:
    set_cells(sheet, start.columns["uid"], some(rng, range(len(sheet.rows))), lambda _: sheet.rows[0][0])


def odd_amounts(rng: random.Random, sheet: Sheet, start: Start) -> None:
    name = start.columns.get(rng.choice(["gmv", "revenue"]), "")
    set_cells(sheet, name, some(rng, range(len(sheet.rows))), lambda _: rng.choice(ODD_AMOUNTS))


def odd_moments(rng: random.Random, sheet: Sheet, start: Start) -> None:
    name = start.columns.get("changed_at", "")
    set_cells(sheet, name, some(rng, range(len(sheet.rows))), lambda _: rng.choice(ODD_MOMENTS))


def odd_texts(rng: random.Random, sheet: Sheet, start: Start) -> None:
    """Anywhere but in flags; in UIDs too."""
    name = rng.choice([each for each in sheet.header if each != start.flag] or sheet.header)
    set_cells(sheet, name, some(rng, range(len(sheet.rows))), lambda _: rng.choice(ODD_TEXT))


def blank_column(rng: random.Random, sheet: Sheet, start: Start) -> None:
    set_cells(sheet, rng.choice(sheet.header), range(len(sheet.rows)), lambda _: rng.choice(["", " "]))


def huge_cell(rng: random.Random, sheet: Sheet, start: Start) -> None:
    if sheet.rows:
        row = rng.choice(sheet.rows)
        row[rng.randrange(len(row))] = rng.choice(["x", "é", "x\n", ' "', "9"]) * rng.choice([4_000, 16_000])


def blank_rows(rng: random.Random, sheet: Sheet, start: Start) -> None:
    for _ in range(rng.choice([1, 3])):
        sheet.rows.insert(rng.randrange(len(sheet.rows) + 1), [rng.choice(["", " ", "\u00a0"]) for _ in sheet.header])


def a_whole_region_off(rng: random.Random, sheet: Sheet, start: Start) -> None:
    region = cells_of_one(rng, sheet, start.columns["region"])
    set_cells(sheet, start.flag, region, lambda _: "false")


def a_whole_csm_gone(rng: random.Random, sheet: Sheet, start: Start) -> None:
    gone = cells_of_one(rng, sheet, start.columns["csm_name"])
    sheet.rows = [row for number, row in enumerate(sheet.rows) if number not in gone]


def reorder_columns(rng: random.Random, sheet: Sheet, start: Start) -> None:
    order = rng.sample(range(len(sheet.header)), len(sheet.header))
    sheet.header = [sheet.header[place] for place in order]
    sheet.rows = [[row[place] for place in order] for row in sheet.rows]


def drop_column(rng: random.Random, sheet: Sheet, start: Start) -> None:
    place = rng.randrange(len(sheet.header))
    for row in [sheet.header, *sheet.rows]:
        del row[place]


def double_column(rng: random.Random, sheet: Sheet, start: Start) -> None:
    place = rng.randrange(len(sheet.header))
    name = sheet.header[place]
    sheet.header.append(rng.choice([name, name.upper(), f" {name} "]))
    for row in sheet.rows:
        row.append(row[place])


def rename_column(rng: random.Random, sheet: Sheet, start: Start) -> None:
    place = rng.randrange(len(sheet.header))
    name = sheet.header[place]
    odd = [
        "",
        " ",
        "x",
        "product",
        "uid ",
        "last_seen_at",
        "currency",
        "a\nb",
        'a"b',
        "a,b",
        "'; --",
        "x" * 2_000,
        "İ",
        "\u200b",
        "$uid",
    ]
    sheet.header[place] = rng.choice([name.upper(), f"\ufeff{name}", f"{name}\u00a0", name.swapcase(), *odd])


def many_columns(rng: random.Random, sheet: Sheet, start: Start) -> None:
    count = rng.choice([3, 60, 200])
    names = [rng.choice(["", f"c{number}", "c"]) for number in range(count)]
    for row, cells in ((sheet.header, names), *((row, ["7"] * count) for row in sheet.rows)):
        row += cells


def a_currency(rng: random.Random, sheet: Sheet, start: Start) -> None:
    """One, or two of them."""
    sheet.header.append(rng.choice(["currency", "Currency "]))
    currencies = rng.choice([["USD"], ["USD", ""], ["USD", " USD"], ["USD", "EUR"], ["usd", "USD"]])
    for row in sheet.rows:
        row.append(rng.choice(currencies))


def no_header(rng: random.Random, sheet: Sheet, start: Start) -> None:
    if sheet.rows:
        sheet.header = sheet.rows.pop(0)


def header_again(rng: random.Random, sheet: Sheet, start: Start) -> None:
    """Pages put together, each with its header."""
    sheet.rows.insert(rng.randrange(len(sheet.rows) + 1), list(sheet.header))


def footer(rng: random.Random, sheet: Sheet, start: Start) -> None:
    text = rng.choice(["Total", "Grand total: 60", "(60 rows)", "© Northlane"])
    sheet.rows.append([text, *[""] * (len(sheet.header) - 1)])


def no_rows(rng: random.Random, sheet: Sheet, start: Start) -> None:
    sheet.rows = []


def nothing(rng: random.Random, sheet: Sheet, start: Start) -> None:
    """The report as it should be."""


MUTATIONS: tuple[Mutation, ...] = (
    drop_rows, keep_the_first_rows, repeat_rows, repeat_rows_otherwise, shuffle_rows, flip_flags, respell_flags,
    garble_flags, respell_uids, pad_uids, empty_uids, one_uid_for_many, odd_amounts, odd_moments, odd_texts,
    blank_column, huge_cell, blank_rows, a_whole_region_off, a_whole_csm_gone, reorder_columns, drop_column,
    double_column, rename_column, many_columns, a_currency, no_header, header_again, footer, no_rows, nothing,
)  # fmt: skip
