"""S: the records of the studies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import PurePosixPath

from stdnum.iso7064 import mod_11_2

from pustaka import reference
from pustaka.model import Entry, Fault, Message, Page, Place, Site, Study, say
from pustaka.nearest import nearest, nearest_key
from pustaka.recognition import FUNCTION_WORDS, language_of
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

    The study's menu is made from the list: a page that is not listed cannot be found. One that is replaced or withdrawn must not
    be listed, unless it is the overview of a study of which nothing is left.

    Bad (bibliography/studies/contoh.yml):
        pages: [index, method]
    Good (bibliography/studies/contoh.yml):
        pages: [index, findings]
    """
    studies = [replace(study, slug=_file_name(study)) for study in site.studies]  # a wrong slug is S505's business
    listed = {study.page_name(page) for study in studies for page in study.pages}
    present = {page.name for page in site.pages if page.name.startswith("studies/")}
    gone = {page.name for page in site.pages if not page.is_current}
    for study in studies:
        for number, page in enumerate(study.pages):
            if study.page_name(page) not in present:
                file = f"docs/{site.languages[0]}/{study.page_name(page)}.md"
                message = say("there is no page “{page}”: write {file}, or take it out of pages", page=page, file=file)
                yield Fault(study.places[f"pages.{number}"], message)
            elif page != "index" and study.page_name(page) in gone:
                yield Fault(study.places[f"pages.{number}"], say("the page “{page}” is replaced or withdrawn: take it out of pages", page=page))
    for page in site.offered:
        if page.name in present - listed:
            record = f"bibliography/studies/{page.name.split('/')[1]}.yml"
            name = page.name.partition("/")[2].partition("/")[2] or "index"
            yield Fault(page.place, say("the page is in no study's menu: add “{name}” to pages in {record}", name=name, record=record))


@rule("S504")
def order_of_dates(site: Site) -> Iterator[Fault]:
    """The dates of a study's history, of its entry, or of its pages, are out of order.

    A work is submitted, revised and accepted in this order, and appears after that; pages about it are published later still,
    and are updated last. A journal may backdate an issue: then the finding can be set aside at the entry.

    Bad (bibliography/studies/contoh.yml):
        history:
          submitted: 2020-03-01
          revised: 2020-02-01
          accepted: 2021-04-01
        editions:
          - version: "1.0"
            date: 2020-03-15
            changes: {all: {id: Edisi pertama., en: First edition.}}
    Bad (bibliography/references.bib):
        @article{contoh2020,
          author = {Sari, Dewi and Putra, Agus}, title = {Kebun Bersama di Desa Contoh}, journaltitle = {Jurnal Contoh}, volume = {3}, number = {1},
          pages = {11--20}, date = {2020}, doi = {10.5555/contoh.3.1}, langid = {indonesian}, keywords = {contoh},
        }
    Good (bibliography/studies/contoh.yml):
        history:
          submitted: 2020-01-01
          revised: 2020-02-01
          accepted: 2020-04-01
        editions:
          - version: "1.0"
            date: 2020-05-15
            changes: {all: {id: Edisi pertama., en: First edition.}}
    """
    for study in site.studies:
        history = dict(study.history)
        course = [(f"history.{step}", history[step]) for step in ("submitted", "revised", "accepted") if step in history]
        editions = [(f"editions.{number}.date", edition.date) for number, edition in enumerate(study.editions)]
        for (before, earlier), (after, later) in pairwise([*course, *editions]):
            if later < earlier:
                yield Fault(study.places[after], _too_early(after, later, before, earlier))
        entry = site.entry.get(study.entry)
        if course and entry is not None:
            yield from _dated_before(entry, *course[-1])


def _dated_before(entry: Entry, step: str, day: str) -> Iterator[Fault]:
    """A fault where an entry's date, as exact as it is, comes before a day in its history."""
    field = "date" if "date" in entry.fields else "year"
    begun = re.match(r"\d{4}(?:-\d\d){0,2}", entry.fields.get(field, ""))
    if begun and begun.group() < day[: len(begun.group())]:
        message = _too_early(say("the {field} of {key}", field=field, key=entry.key), begun.group(), step, day)
        yield Fault(entry.place_of(field), message, key=entry.key, certain=False)


def _too_early(after: str | Message, later: str, before: str, earlier: str) -> Message:
    return say(
        "{after} (“{later}”) must not be before {before} (“{earlier}”): look both up in the source",
        after=after,
        later=later,
        before=before,
        earlier=earlier,
    )


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


