"""Which files a new study changes: all of them as texts, before one is written. What is there already stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from pustaka.intake import Described
from pustaka.model import Entry, Finding, Message, Site, Study, say
from pustaka.new_study import PAGES, TAUGHT, Outline, Refused, Stated, entry, menu, pages, record
from pustaka.new_study.questions import Interview, Known
from pustaka.new_study.questions import study as asked_of_study
from pustaka.new_study.questions import work as asked_of_work
from pustaka.rules import rules
from pustaka.rules.studies import may_be_adapted

BIBLIOGRAPHY, ERRATA, SETTINGS = "bibliography/references.bib", "bibliography/errata.yml", "mkdocs.yml"


@dataclass(frozen=True)
class Texts:
    """The files of the project that may be changed, as they are, byte for byte; "" of one that is not there.

    `present` are the paths of all pages and records that are there, whatever is in them.
    """

    bibliography: str
    errata: str
    settings: str
    records: Mapping[str, str] = field(default_factory=dict)
    present: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Plan:
    """The study's slug, the new texts by path, and what a person must be told."""

    slug: str
    files: Mapping[str, str]
    notes: tuple[Message, ...] = ()


def plan(
    site: Site, texts: Texts, outline: Outline, described: Described, stated: Stated, interview: Interview, day: str, teaching: bool
) -> Plan | None:
    """What is to be written for a study; None where something must be known first, which the interview holds.

    Args:
        day: of the first edition (ISO 8601).
        teaching: whether the study has pages to be taught from.

    Raises:
        Refused: it cannot be written as it was said.
    """
    there = _existing(site, stated, described)
    study = site.study_citing(there.key) if there else None
    if stated.slug in site.study:
        study = site.study[stated.slug]
        if (described.fields.get("title") or stated.title) and (there is None or study.entry != there.key):
            raise Refused(say("there is a study “{slug}” already, of another work: choose another name", slug=study.slug))
    elif study and stated.slug:
        raise Refused(say("the work is the study “{slug}” already: leave the name out, or say that one", slug=study.slug))
    if study:
        return _completed(site, texts, outline, study, teaching, stated)
    if there is None:
        described = asked_of_work(interview, site, stated, described)
        there = entry.same_work(site.entries, described.fields)  # now that its title and year are known
    known = asked_of_study(interview, site, stated, described, outline, there)
    if known is None:
        return None
    _judge_licence(site, known)
    if (path := _record_path(known.slug)) in texts.present:
        raise Refused(say("{path} is there, but cannot be read: check the project first", path=path))
    files = dict(_of_work(texts, known, outline, site, there))
    files[path] = _record(known, outline, site, day, teaching)
    files |= _pages(site, texts, outline, _said(known.slug, known.key, known.short), (*PAGES, *(TAUGHT if teaching else ())), known.basis)
    files, notes = _with_menu(texts, files, known.slug, known.in_menu)
    if known.language == "en" and there is None:
        notes = (
            *notes,
            say("styles take the capitals off an English title: put each name in it into braces, as in {{Indonesia}} ({path})", path=BIBLIOGRAPHY),
        )
    return Plan(known.slug, files, notes)


def _existing(site: Site, stated: Stated, described: Described) -> Entry | None:
    """The entry of the work, where the bibliography has it already."""
    fields = dict(described.fields)
    if stated.title:
        fields["title"] = stated.title
    if stated.date:
        fields["date"] = stated.date
    found = entry.same_work(site.entries, fields)
    named = site.entry.get(stated.key or "")
    if named and (not fields.get("title") or named is found):
        return named
    return found


def _record_path(slug: str) -> str:
    return f"bibliography/studies/{slug}.yml"


# -- A study that is there -------------------------------------------------------------------------------------------------------


def _completed(site: Site, texts: Texts, outline: Outline, study: Study, teaching: bool, stated: Stated) -> Plan:
    """What a study lacks that was begun: pages of its record, its slug in its entry's keywords, pages to be taught from."""
    files: dict[str, str] = {}
    listed = study.pages
    if teaching and not set(TAUGHT) <= set(listed):
        changed = record.with_pages(texts.records[study.place.path], TAUGHT)
        if changed is None:
            raise Refused(say("{path}: write pages on one line, as in “pages: [index, findings]”", path=study.places["pages"]))
        files[study.place.path], listed = changed, (*listed, *(page for page in TAUGHT if page not in listed))
    cited = site.entry.get(study.entry)
    if cited and study.slug not in cited.studies:
        files[BIBLIOGRAPHY] = _with_keyword(texts.bibliography, cited.key, study.slug)
    files |= _pages(site, texts, outline, _said(study.slug, study.entry, study.short), listed, study.basis)
    wants_menu = stated.menu is not None and not stated.menu.lower().startswith(("n", "t"))
    files, notes = _with_menu(texts, files, study.slug, wants_menu)
    return Plan(study.slug, files, notes)


# -- A study that is not ---------------------------------------------------------------------------------------------------------


