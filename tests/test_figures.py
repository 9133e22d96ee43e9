"""Drawings: their words, their lines, their numbers and ids; captions; faults in figures.yml; columns of tables."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import markdown
import pytest
from conftest import ROOT
from lxml import etree

from pustaka.load import load, templates
from pustaka.model import Place
from pustaka.render.extension import PageExtension
from pustaka.render.figures import FigureError, figure, line, lines
from pustaka.syntax import Labels

SVG = "{http://www.w3.org/2000/svg}"
FIGURES = "bibliography/figures.yml"
LABELS: Labels = (("page", ("hlm.", "p.")), ("section", ("bag.", "sec.")))
HOSTILE = """</text> <script> alert(1) </script> "'&amp; {{ 7 * 7 }}"""


def words(text: str) -> dict[str, str]:
    return {"id": text, "en": text}


#: Of every form, a figure with all that it can hold; every word in it is one of these.
NAME, ABOUT, OTHER = "Kebun", "warga menanam sayur", "lain"


def whole(name: str = NAME, about: str = ABOUT) -> dict[str, dict]:
    named = {"name": words(name), "about": words(about)}
    amount = {"before": words(OTHER), "after": words(OTHER)}
    amounts = [amount | {"number": 1234.5}, amount | {"sign": "Rp", "number": 100000}]
    passes = [{"words": words(about)}, {"words": words(about), "back": True}]
    forms = {
        "anatomy": {"foreign": "en", "parts": [{"words": words(OTHER), "name": words(name), "about": words(about)}]},
        "between": {"sides": [words(OTHER)] * 2, "strands": [words(about)], "outcomes": [{"mark": "+", "name": words(name)}] * 2},
        "branches": {"trunk": [named, {"name": words(name)}], "branches": [named | {"amounts": amounts}, {"name": words(name)}]},
        "flow": {"lanes": [words(OTHER)] * 2, "parties": [named | {"passes": passes}, {"name": words(name)}]},
        "paths": {
            "marks": {"heading": words(OTHER), "foreign": "en", "items": [{"term": words(OTHER), "gloss": words(OTHER)}] * 3},
            "boxes": {"heading": words(OTHER), "items": [words(about)]},
        },
        "screen": {
            "foreign": "en",
            "bar": words(OTHER),
            "parts": [{"is": each, **named, "mark": "a"} for each in ("field", "file", "button", "passed", "failed", "waits")]
            + [{"is": "field", "name": words(name)}],
        },
        "steps": {"steps": [{"mark": "a", "name": words(name), "about": words(about)}, {"mark": "b", "name": words(name)}]},
        "timeline": {"events": [{"when": words(name), "what": words(about), "undated": True}, {"when": words(name), "what": words(about)}]},
    }
    return {form: {"form": form, "description": words(about)} | data for form, data in forms.items()}


FORMS = sorted(whole())
each_form = pytest.mark.parametrize("form", FORMS)


def publication(figures: dict[str, dict]) -> SimpleNamespace:
    """What a drawing asks of a publication."""
    places = {name: Place(FIGURES, 7, 3) for name in figures}
    words = {"locators": {"page": {"id": ["hlm."]}}, "languages": {"id": {}}}
    site = SimpleNamespace(figures=figures, figure_places=places, words=words, languages=("id",), glossary=(), page=lambda language, name: None)
    locales = {"id": "id-ID", "en": "en-GB"}
    asked = {
        "language_of": lambda page: page.language,
        "locale": locales.get,
        "explains_terms": lambda page: False,
        "words": lambda language: {"question_answer": ""},
    }
    return SimpleNamespace(site=site, templates=templates(ROOT), **asked)


def drawn(figures: dict[str, dict], name: str, language: str = "id", alternative: str = "Gambar") -> etree._Element:
    return etree.fromstring(figure(publication(figures), SimpleNamespace(language=language), name, alternative, f"figure-{name}"))


def texts(svg: etree._Element) -> str:
    return " ".join("".join(text.itertext()) for text in svg.iter(f"{SVG}text"))


def said(data: object) -> Iterator[str]:
    """The words of a figure but its description, each as often as it is there."""
    if isinstance(data, dict) and "id" in data:
        yield data["id"]
    elif isinstance(data, dict):
        yield from (word for name, value in data.items() if name != "description" for word in said(value))
    elif isinstance(data, list):
        yield from (word for value in data for word in said(value))


# -- Drawings ----------------------------------------------------------------------------------------------------


