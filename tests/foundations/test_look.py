"""The look: small enough to come with the first page, legible in both schemes, the same from right to left."""

import gzip
import re
from pathlib import Path

import pytest
import rcssmin

from portal.app import SHEETS

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
FAMILIES = ("young", "family", "public")
# What must be read, and on what it stands.
PAIRS = [
    (text, ground)
    for text in ("ink", "soft", "accent")
    for ground in ("paper", "sheet", "wash")
    if (text, ground) != ("soft", "wash")
] + [("on-accent", "accent"), ("paper", "ink")]


def sheet_of(door: str) -> str:
    return "".join((CSS / f"{part}.css").read_text("utf-8") for part in SHEETS[door])


def tokens_of(door: str, *, dark: bool) -> dict[str, str]:
    """The colours of a door; those of the dark scheme are laid over the light ones, as the browser does."""
    text = re.sub(r"/\*.*?\*/", "", sheet_of(door), flags=re.DOTALL)
    text = re.sub(r"@media print \{.*?\n\}", "", text, flags=re.DOTALL)
    darker = "".join(
        re.findall(r"@media \(prefers-color-scheme: dark\) \{(.*?\}\s*)\}", text, flags=re.DOTALL)
    )
    lighter = re.sub(r"@media \(prefers-color-scheme: dark\) \{.*?\}\s*\}", "", text, flags=re.DOTALL)
    find = re.compile(r"--([a-z-]+): (#[0-9a-f]{3,6})")
    return dict(find.findall(lighter)) | (dict(find.findall(darker)) if dark else {})


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("door", SHEETS)
def test_words_stand_out_from_what_they_stand_on(door, dark):
    colours = tokens_of(door, dark=dark)
    pairs = [*PAIRS, *([("late", "sheet"), ("late", "paper")] if "late" in colours else [])]
    faint = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in pairs}
    assert not {pair: ratio for pair, ratio in faint.items() if ratio < 4.5}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("door", SHEETS)
def test_the_edge_of_a_box_to_fill_in_can_be_seen(door, dark):
    colours = tokens_of(door, dark=dark)
    assert contrast(colours["edge"], colours["paper"]) >= 3
    assert contrast(colours["edge"], colours["sheet"]) >= 3


@pytest.mark.parametrize("door", FAMILIES)
def test_a_familys_sheet_is_small_enough_to_come_with_the_page(door):
    assert len(gzip.compress(rcssmin.cssmin(sheet_of(door)).encode(), 6)) <= 2_500


@pytest.mark.parametrize("door", SHEETS)
def test_no_sheet_fetches_anything(door):
    assert not re.search(r"url\(|@import|@font-face", sheet_of(door))


@pytest.mark.parametrize("door", SHEETS)
def test_every_side_is_named_by_reading_direction(door):
    sides = re.findall(
        r"[\w-]*\b(?:left|right)\b[\w-]*", re.sub(r"/\*.*?\*/", "", sheet_of(door), flags=re.DOTALL)
    )
    assert sides == []


@pytest.mark.parametrize("door", SHEETS)
def test_nothing_moves_by_itself(door):
    assert not re.search(r"\b(animation|transition|scroll-behavior)\b", sheet_of(door))


def test_families_read_at_eighteen_pixels():
    assert "font: 1.125rem/" in (CSS / "base.css").read_text("utf-8")
    smaller = re.findall(
        r"font-size: (\.\d+|1|1\.0\d*|1\.1[01]\d*)rem", sheet_of("young") + sheet_of("family")
    )
    assert smaller == []
