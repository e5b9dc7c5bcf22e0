"""The message catalogue: `python -m tests.messages` gathers texts and compiles the English.

Pure Python, so that no gettext tools are needed anywhere: templates become pseudo-Python by
Django's own `templatize`, and Babel reads and writes the catalogue.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
APPS = (
    "core",
    "accounts",
    "agencies",
    "hall",
    "notifications",
    "services",
    "queueing",
    "appointments",
    "feedback",
    "onboarding",
    "monitoring",
    "mpp",
)
PO = ROOT / "locale/en/LC_MESSAGES/django.po"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
SPEC = {name: places or (1,) for name, places in KEYWORDS.items()}


def sources() -> Iterator[tuple[Path, io.BytesIO]]:
    """Every file with texts for people, as Python source."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, io.BytesIO(path.read_bytes())
    for path in sorted((ROOT / "templates").rglob("*.html")):
        source = templatize(path.read_text(), origin=str(path.relative_to(ROOT)))
        # The page's own indentation means nothing here, but would to Python.
        lines = (line.lstrip() for line in source.splitlines())
        yield path, io.BytesIO("\n".join(lines).encode())


def gather() -> Catalog:
    """All texts of the portal, with the files they are in."""
    catalog = Catalog(project="MPP", charset="utf-8")
    for path, source in sources():
        found = extract_python(source, list(KEYWORDS), ["Translators:"], {"encoding": "utf-8"})
        for _line, name, arguments, _comments in found:
            add(catalog, SPEC[name], arguments, str(path.relative_to(ROOT)))
    return catalog


def add(catalog: Catalog, spec: tuple, arguments: tuple | str, origin: str) -> None:
    arguments = arguments if isinstance(arguments, tuple) else (arguments,)
    context = None
    texts = []
    for place in spec:
        if isinstance(place, tuple):
            context = arguments[place[0] - 1]
        elif place <= len(arguments):
            texts.append(arguments[place - 1])
    if not texts or any(not isinstance(text, str) or not text for text in texts):
        return
    catalog.add(
        tuple(texts) if len(texts) > 1 else texts[0], locations=[(origin, 0)], context=context
    )


def known() -> Catalog:
    """The English catalogue as committed."""
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def compiled(catalog: Catalog) -> bytes:
    target = io.BytesIO()
    write_mo(target, catalog)
    return target.getvalue()


def main() -> None:
    gathered = gather()
    catalog = known() if PO.exists() else Catalog(locale="en", charset="utf-8")
    catalog.update(gathered, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(
            file, catalog, omit_header=False, include_lineno=False, sort_output=True, width=100
        )
    PO.with_suffix(".mo").write_bytes(compiled(catalog))
    missing = [message.id for message in catalog if message.id and not message.string]
    sys.stdout.write(f"{len(catalog)} texts, {len(missing)} without English\n")


if __name__ == "__main__":
    main()
