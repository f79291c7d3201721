"""`./run bench [--json]`: measure every bar in one run; the exit status is 0 only if each one holds."""

from __future__ import annotations

import argparse
import sys

from tests.bench.bars import all_bars, as_json
from tests.bench.measure import Bar


def main() -> int:
    """Measure, print, and say by the exit status whether every bar holds."""
    parser = argparse.ArgumentParser(prog="run bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    options = parser.parse_args()
    bars: list[Bar] = []
    for bar in all_bars():
        bars.append(bar)
        mark = {True: "met", False: "MISSED", None: "reported"}[bar.met]
        line = f"{bar.number:>3}  {bar.name:<58} {bar.value:>26}  {bar.bar:>10}  {mark}"
        print(line, file=sys.stderr if options.json else sys.stdout, flush=True)
    if options.json:
        print(as_json(bars))
    return 0 if all(bar.met is not False for bar in bars) else 1


if __name__ == "__main__":
    sys.exit(main())
