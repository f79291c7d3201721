"""`./run prove [NAME [HOW MANY]]`: run the proofs in full, or one of them, and print their figures."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from tests import proofs

CHECKOUT = Path(__file__).resolve().parents[2]
Proof = Callable[..., Iterator[str]]


def every_proof() -> dict[str, Proof]:
    """Each module beside this one that proves something, by its name."""
    names = sorted(
        module.name for module in pkgutil.iter_modules(proofs.__path__) if "test_" not in module.name
    )
    modules = {
        name: importlib.import_module(f"tests.proofs.{name}") for name in names if not name.startswith("_")
    }
    return {name: module.prove for name, module in modules.items() if hasattr(module, "prove")}


def commit() -> str:
    """The commit that is proved, and whether files differ from it."""

    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=CHECKOUT, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    changed = ", with changes that are not in it" if git("status", "--porcelain", "-uno") else ""
    return (git("rev-parse", "--short=12", "HEAD") or "no commit") + changed


def run(name: str, proof: Proof, many: list[int]) -> bool:
    """Print the figures of one proof as they come; whether its claim holds."""
    began = time.monotonic()
    claim = (sys.modules[proof.__module__].__doc__ or "").split("\n")[0]
    print(f"\n{name}: {claim}", flush=True)
    try:
        for line in proof(*many):
            print(f"  {line}", flush=True)
    except AssertionError as error:
        print(f"  DOES NOT HOLD: {error}", flush=True)
        return False
    print(f"  holds; {time.monotonic() - began:.0f} s", flush=True)
    return True


def main(arguments: list[str]) -> int:
    """Run what is named; the exit status."""
    known = every_proof()
    chosen = arguments[:1] or list(known)
    if wrong := [name for name in chosen if name not in known]:
        print(f"There is no proof called {wrong[0]}; there is {', '.join(known)}.", file=sys.stderr)
        return 2
    if not all(number.isdigit() for number in arguments[1:]):
        print("Say how many as a number: ./run prove odd_bodies 100000", file=sys.stderr)
        return 2
    print(f"{datetime.now(UTC):%d %B %Y, %H:%M} UTC, commit {commit()}", flush=True)
    held = [run(name, known[name], [int(number) for number in arguments[1:]]) for name in chosen]
    print(f"\n{sum(held)} of {len(held)} hold", flush=True)
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
