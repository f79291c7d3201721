"""What was said in another language beside its English, and what goes back beside what the young person reads."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import Length

from portal import audit
from portal.access import STAFF, Can, allow, me
from portal.accounts.models import Person
from portal.alerts.models import reads_in
from portal.db import kept, new_id, session
from portal.questionnaires.typed import clean
from portal.returns import conversation
from portal.returns.said import by_heading, typed
from portal.returns.write_up import last_version
from portal.trail import translations
from portal.trail.beside import VoiceReply
from portal.trail.models import HERE, Voice
from portal.trail.translations import ENGLISH, Translation
from portal.voices.forms import MOST
from portal.voices.one_voice import get_voice
from portal.voices.room import bp
from portal.web import Form, form_key, render, see_other

_PLAIN = {"autocomplete": "off"}


@dataclass(frozen=True)
class Text:
    """One text about a voice, and the language into which it is to be put."""

    about_id: UUID
    part: str
    head: str
    words: str
    into: str
    reply: VoiceReply | None = None

    @property
    def field(self) -> str:
        """What its field is called."""
        return f"text-{self.about_id.hex}-{self.part}"


@bp.route("/voices/<uuid:voice_id>/translation", methods=["GET", "POST"])
@allow(STAFF, Can.ANSWER_VOICE, of="voice")
def translation(voice_id: UUID) -> ResponseReturnValue:
    """Put what they wrote into English, and what goes back to them into their language."""
    voice = get_voice(voice_id, Can.ANSWER_VOICE)
    texts, there = _texts(voice), translations.of(voice.id)
    form = _form(texts, there)
    if request.method != "POST":
        audit.read(voice.opened_as(), object_kind="voice", object_id=voice.id, subject=voice.person_id)
        return _page(voice, texts, there, form)
    if not (form.validate() and _named(form, texts, there)):
        audit.record(voice.opened_as(), object_kind="voice", object_id=voice.id, subject=voice.person_id)
        kept()
        return _page(voice, texts, there, form, 422)
    _keep(voice, texts, form)
    return see_other("voices.translation", voice_id=voice.id)


@bp.post("/voices/<uuid:voice_id>/translation/check")
@allow(STAFF, Can.ANSWER_VOICE, of="voice")
def check_translation(voice_id: UUID) -> ResponseReturnValue:
    """Somebody else who speaks the language has read both: they say the same."""
    voice = get_voice(voice_id, Can.ANSWER_VOICE)
    there = translations.of(voice.id)
    asked, name = request.form.get("translation", ""), clean(request.form.get("checked_by", ""))[:200]
    one = next((row for row in there.values() if str(row.id) == asked), None)
    if one is not None and name:
        one.check(name, me().id)
    elif one is not None:
        audit.record(voice.opened_as(), object_kind="voice", object_id=voice.id, subject=voice.person_id)
        kept()
        texts = _texts(voice)
        return _page(voice, texts, there, _form(texts, there), 422, unnamed=one.id)
    return see_other("voices.translation", voice_id=voice.id)


def _language(voice: Voice) -> str:
    """The language of whoever spoke; English where nothing else is known."""
    return voice.language or session.get_one(Person, voice.person_id).language


def _texts(voice: Voice) -> list[Text]:
    """Everything of this voice that may need to stand in another language."""
    theirs = _language(voice)
    found = [Text(voice.source_id, part, head, words, ENGLISH) for part, head, words in typed(voice)]
    if theirs == ENGLISH:
        return found
    version = last_version(voice.source_id) if voice.kind == conversation.KIND else None
    if version is not None:
        words = "\n\n".join(f"{heading}\n{text}" for heading, text in by_heading(version.words))
        found.append(Text(version.id, "", f"The write-up, version {version.number}", words, theirs))
    found += [
        Text(reply.id, "", "An answer to them", reply.words or "", theirs, reply)
        for reply in voice.replies()
        if reply.way == HERE and reply.taken_back_at is None
    ]
    return found


def _form(texts: list[Text], there: dict[tuple[UUID, str], Translation]) -> Form:
    short = [Length(max=MOST, message=f"Keep it under {MOST:,} letters")]
    fields = {
        text.field: TextAreaField(
            f"In {reads_in(text.into)}", short, render_kw=_PLAIN | {"rows": 4, "dir": "auto"}
        )
        for text in texts
    }
    made_by = StringField(
        "Who put it into the other language",
        [Length(max=200, message="Keep the name under 200 letters")],
        render_kw=_PLAIN,
    )
    rest = BooleanField("All that is left is English already")
    kind: type[Form] = type("TranslationForm", (Form,), fields | {"made_by": made_by, "rest": rest})
    words = {text.field: there[key].words for text in texts if (key := (text.about_id, text.part)) in there}
    return kind(data=words)


def _named(form: Form, texts: list[Text], there: dict[tuple[UUID, str], Translation]) -> bool:
    """Whoever put something into another language has a name."""
    changed = any(
        clean(form[text.field].data or "") not in ("", kept_words.words if kept_words else "")
        for text in texts
        for kept_words in [there.get((text.about_id, text.part))]
    )
    if changed and not clean(form["made_by"].data or ""):
        form["made_by"].errors = ["Enter who put it into the other language. Never a relative"]
        return False
    return True


def _keep(voice: Voice, texts: list[Text], form: Form) -> None:
    made_by, by, missing = clean(form["made_by"].data or ""), me().id, False
    there = translations.of(voice.id)
    for text in texts:
        words = clean(form[text.field].data or "")
        before = there.get((text.about_id, text.part))
        if words and (before is None or before.words != words):
            translations.translate(voice, text.about_id, text.part, text.into, words, made_by, by, form_key())
        if not words:
            missing = missing or text.into == ENGLISH
        elif text.reply is not None:
            translations.release(text.reply, voice, by)
    if not missing or form["rest"].data:
        translations.read_from_now(voice, by)


def _page(voice: Voice, texts: list[Text], there: dict[tuple[UUID, str], Translation], form: Form,
          status: int = 200, unnamed: UUID | None = None) -> ResponseReturnValue:  # fmt: skip
    return render(
        "voices/translation.html", status=status, voice=voice, texts=texts, there=there, form=form, unnamed=unnamed,
        person=session.get_one(Person, voice.person_id), theirs=reads_in(_language(voice)), form_key=new_id().hex,
        ENGLISH=ENGLISH,
    )  # fmt: skip
