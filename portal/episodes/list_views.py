"""The day's list: brought, its columns matched, looked at row by row, taken; and the tray of what needs a person."""

from __future__ import annotations

from uuid import UUID

from flask import current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy import event, select
from werkzeug.datastructures import FileStorage

from portal import audit
from portal.access import STAFF, Can, allow, me
from portal.config import current_hub
from portal.db import session
from portal.episodes import preview as process
from portal.episodes.column_match import ColumnMatch
from portal.episodes.columns import FIELDS
from portal.episodes.daily_list import Sheet, sheet_of
from portal.episodes.forms import SetAside, Upload, matches_of, matching, mending
from portal.episodes.imports import ListImport, how_many_wait, in_tray
from portal.episodes.list_row import ListRow
from portal.episodes.reading import MOST_BYTES, NotAList, refuse_other_kinds
from portal.episodes.room import bp
from portal.episodes.taking import can_be_taken_as_it_stands, settle_row, who_it_may_be
from portal.episodes.words import (
    COLUMNS,
    DROPPED,
    FAILED,
    READY,
    STATES,
    TAKEN,
    TAKING,
    TO_SETTLE,
    WORKING,
)
from portal.web import Form, htmx, not_found, render, see_other

ON_A_PAGE = 100
MOST_FILES = 7  # a week's lists
MOST_TOGETHER = 3 * MOST_BYTES + 64 * 1024
_LOOKED_AT_FIRST = (
    64 * 1024
)  # bytes that tell whether a file is a list at all; the rest is read in its own process


@bp.route("/list", methods=["GET", "POST"])
@allow(STAFF, Can.IMPORT_LIST, largest=MOST_TOGETHER)
def upload() -> ResponseReturnValue:
    """Bring the day's list, or several at once; below it, the lists of the last days."""
    form = Upload()
    if form.validate_on_submit():
        brought, refused = _bring_all(form.file.data)
        if len(brought) == 1 and not refused:
            return see_other("episodes.preview", import_id=brought[0].id)
        if brought:  # what is no list stands among the lists below, with what to do about it
            return see_other("episodes.upload")
        form.file.errors = refused
    lists = session.scalars(
        select(ListImport).where(ListImport.state != DROPPED).order_by(ListImport.created_at.desc()).limit(10)
    ).all()
    return render(
        "episodes/upload.html",
        form=form,
        lists=lists,
        waiting=how_many_wait(),
        status=422 if form.errors else 200,
    )


def _bring_all(files: list[FileStorage]) -> tuple[list[ListImport], list[str]]:
    """Bring each file that is a list, and say of each other one what it is; one that is none stops no other."""
    brought, refused, no_lists = [], [], []
    if len(files) > MOST_FILES:  # a whole folder, by mistake
        return [], [
            f"At most {MOST_FILES} files come at once. Choose fewer, and bring the others after them."
        ]
    for file in files:
        name, content = file.filename or "", file.read(MOST_BYTES + 1)
        try:
            brought.append(_bring(content, name))
        except NotAList as refusal:
            refused.append(str(refusal) if len(files) == 1 else f"{name}: {refusal}")
            no_lists.append((content, name, str(refusal)))
    for no_list in no_lists if brought else ():
        ListImport.refuse(*no_list, me().id)
    return brought, refused


def _bring(content: bytes, file_name: str) -> ListImport:
    refuse_other_kinds(content)
    sheet_of(content[:_LOOKED_AT_FIRST])
    before = ListImport.brought_before(content)
    if before and before.state in (WORKING, COLUMNS, READY, TAKING):
        return before
    brought = ListImport.bring(content, file_name, me().id)
    _begin(brought.id)
    return brought


def _begin(import_id: UUID) -> None:
    """Start the process once the list is on disk, where it can find it."""
    hub, settings = current_hub(), current_app.extensions["rowan"]
    file, now = hub.file, hub.now()
    event.listen(
        session(), "after_commit", lambda _: process.start(file, settings, import_id, now), once=True
    )


def _get(import_id: UUID) -> ListImport:
    # Of two who press at the same moment the second is to see what the first has done.
    brought = session.get(ListImport, import_id, with_for_update=request.method == "POST" or None)
    if brought is None or brought.state == DROPPED:
        raise not_found()
    return brought


