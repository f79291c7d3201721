"""Two that let go of one thing at once: on PostgreSQL both could be in the middle of it, and count it twice.

Seen red with `counts.keep` that locked nothing, and with a `locked` that only looked whether the row is there.
"""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest
from sqlalchemy import select

from portal.admin import counts
from portal.admin.letting_go import hanging_on, let_go_some
from portal.config import Hub
from portal.db import session, step
from portal.episodes.episode import Episode
from portal.questionnaires.models import Submission
from tests.factories import a_draft, a_return


@pytest.mark.postgresql
def test_what_went_is_counted_once(at_work, cast, hub_file, clock, monkeypatch):
    with at_work():
        a_return(cast.jo)
        before = counts.figures(2026)
        gone = hanging_on({"episode": set(session.scalars(select(Episode.id)))})
    both, told = threading.Barrier(2), counts._told

    def in_the_middle(condition):
        rows = told(condition)
        with suppress(threading.BrokenBarrierError):  # the other waits for this one, as it should
            both.wait(1)
        return rows

    def lets_go():
        with step(Hub(hub_file, clock=clock)):
            let_go_some(hanging_on(gone.ids))

    monkeypatch.setattr(counts, "_told", in_the_middle)
    at_once = [threading.Thread(target=lets_go) for _ in range(2)]
    for one in at_once:
        one.start()
    for one in at_once:
        one.join()
    monkeypatch.undo()
    with at_work():
        assert session.scalars(select(Episode.id)).all() == []
        assert counts.figures(2026) == before


@pytest.mark.postgresql
def test_what_another_lets_go_of_is_left_to_it(lets_go, at_work, cast, clock):
    with at_work():
        a_draft(cast.jo)
    clock.forward(days=31)
    went: list[object] = []
    other = threading.Thread(target=lambda: went.append(lets_go()["draft"].things))
    with at_work():
        session.scalars(select(Submission.id).with_for_update()).all()
        other.start()
        other.join(10)
        assert went == [0]
    other.join()
