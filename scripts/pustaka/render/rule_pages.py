"""A page for every rule, `LANGUAGE/rules/CODE/`, below the page `rules` of each language that has one."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby

from pustaka.documentation import RuleDoc
from pustaka.model import Page, Site

#: The Markdown of every such page: a listing makes the whole of it.
MARKDOWN = "{{ rule }}\n"

#: The order of the families: first what most editors want to know.
_ORDER = "PEMOLSRBUF"

#: The families in which a comment in the file itself can let a finding pass (of those of the records, only what is found in the
#: bibliography), and how it is written, by the file's suffix.
_SUPPRESSIBLE = frozenset("PEOL")
_COMMENTS = {"md": "<!-- pustaka: ignore {code}, {reason} -->", "bib": "% pustaka: ignore {code}, {reason}"}


def rule_pages(site: Site, rules: Iterable[RuleDoc]) -> Iterator[Page]:
    """The rules' pages: none in a language in which no page introduces them."""
    languages = [language for language in site.languages if site.page(language, "rules")]
    for rule in rules:
        for language in languages:
            name = f"rules/{rule.code.lower()}"
            words = site.words.interface(language)
            meta = {
                "title": f"{rule.code}: {plain(rule.summary[language]).rstrip('.')}",
                "menu": rule.code,
                "description": words["rule_description"].format(code=rule.code),
            }
            yield Page(f"docs/{language}/{name}.md", language, name, meta, ())


def families(rules: Iterable[RuleDoc], language: str) -> list[dict]:
    """The rules by family, as the page `rules` lists them."""
    by_family = groupby(sorted(rules, key=lambda rule: (_ORDER.find(rule.family), rule.code)), key=lambda rule: rule.family)
    return [
        {
            "letter": letter,
            "rules": [
                {
                    "code": rule.code,
                    "href": f"{rule.code.lower()}/",
                    "summary_html": marked(rule.summary[language]),
                    "certain": rule.certain,
                }
                for rule in some
            ],
        }
        for letter, some in by_family
    ]


def contents(rule: RuleDoc, site: Site, language: str) -> dict:
    """What a rule's own page prints; names that end in _html are HTML, all others text."""
    return {
        "code": rule.code,
        "summary_html": marked(rule.summary[language]),
        "why_html": [marked(paragraph) for paragraph in rule.why.get(language, ())],
        "bad": [_example(path, text, site) for path, text in rule.bad.items()],
        "good": [_example(path, text, site) for path, text in rule.good.items()],
        "told": [visible(line) for line in rule.told.get(language, rule.told.get("en", ()))],
        "said_in": "" if language in rule.spoken else "en",
        "certain": rule.certain,
        "is_note": rule.is_note,
        "suppression": suppression(rule, site.words.interface(language)["rule_reason"]),
    }


def _example(path: str, text: str, site: Site) -> dict:
    """An example; what stands in a language's folder is in that language."""
    parts = path.split("/")
    return {"path": path, "text": visible(text), "language": parts[1] if len(parts) > 2 and parts[1] in site.languages else ""}


def suppression(rule: RuleDoc, reason: str) -> str:
    """The comment that lets a finding of the rule pass; "" where there is none."""
    suffixes = [path.rpartition(".")[2] for path in rule.bad]
    suffix = next((suffix for suffix in suffixes if suffix in _COMMENTS), "")
    if not suffix:
        return ""
    return _COMMENTS[suffix].format(code=rule.code, reason=reason) if rule.family in _SUPPRESSIBLE or suffix == "bib" else ""


def marked(text: str) -> str:
    """A docstring's words as HTML, with code marked."""
    parts = ((html.escape(part, quote=False), code) for part, code in _parts(text))
    return "".join(f"<code>{part}</code>" if code else _curly(part) for part, code in parts)


def plain(text: str) -> str:
    """A docstring's words as text."""
    return "".join(part if code else _curly(part) for part, code in _parts(text))


#: Code: what stands between backticks, an entry's type or a citation (@book), a command of TeX (\emph{}).
_CODE = re.compile(r"`([^`]+)`|(?<![\w.])@\w+|\\[A-Za-z]+(?:\{\})?")


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """The pieces of a docstring, each with whether it is code."""
    position = 0
    for match in _CODE.finditer(text):
        yield text[position : match.start()], False
        yield match[1] or match[0], True
        position = match.end()
    yield text[position:], False


def _curly(text: str) -> str:
    """Typewriter quotation marks and apostrophes as those of print."""
    return re.sub(r'"([^"]*)"', r"“\1”", text).replace("'", "’")


def visible(text: str) -> str:
    """A text in which what no one sees, or sees as part of a letter, is named: "e⟨U+0301⟩"."""
    return "".join(f"⟨U+{ord(mark):04X}⟩" if _is_unseen(mark) else mark for mark in text)


def _is_unseen(mark: str) -> bool:
    return mark != "\n" and unicodedata.category(mark) in ("Cc", "Cf", "Mn")
