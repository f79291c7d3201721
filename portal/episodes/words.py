"""The states of a list, a row and an interview, the ways and outcomes of an attempt, and how staff say them."""

from typing import Any

from portal.config import current_hub
from portal.episodes.living import HOME, OTHER_AUTHORITY, OUR_CHILD

WORKING, COLUMNS, READY, TAKING = "working", "columns", "ready", "taking"
TAKEN, DROPPED, FAILED = "taken", "dropped", "failed"
NEW, CHANGED, SAME, DOUBTFUL, UNREADABLE = "new", "changed", "same", "doubtful", "unreadable"
TO_TAKE, TO_SETTLE = (NEW, CHANGED), (DOUBTFUL, UNREADABLE)
STATES = (NEW, CHANGED, SAME, DOUBTFUL, UNREADABLE)
LIST_WORDS = {
    WORKING: "It is being read.",
    COLUMNS: "Its columns have to be matched by hand.",
    READY: "Nothing of it was taken yet.",
    TAKING: "It is being taken.",
    TAKEN: "It was taken.",
    DROPPED: "It was dropped.",
    FAILED: "It could not be read.",
}

PROPOSED, OPEN, OFFERED, HELD = "proposed", "open", "offered", "held"
FORM_ONLY, DECLINED = "form only", "declined"
NOT_OFFERED = (
    "not offered"  # of a time before Rowan, as it was handed over: here a return waits until it is offered
)
TOLD, JOINED = "told", "joined"  # another authority has it; its returns were put under another conversation
UNDONE = (PROPOSED, OPEN, OFFERED)

# Who takes a return, by the simple rule, and in which words the reason is shown.
HOME_TEAM, CARE_PROVIDER, PLACING_AUTHORITY, DUTY_TEAM = "home", "care", "placing", "duty"
KNOWS, MET = "knows", "met"
REASONS = {
    KNOWS: "They have a worker whom they know already.",
    MET: "They talked with this worker after an earlier return.",
    HOME_TEAM: "They live at home.",
    CARE_PROVIDER: "They are in this council's care, and whoever interviews is independent of it.",
    PLACING_AUTHORITY: "Another authority looks after them: it is told, and who interviews is written down here.",
    DUTY_TEAM: "The list does not tell where they live or who looks after them. The duty team decides.",
}
# Whose choice the interviewer was.
CHILDS_CHOICE, KNOWN_TO_THEM, HUBS_CHOICE = "child", "known", "hub"
WHOSE_CHOICE = {
    CHILDS_CHOICE: "The young person's own",
    KNOWN_TO_THEM: "The hub's: they know each other",
    HUBS_CHOICE: "The hub's",
}
COUNTING_RULE = (
    "Each return counts as interviewed if its conversation was held; a conversation over three returns is one "
    "conversation and three returns interviewed; offered likewise."
)
TEAM_OF = {HOME: HOME_TEAM, OUR_CHILD: CARE_PROVIDER, OTHER_AUTHORITY: PLACING_AUTHORITY}

WAYS = {
    "in person": "In person",
    "phone": "Phone",
    "text": "Text",
    "home": "Through home or carer",
    "school": "Through school",
}
OWN_PAGES = "here"  # what the young person said of it by themselves; no way that staff choose
AUTHORITY = "authority"  # what another authority told of it; no way of ours
EVERY_WAY = WAYS | {OWN_PAGES: "On their own pages", AUTHORITY: "Told by the placing authority"}
OUTCOMES = {
    "no answer": "No answer",
    "offered": "Offered, they will think about it",
    "not now": "Not now, ask again",
    "held": "Conversation held",
    "declined": "They said no",
}


_STATE_WORDS = {
    PROPOSED: "nobody took it yet",
    OPEN: "taken, not offered yet",
    OFFERED: "offered",
    HELD: "conversation held",
    FORM_ONLY: "form only",
    DECLINED: "declined",
    NOT_OFFERED: "not offered",
    TOLD: "the placing authority was told",
    JOINED: "put under another conversation",
}


def state_words(state: str) -> str:
    """The state of an interview, as staff say it: offered, held, form only, declined, each apart."""
    return _STATE_WORDS[state]


def team_name(task: Any) -> str:
    """The team of a task in this hub's words."""
    return team_called(task.team)


def team_called(team: str) -> str:
    """A team in this hub's words."""
    file = current_hub().file
    return {
        HOME_TEAM: file.home_team,
        CARE_PROVIDER: file.care_provider,
        PLACING_AUTHORITY: "The placing authority",
    }.get(team, "The duty team")
