"""E: the letters of an entry: what was pasted from elsewhere, or is no valid LaTeX."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from html.entities import name2codepoint

from pustaka.biblatex import NAME_FIELDS, TEXT_FIELDS
from pustaka.model import Entry, Fault, Fix, Message, Site, say
from pustaka.rules import rule
from pustaka.rules.entries import place_of_words, shortened

#: The fields that are printed as words.
_PRINTED = TEXT_FIELDS | NAME_FIELDS


def _entries_with(marks: re.Pattern, site: Site) -> Iterator[Entry]:
    """The entries in which one of some marks stands. A file is searched as a whole first: most have none of them."""
    searched: dict[int, bool] = {}
    for entry in site.entries:
        source = entry.source
        if source is None:
            yield entry
            continue
        if id(source) not in searched:
            searched[id(source)] = marks.search(source.text) is not None
        if searched[id(source)] and marks.search(source.text, *entry.span):
            yield entry


def _found(site: Site, marks: re.Pattern, pattern: re.Pattern) -> Iterator[tuple[Entry, str, str, re.Match]]:
    """(entry, field, its value, match) for the printed fields in which a pattern, which has one of the marks, is found first."""
    for entry in _entries_with(marks, site):
        for field, value in entry.fields.items():
            if field in _PRINTED and marks.search(value) and (match := pattern.search(value)):
                yield entry, field, value, match


# -- capitals ---------------------------------------------------------------------------------------------------------


@rule("E335")
def all_capitals(site: Site) -> Iterator[Fault]:
    """A title, or a name, is all in capitals.

    That is the type of a title page, not the spelling: no style can tell any more which words are names. Abbreviations are not meant.

    Bad (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {MEMBANGUN MASYARAKAT DESA},
          date = {2005},
          langid = {indonesian},
        }
    Good (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat Desa},
          date = {2005},
          langid = {indonesian},
        }
    """
    for entry in site.entries:
        fields = entry.fields
        for field in _TITLES:
            if (value := fields.get(field)) and value.isupper() and _is_shouted(value):
                yield _all_capitals(entry, field, value)
        for field in ("author", "editor"):
            if (value := fields.get(field)) and (name := _CAPITAL_NAME.search(value)):
                yield _all_capitals(entry, field, name[1].strip())


_TITLES = ("title", "subtitle", "booktitle", "maintitle", "journaltitle", "journal", "publisher")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
#: A family name of four capitals or more with a given name of three or more, or with initials.
_CAPITALS = "[A-ZÀ-ÖØ-Þ'-]"
_CAPITAL_NAME = re.compile(rf"(?:^|\sand\s)({_CAPITALS}{{4,}}+(?: {_CAPITALS}{{2,}}+)*, ?{_CAPITALS}++(?:[. ]++{_CAPITALS}++)*\.?)(?=$|\sand\s)")


def _is_shouted(title: str) -> bool:
    """Whether there are three longer words: "SARS-CoV-2", "PLOS ONE" and "COVID-19" are abbreviations."""
    words = _LONG_WORD.findall(title)
    return len(words) > 2 or sum(len(word) > 5 for word in words) > 1


def _all_capitals(entry: Entry, field: str, words: str) -> Fault:
    message = say("“{words}” is all in capitals: write it in the spelling of its language", words=shortened(words))
    return Fault(place_of_words(entry, field, words), message, key=entry.key)


# -- HTML -------------------------------------------------------------------------------------------------------------


@rule("E336")
def html_in_text(site: Site) -> Iterator[Fault]:
    """A field holds HTML.

    It was copied from a web page or a database; a style prints it as it stands. Letters are written themselves, and what is
    italic or raised in LaTeX: \\emph{}, \\textsuperscript{}.

    Bad (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Sawah &amp; Ladang},
          date = {2005},
          langid = {indonesian},
        }
    Good (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Sawah \\& Ladang},
          date = {2005},
          langid = {indonesian},
        }
    """
    for entry, field, _, match in _found(site, _MARKS_OF_HTML, _HTML):
        if match[1]:
            letter = html.unescape(match.group().replace("\\", ""))
            meant = "" if len(letter) > 1 else f"\\{letter}" if letter in "&%$#_{}" else letter
            message = say("“{html}” is HTML: write “{meant}”", html=match.group(), meant=meant) if meant else _is_html(match)
            yield Fault(place_of_words(entry, field, match.group()), message, key=entry.key, suggestion=meant)
        else:
            yield Fault(place_of_words(entry, field, match.group()), _is_html(match), key=entry.key)


def _is_html(match: re.Match) -> Message:
    return say("“{html}” is HTML, which is printed as it stands: write it in LaTeX, or take it out", html=shortened(match.group()))


_MARKS_OF_HTML = re.compile("[&<]")
_TAGS = "i|b|u|em|strong|sup|sub|sc|scp|span|p|br|tt|code|small|font|a|div|italic|bold|inf|jats:[a-z-]+|mml:[a-z]+|math|title"
_ENTITIES = "|".join(name2codepoint)
_HTML = re.compile(rf"\\?&(#\d{{1,7}}|#x[0-9a-f]{{1,6}}|apos|{_ENTITIES});|</?(?:{_TAGS})(?:\s[^<>]*)?/?>", re.IGNORECASE)


# -- LaTeX ------------------------------------------------------------------------------------------------------------


@rule("E338")
def invalid_latex(site: Site) -> Iterator[Fault]:
    """A field is not valid LaTeX.

    In words, & % # _ stand behind a backslash; a % that does not hides the rest of the line, the others stop LaTeX. A formula needs
    a $ on either side, and an accent a letter.

    Bad (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Sawah & Ladang},
          date = {2005},
          langid = {indonesian},
        }
    Good (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Sawah \\& Ladang},
          date = {2005},
          langid = {indonesian},
        }
    """
    for entry, field, value, _ in _found(site, _MARKS_OF_LATEX, _SPECIAL):
        if field in NAME_FIELDS and " & " in value:
            continue  # between names it is no word at all: E334 says what is meant
        if fault := _latex_fault(value):
            around, offset, message = fault
            yield Fault(place_of_words(entry, field, around, offset), message, key=entry.key)


#: What may be wrong: a special letter that no backslash stands before, or an accent with no letter after it.
_MARKS_OF_LATEX = re.compile(r"[&%#_$\\]")
_SPECIAL = re.compile(r"(?<!\\)[&%#_$]|\\['`^\"~=.][\s},]|\\['`\"=.]\{\}")
#: What is not words: escapes, addresses, verbatim text and formulas. A `$` that is left over is matched by itself.
_NOT_WORDS = re.compile(
    r"\\(?:url|path|nolinkurl|verb|cite[a-z]*|ref|label|input|includegraphics|texttt|detokenize)\s?\{[^{}]*\}|\\href\s?\{[^{}]*\}"
    r"|\\\(.{0,500}?\\\)|\\\[.{0,500}?\\\]|\\ensuremath\{[^{}]*\}|\\(?![cu]?['`^\"~=.])."
    r"|\$\$?[^$]*\$\$?|&#?\w{2,31};|https?://[^\s{}]+"
)
_WRONG = re.compile(r"[&%#_$]|\\['`^\"~=.][\s},]|\\['`\"=.]\{\}")


def _latex_fault(value: str) -> tuple[str, int, Message] | None:
    """What is wrong with the LaTeX of a value: (words around it, where it stands in them, a message); None when nothing is."""
    match = _WRONG.search(_NOT_WORDS.sub(lambda words: " " * len(words.group()), value))
    if match is None:
        return None
    mark, start = match.group().strip(" ,}"), max(0, match.start() - 10)
    around = value[start : match.end() + 10]
    if mark.startswith("\\"):
        message = say("the accent “{mark}” in “{around}” has no letter: write the letter with its accent", mark=mark, around=around)
    elif mark == "$":
        message = say("“$” in “{around}” opens a formula that never ends: close it with another, or write “\\$”", around=around)
    else:
        message = say("“{mark}” in “{around}” has a meaning of its own in LaTeX: write “\\{mark}”", mark=mark, around=around)
    return around, match.start() - start, message


# -- Unicode ----------------------------------------------------------------------------------------------------------


@rule("E337")
def not_composed(site: Site) -> Iterator[Fault]:
    """A letter and its accent are two characters where there is one for both.

    The two look the same and are not found by a search for one another. Text on the web is in the normal form C (Unicode Standard
    Annex 15; W3C, “Character Model for the World Wide Web: String Matching”).

    Bad (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Andre\u0301},
          title = {Membangun Masyarakat},
          date = {2005},
          langid = {indonesian},
        }
    Good (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, André},
          title = {Membangun Masyarakat},
          date = {2005},
          langid = {indonesian},
        }
    """
    for entry in _entries_with(_BEYOND_ASCII, site):
        if entry.source is None:
            continue
        text = entry.source.text[slice(*entry.span)]
        if unicodedata.is_normalized("NFC", text):
            continue
        for written in entry.written:
            raw = entry.raw(written)
            if not unicodedata.is_normalized("NFC", raw):
                composed = unicodedata.normalize("NFC", raw)
                at = next((at for at, (one, other) in enumerate(zip(raw, composed, strict=False)) if one != other), 0)
                message = say(
                    "“{letters}” in {field} is not composed: write “{composed}” (NFC)",
                    letters=raw[at : at + 2],
                    field=written.name,
                    composed=composed[at],
                )
                place = entry.place_in(written, at)
                yield Fault(place, message, entry.key, composed[at], Fix(entry.place_in(written), raw, composed))


_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


@rule("E339")
def invisible_character(site: Site) -> Iterator[Fault]:
    """An entry holds a character that no one sees.

    A zero-width space, a soft hyphen, a control character or a mark of direction came along when the text was copied. It parts words
    in a search, and can make a line read otherwise than it is (Unicode Technical Report 36, section 2.10). Joiners and marks of direction are right
    beside the letters of scripts that need them.

    Bad (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun\u200b Masyarakat},
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
    for entry in _entries_with(_INVISIBLE, site):
        if entry.source is None:
            for field, value in entry.fields.items():
                yield from (Fault(entry.place, _is_invisible(mark, field), key=entry.key) for mark in _invisible(value))
        else:
            start, end = entry.span
            for mark, offset in _invisible(entry.source.text[start:end]).items():
                field = next((written.name for written in entry.written if written.start <= start + offset < written.value_end), entry.key)
                yield Fault(entry.source.place(start + offset), _is_invisible(mark, field), key=entry.key)


