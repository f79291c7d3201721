"""The PostgreSQL server of the tests, one for every process of every test run in this checkout.

It is $TEST_POSTGRES_URL (an address whose user may create databases and roles) or a `Cluster` of our own.
The latter is started by whoever needs it first and held by a process of its own, which stops it when
the last test process is gone, however that one ended.
"""

import atexit
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from tests.machine.cluster import SUPERUSER
from tests.machine.missing import Missing

CHECKOUT = Path(__file__).resolve().parents[2]
OWNER = "rowan_owner"  # owns the tables, runs the migrations
LOGIN = "rowan_app"  # what the portal signs in as; owns nothing
ENOUGH_MEMORY = 2 << 30
PASSWORD = "only-for-tests"  # nothing but an address on TEST_POSTGRES_URL's machine asks for it


@dataclass(frozen=True)
class Database:
    """One database of one test, as its three users see it (SQLAlchemy addresses)."""

    name: str
    app_url: str
    owner_url: str
    superuser_url: str


@dataclass(frozen=True)
class Server:
    """A running server and the address of its superuser."""

    superuser: URL

    def url(self, database: str, role: str | None = None) -> str:
        """The SQLAlchemy address of a database for a role, or for the superuser."""
        url = self.superuser.set(drivername="postgresql+psycopg", database=database)
        if role:
            url = url.set(username=role, password=PASSWORD)
        return url.render_as_string(hide_password=False)

    def database(self, name: str) -> Database:
        """The addresses of a database, which need not exist yet."""
        return Database(name, self.url(name, LOGIN), self.url(name, OWNER), self.url(name))

    def execute(self, statement: str, *names: str, **values: object) -> list[tuple[Any, ...]]:
        """Run one statement as the superuser, outside any transaction; `{}` in it are names."""
        url = self.superuser.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True) as connection:
            done = connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)), values)
            return done.fetchall() if done.description else []

    def make_roles(self) -> None:
        """Create the two roles; neither may create databases or walk round row-level security."""
        for role in (OWNER, LOGIN):
            if not self.execute("SELECT 1 FROM pg_roles WHERE rolname = %(role)s", role=role):
                self.execute("CREATE ROLE {}", role)
            # A statement that creates takes no parameters; the password is a constant without quotes in it.
            self.execute(
                "ALTER ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS "
                f"PASSWORD '{PASSWORD}'",
                role,
            )


def _place() -> Path:
    """Where files are made fastest: copying a database takes 20 ms in memory, 400 ms on a disk.

    Judged by its whole size, so that every process comes to the same answer.
    """
    memory = Path("/dev/shm")  # noqa: S108  # the folder made below it is checked to be ours
    if os.access(memory, os.W_OK | os.X_OK) and shutil.disk_usage(memory).total >= ENOUGH_MEMORY:
        return memory
    return Path(tempfile.gettempdir())


def _folder() -> Path:
    """The folder that all test processes of this user and this checkout share."""
    whose = hashlib.sha256(f"{os.geteuid()} {CHECKOUT}".encode()).hexdigest()[:10]
    folder = _place() / f"rowan-pg-{whose}"
    # As root the server runs as another user, who must pass through.
    folder.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        raise Missing(f"{folder} belongs to somebody else. Type: sudo rm -r {folder}")
    return folder


@contextmanager
def locked(path: Path) -> Iterator[IO[str]]:
    """Hold a file's lock, waiting for whoever holds it now."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _is_free(path: Path) -> bool:
    """Whether no process has locked this file."""
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def our_server(folder: Path) -> Server:
    """The address of the server that a holder runs in this folder."""
    return Server(
        URL.create(
            "postgresql", username=SUPERUSER, database="postgres", query={"host": str(folder / "sockets")}
        )
    )


def _start_holder(folder: Path) -> None:
    """Start the process that holds the server, and return when the server answers."""
    holder = subprocess.Popen(
        [sys.executable, "-P", "-m", "tests.machine.holder", str(folder)],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # Ctrl+C at the terminal is for the tests; the holder ends after them.
        start_new_session=True,
    )
    assert holder.stdout is not None
    with holder.stdout as said:
        words = said.read()
    if words.strip() != "ready":
        holder.terminate()
        holder.wait()
        raise Missing(
            f"{words.strip()}\nOr type: export TEST_POSTGRES_URL=postgresql://postgres@localhost/postgres"
        )
    # It outlives us, and is then nobody's child to wait for: no warning is due when this object goes.
    holder.returncode = 0


def _prefix() -> str:
    return f"rowan_test_{_folder().name[-10:]}_"


def _drop_left_behind(server: Server) -> None:
    """On a server that stays, drop what runs that were killed have left."""
    rows = server.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %(p)s)", p=_prefix())
    for (name,) in rows:
        server.execute("ALTER DATABASE {} IS_TEMPLATE false", name)
        server.execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


@cache
def postgres_server() -> Server:
    """The server, started if need be; it stays for as long as this process lives."""
    folder = _folder()
    given = os.environ.get("TEST_POSTGRES_URL")
    with locked(folder / "start.lock"):
        if given and _is_free(folder / "users.lock"):
            _drop_left_behind(Server(make_url(given)))
        users = (folder / "users.lock").open("a")
        atexit.register(users.close)
        # Waits here while a holder is still stopping the server of an earlier run.
        fcntl.flock(users, fcntl.LOCK_SH)
        if given:
            server = Server(make_url(given))
            server.make_roles()
            return server
        if _is_free(folder / "holder.lock"):
            _start_holder(folder)
    return our_server(folder)


def template_database(name: str, build: Callable[[Database], None]) -> str:
    """The name of a database that `build` has filled, once per test run, to copy from.

    `build` is given an empty database that the owner role owns; it must close its connections.
    """
    server = postgres_server()
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"p{os.getpid()}")
    full_name = f"{_prefix()}{hashlib.sha256(f'{run} {name}'.encode()).hexdigest()[:12]}"
    with locked(_folder() / "template.lock"):
        made = server.execute("SELECT datistemplate FROM pg_database WHERE datname = %(n)s", n=full_name)
        if made != [(True,)]:
            server.execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", full_name)
            server.execute("CREATE DATABASE {} OWNER {} TEMPLATE template0", full_name, OWNER)
            build(server.database(full_name))
            server.execute("ALTER DATABASE {} IS_TEMPLATE true ALLOW_CONNECTIONS false", full_name)
    return full_name


@contextmanager
def fresh_database(template: str = "template0") -> Iterator[Database]:
    """A database of one's own, a copy of `template`, dropped at the end."""
    server = postgres_server()
    name = f"{_prefix()}{uuid.uuid4().hex[:16]}"
    server.execute("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY file_copy", name, OWNER, template)
    try:
        yield server.database(name)
    finally:
        server.execute("DROP DATABASE {} WITH (FORCE)", name)
