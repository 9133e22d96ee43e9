"""E: the entries of the bibliography, each as a whole and all together. What stands in their fields is judged beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from pustaka.biblatex import FIELD_ALIASES, KEY_FIELDS, MEANT_TYPES, NO_WORKS, REQUIRED, TYPE_ALIASES, TYPES, inherited
from pustaka.model import Entry, Fault, Place, Site, join, say
from pustaka.nearest import Keys
from pustaka.rules import rule
from pustaka.spelling import Spellings


def shortened(text: str) -> str:
    """A value as a message quotes it: its beginning, if it is long."""
    return text if len(text) <= 60 else f"{text[:59].rstrip()}…"


def place_of_words(entry: Entry, field: str, words: str, offset: int = 0) -> Place:
    """The place of an offset into words of a field, or the field's where the file has the words otherwise."""
    written = entry.field(field)
    if written is None:
        return entry.place
    start = entry.raw(written).find(words)
    return entry.place_in(written, start + offset) if start >= 0 else entry.place_of(field)


@rule("E301", severity="warning")
def never_cited(site: Site) -> Iterator[Fault]:
    """An entry is cited on no page.

    A bibliography holds what the pages rest on. A study's own entry counts as cited, and so does one that a cited entry
    names in `crossref`, `xdata` or the like; a citation that differs by letter case is P201's business.

    Bad (bibliography/references.bib):
        @book{hatta1951,
          author = {Hatta, Mohammad},
          title = {Membangun Koperasi},
          date = {1951},
          langid = {indonesian},
        }
    Good (bibliography/references.bib):
        @book{hatta1951,
          author = {Hatta, Mohammad},
          title = {Membangun Koperasi},
          date = {1951},
          langid = {indonesian},
        }
    Good (docs/id/studies/contoh/findings.md):
        Koperasi dibahas oleh @hatta1951.
    """
    cited = {citation.key.casefold() for page in site.pages for citation in page.citations} | {study.entry.casefold() for study in site.studies}
    if "*" in cited:  # nocite: '@*'
        return
    for entry in site.entries:
        cited.update(key.casefold() for _, key in _keys_in(entry))
    for entry in site.entries:
        if entry.key.casefold() not in cited and cited.isdisjoint(key.casefold() for key in _ids(entry)):
            message = say("“{key}” is cited on no page: cite it where it supports a statement, or take the entry out", key=entry.key)
            yield Fault(entry.place, message, key=entry.key)


@rule("E302")
def missing_field(site: Site) -> Iterator[Fault]:
    """An entry lacks a field that its type requires.

    By BibLaTeX manual 2.1.1; a field that is inherited through `crossref` or `xdata` counts (2.4.1). What the source itself
    does not state is not guessed: in a project, it is recorded in errata.yml as missing, and then not asked for.

    Bad (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          langid = {indonesian},
        }
    Good (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          langid = {indonesian},
        }
    Good (bibliography/errata.yml):
        - key: suharto2005
          field: date
          kind: missing
          note: {id: Tahun tidak disebut., en: No year is given.}
    """
    excused = {(erratum.key, erratum.field) for erratum in site.errata if erratum.kind == "missing"}
    for entry in site.entries:
        required = _WAYS.get(entry.type, _WAYS["misc"])
        present = {name for name, value in entry.fields.items() if value} if "" in entry.fields.values() else set(entry.fields)
        lacking = [ways for ways in required if present.isdisjoint(ways)]
        if lacking and ("crossref" in present or "xdata" in present):
            heritage = _heritage(entry, site)
            lacking = [] if heritage is None else [ways for ways in lacking if heritage.isdisjoint(ways)]
        for ways in lacking:
            named = [way for way in ways if way not in FIELD_ALIASES]
            if not any((entry.key, way) in excused for way in ways):
                mend = say("add it")
                if site.languages:
                    mend = say(
                        "add it, or record in bibliography/errata.yml that the source does not state it (field: {field}, kind: missing)",
                        field=named[0],
                    )
                if entry.type == "book" and "author" in ways and "editor" in present:
                    mend = say("make it a @collection, which has an editor, or add it")
                message = say(
                    "the @{type} “{key}” must have the field {fields} (BibLaTeX 2.1.1): {mend}",
                    type=entry.type,
                    key=entry.key,
                    fields=join(named, " / "),
                    mend=mend,
                )
                yield Fault(entry.place, message, key=entry.key)


def _ways(field: str) -> tuple[str, ...]:
    """The names under which a required field may stand: the BibLaTeX ones first, then the older ones."""
    named = field.split("/")
    return (*named, *(alias for alias, name in FIELD_ALIASES.items() if name in named))


