"""The rules: each is one small function that says where a site is at fault, and what to do about it.

A rule stands in the file of its family; a new file in this folder is a new family, there is no list to edit.

    @rule("P201")
    def unknown_key(site: Site) -> Iterator[Fault]:
        \"""A citation names a key that the bibliography does not have.

        What the rule looks at, why, and by which source.

        Bad (docs/id/studies/contoh/findings.md):
            Warga berdaya [@suharto2050].
        Good (docs/id/studies/contoh/findings.md):
            Warga berdaya [@suharto2005].
        \"""
        yield place, message

The docstring is the rule's help, and its examples are its tests: see tests/test_rules.py.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from pustaka.model import BuiltPage, Finding, Place, Site

#: What a rule yields: the place and the message. The code is added here.
Fault = tuple[Place, str]

_EXAMPLE = re.compile(r"^(?P<kind>Bad|Good) \((?P<path>[^)]+)\):\n(?P<text>(?:[ ]{4}.*\n?|\n)+)", re.MULTILINE)


@dataclass(frozen=True)
class Rule:
    """One rule. `judge` takes the site, in the family "built" also the built pages, and yields faults."""

    code: str
    judge: Callable[..., Iterator[Fault]]

    @property
    def family(self) -> str:
        """The name of the file it stands in."""
        return self.judge.__module__.rpartition(".")[2]

    @property
    def explanation(self) -> str:
        return inspect.getdoc(self.judge) or ""

    @property
    def summary(self) -> str:
        return self.explanation.partition("\n")[0]

    def example(self, kind: str) -> dict[str, str]:
        """The "Bad" or the "Good" example: text by path."""
        examples = (match for match in _EXAMPLE.finditer(self.explanation) if match["kind"] == kind)
        return {match["path"]: textwrap.dedent(match["text"]).strip("\n") + "\n" for match in examples}

    def findings(self, *judged: object) -> Iterator[Finding]:
        for place, message in self.judge(*judged):
            yield Finding(place, self.code, message)


_rules: dict[str, Rule] = {}


def rule(code: str) -> Callable[[Callable], Rule]:
    """Makes a rule of a function."""

    def register(judge: Callable[..., Iterator[Fault]]) -> Rule:
        if code in _rules:
            raise ValueError(f"two rules have the code {code}: {_rules[code].judge.__name__} and {judge.__name__}")
        _rules[code] = Rule(code, judge)
        return _rules[code]

    return register


@cache
def rules() -> tuple[Rule, ...]:
    """All rules of all families, by code."""
    for family in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{family.name}")
    return tuple(_rules[code] for code in sorted(_rules))


def check(site: Site, chosen: Iterable[Rule] | None = None) -> list[Finding]:
    """What the rules, all or the chosen ones, find in the sources of a site. The built pages have their own check."""
    chosen = rules() if chosen is None else chosen
    return sorted(finding for rule in chosen if rule.family != "built" for finding in rule.findings(site))


def may_be_previewed(findings: Iterable[Finding]) -> bool:
    """Whether a writer can look at the site all the same: the faults are in the pages' text, not in what it rests on."""
    return all(finding.code[0] in "PL" for finding in findings)


def check_built(site: Site, pages: Iterable[BuiltPage]) -> list[Finding]:
    """What the rules find in the pages as they were built."""
    pages = tuple(pages)
    return sorted(finding for rule in rules() if rule.family == "built" for finding in rule.findings(site, pages))
