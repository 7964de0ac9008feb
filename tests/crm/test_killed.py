"""`kill -9` at any moment of `winback activities`, then the same again: nothing is lost, nothing is there twice."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from tests import backing
from tests.crm import test_hubspot, test_salesforce
from tests.crm.office import churned
from tests.fake_hubspot import TOKEN, FakeHubspot, stamp
from tests.fake_salesforce import KEY, SECRET, FakeSalesforce, at
from tests.killed import Death, Job, Killer
from tests.programme import Programme

START = test_salesforce.START
TABLES = ("activities", "claims", "crm_accounts", "crm_owners", "crm_marks")


@contextmanager
def salesforce(folder: Path) -> Iterator[Programme]:
    (folder / "key.txt").write_text(KEY, encoding="utf-8")
    (folder / "secret.txt").write_text(SECRET, encoding="utf-8")
    with FakeSalesforce(START, page=2) as fake:
        office = test_salesforce.Office(fake)
        for number in range(1, 6):
            fake.now += timedelta(minutes=1)
            office.call(number)
        fake.delete("Task", office.call(6))
        office.deal(1, IsClosed=True, IsWon=True, CloseDate="2026-11-02", LastStageChangeDate=at(START))
        yield churned(folder, test_salesforce.settings(fake))


@contextmanager
def hubspot(folder: Path) -> Iterator[Programme]:
    (folder / "key.txt").write_text(TOKEN, encoding="utf-8")
    with FakeHubspot(START) as fake:
        fake.hire(7, "Dana", "Ortiz", "dana@shop.example")
        fake.put("companies", 1, name="Acme", merchant_uid="a")
        for number in range(1, 4):
            test_hubspot.call(fake, number)
        fake.archive("calls", test_hubspot.call(fake, 4))
        fake.put(
            "deals", 1, 1, hs_is_closed="true", hs_is_closed_won="true", closedate=stamp(START), **test_hubspot.DANA
        )
        yield churned(folder, test_hubspot.settings(fake))


@contextmanager
def files(folder: Path) -> Iterator[Programme]:
    header = "external_id,kind,uid,owner_email,occurred_at,outcome\n"
    (folder / "crm").mkdir()
    for name in ("a", "b"):
        rows = f"{name}1,call,a,dana@shop.example,2026-11-03,\n{name}2,opportunity,b,lee@shop.example,2026-11-03,won\n"
        (folder / "crm" / f"{name}.csv").write_text(header + rows, encoding="utf-8")
    yield churned(folder, '[crm.files]\npath = "crm"\n')


def kept(folder: Path) -> dict[str, list[str]]:
    """Without the number of a row, and when a claim was recorded."""
    columns = {"claims": "answer, uid, outcome, csm_name, claimed_at"}
    every = {name: backing.run_sql(folder, f"select {columns.get(name, '*')} from {name}") for name in TABLES}
    return {
        name: sorted(map(str, (row if name in columns else row[1:] for row in rows))) for name, rows in every.items()
    }


Source = Callable[[Path], AbstractContextManager[Programme]]


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("source", [salesforce, hubspot, files])
def test_killed_at_any_moment_and_started_again(source: Source, tmp_path: Path) -> None:
    play(source, tmp_path, 5)


@pytest.mark.only_on("postgresql")
def test_killed_on_a_server_and_started_again(tmp_path: Path) -> None:
    play(salesforce, tmp_path, 2)


def play(source: Source, tmp_path: Path, spread: int) -> None:
    """`spread`: at so many moments, drawn anew each time, and after all is done."""
    home = tmp_path / "home"
    home.mkdir()
    with source(home), Killer() as killer:

        def run(name: str, call: int = 0, after: bool = False) -> tuple[Path, Death]:
            folder = tmp_path / name
            if not folder.exists():
                backing.copy_workspace(home, folder)
            return folder, killer.run(Job(str(folder), ["activities"], call=call, after=after))

        folder, undisturbed = run("undisturbed")
        assert undisturbed.status == 0, undisturbed
        expected = kept(folder)
        assert all(expected[name] for name in ("activities", "claims", "crm_marks"))
        last = len(undisturbed.calls)
        chosen = random.sample(range(1, last), min(last - 1, spread))
        for call in [*chosen, last]:
            folder, death = run(f"killed-{call}", call, after=call == last)
            assert death.was_killed, death
            assert run(f"killed-{call}")[1].status == 0
            assert kept(folder) == expected, f"killed at {death.calls[-1]}"