_WAYS = {type: tuple(map(_ways, REQUIRED[TYPE_ALIASES.get(type, type)].split())) for type in (*REQUIRED, *TYPE_ALIASES)}


#: So many ancestors are asked: no one has more, but for a test of our patience.
_MOST_ANCESTORS = 20


def _heritage(entry: Entry, site: Site) -> set[str] | None:
    """The fields that an entry inherits, at however many removes; None when an entry that it names is not there."""
    names: set[str] = set()
    seen, waiting = {entry.key}, [entry]
    while waiting and len(seen) < _MOST_ANCESTORS:
        child = waiting.pop()
        for field, key in _keys_in(child, ("crossref", "xdata")):
            parent = site.entry.get(key)
            if parent is None:
                return None
            if key not in seen:
                seen.add(key)
                waiting.append(parent)
                names.update(name for name, value in (inherited(parent, child) if field == "crossref" else parent.fields).items() if value)
    return names


def _keys_in(entry: Entry, fields: Iterable[str] = KEY_FIELDS) -> Iterator[tuple[str, str]]:
    """(field, key) for the entries that an entry names."""
    for field in fields:
        if value := entry.fields.get(field):
            for key in (value,) if field in ("crossref", "xref") else value.split(","):
                if key := key.strip():
                    yield field, key


def _ids(entry: Entry) -> list[str]:
    """Other keys under which an entry is cited (BibLaTeX manual 2.2.3)."""
    value = entry.fields.get("ids")
    return [key.strip() for key in value.split(",") if key.strip()] if value else []


@rule("E303")
def duplicate_key(site: Site) -> Iterator[Fault]:
    """Two entries have the same key, or keys that differ by letter case alone.

    Of two entries with one key a citation reaches only one, wherever they stand: in one file or in two. BibTeX and many
    file systems take no notice of letter case. A key in `ids` counts as one (BibLaTeX manual 2.2.3).

    Bad (bibliography/references.bib):
        @book{Suharto2005,
          author = {Suharto, Edi},
          title = {Analisis Kebijakan Publik},
          date = {2005},
          langid = {indonesian},
        }
    Good (bibliography/references.bib):
        @book{suharto2005a,
          author = {Suharto, Edi},
          title = {Analisis Kebijakan Publik},
          date = {2005},
          langid = {indonesian},
        }
    Good (docs/id/studies/contoh/findings.md):
        Kebijakan dibahas oleh @suharto2005a.
    """
    first: dict[str, tuple[str, Entry]] = {}
    for entry in site.entries:
        for key in (entry.key, *_ids(entry)):
            taken, other = first.setdefault(key.casefold(), (key, entry))
            if other is not entry:
                message = say(
                    "the key “{key}” is already used as “{other}” ({place}): give it another, or take one of the two out",
                    key=key,
                    other=taken,
                    place=other.place,
                )
                yield Fault(entry.place if key == entry.key else entry.place_of("ids"), message, key=key)


@rule("E304")
def duplicate_doi(site: Site) -> Iterator[Fault]:
    """Two entries have the same DOI.

    A DOI names one work, and letter case does not tell two DOIs apart
    (DOI Handbook, “General Characteristics of the DOI Syntax”).

    Bad (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          date = {2005},
          doi = {10.5555/CONTOH.3.1},
          langid = {indonesian},
        }
    Good (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          date = {2005},
          doi = {10.5555/contoh.3.2},
          langid = {indonesian},
        }
    """
    first: dict[str, Entry] = {}
    for entry in site.entries:
        doi = bare_doi(entry.fields.get("doi", ""))
        if doi.startswith("10"):
            other = first.setdefault(doi.casefold(), entry)
            if other is not entry and other.key.casefold() != entry.key.casefold():  # else duplicate_key says it
                message = say(
                    "“{key}” ({place}) has the same DOI {doi}: correct the wrong one, or keep one entry of the work",
                    key=other.key,
                    place=other.place,
                    doi=doi,
                )
                yield Fault(entry.place_of("doi"), message, key=entry.key)


_DOI_ADDRESS = re.compile(r"\s*(?:https?://)?(?:dx\.|www\.)?doi\.org/|\s*doi:\s*", re.IGNORECASE)


def bare_doi(doi: str) -> str:
    """A DOI without the address, or the word "doi:", before it."""
    return doi if doi.startswith("10.") else _DOI_ADDRESS.sub("", doi, count=1)


