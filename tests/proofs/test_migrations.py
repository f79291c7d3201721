"""Each migration goes down and up without changing a row, full; empty as well by `./run prove migrations`; and its breaks."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from portal import migrations
from tests.machine.postgres import fresh_database
from tests.proofs.migrations import a_hub_at_head, owner_of, rows_of, step_of, walk


@pytest.fixture
def hub(database):
    if database == "sqlite":
        with a_hub_at_head(full=True) as file:
            yield file
        return
    with fresh_database() as made, a_hub_at_head(made, full=True) as file:
        yield file


def wrong_steps(file, newest=None):
    return [(step, wrong) for step, wrong in walk(file, newest) if wrong]


def test_every_step_down_and_up_leaves_every_row_as_it_was(hub):
    assert sum(bool(rows) for rows in rows_of(hub).values()) > 30
    assert wrong_steps(hub) == []


# --- red on purpose -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "shown"),
    [
        ("UPDATE voice SET state = 'closed'", "voice"),
        ("CREATE INDEX ix_alert_rule ON alert (rule)", "schema of alert"),
    ],
)
def test_a_step_that_changes_something_is_found(hub, monkeypatch, statement, shown):
    down = migrations.downgrade

    def and_more(file, to=migrations.BASE):
        down(file, to)
        if to == migrations.revisions()[-2]:
            who = step_of if statement.startswith("UPDATE") else owner_of
            with who(file) as engine, engine.begin() as connection:
                connection.execute(text(statement))

    monkeypatch.setattr(migrations, "downgrade", and_more)
    assert any(shown in wrong for _, wrong in wrong_steps(hub, newest=2))
