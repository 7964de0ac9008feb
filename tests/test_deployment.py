"""Dockerfile, compose.yaml and the unit of systemd: understood, and what they name is there."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from tests.settings_files import load
from winback import logs
from winback.cli import cli
from winback.errors import SettingsError
from winback.settings.sections import Web
from winback.up import children
from winback.web.serving import refuse_without_address

ROOT = Path(__file__).parent.parent
UNIT = ROOT / "examples" / "systemd" / "winback-up.service"
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _logs_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls are only parsed here: no log begins, which children of this process would take over."""
    monkeypatch.setattr(logs, "begin", lambda form: None)


def instructions() -> list[tuple[str, str]]:
    """Of the Dockerfile: instruction and what follows it."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(name, " ".join(rest.split())) for name, _, rest in (line.partition(" ") for line in lines)]


def all_of(instruction: str) -> list[str]:
    return [rest for name, rest in instructions() if name == instruction]


def parsed(words: list[str]) -> click.Context:
    """A call of winback, as far as that it has such a command with such options."""
    assert words[0].rpartition("/")[2] == "winback"
    command = cli.commands[words[1]]
    # Below its group, as it is run: a command keeps the names of its help option from the first time on.
    group = click.Context(cli, info_name="winback", **cli.context_settings)
    return command.make_context(words[1], words[2:], parent=group, resilient_parsing=True)


# Dockerfile


def test_what_the_image_is_made_of_is_there() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    for copied in all_of("COPY"):
        for name in shlex.split(copied)[:-1]:
            assert (ROOT / name).exists(), name
            assert f"!{Path(name).parts[0]}" in ignored
    (install,) = [run for run in all_of("RUN") if "pip install" in run]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (extras,) = re.findall(r"'\.\[([a-z,]+)\]'", install)
    assert extras.split(",") == ["postgres", "slack"]
    assert set(extras.split(",")) <= project["optional-dependencies"].keys()
    copied_names = {name for copied in all_of("COPY") for name in shlex.split(copied)[:-1]}
    # What the build itself reads.
    assert {project["readme"], *project["license-files"], "constraints.txt", "examples/data"} <= copied_names


def test_the_container_runs_the_command_as_nobody_special() -> None:
    (user,) = all_of("USER")
    assert user not in ("root", "0")
    assert any(f"useradd --uid 10001 --create-home {user}" in run for run in all_of("RUN"))
    (called,) = all_of("CMD")
    assert parsed(json.loads(called)).info_name == "up"
    assert all_of("VOLUME") == ["/workspace"]
    assert "WINBACK_WORKSPACE=/workspace" in all_of("ENV")
    assert all_of("FROM") == ["python:3.11-slim"]


@contextmanager
def answering(status: int) -> Iterator[list[str]]:
    """A server; what it was asked for."""
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        asked.append(str(server.server_port))
        yield asked
        server.shutdown()


@pytest.mark.parametrize(("status", "is_healthy"), [(200, True), (503, False)])
def test_the_health_check_asks_the_right_address(status: int, is_healthy: bool) -> None:
    (check,) = all_of("HEALTHCHECK")
    python, *arguments = json.loads(check.partition("CMD ")[2])
    assert python == "python"
    with answering(status) as asked:
        called = [word.replace(":8000/", f":{asked[0]}/") for word in arguments]
        done = subprocess.run([sys.executable, *called], capture_output=True, timeout=60, check=False)
    assert (done.returncode == 0, asked[1:]) == (is_healthy, ["/healthz"])
    assert all_of("EXPOSE") == ["8000"]


# compose.yaml


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return found


def seconds(text: str) -> float:
    return float(text.removesuffix("s"))


def test_every_secret_of_a_service_is_a_file_and_no_variable() -> None:
    found = compose()
    used = {name for service in found["services"].values() for name in service["secrets"]}
    assert used == found["secrets"].keys()
    assert all(secret == {"file": f"./secrets/{name}"} for name, secret in found["secrets"].items())
    variables = {name for service in found["services"].values() for name in service.get("environment", {})}
    assert variables == {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD_FILE"}


def test_the_services_fit_the_image() -> None:
    winback, database = compose()["services"]["winback"], compose()["services"]["database"]
    assert winback["volumes"] == ["./workspace:/workspace"]
    assert winback["ports"] == ["127.0.0.1:8000:8000"]
    assert winback["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert database["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]
    assert "command" not in winback
    # Whoever ends it waits for as long as it may take.
    assert seconds(winback["stop_grace_period"]) > children._PATIENCE


def test_the_settings_for_containers_load_with_the_secrets_of_the_file(tmp_path: Path) -> None:
    (text,) = [block for block in re.findall(r"```toml\n(.*?)```", OPERATIONS, re.DOTALL) if "/run/secrets" in block]
    named = re.findall(r'"file:/run/secrets/(\w+)"', text)
    assert set(named) == set(compose()["services"]["winback"]["secrets"])
    for name in named:
        value = "postgresql://winback:secret@database:5432/winback" if name == "database_url" else "x" * 40
        (tmp_path / name).write_text(value, encoding="utf-8")
    settings = load(tmp_path, f"{text.replace('/run/secrets/', f'{tmp_path}/')}\n[products.payments]\nreport = 'r'\n")
    assert str(settings.database) == "postgresql://winback@database:5432/winback"
    assert settings.web is not None
    assert (settings.web.host, settings.web.port) == ("0.0.0.0", 8000)  # noqa: S104
    refuse_without_address(settings.web, settings.web.host)
    # Whom the pages believe what the proxy says of its visitors.
    (network,) = compose()["networks"]["default"]["ipam"]["config"]
    assert settings.web.proxy == network["gateway"]
    assert ip_address(network["gateway"]) in ip_network(network["subnet"])


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::"])  # noqa: S104
def test_pages_for_other_machines_need_an_address(host: str) -> None:
    for here in ("127.0.0.1", "localhost", "::1"):
        refuse_without_address(Web(), here)
    with pytest.raises(SettingsError, match=rf"web\.base_url: pages on {re.escape(host)} are for other machines"):
        refuse_without_address(Web(), host)


# systemd


def unit() -> dict[str, list[str]]:
    """Key → its values, whatever the section."""
    values: dict[str, list[str]] = {}
    for line in UNIT.read_text(encoding="utf-8").splitlines():
        if setting := re.fullmatch(r"(\w+)=(.*)", line):
            values.setdefault(setting[1], []).append(setting[2])
    return values


def test_the_unit_runs_the_command_and_gives_it_time_to_end() -> None:
    found = unit()
    (called,) = found["ExecStart"]
    assert parsed(shlex.split(called)).info_name == "up"
    assert found["Type"] == ["exec"]
    assert float(found["TimeoutStopSec"][0]) > children._PATIENCE
    assert found["RestartPreventExitStatus"] == ["2"]
    (place,) = found["ReadWritePaths"]
    assert f"WINBACK_WORKSPACE={place}" in found["Environment"]


def test_the_unit_is_understood_by_systemd_and_shut_in(tmp_path: Path) -> None:
    """As far as systemd is on the machine; the test above does without it."""
    if shutil.which("systemd-analyze") is None:
        return
    text = UNIT.read_text(encoding="utf-8").replace("/opt/winback/bin/winback", sys.executable)
    (tmp_path / UNIT.name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", UNIT.name], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=25", tmp_path / UNIT.name],
        capture_output=True,
        text=True,
        check=False,
    )
    assert judged.returncode == 0, judged.stdout + judged.stderr


def test_the_page_names_every_file() -> None:
    for name in ("Dockerfile", "compose.yaml", "examples/systemd/winback-up.service"):
        assert f"](../{name})" in OPERATIONS
