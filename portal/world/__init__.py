"""A described world: a JSON file with exactly the people, links, allocations, episodes and answers it names.

For tests, training and the demonstration. Lists of objects, every list optional:

- `at`: the instant that everything is told from (default: now); `seed`: makes ids and secrets reproducible.
- `organisations`: `name`, `kind` (council, provider, health, home).
- `people`: `key` (what the rest of the file calls them), `name`, `roles` (by their strings), and where they apply
  `known_as`, `born_on`, `living` (home, our child, other authority), `language`, `email`, `phone`, `organisation`,
  `password`, `totp` (base32), `put_away_at`, `ended_at`, `held_because`, `note` (for whoever reads the file).
- `links`: `adult`, `child`, `kind` (parent, foster carer, residential), `since` (default: before anything else
  happens), `until`, `home_safe` (`by`, `at`: contacting home is recorded as safe).
- `allocations`: `worker`, `child`, `since`, `until`.
- `covers`: `absent`, `covers`, `by`, `at`, `starts_at`, `ends_at`.
- `episodes`: `key`, `child`, `missing_at`, `returned_at`, `living`, `number`, `details`, `reached_us_at`,
  `taken` (`by`, `at`), `attempts` (`by`, `at`, `way`, `outcome`), `authority_told` (`by`, `at`, `interviewer`),
  `home_says` (`adult`, `at`, `returned_at`).
- `safety`: `child`, `said` (no, rather-not, ring), `at`: what was pressed at "Are you safe right now?".
- `answers`: `key`, `child`, `form` (quick, again or whole; quick unless told), `choice` ("Is it OK to do this
  now?": now, with someone, talk, not now), `began_at`,
  `deal`, `worker_may_read_draft`, `said` (`question`, `choices`, `words`, `rather_tell_a_person`), `sent_at` (none:
  a draft), `read` (`by`, `at`), `notes` (`by`, `at`, `words`), `replies` (`by`, `at`, and `words` with `opened_at`,
  or `words` with `told_by` and `told_on`, or `no_safe_answer`), `on_record` (`by`, `at`). They belong to the return
  that waits for the child when they begin.
- `asks`: `key`, `child`, `thing` (by what the form sends), `words`, `tell_how`, `at`.
- `conversations`: `key`, `child`, `episode`, `by`, `at`, `held_at`, `place`, `present`, `chose_person`, `chose_place`,
  `interpreter`, `interpreter_name`, `covered` (parts of the record), `told`, `agreed` (`words`, `owner`, `by_on`),
  `police` ("no"), `write_ups` (`by`, `at`, `parts`: words by part), `meant` (`by`, `at`, `said`, `words`, `way`).
- `family_answers`: `key`, `adult`, `child`, `began_at`, `said`, `sent_at`: the form that stands at the adult's door then.
- Each of these four may each have `read`, `notes`, `wishes` (`whom`, `wish`, `at`, `by` who heard
  it), `shares` (`by`, `at`, `whom`, `reason`, `must`, `told_child`), `replies` and `on_record`, as told of answers.
- `alerts`: `child`, `rule`, `held` (`by`, `at`), `closed` (`by`, `at`, `outcome`): what became of an alert that
  something above has raised.
- `ways_in`: `person`, `by`, `at`.

A time is an ISO instant with its zone ("2026-11-24T10:00:00Z"), or is told from `at`: "-3h", "-40m", "-2d", "+1d",
"-1d 15:30" (that time of day in London), "now". People and episodes may have an `id`, a random UUID (version 4).
What a rule of Rowan follows from is not described but follows: an answer raises its alert, a return
proposes its interview, an allocation says who is told.
"""

from __future__ import annotations

from portal.config import Hub
from portal.db import session
from portal.world.acts import Making, perform
from portal.world.happenings import what_happened
from portal.world.people import refuse_who_is_here, what_becomes_of_them, who_there_is
from portal.world.told import World, WorldError, read

__all__ = ["Making", "World", "WorldError", "build", "read"]


def build(world: World, hub: Hub) -> Making:
    """Build *world* in the hub of *hub*; raises `WorldError` in a sentence if that cannot be."""
    making = Making(world, world.at or hub.now())
    later = [*what_happened(world), *what_becomes_of_them(world)]
    later.sort(key=lambda act: making.when(act.at))
    first = min((making.when(act.at) for act in later), default=making.at)
    with hub.entered():
        try:
            refuse_who_is_here(making)
        finally:
            session.remove()
    perform([*who_there_is(world, first.isoformat()), *later], making, hub)
    return making
