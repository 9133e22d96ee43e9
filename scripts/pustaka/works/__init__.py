"""What can be cited - a study, a work in the bibliography, a page of the site - in the one form from which every surface is made.

A `Work` holds its BibLaTeX entry and its CSL-JSON item (CSL 1.0.2, "Input data"). The file formats are in `formats`.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import latexcodec  # noqa: F401  registers the codec "ulatex"

from pustaka.model import LANGIDS, Entry, Page, Place, Settings, Site, Study

_RICH_TEXT = re.compile(r"</?(?:i|b|sub|sup|sc|span)(?:\s[^<>]*)?>")

#: CSL variables and the fields they are made of. Pandoc takes the capitals off English titles, for styles that want them so.
_TITLES = {"title": ("title", "subtitle"), "container-title": ("booktitle", "booksubtitle")}

#: Where an entry type is none of CSL's, pandoc says nothing; CSL has a word for that.
_NO_TYPE = "document"


@dataclass(frozen=True)
class Name:
    """An author: a person's family and given name, the latter "" of a one-word name; or a body, whose name is `body`.

    `orcid` is the person's ORCID iD as an address, or "".
    """

    family: str = ""
    given: str = ""
    body: str = ""
    orcid: str = ""

    @property
    def inverted(self) -> str:
        """ "Family, Given"; a one-word name and a body's stay whole."""
        return self.body or ", ".join(filter(None, (self.family, self.given)))

    @property
    def natural(self) -> str:
        """ "Given Family"; a one-word name and a body's stay whole."""
        return self.body or " ".join(filter(None, (self.given, self.family)))


@dataclass(frozen=True)
class Work:
    """A work as its BibLaTeX entry and as its CSL-JSON item; `licence` is its SPDX identifier, or "" where none is known."""

    entry: Entry
    item: Mapping[str, object]
    licence: str = ""
    orcid: Mapping[str, str] = field(default_factory=dict)  # by the name as in `Entry.authors`

    @property
    def key(self) -> str:
        return self.entry.key

    @property
    def type(self) -> str:
        """The CSL item type."""
        return str(self.item["type"])

    def text(self, variable: str) -> str:
        """A CSL variable as plain text; "" when there is none."""
        return _plain(str(self.item.get(variable, "")))

    @cached_property
    def authors(self) -> tuple[Name, ...]:
        return tuple(self._name(name) for name in self.item.get("author", ()))

    @cached_property
    def editors(self) -> tuple[Name, ...]:
        return tuple(self._name(name) for name in self.item.get("editor", ()))

    def _name(self, name: Mapping[str, str]) -> Name:
        if body := name.get("literal"):
            return Name(body=_plain(body))
        # whether a particle drops is a matter of styles: here it is a part of the family name, as in the entry
        family = _plain(" ".join(filter(None, (name.get("dropping-particle"), name.get("non-dropping-particle"), name.get("family")))))
        family = re.sub(r"(?<=[-'’])\s(?=\S+$)", "", family)  # al-Haytham, d'Alembert
        given = _plain(", ".join(filter(None, (name.get("given"), name.get("suffix")))))
        return Name(family, given, orcid=address_of_orcid(self.orcid.get(Name(family, given).inverted, "")))

    @property
    def issued(self) -> tuple[int, ...]:
        """Year, month and day, as far as they are known."""
        return _date(self.item.get("issued"))

    @property
    def accessed(self) -> tuple[int, ...]:
        """The same of the day on which a web page was read."""
        return _date(self.item.get("accessed"))

    @property
    def pages(self) -> tuple[str, str]:
        """The first and the last page; "" where there is none."""
        first, _, last = self.text("page").replace("–", "-").partition("-")
        return first.strip(), last.strip("- ")

    @property
    def address(self) -> str:
        """Where the work is: its DOI as an address, else its URL, else ""."""
        return f"https://doi.org/{self.text('DOI')}" if "DOI" in self.item else self.text("URL")


def _date(date: object) -> tuple[int, ...]:
    parts = date.get("date-parts") if isinstance(date, Mapping) else None
    return tuple(int(part) for part in parts[0]) if parts else ()


def _plain(markup: str) -> str:
    """Text without CSL's rich-text tags, `<i>` and `<span class="nocase">` (CSL-JSON, "Rich text markup within fields"); any other stays."""
    return _RICH_TEXT.sub("", markup)


