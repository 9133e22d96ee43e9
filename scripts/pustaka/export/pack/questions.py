"""The questions of a study's teaching page, for learning platforms: Moodle XML and GIFT.

The quiz becomes questions with one right option, the discussion's three levels become questions to be answered in words. They are
made from the page's HTML, so that citations read as they do on the page; links become absolute.

Sources: MoodleDocs, "Moodle XML format" and "GIFT format".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import urljoin

import lxml.etree
import lxml.html
from lxml.builder import E
from lxml.html import HtmlElement

from pustaka.export.book.chapters import copied, inner, parsed
from pustaka.export.pack import imprint
from pustaka.model import TEACHING, Page, Question, Study
from pustaka.render.publication import Publication

#: The ids of the headings under which it asks for discussion, the easiest level first.
LEVELS = ("understanding", "analysis", "judgement")

#: The longest name that Moodle keeps of a question.
_LONGEST_NAME = 250

#: What GIFT reads as its own, wherever it stands.
_GIFT_MARKS = re.compile(r"[~=#{}:\\]")

_KEPT_ATTRIBUTES = frozenset({"href", "lang", "dir", "title", "type", "start", "colspan", "rowspan", "scope"})


@dataclass(frozen=True)
class Choice:
    """A question with its options, (HTML, whether it is right), and why that one is right, as HTML."""

    identifier: str
    number: int
    text: str
    options: tuple[tuple[str, bool], ...]
    explanation: str

    @property
    def name(self) -> str:
        return _name(self.number, self.text)


@dataclass(frozen=True)
class Topic:
    """A question to be answered in words: HTML; `level` is the heading it stands under, as text, and `level_id` that heading's id."""

    identifier: str
    number: int
    text: str
    level: str
    level_id: str

    @property
    def name(self) -> str:
        return f"{self.level}: {_name(self.number, self.text)}"[:_LONGEST_NAME]


@dataclass(frozen=True)
class QuestionBank:
    """A study's questions in a language. `category` is the path of folders they are kept in, `about` where they come from, as HTML.

    `right` and `wrong` are said to whoever chose an option; `notes` tell the same as `about`, line by line, as text.
    """

    study: Study
    language: str
    category: tuple[str, ...]
    about: str
    notes: tuple[str, ...]
    right: str
    wrong: str
    tags: tuple[str, ...]
    choices: tuple[Choice, ...]
    topics: tuple[Topic, ...]


def question_bank(publication: Publication, study: Study, language: str, contents: Mapping[str, str]) -> QuestionBank | None:
    """The questions of a study in a language; None where its teaching page asks none.

    Args:
        contents: the HTML of each page's text, by the page's path.
    """
    page = publication.site.page(language, study.page_name(TEACHING))
    if page is None or page.path not in contents:
        return None
    body = parsed(contents[page.path])
    _lead(body, publication.canonical(page))
    prefix = f"{study.code}-{language}"
    choices, topics = tuple(_choices(page, body, prefix)), tuple(_topics(body, prefix))
    if not choices and not topics:
        return None
    words = publication.words(language)
    notes = imprint.notes(publication, study, page)
    return QuestionBank(
        study,
        language,
        (publication.settings.name, study.short[language], publication.site.words["languages"][language]["name"]),
        "".join(f"<p>{escape(line, quote=False)}</p>" for line in notes),
        notes,
        words["question_right"],
        words["question_wrong"],
        (publication.settings.name, study.short[language]),
        choices,
        topics,
    )


# -- Read from the page ------------------------------------------------------------------------------------------


def _lead(body: HtmlElement, base: str) -> None:
    """Make the links of a page absolute, and take off what only its own styles and scripts know."""
    for element in body.iter(lxml.etree.Element):
        if element.get("href") is not None:
            element.set("href", urljoin(base, element.get("href").strip()))


def _choices(page: Page, body: HtmlElement, prefix: str) -> Iterator[Choice]:
    asked = {question.id: question for question in page.questions}
    for block in body.iter("div"):
        question = asked.get(block.get("id")) if block.get("class") == "question" else None
        if question and (choice := _choice(question, block, f"{prefix}-{question.number}")):
            yield choice


