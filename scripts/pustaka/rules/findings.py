"""S: the numbered findings of the studies, which keep their numbers and their short addresses for ever."""

from __future__ import annotations

from collections.abc import Iterator

from pustaka.model import Fault, NumberedFinding, Page, Site, Study, say
from pustaka.nearest import nearest
from pustaka.rules import rule

#: The block in which a finding is told in a nutshell.
_BLOCK = "finding"


@rule("S531", site_only=True)
def place_of_finding(site: Site) -> Iterator[Fault]:
    """A numbered finding is told nowhere: there is no such page, or no such heading on it.

    The record says under which heading each finding is told; its short address, its code on paper and its citation lead there in
    every language.

    Bad (bibliography/studies/contoh.yml):
        findings: {1: "findings#harvets"}
    Good (bibliography/studies/contoh.yml):
        findings: {1: "findings#harvest"}
    Good (docs/id/studies/contoh/findings.md):
        ## Hasil panen {#harvest}

        /// finding
        Hasilnya dibagi menurut kerja [@contoh2020, bag. Hasil].
        ///
    Good (docs/en/studies/contoh/findings.md):
        ## The harvest {#harvest}

        /// finding
        What it yields is shared by work [@contoh2020, sec. Hasil].
        ///
    """
    for study in site.studies:
        for finding in study.findings:
            place = study.places[f"findings.{finding.number}"]
            for language in site.languages:
                page = site.page(language, study.page_name(finding.page))
                ids = [section.id for section in page.sections if section.id] if page else []
                if page is None:
                    message = say(
                        "finding {number} is told on no page: write the page “{page}” for {language}, or mend the name",
                        number=finding.number,
                        page=finding.page,
                        language=language,
                    )
                    yield Fault(place, message)
                elif finding.anchor not in ids:
                    meant = nearest(finding.anchor, ids)
                    mend = say("did you mean “{meant}”?", meant=meant) if meant else say("give a heading there this id: {{#{id}}}", id=finding.anchor)
                    message = say(
                        "finding {number} is told under “#{id}”, which is no heading in {file}: {mend}",
                        number=finding.number,
                        id=finding.anchor,
                        file=page.path,
                        mend=mend,
                    )
                    yield Fault(place, message)


@rule("S532", site_only=True)
def finding_in_a_nutshell(site: Site) -> Iterator[Fault]:
    """A numbered finding has no nutshell under its heading, or a nutshell has no number.

    `/// finding` right below the heading holds the finding in a sentence or two, to be understood alone: the page shows its number and
    its short address there, the handout and the slides print it.

    Bad (bibliography/studies/contoh.yml):
        findings: {1: "findings#harvest"}
    Good (bibliography/studies/contoh.yml):
        findings: {1: "findings#harvest"}
    Good (docs/id/studies/contoh/findings.md):
        ## Hasil panen {#harvest}

        /// finding
        Hasilnya dibagi menurut kerja [@contoh2020, bag. Hasil].
        ///
    Good (docs/en/studies/contoh/findings.md):
        ## The harvest {#harvest}

        /// finding
        What it yields is shared by work [@contoh2020, sec. Hasil].
        ///
    """
    for page in site.pages:
        study = site.study_of(page)
        if study is not None:
            yield from _told(study, page)


def _told(study: Study, page: Page) -> Iterator[Fault]:
    free = max((finding.number for finding in study.findings), default=0) + 1
    for section in page.sections:
        finding = study.finding_at(study.part(page.name), section.id) if section.id else None
        blocks = [block for block in section.blocks if _BLOCK in block.within]
        if finding and not blocks:
            message = say("finding {number} has no nutshell: put it between “/// finding” and “///” below the heading", number=finding.number)
            yield Fault(section.place, message)
        elif finding and section.blocks[0] not in blocks:
            yield Fault(blocks[0].place, say("the nutshell of finding {number} must stand right below its heading", number=finding.number))
        elif blocks and not finding:
            message = say(
                "this finding has no number: add “{number}: {page}#{id}” to findings in {record}; its heading must have that id",
                number=free,
                page=study.part(page.name),
                id=section.id or "ID",
                record=study.place.path,
            )
            yield Fault(blocks[0].place, message)
            free += 1


@rule("S533", site_only=True)
def code_of_study(site: Site) -> Iterator[Fault]:
    """Two studies have the same code, or two numbers are given to one finding.

    The code and the number are a finding's address, which stands on paper: it can lead to one place only.

    Bad (bibliography/studies/contoh.yml):
        findings: {1: "findings#harvest", 2: "findings#harvest"}
    Bad (docs/id/studies/contoh/findings.md):
        ## Hasil panen {#harvest}

        /// finding
        Hasilnya dibagi menurut kerja [@contoh2020, bag. Hasil].
        ///
    Bad (docs/en/studies/contoh/findings.md):
        ## The harvest {#harvest}

        /// finding
        What it yields is shared by work [@contoh2020, sec. Hasil].
        ///
    Good (bibliography/studies/contoh.yml):
        findings: {1: "findings#harvest"}
    Good (docs/id/studies/contoh/findings.md):
        ## Hasil panen {#harvest}

        /// finding
        Hasilnya dibagi menurut kerja [@contoh2020, bag. Hasil].
        ///
    Good (docs/en/studies/contoh/findings.md):
        ## The harvest {#harvest}

        /// finding
        What it yields is shared by work [@contoh2020, sec. Hasil].
        ///
    """
    first: dict[str, Study] = {}
    for study in site.studies:
        if (other := first.setdefault(study.code, study)) is not study:
            message = say("the code “{code}” is that of {other} already: choose another for this study", code=study.code, other=other.slug)
            yield Fault(study.places["code"], message)
        yield from _numbered_twice(study)


def _numbered_twice(study: Study) -> Iterator[Fault]:
    told: dict[tuple[str, str], NumberedFinding] = {}
    for finding in study.findings:
        if (other := told.setdefault((finding.page, finding.anchor), finding)) is not finding:
            message = say(
                "finding {number} is finding {other} already: a heading has one number; take the later one out unless it was published",
                number=finding.number,
                other=other.number,
            )
            yield Fault(study.places[f"findings.{finding.number}"], message)
