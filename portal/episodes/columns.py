"""Which column of a list is what: recognised by its heading, or matched once by hand and remembered."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# What a coordinator reads beside each column; the order is that of the hand-matching page.
FIELDS = {
    "number": "Incident number",
    "surname": "Surname",
    "forenames": "First names",
    "name": "Whole name in one column",
    "born_on": "Date of birth",
    "missing_date": "Day they went missing (with or without the time)",
    "missing_time": "Time they went missing",
    "returned_date": "Day they came back (with or without the time)",
    "returned_time": "Time they came back",
    "living": "Living situation",
    "placing_authority": "Placing authority",
    "missing_from": "Missing from",
    "gender": "Gender",
    "ethnicity": "Ethnicity",
    "address": "Address",
    "postcode": "Postcode",
    "risk": "Risk",
    "reported_by": "Reported by",
    "remarks": "Remarks",
}

# Headings seen or likely, the surest first; where two columns claim one field, the surer heading has it.
_NAMES = {
    "number": """
        incident no, incident number, incident ref, incident reference, incident id, incident urn, incident,
        mfh number, mfh no, mfh ref, mfh reference, mfh id, mfh, misper ref, misper reference, misper
        number, misper no, misper id, misper report number, niche ref, niche reference, niche number, niche
        no, niche id, niche occurrence number, occurrence number, occurrence no, occurrence ref, occurrence,
        compact ref, compact reference, compact number, compact no, compact id, compact, athena ref, athena
        number, connect ref, police ref, police reference, police reference number, police number, police
        log, log number, log no, log ref, log, urn, unique reference number, unique reference, unique ref,
        report number, report no, report ref, report reference, report id, episode number, episode no,
        episode ref, episode id, event number, event ref, case number, case no, case ref, case reference,
        missing ref, missing number, missing episode number, missing episode id, missing person reference,
        missing report number, missing incident number, fwin, fwin no, storm log, reference number,
        reference no, reference, ref number, ref no, ref, our ref, id, number""",
    "surname": """
        surname, last name, family name, second name, lastname, surnames, nominal surname, sname, surname of
        missing person, name family""",
    "forenames": """
        forenames, forename, first names, first name, given names, given name, forename 1, forename1, first
        forename, christian name, fname, forenames of missing person, name given""",
    "name": """
        full name, name, whole name, name of missing person, name of child, names, missing person, misper,
        young person, child, subject, nominal, person, surname forename, surname and forename, surname
        forenames, last name first name, name surname forename""",
    "born_on": """
        date of birth, dob, d o b, birth date, birthdate, birthday, born, born on, date born, d of b, day of
        birth""",
    "gender": "gender, sex, m f, gender identity, self defined gender, gender sex, sex gender",
    "ethnicity": """
        ethnicity, ethnic origin, ethnic group, ethnic code, ethnic appearance, self defined ethnicity, sde,
        ethnicity code, ic code, 16 1 code""",
    "address": """
        home address, address, current address, residence, residential address, full address, address line
        1, address 1, address of missing person, living at, normal address, usual address, home""",
    "postcode": "postcode, post code, home postcode, zip, zip code, pcode, address postcode",
    "living": """
        living situation, living arrangement, living arrangements, lac status, lac, looked after, looked
        after status, looked after child, cla status, cla, child looked after, in care, care status, legal
        status, placement type, care, accommodation type, accommodation, resident type, lives, lives with,
        residing with, looked after yes no""",
    "placing_authority": """
        placing la, placing authority, placing local authority, responsible authority, responsible la,
        responsible local authority, home authority, home la, host authority, la responsible, corporate
        parent, local authority, la, authority, placed by""",
    "missing_from": """
        missing from, place missing from, location missing from, missing from location, missing location,
        last seen at, last seen location, location last seen, where missing from, went missing from, place
        last seen, location type""",
    "missing_date": """
        missing date time, date time missing, missing date, date missing, missing date and time, date and
        time missing, datetime missing, missing datetime, missing since, missing from date, missing from
        date time, went missing, went missing on, date went missing, last seen, last seen date time, date
        time last seen, last seen date, date last seen, missing on, missing start, missing start date,
        missing start date time, episode start, episode start date, start date time, start date, date from,
        from date, date of missing episode, missing episode date, date of episode, absent date, date absent,
        absent from, date of incident, incident date, incident date time, date reported missing, reported
        missing date, reported missing, reported date, date reported, date time reported, reported date
        time, date of report, report date, date""",
    "missing_time": """
        missing time, time missing, missing from time, time went missing, last seen time, time last seen,
        missing start time, episode start time, start time, time from, from time, missing at, time absent,
        absent time, incident time, time of incident, time reported missing, reported missing time, reported
        time, time reported, time""",
    "returned_date": """
        returned date time, date time returned, returned date, date returned, return date, return date time,
        date of return, date and time of return, returned date and time, date and time returned, returned,
        returned on, found date time, date time found, found date, date found, found date and time, date and
        time found, found, found on, located date time, date time located, located date, date located,
        located, located on, date back, back on, back, recovered date, date recovered, traced date, date
        traced, missing end, missing end date, missing end date time, episode end, episode end date, end
        date time, end date, date to, to date, missing to, missing to date, missing until, date no longer
        missing, concluded date""",
    "returned_time": """
        returned time, time returned, return time, time of return, returned at, found time, time found,
        located time, time located, time back, recovered time, time recovered, traced time, time traced,
        missing end time, episode end time, end time, time to, to time, missing to time, returned hour""",
    "risk": """
        risk grading, risk, risk level, risk grade, risk assessment, risk category, risk rating, graded,
        grading, current risk, initial risk""",
    "reported_by": """
        reported by, informant, reporting person, reporter, reportee, person reporting, reported by whom,
        who reported, caller""",
    "remarks": """
        remarks, notes, comments, comment, note, circumstances, summary, details, additional information,
        further information, other information, free text, description, remark""",
}
_HINT = re.compile(
    r"\((?:dd|yyyy|hh|24|12)[^)]*\)|\b(?:dd[/. -]?mm[/. -]?yy(?:yy)?|hh[:. -]?mm(?:[:. -]?ss)?)\b"
)
_WHOSE = re.compile(
    r"^(?:missing persons?|mispers?|mp|mfh|subjects?|child(?:ren)?s?|young persons?|yps?|nominals?|persons?) "
)
# Headings that end in an accepted word and mean something else altogether.
_NOT_MEANT = frozenset(
    ["person ref", "person urn", "person id", "nominal ref", "nominal id", "nominal urn", "nominal number"]
)


def folded(text: str) -> str:
    """Small letters without accents, and one space wherever there was anything but a letter or digit."""
    plain = unicodedata.normalize("NFKD", text.replace("&", " and ")).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter) and letter not in "'’")
    return " ".join(re.sub(r"[^\w]|_", " ", plain).split())


_RANKS: dict[str, tuple[str, int]] = {}
for _field, _names in _NAMES.items():
    for _rank, _name in enumerate(_names.split(",")):
        _RANKS.setdefault(folded(_name).replace(" ", ""), (_field, _rank))


@dataclass(frozen=True, slots=True)
class Columns:
    """What was made of a line of headings: *fields* gives each field the place of its column."""

    headings: tuple[str, ...]
    fields: Mapping[str, int]
    not_used: tuple[str, ...]
    wanted: tuple[str, ...]

    @property
    def signature(self) -> str:
        """The key under which a match made by hand is remembered: the headings, in whatever order."""
        return signature(self.headings)

    def texts(self, cells: Sequence[str]) -> dict[str, str]:
        """The text of each known field in a row of *cells*; a row may be shorter than the headings."""
        return {field: cells[at].strip() if at < len(cells) else "" for field, at in self.fields.items()}


def signature(headings: Sequence[str]) -> str:
    """A stable key of a list's headings, the same whatever their order, case or punctuation."""
    names = sorted(folded(heading) for heading in headings)
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:32]


