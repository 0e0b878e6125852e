"""Takes the English out of the prompt files into gettext, and back into each catalogue."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from locales.catalogues import FOLDER, context, folder_of, path_of
from locales.wording import CHANNELS, Channel, Plural, Text, sources, wording

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

TEMPLATE = FOLDER / "dialtone.pot"
HEADER = "# Dialtone's words. The English stands in locales/prompts/; do not change it here."
# A date of its own in every run would make every run a change.
SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_HINTS: dict[Channel, str] = {
    "voice": "Spoken on the phone to somebody old, on a bad line: short, plain, the key last.",
    "sms": "A text message: at most two segments, and nothing that tells about health.",
    "said": "What a caller may say to pick this, separated by |: as many ways as are natural.",
}


def template() -> Catalog:
    """Return every English text as a gettext template."""
    made = Catalog(
        project="Dialtone",
        version="",
        header_comment=HEADER,
        creation_date=SOME_DAY,
        revision_date=SOME_DAY,
        charset="utf-8",
        fuzzy=False,
    )
    for name, channel, text in sources():
        made.add(
            (text.one, text.other) if isinstance(text, Plural) else text,
            context=context(name, channel),
            auto_comments=_comments(name, channel, text),
            locations=[(f"locales/prompts/{name.partition('.')[0]}.py", 0)],
        )
    return made


def _comments(name: str, channel: Channel, text: Text) -> Iterable[str]:
    yield _HINTS[channel]
    if isinstance(text, Plural):
        yield f"The count is {{{text.by}}}."
    others = [other for other in CHANNELS if other != channel and wording(name).on(other)]
    if not others and channel == "voice":
        yield "Never texted."


def extract() -> tuple[Path, ...]:
    """Write the template and bring every catalogue up to it; returns what changed.

    English that changed leaves its old translation marked fuzzy, which the check
    refuses until somebody has looked at it.
    """
    made = template()
    paths = sorted(FOLDER.glob("*/LC_MESSAGES/dialtone.po"))
    changed = [path for path in paths if _write(path, _updated(path, made))]
    return (*([TEMPLATE] if _write(TEMPLATE, made) else []), *changed)


def _updated(path: Path, made: Catalog) -> Catalog:
    with path.open("rb") as file:
        found = read_po(file, locale=path.parent.parent.name)
    found.update(made, no_fuzzy_matching=False, update_creation_date=False)
    found.obsolete.clear()
    return found


def _written(content: Catalog) -> bytes:
    buffer = BytesIO()
    write_po(buffer, content, width=96, include_lineno=False)
    return buffer.getvalue()


def _write(path: Path, content: Catalog) -> bool:
    if path.exists() and path.read_bytes() == _written(content):
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_written(content))
    return True


def begin(locale: str) -> Path:
    """Begin an empty catalogue for ``locale`` and return where it lies."""
    made = template()
    started = Catalog(
        locale=folder_of(locale),
        project="Dialtone",
        version="",
        header_comment=HEADER,
        creation_date=SOME_DAY,
        revision_date=SOME_DAY,
        last_translator="",
        charset="utf-8",
        language_team="",
        fuzzy=False,
    )
    started.update(made)
    _write(path_of(locale), started)
    return path_of(locale)


def stale() -> tuple[str, ...]:
    """Return a finding where the template on disk is not what the prompts say today."""
    if TEMPLATE.exists() and TEMPLATE.read_bytes() == _written(template()):
        return ()
    return (f"{TEMPLATE.name}: not up to date, run python -m locales extract",)
