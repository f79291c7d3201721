"""The 72-hour clock: when a return interview is due, and how staff say so.

An independent return interview is due within 72 hours of the return (DfE statutory guidance on children
who run away or go missing from home or care, January 2014). The hours are elapsed ones, counted in UTC,
so that a change of the clocks in between neither gives nor takes one.
"""

from datetime import datetime, timedelta

from portal.i18n import due_words

WITHIN = timedelta(hours=72)
LATE_TO_US = timedelta(
    hours=24
)  # after the return: whoever offers the conversation begins with less than two days


def due_at(returned_at: datetime) -> datetime:
    """When the interview for a return at *returned_at* (aware, UTC) is due: 72 elapsed hours later, UTC."""
    if returned_at.utcoffset() != timedelta(0):
        raise ValueError("a return is counted in UTC: convert the local time first")
    return returned_at + WITHIN


def late_when_it_reached_us(returned_at: datetime, reached_us_at: datetime) -> bool:
    """Whether the hub heard of the return more than 24 hours after it."""
    return reached_us_at - returned_at > LATE_TO_US


def gone_in_words(returned_at: datetime, reached_us_at: datetime) -> str:
    """How much of the 72 hours was gone when the hub heard of the return, if that was late; "" if it was not."""
    if not late_when_it_reached_us(returned_at, reached_us_at):
        return ""
    hours = (reached_us_at - returned_at) // timedelta(hours=1)
    return (
        f"{hours} of the 72 hours were gone"
        if hours < 72
        else f"the 72 hours were over: {hours} hours had gone"
    )


# What staff say of a time: every room's pages say it alike.
in_words = due_words
