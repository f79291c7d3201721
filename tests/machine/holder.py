"""The process that holds the tests' PostgreSQL: `python -m tests.machine.holder FOLDER`.

It says "ready" when the server answers, and stops it when no test process uses it any more.
"""

import os
import sys
from pathlib import Path

from tests.machine.cluster import Cluster
from tests.machine.missing import Missing
from tests.machine.postgres import locked, our_server


def hold(folder: Path) -> None:
    """Start the server in `folder`, say "ready", and stop it when nobody uses it any more."""
    with locked(folder / "holder.lock"):
        cluster = Cluster(folder)
        if not (cluster.data.exists() and cluster.is_running()):
            cluster.make()
            cluster.start()
        our_server(folder).make_roles()
        os.write(1, b"ready\n")
        with Path(os.devnull).open("w") as nothing:
            os.dup2(nothing.fileno(), 1)
            os.dup2(nothing.fileno(), 2)
        with locked(folder / "users.lock"):
            cluster.stop()
            cluster.remove()


if __name__ == "__main__":
    try:
        hold(Path(sys.argv[1]))
    except Missing as missing:
        sys.stdout.write(f"{missing}\n")
        sys.exit(1)
