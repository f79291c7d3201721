"""A hub with a form of its own: the page stands in its order, and nothing is lost for that."""

import pytest

from portal.config import read_hub
from tests.factories import a_return
from tests.voices.conftest import WORDS

OWN = '[[record_order]]\nheading = "4a. Push and pull"\nholds = ["before", "help"]\n'


@pytest.fixture
def hub_file(hub_folder):
    """The hub, whose own form begins with what pushed and what pulled."""
    path = hub_folder / "hubs" / "testhub.toml"
    path.write_text(path.read_text() + OWN)
    return read_hub(path)


def test_the_page_stands_in_the_hubs_own_order(staff, said, cast):
    tree = staff(cast.sam).get(f"/voices/{said}/copy").tree
    assert [head.text for head in tree.findall(".//h2")][:2] == ["4a. Push and pull", "Anything else"]
    fields = {block.get("id"): block.text for block in tree.findall(".//pre")}
    assert WORDS in fields["field-1"]
    assert "Amara Obi" in fields["field-2"]
    assert "How are you right now?" in fields["field-2"]


def test_its_headings_are_what_a_conversation_covers(staff, cast, at_work):
    with at_work():
        task = a_return(cast.amara)
        task.take(cast.sam)
    main = staff(cast.sam).get(f"/returns/{task.id}/conversation").main
    assert main.index("4a. Push and pull") < main.index("Anything else")
