"""What happened to what a parent or carer said, at their own door: only their own, on a phone they called private.

Nothing of a young person's stands here: neither what they said nor who opened their record.
"""

from __future__ import annotations

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from portal.access import FAMILY, Can, allow, me
from portal.accounts import private_phone
from portal.voices.room import bp
from portal.voices.went import everything_mine, get_mine, what_became_of
from portal.web import render, see_other


@bp.get("/went")
@allow(FAMILY, Can.SEE_TRAIL)
def family_went() -> ResponseReturnValue:
    """Everything they said, the last first; on a phone that is not private, how to see it otherwise."""
    if not private_phone.phone_is_private(me().id):
        return render("voices/family_went.html", private=False)
    return render("voices/family_went.html", private=True, **everything_mine())


@bp.get("/went/<uuid:family_voice_id>")
@allow(FAMILY, Can.SEE_TRAIL, of="family voice")
def family_went_one(family_voice_id: UUID) -> ResponseReturnValue:
    """One thing they said: their own words, what came back, where it went."""
    voice = get_mine(family_voice_id)
    if not private_phone.phone_is_private(me().id):
        return see_other("voices.family_went")
    return render("voices/family_went_one.html", **what_became_of(voice))


@bp.post("/private")
@allow(FAMILY, Can.SEE_TRAIL)
def family_say_private() -> ResponseReturnValue:
    """Say whether only they can open this phone, while the worker who asked is with them."""
    if (said := request.form.get("private", "")) in ("yes", "no"):
        private_phone.answer_on_it(me().id, said == "yes")
    return see_other("voices.family_front")
