"""Reports as other people's systems export them, for `winback init --from`; each of some forty accounts."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import xlsxwriter

ACCOUNTS = 40
REGIONS = ("EMEA", "NA", "LATAM", "APAC")
PEOPLE = ("Dana Ortiz", "Tom Reed", "Ingrid Solheim")
Row = Sequence[object]


def is_on(number: int) -> bool:
    return number % 5 != 0


def merchant(number: int) -> str:
    return f"Merchant {number}, Inc."


def person(number: int) -> str:
    return PEOPLE[number % 3]


def email(number: int) -> str:
    return person(number).lower().replace(" ", ".") + "@shop.example"


def delimited(header: Row, rows: Iterable[Row], delimiter: str = ",", quoting: int = csv.QUOTE_MINIMAL) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, quoting=csv.QUOTE_ALL if quoting else csv.QUOTE_MINIMAL)
    writer.writerow(header)
    writer.writerows(rows)
    return stream.getvalue()


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def of_payments_processor(folder: Path) -> Path:
    """lower_snake names, amounts without thousands signs, a flag that is called by its product."""
    header = ("id", "object", "business_name", "account_manager", "country", "tpv_usd", "fees_usd", "payments_enabled")
    rows = (
        (f"acct_{n:08x}", "account", merchant(n), person(n), "US", 100 * n + 0.5, n + 0.25, str(is_on(n)).lower())
        for n in range(ACCOUNTS)
    )
    return written(folder / "payments_2026-11-03.csv", delimited(header, rows))


def of_crm(folder: Path) -> Path:
    """Everything quoted; two columns of people, one of them at the account."""
    header = (
        "Account ID",
        "Account Name",
        "Account Owner",
        "Account Owner: Email",
        "Contact Email",
        "Billing Country",
        "Payments Active",
        "ARR",
        "ARR Currency",
        "Last Modified Date",
    )
    rows = (
        (
            f"0015g00000A{n:04}AAV",
            merchant(n),
            person(n),
            email(n),
            f"owner@shop{n}.example",
            ("Germany", "Spain", "France")[n % 3],
            int(is_on(n)),
            f"EUR {1000 * n:,}.00",
            "EUR",
            "11/3/2026",
        )
        for n in range(ACCOUNTS)
    )
    return written(folder / "report1762156800000.csv", delimited(header, rows, quoting=csv.QUOTE_ALL))


def of_warehouse(folder: Path) -> Path:
    """NDJSON, keys in camelCase, numbers as numbers."""
    path = folder / "adoption-20261103.ndjson"
    lines = (
        json.dumps(
            {
                "merchantId": 1000 + n,
                "merchantName": merchant(n),
                "csmEmail": email(n),
                "salesRegion": REGIONS[n % 4],
                "gmvLast30d": 1234.5 * n,
                "mrr": n / 4,
                "isEnabled": is_on(n),
                "statusChangedAt": f"2026-10-{n % 28 + 1:02}T08:00:00Z",
            }
        )
        for n in range(ACCOUNTS)
    )
    return written(path, "\n".join(lines) + "\n")


def of_at_risk_list(folder: Path) -> Path:
    """Only the accounts that are off, without a flag; a status that is none."""
    header = ("Merchant ID", "Merchant", "KAM", "Territory", "Status", "Volume")
    rows = (
        (f"{n:05}", merchant(n), person(n), REGIONS[n % 4], ("Gold", "Silver")[n % 2], f"${1234 * n + 1:,}.00")
        for n in range(ACCOUNTS)
    )
    return written(folder / "loans at risk 2026-11-03.csv", delimited(header, rows))


def of_spreadsheet_with_names_only(folder: Path) -> Path:
    """No ids but names, CSMs by name only, no money."""
    header = ("#", "Client", "CSM", "Live?")
    rows = ((n + 1, f"Merchant {n}", person(n), "Yes" if is_on(n) else "No") for n in range(ACCOUNTS))
    return written(folder / "Clients.csv", delimited(header, rows))


def of_everything(folder: Path) -> Path:
    """Sixty columns, half of them metrics with flags among them; nearly all blank."""
    others = [f"metric_{n}" for n in range(54)]
    header = ("customer_number", "customer", "owner_email", *others, "region", "gmv", "is_active")
    rows = (
        (
            f"C{n:04}",
            merchant(n),
            email(n),
            *(n % 2 if place == 7 else "" if place % 3 else n * place for place in range(54)),
            REGIONS[n % 4],
            n * 10,
            "Y" if is_on(n) else "N",
        )
        for n in range(ACCOUNTS)
    )
    return written(folder / "wide.csv", delimited(header, rows))


def of_german_excel(folder: Path) -> Path:
    """Semicolons, decimal commas, the letters of Windows, German names; the flag as 1 and 0."""
    header = ("Kunden-Nr.", "Händler", "Betreuer", "Land", "Umsatz (€)", "Gebühren", "Zahlungen aktiv")
    rows = (
        (
            f"{n:05}",
            f"Händler {n} & Söhne",
            person(n),
            ("DE", "AT", "CH")[n % 3],
            german(1234 * n + 0.5),
            german(n),
            int(is_on(n)),
        )
        for n in range(ACCOUNTS)
    )
    return written(folder / "Händlerbericht 2026-11-03.csv", delimited(header, rows, ";"), "cp1252")


def german(amount: float) -> str:
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


def of_sql_server(folder: Path) -> Path:
    """UTF-16 with its mark, parted by bars."""
    header = ("AccountKey", "AccountName", "Region", "TransactionVolume", "IsActive", "ChangedAt")
    rows = (
        (1000 + n, merchant(n), REGIONS[n % 4], f"{n * 7.5:.4f}", int(is_on(n)), "2026-10-31 23:59:59.997")
        for n in range(ACCOUNTS)
    )
    return written(folder / "adoption_20261103T060000.csv", delimited(header, rows, "|"), "utf-16")


def of_bi_workbook(folder: Path) -> Path:
    """A cover sheet, a title above the header, typed cells."""
    path = folder / "Product adoption.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        workbook.add_worksheet("About").write_column(0, 0, ["Product adoption", "Refreshed daily", "Internal"])
        sheet = workbook.add_worksheet("Accounts")
        sheet.write(0, 0, "Product adoption, 3 November 2026")
        sheet.write_row(2, 0, ["Account No", "Account", "Success Manager", "Country", "GMV (EUR)", "MRR", "Adopted"])
        for n in range(ACCOUNTS):
            sheet.write_row(3 + n, 0, [100200 + n, merchant(n), person(n), "Spain", 1200.5 * n, n + 0.25, is_on(n)])
    return path


def of_json_service(folder: Path) -> Path:
    """One array of objects; a key that some objects lack."""
    accounts = [
        {
            "uuid": f"{n:08x}-0000-4000-8000-000000000000",
            "name": merchant(n),
            "region": REGIONS[n % 4],
            "live": is_on(n),
        }
        | ({"csm": person(n)} if n % 2 else {})
        for n in range(ACCOUNTS)
    ]
    return written(folder / "accounts-2026-11-03.json", json.dumps(accounts))


def of_french_crm(folder: Path) -> Path:
    """French names, tabs, no flag that can be read but the words oui and non."""
    header = ("Code client", "Raison sociale", "Chargé de compte", "Pays", "Actif")  # codespell:ignore
    rows = ((f"C-{n}", merchant(n), person(n), "FR", "oui" if is_on(n) else "non") for n in range(ACCOUNTS))
    return written(folder / "clients.tsv", delimited(header, rows, "\t"))


Export = Callable[[Path], Path]