def test_every_form_is_tried():
    on_disk = {path.stem for path in (ROOT / "overrides" / "figures").glob("*.svg")} - {"parts"}
    assert on_disk == set(FORMS)


@each_form
def test_a_form_prints_all_its_words_and_nothing_inline(form: str):
    svg = drawn(whole(), form, alternative="Kebun & warga")
    due = Counter(" ".join(said(whole()[form])).split())
    assert due
    assert due - Counter(texts(svg).split()) == Counter()
    assert svg.get("role") == "img"
    assert [svg.find(f"{SVG}{part}").text for part in ("title", "desc")] == ["Kebun & warga", ABOUT]
    assert svg.get("aria-labelledby").split() == [svg.find(f"{SVG}{part}").get("id") for part in ("title", "desc")]
    assert not [element.tag for element in svg.iter() if element.tag == f"{SVG}style" or element.get("style") is not None]


@each_form
def test_what_is_drawn_stands_within_the_drawing(form: str):
    svg = drawn(whole(), form)
    height = float(svg.get("viewBox").split()[3])
    lowest = max(float(text.get("y")) for text in svg.iter(f"{SVG}text"))
    assert 0 < height - lowest < 70


@each_form
def test_a_longer_text_makes_a_higher_drawing(form: str):
    low, high = (float(drawn(whole(about=about), form).get("viewBox").split()[3]) for about in (ABOUT, f"{ABOUT} dan buah " * 12))
    assert high > low + 38


@each_form
def test_hostile_words_stay_words(form: str):
    figures = whole(about=HOSTILE)
    svg = drawn(figures, form, alternative=HOSTILE)
    assert "<script>" in texts(svg)
    assert {element.tag.removeprefix(SVG) for element in svg.iter()} <= {"svg", "title", "desc", "g", "path", "circle", "text"}
    assert svg.find(f"{SVG}title").text == HOSTILE
    assert "{{" in texts(svg)
    assert "49" not in texts(svg)


@pytest.mark.parametrize(("language", "amounts"), [("id", ("1.234,5", "Rp100.000")), ("en", ("1,234.5", "Rp100,000"))])
def test_a_number_is_written_as_its_language_writes_it(language: str, amounts: tuple[str, ...]):
    printed = texts(drawn(whole(), "branches", language)).split()
    assert set(amounts) <= set(printed)


def test_of_two_languages_the_page_has_its_own():
    figures = whole()
    figures["steps"]["steps"][0]["name"] = {"id": "Panen", "en": "Harvest"}
    assert ("Panen" in texts(drawn(figures, "steps", "id")), "Harvest" in texts(drawn(figures, "steps", "id"))) == (True, False)
    assert ("Panen" in texts(drawn(figures, "steps", "en")), "Harvest" in texts(drawn(figures, "steps", "en"))) == (False, True)


def test_a_term_in_a_foreign_language_says_so():
    assert {text.get("lang") for text in drawn(whole(), "paths").iter(f"{SVG}text")} == {None, "en"}


def test_an_unknown_figure_names_those_that_there_are():
    with pytest.raises(
        FigureError, match=r"“figure:hilang” names no figure; there are: anatomy, between, branches, flow, paths, screen, steps, timeline"
    ):
        drawn(whole(), "hilang")


@each_form
def test_a_word_that_is_too_wide_is_named_with_its_place(form: str):
    with pytest.raises(FigureError, match=rf"the word “x{{60}}” is wider than its place .*“{form}”, bibliography/figures\.yml:7:3"):
        drawn(whole(about=f"kata {'x' * 60}"), form)


# -- Lines -------------------------------------------------------------------------------------------------------


def test_lines_are_few_and_even():
    assert lines("", 100) == []
    assert lines("warga", 100) == ["warga"]
    assert lines("warga menanam sayur di kebun", 190) == ["warga menanam", "sayur di kebun"]
    assert " ".join(lines("satu dua  tiga\nempat", 60)) == "satu dua tiga empat"


def test_bold_letters_need_more_room():
    room = next(room for room in range(90, 300) if len(lines("warga menanam sayur", room)) == 1)
    assert len(lines("warga menanam sayur", room, bold=True)) == 2


def test_a_line_has_no_second():
    assert line("warga menanam", 200) == "warga menanam"
    with pytest.raises(FigureError, match=r"“warga menanam” is wider than its one line in the drawing: use fewer or shorter words"):
        line("warga menanam", 90)


# -- On a page ---------------------------------------------------------------------------------------------------


def converted(text: str) -> str:
    extension = PageExtension(publication(whole()))
    extension.page = SimpleNamespace(language="id", path="docs/id/index.md", url="id/")
    return markdown.markdown(text, extensions=[extension, "attr_list", "tables"])


