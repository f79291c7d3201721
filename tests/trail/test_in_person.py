"""What names the police, in every language of the families: looked for by one list, which judges nothing."""

import pytest

from portal.trail.in_person import names_police

SAID = {
    "English": ("The police came", "two OFFICERS", "the feds", "a PCSO", "popo was there", "from GMP"),
    "Urdu": ("پولیس آئی تھی", "پوليس آئی", "تھانے لے گئے", "police wale aaye", "pulees aayi"),
    "Arabic": ("جاءت الشرطة", "الشرطه", "شرطي", "الشُّرْطَة", "الشـرطـة", "البوليس", "el shorta", "ash-shurta"),
    "Somali": ("booliiska ayaa yimid", "boolis", "Booliisku", "bilays", "bileyska"),
    "Polish": ("policja", "policjant", "na Policji", "radiowóz", "komisariat", "gliny"),
    "Bengali": ("পুলিশ এসেছিল", "পুলিস", "থানায়"),
    "Panjabi": ("ਪੁਲਿਸ ਆਈ", "ਪੁਲੀਸ", "ਪੁਲਿਸ਼", "ਥਾਣੇ"),
    "Kurdish (Sorani)": ("پۆلیس هات", "پۆليس", "پولیس", "ئاسایش", "polîs"),
    "Persian": ("پلیس آمد", "پليس", "پُلیس", "کلانتری", "كلانتري"),
    "Albanian": ("policia", "polici", "policët", "policinë"),
    "Vietnamese": ("công an", "cảnh sát", "Cảnh Sát", "cong an", "canh sat", "co\u0302ng an"),
    "Tigrinya": ("ፖሊስ መጺኡ", "ፓሊስ", "ፖሊሳት"),
}
NOT_THEM = (
    "", "school policy", "our policies", "She speaks Polish", "I polished it", "metropolis", "polite", "pulled over",
    "the polls", "I am coping", "copied", "federal", "officially", "short", "shorter", "boils", "bowls", "gold",
    "أردت بعض الهواء", "شروط", "بعض", "خانه", "پول", "پلی", "کلان", "থামা", "পুল", "ਪੁਲ", "ਥਾਂ", "ሰላም", "công việc",
    "an toàn", "canh chua", "gleba", "pole", "the poles", "shoal",
)  # fmt: skip


@pytest.mark.parametrize(
    ("language", "words"), [(one, words) for one, said in SAID.items() for words in said]
)
def test_it_is_found_in_the_language_in_which_it_was_said(language, words):
    """Seen red with the list as it was: other spellings, marks, joiners and Latin letters went onto phones."""
    assert names_police(words)


@pytest.mark.parametrize("words", NOT_THEM)
def test_other_words_are_left_alone(words):
    assert not names_police(words)


def test_a_joiner_or_a_mark_hides_nothing():
    assert names_police("پ\u200cلیس")
    assert names_police("po\u200blice")