@rule("E309", site_only=True)
def erratum_of_unknown_entry(site: Site) -> Iterator[Fault]:
    """The errata speak of an entry that the bibliography does not have.

    A wrong key there excuses nothing, and its note reaches no reader.

    Bad (bibliography/errata.yml):
        - key: suharto2015
          field: author
          kind: doubtful
          note: {id: Nama depan ditulis dengan dua cara., en: The first name is spelled in two ways.}
    Good (bibliography/errata.yml):
        - key: suharto2005
          field: author
          kind: doubtful
          note: {id: Nama depan ditulis dengan dua cara., en: The first name is spelled in two ways.}
    """
    keys = Keys(site.entries)
    for erratum in site.errata:
        if erratum.key not in site.entry:
            meant = keys.nearest(erratum.key) or ""
            mend = say("did you mean “{meant}”?", meant=meant) if meant else say("mend the key, or take the note out")
            message = say("the key “{key}” is not in the bibliography: {mend}", key=erratum.key, mend=mend)
            yield Fault(erratum.place, message, key=erratum.key, suggestion=meant)


@rule("E310")
def unknown_type(site: Site) -> Iterator[Fault]:
    """An entry is of an unknown type.

    The types are those of BibLaTeX manual 2.1, and of biblatex-apa and biblatex-software. A style prints an unknown type
    as @misc, and leaves out what it does not expect there.

    Bad (bibliography/references.bib):
        @boook{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          date = {2005},
          langid = {indonesian},
        }
    Good (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          date = {2005},
          langid = {indonesian},
        }
    """
    for entry in site.entries:
        if entry.type not in TYPES:
            meant = MEANT_TYPES.get(entry.type) or _TYPES.nearest(entry.type)
            mend = say("did you mean @{meant}?", meant=meant) if meant else say("use @misc, or another of BibLaTeX")
            message = say("there is no type @{type}: {mend}", type=entry.type, mend=mend)
            yield Fault(entry.place, message, key=entry.key, suggestion=meant)


_TYPES = Spellings(sorted(TYPES))


@rule("E313", site_only=True)
def type_without_heading(site: Site) -> Iterator[Fault]:
    """An entry is of a type that has no heading on the bibliography page.

    The page lists the works by type; the headings are `entry_types` in terms.yml.

    Bad (bibliography/references.bib):
        @patent{suharto2005,
          author = {Suharto, Edi},
          title = {Alat Siram Kebun},
          number = {IDP000012345},
          date = {2005},
          langid = {indonesian},
        }
    Good (bibliography/references.bib):
        @report{suharto2005,
          author = {Suharto, Edi},
          title = {Alat Siram Kebun},
          type = {Laporan penelitian},
          institution = {Universitas Contoh},
          date = {2005},
          langid = {indonesian},
        }
    """
    for entry in site.entries:
        if entry.type in TYPES and entry.type not in NO_WORKS and entry.type not in site.words["entry_types"]:
            message = say(
                "the type @{type} has no heading on the bibliography page: add it to entry_types in bibliography/terms.yml", type=entry.type
            )
            yield Fault(entry.place, message, key=entry.key)


@rule("E314")
def duplicate_work(site: Site) -> Iterator[Fault]:
    """Two entries are of the same work.

    One of them is cited here and the other there, and the list of references has the work twice. The same are entries of one
    type with the same first author and year whose titles read the same, or all but one misspelt word, or of which one leaves
    the subtitle out. Two that differ in volume, number, edition, part, pages, ISBN or DOI, or in a number in the title, are two works.

    Bad (bibliography/references.bib):
        @book{suharto2005a,
          author = {Suharto, E.},
          title = {Membangun masyarakat},
          publisher = {Penerbit Contoh},
          date = {2005},
          langid = {indonesian},
        }
    Bad (docs/id/studies/contoh/findings.md):
        Kebijakan dibahas oleh @suharto2005a.
    Good (bibliography/references.bib):
        @book{suharto2005a,
          author = {Suharto, E.},
          title = {Membangun Masyarakat},
          edition = {2},
          publisher = {Penerbit Contoh},
          date = {2005},
          langid = {indonesian},
        }

        @book{suharto2005,
          author = {Suharto, E.},
          title = {Membangun Masyarakat},
          edition = {1},
          publisher = {Penerbit Contoh},
          date = {2005},
          langid = {indonesian},
        }
    Good (docs/id/studies/contoh/findings.md):
        Kebijakan dibahas oleh @suharto2005a.
    """
    blocks: dict[tuple[str, str, str], list[Entry]] = {}
    for entry in site.entries:
        if (block := _block(entry)) is not None:
            blocks.setdefault(block, []).append(entry)
    first: dict[tuple, _Work] = {}
    for block, entries in blocks.items():
        for work in map(_work, entries) if len(entries) > 1 else ():
            others = {id(other): other for trait in work.traits if (other := first.setdefault((block, *trait), work)) is not work}
            for other in others.values():
                if work.may_be(other):
                    message = say(
                        "“{key}” seems to be the same work as “{other}” ({place}): keep one entry, or say in the fields how they differ",
                        key=work.entry.key,
                        other=other.entry.key,
                        place=other.entry.place,
                    )
                    certain = "".join(work.words) == "".join(other.words)
                    yield Fault(work.entry.place, message, key=work.entry.key, suggestion=other.entry.key, certain=certain)
                    break


