"""Every table has its line of the timetable, so nothing is kept for ever because nobody thought of it.

Seen red with the line of `trusted` taken out.
"""

from __future__ import annotations

from portal.admin.letting_go import OWN_COLUMNS
from portal.admin.timetable import TIMETABLE, rule_words
from portal.config import Keeping
from portal.db import Base

# Who only wrote, gave or decided it: their name stands under it, and it does not go with them.
BY_WHOM = {
    "worker_id",
    "auditor_id",
    "staff_id",
    "absent_id",
    "covers_id",
    "taker_id",
    "asked_for_id",
    "printed_by",
    "given_by",
    "bound_by",
}


def test_every_table_has_a_line_and_every_line_a_table(app):
    assert set(TIMETABLE) == set(Base.metadata.tables)


def test_every_line_goes_by_a_rule_that_is_told(app):
    told = rule_words(Keeping())
    assert not [line.table for line in TIMETABLE.values() if line.rule not in told]


def test_it_is_known_of_every_person_in_a_row_whether_it_goes_with_them(app):
    strange = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if any(key.column.table.name == "person" for key in column.foreign_keys)
        and column.name not in OWN_COLUMNS | BY_WHOM
        and not column.name.endswith("by_id")
    }
    assert not strange


def test_the_periods_are_those_of_the_product():
    keeping = Keeping()
    assert (keeping.draft_days, keeping.after_record_days, keeping.message_months) == (30, 90, 12)
    assert (keeping.plan_months, keeping.alert_months, keeping.account_months, keeping.audit_years) == (
        6,
        12,
        6,
        7,
    )