#: Control characters, and those of Unicode's format characters (Cf) that have no place in a field; U+FFFD stands for a letter that was lost.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffd\U000e0001-\U000e007f]"
)
_NEEDED = re.compile("[\u200c-\u200f\u061c]")
#: Arabic, Hebrew, Indic and other scripts in which joiners or marks of direction are spelling; and emoji, which are joined.
_SCRIPTS = re.compile("[\u0590-\u08ff\u0900-\u0dff\u0e00-\u109f\u1780-\u18af\ufb1d-\ufdff\ufe70-\ufefc\u2600-\u27bf\U0001f300-\U0001faff]")
_OWN_NAMES = {"\x00": "NULL", "\x7f": "DELETE"}


def _invisible(text: str) -> dict[str, int]:
    """Each invisible character of a text, and where it stands first."""
    marks: dict[str, int] = {}
    scripts = _SCRIPTS.search(text)
    for match in _INVISIBLE.finditer(text):
        if not (scripts and _NEEDED.match(match.group())):
            marks.setdefault(match.group(), match.start())
    return marks


def _is_invisible(mark: str, where: str) -> Message:
    name = unicodedata.name(mark, "") or _OWN_NAMES.get(mark, "control character")
    if "\x80" <= mark <= "\x9f" and (letter := bytes([ord(mark)]).decode("cp1252", "ignore")):
        return say("in {where} stands U+{number:04X}, which in Windows-1252 was “{letter}”: write that", where=where, number=ord(mark), letter=letter)
    if mark == "\ufffd":
        return say("in {where} stands U+FFFD, REPLACEMENT CHARACTER, for a letter that was lost: write the letter", where=where)
    return say("in {where} stands the invisible U+{number:04X}, {name}: take it out", where=where, number=ord(mark), name=name)
