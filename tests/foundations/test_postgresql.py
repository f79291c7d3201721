"""On PostgreSQL the login role owns nothing, and sees nothing unless somebody acts."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.db import Base, engines_of


@pytest.fixture
def as_login(hub_file, cast):
    with engines_of(hub_file).reading.connect() as connection:
        yield connection


@pytest.mark.postgresql
def test_the_login_role_owns_no_table(as_login):
    owners = as_login.execute(text("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"))
    assert owners.scalars().all() == ["rowan_owner"]


@pytest.mark.postgresql
@pytest.mark.parametrize("table", sorted(Base.metadata.tables))
def test_no_table_shows_a_row_while_nobody_acts(as_login, table):
    assert as_login.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0


@pytest.mark.postgresql
def test_people_are_seen_once_somebody_acts(as_login):
    as_login.exec_driver_sql("SET LOCAL rowan.actor = 'somebody'")
    assert as_login.execute(text("SELECT count(*) FROM person")).scalar() > 0


@pytest.mark.postgresql
def test_an_actor_is_forgotten_with_the_transaction(as_login):
    as_login.exec_driver_sql("SET LOCAL rowan.actor = 'somebody'")
    as_login.rollback()
    assert as_login.execute(text("SELECT count(*) FROM person")).scalar() == 0


@pytest.mark.postgresql
@pytest.mark.parametrize("statement", ["DROP TABLE audit_event", "ALTER TABLE person ADD COLUMN x int",
                                       "TRUNCATE audit_event", "DELETE FROM audit_event",
                                       "CREATE TABLE mine (id int)"])  # fmt: skip
def test_the_login_role_cannot(as_login, statement):
    with pytest.raises(DBAPIError, match=r"must be owner|permission denied"):
        as_login.exec_driver_sql(statement)
