"""RIS, as Zotero, Mendeley, EndNote and journals' pages give it, becomes CSL-JSON (RIS format specifications, 2011). rispy reads the lines."""

from __future__ import annotations

import re

import rispy

from pustaka.intake import Unreadable
from pustaka.model import say

#: RIS reference types -> CSL's; any other is a document.
_TYPES = {
    **dict.fromkeys(("JOUR", "JFULL", "MGZN", "NEWS", "EJOUR"), "article-journal"),
    **dict.fromkeys(("BOOK", "EBOOK", "EDBOOK"), "book"),
    **dict.fromkeys(("CHAP", "ECHAP", "ENCYC", "DICT"), "chapter"),
    **dict.fromkeys(("CONF", "CPAPER"), "paper-conference"),
    "THES": "thesis",
    "RPRT": "report",
    **dict.fromkeys(("ELEC", "BLOG", "WEB"), "webpage"),
    **dict.fromkeys(("UNPB", "MANSCPT"), "manuscript"),
    "DATA": "dataset",
}
#: What rispy calls the tags -> CSL variables; of several, the first that is there.
_TEXTS = {
    "title": ("title", "primary_title"),
    "container-title": ("alternate_title3", "journal_name", "secondary_title", "alternate_title2"),
    "volume": ("volume",),
    "issue": ("number",),
    "publisher": ("publisher",),
    "publisher-place": ("place_published",),
    "edition": ("edition",),
    "genre": ("type_of_work",),
    "DOI": ("doi",),
    "language": ("language",),
    "abstract": ("abstract", "notes_abstract"),
    "id": ("id", "label"),
}


def items(text: str) -> list[dict[str, object]]:
    """The works of a RIS text, as CSL-JSON items.

    Raises:
        Unreadable: it is no RIS.
    """
    try:
        records = rispy.loads(text.strip() + "\n")
    except (ValueError, OSError, KeyError, IndexError, TypeError) as error:
        raise Unreadable(say("this is no RIS that can be read: a record begins with “TY  - ” and ends with “ER  - ”")) from error
    return [_item(record) for record in records]


def _item(record: dict) -> dict[str, object]:
    item: dict[str, object] = {"type": _TYPES.get(str(record.get("type_of_reference", "")).strip().upper(), "document")}
    for variable, tags in _TEXTS.items():
        if value := next((record[tag] for tag in tags if record.get(tag)), None):
            item[variable] = value[0] if isinstance(value, list) else value
    between = record.get("secondary_title")
    if item["type"] == "article-journal" and between and between != item["container-title"] and item["container-title"] not in _names_of(record):
        item["subtitle"] = between  # Elsevier's Pure splits the title so
    authors = record.get("authors") or record.get("first_authors") or ()
    editors = record.get("secondary_authors") or record.get("editors") or ()
    item |= {role: [_name(each) for each in people] for role, people in (("author", authors), ("editor", editors)) if people}
    begin, end = str(record.get("start_page", "")).strip(), str(record.get("end_page", "")).strip()
    if begin:
        item["page"] = f"{begin}-{end}" if end and "-" not in begin else begin
    day = str(record.get("date") or "").strip("/ ") or str(record.get("year") or record.get("publication_year") or "").strip("/ ")
    item["issued"] = {"raw": re.sub(r"/+", "/", day)} if re.match(r"\d{4}", day) else {"raw": str(record.get("year") or day)}
    if addresses := record.get("urls") or record.get("url"):
        item["URL"] = addresses[0] if isinstance(addresses, list) else addresses
    if read := record.get("access_date"):
        item["accessed"] = {"raw": str(read).strip("/ ")}
    if number := record.get("issn"):
        item["ISBN" if item["type"] in ("book", "chapter") else "ISSN"] = number
    if words := record.get("keywords"):
        item["keyword"] = [word for each in (words if isinstance(words, list) else [words]) for word in re.split(r"\s*;\s*", str(each))]
    return item


def _names_of(record: dict) -> tuple[object, ...]:
    """Where a journal has its name in full in T2 and short in JO: what is short."""
    full = str(record.get("secondary_title", ""))
    return tuple(short for short in (record.get("journal_name"), record.get("alternate_title3")) if short and _is_short_for(str(short), full))


def _is_short_for(short: str, full: str) -> bool:
    """Whether words are those of a title cut short: "J. Contoh" of "Jurnal Contoh"."""
    parts, words = [part.strip(".").lower() for part in short.split()], full.lower().split()
    return len(short) < len(full) and all(any(word.startswith(part) for word in words) for part in parts)


def _name(written: object) -> dict[str, str]:
    """ "Family, Given, Suffix"; a name without a comma stays whole, as does one with a comma at its end alone."""
    family, *rest = [part.strip() for part in str(written).split(",")]
    rest = [part for part in rest if part]
    if not rest:
        return {"literal": family}
    return {"family": family, "given": rest[0]} | ({"suffix": rest[1]} if len(rest) > 1 else {})
