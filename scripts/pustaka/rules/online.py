"""O: what the DOI registries and the web say of the entries, where they were asked (`--online`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from pustaka.agreement import (
    containers_agree,
    is_marked_retracted,
    likeness,
    names_agree,
    numbers_agree,
    pages_agree,
    titles_agree,
    unmatched_names,
    without_retraction,
)
from pustaka.model import Entry, Fault, Message, Place, Site, join, say
from pustaka.registry import Answer, Record, Registry, doi_of, link_of, quoted, shortened
from pustaka.rules import rule

#: What the rules judge by when nobody was asked: they find nothing.
NOT_ASKED = Registry()

# Crossref's kinds of updates (its documentation, “Version control, corrections, and retractions”) after which a work needs
# a second look.
_RETRACTIONS = {
    "retraction": say("has been retracted"),
    "withdrawal": say("has been withdrawn"),
    "removal": say("has been removed by its publisher"),
    "partial_retraction": say("has been retracted in part"),
    "expression_of_concern": say("stands under an expression of concern"),
}
_CERTAIN_RETRACTIONS = frozenset({"retraction", "withdrawal", "removal"})

# Registered types (Crossref's, and those of CSL) -> our types that the work surely is not.
_THESES = frozenset({"thesis", "phdthesis", "mastersthesis"})
_ARTICLE = (frozenset({"book", "mvbook", "collection", "incollection", "inbook", "dataset", "patent"}) | _THESES, "article")
_BOOK = (frozenset({"article", "inproceedings", "conference", "dataset", "patent"}) | _THESES, "book")
_CHAPTER = (frozenset({"article", "book", "mvbook", "dataset", "patent"}) | _THESES, "incollection")
_PAPER = (frozenset({"book", "mvbook", "dataset", "patent"}) | _THESES, "inproceedings")
_THESIS = (frozenset({"article", "incollection", "inproceedings", "conference", "dataset", "patent"}), "thesis")
_DATASET = (frozenset({"article", "book", "incollection", "inproceedings", "conference", "patent"}) | _THESES, "dataset")
_REGISTERED_TYPES = {
    "journal-article": _ARTICLE,
    "article-journal": _ARTICLE,
    "book": _BOOK,
    "monograph": _BOOK,
    "edited-book": _BOOK,
    "reference-book": _BOOK,
    "book-chapter": _CHAPTER,
    "chapter": _CHAPTER,
    "proceedings-article": _PAPER,
    "paper-conference": _PAPER,
    "dissertation": _THESIS,
    "thesis": _THESIS,
    "dataset": _DATASET,
}

_MOST_AUTHORS = 30  # of a longer list nobody reads a suggestion

# A page that is not there (RFC 9110 15.5.5, 15.5.11); and answers to a program that say nothing of what a browser would get:
# not authorised, forbidden, too many requests, withheld by law, and what LinkedIn says to programs.
_GONE = frozenset({404, 410})
_REFUSALS = frozenset({401, 402, 403, 407, 429, 451, 999})
_WHY_UNCHECKED = {
    "silent": say("its host does not answer"),
    "loop": say("it redirects for ever"),
    "no address": say("it redirects to an address that cannot be opened"),
}


@rule("O801")
def unregistered_doi(site: Site, registry: Registry = NOT_ASKED) -> Iterator[Fault]:
    """A DOI is registered nowhere.

    Neither Crossref nor doi.org, which knows the DOIs of all agencies (DOI Handbook 3), has it: a reader who follows it
    finds nothing. Most often a character is wrong. Where a registered work has the entry's title, its DOI is suggested.

    Bad (bibliography/references.bib):
        @article{contoh2020,
          author = {Sari, Dewi and Putra, Agus},
          title = {Kebun Bersama di Desa Contoh},
          journaltitle = {Jurnal Contoh},
          date = {2020},
          doi = {10.5555/kebum.2020},
        }
    Bad (registry.json):
        {"dois": {"10.5555/kebum.2020": {"registered": false, "candidates": [
          {"doi": "10.5555/kebun.2020", "titles": ["Kebun bersama di desa contoh"], "authors": ["Sari, D."]}]}}}
    Good (bibliography/references.bib):
        @article{contoh2020,
          author = {Sari, Dewi and Putra, Agus},
          title = {Kebun Bersama di Desa Contoh},
          journaltitle = {Jurnal Contoh},
          date = {2020},
          doi = {10.5555/kebun.2020},
        }
    Good (registry.json):
        {"dois": {"10.5555/kebun.2020": {"titles": ["Kebun bersama di desa contoh"], "authors": ["Sari, D.", "Putra, A."]}}}
    """
    for entry in site.entries:
        doi = doi_of(entry)
        record = registry.dois.get(doi)
        if record is None or record.registered:
            continue
        meant = next((other.doi for other in record.candidates if _is_same_work(entry, other)), "")
        mend = say("did you mean “{meant}”?", meant=meant) if meant else say("look the work up at search.crossref.org, or take the DOI out")
        yield Fault(_place_of_doi(entry), say("the DOI “{doi}” is registered nowhere: {mend}", doi=doi, mend=mend), entry.key, meant)


@rule("O802")
def doi_of_another_work(site: Site, registry: Registry = NOT_ASKED) -> Iterator[Fault]:
    """A DOI is that of another work.

    What is registered for it has another title and none of the entry's authors. The single fields are then not compared.

    Bad (bibliography/references.bib):
        @article{contoh2020,
          author = {Sari, Dewi and Putra, Agus},
          title = {Kebun Bersama di Desa Contoh},
          journaltitle = {Jurnal Contoh},
          date = {2020},
          doi = {10.5555/kebun.2020},
        }
    Bad (registry.json):
        {"dois": {"10.5555/kebun.2020": {"titles": ["Harga Beras pada Musim Kemarau"], "authors": ["Wulandari, Rina"], "years": ["2017"]}}}
    Good (bibliography/references.bib):
        @article{contoh2020,
          author = {Sari, Dewi and Putra, Agus},
          title = {Kebun Bersama di Desa Contoh},
          journaltitle = {Jurnal Contoh},
          date = {2020},
          doi = {10.5555/kebun.2020},
        }
    Good (registry.json):
        {"dois": {"10.5555/kebun.2020": {"titles": ["Kebun bersama di desa contoh: sebuah kajian"], "authors": ["Dewi Sari", "Putra, A."]}}}
    """
    for entry, record in _registered(site, registry):
        if _is_another_work(entry, record):
            work = say("“{title}”", title=shortened(record.title))
            if record.authors:
                work = say("{work} by {authors}", work=work, authors=quoted(record.authors, 3))
            message = say("the DOI “{doi}” is that of another work, {work}: give the entry its own DOI", doi=record.doi, work=work)
            yield Fault(_place_of_doi(entry), message, entry.key)


@rule("O803")
def retracted(site: Site, registry: Registry = NOT_ASKED) -> Iterator[Fault]:
    """A work has been retracted.

    Crossref records what was published about a work (`updated-by`), and with it the Retraction Watch database; publishers
    also put “RETRACTED” before the title. Withdrawn and removed works are told alike; a work that is retracted in part or
    doubted by its publisher is for a person to judge. An entry whose own title says so is let pass.

    Bad (bibliography/references.bib):
        @article{contoh2020,
          author = {Sari, Dewi and Putra, Agus},
          title = {Kebun Bersama di Desa Contoh},
          journaltitle = {Jurnal Contoh},
          date = {2020},
          doi = {10.5555/kebun.2020},
        }
    Bad (registry.json):
        {"dois": {"10.5555/kebun.2020": {"titles": ["Kebun Bersama di Desa Contoh"], "notices": [["retraction", "10.5555/tarik.2021"]]}}}
    Good (bibliography/references.bib):
        @article{contoh2020,
          author = {Sari, Dewi and Putra, Agus},
          title = {Retracted: Kebun Bersama di Desa Contoh},
          journaltitle = {Jurnal Contoh},
          date = {2020},
          doi = {10.5555/kebun.2020},
        }
    Good (registry.json):
        {"dois": {"10.5555/kebun.2020": {"titles": ["Kebun Bersama di Desa Contoh"], "notices": [["retraction", "10.5555/tarik.2021"]]}}}
    """
    for entry, record in _registered(site, registry):
        if is_marked_retracted(entry.text("title")):
            continue
        notices = sorted((notice for notice in record.notices if notice[0] in _RETRACTIONS), key=lambda notice: notice[0] not in _CERTAIN_RETRACTIONS)
        if not notices and any(map(is_marked_retracted, record.titles)):
            notices = [("retraction", "")]
        if notices:
            kind, doi = notices[0]
            notice = say("read the notice at https://doi.org/{doi}", doi=doi) if doi else say("read the notice at its publisher's")
            message = say(
                "“{title}” {fate}: {notice}, and do not rely on it any more, or say in the title and on the page that it was retracted",
                title=shortened(entry.text("title")),
                fate=_RETRACTIONS[kind],
                notice=notice,
            )
            yield Fault(entry.place_of("title"), message, entry.key, certain=kind in _CERTAIN_RETRACTIONS)


@rule("O804", severity="warning")
def other_title(site: Site, registry: Registry = NOT_ASKED) -> Iterator[Fault]:
    """A title is not the registered one.

    Letter case, punctuation, TeX and HTML do not count, nor does a subtitle that only one of the two has. Of this and the
    following rules a person must judge: publishers register wrong data too, or a translated title.

    Bad (bibliography/references.bib):
        @article{contoh2020,
          author = {Sari, Dewi and Putra, Agus},
          title = {Kebun Bersama di Kota Contoh},
          journaltitle = {Jurnal Contoh},
          date = {2020},
          doi = {10.5555/kebun.2020},
        }
    Bad (registry.json):
        {"dois": {"10.5555/kebun.2020": {"titles": ["Kebun Bersama di Desa Contoh"]}}}
    Good (bibliography/references.bib):
        @article{contoh2020,
          author = {Sari, Dewi and Putra, Agus},
          title = {{KEBUN} Bersama di \\emph{Desa} Contoh},
          journaltitle = {Jurnal Contoh},
          date = {2020},
          doi = {10.5555/kebun.2020},
        }
    Good (registry.json):
        {"dois": {"10.5555/kebun.2020": {"titles": ["Kebun Bersama di Desa Contoh: Sebuah Kajian"]}}}
    """
    for entry, record in _compared(site, registry):
        stated = _titles(entry)
        if stated and record.titles and not titles_agree(stated, record.titles):
            yield _difference(entry, "title", stated[0], without_retraction(record.title))


@rule("O805", severity="warning")
def other_authors(site: Site, registry: Registry = NOT_ASKED) -> Iterator[Fault]:
    """The authors are not the registered ones, or another one is first.

    Family names are compared, given names and initials are not; which part of a name is the family's is often deposited
    wrongly, and does not count. After “and others” the rest is not asked for.

    Bad (bibliography/references.bib):
        @article{contoh2020,
          author = {Sari, Dewi and Wulandari, Rina},
          title = {Kebun Bersama di Desa Contoh},
          journaltitle = {Jurnal Contoh},
          date = {2020},
          doi = {10.5555/kebun.2020},
        }
    Bad (registry.json):
        {"dois": {"10.5555/kebun.2020": {"titles": ["Kebun Bersama di Desa Contoh"], "authors": ["Sari, D.", "Putra, A."]}}}
    Good (bibliography/references.bib):
        @article{contoh2020,
          author = {Sari, Dewi and others},
          title = {Kebun Bersama di Desa Contoh},
          journaltitle = {Jurnal Contoh},
          date = {2020},
          doi = {10.5555/kebun.2020},
        }
    Good (registry.json):
        {"dois": {"10.5555/kebun.2020": {"titles": ["Kebun Bersama di Desa Contoh"], "authors": ["Dewi, Sari", "Putra, A."]}}}
    """
    for entry, record in _compared(site, registry):
        stated = [name for name in entry.authors if name.strip() and name != "others"]
        if not stated or not record.authors:
            continue
        missing, left = unmatched_names(stated, record.authors)
        faults = []
        if missing:
            faults.append(
                say("{names} is not among them", names=quoted(missing))
                if len(missing) == 1
                else say("{names} are not among them", names=quoted(missing))
            )
        if left and "others" not in entry.authors:
            faults.append(say("{names} is left out", names=quoted(left)) if len(left) == 1 else say("{names} are left out", names=quoted(left)))
        if not faults and not names_agree(stated[0], record.authors[0]):
            faults.append(say("the first of them is “{name}”", name=record.authors[0]))
        if faults:
            message = say(
                "the authors registered for the DOI “{doi}” differ from these ({faults}): correct the entry, or the DOI",
                doi=record.doi,
                faults=join(faults, "; "),
            )
            yield Fault(entry.place_of("author"), message, entry.key, " and ".join(record.authors) if len(record.authors) <= _MOST_AUTHORS else "")


@rule("O806", severity="warning")
def other_year(site: Site, registry: Registry = NOT_ASKED) -> Iterator[Fault]:
    """The year is none of the registered ones.

    A work that came out online before it was printed has several registered years, and any of them will do.

    Bad (bibliography/references.bib):
        @article{contoh2020,
          author = {Sari, Dewi and Putra, Agus},
          title = {Kebun Bersama di Desa Contoh},
          journaltitle = {Jurnal Contoh},
          date = {2018},
          doi = {10.5555/kebun.2020},
        }
    Bad (registry.json):
        {"dois": {"10.5555/kebun.2020": {"titles": ["Kebun Bersama di Desa Contoh"], "years": ["2020", "2019"]}}}
    Good (bibliography/references.bib):
        @article{contoh2020,
          author = {Sari, Dewi and Putra, Agus},
          title = {Kebun Bersama di Desa Contoh},
          journaltitle = {Jurnal Contoh},
          date = {2019-12},
          doi = {10.5555/kebun.2020},
        }
    Good (registry.json):
        {"dois": {"10.5555/kebun.2020": {"titles": ["Kebun Bersama di Desa Contoh"], "years": ["2020", "2019"]}}}
    """
    for entry, record in _compared(site, registry):
        field = "date" if "date" in entry.fields else "year"
        stated = set(re.findall(r"\d{4}", entry.text(field)[:100]))
        if stated and record.years and stated.isdisjoint(record.years):
            yield _difference(entry, field, entry.text(field), "/".join(record.years), record.years[0])


@rule("O807", severity="warning")
def other_container(site: Site, registry: Registry = NOT_ASKED) -> Iterator[Fault]:
    """The journal or the book is not the registered one.

    Abbreviated names (“J. Rural Stud.”), initials, and what stands in brackets do not count.

    Bad (bibliography/references.bib):
        @article{contoh2020,
          author = {Sari, Dewi and Putra, Agus},
          title = {Kebun Bersama di Desa Contoh},
          journaltitle = {Jurnal Pertanian},
          date = {2020},
          doi = {10.5555/kebun.2020},
        }
    Bad (registry.json):
        {"dois": {"10.5555/kebun.2020": {"titles": ["Kebun Bersama di Desa Contoh"], "containers": ["Jurnal Kebun Desa"]}}}
    Good (bibliography/references.bib):
        @article{contoh2020,
          author = {Sari, Dewi and Putra, Agus},
          title = {Kebun Bersama di Desa Contoh},
          journaltitle = {J. Keb. Desa (JKD)},
          date = {2020},
          doi = {10.5555/kebun.2020},
        }
    Good (registry.json):
        {"dois": {"10.5555/kebun.2020": {"titles": ["Kebun Bersama di Desa Contoh"], "containers": ["Jurnal Kebun Desa", "JKD"]}}}
    """
    for entry, record in _compared(site, registry):
        field = next((name for name in ("journaltitle", "journal", "booktitle") if entry.text(name)), "")
        stated = [entry.text(field), *filter(None, (entry.text("shortjournal"), entry.text("maintitle")))]
        if field and record.containers and not containers_agree(stated, record.containers):
            yield _difference(entry, field, stated[0], record.containers[0])


@rule("O808", severity="warning")
def other_volume_or_number(site: Site, registry: Registry = NOT_ASKED) -> Iterator[Fault]:
    """The volume or the number of a journal is not the registered one.

    Words before the numbers and leading noughts do not count, and of a double number one half will do.

    Bad (bibliography/references.bib):
        @article{contoh2020,
          author = {Sari, Dewi and Putra, Agus},
          title = {Kebun Bersama di Desa Contoh},
          journaltitle = {Jurnal Contoh},
          volume = {2},
          number = {14},
          date = {2020},
          doi = {10.5555/kebun.2020},
        }
    Bad (registry.json):
        {"dois": {"10.5555/kebun.2020": {"titles": ["Kebun Bersama di Desa Contoh"], "volume": "14", "number": "2"}}}
    Good (bibliography/references.bib):
        @article{contoh2020,
          author = {Sari, Dewi and Putra, Agus},
          title = {Kebun Bersama di Desa Contoh},
          journaltitle = {Jurnal Contoh},
          volume = {14},
          number = {1/2},
          date = {2020},
          doi = {10.5555/kebun.2020},
        }
    Good (registry.json):
        {"dois": {"10.5555/kebun.2020": {"titles": ["Kebun Bersama di Desa Contoh"], "volume": "Vol 14", "number": "02"}}}
    """
    for entry, record in _compared(site, registry):
        if entry.type not in ("article", "suppperiodical", "review"):
            continue  # elsewhere the numbers are a series', and registered or not by each publisher's habit
        for field, registered in (("volume", record.volume), ("number", record.number), ("issue", record.number)):
            if not numbers_agree(entry.text(field), registered):
                yield _difference(entry, field, entry.text(field), registered)


@rule("O809", severity="warning")
def other_pages(site: Site, registry: Registry = NOT_ASKED) -> Iterator[Fault]:
    """The pages are not the registered ones.

    A first page alone, or a last page that is cut short (131–9), agrees with the whole range.

    Bad (bibliography/references.bib):
        @article{contoh2020,
          author = {Sari, Dewi and Putra, Agus},
          title = {Kebun Bersama di Desa Contoh},
          journaltitle = {Jurnal Contoh},
          pages = {113--141},
          date = {2020},
          doi = {10.5555/kebun.2020},
        }
    Bad (registry.json):
        {"dois": {"10.5555/kebun.2020": {"titles": ["Kebun Bersama di Desa Contoh"], "pages": "131-141"}}}
    Good (bibliography/references.bib):
        @article{contoh2020,
          author = {Sari, Dewi and Putra, Agus},
          title = {Kebun Bersama di Desa Contoh},
          journaltitle = {Jurnal Contoh},
          pages = {131--141},
          date = {2020},
          doi = {10.5555/kebun.2020},
        }
    Good (registry.json):
        {"dois": {"10.5555/kebun.2020": {"titles": ["Kebun Bersama di Desa Contoh"], "pages": "131-41"}}}
    """
    for entry, record in _compared(site, registry):
        stated = entry.text("pages")
        if stated and record.pages and not pages_agree(stated, record.pages):
            yield _difference(entry, "pages", stated, record.pages)


@rule("O810", severity="warning")
def other_type(site: Site, registry: Registry = NOT_ASKED) -> Iterator[Fault]:
    """An entry's type cannot be that of the registered work.

    Only where it is sure: what is registered as an article is no book, but may be a conference paper or a web page.

    Bad (bibliography/references.bib):
        @book{contoh2020,
          author = {Sari, Dewi},
          title = {Kebun Bersama di Desa Contoh},
          date = {2020},
          doi = {10.5555/kebun.2020},
        }
    Bad (registry.json):
        {"dois": {"10.5555/kebun.2020": {"titles": ["Kebun Bersama di Desa Contoh"], "type": "journal-article"}}}
    Good (bibliography/references.bib):
        @online{contoh2020,
          author = {Sari, Dewi},
          title = {Kebun Bersama di Desa Contoh},
          date = {2020},
          doi = {10.5555/kebun.2020},
        }
    Good (registry.json):
        {"dois": {"10.5555/kebun.2020": {"titles": ["Kebun Bersama di Desa Contoh"], "type": "journal-article"}}}
    """
    for entry, record in _compared(site, registry):
        impossible, meant = _REGISTERED_TYPES.get(record.type, (frozenset(), ""))
        if entry.type in impossible:
            message = say(
                "the DOI “{doi}” is registered for a work of the type “{registered}”, not for a “@{stated}”: write “@{meant}”, or correct the DOI",
                doi=record.doi,
                registered=record.type,
                stated=entry.type,
                meant=meant,
            )
            yield Fault(entry.place, message, entry.key, f"@{meant}")


@rule("O811")
def dead_link(site: Site, registry: Registry = NOT_ASKED) -> Iterator[Fault]:
    """A link leads nowhere: the page is not there, or there is no such host.

    The host answered 404 or 410 (RFC 9110 15.5.5, 15.5.11), to a request for the head and to one for the page, or its name is
    not known to the network's name service.

    Bad (bibliography/references.bib):
        @online{dinas-nd,
          author = {{Dinas Pertanian}},
          title = {Kebun Desa},
          url = {https://kebun.example.org/lama},
        }
    Bad (registry.json):
        {"links": {"https://kebun.example.org/lama": {"status": 404}}}
    Good (bibliography/references.bib):
        @online{dinas-nd,
          author = {{Dinas Pertanian}},
          title = {Kebun Desa},
          url = {https://kebun.example.org/baru},
        }
    Good (registry.json):
        {"links": {"https://kebun.example.org/baru": {"status": 200}}}
    """
    for entry, answer in _answered(site, registry):
        mend = say("find its present address, or a copy at web.archive.org")
        if answer.status in _GONE:
            yield _link_fault(entry, say("leads to no page (error {status}): {mend}", status=answer.status, mend=mend))
        elif answer.fault == "unknown host":
            yield _link_fault(entry, say("leads to a host that there is not: {mend}", mend=mend))


@rule("O812", severity="warning")
def unchecked_link(site: Site, registry: Registry = NOT_ASKED) -> Iterator[Fault]:
    """A link could not be checked: a person must open it.

    The host refuses programs (401, 403, 429, 999 and the like), has an error of its own, does not answer, has no valid
    certificate, or redirects for ever. In a browser the page may well be there.

    Bad (bibliography/references.bib):
        @online{dinas-nd,
          author = {{Dinas Pertanian}},
          title = {Kebun Desa},
          url = {https://kebun.example.org/tertutup},
        }
    Bad (registry.json):
        {"links": {"https://kebun.example.org/tertutup": {"status": 403}}}
    Good (bibliography/references.bib):
        @online{dinas-nd,
          author = {{Dinas Pertanian}},
          title = {Kebun Desa},
          url = {https://kebun.example.org/terbuka},
        }
    Good (registry.json):
        {"links": {"https://kebun.example.org/terbuka": {"status": 200}}}
    """
    for entry, answer in _answered(site, registry):
        if reason := _why_unchecked(answer):
            yield _link_fault(entry, say("could not be checked, for {reason}: open it in a browser", reason=reason))


@rule("O813", severity="warning")
def front_page(site: Site, registry: Registry = NOT_ASKED) -> Iterator[Fault]:
    """A link to a page ends at the front page of a host.

    Hosts that were rebuilt often redirect every old address to their front page: the page itself is no more.

    Bad (bibliography/references.bib):
        @online{dinas-nd,
          author = {{Dinas Pertanian}},
          title = {Kebun Desa},
          url = {https://kebun.example.org/detail/15975},
        }
    Bad (registry.json):
        {"links": {"https://kebun.example.org/detail/15975": {"status": 200, "address": "https://kebun.example.org/"}}}
    Good (bibliography/references.bib):
        @online{dinas-nd,
          author = {{Dinas Pertanian}},
          title = {Kebun Desa},
          url = {http://kebun.example.org/detail/15975},
        }
    Good (registry.json):
        {"links": {"http://kebun.example.org/detail/15975": {"status": 200, "address": "https://kebun.example.org/detail/15975"}}}
    """
    for entry, answer in _answered(site, registry):
        if 200 <= answer.status < 300 and answer.address and not _is_front_page(link_of(entry)) and _is_front_page(answer.address):
            mend = say("find the page's present address, or a copy at web.archive.org")
            yield _link_fault(entry, say("leads to the front page “{address}”: {mend}", address=answer.address, mend=mend))


# -- What the rules share ------------------------------------------------------------------------------------------------------


def _registered(site: Site, registry: Registry) -> Iterator[tuple[Entry, Record]]:
    """The entries for whose DOI something is registered."""
    for entry in site.entries:
        record = registry.dois.get(doi_of(entry))
        if record is not None and record.registered:
            yield entry, record


def _compared(site: Site, registry: Registry) -> Iterator[tuple[Entry, Record]]:
    """The entries whose DOI is their own, so that their fields can be compared."""
    return ((entry, record) for entry, record in _registered(site, registry) if not _is_another_work(entry, record))


def _answered(site: Site, registry: Registry) -> Iterator[tuple[Entry, Answer]]:
    for entry in site.entries:
        if answer := registry.links.get(link_of(entry)):
            yield entry, answer


def _is_another_work(entry: Entry, record: Record) -> bool:
    """Whether the titles differ, and the authors too; without authors to compare the titles must have next to nothing in common."""
    stated = _titles(entry)
    if not stated or not record.titles or titles_agree(stated, record.titles):
        return False
    return likeness(stated, record.titles) < (0.5 if entry.authors and record.authors else 0.2) and not _share_an_author(entry, record)


def _is_same_work(entry: Entry, record: Record) -> bool:
    stated = _titles(entry)
    return bool(stated and record.titles) and titles_agree(stated, record.titles) and (not record.authors or _share_an_author(entry, record))


def _share_an_author(entry: Entry, record: Record) -> bool:
    missing, _ = unmatched_names(entry.authors, record.authors)
    return len(missing) < len(entry.authors)


def _titles(entry: Entry) -> list[str]:
    """The ways in which the entry states its title, TeX and all; the fullest first."""
    title, subtitle = entry.fields.get("title", ""), entry.fields.get("subtitle", "")
    return list(filter(None, (f"{title}: {subtitle}" if title and subtitle else "", title, entry.fields.get("shorttitle", ""))))


def _difference(entry: Entry, field: str, stated: str, registered: str, suggestion: str = "") -> Fault:
    message = say(
        "{field} “{stated}” differs from “{registered}”, registered for the DOI “{doi}”: correct the entry, or the DOI",
        field=field,
        stated=shortened(stated),
        registered=shortened(registered),
        doi=doi_of(entry),
    )
    return Fault(entry.place_of(field), message, entry.key, suggestion or registered)


def _place_of_doi(entry: Entry) -> Place:
    return entry.place_of("doi" if "doi" in entry.fields else "url")


def _link_fault(entry: Entry, what: Message) -> Fault:
    return Fault(entry.place_of("url"), say("the link “{url}” {what}", url=shortened(link_of(entry)), what=what), entry.key)


def _why_unchecked(answer: Answer) -> Message | None:
    """Why nothing is known of a link; None when something is."""
    if answer.status in _REFUSALS:
        return say("its host refuses programs ({status})", status=answer.status)
    if answer.status >= 400 and answer.status not in _GONE:
        return say("its host answers with the error {status}", status=answer.status)
    return _WHY_UNCHECKED.get(answer.fault)


def _is_front_page(address: str) -> bool:
    parts = urlsplit(address)
    return parts.path in ("", "/") and not parts.query
