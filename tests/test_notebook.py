"""In Jupyter an event loop runs in the main thread, where Django would refuse the database."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.workspaces import NEVER_LOST, Place, accounts

CELLS = (
    "import asyncio; asyncio.get_running_loop().is_running()",
    "import winback; workspace = winback.open_workspace(FOLDER); workspace.pull().status",
    "workspace.table('history').num_rows",
    "workspace.pull(report=FOLDER + '/second.csv', at='2024-03-02').churned",
    "workspace.table('at_risk')['uid'].to_pylist()",
    "await asyncio.sleep(0); workspace.kpis()['at_risk']['accounts']",
    "workspace.close()",
    "with winback.open_workspace(FOLDER) as again: print(again.table('cases').num_rows)",
    "winback.compare(FOLDER + '/second.csv', FOLDER + '/second.csv', columns=COLUMNS).num_rows",
)


@pytest.fixture
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The kernel of this interpreter, whatever is installed for Jupyter."""
    folder = tmp_path / "jupyter" / "kernels" / "this"
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": command, "display_name": "this", "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    return "this"


def run(cells: tuple[str, ...], kernel: str) -> list[list[Any]]:
    """What each cell shows: the text of its results and prints."""
    import nbformat
    from nbclient import NotebookClient

    code: list[dict[str, Any]] = [
        {"cell_type": "code", "id": f"cell{n}", "source": cell, "outputs": [], "metadata": {}, "execution_count": None}
        for n, cell in enumerate(cells)
    ]
    notebook = nbformat.from_dict(  # type: ignore[no-untyped-call]
        {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": code}
    )
    NotebookClient(notebook, timeout=120, kernel_name=kernel).execute()
    return [[output.get("text") or output["data"]["text/plain"] for output in cell.outputs] for cell in notebook.cells]


def test_a_workspace_in_a_notebook(tmp_path: Path, kernel: str) -> None:
    place = Place(tmp_path / "place", NEVER_LOST)
    place.write("2024-03-01", accounts(30, {1, 2}))
    place.write("2024-03-02", accounts(30, {2, 3})).rename(place.folder / "second.csv")
    setting = f"FOLDER = {str(place.folder)!r}; COLUMNS = {{'uid': 'UID', 'is_product_enabled': 'Enabled'}}"
    first, *shown = run((setting, *CELLS), kernel)
    assert first == []
    assert shown[:3] == [["True"], ["'applied'"], ["30"]]
    assert shown[3][-1] == "1"
    assert "Merchant m3 switched off payments" in shown[3][0]
    assert shown[4:] == [["['m3']"], ["1"], [], ["1\n"], ["0"]]
