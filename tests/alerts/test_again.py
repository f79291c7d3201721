"""Said again after somebody has closed it, it is heard again; one press is one alert, however often it arrives."""

from sqlalchemy import func, select

from portal.alerts.models import Alert
from portal.db import session
from portal.outbox import OutboxMessage


def closes(at_work, alert_id, by):
    with at_work():
        session.get_one(Alert, alert_id).close("Rang her.", by)


def test_after_it_was_closed_the_same_key_raises_a_new_one(says, at_work, now_is, cast):
    first = says("hurt", key="same")
    closes(at_work, first, cast.sam)
    second = says("hurt", key="same")
    assert second != first
    assert (now_is(first).state, now_is(second).state) == ("closed", "open")


def test_while_somebody_has_it_it_is_the_same(says, at_work, cast):
    first = says("hurt", key="same")
    with at_work():
        session.get_one(Alert, first).hold(cast.sam)
    assert says("hurt", key="same") == first


def test_the_new_one_is_one_too_and_can_be_closed_and_raised_again(says, at_work, cast):
    alerts = []
    for _ in range(3):
        alerts.append(says("hurt", key="same"))
        assert says("hurt", key="same") == alerts[-1]
        closes(at_work, alerts[-1], cast.sam)
    assert len(set(alerts)) == 3


def test_the_new_one_has_messages_of_its_own(says, at_work, cast):
    closes(at_work, says("not safe", key="same"), cast.sam)
    again = says("not safe", key="same")
    with at_work():
        told = session.scalars(select(OutboxMessage.recipient_id).where(OutboxMessage.object_id == again))
        assert set(told) == {cast.sam, cast.dee}


def test_two_that_race_after_it_was_closed_raise_one(says, two_race, cast, at_work):
    closes(at_work, says("hurt", key="same"), cast.sam)
    made = two_race("hurt")
    assert (len(made), len(set(made))) == (2, 1)
    with at_work():
        assert session.scalar(select(func.count()).select_from(Alert)) == 2
