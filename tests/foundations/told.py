"""What a file of a described world tells, in the tests."""

from __future__ import annotations

from typing import Any


def a_world(**more: Any) -> dict[str, Any]:
    """Amara, her mother, Sam who holds her, and a return that Sam has taken."""
    return {
        "organisations": [{"name": "Manchester City Council", "kind": "council"}],
        "people": [
            {"key": "amara", "name": "Amara Obi", "roles": ["young person"], "born_on": "2011-03-04", "living": "home"},
            {"key": "ruth", "name": "Ruth Obi", "roles": ["parent or carer"]},
            {"key": "sam", "name": "Sam Okoro", "roles": ["worker"], "email": "sam@hub.example",
             "organisation": "Manchester City Council"},
            {"key": "dee", "name": "Dee Duty", "roles": ["duty worker"], "email": "dee@hub.example"},
        ],
        "links": [{"adult": "ruth", "child": "amara", "kind": "parent"}],
        "allocations": [{"worker": "sam", "child": "amara"}],
        "episodes": [
            {"key": "night", "child": "amara", "missing_at": "-2d 21:00", "returned_at": "-1d 09:00", "number": "M1",
             "taken": {"by": "sam", "at": "-20h"}},
        ],
    } | more  # fmt: skip


def an_answer(**more: Any) -> dict[str, Any]:
    """Amara's form, sent two hours ago."""
    return {
        "key": "first", "child": "amara", "began_at": "-3h", "sent_at": "-2h",
        "said": [{"question": "going-on", "choices": ["home"], "words": "it was loud"},
                 {"question": "tell-how", "choices": ["in person"]},
                 {"question": "anything-bad", "choices": ["hurt"]}],
    } | more  # fmt: skip
