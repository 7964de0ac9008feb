"""init, migrate, doctor: setting a workspace up, and finding out what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.backing import run_sql
from tests.workspaces import NEVER_LOST, Place, accounts, every_migration, finished, stored


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """After a first pull."""
    place = Place(tmp_path / "place", NEVER_LOST)
    place.write("2024-03-01", accounts(30, {1, 2}))
    place.done("pull")
    return place


# init


def test_init_and_the_reports_path_filled_in_is_all_that_is_needed(tmp_path: Path) -> None:
    place = Place(tmp_path / "elsewhere")
    report = place.folder / "report.csv"
    report.write_text("UID,is_product_enabled,gmv\na,yes,5\nb,no,\n", encoding="utf-8")
    new = tmp_path / "new" / "workspace"
    ran = place.run_alone("init", str(new))
    assert (ran.status, ran.err) == (0, "")
    assert str(new / "winback.toml") in ran.out
    assert sorted(path.name for path in new.iterdir()) == ["winback.sqlite3", "winback.toml"]
    settings = new / "winback.toml"
    text = settings.read_text(encoding="utf-8")
    assert text.count('report = ""') == 1
    settings.write_text(text.replace('report = ""', f'report = "{report}"'), encoding="utf-8")
    place.folder = new
    assert place.run("doctor").status == 0
    assert "applied (pull 1)" in place.done("pull").out
    assert place.uids("history") == ["a", "b"]


def test_init_in_this_folder(tmp_path: Path) -> None:
    place = Place(tmp_path / "place")
    (tmp_path / "here").mkdir()
    place.folder = tmp_path / "here"
    assert place.run_alone("init").status == 0
    assert sorted(path.name for path in place.folder.iterdir()) == ["winback.sqlite3", "winback.toml"]


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("left", ["winback.toml", "winback.sqlite3"])
def test_init_never_overwrites(tmp_path: Path, left: str) -> None:
    place = Place(tmp_path)
    (tmp_path / ("winback.toml" if left == "winback.sqlite3" else "winback.sqlite3")).unlink()
    before = (tmp_path / left).read_bytes()
    ran = place.run("init", str(tmp_path))
    assert ran.status != 0
    assert ran.line == f"{tmp_path / left} is there already, and nothing is ever overwritten: take another folder"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([left, "reports"])
    assert (tmp_path / left).read_bytes() == before


def test_init_before_the_path_is_filled_in_says_what_to_do(tmp_path: Path) -> None:
    place = Place(tmp_path / "place")
    place.run("init", str(tmp_path / "new"))
    place.folder = tmp_path / "new"
    ran = place.run("pull")
    assert ran.status == 2
    assert "products.payments.report" in ran.line


# migrate, and a database of another version


@pytest.mark.only_on("sqlite")
def test_migrate_makes_a_missing_database(place: Place) -> None:
    place.database.unlink()
    ran = place.run("show", "pulls")
    assert (ran.status, ran.out) == (1, "")
    assert ran.line == (
        f"there is no database at {place.database}: put it back from a backup; or start anew with `winback migrate`"
    )
    assert place.done("migrate").out == f"{place.database}: brought up to date ({every_migration()})\n"
    assert place.done("migrate").out == f"{place.database}: is up to date\n"
    assert place.show("pulls") == []


COMMANDS = [("pull",), ("show", "cases"), ("kpis",), ("notify",), ("pulls",), ("pulls", "undo", "1", "--reason", "x")]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_an_older_database_is_refused(place: Place, command: tuple[str, ...]) -> None:
    run_sql(place.folder, "delete from django_migrations where app = 'store'")
    before = stored(place.folder)
    ran = place.run(*command)
    assert (ran.status, ran.out) == (1, "")
    assert ran.line == "the database is older than this program (it lacks 0001_first): run `winback migrate`"
    assert stored(place.folder) == before


@pytest.mark.parametrize("command", [*COMMANDS, ("migrate",)], ids=" ".join)
def test_a_newer_database_is_refused(place: Place, command: tuple[str, ...]) -> None:
    run_sql(
        place.folder, "insert into django_migrations (app, name, applied) values ('store', '9999_later', '2030-01-01')"
    )
    before = stored(place.folder)
    ran = place.run(*command)
    assert (ran.status, ran.out) == (1, "")
    assert ran.line == "the database is newer than this program (it has 9999_later): install the newer winback"
    assert stored(place.folder) == before


@pytest.mark.only_on("sqlite")
def test_a_file_that_is_no_database(place: Place) -> None:
    place.database.write_text("this is no database, but a text that is long enough to be looked at" * 10)
    ran = place.run("show", "pulls")
    assert (ran.status, ran.out) == (1, "")
    assert "not a database" in ran.line


# doctor


def findings(place: Place, status: int) -> dict[str, tuple[str, str]]:
    """Subject → verdict and text."""
    ran = place.run("doctor")
    assert (ran.status, ran.err) == (status, ""), ran
    found = {}
    for line in ran.out.splitlines():
        verdict, _, rest = line.partition(" ")
        subject, _, text = rest.strip().partition(": ")
        found[subject] = (verdict, text)
    return found


def test_doctor_finds_nothing_wrong(place: Place) -> None:
    found = findings(place, 0)
    assert {verdict for verdict, _ in found.values()} == {"ok"}
    assert found["report of payments"][1].startswith(f"{place.reports}/payments_2024-03-01.csv: uid from UID, ")
    assert found["history of payments"][1] == (
        "last applied: pull 1 of 2024-03-01T00:00:00Z, 30 accounts in its report"
    )


def test_doctor_counts_as_other_columns_those_that_are_not_mapped(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write_text("2024-03-01", "UID,Enabled,Changed,Currency,Plan,Seats\na,1,2024-03-01,EUR,gold,5\n")
    columns = 'uid = "UID"\nis_product_enabled = "Enabled"\nchanged_at = "Changed"\n'
    place.set(f"[products.payments.columns]\n{columns}")
    text = findings(place, 0)["report of payments"][1]
    assert text.endswith("currency from Currency, changed_at from Changed; other columns: 2")


def test_doctor_before_the_first_pull(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write("2024-03-01", accounts(2))
    assert findings(place, 0)["history of payments"] == ("ok", "none yet: the first applied pull makes it")


def test_doctor_and_a_report_that_is_not_there(place: Place) -> None:
    place.set(NEVER_LOST, report="nowhere/payments.csv")
    verdict, text = findings(place, 1)["report of payments"]
    assert verdict == "wrong"
    assert text.startswith(f"no report at {place.folder}/nowhere/payments.csv")


@pytest.mark.parametrize(("content", "ending"), [("Account,Status\na,1\n", ".csv"), ("no parquet", ".parquet")])
def test_doctor_and_a_report_that_can_not_be_read(place: Place, content: str, ending: str) -> None:
    path = place.write_text("2024-03-02", content, ending)
    place.set(NEVER_LOST, report=str(path))
    assert findings(place, 1)["report of payments"][0] == "wrong"


def test_doctor_and_settings_that_are_wrong(place: Place) -> None:
    place.set("[cases]\nlost_afer_days = 3\n")
    verdict, text = findings(place, 1)["settings"]
    assert verdict == "wrong"
    assert "lost_afer_days" in text


def test_doctor_and_the_crm(place: Place) -> None:
    files = '[crm.files]\npath = "crm.csv"\n'
    place.set(NEVER_LOST + files)
    verdict, text = findings(place, 1)["crm.files"]
    assert (verdict, "no file at" in text) == ("wrong", True)
    export = "external_id,kind,uid,owner_email,occurred_at\n1,call,a,dana@shop.example,2026-11-02\n"
    (place.folder / "crm.csv").write_text(export, encoding="utf-8")
    verdict, text = findings(place, 0)["crm.files"]
    assert (verdict, "the newest is crm.csv" in text) == ("ok", True)


def test_doctor_and_words_of_the_company(place: Place) -> None:
    (place.folder / "wording.toml").write_text('[title]\nfirst = "{merchant}!"\n', encoding="utf-8")
    assert findings(place, 0)["wording"] == ("ok", f"{place.folder}/wording.toml: own words for title.first")
    (place.folder / "wording.toml").write_text('[title]\nfirst = "{nobody}!"\n', encoding="utf-8")
    verdict, text = findings(place, 1)["settings"]
    assert (verdict, text.startswith(f"{place.folder}/wording.toml: title.first: there is no {{nobody}} here")) == (
        "wrong",
        True,
    )


def test_doctor_and_a_channel_whose_secret_is_missing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = '[messages]\nchannel = "teams"\n[teams]\nurl = "env:TEAMS_URL"\n'
    place.set(NEVER_LOST + channel)
    monkeypatch.delenv("TEAMS_URL", raising=False)
    assert findings(place, 1)["channel teams"] == (
        "wrong",
        "the variable TEAMS_URL is not set: set it, or change env:TEAMS_URL in winback.toml",
    )
    monkeypatch.setenv("TEAMS_URL", "https://teams.example/hook?sig=secret")
    assert findings(place, 0)["channel teams"] == ("ok", "has what it needs; nothing was sent to try it")


def test_doctor_and_a_product_that_is_gone(place: Place) -> None:
    text = (place.folder / "winback.toml").read_text(encoding="utf-8")
    (place.folder / "winback.toml").write_text(text.replace("products.payments", "products.refunds"), encoding="utf-8")
    assert ("note", "there are pulls of payments, which winback.toml does not have (any more)") in findings(
        place, 0
    ).values()


def test_doctor_and_a_held_pull(place: Place) -> None:
    place.write("2024-03-02", accounts(30, set(range(30))))
    assert place.run("pull").status == 3
    verdict, text = findings(place, 0)["pull 2 of payments, 2024-03-02T00:00:00Z"]
    assert verdict == "waits"
    assert text.startswith("accounts enabled in the last report that churned: 28 of 28 (100.0 %, limit 10 %)")
    assert "winback pulls approve 2" in text


def test_doctor_and_messages_that_wait(place: Place) -> None:
    place.write("2024-03-02", accounts(30, {1, 3}))
    place.done("pull", "--no-messages")
    assert findings(place, 0)["messages"] == ("waits", "2 planned: `winback notify` sends them")


@pytest.mark.parametrize("name", ["report.parquet", "absent.parquet"])
@pytest.mark.parametrize("damage", ["gone", "shorter", "other"])
def test_doctor_and_a_damaged_history(place: Place, name: str, damage: str) -> None:
    (path,) = (place.folder / "data").rglob(name)
    content = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(content[:-1] if damage == "shorter" else bytes([content[0] ^ 1]) + content[1:])
    verdict, text = findings(place, 1)["history of payments"]
    assert verdict == "wrong"
    assert str(path) in text
    assert "put it back from a backup" in text
    if damage != "other":
        place.write("2024-03-02", accounts(30, {1, 3}))
        ran = place.run("pull")
        assert (ran.status, ran.line) == (1, text)


@pytest.mark.only_on("sqlite")
def test_doctor_and_a_missing_database(place: Place) -> None:
    place.database.unlink()
    assert findings(place, 1)["database"][1].startswith(f"there is no database at {place.database}")


# finding the workspace


def test_a_workspace_is_found_from_a_folder_inside_it(place: Place) -> None:
    inside = place.folder / "reports" / "deep"
    inside.mkdir()
    elsewhere = Place(inside.parent.parent)
    elsewhere.folder = inside
    assert elsewhere.run_alone("show", "pulls", "--format", "csv").out.count("\n") == 2


def test_a_workspace_named_by_option_and_variable(place: Place, tmp_path: Path) -> None:
    away = Place(tmp_path / "away")
    (away.folder / "winback.toml").unlink()
    ran = away.run_alone("show", "history")
    assert (ran.status, ran.out) == (2, "")
    assert ran.line == (
        f"no winback.toml in {away.folder} or above it: run `winback init`, or name the folder with --workspace"
    )
    folder = str(place.folder)
    for arguments, variables in (
        (("--workspace", folder, "show", "history"), {}),
        (("show", "history", "--workspace", folder), {}),
        (("show", "history"), {"WINBACK_WORKSPACE": folder}),
        (("--workspace", folder, "show", "history"), {"WINBACK_WORKSPACE": str(tmp_path)}),
    ):
        ran = finished(away.start(*arguments, "--format", "csv", **variables))
        assert (ran.status, ran.err, ran.out.count("\n")) == (0, "", 31), arguments
