"""What had to be shared, with a canary in each sealed column."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from portal.trail import shares
from tests.factories import a_voice

TRAIL = ("trail_share.must", "trail_share.reason", "trail_share.not_told_because")


def fill_trail(said: Mapping[str, str], child_id: UUID, worker_id: UUID) -> None:
    """Write each of these canaries; which of the three things it was takes only certain words, so past the verb."""
    shared = shares.must_share(
        a_voice(child_id), "health", worker_id, "court", False,
        words=said["trail_share.reason"], not_told_because=said["trail_share.not_told_because"],
    )  # fmt: skip
    shared.must = said["trail_share.must"]
