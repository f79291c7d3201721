"""The parts that pages are made of: what each must never leave out."""

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired

from portal import web
from portal.config import Hub


class Asked(Form):
    """A form with one of each kind."""

    who = StringField("Who tried", [InputRequired("Say who tried")], description="A first name is enough")
    way = RadioField("How", choices=[SelectChoice("call", "By phone"), SelectChoice("visit", "At home")])
    about = SelectMultipleField(
        "What about", choices=[SelectChoice("home", "Home"), SelectChoice("school", "School")]
    )
    now = RadioField("How are you?", choices=[SelectChoice(str(n), f"Word {n}") for n in range(6)])


@pytest.fixture
def ui(app, hub_file):
    with app.app_context(), Hub(hub_file).entered():
        yield web._templates("en_GB").globals["ui"]


@pytest.fixture
def sent():
    form = Asked(MultiDict({"way": "call", "about": "school"}))
    form.validate()
    return form


def test_a_field_is_tied_to_its_hint_and_its_error(ui, sent):
    made = ui.field(sent.who)
    assert 'aria-describedby="who-hint who-error"' in made
    assert '<p class="error" id="who-error">Say who tried</p>' in made
    assert 'aria-invalid="true"' in made


def test_the_summary_leads_to_the_field_that_is_wrong(ui, sent):
    assert '<a href="#who">Say who tried</a>' in ui.error_summary(sent)


def test_no_summary_stands_on_a_form_without_faults(ui):
    assert ui.error_summary(Asked()).strip() == ""


def test_a_choice_that_was_made_is_still_made_when_the_page_comes_back(ui, sent):
    assert 'value="call" id="way" checked' in ui.field(sent.way)
    assert 'type="checkbox" name="about" value="school" checked' in ui.field(sent.about)


def test_a_face_always_has_its_word_and_is_not_read_out_twice(ui):
    made = ui.faces(Asked().now)
    assert made.count('<svg viewBox="0 0 24 24" aria-hidden="true">') == 5
    assert all(f"<span>Word {n}</span>" in made for n in range(6))


def test_no_two_faces_are_drawn_alike_and_none_has_a_colour(ui):
    drawn = [part.split('"')[0] for part in str(ui.faces(Asked().now)).split('<path d="')[1:]]
    assert len(set(drawn)) == 5
    assert "fill=" not in ui.faces(Asked().now)


def test_what_somebody_wrote_cannot_become_part_of_the_page(ui):
    assert "<script>" not in ui.exact_words("<script>alert(1)</script>")
    assert "<script>" not in ui.alert_banner("<script>alert(1)</script>")


@pytest.mark.parametrize(
    ("left", "words"), [(0, "Last one"), (1, "One more after this"), (4, "About four more")]
)
def test_progress_is_told_in_words(ui, left, words):
    assert words in ui.progress_words(left)


def test_what_is_late_says_so_in_words_and_not_by_colour_alone(ui):
    assert ui.due("late since Tuesday", "late") == '<span class="due due-late">late since Tuesday</span>'


def test_a_cell_carries_its_heads_words_to_the_card_on_a_phone(ui):
    assert ui.cell("Due", "in 5 hours") == '<td data-label="Due">in 5 hours</td>'