def _of_work(texts: Texts, known: Known, outline: Outline, site: Site, there: Entry | None) -> Iterator[tuple[str, str]]:
    """The bibliography with the study's entry, and the errata with what its source does not state.

    Raises:
        Refused: the entry would break a rule.
    """
    if there:
        if known.slug not in there.studies:
            yield BIBLIOGRAPHY, _with_keyword(texts.bibliography, there.key, known.slug)
        return
    written = entry.written(known.key, known.type, {**known.fields, "keywords": known.slug})
    missing = [name for name in known.not_stated if name not in known.fields]
    _judge(site, known, written, missing)
    yield BIBLIOGRAPHY, entry.placed(texts.bibliography, written, known.key, BIBLIOGRAPHY)
    if missing:
        said = {language: outline.word("not_stated", language) for language in site.languages}
        lines = "".join(
            f"- key: {record.scalar(known.key)}\n  field: {name}\n  kind: missing\n  note:\n"
            + "".join(f"    {language}: {record.scalar(words)}\n" for language, words in said.items())
            for name in missing
        )
        empty = not texts.errata.strip() or texts.errata.strip() == "[]"
        yield ERRATA, lines if empty else texts.errata.rstrip("\n") + "\n" + lines


def _with_keyword(text: str, key: str, slug: str) -> str:
    here = next(each for each in entry.read(text, BIBLIOGRAPHY) if each.key == key)
    return entry.with_keyword(text, here, slug)


def _judge(site: Site, known: Known, written: str, missing: list[str]) -> None:
    """Refuse an entry in which the rules find what a person must decide.

    Raises:
        Refused: with the first of it.
    """
    new = replace(entry.read(written, BIBLIOGRAPHY)[0])
    excused = {(known.key, name) for name in missing}
    others = tuple(each for each in site.entries if each.key != known.key)
    candidate = replace(site, entries=(*others, new), abbreviations=(), abbreviation_uses=())
    found: list[Finding] = []
    for rule in rules("site"):
        if rule.code.startswith("E") and rule.severity == "error" and not (rule.code == "E302" and excused):
            found += (finding for finding in rule.findings(candidate) if finding.key == known.key)
    if found:
        raise Refused(say("{message} ({code}); say it with --set FIELD=VALUE, --title or --author", message=found[0].message, code=found[0].code))


def _judge_licence(site: Site, known: Known) -> None:
    """Refuse a source of which the site's licence allows no pages (S508).

    Raises:
        Refused: with what the rule says.
    """
    ours = site.settings.licence if site.settings else ""
    if ours and not may_be_adapted(known.licence, ours):
        raise Refused(
            say(
                "the source is under {licence}, and pages made from it must not be published under {ours}: change extra.licence in mkdocs.yml, "
                "or tell facts alone, in your own words, and say so by a licence LicenseRef-… of your own in bibliography/terms.yml (rule S508)",
                licence=known.licence,
                ours=ours,
            )
        )


def _record(known: Known, outline: Outline, site: Site, day: str, teaching: bool) -> str:
    title = re.sub(r"\\[a-z]+(?=\{)|[{}\\]", "", known.fields["title"])
    return record.written(
        slug=known.slug,
        key=known.key,
        title=" ".join(title.split()),
        basis=known.basis,
        language=known.language,
        licence=known.licence,
        short=known.short,
        keywords=known.keywords,
        orcid={who: number for who, number in known.orcid.items() if who in Entry("", "", known.fields, None).authors},
        code=known.code,
        day=day,
        first_edition={language: outline.word("first_edition", language) for language in site.languages},
        pages=(*PAGES, *(TAUGHT if teaching else ())),
        sections=known.sections,
    )


def _said(slug: str, key: str, short: Mapping[str, str]) -> dict[str, Mapping[str, str] | str]:
    return {"slug": slug, "entry": key, "short": short}


def _pages(site: Site, texts: Texts, outline: Outline, said: Mapping, listed: tuple[str, ...], basis: str) -> Iterator[tuple[str, str]]:
    """The pages that are not there yet, in every language."""
    for language in site.languages:
        words = {
            "slug": said["slug"],
            "entry": said["entry"],
            "short": said["short"].get(language) or next(iter(said["short"].values())),
            "label": (site.words["locators"]["section"].get(language) or ["§"])[0],
        }
        for name in listed:
            path = f"docs/{language}/studies/{said['slug']}/{name}.md"
            if path not in texts.present and (text := pages.text(outline, name, language, words, basis == "abstract")):
                yield path, text


def _with_menu(texts: Texts, files: dict[str, str], slug: str, wanted: bool) -> tuple[dict[str, str], tuple[Message, ...]]:
    """The files with the main menu, where the study shall stand in it and does not yet."""
    page = f"studies/{slug}"
    if not wanted:
        return files, ()
    changed = menu.with_page(texts.settings, page)
    if changed is None:
        return files, (say("{path}: no menu was found: add “- {page}” to extra.menu by hand", path=SETTINGS, page=page),)
    return (files if changed == texts.settings else files | {SETTINGS: changed}), ()
