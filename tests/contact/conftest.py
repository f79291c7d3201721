"""Amara at her phone, asking for something."""

import pytest
from sqlalchemy import select

from portal.contact.models import Ask
from portal.db import session
from portal.trail.models import Voice


@pytest.fixture
def amara(doors, cast):
    return doors.young.sign_in_as(cast.amara)


@pytest.fixture
def asks(amara):
    """`asks("lift", words="…")`: Amara ticks these things and sends the page; what it leads to."""

    def ask(*what, **more):
        page = amara.get("/ask?more=1")
        sent = amara.post("/ask", {"what": list(what), "form_key": page.field("form_key"), **more})
        return amara.follow(sent) if sent.status == 303 else sent

    return ask


@pytest.fixture
def asked(at_work):
    """`asked()`: what was asked for so far, each with its voice, by what it was."""

    def look():
        with at_work():
            rows = session.execute(select(Ask, Voice).join(Voice, Voice.source_id == Ask.id)).all()
            return {ask.what: (ask, voice) for ask, voice in rows}

    return look
