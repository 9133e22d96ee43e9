"""Questions of a quiz on a page: the options as an ordered list, the answer folded below them, which needs no script.

It works on the tree that Python-Markdown makes of `/// question | Text?`, an admonition of that name.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Iterator
from copy import deepcopy
from string import ascii_lowercase

#: How an option begins: "[x]" is right, "[ ]" is not.
_MARK = re.compile(r"\[(?P<mark>[ xX])\]\s*")


def lay_out(root: etree.Element, answer: str) -> None:
    """Lay out the questions of a page, in its order; what is no list of marked options stays as it is, for the rules have told of it.

    Args:
        root: the page's tree, changed in place.
        answer: what the answer is called: "Answer" makes "Answer 1".
    """
    for number, block in enumerate(_questions(root), 1):
        options = block.find("ul")
        title = block.find("p[@class='admonition-title']")
        if title is not None and options is not None and list(block).index(options) == 1:
            _lay_out(block, title, options, number, answer)


def _questions(root: etree.Element) -> Iterator[etree.Element]:
    for element in root.iter("div"):
        if "question" in element.get("class", "").split():
            yield element


def _lay_out(block: etree.Element, title: etree.Element, options: etree.Element, number: int, answer: str) -> None:
    right = [index for index, option in enumerate(options) if _unmarked(option) in ("x", "X")]
    block.attrib = {"class": "question", "id": f"question-{number}"}
    title.attrib = {"class": "asked"}
    title.text = f"{number}. {title.text or ''}"
    options.tag, options.attrib = "ol", {"class": "options", "type": "a"}
    explanation = list(block)[2:]
    folded = etree.Element("details")
    etree.SubElement(folded, "summary").text = f"{answer} {number}"
    folded.extend(_told(options[index], ascii_lowercase[index]) for index in right if index < len(ascii_lowercase))
    folded.extend(explanation)
    block[:] = [title, options, folded]


def _unmarked(option: etree.Element) -> str:
    """The mark of an option, which is taken off it; "" where it has none."""
    words = option[0] if len(option) and option[0].tag == "p" and not (option.text or "").strip() else option
    mark = _MARK.match((words.text or "").lstrip())
    if mark is None:
        return ""
    words.text = words.text.lstrip()[mark.end() :]
    if words is not option and len(option) == 1:  # with lines between them, each option is a paragraph
        option.text, option[:] = words.text, list(words)
    return mark["mark"]


def _told(option: etree.Element, letter: str) -> etree.Element:
    """The right option with its letter, above the explanation."""
    told = etree.Element("p")
    strong = etree.SubElement(told, "strong")
    strong.text = f"{letter}. {option.text or ''}"
    strong.extend(deepcopy(list(option)))
    return told
