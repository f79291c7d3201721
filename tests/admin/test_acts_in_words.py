"""An auditor reads what was done in words, whichever act it was."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import portal
from portal.admin.acts_in_words import in_words

# Whatever writes a line of the trail takes the act as one of its first words.
WRITERS = {"record", "record_in", "read", "note", "_record", "_note", "_audit", "_note_reading"}
STEPS = {"_step", "_reached"}


def written(tree: ast.AST) -> Iterator[str]:
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        words = [
            one.value for given in call.args[:3] for one in ast.walk(given) if isinstance(one, ast.Constant)
        ]
        if name in WRITERS:
            yield from (
                one for one in words if isinstance(one, str) and re.fullmatch(r"[a-z_]+[.][a-z_]+", one)
            )
        elif name in STEPS and words:
            yield f"voice.{str(words[0]).replace(' ', '_')}"


def test_every_act_has_words_of_its_own():
    acts = {
        act for path in Path(portal.__path__[0]).rglob("*.py") for act in written(ast.parse(path.read_text()))
    }
    assert len(acts) > 150
    plain = {act for act in acts if in_words(act) == act.replace(".", ": ").replace("_", " ").capitalize()}
    assert plain == set()
