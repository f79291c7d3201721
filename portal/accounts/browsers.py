"""Which browser somebody of the staff signed in with, in words by which they know it again."""

from __future__ import annotations

import re

# In the order in which they are looked for: each of the later ones names an earlier one, too.
_SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "a Chromebook"),
            ("Windows", "Windows"), ("Macintosh", "a Mac"), ("Linux", "Linux"))  # fmt: skip
_BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("Chrome", "Chrome"), ("CriOS", "Chrome"),
             ("Safari", "Safari"))  # fmt: skip


def browser_of(agent: str) -> str:
    """The browser and what it runs on, in words: never more of what a browser tells of itself."""
    browser = next((words for sign, words in _BROWSERS if re.search(rf"\b{sign}", agent)), "A browser")
    system = next((words for sign, words in _SYSTEMS if sign in agent), None)
    return f"{browser} on {system}" if system else browser
