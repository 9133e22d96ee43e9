"""An entry of somebody's .bib, in BibTeX or BibLaTeX as Zotero, Better BibTeX, Mendeley and journals export it, as an entry of the house.

Types and fields get their BibLaTeX names (BibLaTeX manual 2.1, 2.2.5), TeX's accents become letters, and what a program keeps for itself
is left out.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from types import MappingProxyType

import latexcodec  # noqa: F401  registers the codec "ulatex"

from pustaka import biblatex
from pustaka.intake import Described
from pustaka.intake.csl import date_in, doi_in, genre_of, keywords_in, langid_of, language_tag, options_for, pages, protected
from pustaka.intake.registered import spdx_of
from pustaka.intake.wording import latex, plain
from pustaka.model import Entry

_TYPES = {
    "phdthesis": ("thesis", "phdthesis"),
    "mastersthesis": ("thesis", "mathesis"),
    "techreport": ("report", "techreport"),
    "conference": ("inproceedings", ""),
    "electronic": ("online", ""),
    "www": ("online", ""),
}
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
#: Fields that say something of the work; the rest is a program's own, or is said elsewhere.
_KEPT = (
    "author editor translator title subtitle titleaddon booktitle booksubtitle journaltitle eventtitle series edition volume volumes number pages"
    " eid pagetotal chapter type organization institution publisher location version note date origdate doi url urldate isbn issn eprint eprinttype"
    " eprintclass"
).split()
_WORDS = biblatex.TEXT_FIELDS | biblatex.NAME_FIELDS | {"volume", "number", "pages", "pagetotal"}
#: What TeX writes for a letter: \'e, \"{o}, {\ss}, \i, \c{c}; not a mark behind a backslash, nor a command of words (\emph).
_ACCENT = re.compile(
    r"\{\\(?:[`'^\"~=.]|[Hcdbuvkrt](?![A-Za-z]))\s*(?:\{\\?[A-Za-z]\}|\\?[A-Za-z])\}"
    r"|\\[`'^\"~=.]\s*(?:\{\\?[A-Za-z]\}|\\?[A-Za-z])|\\[Hcdbuvkrt]\{[A-Za-z]\}|\{?\\(?:ss|ae|AE|oe|OE|aa|AA|o|O|l|L|i|j)(?![A-Za-z])\}?"
)


def described(entry: Entry, parent: Entry | None = None) -> Described:
    """A work by its entry in somebody's .bib; `parent` is what its `crossref` names."""
    fields = {} if parent is None else dict(biblatex.inherited(parent, entry))
    fields |= {biblatex.FIELD_ALIASES.get(name, name): value for name, value in entry.fields.items() if name != "year"}
    kind, genre = _TYPES.get(entry.type, (entry.type, ""))
    fields.setdefault("type", genre)
    fields["date"] = fields.get("date") or _date(entry.fields)
    if kind == "article" and fields.get("issue", "").isdigit():
        fields.setdefault("number", fields["issue"])
    if kind == "thesis":
        fields["type"] = genre_of(fields["type"]) or fields["type"]
    if kind == "misc" and fields.get("url") and not fields.get("doi"):
        kind = "online"
    fields = {name: _value(name, fields[name]) for name in _KEPT if fields.get(name)}
    if "doi" not in fields and (doi := doi_in(fields.get("url", ""))):
        fields["doi"] = doi
    if fields.get("doi"):
        fields = {name: value for name, value in fields.items() if name not in ("url", "urldate", "issn")}
    fields["options"] = options_for(fields)
    language = language_tag(entry.fields.get("langid", "")) or language_tag(entry.fields.get("language", ""))
    if "{" not in fields.get("title", "{"):  # whoever puts braces into a title knows what they are for
        fields["title"] = protected(fields["title"], language)
    rights = next((entry.fields[name] for name in ("copyright", "license", "licence", "rights") if name in entry.fields), "")
    return Described(
        name=entry.key,
        type=kind,
        fields=MappingProxyType({name: value for name, value in fields.items() if value} | ({"langid": langid_of(language)} if language else {})),
        language=language,
        licence=spdx_of(rights),
        abstract=_letters(entry.text("abstract")),
        keywords=keywords_in(_letters(entry.text("keywords"))),
    )


def _date(fields: Mapping[str, str]) -> str:
    """The date of BibTeX's `year` and `month`."""
    year, month = date_in(fields.get("year", "")), fields.get("month", "").strip().lower()
    number = int(month) if month.isdigit() else next((number for number, name in enumerate(_MONTHS, 1) if month.startswith(name)), 0)
    return f"{year}-{number:02}" if re.fullmatch(r"\d{4}", year) and 1 <= number <= 12 else year


def _value(name: str, value: str) -> str:
    if name == "doi":
        return doi_in(value.replace("\\", ""))
    if name in ("date", "urldate", "origdate"):
        return value if re.fullmatch(r"[\d/~?.-]+", value) else date_in(value)
    if name in biblatex.VERBATIM_FIELDS:
        return re.sub(r"\\(?=[_&%#])", "", value)
    if name == "pages":
        return pages(value)
    if name not in _WORDS:
        return value
    value = _letters(value)
    if name in ("title", "booktitle") and _is_braced(value):
        value = value[1:-1]  # braces around the whole keep capitals as they are: the language says that
    return value


def _is_braced(value: str) -> bool:
    """Whether one pair of braces stands around the whole."""
    depth = 0
    for number, letter in enumerate(value):
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if not depth:
            return number == len(value) - 1 and letter == "}"
    return False


def _letters(text: str) -> str:
    """TeX's accents as letters, HTML as LaTeX; every other brace and command stays."""
    text = _ACCENT.sub(lambda match: codecs.decode(match.group(), "ulatex").strip("{}").replace("{", "").replace("}", ""), text)
    if re.search(r"<[a-zA-Z/]|&\w+;", text):
        text = re.sub(r"\\([&%$#_])", r"\1", text)
        text = latex(text) if "{" not in text else re.sub(r"<[^<>]*>", "", plain(text))
    return plain(text)
