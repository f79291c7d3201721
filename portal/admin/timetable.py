"""How long things stay: one line for every table of the schema, as the code removes it and as a page shows it.

The periods are settings of the hub (`[keeping]` in its file); their defaults are those of `product.md`. A test asks
that every table has its line here, so nothing new is kept for ever because nobody thought of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from portal.config import Keeping

DRAFT, RECORD, MESSAGE, PLAN, ALERT, ACCOUNT = "draft", "record", "message", "plan", "alert", "account"
LIST, AUDIT, SENT, AT_ONCE, PERSONLESS = "list", "audit", "sent", "at once", "nobody"


@dataclass(frozen=True)
class Line:
    """One table: what lies in it, in words, and by which rule it goes."""

    table: str
    holds: str
    rule: str
    besides: str = ""  # what else is to be known of it


def rule_words(keeping: Keeping) -> dict[str, str]:
    """Each rule as a sentence, with the periods of this hub."""
    return {
        DRAFT: f"{keeping.draft_days} days after it was last written in; its worker reads it only if they said so",
        RECORD: f"Until it is on the record, then {keeping.after_record_days} days",
        MESSAGE: f"{keeping.message_months} months, once it has an end",
        PLAN: f"Until the young person is closed here, then {keeping.plan_months} months",
        ALERT: f"{keeping.alert_months} months after it was closed",
        ACCOUNT: f"{keeping.account_months} months after the person was closed here, once all they said is on the record",
        LIST: f"{keeping.list_months} months after it was taken, once every row is settled",
        AUDIT: f"{keeping.audit_years} years",
        SENT: f"{keeping.sent_days} days after it left",
        AT_ONCE: "Hours or days: it goes when it has done its work",
        PERSONLESS: "It is about nobody",
    }


_LINES = (
    Line("about_worker", "What was said about somebody who looks after or works with a young person", ALERT,
         "Once a manager has closed it"),
    Line("agreed_action", "What was agreed in a return conversation", RECORD),
    Line("alert", "A flagged answer: who took it, how it ended", ALERT),
    Line("alert_entry", "What somebody wrote while an alert was open: to whom it was handed, why it was opened again", ALERT),
    Line("alert_step", "Who was told of an alert, and when", ALERT),
    Line("allocation", "Who works with whom, from when to when", ACCOUNT),
    Line("answer", "Answers, in the exact words", RECORD, "Of a form not sent: as its draft"),
    Line("ask", "What was asked for", MESSAGE),
    Line("attempt", "Each time a conversation was offered", ACCOUNT),
    Line("audit_event", "Who did and read what: ids, no words", AUDIT,
         "The chain began with this version: its first event reaches that age at the earliest then, and the step that takes a finished stretch away comes before it"),
    Line("audit_sample", "Which sample an auditor was named, and until when", ACCOUNT, "With the last young person in it"),
    Line("audit_turn", "An empty table that keeps the audit trail in order", PERSONLESS),
    Line("break_glass", "That somebody opened a young person who is not theirs, why, and what a manager said of it", ACCOUNT),
    Line("column_match", "Which column of the list means what", PERSONLESS),
    Line("conversation", "A return conversation: where, who was there", RECORD),
    Line("correction", "What somebody said is wrong, and what was decided", ACCOUNT),
    Line("cover", "Who covered for whom", ACCOUNT, "Counted from its end"),
    Line("custody", "That a young person was in custody", ACCOUNT),
    Line("duty_turn", "Who is on duty out of office hours", ACCOUNT, "Counted from its end"),
    Line("episode", "A time missing, as the list and the home gave it", ACCOUNT),
    Line("family_form", "The form of a parent or carer after a return", RECORD),
    Line("file_request", "A parent's request for the file", ACCOUNT),
    Line("file_request_step", "The steps of such a request", ACCOUNT),
    Line("hand_over", "A tablet handed over in the room", AT_ONCE),
    Line("hold", "That nothing about somebody may be removed, and why", ACCOUNT, "Never while it stands"),
    Line("incoming_text", "A text that came in: its number and words", MESSAGE, "Whose number nobody knows: once somebody saw to it"),
    Line("interview_task", "Who takes a return, by when, how it ended", ACCOUNT),
    Line("kept_count", "Counts without a person, so that published figures stay", PERSONLESS),
    Line("link", "A parent or carer and a young person", ACCOUNT),
    Line("list_import", "A day's list that was brought in", LIST),
    Line("list_row", "A row of that list", LIST),
    Line("meant", "What a young person said of a write-up", RECORD),
    Line("neutral_card", "A card that was handed out", ACCOUNT),
    Line("no_contact", "That an adult is to have no contact", ACCOUNT),
    Line("organisation", "A council, a provider, a service", PERSONLESS),
    Line("outbox_message", "That a message left, without its words", SENT),
    Line("pause", "That somebody of the staff did not read what a young person said", ACCOUNT),
    Line("passkey", "A passkey of somebody of the staff: its public half", ACCOUNT),
    Line("person", "Name, birthday, how to reach them", ACCOUNT,
         "Of staff the name stays beside what they wrote; e-mail, telephone and sign-in go"),
    Line("person_role", "What somebody may do here", ACCOUNT),
    Line("place", "Places a young person names", PLAN),
    Line("police_step", "Whether something had to go to the police", RECORD),
    Line("private_phone", "Whether a phone is called private", ACCOUNT),
    Line("reminder", "That somebody wants to be reminded of a day", ACCOUNT),
    Line("return_form", "Which return a form belongs to", RECORD, "Of a form not sent: as its draft"),
    Line("safe_contact", "By which ways, times and words somebody may be reached", ACCOUNT),
    Line("safe_contact_asked", "When it was asked whether that is still so", ACCOUNT),
    Line("safer_plan", "A safer plan, in the young person's words", PLAN),
    Line("safety_answer", "An answer to “Are you safe right now?” that somebody was told", ALERT),
    Line("sampled", "That a young person was in an auditor's sample", ACCOUNT),
    Line("sender_beat", "When the sender last worked", PERSONLESS),
    Line("shift", "When somebody of a home is on shift", ACCOUNT, "Counted from its end"),
    Line("sign_in", "That a browser is signed in", AT_ONCE),
    Line("sign_in_invitation", "An invitation to sign in, as a hash", ACCOUNT),
    Line("sign_in_recovery", "That two people let a colleague sign in anew", ACCOUNT),
    Line("staff_identity", "That an account at the council's sign-in opens ours, as a hash", ACCOUNT),
    Line("staff_secret", "Passwords (as a hash) and codes of staff", ACCOUNT),
    Line("submission", "A form, begun or sent", RECORD, "Not sent: as a draft"),
    Line("talk_wish", "With whom a young person wants to talk", ACCOUNT),
    Line("throttle", "How often somebody guessed", AT_ONCE),
    Line("trail_share", "Who was given what was said", RECORD),
    Line("trail_wish", "Who may have it", RECORD),
    Line("translation", "What was said, in English", RECORD),
    Line("trusted", "People a young person names", PLAN),
    Line("used_challenge", "What a passkey signed once, as a hash", AT_ONCE),
    Line("voice", "That something was said, and how it was answered", RECORD, "Asked for: as a message"),
    Line("voice_note", "What staff wrote beside it", RECORD),
    Line("voice_reply", "What came back", RECORD),
    Line("voice_step", "Each step of its way", RECORD),
    Line("way_in", "A link, words or digits to come in by, as a hash", ACCOUNT),
    Line("write_up", "A write-up of a conversation", RECORD),
)  # fmt: skip
TIMETABLE = MappingProxyType({line.table: line for line in _LINES})
