"""The command line: `python -m portal.commands …`, or `./run portal …`.

Exit status 0 means that it was done. What went wrong is one sentence on stderr; progress and logs go there too,
and stdout has the answer alone. The application itself is reached by its name, as a server reaches it: the table
of contents (`app.py`) stands above every command, and nothing imports it.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, TypeVar
from uuid import UUID

import click
from alembic.util.exc import CommandError
from sqlalchemy.exc import DBAPIError
from tqdm import tqdm

from portal import access, audit, backup, config, crypto, db, i18n, logs, migrations, world
from portal.accounts import eighteen, put_back, sign_in
from portal.admin import alarms, erased, erasing, from_machine, held_by_nobody, retention
from portal.alerts import climbing
from portal.config import Hub, HubFile, Settings, SettingsError, folder_of
from portal.demonstration import making
from portal.demonstration.folder import locked, settings_in
from portal.demonstration.restoring import empty_place
from portal.demonstration.year import SHORT, WHOLE
from portal.episodes.from_file import import_file
from portal.episodes.reading import MOST_BYTES, NotAList
from portal.episodes.upkeep import drop_old_previews, go_on
from portal.notify import watcher
from portal.notify import worker as sending
from portal.returns import family_told
from portal.serving import ROOT, KeepsEnding, PortTaken, check_port, end_with_parent, run_together, serve_here

Command = TypeVar("Command", bound=Callable[..., Any])
_APPLICATION, _ROOMS = "portal.app:create_app", "portal.app:rooms_alone"


class Refused(Exception):
    """What a command does not do; its text is the one sentence that says why."""


# Whatever is refused with a sentence for whoever runs Rowan.
_SAYS_WHY = (
    Refused, SettingsError, PortTaken, KeepsEnding, crypto.CannotOpen, audit.Tampered, CommandError, NotAList,
    world.WorldError, erasing.Refused, backup.Damaged, backup.NotEmpty, from_machine.NotInvited,
)  # fmt: skip


# --- which settings, which hub ------------------------------------------------------------------------------------


def _settings(folder: Path | None) -> Settings:
    return settings_in(folder) if folder else Settings.from_environment()


def _named(settings: Settings, name: str | None) -> tuple[HubFile, ...]:
    hubs = config.load_hubs(settings)
    chosen = tuple(hub for hub in hubs if name in (None, hub.name))
    if not chosen:
        raise Refused(f"There is no hub called {name}; there is {', '.join(hub.name for hub in hubs)}.")
    return chosen


def _every_table() -> None:
    """Have every room's tables: what hangs on a row, and what a backup holds, is read from the models there are."""
    resolve_name(_APPLICATION)


def _hubs(
    settings: Settings, name: str | None, *, first: bool = False, tables: bool = True
) -> tuple[HubFile, ...]:
    """The hub called *name*, or all of them; their languages checked, their key rings open, every table known.

    Without *tables* only where nothing is done at the hub but to look whether it is ready.

    Only the *first* command of a hub makes the folders of its data: later, a folder that is not there is a disk
    that was not mounted, and an empty one must not take its place.
    """
    if tables:
        _every_table()
    hubs = _named(settings, name)
    for hub in hubs:
        i18n.check(hub.languages)
        if first:
            for lies_in in filter(None, (folder_of(hub.database), folder_of(hub.key_store))):
                lies_in.mkdir(parents=True, exist_ok=True)
        crypto.open_ring(hub, settings.keys)
        crypto.check_whole(hub)
    return hubs


def _one_hub(settings: Settings, name: str | None) -> HubFile:
    hubs = _named(settings, name)
    if len(hubs) > 1:
        raise Refused(f"There are several hubs, {', '.join(hub.name for hub in hubs)}: say which with --hub.")
    return _hubs(settings, name)[0]


def _for_a_hub(command: Command) -> Command:
    """Give a command `--hub` and `--dir`."""
    return _DIR(click.option("--hub", metavar="NAME", help="Which hub, where there are several.")(command))


