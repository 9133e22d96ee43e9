"""P: the questions of a quiz, `/// question | Text?`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import shorten

from pustaka.model import Fault, Page, Question, Site, say
from pustaka.prompts import prompts
from pustaka.rules import rule

#: So many options a question has. Of two, half are guessed, and a Common Cartridge takes no fewer than three.
FEWEST, MOST = 3, 6

#: The id of the heading below which the questions stand.
QUIZ = "quiz"

_CITES = re.compile(r"(?<![\w\\])@\{?\w")


def _questions(site: Site) -> Iterator[tuple[Page, Question]]:
    for page in site.pages:
        yield from ((page, question) for question in page.questions)


def _short(text: str) -> str:
    return shorten(text, 60, placeholder=" …")


@rule("P221", site_only=True)
def answerless_question(site: Site) -> Iterator[Fault]:
    """A question of a quiz has no text, or not exactly one right option.

    Learning platforms count the one option that is marked `[x]`; a question with two right answers, or none, cannot be
    answered there. What is asked stands behind the bar: `/// question | Text?`.

    Bad (docs/id/studies/contoh/findings.md):
        /// question | Apa yang ditanam warga?
        - [ ] Padi
        - [ ] Sayur
        - [ ] Kopi

        Warga menanam sayur [@contoh2020, bag. Hasil].
        ///
    Good (docs/id/studies/contoh/findings.md):
        /// question | Apa yang ditanam warga?
        - [ ] Padi
        - [x] Sayur
        - [ ] Kopi

        Warga menanam sayur [@contoh2020, bag. Hasil].
        ///
    """
    for _, question in _questions(site):
        if not question.text:
            yield Fault(question.place, say("the question has no text: write it behind the bar, “/// question | Text?”"))
        right = sum(is_right for _, is_right in question.options)
        if question.options and right != 1:
            message = say("the question “{text}” has {count} right options: mark one with [x]", text=_short(question.text), count=right)
            yield Fault(question.place, message)


@rule("P222", site_only=True)
def ill_assorted_options(site: Site) -> Iterator[Fault]:
    """A question of a quiz has too few options, too many, or the same twice.

    It has three to six, each on a line of its own that begins with `- [ ]` or, of the right one, with `- [x]`. Of two options
    half are guessed, and a Common Cartridge takes no question with fewer than three.

    Bad (docs/id/studies/contoh/findings.md):
        /// question | Apa yang ditanam warga?
        - [ ] Padi
        - [x] Sayur
        - [ ] padi

        Warga menanam sayur [@contoh2020, bag. Hasil].
        ///
    Good (docs/id/studies/contoh/findings.md):
        /// question | Apa yang ditanam warga?
        - [ ] Padi
        - [x] Sayur
        - [ ] Kopi

        Warga menanam sayur [@contoh2020, bag. Hasil].
        ///
    """
    for _, question in _questions(site):
        count, seen = len(question.options), set()
        if not FEWEST <= count <= MOST:
            message = say(
                "the question “{text}” has {count} options: write {fewest} to {most}, each on a line that begins with “- [ ]” or “- [x]”",
                text=_short(question.text),
                count=count,
                fewest=FEWEST,
                most=MOST,
            )
            yield Fault(question.place, message)
        for text, _ in question.options:
            words = " ".join(text.casefold().split())
            if words in seen:
                message = say(
                    "the question “{text}” has the option “{option}” twice: take one out, or change it",
                    text=_short(question.text),
                    option=_short(text),
                )
                yield Fault(question.place, message)
            seen.add(words)


@rule("P223", site_only=True)
def unexplained_answer(site: Site) -> Iterator[Fault]:
    """The answer to a question of a quiz is not explained by a citation.

    Whoever answered wrongly must be able to look it up: below the options stands why the right one is right, with its citation.
    In the question and its options no citation may stand: it would be a hint, and would stand on learning platforms where no list explains it.

    Bad (docs/id/studies/contoh/findings.md):
        /// question | Apa yang ditanam warga?
        - [ ] Padi
        - [x] Sayur
        - [ ] Kopi

        Warga menanam sayur.
        ///
    Good (docs/id/studies/contoh/findings.md):
        /// question | Apa yang ditanam warga?
        - [ ] Padi
        - [x] Sayur
        - [ ] Kopi

        Warga menanam sayur [@contoh2020, bag. Hasil].
        ///
    """
    for _, question in _questions(site):
        if not any(group.citations for group in question.groups):
            message = say(
                "the answer to “{text}” is not explained: write why it is right below the options, with a citation", text=_short(question.text)
            )
            yield Fault(question.place, message)
        for text, _ in question.options:  # of a title that cites, reading tells: F107
            if _CITES.search(text):
                yield Fault(question.place, say("“{text}” cites: put the citation into the explanation below the options", text=_short(text)))


@rule("P224", site_only=True)
def empty_quiz(site: Site) -> Iterator[Fault]:
    """Below the heading of a quiz stands no question.

    Under the id `quiz` readers and learning platforms look for questions. They are blocks, `/// question | Text?`; what is
    written otherwise cannot be folded, nor taken into a course.

    Bad (docs/id/studies/contoh/teaching.md):
        ## Kuis {#quiz}

        1. Apa yang ditanam warga?
    Good (docs/id/studies/contoh/teaching.md):
        ## Kuis {#quiz}

        /// question | Apa yang ditanam warga?
        - [ ] Padi
        - [x] Sayur
        - [ ] Kopi

        Warga menanam sayur [@contoh2020, bag. Hasil].
        ///
    """
    for page in site.pages:
        for number, section in enumerate(page.sections):
            if section.id != QUIZ:
                continue
            if any(prompt.section is section for prompt in prompts(page)):
                continue  # P216 says that it is not written yet
            after = (other for other in page.sections[number + 1 :] if other.level <= section.level)
            end = next((other.place.line for other in after), float("inf"))
            if not any(section.place.line < question.place.line < end for question in page.questions):
                message = say("there is no question below “{title}”: write each as a block, “/// question | Text?”", title=section.title)
                yield Fault(section.place, message)