#: What tells two works apart that have one title: both must state it.
_DISTINCTIONS = (
    "volume",
    "number",
    "edition",
    "part",
    "chapter",
    "issue",
    "pages",
    "eid",
    "version",
    "isbn",
    "doi",
    "eprint",
    "booktitle",
    "entrysubtype",
)
_TITLE_WORD = re.compile(r"[^\W_]+")
_TEX = re.compile(r"\\(?:[A-Za-z]+[ ]*|.)")


class _Work(NamedTuple):
    """What an entry is compared by: the words of its title, and how many of them stand before the subtitle."""

    entry: Entry
    words: list[str]
    main: int

    @property
    def traits(self) -> Iterator[tuple]:
        """What the same work has in common with this one, at least one of them."""
        yield ("".join(self.words),)
        yield "main", *self.words[: self.main]
        if len(self.words) > 4:
            yield "first", *self.words[:4]
            yield "last", *self.words[-4:]

    def may_be(self, other: _Work) -> bool:
        if self.entry.key.casefold() == other.entry.key.casefold() or len(self.words) < 2:
            return False  # duplicate_key says it; and “Editorial” is no title
        if "doi" in self.entry.fields and "doi" in other.entry.fields:
            return False  # two DOIs are two works, and of one DOI duplicate_doi speaks
        if not (_read_alike(self.words, other.words) or self._leaves_out(other) or other._leaves_out(self)):
            return False
        fields, others = self.entry.fields, other.entry.fields
        return not any(name in fields and name in others and _letters(fields[name]) != _letters(others[name]) for name in _DISTINCTIONS)

    def _leaves_out(self, other: _Work) -> bool:
        """Whether this title is the other's without its subtitle."""
        return self.main == len(self.words) and self.main > 2 and self.words == other.words[: other.main]


def _block(entry: Entry) -> tuple[str, str, str] | None:
    """What entries of one work have in common: first author, year and type; None for what has no author or title."""
    author = entry.fields.get("author") or entry.fields.get("editor", "")
    if not author or "title" not in entry.fields or entry.type in NO_WORKS:
        return None
    return _family(author), entry.year, TYPE_ALIASES.get(entry.type, entry.type)


def _work(entry: Entry) -> _Work:
    main, _, rest = entry.fields["title"].partition(": ")
    words = _title_words(main)
    return _Work(entry, words + _title_words(f"{rest} {entry.fields.get('subtitle', '')}"), len(words))


def _title_words(title: str) -> list[str]:
    if "\\" in title:
        title = _TEX.sub("", title)
    return _TITLE_WORD.findall(title.lower().replace("{", "").replace("}", "")) if title.strip() else []


def _letters(text: str) -> str:
    return "".join(_TITLE_WORD.findall(text.casefold()))


def _family(authors: str) -> str:
    """The first author's family name, roughly: enough to hold two entries against each other."""
    first = authors.partition(" and ")[0]
    if "\\" in first:
        first = _TEX.sub("", first)
    first = first.partition(",")[0] if "," in first else first if first.startswith("{") else first.rpartition(" ")[2]
    return _letters(first)


def _read_alike(words: list[str], others: list[str]) -> bool:
    """Whether two titles are the same letter by letter, or but for a slip in one longer word."""
    if "".join(words) == "".join(others):
        return True
    if len(words) != len(others) or len(words) < 5:
        return False
    different = [(word, other) for word, other in zip(words, others, strict=True) if word != other]
    return (
        len(different) == 1
        and all(len(word) > 4 and word.isalpha() for word in different[0])
        and bool(Spellings(different[0][1:]).nearest(different[0][0]))
    )