#: Under which licences one may publish what is adapted from a source, by the kind of the source's licence; "" is any other licence.
#: Source: Creative Commons, FAQ, “If I derive or adapt material offered under a Creative Commons license, which CC license(s) can
#: I use?”, the adapter's licence chart; what the chart allows without recommending it is allowed here.
ADAPTED_UNDER = {
    "CC0": ("CC0", "CC-BY", "CC-BY-SA", "CC-BY-ND", "CC-BY-NC", "CC-BY-NC-SA", "CC-BY-NC-ND", ""),
    "CC-BY": ("CC-BY", "CC-BY-SA", "CC-BY-ND", "CC-BY-NC", "CC-BY-NC-SA", "CC-BY-NC-ND", ""),
    "CC-BY-SA": ("CC-BY-SA",),
    "CC-BY-NC": ("CC-BY-NC", "CC-BY-NC-SA", "CC-BY-NC-ND"),
    "CC-BY-NC-SA": ("CC-BY-NC-SA",),
    "CC-BY-ND": (),
    "CC-BY-NC-ND": (),
}

#: An SPDX identifier of Creative Commons, that of a country ("CC-BY-SA-3.0-DE") too.
_LICENCE = re.compile(r"(?P<kind>CC0|CC-BY(?:-NC)?(?:-SA|-ND)?)-(?P<version>[1-4]\.[05])(?:-[A-Z]+)?")


@rule("S508")
def licence_of_source(site: Site) -> Iterator[Fault]:
    """The licence of a study's source does not allow pages under the site's licence.

    What is adapted from a work under an SA licence stays under the same one, or a later version of it; from an NC licence it
    stays NC; from an ND licence nothing may be adapted (Creative Commons, FAQ, the adapter's licence chart). Facts are free: a
    source that states no licence (`none`) is told in words of one's own. Where pages hold no more than facts and short
    quotations, or have the author's leave, the record says so by a licence of its own in terms.yml (SPDX: `LicenseRef-…`).

    Bad (bibliography/studies/contoh.yml):
        licence: CC-BY-NC-4.0
    Good (bibliography/studies/contoh.yml):
        licence: CC-BY-4.0
    """
    ours = site.settings.licence if site.settings else ""
    if not ours:
        return
    for study in site.studies:
        if may_be_adapted(study.licence, ours):
            continue
        if "-ND-" in study.licence:
            message = say(
                "a source under “{licence}” must not be adapted: tell its facts alone, and say so by a licence LicenseRef-… in terms.yml",
                licence=study.licence,
            )
        else:
            message = say(
                "what is adapted from a source under “{licence}” must not be published under “{ours}”: change extra.licence in mkdocs.yml "
                "to “{licence}”, or tell facts alone, and say so by a licence LicenseRef-… in terms.yml",
                licence=study.licence,
                ours=ours,
            )
        yield Fault(study.places["licence"], message, key=study.entry)


def may_be_adapted(source: str, ours: str) -> bool:
    """Whether what is adapted from a source may be published under our licence; of a source under any other, it is not judged."""
    of_source, of_ours = _LICENCE.fullmatch(source), _LICENCE.fullmatch(ours)
    if of_source is None:
        return True
    if (of_ours["kind"] if of_ours else "") not in ADAPTED_UNDER[of_source["kind"]]:
        return False
    if not of_source["kind"].endswith("-SA"):
        return True
    # a later version will do, but for 1.0, which knows none (Creative Commons, “License Versions”)
    return of_source["version"] == of_ours["version"] or "1.0" < of_source["version"] < of_ours["version"]


#: The number, and the address that may stand before it (“Structure of the ORCID Identifier”).
_ORCID = re.compile(r"(?:[0-9]{4}-){3}[0-9]{3}[0-9X]")
_ORCID_ADDRESS = re.compile(r"^(?:https?://)?(?:www\.)?orcid\.org/", re.IGNORECASE)


@rule("S509")
def orcid_of_author(site: Site) -> Iterator[Fault]:
    """An ORCID in a study's record belongs to none of its authors, or cannot be right.

    It belongs to an author, who is named as in the entry, “Family, Given”. It has sixteen digits in groups of four, and the last,
    which may be an X, follows from the others (“Structure of the ORCID Identifier”; ISO/IEC 7064, MOD 11-2).

    Bad (bibliography/studies/contoh.yml):
        orcid:
          Sari, Dewi: 0000-0002-1825-0096
          Putera, Agus: 0000-0001-5109-3700
    Good (bibliography/studies/contoh.yml):
        orcid:
          Sari, Dewi: 0000-0002-1825-0097
          Putra, Agus: 0000-0001-5109-3700
    """
    for study in site.studies:
        entry = site.entry.get(study.entry)
        for author, orcid in study.orcid.items():
            place = study.places[f"orcid.{author}"]
            if entry is not None and author not in entry.authors:
                meant = nearest(author, entry.authors, cutoff=0.4) or ""
                mend = say("did you mean “{meant}”?", meant=meant) if meant else say("take it out")
                message = say("“{author}” is no author of the entry {key}: {mend}", author=author, key=entry.key, mend=mend)
                yield Fault(place, message, key=entry.key, suggestion=meant)
            if fault := _fault_of_orcid(orcid):
                message, meant = fault
                yield Fault(place, message, key=study.entry, suggestion=meant)


