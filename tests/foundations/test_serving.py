"""The real web server: as many processes as it may use, back by itself when they are killed, and nameless."""

from __future__ import annotations

import os
import re
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal import serving
from tests.proofs.processes import Programs, ask, free_port, hub_at, programs

PATIENCE = 60.0


@pytest.fixture
def served(hub_folder: Path) -> Iterator[Programs]:
    """`portal serve` on a hub, answering."""
    port = free_port()
    hub_at(hub_folder, port)
    with programs(hub_folder, port) as running:
        running.start("serve")
        running.wait_until_served()
        yield running


def _processes(running: Programs, after: frozenset[int] = frozenset()) -> frozenset[int]:
    """The processes that answer, once all of them have come up *after* those."""
    pid = running.running["serve"].pid
    for _ in range(int(PATIENCE * 20)):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        found = frozenset(int(child) for child in children)
        if len(found) == serving.cores() and found.isdisjoint(after):
            return found
        threading.Event().wait(0.05)
    raise AssertionError(running.log_of("serve").read_text()[-2000:])


def _kill_all(running: Programs) -> None:
    for pid in _processes(running):
        os.kill(pid, signal.SIGKILL)


def test_there_is_a_process_for_each_core_that_this_one_may_use(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {1, 4, 5}, raising=False)
    assert serving.cores() == 3


def test_where_a_system_does_not_say_which_cores_it_counts_them(monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert serving.cores() == 1


@pytest.mark.sqlite_file
def test_killed_all_at_once_it_is_back_by_itself_and_again(served: Programs):
    for _ in range(3):
        before = _processes(served)
        _kill_all(served)
        _processes(served, after=before)
        served.wait_until_served()
    assert served.running["serve"].poll() is None


@pytest.mark.sqlite_file
def test_where_no_process_comes_up_again_it_ends_and_says_so(served: Programs, hub_folder: Path):
    """Whatever looks after it can then start it anew; a server that only seems to be there nobody mends."""
    (hub_folder / "wrapping.json").unlink()
    _kill_all(served)

    assert served.running["serve"].wait(PATIENCE) == 1
    said = served.log_of("serve").read_text().splitlines()[-1]
    assert said == "The web server's processes ended again and again, so it has stopped."


def _raw(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(request)
        return line.makefile("rb").read()


@pytest.mark.sqlite_file
def test_no_answer_names_the_server(served: Programs):
    young = f"young.localhost:{served.port}"
    page = ask(served.port, young, "GET", "/in")
    sheet = re.search(rb'/s/[^"]+', ask(served.port, young, "GET", "/help").body)
    assert sheet
    answers = [page, *(ask(served.port, host, "GET", path) for host, path in (
        (young, "/nothing"), (young, sheet[0].decode()), (young, "/s/nothing"), ("elsewhere", "/"), ("", "/healthz"),
    ))]  # fmt: skip
    for answer in answers:
        assert not dict(answer.headers).get("server"), answer.headers
    for broken in (b"NONSENSE\r\n\r\n", b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n"):
        assert b"granian" not in _raw(served.port, broken).lower()


@pytest.mark.parametrize(
    ("program", "said"),
    [
        (
            "raise SettingsError('settings: keys is missing; write it.')",
            "settings: keys is missing; write it.\n",
        ),
        ("raise KeyError('canary')", "fault=KeyError"),
    ],
)
def test_a_process_that_cannot_start_says_why_and_quotes_nothing(tmp_path: Path, capsys, log, program, said):
    (tmp_path / "wsgi.py").write_text(f"from portal.config import SettingsError\n{program}\n")
    with pytest.raises(SystemExit, match="1"):
        serving.load_here(str(tmp_path / "wsgi.py"))

    errors = capsys.readouterr().err + log.getvalue()
    assert said in errors
    assert "Traceback" not in errors
    assert "canary" not in errors
