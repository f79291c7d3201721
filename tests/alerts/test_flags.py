"""The flag table is the one of the product: a hub may add to it and take nothing away."""

import pytest

from portal.alerts.flags import FLAGS

TABLE = [
    ("not safe", "worker and duty", "5 minutes"),
    ("hurt", "worker and duty", "1 hour"),
    ("scared", "worker", "same day"),
    ("rather tell a person", "worker", "same day"),
    ("ring me", "worker", "same day"),
    ("not sure", "worker", "same day"),
    ("about a worker", "manager", "1 hour"),
    ("adult worry", "worker and duty", "same day"),
]


@pytest.mark.parametrize(("rule", "tells", "within"), TABLE)
def test_a_rule_tells_whom_the_product_says_and_as_soon(rule, tells, within):
    assert (FLAGS[rule].tells, FLAGS[rule].within) == (tells, within)


def test_there_is_no_other_rule():
    assert list(FLAGS) == [rule for rule, _, _ in TABLE]


def test_the_table_cannot_be_changed_by_the_program():
    with pytest.raises(TypeError):
        FLAGS["not safe"] = FLAGS["hurt"]  # type: ignore[index]


def test_a_gift_alone_is_no_flag():
    assert not [
        flag for flag in FLAGS.values() if "gave me things" in flag.said and "wanted" not in flag.said
    ]
