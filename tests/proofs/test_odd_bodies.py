"""No odd request is answered with 500; ten thousand of them in `./run prove odd_bodies`."""

from tests.proofs.odd_bodies import TOO_LONG, an_asker, send, trail_is_whole

MANY = 600


def test_nothing_odd_is_answered_with_a_fault(tmp_path):
    with an_asker(tmp_path) as asker:
        tally, _ = send(asker, MANY)
        assert trail_is_whole(asker.ground)
    assert tally.faults == []
    assert tally.slowest[0] <= TOO_LONG, tally.slowest[1]
    assert tally.statuses.total() == MANY
