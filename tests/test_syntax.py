"""The citation syntax: what is a citation, what is none, and what is meant as one and cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pustaka.model import Citation, Locator, Place
from pustaka.syntax import find_groups, labels_from, mask_code, parse_locator

TERMS = Path(__file__).parents[1] / "bibliography" / "terms.yml"
LABELS = labels_from(yaml.safe_load(TERMS.read_text("utf-8"))["locators"])


def groups(text: str):
    return [group for _, _, group in find_groups(mask_code(text), lambda offset: Place("x.md", 1, offset + 1), LABELS)]


def keys(text: str) -> list[str]:
    return [citation.key for group in groups(text) for citation in group.citations]


@pytest.mark.parametrize(
    "text, found",
    [
        ("[@a]", "a"),
        ("[@a; @b;@c]", "a b c"),
        ("[lihat @a, hlm. 5; juga @b]", "a b"),
        ("[-@a]", "a"),
        ("kata @a dan @b.", "a b"),
        ("@a [hlm. 5]", "a"),
        ("(@a)", "a"),
        ("*@a*", "a"),
        ("[@a]: kata", "a"),
        ("[kata\n@a]", "a"),
        ("@al-bahri:2020_b.c/d+e, @x.", "al-bahri:2020_b.c/d+e x"),  # a closing mark is no part of the key
        ("@kunci2020. Kata", "kunci2020"),
        ("@kúnci", "kúnci"),
        ("[@a][@b]", "b"),  # the first is the text of a reference link
    ],
)
def test_citations(text, found):
    assert keys(text) == found.split()


@pytest.mark.parametrize(
    "text",
    [
        "surel@contoh.id",
        "nama.surel+label@contoh.id",
        "<surel@contoh.id>",
        r"\@a",
        r"[\@a]",
        "`@a`",
        "`` [@a] ` ``",
        "<!-- @a -->",
        "[kata @a](https://contoh.id)",
        "![gambar @a](figure:a)",
        "[@a](https://contoh.id)",
        "https://contoh.id/@a",
        "@ a",
        "@@a",
        "kata",
    ],
)
def test_no_citations(text):
    assert groups(text) == []


@pytest.mark.parametrize(
    "text, prefix, locator, suffix, author",
    [
        ("[@a]", "", None, "", True),
        ("[-@a, hlm. 5]", "", (("page", "5"),), "", False),
        ("[lihat juga @a, hlm. 5 dan catatan]", "lihat juga", (("page", "5"),), "dan catatan", True),
        ("[@a, misalnya]", "", None, "misalnya", True),
        ("[@a, 33-35]", "", (("page", "33-35"),), "", True),
        ("[@a pp. 33--35, 38]", "", (("page", "33--35, 38"),), "", True),
        ("[@a, hlm. xii]", "", (("page", "xii"),), "", True),
        ("[@a, hlm. A5]", "", (("page", "A5"),), "", True),
        ("[@a, bag. Hasil dan Pembahasan]", "", (("section", "Hasil dan Pembahasan"),), "", True),
        ("[@a, sec. Abstrak, para. 5]", "", (("section", "Abstrak"), ("paragraph", "5")), "", True),
        ("[@a, bagian Tabel 1]", "", (("section", "Tabel 1"),), "", True),
        ("[@a, BAB 2]", "", (("chapter", "2"),), "", True),
        ("[@a, babak kedua]", "", None, "babak kedua", True),
        ("[@a, hlm.]", "", None, "hlm.", True),
    ],
)
def test_parts_of_a_citation(text, prefix, locator, suffix, author):
    [group] = groups(text)
    assert not group.narrative
    assert group.citations == (Citation("a", group.citations[0].place, prefix, Locator(locator) if locator else None, suffix, author),)


def test_narrative():
    [first, second] = groups("Menurut @a [hlm. 5, catatan], juga @b (kata).")
    assert (first.narrative, first.raw) == (True, "@a [hlm. 5, catatan]")
    assert (first.citations[0].locator, first.citations[0].suffix) == (Locator((("page", "5"),)), "catatan")
    assert (second.raw, second.citations[0].locator) == ("@b", None)


def test_places():
    [group] = groups("Kata [lihat @a; -@b].")
    assert group.place.column == 6
    assert [citation.place.column for citation in group.citations] == [13, 18]


@pytest.mark.parametrize(
    "text, raw, fault",
    [
        ("[@a; b]", "[@a; b]", "“b” holds no @key"),
        ("[@a;]", "[@a;]", "there is nothing between two semicolons"),
        ("[@a @b]", "[@a @b]", "“@a @b” holds two keys: part them with a semicolon"),
        ("[@a, hlm. 5", "[@a, hlm. 5", "its bracket is not closed: end it with “]”"),
        ("[lihat @a [kata]", "[lihat @a", "its bracket is not closed: end it with “]”"),
        ("kata -@a kata", "-@a", "without its author a work is cited in a bracket: write “[-@a]”"),
    ],
)
def test_what_cannot_be_read(text, raw, fault):
    [group] = groups(text)
    assert (group.raw, str(group.fault)) == (raw, fault)


def test_faulty_bracket_hides_no_key():
    assert keys("[@a; b] [@c] [@d [@e] [@f @g]") == ["a", "c", "d", "e", "f", "g"]


def test_mask_keeps_every_position():
    text = "a `@b` <!-- @c\n --> [@d](e) f"
    masked = mask_code(text)
    assert len(masked) == len(text)
    assert masked.replace(" ", "") == "a\nf"


def test_labels_of_all_languages_are_read_on_every_page():
    assert [parse_locator(f", {label} 7", LABELS)[0].label for label in ("hlm.", "p.", "bag.", "sec.", "tabel", "table")] == [
        *("page", "page", "section", "section", "table", "table")
    ]


def test_ten_thousand_brackets_are_read_at_once():
    assert keys("[" * 10_000 + "@a" + "]" * 10_000) == ["a"]
    assert len(groups("@a [" * 5_000)) == 5_000


@pytest.mark.parametrize(
    "locator, label, value",
    [
        ("hal. 12", "hal.", "12"),
        ("hal: 12", "hal", "12"),
        ("hlm 12", "hlm", "12"),
        ("hlm.12", "hlm.", "12"),
        ("h. 12", "h.", "12"),
        ("p 12", "p", "12"),
        ("hlm.: 12–14", "hlm.", "12–14"),
    ],
)
def test_labels_as_people_write_them(locator, label, value):
    [citation] = groups(f"[@a, {locator}]")[0].citations
    assert (citation.locator.labels, citation.locator.parts) == ((label,), (("page", value),))


def test_a_word_that_begins_like_a_label_is_none():
    [citation] = groups("[@a, p value]")[0].citations
    assert (citation.locator, citation.suffix) == (None, "p value")
