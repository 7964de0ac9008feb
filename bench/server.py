"""A PostgreSQL server of the benchmark's own, with the defaults of one that keeps what it is told."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

USER, PORT = "winback", "54329"
_USUAL = (*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin"))


class Server:
    """Runs in a folder of its own, on a socket there; not as root, whom PostgreSQL refuses."""

    def __init__(self) -> None:
        self._numbers = itertools.count()
        self._programs = _programs()
        self._home = Path(tempfile.mkdtemp(prefix="winback-server-"))
        if os.geteuid() == 0:
            shutil.chown(self._home, *_account())
        data = self._home / "data"
        self._run("initdb", "--pgdata", data, "--username", USER, "--auth", "trust", "--encoding", "UTF8")
        options = f"-k {self._home} -p {PORT} -c listen_addresses=''"
        self._run("pg_ctl", "--pgdata", data, "--log", self._home / "log", "--options", options, "--wait", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "--pgdata", self._home / "data", "--mode", "immediate", "--wait", "stop")
        shutil.rmtree(self._home)

    def database(self, like: str = "template1") -> str:
        """The name of a new one."""
        name = f"bench_{next(self._numbers)}"
        sql = f"create database {name} template {like}"
        self._run("psql", "--host", self._home, "--port", PORT, "--username", USER, "postgres", "--command", sql)
        return name

    def url(self, database: str) -> str:
        return f"postgresql://{USER}@/{database}?host={self._home}&port={PORT}"

    def _run(self, program: str, *arguments: object) -> None:
        user, group = _account() if os.geteuid() == 0 else (None, None)
        subprocess.run(
            [self._programs / program, *map(str, arguments)],
            check=True,
            cwd="/",
            user=user,
            group=group,
            extra_groups=[] if user else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )


def _programs() -> Path:
    found = sorted(folder for folder in _USUAL if (folder / "initdb").exists())
    on_path = shutil.which("initdb")
    if not found and not on_path:
        raise SystemExit("the programs of a PostgreSQL server are not installed: leave the subject `postgres` out")
    return found[-1] if found else Path(str(on_path)).resolve().parent


def _account() -> tuple[str, int]:
    names = {entry.pw_name for entry in pwd.getpwall()}
    found = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return found.pw_name, found.pw_gid
