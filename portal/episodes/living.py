"""Where a young person lives, as each force says it: at home, in our care, in another council's."""

from portal.episodes import moments
from portal.episodes.columns import folded

HOME = "home"
OUR_CHILD = "our child"
OTHER_AUTHORITY = "other authority"

_LOOKED_AFTER = frozenset(
    [
        "looked after",
        "lac",
        "cla",
        "yes",
        "y",
        "in care",
        "care",
        "foster",
        "foster care",
        "foster carer",
        "fostered",
        "childrens home",
        "residential",
        "residential home",
        "residential care",
        "section 20",
        "s20",
        "section 31",
        "s31",
        "s 20",
        "s 31",
        "full care order",
        "interim care order",
        "ico",
        "fco",
        "care order",
        "cared for",
        "our child",
        "placed",
        "semi independent",
        "supported accommodation",
        "care home",
        "looked after child",
    ]
)
_AT_HOME = frozenset(
    [
        "home",
        "at home",
        "living at home",
        "not looked after",
        "no",
        "n",
        "not lac",
        "not cla",
        "non lac",
        "family",
        "with family",
        "with parents",
        "parents",
        "parental home",
        "family home",
        "home address",
        "lives with parents",
        "lives with family",
        "lives at home",
        "with parent",
    ]
)
_OF_A_COUNCIL = frozenset(
    [
        "city",
        "metropolitan",
        "borough",
        "district",
        "county",
        "council",
        "mbc",
        "mdc",
        "bc",
        "cc",
        "mcc",
        "of",
        "the",
    ]
)


def living_of(said: str, placing_authority: str, missing_from: str, *, ours: str) -> tuple[str, str]:
    """How a young person lives ("" where the list does not tell), and the other authority that placed them.

    *ours* is the name of this hub's council. Whoever is looked after, and by whom is not said, might be
    another authority's child, who is counted apart: then nothing is assumed.
    """
    situation, place = folded(said), folded(missing_from)
    placed_by = "" if moments.is_none(placing_authority) else placing_authority
    at_home = situation in _AT_HOME or (situation not in _LOOKED_AFTER and place in _AT_HOME)
    in_care = (
        situation in _LOOKED_AFTER
        or situation.startswith("looked after")
        or (not at_home and place in _LOOKED_AFTER)
    )
    if at_home and not placed_by:
        return HOME, ""
    if in_care and placed_by:
        return (OUR_CHILD, "") if council(placed_by) == council(ours) else (OTHER_AUTHORITY, placed_by)
    return "", placed_by


def council(name: str) -> str:
    """The place in the name of a council, so that "Manchester City Council" is "Manchester"."""
    return " ".join(word for word in folded(name).split() if word not in _OF_A_COUNCIL)
