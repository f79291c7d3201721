"""Whether the flags that a hub adds can be raised at all: asked when the application starts."""

from __future__ import annotations

from portal.alerts.flags import FLAGS
from portal.config import HubFile, OwnFlag, SettingsError
from portal.questionnaires import bank
from portal.questionnaires.questions import SHARING, Question


def check(file: HubFile) -> None:
    """Raise `SettingsError`, in a sentence, if a hub's own flag hears no tick or would stand in for one of Rowan's."""
    asked = {one.name: one for name in bank.YOUR_SIDE for one in bank.get(name).every if one.kind != SHARING}
    for flag in file.flags:
        if fault := _fault(flag, asked):
            raise SettingsError(f"{file.name}: flags: {flag.rule}: {fault}.")


def _fault(flag: OwnFlag, asked: dict[str, Question]) -> str:
    if flag.rule in FLAGS:
        return "is a rule that every hub has; give yours another name"
    question = asked.get(flag.question)
    if question is None or not question.choices:
        ticked = ", ".join(sorted(name for name, one in asked.items() if one.choices))
        return f"{flag.question!r} is no question with something to tick; write one of {ticked}"
    for value in flag.choices:
        choice = question.by_value.get(value)
        if choice is None:
            return f"{value!r} cannot be ticked there; write some of {', '.join(question.by_value)}"
        if choice.flag:  # two rules for one tick would give one thing two owners
            return f"{value!r} raises {choice.flag!r} already"
    return ""
