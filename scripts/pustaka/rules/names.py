"""E: the names of authors, editors and others."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pustaka.biblatex import NAME_FIELDS, words
from pustaka.model import Entry, Fault, Site, say
from pustaka.names import SURE_DEGREES, is_degree
from pustaka.rules import rule
from pustaka.rules.entries import place_of_words, shortened

#: What parts two names.
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)


def _name_lists(site: Site) -> Iterator[tuple[Entry, str, str]]:
    """(entry, field, its value) for every list of names."""
    for entry in site.entries:
        for field in NAME_FIELDS.intersection(entry.fields):
            yield entry, field, entry.fields[field]


def _names(value: str) -> Iterator[str]:
    """The names of a list that are not wholly in braces: those of persons, as BibTeX reads them (`btxdoc`, section 4)."""
    if "{" not in value:
        yield from _AND.split(value)
        return
    depth, begin = 0, 0
    for match in re.finditer(r"[{}]|\s+and\s+", value, re.IGNORECASE):
        mark = match.group()
        if mark in "{}":
            depth += 1 if mark == "{" else -1
        elif not depth:
            yield from _unless_a_body(value[begin : match.start()])
            begin = match.end()
    yield from _unless_a_body(value[begin:])


def _has_two_commas(value: str) -> bool:
    return value.count(",") > 1 and any(name.count(",") > 1 for name in value.split(" and "))


def _unless_a_body(name: str) -> Iterator[str]:
    name = name.strip()
    if not name.startswith("{") or re.match(r"\{\\", name):
        yield name


# -- degrees ----------------------------------------------------------------------------------------------------------

_WORD = re.compile(r"[^\s,~]+")
#: What every one of them has: most names are passed over at this.
_MAY_BE_DEGREE = re.compile(r"[^\W\d_]{2}\.|[a-z][A-Z]|[A-Z]{3}|Dr|Hj|Prof|[A-Z]\.[A-Z][a-z]")
#: Degrees and titles that are no name and no initials wherever they stand, with the full stop that some are known by.
_SURE = (
    {degree for degree in SURE_DEGREES if len(degree) > 2}
    | {f"{degree}." for degree in SURE_DEGREES}
    | {"Dr", "MBA", "Hj.", "Dra.", "Dra", "KH.", "LL.M."}
)


@rule("E330")
def degree_in_name(site: Site) -> Iterator[Fault]:
    """An academic degree or a title stands in a name.

    A reference gives names alone (APA 7, section 9.8); a degree becomes a surname or initials: “M.Sc, P. D. S.”. What may be
    initials as well, such as S.E. or M.A., is only reported after a second comma or beside another degree.

    Bad (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi, M.Sc.},
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
    for entry, field, value in _name_lists(site):
        if not _MAY_BE_DEGREE.search(value) and not _has_two_commas(value):
            continue
        for name in _names(value):
            if found := _degrees(name):
                message = say("“{degree}” in the name “{name}” is a degree or a title: take it out", degree=", ".join(found), name=shortened(name))
                yield Fault(place_of_words(entry, field, name), message, key=entry.key)


def _degrees(name: str) -> list[str]:
    """The degrees in a person's name."""
    tokens = [match.group() for match in _WORD.finditer(name)]
    sure = [word for word in tokens if word in _SURE]
    if not sure and "," not in name and tokens[:1] == ["Ir."]:
        return ["Ir."]
    if sure:
        return [word for word in tokens if word in _SURE or (is_degree(word) and len(word.rstrip(".")) > 2)]
    parts = [part.strip() for part in name.split(",")]
    return [part for part in parts[1:] if part and is_degree(part)] if any(map(is_degree, parts[2:])) else []


# -- bodies -----------------------------------------------------------------------------------------------------------

