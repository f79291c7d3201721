"""Every questionnaire that was ever published, by name and version."""

from __future__ import annotations

from dataclasses import replace

from portal.questionnaires import again, carer, parent, quick, whole
from portal.questionnaires.questions import Question, Questionnaire

# What a young person may choose to say their side with. Of all these, each has one draft at a time.
QUICK, AGAIN, WHOLE = "quick", "again", "whole"
YOUR_SIDE = (QUICK, AGAIN, WHOLE)


def _further(*names: str) -> tuple[Question, ...]:
    return tuple(whole.VERSION_1.by_name[name] for name in names)


# Into which part of the whole form each question of the quick one opens. "Did anything bad happen?" opens into
# none: nobody is asked for detail by a form, and what it has instead is "I'd rather tell a person".
_QUICK_1 = replace(
    quick.VERSION_1,
    opens=(
        ("now", _further("hurt-or-unwell")),
        (
            "as-you-see-it",
            # Asked of whoever opens it, not only of who ticked "something else".
            (replace(whole.SEEN[1], when=()), *whole.BACK),
        ),
        ("going-on", (*whole.AWAY, *whole.GOOD)),
        ("would-help", (*whole.HELP, *whole.ASK, *whole.PLAN)),
        ("tell-how", (*whole.SHARED, *whole.HOW)),
    ),
)

_PUBLISHED = (_QUICK_1, again.VERSION_1, whole.VERSION_1, parent.VERSION_1, carer.VERSION_1)
_ALL = {(form.name, form.version): form for form in _PUBLISHED}
_NEWEST = {name: max(v for n, v in _ALL if n == name) for name, _ in _ALL}


def get(name: str, version: int | None = None) -> Questionnaire:
    """A questionnaire in one version, or in its newest; a KeyError if it was never published."""
    return _ALL[name, version or _NEWEST[name]]


def versions(name: str) -> tuple[Questionnaire, ...]:
    """Every version of a questionnaire, the newest first: a draft goes on in the one it was begun in."""
    return tuple(_ALL[n, v] for n, v in sorted(_ALL, reverse=True) if n == name)


def label(form: Questionnaire) -> str:
    """What a page says of which form it is; the newest quick form, whose pages are most, needs none."""
    return "" if form.name == QUICK and form.version == _NEWEST[QUICK] else f"{form.name}.{form.version}"


def labelled(said: str) -> tuple[Questionnaire, ...]:
    """The forms that a page with this label may be of; a page without one is of a quick form."""
    name, _, version = said.partition(".")
    form = _ALL.get((name, int(version))) if version.isdecimal() and len(version) < 4 else None
    return (form,) if form else versions(QUICK)
