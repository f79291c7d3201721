"""`python -m tests.machine`: have a browser and a PostgreSQL ready before the tests, saying what was found.

What cannot be had is told and left to the tests that need it, so that all others still run.
"""

import fcntl
import sys

from tests.machine import Missing, browser
from tests.machine.postgres import postgres_server


def main() -> None:
    """Say on stderr which of each will be used, or what to type."""
    browser.BROWSERS.mkdir(exist_ok=True)
    # One process makes a browser; another that comes meanwhile waits, then finds it.
    with (browser.BROWSERS / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            sys.stderr.write(f"browser: {browser.prepared()}\n")
        except Missing as missing:
            sys.stderr.write(f"browser: {missing}\n")
    try:
        (version,) = postgres_server().execute("SHOW server_version")
        sys.stderr.write(f"postgresql: {version[0]}\n")
    except Missing as missing:
        sys.stderr.write(f"postgresql: {missing}\n")


if __name__ == "__main__":
    main()
