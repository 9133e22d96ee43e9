"""E: the fields of an entry as such: their names, whether they say anything, the abbreviations in them, the language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from operator import itemgetter

from pustaka.biblatex import COMMON_FIELDS, FIELDS, LANGIDS, NO_WORKS, OWN_FIELDS
from pustaka.model import LANGIDS as LANGUAGES
from pustaka.model import Entry, Fault, Fix, Message, Place, Site, say
from pustaka.rules import rule
from pustaka.rules.entries import shortened
from pustaka.spelling import Spellings


@rule("E315")
def unknown_field(site: Site) -> Iterator[Fault]:
    """A field is not one that BibLaTeX knows.

    What stands in a misspelt field is never printed, and nothing says so. The fields are those of the standard data model
    (BibLaTeX manual 2.2); what the common reference managers and databases add is let pass. A name that is like no
    other is a warning, and is given once: it may be for a program of your own.

    Bad (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          pubisher = {Penerbit Contoh},
          date = {2005},
          langid = {indonesian},
        }
    Good (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          publisher = {Penerbit Contoh},
          date = {2005},
          langid = {indonesian},
        }
    """
    strange: dict[str, list[tuple[Entry, Place]]] = {}
    for entry in site.entries:
        if unknown := entry.fields.keys() - _KNOWN_FIELDS:
            places = {written.name.lower(): entry.source.place(written.start) for written in entry.written}
            for name in unknown:
                strange.setdefault(name, []).append((entry, places.get(name, entry.place)))
    for name, found in strange.items():
        # “author+an” annotates a field (BibLaTeX manual 3.7), “date:en” and “title_en” hold it in another language.
        if name.startswith(OWN_FIELDS) or re.split(r"[+:_]", name, maxsplit=1)[0] in _KNOWN_FIELDS:
            continue
        if meant := _FIELDS.nearest(name):
            for entry, place in found:
                yield Fault(
                    place, say("there is no field “{name}”: did you mean “{meant}”?", name=name, meant=meant), key=entry.key, suggestion=meant
                )
        else:
            message = say(
                "BibLaTeX has no field “{name}”, so no style prints it (entries: {count}): use one of its fields, or leave it if it is your own",
                name=name,
                count=len(found),
            )
            yield Fault(found[0][1], message, key=found[0][0].key, certain=False)


_KNOWN_FIELDS = FIELDS | COMMON_FIELDS
_FIELDS = Spellings(sorted(field for field in FIELDS if len(field) > 3))


@rule("E316")
def undefined_abbreviation(site: Site) -> Iterator[Fault]:
    """A value without braces names an @string that is not defined.

    Words stand in braces or quotation marks; a bare word is an abbreviation, which an @string must define before its first
    use. One that is not defined prints nothing (BibTeX, `btxdoc`, section 2.1).

    Bad (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          publisher = gramedia,
          date = {2005},
          langid = {indonesian},
        }
    Good (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          publisher = {Gramedia},
          date = {2005},
          langid = {indonesian},
        }
    """
    unknown = [use for use in site.abbreviation_uses if not use.known]
    if not unknown:
        return
    names = Spellings(abbreviation.name for abbreviation in site.abbreviations)
    for use in unknown:
        meant = names.nearest(use.name)
        if meant.casefold() == use.name.casefold():
            mend = say("its @string must stand before this entry")
        elif meant:
            mend = say("did you mean “{meant}”?", meant=meant)
        else:
            mend = say("put the words into braces, “{{{name}}}”, or define it", name=use.name)
        yield Fault(use.place, say("“{name}” is no @string that is defined here: {mend}", name=use.name, mend=mend), key=use.key, suggestion=meant)


@rule("E317", severity="warning")
def unused_abbreviation(site: Site) -> Iterator[Fault]:
    """An @string is defined and never used.

    It may be a leftover, or its use was put into braces, where it is only a word.

    Bad (bibliography/references.bib):
        @string{penerbit = {Penerbit Contoh}}
    Good (bibliography/references.bib):
        @string{penerbit = {Penerbit Contoh}}

        @book{suharto2005a,
          author = {Suharto, Edi},
          title = {Analisis Kebijakan Publik},
          publisher = penerbit,
          date = {2005},
          langid = {indonesian},
        }
    Good (docs/id/studies/contoh/findings.md):
        Kebijakan dibahas oleh @suharto2005a.
    """
    used = {use.name.casefold() for use in site.abbreviation_uses}
    for abbreviation in site.abbreviations:
        if abbreviation.name.casefold() not in used:
            message = say("the @string “{name}” is never used: take it out, or use it without braces", name=abbreviation.name)
            yield Fault(abbreviation.place, message)


@rule("E320")
def empty_field(site: Site) -> Iterator[Fault]:
    """A field is empty.

    BibLaTeX takes it for a field that is not there; BibTeX and others print the comma or the brackets around nothing.

    Bad (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          publisher = {},
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
        for field in entry.written:
            if len(field.value) < 9 and not field.value.strip("{} ~") and entry.raw(field)[0] in '{"':  # else an @string
                message = say("the field “{name}” is empty: fill it, or take it out", name=field.name)
                yield Fault(entry.source.place(field.start), message, key=entry.key)


@rule("E321")
def repeated_field(site: Site) -> Iterator[Fault]:
    """A field stands twice in one entry.

    Programs disagree about which of the two counts: BibTeX takes the first, biber the last. Here the first counts.

    Bad (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          date = {2005},
          date = {2006},
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
        if len(entry.written) <= len(entry.fields):
            continue
        first: dict[str, str] = {}
        for written in entry.written:
            name = written.name.lower()
            if name not in first:
                first[name] = written.value
                continue
            message = say(
                "the field “{name}” stands twice, “{first}” and “{second}”: keep the right one",
                name=name,
                first=shortened(first[name]),
                second=shortened(written.value),
            )
            yield Fault(entry.source.place(written.start), message, key=entry.key)


@rule("E326", site_only=True)
def missing_langid(site: Site) -> Iterator[Fault]:
    """An entry does not say in which language the work is.

    By `langid` a page marks a foreign title for screen readers, and a style hyphenates and capitalizes it (BibLaTeX manual 2.2.3).

    Bad (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          date = {2005},
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
        if "langid" not in entry.fields and "hyphenation" not in entry.fields and entry.type not in NO_WORKS:
            yield Fault(
                entry.place, say("“{key}” has no langid: add the language of the work, as langid = {{indonesian}}", key=entry.key), key=entry.key
            )


@rule("E327")
def unknown_langid(site: Site) -> Iterator[Fault]:
    """The language of a work has a name that there is not.

    `langid` holds babel's or polyglossia's name of the language (BibLaTeX manual 2.2.3), such as indonesian or english.

    Bad (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          date = {2005},
          langid = {indonesia},
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
        langid = entry.fields.get("langid", "")
        if langid and langid.casefold() not in LANGIDS:
            meant = _NAMES_OF_LANGUAGES.get(langid.casefold()[:2] if re.fullmatch(r"[A-Za-z]{2}([-_].*)?", langid) else "") or _LANGIDS.nearest(
                langid
            )
            mend = say("did you mean “{meant}”?", meant=meant) if meant else say("write babel's name, such as indonesian or english")
            yield Fault(
                entry.place_of("langid"), say("there is no langid “{langid}”: {mend}", langid=langid, mend=mend), key=entry.key, suggestion=meant
            )


_LANGIDS = Spellings(sorted(LANGIDS))
#: BCP 47 tags are often written where babel's names are asked for.
_NAMES_OF_LANGUAGES = {tag: name for name, tag in reversed(LANGUAGES.items())} | {
    "de": "german",
    "fr": "french",
    "es": "spanish",
    "it": "italian",
    "ja": "japanese",
}


@rule("E329", severity="warning")
def letter_case(site: Site) -> Iterator[Fault]:
    """The name of a type or a field is not in lower case.

    It means the same; but a reader of the file, and a search in it, look for one spelling. A longer file that writes most names
    with capitals has a spelling of its own, and is let be.

    Bad (bibliography/references.bib):
        @Book{suharto2005,
          AUTHOR = {Suharto, Edi},
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
    own_way = _with_capitals(site)
    for entry in site.entries:
        if entry.source is None or entry.source.path in own_way:
            continue
        start = entry.span[0]
        written = None if entry.source.text.startswith(entry.type, start + 1) else _TYPE.match(entry.source.text, start)
        if written and written[1] != entry.type:
            yield _in_lower_case(entry, start + len(written.group()) - len(written[1]), written[1], say("the type “{name}”", name=written[1]))
        for field in entry.written:
            if not field.name.islower() and field.name != field.name.lower():
                yield _in_lower_case(entry, field.start, field.name, say("the field “{name}”", name=field.name))


def _with_capitals(site: Site) -> set[str]:
    """The files of more than a hundred fields of which most have a capital letter in their name."""
    names: Counter[str] = Counter()
    capitals: Counter[str] = Counter()
    for entry in site.entries:
        if entry.source is not None:
            names[entry.source.path] += len(entry.written)
            capitals[entry.source.path] += len(entry.written) - sum(map(str.islower, map(itemgetter(0), entry.written)))
    return {path for path, count in names.items() if count > 100 and capitals[path] > count / 2}


_TYPE = re.compile(r"@[ \t]*([^\W\d_][\w-]*)")


def _in_lower_case(entry: Entry, position: int, name: str, what: Message) -> Fault:
    place, new = entry.source.place(position), name.lower()
    return Fault(place, say("{what} must be in lower case: write “{new}”", what=what, new=new), entry.key, new, Fix(place, name, new))
