"""The second wall: PostgreSQL shows each row only to those it belongs to, whatever a query of ours forgets.

This is migration 0020's own, and frozen with it: a later one may call it, and puts functions and policies of its own in
the place of what it wants otherwise. `build` is called with a line for each table and the reach of each role. The first
wall, `may_reach`, asks by ability; this one knows a few groups of tables and is never narrower than the first, so
that it changes no page. Who acts, at which door and when stand in settings of the transaction (`db.py`); a command
or a job is a *step* and works behind the wall.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

LOGIN_ROLE = "rowan_app"
OPEN = "open"  # nothing about a young person or family: whoever acts
JOINS = (
    "joins"  # ids, times and sessions that pages join by: the staff's door; at a family's door only one's own
)
SECRET = "secret"  # noqa: S105 - what somebody signs in with: who comes in, its owner, managers and administrators
STAFF = "staff"  # the staff's door only, and there the roles of its group
ABOUT = "about"  # what is about a young person: their own, and staff who reach them
THROUGH = "through"  # what belongs to a row of another table: its own speaker's, and whoever sees that row

ALLOCATED, NOBODYS, EVERYBODY = "allocated", "nobody's", "everybody"
# By group and role, whose rows: what the policy of `access.py` says, held against it by a test.
Reach = Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True)
class Line:
    """How one table is walled: by which columns, and by which kind of policy."""

    table: str
    kind: str
    own: tuple[str, ...] = ()  # the columns that name whose it is
    about: str = ""  # the column that names the young person
    group: str = ""  # of `Reach`
    parent: tuple[str, str] = ("", "")  # its column, and the table that the row belongs to
    home: str = ""  # the column that names the young person, where whoever is linked to them sees it at their own door
    besides: str = ""  # what staff must meet as well, in SQL
    also: str = ""  # to whom it shows itself beside all these, in SQL


_SETTINGS = """
CREATE FUNCTION rowan_actor() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN length(current_setting('rowan.actor', true)) = 36 THEN current_setting('rowan.actor', true)::uuid END
$$;
CREATE FUNCTION rowan_door() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(current_setting('rowan.door', true), '')
$$;
CREATE FUNCTION rowan_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(nullif(current_setting('rowan.now', true), '')::timestamptz, now())
$$;
CREATE FUNCTION rowan_step() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT rowan_door() = 'step'
$$;
CREATE FUNCTION rowan_coming_in() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT rowan_door() <> '' AND rowan_actor() IS NULL
$$;
CREATE FUNCTION rowan_behind() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT rowan_door() IN ('step', 'staff') OR rowan_coming_in()
$$;
CREATE FUNCTION rowan_home() RETURNS SETOF uuid LANGUAGE plpgsql STABLE ROWS 2 AS $$
BEGIN
  IF rowan_door() = 'family' THEN
    RETURN QUERY SELECT l.child_id FROM link l WHERE l.adult_id = rowan_actor();
  END IF;
END $$;
CREATE FUNCTION rowan_paused(staff uuid, child uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM pause p WHERE p.staff_id = staff AND p.child_id = child AND p.ended_at IS NULL)
$$;
"""

# By a function where a question's page waits: a plan that holds the whole of another table's policy begins slowly.
_SUBMISSION = """
CREATE FUNCTION rowan_shows_submission(wanted uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM submission s WHERE s.id = wanted);
END $$;
CREATE FUNCTION rowan_sampled() RETURNS SETOF uuid LANGUAGE plpgsql STABLE ROWS 5 AS $$
BEGIN
  IF rowan_door() = 'staff' THEN
    RETURN QUERY SELECT s.child_id FROM sampled s JOIN audit_sample a ON a.id = s.sample_id
      WHERE a.auditor_id = rowan_actor() AND a.ends_at > rowan_now();
  END IF;