def _fault_of_orcid(orcid: str) -> tuple[Message, str] | None:
    """What is wrong with an ORCID, and what should stand instead, or ""; None where nothing is wrong."""
    bare = _ORCID_ADDRESS.sub("", orcid).rstrip("/").upper()
    if not _ORCID.fullmatch(bare):
        return say("“{orcid}” must be an ORCID, such as 0000-0002-1825-0097: look it up at orcid.org", orcid=orcid), ""
    if not mod_11_2.is_valid(bare.replace("-", "")):
        return say("the ORCID “{number}” has a wrong digit, for its last one does not fit the others: look it up at orcid.org", number=bare), ""
    if bare != orcid:
        return say("“{orcid}” must be the ORCID alone: write “{bare}”", orcid=orcid, bare=bare), bare
    return None


@rule("S510", severity="note")
def recorded_slip(site: Site) -> Iterator[Fault]:
    """A source prints a stray mark in its own How to Cite, and the record says that it is a slip.

    A note, for whoever compares the source with these pages: the record keeps the string as it is printed, the reference on the
    page is without the mark. There is nothing to mend.

    Bad (bibliography/studies/contoh.yml):
        how_to_cite:
          printed: "(Sari & Putra, 2020)_ Sari, D., & Putra, A. (2020). Kebun Bersama di Desa Contoh. Jurnal Contoh, 3(1), 11–20. https://doi.org/10.5555/contoh.3.1"
          slips: ["_"]
    Good (bibliography/studies/contoh.yml):
        how_to_cite:
          printed: "(Sari & Putra, 2020) Sari, D., & Putra, A. (2020). Kebun Bersama di Desa Contoh. Jurnal Contoh, 3(1), 11–20. https://doi.org/10.5555/contoh.3.1"
    """
    for study in site.studies:
        for number, slip in enumerate(study.slips):
            before, found, after = study.printed.partition(slip)
            if found:
                message = say(
                    "the source prints a stray “{slip}” in its own How to Cite (“{around}”): recorded as a slip, "
                    "left out where the reference is printed",
                    slip=slip,
                    around=_end(before) + slip + _beginning(after),
                )
                yield Fault(study.places[f"how_to_cite.slips.{number}"], message, key=study.entry)


#: So many characters of a text are shown in a message; the word in which they end is left out.
_SHOWN = 30


def _beginning(text: str) -> str:
    shown = text[:_SHOWN]
    return text if len(text) <= _SHOWN else f"{shown.rpartition(' ')[0] or shown} …"


def _end(text: str) -> str:
    shown = text[-_SHOWN:]
    return text if len(text) <= _SHOWN else f"… {shown.partition(' ')[2] or shown}"


@rule("S511")
def language_of_abstract(site: Site) -> Iterator[Fault]:
    """The description or the summary of a study's page is in another language than the page.

    Search engines, catalogues and cards show the `description` of a page, and the summary at the head of the study's overview is
    its abstract: both are marked as being in the page's language. It is told by the commonest words of the languages; a text that
    has too few of them, and a page in a language whose words the check does not have, are not judged.

    Bad (docs/en/studies/contoh/index.md):
        Warga sebuah desa mengolah kebun bersama, dan hasilnya dibagi untuk semua keluarga [@contoh2020, sec. Pendahuluan].
    Good (docs/en/studies/contoh/index.md):
        The people of a village work a garden together, and what it yields is shared by all families [@contoh2020, sec. Pendahuluan].
    """
    for page in site.pages:
        study = site.study_of(page)
        if study is None or page.language not in FUNCTION_WORDS:
            continue
        known_by = [(_place_of_description(page), say("the description"), page.description)]
        if page.name == study.name:
            summary = (block for section in page.sections if section.level == 0 for block in section.blocks)
            known_by += [(block.place, say("the summary"), block.text) for block in summary]
        for place, what, text in known_by:
            if (language := language_of(text)) not in ("", page.language):
                message = say(
                    "{what} (“{beginning}”) is in {language}, the page in {due}: write it in the page's language",
                    what=what,
                    beginning=_beginning(" ".join(text.split())),
                    language=site.words.say("languages", language, "name"),
                    due=site.words.say("languages", page.language, "name"),
                )
                yield Fault(place, message)


_DESCRIPTION = re.compile(r"^description:[ \t]*", re.MULTILINE)


def _place_of_description(page: Page) -> Place:
    """Where the value stands in the front matter, or the page's beginning."""
    found = page.source and _DESCRIPTION.search(page.source.text)
    return page.source.place(found.end()) if found else page.place


def _file_name(study: Study) -> str:
    return PurePosixPath(study.place.path).stem
