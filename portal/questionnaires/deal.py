"""The deal: what happens to what a young person says. It is agreed before the first question and cannot be skipped.

Each version stays for ever, so that the one a young person agreed to can be shown again. It speaks of wishes,
not of consent: most of this is a public task.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.i18n import N_


@dataclass(frozen=True)
class Deal:
    """One version of the deal; its paragraphs take %(worker)s."""

    version: int
    paragraphs: tuple[str, ...]


_ALL = (
    Deal(
        1,
        (
            N_(
                "What you tell us goes on your record. %(worker)s and their team read it. Police officers and nurses"
                " work in the same team."
            ),
            N_(
                "Your own words are yours: we ask you before we show them to anyone else, unless it is one of three"
                " things. Your parents or carers can't see them here."
            ),
            N_(
                "We have to tell someone if: you or another child is being hurt or could be; someone might get badly"
                " hurt; or a court tells us to. Then we try to tell you first: who, what and why, and only what is"
                " needed."
            ),
            N_(
                "What you write here could be asked for by police or a court, even about something you did. You can"
                " talk to an advocate first, for free: we can ring one with you."
            ),
            N_(
                "You can skip any question. “Not now” is fine and won't get you in trouble. We can't watch this all"
                " night. If you need help now call 999, or Childline on 0800 1111."
            ),
        ),
    ),
)
VERSIONS = {deal.version: deal for deal in _ALL}
NEWEST = _ALL[-1]
