"""S: the records of the studies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import PurePosixPath

from pustaka import reference
from pustaka.model import Fault, Place, Site, Study, say
from pustaka.nearest import nearest, nearest_key
from pustaka.rules import rule, rules


@rule("S501")
def unknown_entry(site: Site) -> Iterator[Fault]:
    """A study's record names an entry that the bibliography does not have.

    The entry is the study in the bibliography: its authors, its title, its DOI.

    Bad (bibliography/studies/contoh.yml):
        entry: contoh2021
    Good (bibliography/studies/contoh.yml):
        entry: contoh2020
    """
    for study in site.studies:
        if study.entry not in site.entry:
            meant = nearest_key(study.entry, site.entries)
            mend = say("did you mean “{meant}”?", meant=meant) if meant else say("add it to bibliography/references.bib")
            message = say("the entry “{key}” is not in the bibliography: {mend}", key=study.entry, mend=mend)
            yield Fault(study.places["entry"], message, key=study.entry, suggestion=meant or "")


@rule("S502")
def printed_reference(site: Site) -> Iterator[Fault]:
    """What the source prints as its How to Cite disagrees with the study's entry.

    The record keeps the string letter by letter; marks in it that are slips are listed as `slips`. Author, year, title,
    journal, volume, issue, pages and DOI are read from the string (APA 7, 9.4) and compared with the entry one by one.

    Bad (bibliography/studies/contoh.yml):
        how_to_cite:
          printed: "(Sari & Putra, 2020)_ Sari, D., & Putra, A. (2021). Kebun Bersama di Desa Contoh. Jurnal Contoh, 3(1), 11–22. https://doi.org/10.5555/contoh.3.1"
          slips: ["*"]
    Good (bibliography/studies/contoh.yml):
        how_to_cite:
          printed: "(Sari & Putra, 2020)_ Sari, D., & Putra, A. (2020). Kebun Bersama di Desa Contoh. Jurnal Contoh, 3(1), 11–20. https://doi.org/10.5555/contoh.3.1"
          slips: ["_"]
    """
    for study in site.studies:
        entry = site.entry.get(study.entry)
        if not study.printed or entry is None:
            continue
        place, due = study.places["how_to_cite.printed"], reference.of_entry(entry)
        for number, slip in enumerate(study.slips):
            if slip not in study.printed:
                message = say("the slip “{slip}” does not occur in the printed string: take it out of slips", slip=slip)
                yield Fault(study.places[f"how_to_cite.slips.{number}"], message)
        for mark in reference.stray_marks(reference.without_slips(study)):
            message = say("the printed string holds a stray “{mark}”: correct the copy, or, if the source prints it, add it to slips", mark=mark)
            yield Fault(place, message, key=entry.key)
        stated = reference.printed_by(study, due)
        if stated.in_text and not reference.fits_in_text(stated.in_text, due):
            message = say(
                "the printed string begins with “({in_text})”, but the entry {key} is by {author} ({year}): correct the one that is wrong",
                in_text=stated.in_text,
                key=entry.key,
                author=due.author,
                year=due.year,
            )
            yield Fault(place, message, key=entry.key)
        for field, said, wanted in reference.disagreements(stated, due):
            message = say(
                "the printed string {stated}, the entry {key} {due}: correct the one that is wrong",
                stated=reference.says(field, said),
                key=entry.key,
                due=reference.says(field, wanted),
            )
            yield Fault(place, message, key=entry.key)


@rule("S503")
def study_pages(site: Site) -> Iterator[Fault]:
    """The record lists a page that is not there, or a page of the study is not listed.

    The study's menu is made from the list: a page that is not listed cannot be found.

    Bad (bibliography/studies/contoh.yml):
        pages: [index, method]
    Good (bibliography/studies/contoh.yml):
        pages: [index, findings]
    """
    studies = [replace(study, slug=_file_name(study)) for study in site.studies]  # a wrong slug is S505's business
    listed = {study.page_name(page) for study in studies for page in study.pages}
    present = {page.name for page in site.pages if page.name.startswith("studies/")}
    for study in studies:
        for number, page in enumerate(study.pages):
            if study.page_name(page) not in present:
                file = f"docs/{site.languages[0]}/{study.page_name(page)}.md"
                message = say("there is no page “{page}”: write {file}, or take it out of pages", page=page, file=file)
                yield Fault(study.places[f"pages.{number}"], message)
    for page in site.pages:
        if page.name in present - listed:
            record = f"bibliography/studies/{page.name.split('/')[1]}.yml"
            name = page.name.partition("/")[2].partition("/")[2] or "index"
            yield Fault(page.place, say("the page is in no study's menu: add “{name}” to pages in {record}", name=name, record=record))


@rule("S504")
def order_of_dates(site: Site) -> Iterator[Fault]:
    """The dates of a study's history, or of its pages, are out of order.

    A work is submitted, revised and accepted in this order, and a page is not updated before it is published.

    Bad (bibliography/studies/contoh.yml):
        history:
          submitted: 2020-03-01
          revised: 2020-02-01
          accepted: 2020-04-01
    Good (bibliography/studies/contoh.yml):
        history:
          submitted: 2020-01-01
          revised: 2020-02-01
          accepted: 2020-04-01
    """
    for study in site.studies:
        history = dict(study.history)
        course = [(f"history.{step}", history[step]) for step in ("submitted", "revised", "accepted") if step in history]
        for steps in (course, [("published", study.published), ("updated", study.updated)]):
            for (before, earlier), (after, later) in pairwise(steps):
                if later < earlier:
                    message = say(
                        "{after} ({later}) must not be before {before} ({earlier}): look both up in the source",
                        after=after,
                        later=later,
                        before=before,
                        earlier=earlier,
                    )
                    yield Fault(study.places[after], message)


@rule("S505")
def slug_of_file(site: Site) -> Iterator[Fault]:
    """A study's slug is not the name of its record.

    The slug is the study's address for ever, and the name under which its files are found.

    Bad (bibliography/studies/contoh.yml):
        slug: kebun
    Good (bibliography/studies/contoh.yml):
        slug: contoh
    """
    for study in site.studies:
        if study.slug != (name := _file_name(study)):
            message = say("the slug “{slug}” must be the file's name: write “slug: {name}”, or name the file {slug}.yml", slug=study.slug, name=name)
            yield Fault(study.places["slug"], message, suggestion=name)


@rule("S506")
def record_and_its_data(site: Site) -> Iterator[Fault]:
    """The study's entry is not counted among the study's works, or its licence is not known.

    The bibliography is filtered by the `keywords` of the entries; a licence is named and linked by `licences` in terms.yml.

    Bad (bibliography/studies/contoh.yml):
        licence: CC-BY-SA-9.0
    Good (bibliography/studies/contoh.yml):
        licence: CC-BY-SA-4.0
    """
    for study in site.studies:
        entry = site.entry.get(study.entry)
        if entry is not None and _file_name(study) not in entry.studies:  # a wrong slug is S505's business
            message = say("the entry {key} is the study “{slug}”: add the slug to its keywords", key=entry.key, slug=_file_name(study))
            yield Fault(entry.place_of("keywords"), message, key=entry.key)
        if study.licence not in site.words["licences"]:
            known = ", ".join(site.words["licences"])
            message = say(
                "the licence “{licence}” is not in bibliography/terms.yml ({known}): add it there, or mend it", licence=study.licence, known=known
            )
            yield Fault(study.places["licence"], message)


@rule("S507")
def report_and_its_data(site: Site) -> Iterator[Fault]:
    """A report on a source's citations names a study, a rule or an entry that there is not.

    The page that is made from it would print a fault without its rule, or lead to no work.

    Bad (bibliography/reports/contoh.yml):
        - {code: M703, certain: true, section: Hasil, printed: "(Sari & Putera, 2020)", meant: "(Sari & Putra, 2020)", key: contoh2021}
    Good (bibliography/reports/contoh.yml):
        - {code: M703, certain: true, section: Hasil, printed: "(Sari & Putera, 2020)", meant: "(Sari & Putra, 2020)", key: contoh2020}
    """
    codes = [rule.code for rule in rules()]
    for slug, faults in site.reports.items():
        place = Place(f"bibliography/reports/{slug}.yml")
        if slug not in site.study:
            yield Fault(place, say("there is no study “{slug}”: name the file as the study's record is named", slug=slug))
        for code in dict.fromkeys(fault.code for fault in faults if fault.code not in codes):
            meant = nearest(code, codes)
            mend = say("did you mean “{meant}”?", meant=meant) if meant else say("take it out")
            yield Fault(place, say("“{code}” is no rule: {mend}", code=code, mend=mend), suggestion=meant or "")
        for key in dict.fromkeys(fault.key for fault in faults if fault.key and fault.key not in site.entry):
            meant = nearest_key(key, site.entries)
            mend = say("did you mean “{meant}”?", meant=meant) if meant else say("add it to bibliography/references.bib")
            message = say("the entry “{key}” is not in the bibliography: {mend}", key=key, mend=mend)
            yield Fault(place, message, key=key, suggestion=meant or "")


def _file_name(study: Study) -> str:
    return PurePosixPath(study.place.path).stem