_DIR = click.option(
    "--dir", "folder", metavar="DIR", type=click.Path(path_type=Path), help="The demonstration in DIR."
)
_PORT = click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
_JSON = click.option("--json", "as_json", is_flag=True, help="Answer with one line of JSON.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def portal() -> None:
    """Rowan's command line.

    Settings come from the environment: ROWAN_HUBS, ROWAN_KEYS, ROWAN_SECRET_KEY, ROWAN_MESSAGES and, if
    need be, ROWAN_MODE, ROWAN_PROXIES and those of the gateways. With --dir DIR a command works on the demonstration hub in DIR instead.
    """


# --- serving ------------------------------------------------------------------------------------------------------


@portal.command()
@_PORT
@click.option("--dir", "folder", metavar="DIR", type=click.Path(path_type=Path), default=ROOT / ".demo",
              show_default=".demo", help="Where the demonstration lives.")  # fmt: skip
@click.option(
    "--seed", default=making.SEED, show_default=True, help="Made with another one, other people are in it."
)
@click.option("--short", is_flag=True, hidden=True, help="With a short year, as the tests need it.")
@_JSON
def demo(port: int, folder: Path, seed: str, short: bool, as_json: bool) -> None:
    """Make (once) and serve a demonstration.

    A hub of invented people, on this machine only: a whole year, and the present week. The same seed and day make
    the same hub. Every start gives everybody a fresh way in. Ctrl-C stops it.
    """
    check_port("127.0.0.1", port)
    _every_table()  # to compare the schema with
    with locked(folder):
        made = making.prepare(folder, port, seed=seed, year=SHORT if short else WHOLE)
        click.echo(json.dumps(made.as_json()) if as_json else made.as_text())
        sys.stdout.flush()
        here = ["--attached", "--dir", str(folder.resolve())]
        web = ["serve", "--port", str(port), *here]
        ended = run_together({"The web server": web, "The worker": ["worker", *here]})
    if ended:
        raise Refused(f"{ended} stopped by itself, so the demonstration has stopped too.")


_ATTACHED = click.option(
    "--attached", is_flag=True, hidden=True, help="End with the process that started this one."
)


@portal.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@_PORT
@_ATTACHED
@_DIR
def serve(host: str, port: int, folder: Path | None, attached: bool) -> None:
    """Serve every hub.

    Over HTTP, for a proxy that speaks TLS to the outside. One worker process per core; each with one thread on
    SQLite, three on PostgreSQL.
    """
    settings = _settings(folder)
    if settings.mode == "demonstration" and host not in ("127.0.0.1", "::1", "localhost"):
        raise Refused("A demonstration is served to this machine only: leave --host away.")
    check_port(host, port)
    if attached:
        end_with_parent()
    hubs = _hubs(settings, None, tables=False)  # its processes are the application
    for hub in hubs:
        if not migrations.is_at_head(hub):
            raise Refused(f"{hub.name}: the schema is not this version's; run `portal db upgrade` first.")
        db.close_engine(hub)
        crypto.close_ring(hub)
    on_sqlite = any(hub.database.startswith("sqlite") for hub in hubs)
    serve_here(settings, host, port, threads=1 if on_sqlite else 3)


@portal.command()
@_ATTACHED
@_for_a_hub
def worker(folder: Path | None, hub: str | None, attached: bool) -> None:
    """Send what waits, and do the nightly jobs.

    Until it is told to stop; one process is enough, and several do no harm.
    """
    settings = _settings(folder)
    hubs = _hubs(settings, hub)
    stop = _told_to_stop()
    if attached:
        end_with_parent()
    lists = sending.Chore(
        "go on with lists", timedelta(minutes=1), partial(go_on, settings=settings), beside=True
    )
    sending.run(hubs, settings, stop, (lists, *_CHORES))


@portal.command()
@_for_a_hub
def watch(folder: Path | None, hub: str | None) -> None:
    """Watch the sender, beside web and worker.

    Where it is dead or nothing leaves, whoever ROWAN_WATCHER_EMAIL and ROWAN_WATCHER_PHONE name is told within
    120 seconds, also while the database is away.
    """
    settings = _settings(folder)
    if not watcher.whom_to_tell(settings):
        raise Refused("Nobody is named to be told: set ROWAN_WATCHER_EMAIL or ROWAN_WATCHER_PHONE.")
    watcher.watch(_named(settings, hub), settings, _told_to_stop())


def _told_to_stop() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


_CHORES = (
    sending.Chore("alert again", climbing.EVERY, climbing.climb_what_is_due),
    *(
        sending.Chore(name, every, work, beside=True)
        for name, every, work in (
            ("drop old previews", timedelta(hours=1), drop_old_previews),
            ("drop sign-ins that are over", timedelta(hours=1), sign_in.drop_what_is_over),
            ("end links at 18", timedelta(minutes=30), eighteen.end_links),
            ("say what is not on the record", timedelta(hours=6), alarms.raise_alarms),
            ("tell of roles that ran out", timedelta(minutes=5), held_by_nobody.tell_of_roles_that_ran_out),
            ("let go of what is over", timedelta(hours=1), partial(retention.retain, most_commits=100)),
            ("tell of forms at the family door", timedelta(minutes=5), family_told.tell_who_asked),
            ("count anew", timedelta(hours=6), db.count_anew),
        )
    ),
)


# --- the database -------------------------------------------------------------------------------------------------


@portal.group("db")
def database() -> None:
    """Bring the schema up, down, or check it."""


@database.command()
@_for_a_hub
def upgrade(folder: Path | None, hub: str | None) -> None:
    """Bring the schema of every hub, or of one, up to this version."""
    for file in _hubs(_settings(folder), hub, first=True):
        migrations.upgrade(file)
        click.echo(f"{file.name}: at {migrations.current(file)}")


@database.command()
@click.option("--to", default="-1", show_default=True, help="A revision, -1 for one step, base for nothing.")
@click.option("--yes", is_flag=True, help="Needed in production: what the tables held is gone.")
@_for_a_hub
def downgrade(folder: Path | None, hub: str | None, to: str, yes: bool) -> None:
    """Take the schema of one hub down again, with what the tables hold."""
    settings = _settings(folder)
    file = _one_hub(settings, hub)
    if settings.mode == "production" and not yes:
        raise Refused(
            f"This takes tables away from {file.name}, with all they hold: say --yes if that is meant."
        )
    migrations.downgrade(file, to)
    click.echo(f"{file.name}: at {migrations.current(file) or 'base'}")


@database.command()
@_for_a_hub
def check(folder: Path | None, hub: str | None) -> None:
    """Say whether the schema is at this version and has exactly what the models have."""
    for file in _hubs(_settings(folder), hub):
        if not migrations.is_at_head(file):
            raise Refused(f"{file.name}: the schema is not this version's; run `portal db upgrade`.")
        if differences := migrations.difference(file, db.Base.metadata):
            places = "one place" if len(differences) == 1 else f"{len(differences)} places"
            raise Refused(f"{file.name}: the schema differs from the models in {places}.")
        click.echo(f"{file.name}: the schema is what the models say")


# --- the work -----------------------------------------------------------------------------------------------------


@portal.command("import")
@click.argument("file", metavar="FILE.csv", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what it would do.")
@_JSON
@_for_a_hub
def import_list(file: Path, folder: Path | None, hub: str | None, dry_run: bool, as_json: bool) -> None:
    """Bring in the day's list.

    New and changed rows are taken; what is doubtful or unreadable waits for a person in the tray. The same file
    again changes nothing.
    """
    with file.open("rb") as opened:
        content = opened.read(MOST_BYTES + 1)  # one more is enough to be told that it is too large
    with _at_work(_one_hub(_settings(folder), hub)) as at_hub, _bar("Rows", "row") as bar:
        answer = import_file(at_hub, content, file_name=file.name, dry_run=dry_run, progress=bar)
    click.echo(json.dumps(answer.as_json()) if as_json else answer.as_text())


@contextmanager
def _bar(words: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    with tqdm(desc=words, unit=unit, file=sys.stderr, leave=False) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show


@contextmanager
def _at_work(file: HubFile) -> Iterator[Hub]:
    try:
        yield Hub(file)
    finally:
        db.close_engine(file)
        crypto.close_ring(file)


@portal.command("world")
@click.argument("file", metavar="FILE.json", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_for_a_hub
def build_world(file: Path, folder: Path | None, hub: str | None) -> None:
    """Build the world that FILE.json describes.

    Exactly its people, links, allocations, episodes and answers; the format is told in portal/world. For tests and
    training, never in production. The answer is one line of JSON: every id, and each way in.
    """
    settings = _settings(folder)
    if settings.mode == "production":
        raise Refused("A described world is for tests and training, not for a hub in production.")
    described = world.read(file)
    with _at_work(_one_hub(settings, hub)) as at_hub:
        click.echo(json.dumps(world.build(described, at_hub).as_json()))


@portal.command("access")
@click.option("--json", "as_json", is_flag=True, help="As JSON: the only form there is.")
def access_table(as_json: bool) -> None:
    """Print the whole policy.

    A line for every route, method, door, role and relation, with whether it is allowed. It needs no settings.
    """
    click.echo(json.dumps(access.table(resolve_name(_ROOMS)())))


@portal.group("audit")
def trail() -> None:
    """The audit trail."""


@trail.command()
@_for_a_hub
def verify(folder: Path | None, hub: str | None) -> None:
    """Follow the whole trail of every hub, or of one, and note beside the keys how far it has come."""
    for file in _hubs(_settings(folder), hub):
        with _at_work(file) as at_hub, at_hub.entered():
            try:
                count = audit.verify(db.session.connection())
                audit.checkpoint()
            except audit.Tampered as found:
                raise Refused(f"{file.name}: {found}") from None
            finally:
                db.session.remove()
            click.echo(f"{file.name}: {count} events, none altered, none gone")


@portal.command("invite")
@click.argument("email", metavar="EMAIL")
@click.option("--name", default="", help="Their name, if nobody has this address yet.")
@click.option(
    "--organisation", default="", help="The organisation they work for, if nobody has this address yet."
)
@_for_a_hub
def invite(email: str, name: str, organisation: str, folder: Path | None, hub: str | None) -> None:
    """Invite the administrator with this e-mail address.

    For a hub's first administrators, and for one who lost what they sign in with where no two others can help. Answers
    with a link and a code that work once, for three days: hand them over yourself. Every manager and administrator is
    told. Everybody else is invited by two colleagues, on the page of sign-ins.
    """
    with _at_work(_one_hub(_settings(folder), hub)) as at_hub, db.step(at_hub):
        made = from_machine.invite(email.strip(), name, organisation)
    click.echo(f"{made.link}\n{made.code}")


# --- kept, and let go ---------------------------------------------------------------------------------------------


@portal.command("retain")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@_for_a_hub
def retain(folder: Path | None, hub: str | None, dry_run: bool) -> None:
    """Let go of what is over by the timetable of each hub, or of one.

    At most fifty rows a commit, beside running processes; safe to stop and to run again. What a hold stands on stays.
    """
    for file in _hubs(_settings(folder), hub):
        with _at_work(file) as at_hub:
            for one in retention.retain(at_hub, dry_run=dry_run):
                would = "would go" if dry_run else "went"
                click.echo(
                    f"{file.name}: {one.rule}: {one.things} {would} ({one.rows} rows); {one.held} waited"
                )


@portal.command("erase")
@click.argument("person", metavar="PERSON")
@_for_a_hub
def erase(person: str, folder: Path | None, hub: str | None) -> None:
    """Erase PERSON, by their id.

    Their rows, their key, what they could be found by; counts stay. Refused while something they said is not on the
    record, and under a hold.
    """
    try:
        person_id = UUID(person)
    except ValueError:
        raise Refused(f"{person} is not the id of anybody; it stands in the address of their page.") from None
    with _at_work(_one_hub(_settings(folder), hub)) as at_hub:
        rows = erasing.erase(at_hub, person_id)
    click.echo(f"{person_id}: erased, {rows} rows and their key")


@portal.group("keys")
def key_ring() -> None:
    """The keys."""


@key_ring.command()
@_DIR
def rotate(folder: Path | None) -> None:
    """Wrap every person's key anew.

    With a new wrapping key, at every hub, beside running processes; safe to run again, and a second one waits. An old
    wrapping key goes once nothing needs it.
    """
    settings = _settings(folder)
    rings = [(hub.name, crypto.ring_of(hub)) for hub in _hubs(settings, None)]
    try:
        with crypto.rotating(settings.keys):
            crypto.add_wrapping_key(settings.keys, set().union(*(ring.numbers() for _, ring in rings)))
            for name, ring in rings:
                click.echo(f"{name}: {ring.rewrap()} keys wrapped anew")
    finally:
        for _, ring in rings:
            crypto.close_ring(ring.file)


@portal.command("backup")
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@_for_a_hub
def back_up(file: Path, folder: Path | None, hub: str | None) -> None:
    """Write everything of one hub to FILE, sealed for the hub's backup key.

    Beside running processes, as it stands at one instant. The keys are never in it.
    """
    with _at_work(_one_hub(_settings(folder), hub)) as at_hub:
        made = backup.make(at_hub, file)
        with db.step(at_hub):
            audit.record("hub.backed_up", object_kind="hub", object_id=None, rows=made.rows)
    click.echo(f"{made.hub}: {made.rows} rows of {len(made.counts)} tables")


@portal.command("restore")
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--keys", metavar="STORE", type=click.Path(path_type=Path),
              help="The key store, or the folder of the demonstration that has it.")  # fmt: skip
@_for_a_hub
def restore(file: Path, keys: Path | None, folder: Path | None, hub: str | None) -> None:
    """Put FILE back, into an empty place.

    The whole file is read before anything is written; then the audit trail is followed, the rows are counted, and
    whoever was erased since goes once more. Every sign-in ends, and what was ended since the backup is entered again
    by hand. Stopped on the way it is run again, with the same file. With --dir it works into an empty folder.
    """
    _every_table()
    if folder:
        settings, hub_file = empty_place(folder, keys)
        crypto.open_ring(hub_file, settings.keys)
    else:
        settings = _settings(None)
        hub_file = _with_keys(settings, _named(settings, hub), keys)
    with _at_work(hub_file) as at_hub:
        made = backup.put_back(at_hub, file)
        with db.step(at_hub):  # first of all; the trail says so once it has been followed
            out = put_back.let_nobody_in()
        with at_hub.entered(), db.reading() as own:
            events = audit.verify(own.connection(), put_back=made.events)
        with db.step(at_hub):
            audit.begin_again(made.made_at, let_nobody_in=out)
        with db.step(at_hub):
            audit.note_the_end()
        gone = erased.finish(at_hub)
        backup.finished(at_hub)
    click.echo(f"{made.hub}: {made.rows} rows of {len(made.counts)} tables, {events} events none altered, "
               f"{gone} erased again, {out} sign-ins and invitations ended")  # fmt: skip
    click.echo(f"Whatever was ended or changed after {made.made_at} is as it was before: enter again which roles, links, "
               "ways in, orders of no contact, passwords and passkeys have ended.")  # fmt: skip


def _with_keys(settings: Settings, hubs: tuple[HubFile, ...], keys: Path | None) -> HubFile:
    if len(hubs) > 1:
        raise Refused(f"There are several hubs, {', '.join(one.name for one in hubs)}: say which with --hub.")
    file = hubs[0]
    if keys is not None:
        if not keys.is_file():
            raise Refused(f"{keys} is no key store.")
        file = file.model_copy(update={"key_store": f"sqlite:///{keys.resolve()}"})
    elif (lies_in := folder_of(file.key_store)) is not None and not lies_in.is_dir():
        raise Refused(f"{file.name}: its key store is not there; put it back first, or name it with --keys.")
    if (data := folder_of(file.database)) is not None:
        data.mkdir(parents=True, exist_ok=True)
    crypto.open_ring(file, settings.keys)
    return file


# --- how it ends --------------------------------------------------------------------------------------------------


def _one_line(text: str) -> str:
    words = " ".join(text.split())
    return words if words.endswith((".", "?")) else words + "."


def main(arguments: list[str] | None = None) -> int:
    """Run one command and hand back its exit status; whatever goes wrong is one sentence on stderr."""
    logs.begin()
    try:
        return portal.main(arguments, prog_name="portal", standalone_mode=False) or 0
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "portal"
        said = _one_line(error.format_message())[:-1].replace(". Did you mean", "; did you mean")
        return _end(f"{said}; `{where} --help` says more", 2)
    except click.Abort:
        return _end("Stopped", 130)
    except _SAYS_WHY as error:
        return _end(str(error), 1)
    except DBAPIError as error:
        return _end(f"The database refused ({type(error.orig).__name__}); is it there, and migrated?", 1)
    except OSError as error:
        return _end(
            f"{error.strerror or type(error).__name__}: {error.filename or 'a file or an address'}", 1
        )
    except Exception as fault:  # noqa: BLE001 - a traceback could carry what somebody wrote
        place = logs.place_of(fault.__traceback__) or "another library"
        return _end(f"Rowan stopped at a fault of its own: {type(fault).__name__} in {place}", 1)


def _end(sentence: str, status: int) -> int:
    click.echo(_one_line(sentence), err=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