@bp.route("/list/<uuid:import_id>", methods=["GET", "POST"])
@allow(STAFF, Can.IMPORT_LIST)
def preview(import_id: UUID) -> ResponseReturnValue:
    """One list, row by row, with what would come of each; or how far its working out has come."""
    brought = _get(import_id)
    if request.method == "POST":
        return _act(brought, request.form.get("go", ""))
    if brought.state == COLUMNS:
        return see_other("episodes.columns", import_id=import_id)
    if brought.state in (WORKING, TAKING, FAILED):
        return render("episodes/preview.html", fragment="progress", brought=brought, rows=None)
    if htmx and htmx.target == "progress":
        return see_other("episodes.preview", import_id=import_id)
    shown = request.args.get("show", "")
    states = (shown,) if shown in STATES else STATES
    after = request.args.get("after", 0, type=int)
    rows = session.scalars(brought.rows(states, after).limit(ON_A_PAGE + 1)).all()
    counts = brought.counts()
    audit.read("list.read", object_kind="list", object_id=import_id, rows=len(rows))
    return render(
        "episodes/preview.html", fragment="rows", brought=brought, counts=counts, rows=rows[:ON_A_PAGE],
        next=rows[ON_A_PAGE - 1].line if len(rows) > ON_A_PAGE else None, shown=shown, FIELDS=FIELDS, total=sum(counts[state] for state in STATES),
    )  # fmt: skip


def _act(brought: ListImport, go: str) -> ResponseReturnValue:
    if go == "take" and brought.state == READY:
        brought.take()
        if brought.state == TAKING:
            _begin(brought.id)
    elif go == "again" and brought.silent:
        brought.work_again()
        _begin(brought.id)
    elif go == "drop" and brought.state not in (TAKING, TAKEN):
        if not brought.drop():
            _begin(brought.id)
        return see_other("episodes.upload")
    return see_other("episodes.preview", import_id=brought.id)


@bp.route("/list/<uuid:import_id>/columns", methods=["GET", "POST"])
@allow(STAFF, Can.IMPORT_LIST)
def columns(import_id: UUID) -> ResponseReturnValue:
    """Match the columns of a list by hand, once for every list with these headings."""
    brought = _get(import_id)
    if brought.state not in (COLUMNS, READY):
        if request.method == "POST":  # somebody else was quicker
            return see_other("episodes.preview", import_id=import_id)
        raise not_found()
    said = brought.columns
    form = matching(said["headings"], said["fields"], said["wanted"])
    if form.is_submitted() and (matches := matches_of(form, said["headings"])) is not None:
        ColumnMatch.remember(said["signature"], matches, me().id)
        brought.work_again()
        _begin(brought.id)
        return see_other("episodes.preview", import_id=import_id)
    if request.method == "GET":
        audit.read("list.columns_read", object_kind="list", object_id=import_id)
    return render(
        "episodes/columns.html", brought=brought, form=form, wanted=said["wanted"], first=_first_rows(brought),
        status=422 if form.is_submitted() else 200,
    )  # fmt: skip


def _first_rows(brought: ListImport) -> Sheet | None:
    try:
        return sheet_of(brought.file_bytes[:_LOOKED_AT_FIRST])
    except NotAList:
        return None


@bp.get("/list/tray")
@allow(STAFF, Can.IMPORT_LIST)
def tray() -> ResponseReturnValue:
    """Every row that needs a person, the oldest list first."""
    rows = session.execute(in_tray().limit(ON_A_PAGE)).all()
    audit.read("tray.read", object_kind="list", object_id=None, rows=len(rows))
    return render("episodes/tray.html", rows=rows, waiting=how_many_wait())


@bp.route("/list/rows/<uuid:row_id>", methods=["GET", "POST"])
@allow(STAFF, Can.IMPORT_LIST)
def mend(row_id: UUID) -> ResponseReturnValue:
    """One row of the tray: mend a value where it stands, say who it is, take it although, or set it aside."""
    row = session.get(ListRow, row_id, with_for_update=request.method == "POST" or None)
    if row is None or row.state not in TO_SETTLE:
        raise not_found()
    if row.settled:
        return see_other("episodes.tray")
    form, aside = mending(row.texts, row.problems), SetAside()
    if request.method == "POST":
        if (answer := _settle(row, request.form.get("go", ""), form, aside)) is not None:
            return answer
    else:
        audit.read("row.read", object_kind="list row", object_id=row.id, subject=row.child_id)
    return render(
        "episodes/mend.html", row=row, brought=_get(row.import_id), form=form, aside=aside,
        asks=who_it_may_be(row.problems), takeable=can_be_taken_as_it_stands(row), came_back=request.method == "POST",
        status=422 if request.method == "POST" else 200,
    )  # fmt: skip


def _settle(row: ListRow, go: str, form: Form, aside: SetAside) -> ResponseReturnValue | None:
    """Do what was pressed; None where the form has to come back."""
    if go == "aside":
        if not aside.validate():
            return None
        row.set_aside(aside.reason.data, me().id)
        return see_other("episodes.tray")
    if go == "mend":
        if not form.validate():
            return None
        row.mend({field.short_name: field.data or "" for field in form})
    elif go in ("known", "other"):
        row.decided = go
    settle_row(row, me().id, although=go == "take")
    return see_other("episodes.tray") if row.settled else see_other("episodes.mend", row_id=row.id)