def named(cells: Sequence[str]) -> tuple[str, ...]:
    """Headings as they are shown and matched: without an empty one, and no two alike."""
    names: list[str] = []
    for place, cell in enumerate(cells, start=1):
        name = " ".join(cell.split()) or f"column {place}"
        twin, count = name, 2
        while name in names:
            name, count = f"{twin} ({count})", count + 1
        names.append(name)
    return tuple(names)


def recognise(headings: Sequence[str], matches: Mapping[str, str] | None = None) -> Columns:
    """Give each known field its column.

    *matches* (heading → field, or "" for a column that is not to be used) is what a person chose by hand
    for such a list. Once somebody has looked, only what no episode can do without is still *wanted*.
    """
    chosen = matches or {}
    fields: dict[str, int] = {}
    for at, heading in enumerate(headings):
        if (field := chosen.get(heading, "")) in FIELDS:
            fields.setdefault(field, at)
    free = [at for at, heading in enumerate(headings) if heading not in chosen]
    for at, field, _ in sorted(_claims(headings, free), key=lambda claim: claim[2]):
        if field not in fields and at not in fields.values():
            fields[field] = at
    _times_beside_their_days(headings, free, fields)
    if "surname" in fields:
        fields.pop("name", None)
    used = set(fields.values())
    not_used = tuple(heading for at, heading in enumerate(headings) if at not in used)
    return Columns(tuple(headings), fields, not_used, _wanted(fields, looked_at=matches is not None))


def _claims(headings: Sequence[str], free: Sequence[int]) -> list[tuple[int, str, int]]:
    claims = []
    for at in free:
        name = _HINT.sub(" ", headings[at].casefold())
        name = folded(name)
        if name in _NOT_MEANT:
            continue
        for text, doubt in ((name, 0), (_WHOSE.sub("", name), 1000)):
            if known := _RANKS.get(text.replace(" ", "")):
                claims.append((at, known[0], known[1] + doubt))
                break
    return claims


def _times_beside_their_days(headings: Sequence[str], free: Sequence[int], fields: dict[str, int]) -> None:
    """A bare "Time" right after a day is that day's time, whatever else such a heading might mean."""
    for at in free:
        if not re.fullmatch(r"time(?: \d+)?|hours?", folded(_HINT.sub(" ", headings[at].casefold()))):
            continue
        for moment in ("missing", "returned"):
            if fields.get(f"{moment}_date") == at - 1 and fields.get(f"{moment}_time") in (None, at):
                fields.pop(next((f for f, place in fields.items() if place == at), ""), None)
                fields[f"{moment}_time"] = at


def _wanted(fields: Mapping[str, int], *, looked_at: bool) -> tuple[str, ...]:
    wanted = []
    if "name" not in fields and "surname" not in fields:
        wanted.append("surname")
    if "missing_date" not in fields:
        wanted.append("missing_date")
    if not looked_at:
        # Without a column for the return no clock would ever start, and nobody would notice.
        needs = ["number", "born_on", "returned_date"] + ([] if "name" in fields else ["forenames"])
        wanted += [field for field in needs if field not in fields]
    return tuple(field for field in FIELDS if field in wanted)
