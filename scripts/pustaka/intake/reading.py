"""Which form a file has, and the works in it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from pustaka.bib import Bibliography
from pustaka.intake import Described, Unreadable, bibtex, csl, registered, ris
from pustaka.model import Message, Place, join, say

#: So many works are named in a message.
_SHOWN = 8


def works(path: str, text: str) -> list[Described]:
    """The works in the text of a file. What it looks like counts, not what it is called.

    Raises:
        Unreadable: it is none of the forms, is faulty, or holds no work.
    """
    begin = text.lstrip()
    if not begin:
        raise Unreadable(say("{path} is empty", path=path))
    if begin[0] in "[{":
        found = _of_json(path, begin)
    elif re.search(r"^TY {1,2}-", begin, re.MULTILINE):
        found = [csl.described(item) for item in ris.items(begin)]
    elif re.search(r"^\s*@\s*\w+\s*[{(]", text, re.MULTILINE):
        found = _of_bib(path, text)
    else:
        raise Unreadable(say("{path} is no .bib, RIS or CSL-JSON: export the work from Zotero in one of these, or give its abstract", path=path))
    if not found:
        raise Unreadable(say("{path} holds no work", path=path))
    return found


def _of_json(path: str, text: str) -> list[Described]:
    try:
        data = json.loads(text)
    except ValueError as error:
        where = f"{getattr(error, 'lineno', 1)}:{getattr(error, 'colno', 1)}"
        raise Unreadable(say("{path}:{where} is no valid JSON: export the file again", path=path, where=where)) from error
    except RecursionError as error:
        raise Unreadable(say("{path} is nested too deeply", path=path)) from error
    if isinstance(data, Mapping) and isinstance(data.get("message"), Mapping):
        return [registered.described(data["message"])]
    items = data.get("items") if isinstance(data, Mapping) and isinstance(data.get("items"), list) else data
    items = items if isinstance(items, list) else [items]
    return [registered.described(item) if isinstance(item, Mapping) and "license" in item else csl.described(item) for item in items]


def _of_bib(path: str, text: str) -> list[Described]:
    faults: list[tuple[Place, Message]] = []
    bibliography = Bibliography(lambda place, message: faults.append((place, message)))
    bibliography.read(text, path)
    if faults:
        place, message = faults[0]
        raise Unreadable(say("{place}: {message}", place=place, message=message))
    by_key = {entry.key: entry for entry in bibliography.entries}
    return [
        bibtex.described(entry, by_key.get(entry.fields.get("crossref", "")))
        for entry in bibliography.entries
        if entry.type not in ("set", "xdata", "bibnote")
    ]


def chosen(found: list[Described], name: str, path: str) -> Described:
    """The one work that is meant: the only one, or that of a name.

    Raises:
        Unreadable: there are several and none is named, or there is none of that name.
    """
    named = [work for work in found if work.name == name] if name else found
    if len(named) == 1:
        return named[0]
    known = join([work.name or str(number) for number, work in enumerate(found, 1)][:_SHOWN] + (["…"] if len(found) > _SHOWN else []))
    if name:
        raise Unreadable(say("{path} has no work “{name}”; it has: {known}", path=path, name=name, known=known))
    raise Unreadable(say("{path} holds {count} works: say which with --entry: {known}", path=path, count=len(found), known=known))
