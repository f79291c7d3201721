"""What is put down of how a record is kept, with a canary in each sealed column."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from portal.admin.corrections import BESIDE, Correction
from portal.admin.file_requests import FileRequest
from portal.admin.holds import COURT, Hold

KEPT = (
    "hold.reason", "correction.asked_by", "correction.what", "correction.decision", "file_request.asked_by",
    "file_request_step.words",
)  # fmt: skip


def fill_kept(said: Mapping[str, str], child_id: UUID, worker_id: UUID) -> None:
    """Write each of these canaries, by its column; the hold is over."""
    Hold.place(child_id, COURT, said["hold.reason"], worker_id, date(2026, 1, 1)).end(worker_id)
    wrong = Correction.ask(child_id, said["correction.asked_by"], said["correction.what"], worker_id)
    wrong.decide(BESIDE, said["correction.decision"], worker_id)
    request = FileRequest.take(child_id, said["file_request.asked_by"], date(2026, 11, 2), worker_id)
    request.do("who", said["file_request_step.words"], worker_id)
