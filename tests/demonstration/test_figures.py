"""The year in numbers, as its page says them: they add up, and this hub's own are counted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal import crypto, db
from portal.app import create_app
from portal.config import Hub
from portal.demonstration import figures
from portal.demonstration.folder import settings_in
from portal.demonstration.year import SHORT
from tests.browsing import Browser
from tests.demonstration.conftest import close, hub_of

COUNTS = {
    (measure, figure.what): (figure.count, figure.of)
    for measure, group in figures.of_the_case_system()
    for figure in group
}


@pytest.fixture
def hub(made: Path) -> Iterator[None]:
    """A look into the hub of the demonstration."""
    crypto.open_ring(hub_of(made), settings_in(made).keys)
    with Hub(hub_of(made)).entered():
        yield
        db.let_go()
    close(made)


def test_referrals_add_up_by_kind_by_sex_and_by_age():
    kinds = [
        count
        for (measure, what), (count, _) in COUNTS.items()
        if measure.startswith("Refer") and what != "All"
    ]
    of_those = {
        what: count for (measure, what), (count, _) in COUNTS.items() if measure == "Of those referred"
    }

    assert sum(kinds) == of_those["Boys"] + of_those["Girls"] == 240
    assert of_those["Aged 15 or 16"] + of_those["Aged 17 or 18"] + of_those["Younger"] == 240


def test_the_open_ones_add_up():
    assert (
        sum(count for (measure, what), (count, _) in COUNTS.items() if measure.startswith("Open")) == 2 * 102
    )


@pytest.mark.parametrize(
    ("measure", "what", "percent"),
    [
        ("Referrals to the hub", "Criminal exploitation", "54 %"),
        ("Referrals to the hub", "Sexual exploitation", "22 %"),
        ("Of those referred", "Boys", "72 %"),
        ("Of those referred", "Girls", "28 %"),
        ("Of those referred", "With additional needs", "41 %"),
        ("At closure", "Back in education, training or work", "66 %"),
        ("At closure", "Stable living arrangements", "92 %"),
        ("At closure", "At least one trusted relationship", "84 %"),
        ("At closure the year before", "Back in education, training or work", "60 %"),
        ("At closure the year before", "Stable living arrangements", "86 %"),
        ("At closure the year before", "At least one trusted relationship", "75 %"),
        ("Parents and carers", "More confident of those who answered twice", "92 %"),
    ],
)  # fmt: skip
def test_shares_come_to_what_is_published(measure: str, what: str, percent: str):
    count, of = COUNTS[measure, what]

    assert figures.Figure(what, count, of, "published").percent == percent


@pytest.mark.usefixtures("hub")
def test_what_is_counted_here_is_the_years_and_nothing_of_the_week():
    home, care = SHORT.ends["home"], SHORT.ends["our child"]
    here = {figure.what: figure.here for figure in figures.of_the_returns()}

    assert here["Times missing"] == SHORT.episodes
    assert here["Children"] == SHORT.children
    assert here["Return interviews held"] == home.held + care.held
    assert here["Returns for which one was offered"] == home.offered + care.offered
    assert here["Held within 72 hours, of those at home"] == home.in_time
    assert here["Held within 72 hours, of our children"] == care.in_time


def test_the_page_says_which_figures_are_published_and_which_fitted(made: Path):
    app = create_app(**settings_in(made).model_dump())
    page = Browser(app, hub_of(made), "public").get("/figures")
    close(made)

    assert "4,277" in page.main
    assert "published" in page.main
    assert "fitted" in page.main
