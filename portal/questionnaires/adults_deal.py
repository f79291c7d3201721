"""The deal for parents and carers: what happens to what they say. It is agreed before the first question.

Each version stays for ever, so that the one somebody agreed to can be shown again.
"""

from __future__ import annotations

from portal.i18n import N_
from portal.questionnaires.deal import Deal

_ALL = (
    Deal(
        1,
        (
            N_(
                "This is your side. The team reads it, and it goes on the record. Police officers and nurses work in the"
                " same team."
            ),
            N_(
                "It is kept apart from what the young person says. They do not see it here. You do not see here what"
                " they say, or if they say anything. You are asked after each time, whatever they do."
            ),
            N_(
                "One day they can ask to read their record. Before we show them anything of yours, we look at it with"
                " care."
            ),
            N_(
                "We have to act if a child is being hurt or could be, if someone might get badly hurt, or if a court"
                " tells us to. Then we try to tell you first: who, what and why."
            ),
            N_(
                "You can skip any question, and you can say no to all of it. Nobody holds that against you. Nobody reads"
                " it before you send it, but for one thing: if you tell us that somebody hurts them, or could, the team"
                " can see that before you send it."
            ),
            N_("Nobody watches these pages at night. If a child is in danger now, ring 999."),
        ),
    ),
)
VERSIONS = {deal.version: deal for deal in _ALL}
NEWEST = _ALL[-1]
