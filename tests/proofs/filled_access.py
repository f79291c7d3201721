"""What opens a record, or may not, with a canary in each sealed column."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from portal.accounts.actions import break_glass
from portal.accounts.models import Person
from portal.accounts.no_contact import NoContact
from portal.admin.samples import AuditSample
from portal.config import current_hub

ACCESS = (
    "break_glass.reason",
    "break_glass.review",
    "no_contact.reason",
    "no_contact.ended_reason",
    "audit_sample.purpose",
)


def fill_access(said: Mapping[str, str], child_id: UUID, worker_id: UUID) -> None:
    """Write each of these canaries: it was opened and looked over, there is an order, and it stands in a sample."""
    other = Person.enter("staff", "Other Worker", roles=("worker",)).id
    auditor = Person.enter("staff", "Auditor Somebody", roles=("auditor",)).id
    adult = Person.enter("adult", "Adult Kept Away", roles=("parent or carer",)).id
    Person.enter("staff", "Manager Who Is Told", roles=("manager",))  # it opens only where two people can be
    glass = break_glass(other, child_id, said["break_glass.reason"])
    glass.look_over(worker_id, said["break_glass.review"], fitting=True)
    order = NoContact.begin(child_id, adult, said["no_contact.reason"], worker_id)
    order.end(worker_id, said["no_contact.ended_reason"])
    until = current_hub().now() + timedelta(days=7)
    AuditSample.name_for(auditor, [child_id], said["audit_sample.purpose"], until, worker_id)
