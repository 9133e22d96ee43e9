"""L: the words in which the languages say the same. A build does not ask: which word is right, a person must judge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pustaka.model import Block, Fault, Page, Section, Site, say
from pustaka.rules import rule
from pustaka.rules.languages import facts
from pustaka.sections import section_pairs, where
from pustaka.terms import Uses, names


@rule("L412", severity="warning")
def term_without_counterpart(site: Site) -> Iterator[Fault]:
    """A section uses a term of the glossary, and its counterpart says something else.

    A term that is called now this, now that cannot be looked up, and a reader who compares the languages is led to think that two
    things are meant. Where a section uses a term as `glossary.yml` has it, the same section in the other language must have its
    name there, one of its `forms`, or one of the words that the term's `also` lists, in whatever grammatical form.

    Bad (docs/id/studies/contoh/findings.md):
        Kerjanya dibagi menurut musyawarah warga [@contoh2020, hlm. 12].
    Bad (docs/en/studies/contoh/findings.md):
        The work is shared as the chair decides [@contoh2020, p. 12].
    Bad (bibliography/glossary.yml):
        - id: deliberation
          term: {id: musyawarah, en: deliberation}
          meaning: {id: Berunding sampai sepakat., en: Talking until all agree.}
    Good (docs/id/studies/contoh/findings.md):
        Kerjanya dibagi menurut musyawarah warga [@contoh2020, hlm. 12].
    Good (docs/en/studies/contoh/findings.md):
        The work is shared as the residents agree after deliberating [@contoh2020, p. 12].
    Good (bibliography/glossary.yml):
        - id: deliberation
          term: {id: musyawarah, en: deliberation}
          meaning: {id: Berunding sampai sepakat., en: Talking until all agree.}
          also: {en: [deliberate, deliberating]}
    """
    uses = {language: Uses(site, language) for language in site.languages}
    for one, page, other, other_page in section_pairs(site):
        texts, other_texts = (tuple(_read(section)) for section in (one, other))
        yield from _untold(uses, texts, page, " ".join(text for text, _ in other_texts), other, other_page)
        yield from _untold(uses, other_texts, other_page, " ".join(text for text, _ in texts), one, page)


def _read(section: Section) -> Iterator[tuple[str, Block]]:
    """What is read of a section, piece by piece, each with the block that it stands in."""
    for block in (Block("heading", section.title, section.place), *section.blocks):
        yield facts(block).replace("\0", " "), block


def _untold(
    uses: Mapping[str, Uses], texts: Iterable[tuple[str, Block]], page: Page, there: str, other: Section, other_page: Page
) -> Iterator[Fault]:
    """The terms in the texts of a section that its counterpart, whose text is `there`, does not say."""
    told = set()
    for text, block in texts:
        for term, match in uses[page.language].first(text):
            if term.id not in told and not uses[other_page.language].says(there, term):
                told.add(term.id)
                message = say(
                    "the term “{term}” is not said {where}: write “{due}” there, or what the glossary's `also` has for it",
                    term=match.group(),
                    where=where(other, other_page),
                    due=names(term, other_page.language)[0],
                )
                yield Fault(block.place.after(block.text[: match.start()]), message)
