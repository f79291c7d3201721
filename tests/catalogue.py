"""Every word that families read, as one catalogue. `python -m tests.catalogue` writes it and adds what is new to each language."""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from portal.i18n import DOMAIN, FOLDER, LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = {"_": None, "N_": None, "both": None, "ngettext": (1, 2)}


def extracted() -> Catalog:
    """The words as the sources have them now."""
    catalog = Catalog(domain=DOMAIN, project="Rowan", charset="utf-8", fuzzy=False)
    sources = [(path, "python") for path in sorted((ROOT / "portal").rglob("*.py"))]
    sources += [(path, "jinja2") for path in sorted((ROOT / "templates").rglob("*.html"))]
    for path, method in sources:
        for _, message, comments, context in extract_from_file(method, path, keywords=KEYWORDS):
            # Only the file, not the line: a catalogue that changes with each blank line hides the real change.
            where = [(str(path.relative_to(ROOT)), 0)]
            if message and message != "%(text)s":
                catalog.add(message, locations=where, auto_comments=comments, context=context)
    return catalog


def translated(code: str) -> Catalog:
    """The catalogue of a language as it lies in the repository."""
    with (FOLDER / code / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        return read_po(file, locale=code, domain=DOMAIN)


def with_catalogue() -> list[str]:
    """The codes of the languages that need a catalogue: all but English and the pseudo-locales."""
    return [code for code, language in LANGUAGES.items() if language.state not in ("source", "pseudo")]


def _write(catalog: Catalog, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(
            file,
            catalog,
            omit_header=False,
            sort_output=True,
            ignore_obsolete=True,
            include_lineno=False,
            width=100,
        )


def main() -> None:
    """Write the template and bring each language's catalogue up to it."""
    words = extracted()
    _write(words, FOLDER / f"{DOMAIN}.pot")
    for code in with_catalogue():
        path = FOLDER / code / "LC_MESSAGES" / f"{DOMAIN}.po"
        catalog = translated(code) if path.exists() else Catalog(locale=code, domain=DOMAIN, fuzzy=False)
        catalog.update(words, no_fuzzy_matching=True)
        _write(catalog, path)


if __name__ == "__main__":
    main()
