"""A PostgreSQL server for the tests: one for the whole run, in a folder of its own, gone when the run ends.

It starts when a test first needs it, in whichever process that is, and listens on a socket in its folder, where anybody
may come in, and on a port of this machine, where a password is asked for. It does not run as root.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from urllib.parse import quote

from filelock import FileLock

# Names the folder to all processes of a run.
_VARIABLE = "WINBACK_TEST_SERVER"
USER = "winback"
PASSWORD = "not a secret: o/p@q#r%"
_SETTINGS = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{folder}'
fsync = off
full_page_writes = off
synchronous_commit = off
autovacuum = off
wal_level = minimal
max_wal_senders = 0
shared_buffers = 32MB
max_wal_size = 256MB
max_connections = 60
password_encryption = 'scram-sha-256'
"""
_ACCESS = "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n"


def why_not() -> str | None:
    """Why there can be no server."""
    return None if _programs() else "the programs of a PostgreSQL server are not installed (apt-get install postgresql)"


def folder() -> Path:
    """Of the server that runs; started if it does not."""
    home = Path(os.environ[_VARIABLE])
    with FileLock(home / "lock"):
        if not (home / "data" / "postmaster.pid").exists():
            _start(home)
    return home


def port() -> int:
    return int((folder() / "port").read_text())


def url(database: str) -> str:
    return f"postgresql://{USER}@/{database}?host={folder()}&port={port()}"


def url_with_password(database: str, password: str = PASSWORD) -> str:
    return f"postgresql://{USER}:{quote(password, safe='')}@127.0.0.1:{port()}/{database}"


def begin() -> None:
    """In the process that leads the run."""
    home = Path(tempfile.mkdtemp(prefix="winback-server-"))
    home.chmod(0o755)
    os.environ[_VARIABLE] = str(home)


def end() -> None:
    home = Path(os.environ.pop(_VARIABLE))
    if (home / "data" / "postmaster.pid").exists():
        _run("pg_ctl", "--pgdata", home / "data", "--mode", "immediate", "--wait", "stop")
    shutil.rmtree(home)


def _start(home: Path) -> None:
    data = home / "data"
    data.mkdir()
    if os.geteuid() == 0:
        user = pwd.getpwnam(_user())
        for path in (home, data):
            os.chown(path, user.pw_uid, user.pw_gid)
    _run("initdb", "--pgdata", data, "--username", USER, "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    (home / "port").write_text(str(number))
    with (data / "postgresql.conf").open("a") as settings:
        settings.write(_SETTINGS.format(port=number, folder=home))
    (data / "pg_hba.conf").write_text(_ACCESS)
    _run("pg_ctl", "--pgdata", data, "--log", home / "log", "--wait", "start")
    _run("psql", "--host", home, "--port", number, "--username", USER, "--dbname", "postgres", "--command",
         f"alter role {USER} password '{PASSWORD}'")  # fmt: skip


def _run(program: str, *arguments: object) -> None:
    """As somebody else where this is root, whom the server refuses."""
    programs = _programs()
    assert programs is not None, why_not()
    subprocess.run(
        [programs / program, *map(str, arguments)],
        check=True,
        cwd="/",
        user=_user() if os.geteuid() == 0 else None,
        group=pwd.getpwnam(_user()).pw_gid if os.geteuid() == 0 else None,
        extra_groups=[] if os.geteuid() == 0 else None,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@cache
def _user() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@cache
def _programs() -> Path | None:
    """The newest version's folder, where Debian, Red Hat and Homebrew put them, or that of the PATH."""
    usual = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    found = sorted((path for path in usual if (path / "initdb").exists()), key=lambda path: int(path.parent.name[-2:]))
    on_path = shutil.which("initdb")
    return found[-1] if found else Path(on_path).resolve().parent if on_path else None
