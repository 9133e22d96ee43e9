"""What the checker finds in a study's own source, as `bibliography/reports/SLUG.yml`, from which a page of the study is made.

The source itself stays where it is. Of people who were talked to (personal communications) no name is written down.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping

import yaml

from pustaka.manuscript import Manuscript
from pustaka.model import Finding, Site, Study

_HEAD = """\
# What the citation checker finds in the source of this study; the page “citations” is made from it. Made anew by
#     check_citations.py --manuscript SOURCE --report-for {slug}
# A note that is written here by hand, {{id: …, en: …}}, is kept. Names in personal communications are withheld.
"""
_WITHHELD = "…"
#: What may have come about when the text was taken from a PDF: a space that is lost.
_OF_CONVERSION = frozenset({"M717"})
_PART = re.compile(r"(?:tabel|table|gambar|figure|fig\.)\s|[a-z]\)", re.IGNORECASE)
_QUOTED = re.compile(r"“([^”]*)”")


def citation_report(text: str, manuscript: Manuscript, findings: Iterable[Finding], site: Site, study: Study) -> str:
    """The report as YAML (its schema is `schemas/report.json`).

    Args:
        text: the source, as `manuscript` was read from it.
        findings: what the rules find in the manuscript.
        site, study: whose report it is: the names of the source's sections, the keys of its works, the notes already there.
    """
    section_at = _sections(text, study.sections)
    withheld = _withheld(manuscript)
    keys = {_folded(entry.key): entry.key for entry in site.entries}
    notes = {(fault.code, fault.section, fault.printed): fault.note for fault in site.reports.get(study.slug, ())}
    items: list[dict] = []
    for finding in findings:
        # a message quotes the offender first, or its part and then the whole
        quoted = _QUOTED.findall(str(finding.message).partition("”: ")[0] + "”")
        printed = withheld(max(quoted[:2], key=len) if _names_part(str(finding.message)) else quoted[0])
        certain = finding.severity == "error" and finding.code not in _OF_CONVERSION
        item = {"code": finding.code, "certain": certain, "section": section_at(finding.place.line), "printed": printed}
        if finding.suggestion:
            item["meant"] = withheld(finding.suggestion)
        if key := keys.get(_folded(finding.key)):
            item["key"] = key
        if note := notes.get((item["code"], item["section"], printed)):
            item["note"] = dict(note)
        same = next((other for other in items if {**other, "times": 0} == {**item, "times": 0}), None)
        if same:
            same["times"] = same.get("times", 1) + 1
        else:
            items.append(item)
    return _HEAD.format(slug=study.slug) + yaml.safe_dump(items, allow_unicode=True, sort_keys=False, width=150)


def _names_part(message: str) -> bool:
    return bool(re.search(r"” in “", message))


def _folded(key: str) -> str:
    return re.sub(r"[\W_]", "", key).lower()


def _sections(text: str, sections: Mapping[str, str]):
    """What tells the section, by its name in the study's record, in which a line of the source stands."""
    # a table stands in a section, and so does what follows it; where the text of a lettered part ends cannot be seen
    titles = {_folded(title): name for name, title in sections.items() if not _PART.match(title)}
    found = [(number, titles[folded]) for number, line in enumerate(text.splitlines(), 1) if (folded := _folded(line)) in titles]
    starts = [number for number, _ in found]

    def section_at(line: int) -> str:
        index = bisect_right(starts, line) - 1
        return found[index][1] if index >= 0 else next(iter(sections))

    return section_at


def _withheld(manuscript: Manuscript):
    """What takes the names of those who were talked to out of a text."""
    public = {author.family for reference in manuscript.references if not reference.is_communication for author in reference.authors}
    patterns = [pattern for names in _people(manuscript) for pattern in _ways_to_write(*names, alone=names[0] not in public)]
    if not patterns:
        return str
    names = re.compile("|".join(sorted(patterns, key=len, reverse=True)))
    return lambda text: names.sub(_WITHHELD, text)


def _people(manuscript: Manuscript) -> Iterator[tuple[str, str]]:
    """(family name, given names) of whoever is an author of a personal communication."""
    for reference in manuscript.references:
        if reference.is_communication:
            yield from ((author.family, author.given) for author in reference.authors)


def _ways_to_write(family: str, given: str, alone: bool) -> Iterator[str]:
    family, given = re.escape(family), re.escape(given).replace(r"\ ", r"\s*")
    if given:
        yield rf"\b{given}\s*{family}\b"
        yield rf"\b{family},\s*{given}"
    if alone:
        yield rf"\b{family}\b"
