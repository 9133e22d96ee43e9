"""The reader of .bib texts: what is printed in any style is read back, pybtex reads the same, and no text whatever stops it."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pybtex.errors
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pybtex.database.input.bibtex import Parser
from pybtex.exceptions import PybtexError

from pustaka.bib import LONGEST_VALUE, MONTHS, Bibliography
from pustaka.model import Message, Place

PATH = "x.bib"


def read(*texts: str) -> tuple[Bibliography, list[tuple[Place, str]]]:
    """What texts hold, and what is wrong with them."""
    faults: list[tuple[Place, str]] = []

    def fault(place: Place, message: Message) -> None:
        faults.append((place, str(message)))

    bibliography = Bibliography(fault)
    for text in texts:
        bibliography.read(text, PATH)
    return bibliography, faults


def examples(number: int):
    """The same examples at every run, however busy the machine is."""
    return settings(max_examples=number, derandomize=True, deadline=None, database=None)


# -- Bibliographies in many styles ------------------------------------------------------------------------------------

NAMES = ("author", "title", "date", "journaltitle", "Publisher", "NOTE", "pages", "keywords", "doi", "langid", "x-y_z", "url+a")
TYPES = ("book", "Article", "misc", "ONLINE", "incollection", "x-1")

keys = st.from_regex(r"[a-zA-Z0-9é][\w:.+/*'-]{0,8}", fullmatch=True)
_words = st.text("abcXYZ019é–&~$#@,=:;%()'`^_|\\/<>. \n\t", max_size=12)
_balanced = st.recursive(_words, lambda inner: st.lists(inner | inner.map("{{{}}}".format), max_size=3).map("".join), max_leaves=4)
_numbers = st.integers(0, 3000).map(str)
_blanks = st.sampled_from(["", "", " ", "\n", "\t", "\n  ", " \n\n "])
_comments = st.sampled_from(["", "Kata pengantar.\n", "% sebuah { catatan @book{a,\n", "dewi(a)contoh.id } { \n", "@comment{jabref-meta: a;}\n"])


@dataclass(frozen=True)
class Written:
    """An entry as it is printed, and what must be read of it."""

    text: str
    type: str
    key: str
    fields: dict[str, str]
    raw: dict[str, str]


@st.composite
def parts(draw) -> tuple[str, str]:
    """One part of a value: (as it is printed, the words that it stands for)."""
    style = draw(st.sampled_from(["braces", "braces", "quotes", "number", "month"]))
    if style == "number":
        number = draw(_numbers)
        return number, number
    if style == "month":
        return draw(st.sampled_from([("jan", "jan"), ("DEC", "dec"), ("satu", "Jurnal Kebun"), ("Dua", "Dinas {Desa}")]))
    words = draw(_balanced)
    if style == "quotes":
        return f'"{words}"', words
    return f"{{{words}}}", words


@st.composite
def written_entries(draw, key: str, blanks: st.SearchStrategy[str]) -> Written:
    kind, opening = draw(st.sampled_from(TYPES)), draw(st.sampled_from(["{", "{", "("]))
    text = f"@{draw(st.sampled_from(['', ' ']))}{kind}{draw(_blanks)}{opening}{draw(blanks)}{key}{draw(blanks)}"
    fields, raw = {}, {}
    for name in draw(st.lists(st.sampled_from(NAMES), unique_by=str.lower, max_size=5)):
        pieces = draw(st.lists(parts(), min_size=1, max_size=3))
        printed = f"{draw(blanks)}#{draw(blanks)}".join(piece for piece, _ in pieces)
        text += f",{draw(blanks)}{name}{draw(_blanks)}={draw(_blanks)}{printed}{draw(blanks)}"
        fields[name] = " ".join("".join(words for _, words in pieces).split())
        raw[name] = printed
    trailing = st.sampled_from(["", ","]) if fields or opening == "{" else st.just(",")  # @book(a) has the key “a)”, for BibTeX
    text += draw(trailing) + draw(blanks) + ("}" if opening == "{" else ")")
    return Written(text, kind, key, fields, raw)


@st.composite
def bibliographies(draw, blanks: st.SearchStrategy[str] = _blanks, comments: st.SearchStrategy[str] = _comments) -> tuple[str, list[Written]]:
    entries = [draw(written_entries(key, blanks)) for key in draw(st.lists(keys, unique_by=str.lower, max_size=4))]
    strings = '@string{satu = {Jurnal Kebun}}\n@STRING(dua = "Dinas " # {{Desa}})\n'
    return strings + "".join(draw(comments) + entry.text + "\n" for entry in entries) + draw(comments), entries


@examples(150)
@given(bibliographies(blanks=_blanks | st.just(" % kata }, @book{\n")))
def test_what_is_printed_in_any_style_is_read_back(printed):
    text, entries = printed
    bibliography, faults = read(text)
    assert faults == []
    assert [(entry.key, entry.type, dict(entry.fields)) for entry in bibliography.entries] == [
        (entry.key, entry.type.lower(), {name.lower(): value for name, value in entry.fields.items()}) for entry in entries
    ]
    for entry, written in zip(bibliography.entries, entries, strict=True):
        start, end = entry.span
        assert text[start:end] == written.text
        assert entry.place == entry.source.place(start)
        assert {field.name: entry.raw(field) for field in entry.written} == written.raw
        for field in entry.written:
            line = text.split("\n")[entry.place_of(field.name.lower()).line - 1]
            assert line[entry.place_of(field.name.lower()).column - 1 :].startswith(field.name)


def pybtex_reads(text: str) -> dict[str, tuple[str, dict[str, str]]]:
    """What pybtex reads: (type, fields) by key. Names of persons and months are left as they are written, white space is folded."""
    with pybtex.errors.capture() as errors:
        data = Parser(person_fields=[], macros={month: month for month in MONTHS}).parse_string(text)
    if errors:
        raise errors[0]
    return {key: (entry.type, {name.lower(): " ".join(value.split()) for name, value in entry.fields.items()}) for key, entry in data.entries.items()}


def we_read(text: str) -> dict[str, tuple[str, dict[str, str]]]:
    return {entry.key: (entry.type, dict(entry.fields)) for entry in read(text)[0].entries}


@examples(100)
@given(bibliographies(comments=st.sampled_from(["", "Kata pengantar.\n"])))
def test_pybtex_reads_the_same(printed):
    text, _ = printed
    assert we_read(text) == pybtex_reads(text)


@pytest.mark.parametrize(
    "text, theirs, mine",
    [
        # pybtex stops at the first fault of an entry and loses it
        ("@book{a, title = {b} date = {2020}}", "syntax error", {"a": ("book", {"title": "b", "date": "2020"})}),
        ("@book{a, title = {b}, title = {c}}", "duplicate title", {"a": ("book", {"title": "b"})}),
        ("@book{a, title = kata}", "undefined", {"a": ("book", {"title": ""})}),
        # a percent sign between fields comments out the rest of the line for biber and pandoc, and is an error for pybtex
        ("@book{a, % kata\n title = {b}}", "syntax error", {"a": ("book", {"title": "b"})}),
        # and so it does between entries, where pybtex reads on
        ("% @book{a, title = {b}}", {"a": ("book", {"title": "b"})}, {}),
    ],
)
def test_where_pybtex_reads_something_else(text, theirs, mine):
    assert we_read(text) == mine
    if isinstance(theirs, str):
        with pytest.raises(PybtexError, match=theirs):
            pybtex_reads(text)
    else:
        assert pybtex_reads(text) == theirs


# -- Text of any kind ----------------------------------------------------------------------------------------------------

_MARKS = ["@", "{", "}", "(", ")", '"', "#", "=", ",", "%", "\n", " ", "\\"]
_PIECES = ["@book{a", "@book{", "@string{a = ", "@comment{", "@preamble{", "title = {", 'note = "', "date = 2020", "a", "b = a", "\0", "\u202e", "é"]

some_text = st.text(max_size=60) | st.lists(st.sampled_from(_MARKS + _PIECES), max_size=40).map("".join)


@examples(400)
@given(some_text)
def test_no_text_stops_the_reading_and_every_place_is_right(text):
    bibliography, faults = read(text)
    lines = text.split("\n")
    end_before = 0
    for entry in bibliography.entries:
        start, end = entry.span
        assert end_before <= start < end <= len(text)
        assert text[start] == "@"
        end_before = end
        for field in entry.written:
            assert text[field.start :].startswith(field.name)
            assert start < field.start < field.value_start < field.value_end <= end
    for place, message in faults:
        assert message.startswith("not valid BibLaTeX: ")
        assert 1 <= place.line <= len(lines) and 1 <= place.column <= len(lines[place.line - 1]) + 1


_ENTRIES = [f'@article{{kunci{number},\n  author = {{Sari, Dewi}},\n  title = "Kebun {{Desa}}",\n  date = {{2020}},\n}}\n' for number in range(5)]


@examples(300)
@given(st.integers(0, 4), st.integers(0, len(_ENTRIES[0]) - 2), st.sampled_from(["", *_MARKS]), st.booleans())
def test_a_broken_entry_hides_no_other(broken, position, mark, instead):
    entry = _ENTRIES[broken]
    changed = entry[:position] + mark + entry[position + (1 if instead or not mark else 0) :]
    bibliography, faults = read("".join(changed if number == broken else other for number, other in enumerate(_ENTRIES)))
    whole = we_read("".join(_ENTRIES))
    found = {entry.key: (entry.type, dict(entry.fields)) for entry in bibliography.entries}
    for number in set(range(len(_ENTRIES))) - {broken}:
        assert found[f"kunci{number}"] == whole[f"kunci{number}"]
    first = broken * _ENTRIES[0].count("\n") + 1
    last = first + changed.count("\n")
    assert all(first <= place.line <= last for place, _ in faults), faults
    fields = sum(len(entry.written) for entry in bibliography.entries)
    if not faults and mark != "%" and len(found) == len(_ENTRIES):  # what is lost is said; but a comment is no loss
        assert fields >= sum(len(fields) for _, fields in whole.values())


@pytest.mark.parametrize(
    "text, place, message",
    [
        (
            "@book{a,\n title = {b}},\n date = {2020},\n}\n",
            (3, 2),
            "in the entry “a” a brace before “date” closes the entry too early: take that brace out",
        ),
        (
            "@book{a,\n title = {b}}\n date = 2020\n}\n",
            (3, 2),
            "in the entry “a” a brace before “date” closes the entry too early: take that brace out",
        ),
        (
            "@book{a,\n title = b},\n date = {2020},\n}\n",
            (3, 2),
            "in the entry “a” a brace before “date” closes the entry too early: take that brace out",
        ),
        ("@preamble{ {a}\n", (1, 1), "it never ends: close every brace and quotation mark that it opens"),
        ("@book{a, title = {b},, ,\n,}\n", (1, 22), "in the entry “a” there is a comma too many: take one out"),
        ("  @book\n", (1, 3), "“@book” must be followed by a brace: write “@book{key,”"),
    ],
)
def test_what_is_lost_is_said(text, place, message):
    _, faults = read(text)
    assert faults == [(Place(PATH, *place), f"not valid BibLaTeX: {message}")]


@pytest.mark.parametrize(
    "text",
    [
        "Surel: dewi@contoh.id, @kebun",
        "@book{a, title = {b}}\n},\n",  # what stands between entries is a comment, however odd
        "@book{a, title = {b}},\n@book{c, title = {d}},\n",
        "@book{a, title = {b}}\n% date = {2020},\n",
        "@comment{kata",
    ],
)
def test_comments_are_no_faults(text):
    assert read(text)[1] == []


# -- As long as the text, no longer ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "@comment{" * 11_000,
        "@preamble{" * 10_000,
        "@comment{" + "@a " * 33_000,
        "@comment{" + "@book{a " * 12_000,
        "@book{a, title = {" + "\n@book{a" * 12_000,
        "@book{a, title = {" * 6_000,
        '@book{a, title = "\n' * 6_000,
        "@book{a, title = " + "{" * 100_000,
        "@book{a, title = " + "{" * 50_000 + "}" * 50_000 + "}",
        "@book{a, title = {" + "{}" * 50_000 + "}}",
        "@book{" + "a" * 100_000,
        "@" * 100_000,
        "@" + " " * 100_000,
        "@book" + "\n" * 100_000,
        "@book{a," + " %\n" * 33_000,
        "@book{a, title = {b}" + " # {b}" * 16_000 + "}",
        "@book{a" + ", b = {c}" * 11_000 + "}",
        "@book{a" + "," * 100_000,
        "@book{a, title " + "=" * 100_000,
        "@string{a = {b}}\n" * 6_000,
        " \n" * 50_000,
    ],
    ids=lambda text: text[:18],
)
def test_100_000_characters_are_read_at_once(text):
    before = time.process_time()
    read(text)
    assert time.process_time() - before < 1


def test_strings_that_blow_up_are_cut_off():
    lines = ["@string{a0 = {0123456789}}"] + [f"@string{{a{n} = {' # '.join([f'a{n - 1}'] * 10)}}}" for n in range(1, 40)]
    bibliography, faults = read("\n".join([*lines, "@book{b, title = a39}", "@book{c, title = {Kebun}}"]))
    assert len(bibliography.entries[0].fields["title"]) <= LONGEST_VALUE
    assert bibliography.entries[1].fields["title"] == "Kebun"
    assert faults[0][0].line == 7 and "by its @strings: mend them" in faults[0][1]


def test_a_string_of_one_file_holds_in_the_next():
    bibliography, faults = read("@string{jk = {Jurnal Kebun}}", "@book{a, title = jk}")
    assert (bibliography.entries[0].fields, faults) == ({"title": "Jurnal Kebun"}, [])
