"""L: what has changed in one language since all were agreed. A build does not ask these rules: its pages tell readers instead."""

from __future__ import annotations

from collections.abc import Iterator

from pustaka.model import Fault, Message, Site, join, say
from pustaka.rules import rule
from pustaka.translations import HEAD, OPENING, Part, stale, unagreed


@rule("L413", severity="warning")
def stale_section(site: Site) -> Iterator[Fault]:
    """A section has changed in one language since the languages were last agreed.

    The ledger `bibliography/translations.yml` holds a hash of each section as it was when somebody who reads the languages said that
    they say the same. Title and description of a page count as a section. White space does not count. Bring the other language into
    line, or see that it still says the same, then run `check_translations.py --agree PAGE`. Until then the page tells its readers.

    Bad (docs/id/studies/contoh/findings.md):
        Warga menanam sayur di kebun bersama [@contoh2020, hlm. 12].
    Bad (docs/en/studies/contoh/findings.md):
        The residents grow vegetables [@contoh2020, p. 12].
    Bad (bibliography/translations.yml):
        studies/contoh/findings:
          (head): {id: "a3513413f241", en: "525dc716c9b6"}
          (opening): {id: "9adf2857841d", en: "f5bd5b484f39"}
    Good (docs/id/studies/contoh/findings.md):
        Warga menanam sayur [@contoh2020, hlm. 12].
    Good (docs/en/studies/contoh/findings.md):
        The residents grow vegetables [@contoh2020, p. 12].
    Good (bibliography/translations.yml):
        studies/contoh/findings:
          (head): {id: "a3513413f241", en: "525dc716c9b6"}
          (opening): {id: "9adf2857841d", en: "f5bd5b484f39"}
    """
    for each in stale(site):
        changed = join(each.parts[language].place for language in each.changed)
        for language in each.behind:
            part = each.parts[language]
            message = say(
                "{section}: the counterpart has changed ({places}): bring this into line with it, "
                "then record it with check_translations.py --agree {page}",
                section=_named(part),
                places=changed,
                page=each.page,
            )
            yield Fault(part.place, message)
        if not each.behind:
            first, *others = (each.parts[language] for language in each.changed)
            message = say(
                "{section}: changed in every language ({places}) since it was agreed: see that all say the same, "
                "then record it with check_translations.py --agree {page}",
                section=_named(first),
                places=join(part.place for part in others),
                page=each.page,
            )
            yield Fault(first.place, message)


def _named(part: Part) -> Message:
    if part.name == HEAD:
        return say("the title and description")
    if part.name == OPENING:
        return say("the text before the first heading")
    return say("the section “{title}” (#{id})", title=part.title, id=part.name)


@rule("L414", severity="note")
def never_agreed(site: Site) -> Iterator[Fault]:
    """A page, or a section of it, was not yet agreed to say the same in all languages.

    It is new, or its id has changed. Nothing is known against it: compare the languages, then run `check_translations.py --agree PAGE`.
    Until then a change in one language alone is not noticed.

    Bad (docs/id/studies/contoh/findings.md):
        Warga menanam sayur [@contoh2020, hlm. 12].
    Bad (docs/en/studies/contoh/findings.md):
        The residents grow vegetables [@contoh2020, p. 12].
    Bad (bibliography/translations.yml):
        studies/contoh/findings:
          (head): {id: "a3513413f241", en: "525dc716c9b6"}
    Good (docs/id/studies/contoh/findings.md):
        Warga menanam sayur [@contoh2020, hlm. 12].
    Good (docs/en/studies/contoh/findings.md):
        The residents grow vegetables [@contoh2020, p. 12].
    Good (bibliography/translations.yml):
        studies/contoh/findings:
          (head): {id: "a3513413f241", en: "525dc716c9b6"}
          (opening): {id: "9adf2857841d", en: "f5bd5b484f39"}
    """
    for each in unagreed(site):
        if each.whole:
            yield (
                each.place,
                say("the page is not yet agreed: compare its languages, then record it with check_translations.py --agree {page}", page=each.page),
            )
        elif each.missing:
            message = say(
                "not yet agreed: {sections}: compare the languages, then record it with check_translations.py --agree {page}",
                sections=join(each.missing),
                page=each.page,
            )
            yield each.place, message
        else:
            yield (
                each.place,
                say(
                    "agreed, but no longer there: {sections}: put it right with check_translations.py --agree {page}",
                    sections=join(each.gone),
                    page=each.page,
                ),
            )
