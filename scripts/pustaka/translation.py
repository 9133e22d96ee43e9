"""Messages and the rules' documentation in another language: a catalogue of GNU gettext (`locale/LANGUAGE.po`)."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from babel.messages.pofile import read_po


@lru_cache(maxsize=8)
def translation(catalogue: str) -> Callable[[str], str]:
    """What puts an English text into the language of a catalogue, and leaves alone what the catalogue does not have.

    Args:
        catalogue: the text of a .po file (GNU gettext manual, “The Format of PO Files”). What is marked as fuzzy is not used.

    Raises:
        babel.messages.pofile.PoFileError: it is no such file.
    """
    messages = read_po(catalogue.splitlines(keepends=True), abort_invalid=True)
    texts = {message.id: message.string for message in messages if message.id and message.string and not message.fuzzy}
    return lambda text: texts.get(text, text)
