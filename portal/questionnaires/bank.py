"""Every questionnaire that was ever published, by name and version."""

from __future__ import annotations

from portal.questionnaires import quick
from portal.questionnaires.questions import Questionnaire

_ALL = {(form.name, form.version): form for form in (quick.VERSION_1,)}
_NEWEST = {name: max(v for n, v in _ALL if n == name) for name, _ in _ALL}


def get(name: str, version: int | None = None) -> Questionnaire:
    """A questionnaire in one version, or in its newest; a KeyError if it was never published."""
    return _ALL[name, version or _NEWEST[name]]


def versions(name: str) -> tuple[Questionnaire, ...]:
    """Every version of a questionnaire, the newest first: a draft goes on in the one it was begun in."""
    return tuple(_ALL[n, v] for n, v in sorted(_ALL, reverse=True) if n == name)
