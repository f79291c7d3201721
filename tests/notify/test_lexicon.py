"""Every word that leaves, or shows outside a page: none says whose it is, what it is about, where, or of whom.

A phone shows a text on its lock screen, a browser shows a title, an address, a file's name and a cookie's in lists that
anybody opens; paper shows a title. Each such word is read out of the code here, so that a new one is looked at too.
Seen red with "Your worker wrote" as a subject, with /missing as an address, with a cookie "rowan", with a file called
return.pdf, and with "Safer plan" as the title of a paper.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from portal import i18n
from portal.access import FAMILY, YOUNG
from portal.accounts.reminders import NEW, REMINDER
from portal.app import rooms_alone
from portal.config import DOOR_WORDS, TELLING
from portal.i18n import LANGUAGES
from portal.notify import wording
from portal.notify.gateways import EMAIL, TEXT, Outgoing, reference
from portal.notify.wording import Wording
from tests.proofs.standing import views

ROOT = Path(__file__).resolve().parents[2]
PORTAL = ROOT / "portal"
# What nobody may read on a lock screen or in a list of what was opened, beside `TELLING`: what it is about, who, where.
ABOUT = (
    "alert", "safe", "hurt", "worker", "duty", "return", "home", "school", "family", "families", "parent", "carer",
    "abuse", "exploit", "risk", "urgent", "emergency", "help", "manager", "council", "manchester", "case", "report",
    "act", "amara", "sam", "ruth", "priya", "jo",
)  # fmt: skip
TELLING_ABROAD = {
    "ar": ("مفقود", "شرطة", "طفل", "مقابلة", "اجتماعي", "مجلس", "حماية", "عائلة", "مدرسة", "روان")
}
# What stands in an address is read in a history: there a word may say what somebody does, but not with whom.
SAYS_WHAT_ONE_DOES = frozenset({"help", "safe"})


def telling(text: str, words: tuple[str, ...] = (*TELLING, *ABOUT)) -> list[str]:
    """Which of the words a text has, as the beginning of one of its own."""
    return [word for word in words if re.search(rf"(?<![^\W_]){re.escape(word)}", text, re.IGNORECASE)]


def constants() -> dict[str, list[str]]:
    """By the file, every word that is handed to the function of that name in it."""
    found: dict[str, list[str]] = {}
    for path in sorted(PORTAL.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.setdefault(name, []).append(first.value)
    return found


def every_string() -> list[str]:
    """Every text that stands in the code, also the parts of one that is filled in."""
    return [
        node.value
        for path in sorted(PORTAL.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def wordings() -> list[Wording]:
    """Every message there is, however it came into the room."""
    held = [value for value in vars(wording).values() if isinstance(value, Wording)]
    return [*held, *wording.WORDINGS.values()]


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_message_tells_in_any_language(code):
    with i18n.speaking(code):
        texts = [i18n._(text) for one in wordings() for text in (one.subject, one.text)]
        texts += [i18n._(text) for text in (REMINDER, NEW)]  # what begins a text to a family
    words = (*TELLING, *ABOUT, *TELLING_ABROAD.get(code, ()))
    assert len(texts) >= 14
    assert not {text: found for text in texts if (found := telling(text, words))}


def test_every_language_that_is_spoken_has_its_telling_words():
    spoken = {code for code, one in LANGUAGES.items() if one.state not in ("source", "pseudo")}
    assert spoken <= TELLING_ABROAD.keys()


def test_no_message_is_made_anywhere_else():
    """A gateway is handed words in three places: the sender, the watcher, and the gateways themselves pass them on."""
    makers = {
        str(path.relative_to(PORTAL))
        for path in PORTAL.rglob("*.py")
        if re.search(r"\bOutgoing\(", path.read_text("utf-8"))
    }
    assert makers <= {"notify/sender.py", "notify/watcher.py"}


def test_the_name_of_a_message_says_nothing():
    named = {
        reference(hub, "alert:missing", route) for hub in ("manchester", "salford") for route in (EMAIL, TEXT)
    }
    assert all(re.fullmatch(r"[0-9a-f]{64}", name) for name in named)
    assert len(named) == 4


def test_no_title_that_a_door_can_have_tells():
    assert not {word: found for word in DOOR_WORDS if (found := telling(word))}


@pytest.mark.parametrize("door", [YOUNG, FAMILY])
def test_no_address_at_a_familys_door_tells(door):
    addresses = {view.address for view in views(rooms_alone()) if view.door == door}
    assert len(addresses) > 10
    words = tuple(word for word in (*TELLING, *ABOUT) if word not in SAYS_WHAT_ONE_DOES)
    seen = {address: re.sub(r"<[^>]*>", "", address) for address in addresses}
    assert not {address: found for address, bare in seen.items() if (found := telling(bare, words))}


def test_no_cookie_tells(app):
    here = constants()
    names = {*here["set_cookie"], *here["delete_cookie"], app.config["SESSION_COOKIE_NAME"]}
    assert all(len(name) <= 2 for name in names), names


def test_no_file_that_is_handed_out_has_a_telling_name():
    names = [found for text in every_string() for found in re.findall(r'filename\*?="?([^";]*)', text)]
    assert names, "the record is handed out as a file"
    assert not {name: found for name in names if (found := telling(name))}


def test_what_a_browser_keeps_is_named_by_its_content(app):
    kept = [path.name.split(".")[0] for path in app.assets.root.iterdir()]
    assert kept
    assert all(re.fullmatch(r"[0-9a-f]{12}", name) for name in kept)


def papers() -> list[Path]:
    """The templates that are a page of their own: what is printed and handed over, and the frames."""
    found = [path for path in (ROOT / "templates").rglob("*.html") if "<title>" in path.read_text("utf-8")]
    return [path for path in found if path.parent.name != "demonstration"]


@pytest.mark.parametrize("path", papers(), ids=lambda path: path.stem)
def test_no_paper_and_no_frame_has_a_title_of_its_own_words(path):
    (title,) = re.findall(r"<title>(.*?)</title>", path.read_text("utf-8"))
    if path.stem == "staff_page":
        return  # the staff's own screens say what they are
    written = re.sub(r"\{\{.*?\}\}", "", title)
    assert not written.strip(), f"{path.name}: {title}"
    if path.parent.name != "errors":
        assert re.search(r"\{\{ (?:word|door_word|hub\.word\()", title)


def test_no_manifest_is_offered():
    """None, so that nothing is installed under a name; one that comes later is to be read here."""
    texts = [path.read_text("utf-8") for path in (ROOT / "templates").rglob("*.html")]
    assert not [text for text in texts if 'rel="manifest"' in text]


def test_the_message_that_leaves_has_these_fields_and_no_others():
    assert list(Outgoing.__dataclass_fields__) == ["reference", "route", "to", "subject", "text", "again"]
