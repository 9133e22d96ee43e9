"""E: what names a work or a person for machines: DOI, web address, ISBN, ISSN, ORCID."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address
from types import ModuleType
from urllib.parse import unquote, urlsplit

from stdnum import isbn, issn
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.iso7064 import mod_11_2

from pustaka.model import Entry, Fault, Fix, Message, Site, say
from pustaka.rules import rule
from pustaka.rules.entries import bare_doi, shortened

# DOI Handbook 2.2: "10.", the registrant's number, a slash, a suffix of printable characters; no TeX in it. shortdoi.org: "10/abcde".
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\\{}]+|10/[a-z0-9]{3,10}")
_DOI_HOSTS = ("doi.org", "dx.doi.org", "www.doi.org")

# RFC 3986, appendix A; other letters than ASCII are left to the browser (RFC 3987).
_NOT_IN_URL = re.compile(r"[\s\\<>\"{}|^`\x00-\x1f]|%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(r"(?=.{4,253}$)(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+(?!test$|example$|invalid$|localhost$)(?:xn--[\w-]+|[^\W\d_]{2,63})")


@rule("E305")
def malformed_doi(site: Site) -> Iterator[Fault]:
    """A DOI is not written as `10.NNNN/suffix`.

    It begins with 10., the registrant's number and a slash, and holds no space and no TeX (DOI Handbook 2.2, BibLaTeX manual 2.2.2).

    Bad (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          date = {2005},
          doi = {10.5555},
          langid = {indonesian},
        }
    Good (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          date = {2005},
          doi = {10.5555/masyarakat},
          langid = {indonesian},
        }
    """
    for entry in site.entries:
        stated = entry.fields.get("doi", "")
        if not stated or _DOI.fullmatch(stated) or _DOI.fullmatch(bare_doi(stated)):
            continue
        meant = re.sub(r"\\(?=[_%&#$])|\{\\_\}", lambda match: "_" if match.group() == r"{\_}" else "", bare_doi(stated)).strip("{} ")
        meant = meant if _DOI.fullmatch(meant) else ""
        mend = say("write “{meant}”", meant=meant) if meant else say("look it up at doi.org")
        message = say("“{doi}” must be a bare DOI, 10.NUMBER/SUFFIX: {mend}", doi=shortened(stated), mend=mend)
        yield Fault(entry.place_of("doi"), message, key=entry.key, suggestion=meant, fix=_fix(entry, "doi", stated, meant))


@rule("E311")
def doi_as_address(site: Site) -> Iterator[Fault]:
    """A DOI is given as a web address.

    The field holds the bare DOI; the address before it is the style's business (BibLaTeX manual 2.2.2), and it would be
    printed twice. An address at doi.org in `url` belongs into `doi`, where other programs find it.

    Bad (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          date = {2005},
          doi = {https://doi.org/10.5555/masyarakat},
          langid = {indonesian},
        }
    Good (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          date = {2005},
          doi = {10.5555/masyarakat},
          langid = {indonesian},
        }
    """
    for entry in site.entries:
        stated = entry.fields.get("doi", "")
        if stated and (bare := bare_doi(stated)) != stated and _DOI.fullmatch(bare):
            message = say("“{doi}” must be a bare DOI: write “{bare}”", doi=shortened(stated), bare=bare)
            yield Fault(entry.place_of("doi"), message, key=entry.key, suggestion=bare, fix=_fix(entry, "doi", stated, bare))
        address = entry.fields.get("url", "")
        if not stated and "doi.org/10." in address and (doi := _doi_in(address)):
            message = say("“{url}” is a DOI: write it into the field doi, as “{doi}”", url=shortened(address), doi=doi)
            yield Fault(entry.place_of("url"), message, key=entry.key, suggestion=doi)


def _doi_in(address: str) -> str:
    """The DOI of an address at doi.org, or ""."""
    match = re.fullmatch(r"https?://([a-z.]+)/(10\..*)", address, re.IGNORECASE)
    doi = unquote(match[2]) if match and match[1].lower() in _DOI_HOSTS else ""
    return doi if _DOI.fullmatch(doi) else ""


def _fix(entry: Entry, name: str, old: str, new: str) -> Fix | None:
    """Puts the new words in place of the old where the file has them letter by letter."""
    written = entry.field(name)
    if not new or written is None:
        return None
    offset = entry.raw(written).find(old)
    return Fix(entry.place_in(written, offset), old, new) if offset >= 0 else None


@rule("E306")
def malformed_url(site: Site) -> Iterator[Fault]:
    """A web address cannot be opened as it stands.

    It must have the scheme http or https and a host that can exist: names joined by dots, or a number (RFC 3986 3.2.2, RFC 1123 2.1).

    Bad (bibliography/references.bib):
        @online{dinas-nd,
          author = {{Dinas Pertanian}},
          title = {Kebun Desa},
          url = {http://content/detail/15975},
          urldate = {2020-10-24},
          langid = {indonesian},
        }
    Good (bibliography/references.bib):
        @online{dinas-nd,
          author = {{Dinas Pertanian}},
          title = {Kebun Desa},
          url = {https://kebun.example.org/detail/15975},
          urldate = {2020-10-24},
          langid = {indonesian},
        }
    """
    for entry in site.entries:
        if (url := entry.fields.get("url", "")) and (reason := _url_fault(url, in_project=bool(site.languages))):
            message = say("“{url}” cannot be opened: {reason}", url=shortened(url), reason=reason)
            yield Fault(entry.place_of("url"), message, key=entry.key)


def _url_fault(url: str, in_project: bool) -> Message | None:
    """Why an address cannot be opened, and what to do; None when it can."""
    if wrong := _NOT_IN_URL.search(url):
        return say("“{wrong}” must not stand in an address; copy the address from the browser, without TeX's backslashes", wrong=wrong.group())
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return say("its host is not a name, or its port is not a number: copy the address from the browser")
    if parts.scheme not in ("http", "https") and not (parts.scheme == "ftp" and host):
        return say("it must begin with https:// or http://")
    if _HOST.fullmatch(host.removesuffix(".")) or _is_number(host):
        return None
    if in_project:
        return say("no host can be named “{host}”; find the page's present address, or record the address in errata.yml as missing", host=host)
    return say("no host can be named “{host}”; find the page's present address", host=host)


def _is_number(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


@rule("E322")
def wrong_isbn(site: Site) -> Iterator[Fault]:
    """An ISBN cannot be right.

    It has 10 or 13 digits, and the last follows from the others (ISO 2108): a slip in one digit shows.

    Bad (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          date = {2005},
          isbn = {978-0-306-40615-8},
          langid = {indonesian},
        }
    Good (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          date = {2005},
          isbn = {978-0-306-40615-7},
          langid = {indonesian},
        }
    """
    yield from _wrong_numbers(site, "isbn", "ISBN", isbn)


@rule("E323")
def wrong_issn(site: Site) -> Iterator[Fault]:
    """An ISSN cannot be right.

    It has eight digits, and the last, which may be an X, follows from the others (ISO 3297).

    Bad (bibliography/references.bib):
        @article{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          journaltitle = {Jurnal Contoh},
          date = {2005},
          issn = {0378-5956},
          langid = {indonesian},
        }
    Good (bibliography/references.bib):
        @article{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          journaltitle = {Jurnal Contoh},
          date = {2005},
          issn = {0378-5955},
          langid = {indonesian},
        }
    """
    yield from _wrong_numbers(site, "issn", "ISSN", issn)


#: A number without spaces. Several in one field are common, with words about them: "978… (pbk.); 978… (ebook)".
_NUMBER = re.compile(r"\d[\dX‐‑‒–—−-]*", re.IGNORECASE)

#: "ISBN-13: 978…" has no number 13.
_LABEL = re.compile(r"\b[ep]?-?(?:ISBN|ISSN)(?:-?1[03])?:?|\([^()]*\)", re.IGNORECASE)


def _wrong_numbers(site: Site, name: str, label: str, kind: ModuleType) -> Iterator[Fault]:
    for entry in site.entries:
        stated = entry.fields.get(name, "")
        if not stated or kind.is_valid(stated):
            continue
        for number in _numbers(stated, kind):
            if reason := _number_fault(number, kind):
                message = say("the {label} “{number}” {reason}", label=label, number=shortened(number), reason=reason)
                yield Fault(entry.place_of(name), message, key=entry.key)


def _numbers(stated: str, kind: ModuleType) -> Iterator[str]:
    """The numbers of a field; what has none that is long enough is taken for one that is parted by spaces, or is none."""
    for part in re.split(r"[,;/|]", _LABEL.sub("", stated)):
        runs = [run for run in _NUMBER.findall(part) if len(kind.compact(run)) >= 8]
        if runs:
            yield from runs
        elif any(letter.isdigit() for letter in part) and not kind.is_valid(part.strip()):
            yield part.strip()


def _number_fault(number: str, kind: ModuleType) -> Message | None:
    try:
        kind.validate(number)
    except InvalidChecksum:
        return say("has a wrong digit, for its last one does not fit the others: copy it from the work")
    except ValidationError:
        if kind is isbn and issn.is_valid(number):
            return say("is an ISSN: move it into the field issn")
        if kind is issn and isbn.is_valid(number):
            return say("is an ISBN: move it into the field isbn")
        return say("has too many digits, or too few, or letters among them: copy it from the work")
    return None


@rule("E324")
def wrong_orcid(site: Site) -> Iterator[Fault]:
    """An ORCID cannot be right.

    It has sixteen digits in groups of four, and the last, which may be an X, follows from the others (ISO/IEC 7064, MOD 11-2;
    “Structure of the ORCID Identifier”). It stands in `orcid` or beside a name, as in `author+an` (BibLaTeX manual 3.7).

    Bad (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          author+an = {1:orcid="0000-0002-1825-0096"},
          title = {Membangun Masyarakat},
          date = {2005},
          langid = {indonesian},
        }
    Good (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          author+an = {1:orcid="0000-0002-1825-0097"},
          title = {Membangun Masyarakat},
          date = {2005},
          langid = {indonesian},
        }
    """
    for entry in site.entries:
        for name, value in entry.fields.items():
            if "orcid" not in name and not (("+an" in name or name == "note") and "orcid" in value.lower()):
                continue
            for number in _ORCID.findall(value):
                if not mod_11_2.is_valid(number.replace("-", "").upper()):
                    message = say(
                        "the ORCID “{number}” has a wrong digit, for its last one does not fit the others: look it up at orcid.org", number=number
                    )
                    yield Fault(entry.place_of(name), message, key=entry.key)


_ORCID = re.compile(r"(?<![\d-])\d{4}-\d{4}-\d{4}-\d{3}[\dXx](?![\d-])")
