"""A row beside what the hub knows: new, changed or the same; and when only a person can tell."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from portal.config import LONDON, current_hub
from portal.episodes import clock
from portal.episodes.episode import number_hash
from portal.episodes.known import Known, KnownChild, KnownEpisode
from portal.episodes.likeness import Name, overlaps, plain_name, plainly_alike
from portal.episodes.rows import ReadRow
from portal.episodes.values import Problem, State, Values
from portal.episodes.words import CHANGED, DOUBTFUL, NEW, SAME

# The texts of a list that are kept with the time missing, as they came.
OF_PERSON = ("address", "postcode", "gender", "ethnicity")
DETAILS = (*OF_PERSON, "missing_from", "placing_authority", "risk", "reported_by", "remarks")


@dataclass(frozen=True, slots=True)
class Found:
    """What a row is, beside what the hub knows."""

    state: str
    child_id: UUID | None = None
    episode_id: UUID | None = None
    problems: tuple[Problem, ...] = ()
    changes: tuple[str, ...] = ()


def judge(row: ReadRow, known: Known, decided: str | None = None, of_child: UUID | None = None) -> Found:
    """What *row* is, beside what is *known*.

    *decided* is a person's answer to the question whether it is about the known young person *of_child*:
    "known" or "other".
    """
    if row.same_as or known.hash_of(row) in known.taken:
        return Found(SAME)
    if row.state is State.UNREADABLE or row.values.missing_at is None:
        return Found(State.UNREADABLE, problems=row.problems)
    child, question = _child(row.values, known, decided, of_child)
    episode, overlap = _episode(row.values, known, child) if child and not question else (None, None)
    changes = _changes(row, episode) if episode else ()
    if child and episode and not changes:
        return Found(SAME, child.id, episode.id)
    asked = question or overlap
    problems = _left(row.problems, child if not question else None) + tuple(
        p for p in (asked, None if asked else _late(row.values, episode)) if p
    )
    weights = {problem.weight for problem in problems}
    state = DOUBTFUL if State.DOUBTFUL in weights else CHANGED if episode else NEW
    return Found(state, child.id if child else None, episode.id if episode else None, problems, changes)


def _child(
    values: Values, known: Known, decided: str | None, of_child: UUID | None
) -> tuple[KnownChild | None, Problem | None]:
    """The young person whom the hub knows, and, where only a person can tell, the question whether it is them."""
    if decided == "other":
        return None, None
    if decided == "known" and of_child in known.children:
        return known.children[of_child], None
    name, holders = plain_name(values.name), _holders(values, known)
    sure = [child for child in holders if _compatible(values, name, child)] or [
        child for child in known.children.values() if _same_day(values, child) and name == child.plain
    ]
    if sure:
        return sure[0], None
    for child in holders:
        if _same_day(values, child) or plainly_alike(name, child.plain):
            return child, _ask(child, "The hub holds this incident number for")
    for child in known.children.values():
        if _compatible(values, name, child):
            return child, _ask(child, "This may be")
    if holders:
        return None, Problem("number", "The hub holds this number for somebody else, too.", State.READY)
    return None, None


def _holders(values: Values, known: Known) -> list[KnownChild]:
    """Whose time missing has this incident number already."""
    number = number_hash(values.number)
    return [
        known.children[child_id]
        for child_id, episodes in known.episodes.items()
        if number
        and child_id in known.children
        and any(episode.number_hash == number for episode in episodes)
    ]


def _same_day(values: Values, child: KnownChild) -> bool:
    return child.born_on is not None and child.born_on == values.born_on


def _compatible(values: Values, name: Name, child: KnownChild) -> bool:
    born_apart = values.born_on and child.born_on and values.born_on != child.born_on
    return not born_apart and plainly_alike(name, child.plain)


def _ask(child: KnownChild, beginning: str) -> Problem:
    born = f", born {child.born_on:%d/%m/%Y}" if child.born_on else ""
    name = f"{child.name.forenames} {child.name.surname}".strip()
    return Problem(
        "child", f"{beginning} {name}{born}, whom the hub knows. Say whether it is.", State.DOUBTFUL
    )


def _episode(values: Values, known: Known, child: KnownChild) -> tuple[KnownEpisode | None, Problem | None]:
    """The time missing that the hub knows, and the doubt about one that overlaps under another number."""
    episodes, number, away = known.episodes.get(child.id, []), number_hash(values.number), values.away
    for episode in episodes:
        if number and episode.number_hash == number:
            return episode, None
    for episode in episodes:
        if episode.missing_at == values.missing_at and not (number and episode.number_hash):
            return episode, None
    for episode in episodes:
        if away and overlaps(away, episode.away):
            went = f"{episode.missing_at.astimezone(LONDON):%d/%m/%Y %H:%M}"
            return None, Problem(
                "number",
                f"The hub holds a time missing from {went} of the same young person, under another number. "
                "If it is the same time, set this row aside.",
                State.DOUBTFUL,
            )
    return None, None


def _late(values: Values, episode: KnownEpisode | None) -> Problem | None:
    """How much of the 72 hours is gone, of a return that the hub hears of late."""
    if values.returned_at is None or (episode and episode.returned_at):
        return None
    gone = clock.gone_in_words(values.returned_at, current_hub().now())
    return Problem("returned_date", f"Late when it reached us: {gone}.", State.READY) if gone else None


def _left(problems: tuple[Problem, ...], child: KnownChild | None) -> tuple[Problem, ...]:
    """Who is known needs no better spelling of the name."""
    if child is None:
        return problems
    return tuple(problem for problem in problems if problem.field not in ("surname", "forenames", "name"))


def _changes(row: ReadRow, episode: KnownEpisode) -> tuple[str, ...]:
    """The fields in which a row says something else; what it does not say changes nothing."""
    values, changed = row.values, []
    if values.missing_at != episode.missing_at:
        changed.append("missing_date")
    if values.returned_at and values.returned_at != episode.returned_at:
        changed.append("returned_date")
    if values.living and values.living != episode.living:
        changed.append("living")
    changed += [
        field
        for field in DETAILS
        if (text := row.texts.get(field, "")) and text != episode.texts.get(field, "")
    ]
    return tuple(changed)
