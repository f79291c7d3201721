"""The checks that read the code instead of running it: a part of every test run."""

import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["ruff", "check"], id="ruff"),
        pytest.param(["ruff", "format", "--check"], id="format"),
        pytest.param(["mypy"], id="types"),
        pytest.param(["lint-imports"], id="arrows"),
        pytest.param(["djlint", "templates", "--lint", "--quiet"], id="templates"),
    ],
)
def test_the_code_passes(command):
    program = Path(sys.executable).with_name(command[0])
    done = subprocess.run([program, *command[1:]], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"


def test_run_is_read_by_a_plain_shell():
    assert subprocess.run(["sh", "-n", CHECKOUT / "run"], check=False).returncode == 0


def test_run_refuses_a_word_it_does_not_know():
    done = subprocess.run([CHECKOUT / "run", "dance"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no ./run dance" in done.stderr


def test_the_lock_names_the_public_index_and_nothing_else():
    lines = (CHECKOUT / "uv.lock").read_text().splitlines()
    named = {word.split("/")[2] for line in lines for word in line.split('"') if word.startswith("http")}
    assert named == {"pypi.org", "files.pythonhosted.org"}