def test_what_follows_a_figure_in_its_paragraph_is_its_caption():
    html = converted("Kata.\n\n![Kebun](figure:steps)\nSebuah *kebun* & [lain](#lain).\n\nKata.")
    assert re.search(r"</svg>\s*<figcaption>Sebuah <em>kebun</em> &amp; <a href=\"#lain\">lain</a>\.</figcaption></figure>", html), html
    assert html.count("<p>") == 2


def test_a_figure_without_a_caption_has_none():
    html = converted("![Kebun](figure:steps)")
    assert html.startswith("<figure><svg")
    assert "figcaption" not in html


def test_a_picture_in_the_middle_of_a_sentence_is_no_figure():
    assert "<svg" not in converted("Lihat ![Kebun](figure:steps) ini.")


def test_ids_are_on_a_page_once():
    html = converted("![Satu](figure:steps)\n\n![Dua](figure:flow)\n\n![Tiga](figure:steps)")
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert ids == [f"figure-{name}-{part}" for name in ("steps", "flow", "steps-2") for part in ("title", "desc")]


def test_columns_are_aligned_without_inline_styles():
    html = converted("| a | b | c | d |\n|:---|---:|:---:|---|\n| 1 | 2 | 3 | 4 |\n")
    assert "style=" not in html
    assert re.findall(r"<(t[hd])(?: class=\"(\w+)\")?>", html) == [(cell, side) for cell in ("th", "td") for side in ("", "right", "center", "")]


# -- figures.yml -------------------------------------------------------------------------------------------------


@pytest.fixture
def project_of_words(tmp_path: Path) -> Path:
    """The inputs of the checks alone."""
    for name in ("bibliography", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy2(ROOT / "mkdocs.yml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (
            "a:\n  form: bars\n  description: {id: a, en: a}\n",
            "2:9: F104 “form” is “bars” but must be one of: anatomy, between, branches, flow, paths",
        ),
        ("a:\n  description: {id: a, en: a}\n", "2:3: F104 there must be form too: add “form: …”"),
        ("a:\n  form: steps\n  steps: []\n", "2:3: F104 there must be description too"),
        ("a:\n  form: steps\n  description: {id: a, en: a}\n", "2:3: F104 there must be steps too: add “steps: …”"),
        ("a:\n  form: steps\n  description: {id: a, en: a}\n  steps: []\n", "4:10: F104 “steps” has 0 items and must have at least 1: add to it"),
        ("a:\n  form: steps\n  description: {id: a, en: a}\n  step: []\n", "4:9: F104 there is no field “step” here: did you mean “steps”?"),
        (
            "a:\n  form: steps\n  description: {id: a, en: a}\n  steps:\n    - {mark: a, nama: {id: a}}\n",
            "5:7: F104 there must be name too: add “name: …”",
        ),
        (
            "a:\n  form: flow\n  description: {id: a, en: a}\n  lanes: [{id: a}]\n"
            "  parties: [{name: {id: a}, passes: [{words: {id: a}}, {words: {id: a}}]}, {name: {id: a}}]\n",
            "5:37: F104 “passes” has 2 items and must have at most 1: take some out",
        ),
        (
            "a:\n  form: branches\n  description: {id: a, en: a}\n  trunk: [{name: {id: a}}]\n"
            '  branches: [{name: {id: a}, amounts: [{before: {id: a}, number: "50", after: {id: a}}]}]\n',
            "5:66: F104 “number” is “50” but must be a number, without quotation marks",
        ),
        ("a:\n  form: steps\n  description: kata\n  steps: [{mark: a, name: {id: a}}]\n", "3:16: F104 “description” is “kata” but must be fields"),
    ],
)
def test_a_fault_in_the_words_is_told_with_its_place(data: str, fault: str, project_of_words: Path):
    (project_of_words / FIGURES).write_text(data, "utf-8")
    found = [str(finding) for finding in load(project_of_words)[1]]
    assert any(line.startswith(f"{FIGURES}:{fault}") for line in found), found


def test_words_that_one_language_lacks_are_told(project_of_words: Path):
    from pustaka.rules import check

    (project_of_words / FIGURES).write_text("a:\n  form: steps\n  description: {id: a, en: a}\n  steps: [{mark: a, name: {id: nama}}]\n", "utf-8")
    found = [str(finding) for finding in check(load(project_of_words)[0])]
    assert any("L405" in line and "a.steps.0.name" in line and "“en”" in line for line in found), found