#: Words that the name of a body holds and that of a person does not.
_BODY_WORDS = words(
    """
    Badan Kementerian Kementrian Universitas Dinas Direktorat Sekretariat Pemerintah Pemerintahan Kabupaten Provinsi Lembaga Yayasan Komisi
    Perpustakaan Himpunan Ikatan Perkumpulan Asosiasi Perhimpunan Institut Politeknik Sekolah Fakultas Jurusan Kepolisian Mahkamah Majelis
    Kelurahan Kecamatan Redaksi Panitia Penyusun Bappenas Bappeda Kemendikbud Kominfo KOMINFO Organization Organisation University
    Universität Université Universidad Institute Institution Ministry Department Association Foundation Committee Commission Council Agency
    Bureau Authority Federation Consortium Collaboration Initiative Programme Society Academy Corporation Company Centre Center Laboratory
    Laboratories Network Project Team Group Union Government Library Museum Inc. Ltd. LLC GmbH Contributors contributors Community Developers
    developers
    """
)
#: Words that are family names as well: only at the beginning of a name that has no comma, or at its end.
_FIRST_WORDS = words("PT PT. CV CV. UD Bank Balai Dewan Pusat Kantor Komunitas Forum Persatuan Rumah Desa")
_ALL_BODY_WORDS = _BODY_WORDS | _FIRST_WORDS


@rule("E331")
def body_as_person(site: Site) -> Iterator[Fault]:
    """The name of a body is read as a person's.

    Without braces the last word is taken for the family name, and the others for given names: “Statistik, B. P.”. In a second
    pair of braces the name stays whole (BibLaTeX manual 2.3.3).

    Bad (bibliography/references.bib):
        @book{suharto2005,
          author = {Badan Pusat Statistik},
          title = {Desa dalam Angka},
          date = {2005},
          langid = {indonesian},
        }
    Good (bibliography/references.bib):
        @book{suharto2005,
          author = {{Badan Pusat Statistik}},
          title = {Desa dalam Angka},
          date = {2005},
          langid = {indonesian},
        }
    """
    for entry, field, value in _name_lists(site):
        if _ALL_BODY_WORDS.isdisjoint(_WORD.findall(value)):
            continue
        for name in _names(value):
            if _is_body(name):
                body = _in_order(name)
                message = say(
                    "“{name}” is the name of a body, not of a person: put it into braces of its own, “{{{body}}}”",
                    name=shortened(name),
                    body=shortened(body),
                )
                yield Fault(place_of_words(entry, field, name), message, key=entry.key, suggestion=f"{{{body}}}")


def _is_body(name: str) -> bool:
    tokens = _WORD.findall(name)
    if len(tokens) < 2 or "=" in name:
        return False
    if "," in name:  # turned round: “Statistik, Badan Pusat”, or with initials: “KOMINFO, P.”
        before, _, after = name.partition(",")
        return (not _STRONG.isdisjoint(_WORD.findall(after))) or (tokens[0] in _STRONG and not re.search(r"[^\W\d_]{3}", before[len(tokens[0]) :]))
    return not _BODY_WORDS.isdisjoint(tokens) or tokens[0] in _FIRST_WORDS


def _in_order(name: str) -> str:
    """The name of a body that was turned round, or got initials, as a person's."""
    before, _, after = (part.strip() for part in name.partition(","))
    return before if not re.search(r"[^\W\d_]{3}", after) else f"{after} {before}"


#: Those of them that no one is called.
_STRONG = words(
    """
    Badan Kementerian Kementrian Universitas Dinas Direktorat Sekretariat Pemerintah Lembaga Yayasan Komisi Perpustakaan Himpunan Asosiasi
    Institut Politeknik Kominfo KOMINFO Bappenas Organization Organisation University Institute Ministry Department Association Foundation
    Committee Commission Collaboration Consortium
    """
)


# -- separators -------------------------------------------------------------------------------------------------------


@rule("E332")
def et_al_in_names(site: Site) -> Iterator[Fault]:
    """A list of names holds “et al.”, “dkk.” or the like.

    It becomes the name of a person. A list that goes on ends with “and others”, which the style words in the language of the page
    (BibLaTeX manual 2.3.3).

    Bad (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi and dkk.},
          title = {Membangun Masyarakat},
          date = {2005},
          langid = {indonesian},
        }
    Good (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi and others},
          title = {Membangun Masyarakat},
          date = {2005},
          langid = {indonesian},
        }
    """
    for entry, field, value in _name_lists(site):
        if _MAY_BE_ET_AL.search(value) and (found := _ET_AL.search(value)):
            message = say("“{words}” in {field} is read as a name: write “and others”", words=found[1], field=field)
            yield Fault(place_of_words(entry, field, found[1]), message, key=entry.key, suggestion="and others")


