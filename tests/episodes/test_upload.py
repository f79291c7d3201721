"""The page on which the day's list is brought."""

import io

import pytest
from sqlalchemy import event, select

from portal.db import session
from portal.episodes.imports import ListImport
from tests.episodes.conftest import AMARA, LISTS, a_list


@pytest.fixture
def cory(doors, cast, started):
    return doors.staff.sign_in_as(cast.cory)


def _bring(browser, content, name="list.csv"):
    # Written out by hand: the test client leaves the file open into which it puts a large form.
    start = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = start.encode() + content + b"\r\n--x--\r\n"
    headers = {"X-CSRF-Token": browser._token()}
    return browser._send(
        "POST", "/list", input_stream=io.BytesIO(body), content_type="multipart/form-data; boundary=x",
        content_length=len(body), headers=headers,
    )  # fmt: skip


def test_a_list_that_is_brought_is_worked_out_elsewhere_and_shown(cory, started, at_work):
    page = _bring(cory, a_list(AMARA))
    (import_id,) = started
    assert (page.status, page.location) == (303, f"/list/{import_id}")
    with at_work():
        brought = session.get_one(ListImport, import_id)
        assert (brought.state, brought.file_bytes, brought.file_name) == (
            "working",
            a_list(AMARA),
            "list.csv",
        )


def test_a_large_list_lies_on_no_disk_before_it_is_sealed(cory, started, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a temporary file was about to be opened")

    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", refuse)
    content = a_list(*(f"{AMARA},{'x' * 100}" for _ in range(8000)))
    assert len(content) > 1_000_000
    assert _bring(cory, content).status == 303


def test_the_process_starts_only_once_the_list_is_on_disk(cory, started, monkeypatch):
    def fail(*_):
        raise RuntimeError("the disk is full")

    event.listen(ListImport, "before_insert", fail)
    try:
        assert _bring(cory, a_list(AMARA)).status == 500
    finally:
        event.remove(ListImport, "before_insert", fail)
    assert started == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "This file is empty"),
        (b"%PDF-1.7", "This is a PDF, not a list"),
        (b"Surname\nJones\n", "Only one column was found"),
        (b"a,b\n" * (5 * 1024 * 256 + 1), "bigger than 5 MB"),
    ],
)
def test_what_is_no_list_is_refused_in_one_clear_sentence(cory, started, content, said):
    page = _bring(cory, content)
    assert (page.status, started) == (422, [])
    assert said in page.main


def test_fifty_megabytes_are_refused_before_they_are_read(cory, started):
    page = _bring(cory, b"a,b\n" * 12_500_000)
    assert (page.status, started) == (413, [])
    assert "too big" in page.main


def test_no_other_page_takes_so_much(cory):
    page = cory.post("/list/00000000-0000-4000-8000-000000000000", {"go": "x" * 1_500_000})
    assert page.status == 413


def test_a_form_without_a_file_says_what_to_choose(cory):
    page = cory.post("/list", {})
    assert page.status == 422
    assert "Choose the file that the police sent." in page.main


def test_the_same_file_twice_leads_to_the_same_preview(cory, started):
    first, second = _bring(cory, a_list(AMARA)), _bring(cory, a_list(AMARA))
    assert first.location == second.location
    assert len(started) == 1


def test_the_last_lists_and_the_tray_stand_below(cory, bring, take):
    take(bring((LISTS / "list-messy.csv").read_bytes()))
    page = cory.get("/list")
    assert "12 rows wait in the tray" in page.main
    assert "It was taken." in page.main


@pytest.mark.parametrize("who", ["sam", "noor", "ade", "aud"])
def test_who_may_not_bring_lists_does_not_find_the_page(doors, cast, who):
    assert doors.staff.sign_in_as(getattr(cast, who)).get("/list").status == 404


def test_nobody_else_is_asked_to_sign_in(doors):
    assert doors.staff.get("/list").location.endswith("/sign-in")


# --- several at once ------------------------------------------------------------------------------------------------


def _bring_together(browser, *files):
    data = [(io.BytesIO(content), name) for name, content in files]
    return browser.post("/list", {"file": data}, content_type="multipart/form-data")


SATURDAY, SUNDAY = AMARA, AMARA.replace("MFH1", "MFH2").replace("20/11", "21/11").replace("21/11", "22/11")


def test_the_lists_of_a_weekend_come_at_once(cory, started, at_work):
    page = _bring_together(cory, ("sat.csv", a_list(SATURDAY)), ("sun.csv", a_list(SUNDAY)))
    assert (page.status, page.location) == (303, "/list")
    with at_work():
        names = {session.get_one(ListImport, import_id).file_name for import_id in started}
    assert names == {"sat.csv", "sun.csv"}


def test_one_that_is_no_list_stops_no_other_and_says_what_it_is(cory, started):
    page = _bring_together(cory, ("sat.csv", a_list(SATURDAY)), ("notes.pdf", b"%PDF-1.7"))
    assert (page.status, page.location) == (303, "/list")
    said = cory.get("/list").main
    assert "sat.csv" in said
    assert "notes.pdf" in said
    assert "It could not be read. This is a PDF, not a list." in said
    assert len(started) == 1


def test_of_a_file_that_is_no_list_nothing_is_kept(cory, started, at_work):
    _bring_together(cory, ("sat.csv", a_list(SATURDAY)), ("notes.pdf", b"%PDF-1.7 CANARY"))
    with at_work():
        refused = session.scalars(select(ListImport).where(ListImport.state == "failed")).one()
        assert refused.content is None


def test_where_none_is_a_list_each_is_named_with_what_to_do(cory, started):
    page = _bring_together(cory, ("a.pdf", b"%PDF-1.7"), ("b.csv", b""))
    assert (page.status, started) == (422, [])
    assert "a.pdf: This is a PDF, not a list." in page.main
    assert "b.csv: This file is empty." in page.main


def test_the_same_file_chosen_twice_is_one_list(cory, started):
    page = _bring_together(cory, ("sat.csv", a_list(SATURDAY)), ("sat (1).csv", a_list(SATURDAY)))
    assert page.status == 303
    assert len(started) == 1


def test_more_than_a_week_of_lists_is_told_to_come_in_two(cory, started):
    files = [(f"{n}.csv", a_list(AMARA.replace("MFH1", f"MFH{n}"))) for n in range(8)]
    page = _bring_together(cory, *files)
    assert page.status == 422
    assert "At most 7 files come at once." in page.main
    assert started == []
