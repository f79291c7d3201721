"""A described world that cannot be: refused in a sentence that names the place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal import world
from portal.config import LONDON
from portal.world.times import instant
from tests.conftest import START
from tests.foundations.told import a_world, an_answer


def without(key: str) -> list[dict[str, Any]]:
    return [person for person in a_world()["people"] if person["key"] != key]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"peoples": []}, "world.json: peoples: extra inputs are not permitted."),
        ({"people": without("sam")}, "world.json: allocations.0.worker: 'sam' is no staff among people."),
        ({"answers": [an_answer(said=[{"question": "shoes"}])]},
         "world.json: answers.0: 'shoes' is no question of the quick form."),
        ({"answers": [an_answer(said=[{"question": "now", "choices": ["fine"]}])]},
         "world.json: answers.0: 'fine' is no choice of the question 'now'."),
        ({"answers": [an_answer(sent_at=None, read={"by": "sam"})]},
         "world.json: answers.0: nobody reads or answers what was not sent: sent_at is missing."),
        ({"safety": [{"child": "amara", "said": "yes"}]},
         "world.json: safety.0.said: 'yes' is no answer to that question of Rowan."),
        ({"ways_in": [{"person": "amara", "by": "sam", "at": "yesterday"}]},
         'world.json: ways_in.0.at: must be an instant with its zone, or told like "-3h" or "-1d 15:30".'),
        ({"alerts": [{"child": "amara", "rule": "hurt", "held": {"by": "dee"}}]},
         "alerts.0 of amara, held: cannot come about as it is told."),
        ({"asks": [{"key": "boat", "child": "amara", "thing": "boat"}]},
         "world.json: asks.0.thing: 'boat' is no thing to ask for of Rowan."),
        ({"asks": [{"key": "first", "child": "amara", "thing": "charger"}], "answers": [an_answer()]},
         "world.json: what was said has the key 'first' twice."),
        ({"answers": [an_answer(shares=[{"by": "sam", "whom": "school", "reason": "for her"}])]},
         "answer first, share 0: cannot come about as it is told."),
        ({"family_answers": [{"key": "hers", "adult": "ruth", "child": "amara"}]},
         "family answer hers: cannot come about as it is told."),
        ({"safety": [{"child": "amara", "said": "no", "at": "+1h"}]},
         "safety.0 of amara: lies after the instant from which the world is told."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_one_sentence(build, more: dict[str, Any], sentence: str):
    with pytest.raises(world.WorldError) as refused:
        build(**more)

    assert str(refused.value) == sentence


def test_the_same_file_is_not_built_twice(build):
    build()

    with pytest.raises(world.WorldError, match=r"people\.0: 'amara' is in this hub already\."):
        build(people=[{"key": "amara", "name": "Amara Obi", "roles": ["young person"], "born_on": "2011-03-04"}],
              links=[], allocations=[], episodes=[])  # fmt: skip


@pytest.mark.parametrize(
    ("told", "then"),
    [
        ("now", "2026-11-24T10:00:00+00:00"),
        ("-40m", "2026-11-24T09:20:00+00:00"),
        ("+2d", "2026-11-26T10:00:00+00:00"),
        ("-1d 15:30", "2026-11-23T15:30:00+00:00"),
        ("-180d 15:30", "2026-05-28T14:30:00+00:00"),
        ("2026-11-24T09:00:00+01:00", "2026-11-24T08:00:00+00:00"),
    ],
)
def test_times_are_told_from_the_worlds_instant(told: str, then: str):
    assert instant(told, START) == datetime.fromisoformat(then)


@pytest.mark.parametrize("told_from", ["2026-03-30T00:00:00+01:00", "2026-10-26T00:00:00+00:00"])
def test_a_day_before_is_the_day_before_also_where_the_clocks_change(told_from: str):
    at = datetime.fromisoformat(told_from).astimezone(UTC)

    assert instant("-1d 15:30", at).astimezone(LONDON).date() == at.astimezone(LONDON).date() - timedelta(
        days=1
    )