END $$;
"""
# `kept`: what a pause leaves. %(reach)s: the frozen lines (group, role, relation); %(kept)s: the groups a pause leaves;
# %(holding)s: the roles that read what those they hold say.
_REACH = """
CREATE FUNCTION rowan_has(wanted text, relation text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN rowan_door() = 'staff' AND EXISTS (
    SELECT 1 FROM person_role r JOIN (VALUES %(reach)s) AS v(g, role, rel) ON v.role = r.role
    WHERE r.person_id = rowan_actor() AND v.g = wanted AND v.rel = relation
      AND (r.ends_at IS NULL OR r.ends_at > rowan_now()));
END $$;
CREATE FUNCTION rowan_everybody(wanted text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN rowan_step() OR rowan_has(wanted, 'everybody') AND (wanted IN (%(kept)s) OR NOT EXISTS (
    SELECT 1 FROM pause p WHERE p.staff_id = rowan_actor() AND p.ended_at IS NULL));
END $$;
CREATE FUNCTION rowan_reached(wanted text) RETURNS SETOF uuid LANGUAGE plpgsql STABLE ROWS 25 AS $$
DECLARE
  me uuid := rowan_actor();
  at timestamptz := rowan_now();
  kept boolean := wanted IN (%(kept)s);
BEGIN
  IF rowan_door() <> 'staff' OR me IS NULL THEN RETURN; END IF;
  IF rowan_has(wanted, 'allocated') THEN
    RETURN QUERY SELECT a.child_id FROM allocation a
      WHERE a.starts_at <= at AND (a.ends_at IS NULL OR a.ends_at > at)
        AND (a.worker_id = me OR a.worker_id IN (
               SELECT c.absent_id FROM cover c WHERE c.covers_id = me AND c.starts_at <= at AND c.ends_at > at)
             AND (kept OR NOT rowan_paused(a.worker_id, a.child_id)))
        AND (kept OR NOT rowan_paused(me, a.child_id));
  END IF;
  -- Somebody else's young person, opened with a reason for a time (accounts.break_glass): read, like one's own, but how
  -- somebody may be reached never by whom something may be about.
  RETURN QUERY SELECT b.child_id FROM break_glass b
    WHERE b.worker_id = me AND b.created_at <= at AND b.ends_at > at
      AND (kept AND wanted <> 'contact' OR NOT rowan_paused(me, b.child_id));
  IF rowan_has(wanted, 'everybody') THEN
    RETURN QUERY SELECT p.id FROM person p WHERE p.kind = 'child' AND NOT rowan_paused(me, p.id);
  END IF;
END $$;
CREATE FUNCTION rowan_nobodys(child uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN NOT rowan_paused(rowan_actor(), child) AND NOT EXISTS (
    SELECT 1 FROM allocation a JOIN person w ON w.id = a.worker_id
    WHERE a.child_id = child AND a.starts_at <= rowan_now() AND (a.ends_at IS NULL OR a.ends_at > rowan_now())
      AND w.ended_at IS NULL AND NOT rowan_paused(w.id, a.child_id)
      AND EXISTS (SELECT 1 FROM person_role r WHERE r.person_id = w.id AND r.role IN (%(holding)s)
        AND (r.ends_at IS NULL OR r.ends_at > rowan_now())));
END $$;
"""
_FUNCTIONS = (
    "rowan_shows_submission(uuid)",
    "rowan_sampled()",
    "rowan_nobodys(uuid)", "rowan_reached(text)", "rowan_everybody(text)", "rowan_has(text, text)",
    "rowan_paused(uuid, uuid)", "rowan_home()", "rowan_behind()", "rowan_coming_in()", "rowan_step()", "rowan_now()", "rowan_door()",
    "rowan_actor()",
)  # fmt: skip


def make_functions(op: Any, reach: Reach, kept: Iterable[str]) -> None:
    """Create what the policies ask; *kept* are the groups that a pause leaves."""
    lines = [
        (group, role, relation)
        for group, roles in reach.items()
        for role, relations in roles.items()
        for relation in relations
    ]
    values = ", ".join(f"({', '.join(_quoted(part) for part in line)})" for line in lines)
    for statement in (_SETTINGS + _SUBMISSION + _REACH % {
        "reach": values, "kept": ", ".join(map(_quoted, kept)),
        "holding": ", ".join(map(_quoted, reach["words"])),
    }).split("CREATE FUNCTION")[1:]:  # fmt: skip
        op.execute(f"CREATE FUNCTION{statement}")


def drop_functions(op: Any) -> None:
    """Drop what the policies asked."""
    for function in _FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")


def build(op: Any, lines: Iterable[Line]) -> None:
    """Wall each table in. A row is added by whoever acts; it is read, changed and dropped only by whom it shows itself to.

    Restrictive, beside the policy that wants an actor at all: no further policy can open what this one closes.
    """
    for line in lines:
        if line.kind == OPEN:
            continue
        shown = _shown(line)
        for act, check in (("SELECT", ""), ("UPDATE", " WITH CHECK (true)"), ("DELETE", "")):
            op.execute(
                f"CREATE POLICY {_named(line, act)} ON {line.table} AS RESTRICTIVE FOR {act} TO {LOGIN_ROLE} "
                f"USING ({shown}){check}"
            )


def take_down(op: Any, lines: Iterable[Line]) -> None:
    """Take the wall of each table down again."""
    for line in lines:
        if line.kind != OPEN:
            for act in ("SELECT", "UPDATE", "DELETE"):
                op.execute(f"DROP POLICY {_named(line, act)} ON {line.table}")


def _named(line: Line, act: str) -> str:
    return f"{line.table}_wall_{act.lower()}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _shown(line: Line) -> str:
    """To whom a row shows itself. Each `(SELECT …)` is asked once a statement, and only where what stands before is false."""
    ways = [f"{column} = (SELECT rowan_actor())" for column in line.own]
    if line.also:  # before what costs more: somebody who comes in is looked up at every request
        ways.append(line.also)
    ways += _of_kind(line)
    if line.home:
        ways.append(f"{line.home} IN (SELECT rowan_home())")
    return " OR ".join(ways)


def _of_kind(line: Line) -> list[str]:
    if line.kind == JOINS:
        return ["(SELECT rowan_behind())"]
    if line.kind == SECRET:
        return ["(SELECT rowan_step() OR rowan_coming_in())", "(SELECT rowan_has('accounts', 'everybody'))"]
    everybody = f"(SELECT rowan_everybody({_quoted(line.group)}))"
    if line.kind == STAFF:
        return [f"{everybody} AND ({line.besides})" if line.besides else everybody]
    if line.kind == THROUGH:
        column, table = line.parent
        if table == "submission":
            return [f"rowan_shows_submission({column})"]
        return [
            "(SELECT rowan_step())",
            f"EXISTS (SELECT 1 FROM {table} x WHERE x.id = {line.table}.{column})",  # noqa: S608 - names of ours
        ]
    reached = f"{line.about} IN (SELECT rowan_reached({_quoted(line.group)}))"
    nobodys = f"(SELECT rowan_has({_quoted(line.group)}, 'nobody''s')) AND rowan_nobodys({line.about})"
    staff = f"{everybody} OR {reached} OR {nobodys}"
    return ["(SELECT rowan_step())", f"({staff}) AND ({line.besides})"] if line.besides else [staff]
