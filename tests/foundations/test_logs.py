"""What may stand in a log."""

from __future__ import annotations

import io
import logging

from portal import i18n, logs

CANARY = "canary-7f3a"


def test_ids_and_numbers_are_kept(log: io.StringIO):
    logs.logger("notify").info("sent", hub="testhub", count=3)

    assert "level=info by=portal.notify event=sent hub=testhub count=3" in log.getvalue()


def test_what_is_not_on_the_list_is_dropped(log: io.StringIO):
    logs.logger("notify").info("sent", words=CANARY, name=CANARY, address=CANARY)

    assert "event=sent" in log.getvalue()
    assert CANARY not in log.getvalue()


def test_another_librarys_message_is_not_kept(log: io.StringIO):
    logging.getLogger("httpx").warning("could not send %s", CANARY)

    assert "by=httpx" in log.getvalue()
    assert CANARY not in log.getvalue()


def test_a_fault_leaves_its_kind_and_place_and_no_words(log: io.StringIO):
    try:
        i18n.on_day(CANARY)  # type: ignore[arg-type]
    except Exception:
        logging.getLogger("portal").exception("Exception on /side")

    assert "fault=AssertionError where=portal/i18n.py:" in log.getvalue()
    assert CANARY not in log.getvalue()
    assert "Traceback" not in log.getvalue()
