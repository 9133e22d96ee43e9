"""S: the editions of the studies' pages, and pages that count no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import PurePosixPath

from pustaka.model import EDITIONS, Fault, Message, Page, Place, Site, Study, join, language_of_file, say
from pustaka.nearest import nearest
from pustaka.rules import rule


@rule("S521")
def rising_editions(site: Site) -> Iterator[Fault]:
    """The editions of a study do not follow one another: a version or a date does not rise.

    Readers cite an edition by its version and its date, and so each must be later than the one before. The newest stands last.

    Bad (bibliography/studies/contoh.yml):
        editions:
          - version: "1.0"
            date: 2026-01-01
            changes: {all: {id: Edisi pertama., en: First edition.}}
          - version: "1.0"
            date: 2026-01-01
            changes: {findings: {id: Hasil dijelaskan., en: Results are explained.}}
    Good (bibliography/studies/contoh.yml):
        editions:
          - version: "1.0"
            date: 2026-01-01
            changes: {all: {id: Edisi pertama., en: First edition.}}
          - version: "1.1"
            date: 2026-01-02
            changes: {findings: {id: Hasil dijelaskan., en: Results are explained.}}
    """
    for study in site.studies:
        for number, (before, after) in enumerate(pairwise(study.editions), 1):
            if _parts(after.version) <= _parts(before.version):
                message = say("the version “{version}” must be higher than “{before}” above it", version=after.version, before=before.version)
                yield Fault(study.places[f"editions.{number}.version"], message)
            if after.date == before.date:  # an earlier one is S504's business
                message = say(
                    "the edition {version} has the date of the one before it, {date}: give it its own", version=after.version, date=after.date
                )
                yield Fault(study.places[f"editions.{number}.date"], message)


def _parts(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


@rule("S522")
def changed_pages(site: Site) -> Iterator[Fault]:
    """An edition names a page that there is not, or a study's page states its own date.

    What changed is told on the page that was changed, or, by `all`, on every page. A page of a study takes its date from there.
    Pages that came with an edition are listed by `new`.

    Bad (bibliography/studies/contoh.yml):
        editions:
          - version: "1.0"
            date: 2026-01-01
            changes: {all: {id: Edisi pertama., en: First edition.}}
          - version: "1.1"
            date: 2026-01-02
            changes: {finding: {id: Hasil dijelaskan., en: Results are explained.}}
    Good (bibliography/studies/contoh.yml):
        editions:
          - version: "1.0"
            date: 2026-01-01
            changes: {all: {id: Edisi pertama., en: First edition.}}
          - version: "1.1"
            date: 2026-01-02
            changes: {findings: {id: Hasil dijelaskan., en: Results are explained.}}
    """
    for study in site.studies:
        parts = dict.fromkeys((*study.pages, *(study.part(page.name) for page in site.pages_of(study))))
        last = len(study.editions) - 1  # a page that was changed long ago may be gone
        named = {part: f"changes.{part}" for part in study.editions[last].changes if part != "all"}
        named |= {part: f"new.{number}" for number, part in enumerate(study.editions[last].new)}
        for part, field in named.items():
            if part not in parts:
                meant = nearest(part, parts)
                mend = say("did you mean “{meant}”?", meant=meant) if meant else say("there are: {known}", known=join(("all", *parts)))
                message = say("the study has no page “{page}”: {mend}", page=part, mend=mend)
                yield Fault(study.places[f"editions.{last}.{field}"], message)
    for page in site.pages:
        if "updated" in page.meta and (study := site.study_of(page)):
            record = f"bibliography/studies/{study.slug}.yml"
            message = say(
                "a page of a study takes its date from the editions in {record}: say there what changed, and take out “updated”", record=record
            )
            yield Fault(page.place, message)


@rule("S523")
def kept_editions(site: Site) -> Iterator[Fault]:
    """An edition that was replaced is not kept, or not whole.

    Whoever has cited an edition must be able to read it again. So before an edition is replaced, its files, as they were built, are
    put into the repository, and every build publishes them where they have always been: `scripts/freeze.py SLUG` does it, from
    the site as it was last built. What was built without the edition's name can be kept too: check out the commit that was
    published, build it, and name its site with `--site`.

    Bad (bibliography/studies/contoh.yml):
        editions:
          - version: "1.0"
            date: 2026-01-01
            changes: {all: {id: Edisi pertama., en: First edition.}}
          - version: "1.1"
            date: 2026-01-02
            changes: {findings: {id: Hasil dijelaskan., en: Results are explained.}}
          - version: "1.2"
            date: 2026-01-03
            changes: {findings: {id: Hasil diringkas., en: Results are shortened.}}
    Good (bibliography/studies/contoh.yml):
        editions:
          - version: "1.0"
            date: 2026-01-01
            changes: {all: {id: Edisi pertama., en: First edition.}}
          - version: "1.1"
            date: 2026-01-02
            changes: {findings: {id: Hasil dijelaskan., en: Results are explained.}}
    """
    studies = {PurePosixPath(study.place.path).stem: study for study in site.studies}  # a wrong slug is S505's business
    studies = {name: replace(study, slug=name) for name, study in studies.items()}
    for study in studies.values():
        kept = site.frozen.get(study.slug, {})
        for number, edition in enumerate(study.editions):
            folder = f"{EDITIONS}/{study.slug}/{edition.version}"
            if edition.version in kept:
                for language in site.languages:
                    name = f"{study.file_stem(edition.version, language)}.html"
                    if site.page(language, study.name) and edition.is_in(language) and name not in kept[edition.version]:
                        yield Fault(Place(folder), _lacking(site, name, language))
            elif number < len(study.editions) - 1:
                command = f"scripts/freeze.py {study.slug} --edition {edition.version}"
                message = say(
                    "the edition {version} is replaced and not kept: run `{command}` while site/ is still of that edition, and commit {folder}",
                    version=edition.version,
                    command=command,
                    folder=folder,
                )
                yield Fault(study.places[f"editions.{number}.version"], message)
    for slug, versions in site.frozen.items():
        for version, names in versions.items():
            yield from _strange(site, studies.get(slug), Place(f"{EDITIONS}/{slug}/{version}"), names)


def _lacking(site: Site, name: str, language: str) -> Message:
    """What is said of a file that is not kept: it was lost, or its language came after the edition."""
    others = ", ".join(each for each in site.languages if each != language)
    return say(
        "the kept edition lacks {name}: put back the file that was published; if there was none yet in “{language}”, "
        "write “languages: [{others}]” beside its version",
        name=name,
        language=language,
        others=others,
    )


def _strange(site: Site, study: Study | None, folder: Place, names: tuple[str, ...]) -> Iterator[Fault]:
    """What is kept in a folder, EDITIONS/SLUG/VERSION, and belongs to no edition."""
    *_, slug, version = PurePosixPath(folder.path).parts
    if study is None or version not in {edition.version for edition in study.editions}:
        record = f"bibliography/studies/{slug}.yml"
        yield Fault(folder, say("an edition is kept that {record} does not have: add it there again, or put the folder right", record=record))
        return
    for name in names:
        if language_of_file(name, version) not in site.languages:
            example = f"{study.file_stem(version, site.languages[0])}.html"
            message = say("the file's name must end in LANGUAGE-{version} and a suffix, as {example} does", version=version, example=example)
            yield Fault(Place(f"{folder.path}/{name}"), message)


@rule("S524")
def retired_pages(site: Site) -> Iterator[Fault]:
    """A page is replaced or withdrawn in one language alone, or its successor is not there.

    `replaced: {by: studies/SLUG/PAGE, date: …}` or `withdrawn: {date: …, reason: …}` in the front matter keeps a page where it
    is, with a notice on top, and takes it out of menus, search, feed and sitemap: those who have cited it find it again.

    Bad (docs/id/studies/contoh/method.md):
        ---
        title: Metode
        description: Halaman contoh.
        replaced: {by: studies/contoh/finding, date: 2026-01-02}
        ---

        Peneliti mewawancarai warga [@contoh2020, bag. Metode].
    Bad (docs/en/studies/contoh/method.md):
        ---
        title: Method
        description: An example.
        withdrawn: {date: 2026-01-02, reason: The sample was counted twice.}
        ---

        The researchers interviewed residents [@contoh2020, sec. Metode].
    Good (docs/id/studies/contoh/method.md):
        ---
        title: Metode
        description: Halaman contoh.
        replaced: {by: studies/contoh/findings, date: 2026-01-02}
        ---

        Peneliti mewawancarai warga [@contoh2020, bag. Metode].
    Good (docs/en/studies/contoh/method.md):
        ---
        title: Method
        description: An example.
        replaced: {by: studies/contoh/findings, date: 2026-01-02}
        ---

        The researchers interviewed residents [@contoh2020, sec. Metode].
    """
    for page in site.pages if site.languages else ():
        yield from _retired(site, page)
    menu = site.settings.menu if site.settings else ()
    for page in site.pages:
        if page.language == next(iter(site.languages), None) and not page.is_current and page.name in menu:
            yield Fault(Place("mkdocs.yml"), say("the menu names “{page}”, which is replaced or withdrawn: take it out", page=page.name))


def _retired(site: Site, page: Page) -> Iterator[Fault]:
    others = (other for language in site.languages if (other := site.page(language, page.name)))
    if page.language and (other := next((each for each in others if _fate(each) != _fate(page) and not each.is_current), None)):
        yield Fault(
            page.place, say("the page must say of its being replaced or withdrawn what {path} says, but for the reason's words", path=other.path)
        )
    if {"replaced", "withdrawn"} <= page.meta.keys():
        yield Fault(page.place, say("a page is either replaced or withdrawn: keep one of the two"))
    if not page.is_current and not page.name:
        yield Fault(page.place, say("the home of a language cannot be replaced or withdrawn"))
    if page.replaced_by:
        successor = site.page(page.language, page.replaced_by)
        if successor is None or successor is page or not successor.is_current:
            known = [each.name for each in site.offered if each.language == page.language and each is not page]
            meant = nearest(page.replaced_by, known)
            mend = (
                say("did you mean “{meant}”?", meant=meant)
                if meant
                else say("name a page by its path below docs/{language}/", language=page.language)
            )
            yield Fault(page.place, say("“{page}”, which replaces the page, is no page that counts: {mend}", page=page.replaced_by, mend=mend))


def _fate(page: Page) -> tuple:
    """What became of a page, without words."""
    return tuple((name, page.meta[name].get("date"), page.meta[name].get("by")) for name in ("replaced", "withdrawn") if name in page.meta)
