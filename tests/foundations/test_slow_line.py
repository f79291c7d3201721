"""A form that comes in slowly keeps nobody waiting."""

from io import BytesIO

from portal import db
from portal.config import current_hub


class _Slow(BytesIO):
    """A body of a request that notes, while it is read, whether a transaction was open."""

    def __init__(self, data, open_meanwhile):
        super().__init__(data)
        self._open_meanwhile = open_meanwhile

    def _look(self):
        self._open_meanwhile.append(db.session.registry.has() or current_hub().on is not None)

    def read(self, *size):
        self._look()
        return super().read(*size)

    def readinto(self, buffer):
        self._look()
        return super().readinto(buffer)


def test_a_form_is_read_before_a_transaction_begins(doors, cast):
    amara = doors.young.sign_in_as(cast.amara)
    seen: list[bool] = []
    token = amara.get("/now").token()
    body = f"csrf_token={token}&safe=yes".encode()
    answer = amara.client.post(
        "/now",
        base_url=amara.file.origin("young"),
        input_stream=_Slow(body, seen),
        content_length=len(body),
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 303
    assert seen
    assert not any(seen)