def address_of_orcid(identifier: str) -> str:
    """An ORCID iD as an address (ORCID, "Structure of the ORCID Identifier"); "" for ""."""
    return f"https://orcid.org/{identifier}" if identifier else ""


def of_entry(site: Site, item: Mapping[str, object]) -> Work:
    """An entry of the bibliography; one that is a study carries the licence and the ORCIDs of the study's record.

    Args:
        item: its CSL-JSON item, whose bracketed kind will be in the work's own language.
    """
    entry = site.entry[str(item["id"])]
    clean = {name: value for name, value in item.items() if name != "keyword"}  # our own slugs
    clean["type"] = item["type"] or _NO_TYPE
    for variable, fields in _TITLES.items():
        printed = ": ".join(_rich(entry.fields[name]) for name in fields if entry.text(name))
        if printed and _plain(printed).casefold() == _plain(str(item.get(variable, ""))).casefold():
            clean[variable] = printed
    if kind := site.words.say("genres", entry.fields.get("type", ""), entry.language):
        clean["genre"] = kind
    study = site.study_citing(entry.key)
    return Work(entry, clean, licence_of(study), study.orcid if study else {})


def _read(tex: str) -> str:
    """What TeX prints. To read it is slow, and most titles hold none of its marks."""
    return codecs.decode(tex, "ulatex") if _MARKS.search(tex) else tex


#: LaTeX's commands and the tags of CSL's rich text that mean the same.
_TAGS = {"emph": "i", "textit": "i", "textbf": "b", "textsuperscript": "sup", "textsubscript": "sub", "textsc": "sc"}
_GROUP = re.compile(r"(?:\\(?P<command>[a-z]+))?\{(?P<inside>[^{}]*)\}")
_KEPT = str.maketrans("{}", "\ue000\ue001")


def _rich(value: str) -> str:
    """A field's words as CSL's rich text: `\\emph{Oryza} \\& padi` is `<i>Oryza</i> & padi`; braces that only keep letters are left out."""
    while group := _GROUP.search(value):
        command, inside = group["command"], group["inside"]
        if tag := _TAGS.get(command or ""):
            inside = f"<{tag}>{inside}</{tag}>"
        elif command:  # an accent, which the decoder knows
            inside = group.group().translate(_KEPT)
        value = value[: group.start()] + inside + value[group.end() :]
    return _read(value.replace("\ue000", "{").replace("\ue001", "}"))


def licence_of(study: Study | None) -> str:
    """The SPDX identifier of a study's licence; "" where the source states none."""
    return study.licence if study and study.licence != "none" else ""


def of_page(settings: Settings, page: Page, title: str, language: str, day: str, address: str, version: str = "") -> Work:
    """A page of the site as a work of its own.

    Args:
        day: when it was last changed (ISO 8601).
        address: its canonical address.
        version: the edition that it is of, of a study's page.
    """
    slug = re.sub(r"\W+", "-", settings.name.casefold()).strip("-")
    key = "-".join(filter(None, (slug, *page.url.split("/"))))
    langid = next((langid for langid, tag in LANGIDS.items() if tag == language), language)
    fields = {
        "author": f"{{{_tex(settings.publisher)}}}",
        "title": f"{{{_tex(title)}}}",  # whatever language its reader takes it for, the capitals stay
        "organization": _tex(settings.name),
        "date": day,
        "url": address,
        "langid": langid,
    }
    item = {
        "id": key,
        "type": "webpage",
        "author": [{"literal": settings.publisher}],
        "title": title,
        "container-title": settings.name,
        "issued": {"date-parts": [[int(part) for part in day.split("-")]]},
        "URL": address,
        "language": language,
    }
    if version:
        fields["version"] = item["version"] = version
    return Work(Entry(key, "online", fields, Place(page.path)), item, settings.licence)


_MARKS = re.compile(r"[\\{}$&%#_~^`'\"-]|\s\s")
_TEX = str.maketrans({mark: f"\\{mark}" for mark in "&%$#_{}"} | {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"})


def _tex(text: str) -> str:
    """Text in which TeX takes no mark for its own, and no hyphens for a dash."""
    return re.sub("-(?=-)", "-{}", text.translate(_TEX))
