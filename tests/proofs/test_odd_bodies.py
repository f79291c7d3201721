"""No odd request is answered with 500; ten thousand of them in `./run prove odd_bodies`."""

from io import BytesIO

from tests.proofs.odd_bodies import TOO_LONG, an_asker, send, trail_is_whole

MANY = 600


def test_nothing_odd_is_answered_with_a_fault(tmp_path):
    with an_asker(tmp_path) as asker:
        tally, _ = send(asker, MANY)
        assert trail_is_whole(asker.ground)
    assert tally.faults == []
    assert tally.slowest[0] <= TOO_LONG, tally.slowest[1]
    assert tally.statuses.total() == MANY


def test_a_file_under_the_name_of_a_field_is_not_what_was_typed(doors):
    doors.young.get("/in")
    page = doors.young.post("/in", {"words": "one two three four", "pin": (BytesIO(b"123456"), "pin.txt")})
    assert page.status == 422