_MAY_BE_ET_AL = re.compile(r"[Ee][Tt]\b|[Dd]\.?[Kk]|[Dd][Ll][Ll]|kawan-|lain-|colleagues")
_ET_AL = re.compile(
    r"(?<![^\s,{])(et\.?[ ~]?al\.?|dkk\.?|d\.k\.k\.?|dll\.?|(?:and|dan) (?:kawan-kawan|lain-lain|colleagues))(?=$|[\s,;}])", re.IGNORECASE
)


@rule("E333")
def crutch_for_one_name(site: Site) -> Iterator[Fault]:
    """A person with one name is given a second one.

    Many Indonesians have one name: it stands alone, `author = {Suharto}`. A dash, a full stop, NN or the name once more
    after the comma is printed as if it were a given name.

    Bad (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Suharto},
          title = {Membangun Masyarakat},
          date = {2005},
          langid = {indonesian},
        }
    Good (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto},
          title = {Membangun Masyarakat},
          date = {2005},
          langid = {indonesian},
        }
    """
    for entry, field, value in _name_lists(site):
        if not _MAY_BE_CRUTCH.search(value):
            continue
        for name in _names(value):
            family, comma, given = (part.strip() for part in name.partition(","))
            twice = bool(_TWO_SYLLABLES.search(family)) and family.casefold() == given.casefold()  # “Li, Li” is a Chinese name
            if comma and family and (twice or _CRUTCH.fullmatch(given)):
                message = say("“{name}” seems to be one name: write “{family}” alone", name=shortened(name), family=shortened(family))
                yield Fault(place_of_words(entry, field, name), message, key=entry.key, suggestion=family, certain=not twice)


_TWO_SYLLABLES = re.compile(r"[aeiou]+[^aeiou\W]+[aeiou]", re.IGNORECASE)
_CRUTCH = re.compile(r"[-–—.*?]*|\{\}|(?:NN|N\.N\.|N/A|null|none|nil|NULL|nan|NaN|FNU|LNU|tanpa nama)\.?")
_MAY_BE_CRUTCH = re.compile(
    r"(?<![^\s{])([^\s,{}]+), ?\1(?![^\s}])|,\s*(?:[-–—.*?{]|N/?[NA]|N\.N|n[ua]|no|ni|NU|Na|FNU|LNU|tanpa|and |$)", re.IGNORECASE
)


@rule("E334")
def wrong_separator(site: Site) -> Iterator[Fault]:
    """Names are not parted by “and”.

    Only “and” parts two names, in every language (`btxdoc`, section 4; BibLaTeX manual 2.3.3); with a semicolon, “&”, “dan” or
    commas the whole list is read as one person.

    Bad (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi; Sari, Dewi},
          title = {Membangun Masyarakat},
          date = {2005},
          langid = {indonesian},
        }
    Good (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi and Sari, Dewi},
          title = {Membangun Masyarakat},
          date = {2005},
          langid = {indonesian},
        }
    """
    for entry, field, value in _name_lists(site):
        if not _MAY_BE_SEPARATOR.search(value) and not _has_two_commas(value):
            continue
        for name in _names(value):
            plain = _BRACED.sub("", name)
            if found := _SEPARATOR.search(plain):
                message = say("“{mark}” does not part names: write “and” in its place", mark=found[1].strip())
                yield Fault(place_of_words(entry, field, name), message, key=entry.key, suggestion="and")
            elif plain.count(",") > 1 and "=" not in plain and not _is_with_suffix(plain):
                message = say("“{name}” is read as one name: write “and” between names, and one comma in each", name=shortened(name))
                yield Fault(place_of_words(entry, field, name), message, key=entry.key, certain=plain.count(",") > 2)


_MAY_BE_SEPARATOR = re.compile(r"[;&]|\sdan\s|\sserta\s")
_SEPARATOR = re.compile(r"(;|\\?&(?!\w+;)|\s(?:dan|serta)(?=\s))")
_BRACED = re.compile(r"\{[^{}]*\}")
_SUFFIX = re.compile(r"(?:jr|sr|i{1,3}|iv|vi{0,3}|\d(?:st|nd|rd|th)|esq|junior|senior|filho|neto|fils|père)\.?", re.IGNORECASE)


def _is_with_suffix(name: str) -> bool:
    """Whether it has the form Family, Jr., Given, or ends with degrees, of which degree_in_name speaks."""
    parts = [part.strip() for part in name.split(",")]
    return any(_SUFFIX.fullmatch(part) for part in parts[1:]) or any(is_degree(part) for part in parts[2:])
