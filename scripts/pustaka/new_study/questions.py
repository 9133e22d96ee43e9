"""What must be known of a study and is not: asked for on a terminal, listed with its option where nobody can answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from pustaka import biblatex
from pustaka.intake import Described
from pustaka.intake.csl import date_in, genre_of, keywords_in, langid_of, language_tag
from pustaka.intake.registered import spdx_of
from pustaka.intake.wording import latex
from pustaka.model import Entry, Message, Site, join, say
from pustaka.new_study import Outline, Refused, Stated, entry
from pustaka.recognition import language_of

#: Asks a person: the question, and the answer that an empty line means ("" where there is none), a message where it is a word of ours.
#: Returns what was typed.
Ask = Callable[[Message, str | Message], str]
#: Tells a person why an answer will not do.
Complain = Callable[[Message], None]

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CODE = re.compile(r"[a-z][a-z0-9]{0,7}")
_LONGEST_SHORT = 60
_NO_LICENCE = "none"


@dataclass
class Interview:
    """The questions of one run: `ask` puts one to a person; None where nobody is there, and then `missing` gathers what was not said."""

    ask: Ask | None = None
    complain: Complain = print
    missing: list[tuple[Message, str]] = field(default_factory=list)
    wrong: list[Message] = field(default_factory=list)

    def get(
        self,
        stated: str | None,
        question: Message,
        option: str,
        default: str | Message | None,
        read: Callable[[str], object],
        optional: bool = False,
    ) -> object:
        """An answer, read.

        Args:
            stated: what was said as an option.
            option: by which it is said, as it is typed.
            default: what is meant where nothing is said; "" where it cannot be guessed, None where that follows from what is missing already.
                A word of the interface is a message; `read` understands its English.
            read: makes a value of the words; raises Refused.
            optional: whether nothing is an answer too.

        Returns:
            The value, or None where it is missing or wrong.
        """
        if stated is None and self.ask is None and not default:
            if default is not None:
                self.missing.append((question, option))
            return None
        meant = str(default or "")
        if stated is not None or self.ask is None:
            try:
                return read(meant if stated is None else stated)
            except Refused as refused:
                self.wrong.append(say("{option}: {reason}", option=option, reason=refused.message))
                return None
        while True:
            typed = self.ask(question, default or "").strip() or meant
            if not typed and not optional:
                self.complain(say("this must be known: write an answer"))
                continue
            try:
                return read(typed)
            except Refused as refused:
                self.complain(refused.message)


@dataclass(frozen=True)
class Known:
    """Everything that a study is written from. `not_stated` are required fields of the entry that the source does not have."""

    slug: str
    key: str
    type: str
    fields: Mapping[str, str]
    not_stated: tuple[str, ...]
    language: str
    licence: str
    basis: str
    short: Mapping[str, str]
    keywords: Mapping[str, tuple[str, ...]]
    orcid: Mapping[str, str]
    code: str
    sections: tuple[str, ...]
    in_menu: bool


def work(interview: Interview, site: Site, stated: Stated, described: Described) -> Described:
    """The work itself, with what was said of it and what its type requires; a required field that the source does not have is "" in the fields."""
    fields = {name: value for name, value in described.fields.items() if name not in ("langid", "keywords")}
    fields |= {name: _as_latex(value) for name, value in stated.fields.items()}
    known_types = tuple(site.words["entry_types"])
    kind = interview.get(
        stated.type or described.type or None, say("type of the work ({known})", known=join(known_types)), "--type", "article", _one_of(known_types)
    )
    fields |= _title(interview, stated, fields.get("title", ""))
    if stated.authors is not None:
        fields["author"] = _authors(stated.authors)
    if stated.date is not None:
        fields["date"] = _date(stated.date)
    for way in biblatex.REQUIRED.get(biblatex.TYPE_ALIASES.get(str(kind), str(kind)), "").split():
        fields |= _required(interview, way.split("/"), fields)
    said = language_of(" ".join((re.sub(r"[{}\\]", " ", fields.get("title") or ""), described.abstract)))
    language = interview.get(
        stated.language or described.language or None, say("language of the source (id, en, …)"), "--language", said or "", _language
    )
    return replace(described, type=str(kind or ""), fields=MappingProxyType(fields), language=str(language or ""))


def _title(interview: Interview, stated: Stated, title: str) -> dict[str, str]:
    """The title; one that is all in capitals is no spelling (E335)."""
    if stated.title is None and title and not (title.isupper() and " " in title):
        return {}
    if title:
        question = say("title, not all in capitals")
        default = "" if interview.ask is None else title.capitalize()
    else:
        question, default = say("title"), ""
    found = interview.get(stated.title, question, "--title", default, _as_latex)
    return {"title": str(found)} if found else {}


def _required(interview: Interview, ways: list[str], fields: Mapping[str, str]) -> dict[str, str]:
    """A required field that is not there: any of several ways. That the source does not state it is an answer too."""
    if any(name in fields for name in (*ways, *(alias for alias, name in biblatex.FIELD_ALIASES.items() if name in ways))):
        return {}
    name = ways[0]
    if name == "title":
        return {}
    read: Callable[[str], str] = {"author": _authors, "editor": _authors, "date": _date, "type": _genre}.get(name, _as_latex)
    option = {"author": '--author "…"', "date": "--date …"}.get(name, f'--set {name}="…"')
    question = {
        "author": say("authors, “Family, Given; Family, Given”, a body in braces (empty: the source names none)"),
        "date": say("year, or date as YYYY-MM-DD (empty: the source states none)"),
    }.get(name, say("{field} (empty: the source does not state it)", field=name))
    found = interview.get(None, question, option, "", read, optional=True)
    return {} if found is None else {name: str(found)}


def study(interview: Interview, site: Site, stated: Stated, described: Described, outline: Outline, there: Entry | None) -> Known | None:
    """What the record needs beyond the work; None where something is missing or wrong, which the interview holds.

    Args:
        there: the entry of the work, where the bibliography has it already.
    """
    fields = there.fields if there else described.fields
    guessed = there.key if there else entry.key_for(fields, site.entry)
    key = there.key if there else interview.get(stated.key, say("citation key"), "--key", guessed or None, _key(site))
    slug = interview.get(stated.slug, say("name in addresses (slug), for ever"), "SLUG", _slug_for(str(key or ""), site) or None, _slug(site))
    licences = tuple(site.words["licences"])
    licence = interview.get(
        stated.licence,
        say("licence of the source ({known})", known=join(licences)),
        "--licence",
        described.licence,
        _licence(licences),
    )
    alone = bool(described.abstract) and not described.name
    basis = interview.get(
        stated.basis,
        say("what the pages rest on (full-text, abstract)"),
        "--basis",
        ("abstract" if alone or licence == _NO_LICENCE else "full-text") if licence else None,
        _one_of(("full-text", "abstract")),
    )
    short, keywords = {}, {}
    for language in site.languages:
        named = _short_for(fields, outline, language)
        question = say("short name for menus, in {language}", language=_name_of(site, language))
        short[language] = interview.get(stated.short.get(language), question, f'--short {language}="…"', named or None, _short)
        words = "; ".join(described.keywords) if language == described.language else ""
        question = say("keywords in {language}, parted by semicolons", language=_name_of(site, language))
        keywords[language] = interview.get(stated.keywords.get(language), question, f'--keywords {language}="…; …"', words, _keywords)
    code = interview.get(stated.code, say("code of its findings, for ever"), "--code", _code_for(str(slug or ""), site) or None, _code(site))
    section = outline.word("abstract", described.language)
    sections = interview.get(stated.sections, say("sections of the source, parted by semicolons"), '--sections "…; …"', section, _sections)
    in_menu = interview.get(stated.menu, say("in the main menu (yes, no)"), "--menu", say("yes"), _yes)
    if interview.missing or interview.wrong:
        return None
    langid = langid_of(described.language)
    return Known(
        slug=str(slug),
        key=str(key),
        type=described.type,
        fields=MappingProxyType({name: value for name, value in fields.items() if value} | ({"langid": langid} if langid else {})),
        not_stated=tuple(name for name, value in fields.items() if not value),
        language=described.language,
        licence=str(licence),
        basis=str(basis),
        short=MappingProxyType(short),
        keywords=MappingProxyType(keywords),
        orcid=described.orcid,
        code=str(code),
        sections=tuple(sections),
        in_menu=bool(in_menu),
    )


# -- What would be a sensible answer ---------------------------------------------------------------------------------------------


def _slug_for(key: str, site: Site) -> str:
    """ "sari-2020" of the key sari2020; with a number where it is taken."""
    name = re.sub(r"(?<=[a-z])(?=\d)", "-", re.sub(r"[^a-z0-9-]", "", key.lower())).strip("-")
    return next((each for each in (name, *(f"{name}-{number}" for number in range(2, 100))) if each not in site.study), "") if name else ""


def _code_for(slug: str, site: Site) -> str:
    """A short code, of the letters that a slug's words begin with and the year's end: s20 of sari-2020."""
    letters, year = re.sub(r"[^a-z]", "", slug), re.search(r"\d\d(?=\b)", slug)
    end = year.group() if year else ""
    taken = {each.code for each in site.studies}
    initials = "".join(word[0] for word in slug.split("-") if word[:1].isalpha())[:5]
    return next((code for code in (f"{some}{end}" for some in (initials, *(letters[:n] for n in range(2, 7))) if some) if code not in taken), "")


def _short_for(fields: Mapping[str, str], outline: Outline, language: str) -> str:
    """ "Sari dan Putra (2020)"; "" where no author is known."""
    told = Entry("", "", fields, None)
    families = [re.sub(r"[{}\\]", "", name).partition(",")[0] for name in told.authors if name != "others"]
    if not families:
        return ""
    if len(families) == 2:
        named = f"{families[0]} {outline.word('and', language)} {families[1]}"
    else:
        named = families[0] if len(families) == 1 else f"{families[0]} {outline.word('others', language)}"
    return (f"{named} ({told.year})" if told.year.isdigit() else named)[:_LONGEST_SHORT]


def _name_of(site: Site, language: str) -> str:
    return site.words.say("languages", language, "name")


# -- Reading answers -----------------------------------------------------------------------------------------------------------


def _one_of(known: Iterable[str]) -> Callable[[str], str]:
    known = tuple(known)

    def read(text: str) -> str:
        if text in known:
            return text
        raise Refused(say("“{text}” must be one of: {known}", text=text, known=join(known)))

    return read


def _licence(known: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        named = next((each for each in known if each.lower() == text.lower()), spdx_of(text))
        if named in known:
            return named
        raise Refused(
            say("the licence “{licence}” is not in bibliography/terms.yml ({known}): add it there, or mend it", licence=text, known=join(known))
        )

    return read


def _slug(site: Site) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not _SLUG.fullmatch(text) or len(text) > 60:
            raise Refused(say("“{slug}” must be small letters, digits and hyphens, as in kebun-bersama", slug=text))
        if text in site.study:
            raise Refused(say("there is a study “{slug}” already, of another work: choose another name", slug=text))
        return text

    return read


def _key(site: Site) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not re.fullmatch(r"[A-Za-z][\w:.+/-]*", text, re.ASCII):
            raise Refused(say("“{key}” must be a letter with letters, digits and hyphens behind it, as in sari2020", key=text))
        if text.casefold() in {each.casefold() for each in site.entry}:
            raise Refused(say("the key “{key}” is that of another work: choose another", key=text))
        return text

    return read


def _code(site: Site) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not _CODE.fullmatch(text):
            raise Refused(say("“{code}” must be a small letter with up to seven letters or digits behind it, as in sc", code=text))
        if text in {each.code for each in site.studies}:
            raise Refused(say("the code “{code}” is that of another study: choose another", code=text))
        return text

    return read


def _short(text: str) -> str:
    if not text.strip() or len(text) > _LONGEST_SHORT:
        raise Refused(say("“{text}” must have 1 to {most} letters", text=text, most=_LONGEST_SHORT))
    return " ".join(text.split())


def _keywords(text: str) -> tuple[str, ...]:
    if not (words := keywords_in(text)):
        raise Refused(say("give at least one"))
    return words


def _sections(text: str) -> tuple[str, ...]:
    named = tuple(dict.fromkeys(name for part in text.split(";") if (name := " ".join(part.split()))))
    if not named:
        raise Refused(say("give at least one"))
    return named


def _yes(text: str) -> bool:
    answer = text.strip().lower()
    if answer not in ("y", "yes", "ya", "n", "no", "tidak", "t"):
        raise Refused(say("answer yes or no"))
    return answer.startswith("y")


def _language(text: str) -> str:
    if tag := language_tag(text):
        return tag
    raise Refused(say("“{language}” is no language that BibLaTeX knows: give a tag such as id or en", language=text))


def _date(text: str) -> str:
    if not text.strip():
        return ""
    if found := date_in(text):
        return found
    raise Refused(say("“{text}” is no date: write YYYY, YYYY-MM or YYYY-MM-DD", text=text))


def _genre(text: str) -> str:
    return genre_of(text) or _as_latex(text)


def _authors(text: str) -> str:
    """ "Sari, Dewi; Suwarno; {Badan Pusat Statistik}" as BibLaTeX has it; what is joined by “and” already stays."""
    return " and ".join(_as_latex(part) for part in re.split(r"\s*;\s*", text.strip()) if part)


def _as_latex(text: str) -> str:
    """Words that a person typed: as they are where they are LaTeX already."""
    return " ".join(text.split()) if re.search(r"[\\{}]", text) else latex(text)


def listed(missing: Iterable[tuple[Message, str]]) -> Iterator[Message]:
    """What is missing, each with the option by which it is said."""
    for question, option in missing:
        yield say("{option}: {question}", option=option, question=question)
