"""The files of examples/schedule: each is understood, and the very commands in them are run."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.workspaces import NEVER_LOST, Place, accounts

FILES = Path(__file__).parent.parent / "examples" / "schedule"
PROGRAM, WORKSPACE, BACKUPS = "/opt/winback/bin/winback", "/srv/winback", "/backup"
_TASK = {"": "http://schemas.microsoft.com/windows/2004/02/mit/task"}


class Machine:
    """Where the paths of the examples are: the program, a workspace, a folder of backups, and what takes mail."""

    def __init__(self, folder: Path) -> None:
        self.place = Place(folder / "workspace", NEVER_LOST)
        self.program = self._write(folder / "bin" / "winback", f'exec {sys.executable} -m winback "$@"')
        self.backups = folder / "backups"
        self.backups.mkdir()
        self.mail = folder / "mail"
        self._write(folder / "bin" / "mail", f'{{ echo "$@"; cat; }} >>{self.mail}')
        self.path = f"{folder / 'bin'}:{os.environ['PATH']}"

    def _write(self, path: Path, script: str) -> Path:
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)
        return path

    def moved(self, text: str) -> str:
        """With the paths of this machine; nobody waits."""
        text = text.replace(PROGRAM, str(self.program)).replace(WORKSPACE, str(self.place.folder))
        return text.replace(BACKUPS, str(self.backups)).replace("--retry-until 09:00", "--retry-until 00:00")

    def run(self, command: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
        """With as little around it as a scheduler gives."""
        variables = {name: self.moved(value) for name, value in environment.items()}
        variables |= {"PATH": self.path, "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
        return subprocess.run(
            ["/bin/sh", "-c", self.moved(command)], env=variables, cwd="/", capture_output=True, text=True, check=False
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    machine.place.write("2024-03-01", accounts(30, {1}))
    return machine


# cron


def crontab() -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Variables, and when with what."""
    variables, jobs = {}, []
    for line in (FILES / "crontab").read_text(encoding="utf-8").splitlines():
        if setting := re.fullmatch(r"([A-Z_]+)=(.*)", line):
            variables[setting[1]] = setting[2]
        elif line and not line.startswith("#"):
            *when, command = line.split(None, 5)
            jobs.append((" ".join(when), command))
    return variables, jobs


def as_cron_has_it(command: str) -> str:
    r"""A percent sign that has no backslash ends the command; `\%` is one."""
    return re.split(r"(?<!\\)%", command)[0].replace(r"\%", "%")


def test_the_lines_for_cron_do_what_they_say(machine: Machine) -> None:
    variables, jobs = crontab()
    assert [when for when, _ in jobs] == ["30 7 * * *", "0 12 * * *", "0 4 * * 0"]
    for _, command in jobs:
        done = machine.run(as_cron_has_it(command), variables)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), done
    assert "applied (pull 1)" in (machine.place.folder / "pull.log").read_text(encoding="utf-8")
    assert re.fullmatch(r"winback-\d{4}-\d\d-\d\d\.tar\.zst", next(machine.backups.iterdir()).name)
    assert not machine.mail.exists()


def test_what_cron_runs_mails_what_failed_and_what_is_held(machine: Machine) -> None:
    variables, ((_, pull), *_) = crontab()
    machine.run(as_cron_has_it(pull), variables)
    machine.place.write("2024-03-02", accounts(30, range(30)))
    machine.run(as_cron_has_it(pull), variables)
    machine.place.write_text("2024-03-03", "<html>")
    machine.run(as_cron_has_it(pull), variables)
    mail = machine.mail.read_text(encoding="utf-8")
    assert re.findall("^-s .*$", mail, re.MULTILINE) == [
        "-s winback pull: exit 3 ops@shop.example",
        "-s winback pull: exit 1 ops@shop.example",
    ]
    assert "held (pull 2)" in mail
    assert "is a web page, not a report" in mail


# systemd


def unit(name: str) -> dict[str, list[str]]:
    """Key → its values, whatever the section."""
    values: dict[str, list[str]] = {}
    for line in (FILES / name).read_text(encoding="utf-8").splitlines():
        if setting := re.fullmatch(r"(\w+)=(.*)", line):
            values.setdefault(setting[1], []).append(setting[2])
    return values


def test_the_service_runs_its_command_with_its_environment(machine: Machine) -> None:
    service = unit("winback-pull.service")
    environment = dict(each.split("=", 1) for each in service["Environment"])
    (command,) = service["ExecStart"]
    done = machine.run(command, environment)
    assert (done.returncode, done.stderr) == (0, ""), done
    assert "applied (pull 1)" in done.stdout
    assert service["SuccessExitStatus"] == ["3"]
    assert service["ReadWritePaths"] == [WORKSPACE]


def test_the_units_are_understood_by_systemd(machine: Machine, tmp_path: Path) -> None:
    """As far as it is on the machine; the tests above and below do without it."""
    if shutil.which("systemd-analyze") is None:
        return
    for file in FILES.glob("winback-*.[st]*"):
        text = file.read_text(encoding="utf-8").replace(PROGRAM, str(machine.program))
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    names = ["winback-pull.service", "winback-pull.timer", "winback-failed@.service"]
    done = subprocess.run(
        ["systemd-analyze", "verify", *names], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    (when,) = unit("winback-pull.timer")["OnCalendar"]
    subprocess.run(["systemd-analyze", "calendar", when], capture_output=True, check=True)


# Windows


def test_the_task_for_windows_is_well_formed_and_runs_a_command_of_winback(machine: Machine) -> None:
    task = ElementTree.parse(FILES / "winback-pull.xml").getroot()  # noqa: S314
    assert task.tag == f"{{{_TASK['']}}}Task"
    (command,) = task.findall(".//Exec/Command", _TASK)
    (arguments,) = task.findall(".//Exec/Arguments", _TASK)
    assert command.text == "cmd.exe"
    found = re.fullmatch(
        r'/d /c "C:\\winback\\venv\\Scripts\\winback\.exe (.*) >>pull\.log 2>&1"', arguments.text or ""
    )
    assert found is not None
    ran = machine.place.run(*shlex.split(found[1].replace("09:00", "00:00")))
    assert (ran.status, "applied (pull 1)" in ran.out) == (0, True)


def test_the_page_names_every_file() -> None:
    page = (FILES.parent.parent / "docs" / "scheduling.md").read_text(encoding="utf-8")
    assert {file.name for file in FILES.iterdir()} == set(re.findall(r"\(\.\./examples/schedule/([^)]+)\)", page))
