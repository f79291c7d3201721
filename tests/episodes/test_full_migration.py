"""What the migration does with a hub that is in use: down and up again nothing is lost that the older one can hold."""

from sqlalchemy import create_engine, select, text

from portal import db, migrations
from portal.db import session
from portal.episodes.models import InterviewTask


def _states(hub_file):
    engine = create_engine(hub_file.owner_database or hub_file.database)
    with engine.begin() as connection:
        if (
            connection.dialect.name == "postgresql"
        ):  # the owner of a table under forced row-level security sees no row
            connection.execute(text("ALTER TABLE interview_task NO FORCE ROW LEVEL SECURITY"))
        found = connection.execute(text("SELECT state FROM interview_task ORDER BY state")).scalars().all()
        if connection.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE interview_task FORCE ROW LEVEL SECURITY"))
    engine.dispose()
    return found


def test_what_was_told_or_held_goes_down_and_comes_up_again(a_return, at_work, cast, hub_file, clock):
    told, held = a_return(of=cast.jo, living="other authority"), a_return(of=cast.amara)
    with at_work():
        session.get_one(InterviewTask, told).tell_authority("Salford's own team")
        session.get_one(InterviewTask, held).log(cast.sam, "in person", "held")
    db.close_engine(hub_file)
    migrations.downgrade(hub_file, "0003")
    assert _states(hub_file) == ["held", "proposed"]
    migrations.upgrade(hub_file)
    assert _states(hub_file) == ["held", "told"]
    with at_work():
        assert session.get_one(InterviewTask, held).held_at == clock()


def test_a_no_after_a_form_that_was_said_before_the_column_was_there_is_found(
    a_return, at_work, cast, hub_file
):
    said_no, waits = a_return(of=cast.amara), a_return(of=cast.jo)
    with at_work():
        for task_id, outcome in ((said_no, "declined"), (waits, "offered")):
            task = session.get_one(InterviewTask, task_id)
            task.mark_form_received()
            task.log(cast.sam, "phone", outcome)
    db.close_engine(hub_file)
    migrations.downgrade(hub_file, "0011")
    migrations.upgrade(hub_file)
    with at_work():
        assert session.scalars(select(InterviewTask.id).where(InterviewTask.left())).all() == [waits]