@rule("E318")
def dangling_reference(site: Site) -> Iterator[Fault]:
    """An entry names another that the bibliography does not have.

    In `crossref`, `xref`, `xdata`, `entryset` or `related` (BibLaTeX manual 2.2.3). What it should inherit from there is lost.

    Bad (bibliography/references.bib):
        @inbook{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          booktitle = {Kumpulan Karangan},
          date = {2005},
          crossref = {contoh2002},
          langid = {indonesian},
        }
    Good (bibliography/references.bib):
        @inbook{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          booktitle = {Kumpulan Karangan},
          date = {2005},
          crossref = {contoh2020},
          langid = {indonesian},
        }
    """
    known = {*site.entry, *(key for entry in site.entries for key in _ids(entry))}
    keys = Keys(site.entries)
    for entry in site.entries:
        for field, key in _keys_in(entry) if not entry.fields.keys().isdisjoint(KEY_FIELDS) else ():
            if key not in known:
                meant = keys.nearest(key) or ""
                mend = say("did you mean “{meant}”?", meant=meant) if meant else say("add that entry, or take the field out")
                message = say("{field} names “{key}”, which is not in the bibliography: {mend}", field=field, key=key, mend=mend)
                yield Fault(entry.place_of(field), message, key=entry.key, suggestion=meant)


@rule("E319")
def circular_inheritance(site: Site) -> Iterator[Fault]:
    """Entries inherit from one another in a circle.

    Through `crossref` or `xdata`: none of them can be made up (BibLaTeX manual 2.4.1, 3.13.6).

    Bad (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          date = {2005},
          crossref = {suharto2005},
          langid = {indonesian},
        }
    Good (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          date = {2005},
          langid = {indonesian},
        }
    """
    parents = {
        entry.key: list(dict.fromkeys(key for _, key in _keys_in(entry, ("crossref", "xdata"))))
        for entry in site.entries
        if "crossref" in entry.fields or "xdata" in entry.fields
    }
    for circle in _circles(parents):
        entry = site.entry[circle[-1]]
        field = "crossref" if entry.fields.get("crossref") == circle[0] else "xdata"
        message = say("entries inherit in a circle, {circle}: take one {field} out", circle=" → ".join([*circle, circle[0]]), field=field)
        yield Fault(entry.place_of(field), message, key=entry.key)


def _circles(parents: Mapping[str, list[str]]) -> Iterator[list[str]]:
    """The circles that a walk from child to parent runs into, long ones cut short; each step of the graph is taken once."""
    done: set[str] = set()
    for start in parents:
        walk: list[str] = []
        at: dict[str, int] = {}  # where a key stands in the walk
        left: list[Iterator[str]] = []  # the parents of each that are still to see
        step: str | None = start
        while step is not None or walk:
            if step is None:
                done.add(walk.pop())
                left.pop()
            elif step in done:
                pass
            elif step in at:
                first = at[step]
                yield walk[first:] if len(walk) - first < 9 else [*walk[first : first + 4], "…", *walk[-3:]]
            else:
                at[step] = len(walk)
                walk.append(step)
                left.append(iter(parents.get(step, ())))
            step = next(left[-1], None) if left else None


@rule("E328")
def personal_communication(site: Site) -> Iterator[Fault]:
    """An entry is a personal communication, which no reader can look up.

    A letter, an e-mail, a talk or an interview that the author alone holds is cited in the text and not listed (APA 7, section
    8.9).

    Bad (bibliography/references.bib):
        @misc{suharto2005,
          author = {Suharto, Edi},
          title = {Kebun desa},
          howpublished = {Komunikasi pribadi},
          date = {2005},
          langid = {indonesian},
        }
    Good (bibliography/references.bib):
        @misc{suharto2005,
          author = {Suharto, Edi},
          title = {Kebun desa},
          howpublished = {Siaran radio},
          date = {2005},
          langid = {indonesian},
        }
    """
    for entry in site.entries:
        for name in _WHERE_IT_SAYS_SO:
            value = entry.fields.get(name)
            if value and (name != "title" or _is_unpublished(entry)) and (found := _PERSONAL.search(value)):
                message = say(
                    "“{words}”: a personal communication is cited in the text, with its date, and not listed (APA 7, 8.9): take the entry out",
                    words=found.group(),
                )
                yield Fault(entry.place_of(name), message, key=entry.key, certain=name != "title")
                break


_WHERE_IT_SAYS_SO = ("howpublished", "note", "type", "titleaddon", "entrysubtype", "addendum", "title")
_PERSONAL = re.compile(
    r"\b(?:(?:komunikasi|wawancara|korespondensi|percakapan|surat|pesan|obrolan) pribadi|surel pribadi"
    r"|(?:personal|private) (?:communications?|correspondence|conversation|interview|e-?mail|letter)|pers\. ?comm)\b",
    re.IGNORECASE,
)


def _is_unpublished(entry: Entry) -> bool:
    return entry.type in ("misc", "unpublished", "letter", "online") and not entry.fields.keys() & {"publisher", "doi", "isbn", "url", "eprint"}
