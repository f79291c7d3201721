"""No word that families read is missed, and no language falls back to English in silence."""

import re
from datetime import UTC, date, datetime

import pytest
from babel.messages.pofile import read_po

from portal import i18n
from portal.config import SettingsError
from tests import catalogue

PLACE = re.compile(r"%\(\w+\)s|%%")


def test_the_template_of_the_catalogue_holds_what_the_sources_say():
    with (i18n.FOLDER / "families.pot").open("rb") as file:
        written = {m.id for m in read_po(file) if m.id}
    said = {m.id for m in catalogue.extracted() if m.id}
    assert said == written, "type: uv run python -m tests.catalogue"


@pytest.mark.parametrize("code", catalogue.with_catalogue())
def test_a_language_has_every_word(code):
    there = {m.id for m in catalogue.translated(code) if m.id and m.string}
    assert {m.id for m in catalogue.extracted() if m.id} - there == set()


@pytest.mark.parametrize("code", catalogue.with_catalogue())
def test_a_translation_has_the_same_placeholders(code):
    for message in catalogue.translated(code):
        if isinstance(message.id, str) and message.string:
            assert sorted(PLACE.findall(message.id)) == sorted(PLACE.findall(str(message.string))), message.id


@pytest.mark.parametrize("code", catalogue.with_catalogue())
def test_a_number_in_groups_does_not_run_backwards(code):
    if i18n.LANGUAGES[code].direction == "rtl":
        words = [str(message.string) for message in catalogue.translated(code) if message.id]
        apart = [re.sub("\u2066.*?\u2069", "", one) for one in words]
        assert [one for one in apart if re.search(r"\d \d|%\(number\)s", one)] == []


def test_an_unknown_language_stops_the_start():
    with pytest.raises(SettingsError):
        i18n.check(("en_GB", "xx"))


def test_a_language_without_a_catalogue_stops_the_start(monkeypatch, tmp_path):
    monkeypatch.setattr(i18n, "FOLDER", tmp_path)
    i18n.catalogue.cache_clear()
    with pytest.raises(SettingsError, match="no readable catalogue"):
        i18n.check(("ar",))
    i18n.catalogue.cache_clear()


def test_a_pseudo_word_keeps_its_placeholders():
    assert "%(name)s" in i18n.Pseudo().gettext("Hello %(name)s")


def test_a_literal_is_translated_when_the_template_is_compiled():
    made = type("T", (i18n.Templates,), {"language_code": "eo"})(autoescape=True)
    assert "ś" in made.from_string('{{ _("skip") }}').render()


def test_a_placeholder_is_filled_and_escaped():
    made = type("T", (i18n.Templates,), {"language_code": "en_GB"})(autoescape=True)
    made.globals["fill"] = i18n.fill
    assert made.from_string('{{ _("Hello %(name)s", name=n) }}').render(n="<b>") == "Hello &lt;b&gt;"


def test_a_day_is_said_as_people_say_it():
    assert i18n.on_day(date(2026, 11, 26)) == "Thursday 26 November"


def test_a_time_is_londons():
    assert i18n.at_time(datetime(2026, 7, 1, 8, 5, tzinfo=UTC)) == "09:05"


def test_right_to_left_is_said_of_a_language():
    assert [i18n.LANGUAGES[code].direction for code in ("ar", "dv", "eo")] == ["rtl", "rtl", "ltr"]