def _choice(question: Question, block: HtmlElement, identifier: str) -> Choice | None:
    """A question as the page prints it; None where that is no question with one right option, which the rules have told."""
    title, options, folded = (block.find(path) for path in ("p", "ol", "details"))
    rights = [right for _, right in question.options]
    if title is None or options is None or folded is None or len(options) != len(rights) or sum(rights) != 1:
        return None
    text = _html(title).removeprefix(f"{question.number}.").strip()
    explanation = "".join(map(_outer, folded[2:]))  # behind the summary and the right option
    return Choice(identifier, question.number, text, tuple(zip(map(_html, options), rights, strict=True)), explanation)


def _topics(body: HtmlElement, prefix: str) -> Iterator[Topic]:
    """The items of the lists under the headings of the discussion, each with the paragraphs above its list."""
    for heading in body.iter("h3"):
        identifier = heading.get("id")
        if identifier not in LEVELS:
            continue
        level, number, above = " ".join(heading.text_content().split()), 0, []
        for element in heading.itersiblings(lxml.etree.Element):
            if element.tag in ("h2", "h3"):
                break
            if element.tag == "p":
                above.append(_outer(element))
            elif element.tag in ("ol", "ul"):
                for item in element.iterchildren("li"):
                    number += 1
                    asked = _html(item)
                    asked = asked if item.find("p") is not None else f"<p>{asked}</p>"
                    yield Topic(f"{prefix}-{identifier}-{number}", number, "".join(above) + asked, level, identifier)
                above = []


def _html(element: HtmlElement) -> str:
    """What stands in an element, as HTML."""
    return inner(_plain(element), "html").strip()


def _outer(element: HtmlElement) -> str:
    return lxml.etree.tostring(_plain(element), encoding="unicode", method="html").strip()


def _plain(element: HtmlElement) -> HtmlElement:
    """A copy without classes and ids, which a platform has for itself, and without the elements that only carried them."""
    copy = copied(element)
    for each in list(copy.iter(lxml.etree.Element)):
        for name in [name for name in each.attrib if name not in _KEPT_ATTRIBUTES]:
            del each.attrib[name]
        if each is not copy and each.tag == "span" and not each.attrib:
            each.drop_tag()
    return copy


def text_of(html: str) -> str:
    """The words of some HTML."""
    return " ".join(lxml.html.fragment_fromstring(html, create_parent="div").text_content().split())


def _name(number: int, html: str) -> str:
    """What a question is called in a list: its number, so that it keeps its place, and its words."""
    words = text_of(re.sub(r"</p>\s*<p>", " ", html))
    name = f"{number:02} {words}"
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}…"


# -- Moodle XML --------------------------------------------------------------------------------------------------


def moodle_xml(bank: QuestionBank) -> bytes:
    """The questions as Moodle XML: the quiz in one category, the discussion in another below it."""
    quiz = lxml.etree.Element("quiz")
    quiz.append(_category(bank, bank.category, bank.about))
    quiz.extend(_multichoice(bank, choice) for choice in bank.choices)
    for level in dict.fromkeys(topic.level for topic in bank.topics):
        quiz.append(_category(bank, (*bank.category, level), ""))
        quiz.extend(_essay(bank, topic) for topic in bank.topics if topic.level == level)
    lxml.etree.indent(quiz)
    return lxml.etree.tostring(quiz, xml_declaration=True, encoding="UTF-8") + b"\n"


def _category(bank: QuestionBank, path: tuple[str, ...], about: str) -> lxml.etree._Element:
    name = "/".join(("$course$", "top", *(part.replace("/", "//") for part in path)))
    info = E.info(E.text(about), format="html")
    return E.question(E.category(E.text(name)), info, type="category")


def _formatted(name: str, html: str, **attributes: str) -> lxml.etree._Element:
    return E(name, E.text(html), format="html", **attributes)


def _multichoice(bank: QuestionBank, choice: Choice) -> lxml.etree._Element:
    question = E.question(
        E.name(E.text(choice.name)),
        _formatted("questiontext", _spoken(bank, f"<p>{choice.text}</p>")),
        _formatted("generalfeedback", _spoken(bank, choice.explanation)),
        E.defaultgrade("1"),
        E.penalty("0.3333333"),
        E.hidden("0"),
        E.idnumber(choice.identifier),
        E.single("true"),
        E.shuffleanswers("true"),
        E.answernumbering("abc"),
        E.showstandardinstruction("0"),
        type="multichoice",
    )
    for html, right in choice.options:
        answer = _formatted("answer", _option(bank, html), fraction="100" if right else "0")
        answer.append(_formatted("feedback", _feedback(bank, right)))
        question.append(answer)
    question.append(_tags(bank.tags))
    return question


def _essay(bank: QuestionBank, topic: Topic) -> lxml.etree._Element:
    return E.question(
        E.name(E.text(topic.name)),
        _formatted("questiontext", _spoken(bank, topic.text)),
        _formatted("generalfeedback", ""),
        E.defaultgrade("1"),
        E.penalty("0"),
        E.hidden("0"),
        E.idnumber(topic.identifier),
        E.responseformat("editor"),
        E.responserequired("1"),
        E.responsefieldlines("15"),
        E.attachments("0"),
        E.attachmentsrequired("0"),
        _formatted("graderinfo", ""),
        _formatted("responsetemplate", ""),
        _tags((*bank.tags, topic.level)),
        type="essay",
    )


def _tags(tags: tuple[str, ...]) -> lxml.etree._Element:
    return E.tags(*(E.tag(E.text(tag)) for tag in tags))


def _spoken(bank: QuestionBank, html: str) -> str:
    """HTML that says its language, for whoever hears it read on a platform of another."""
    return f'<div lang="{escape(bank.language)}">{html}</div>'


def _option(bank: QuestionBank, html: str) -> str:
    return f'<p lang="{escape(bank.language)}">{html}</p>'


def _feedback(bank: QuestionBank, right: bool) -> str:
    return _option(bank, escape(bank.right if right else bank.wrong, quote=False))


# -- GIFT --------------------------------------------------------------------------------------------------------


def gift(bank: QuestionBank) -> bytes:
    """The questions as GIFT; what begins with // is for people, but for the id that Moodle reads there."""
    parts = ["\n".join(f"// {line}" for line in bank.notes), _gift_category(bank.category)]
    parts += [_gift_choice(bank, choice) for choice in bank.choices]
    for level in dict.fromkeys(topic.level for topic in bank.topics):
        parts.append(_gift_category((*bank.category, level)))
        parts += [_gift_topic(bank, topic) for topic in bank.topics if topic.level == level]
    return ("\n\n".join(parts) + "\n").encode("utf-8")


def _gift_category(path: tuple[str, ...]) -> str:
    return "$CATEGORY: " + "/".join(("$course$", "top", *(_one_line(part).replace("/", "//") for part in path)))


def _gift_choice(bank: QuestionBank, choice: Choice) -> str:
    lines = [_gift_begin(choice.identifier, choice.name, _spoken(bank, f"<p>{choice.text}</p>")) + " {"]
    lines += [f"{'=' if right else '~'}{_escaped(_option(bank, html))}#{_escaped(_feedback(bank, right))}" for html, right in choice.options]
    lines.append(f"####{_escaped(_spoken(bank, choice.explanation))}")
    return "\n".join([*lines, "}"])


def _gift_topic(bank: QuestionBank, topic: Topic) -> str:
    return _gift_begin(topic.identifier, topic.name, _spoken(bank, topic.text)) + " {}"


def _gift_begin(identifier: str, name: str, html: str) -> str:
    return f"// [id:{identifier}]\n::{_escaped(name)}::[html]{_escaped(html)}"


def _escaped(text: str) -> str:
    """Text in which GIFT reads no mark of its own, on one line: an empty one would end the question."""
    return _GIFT_MARKS.sub(lambda mark: f"\\{mark.group()}", _one_line(text))


def _one_line(text: str) -> str:
    return " ".join(text.split())
