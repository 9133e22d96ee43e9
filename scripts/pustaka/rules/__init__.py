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
        yield Fault(place, say("“@{key}” is not in the bibliography", key=…), key=…, suggestion=…)

The docstring is the rule's help, and its examples are its tests: see tests/test_rules.py.
"""

from __future__ import annotations

import importlib
import inspect
import itertools
import pkgutil
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pustaka import suppress
from pustaka.model import BuiltSite, Fault, Finding, Site
from pustaka.suppress import Outcome

if TYPE_CHECKING:  # what only some commands need is not loaded for all
    from pustaka.manuscript import Manuscript
    from pustaka.registry import Registry
    from pustaka.surfaces.reading import Reading

_EXAMPLE = re.compile(r"^(?P<kind>Bad|Good) \((?P<path>[^)]+)\):\n(?P<text>(?:[ ]{4}.*\n?|\n)+)", re.MULTILINE)


#: What the rules of a family judge, where that is not the site: what was read of its built pages and files beside it, to which addresses
#: it answers, what was learnt online, what became of the suppressions, an article with a reference list of its own; or the site too, but
#: not when it is built: what a translator judges.
SUBJECTS = {
    "addresses": "addresses",
    "built": "built",
    "weight": "built",
    "online": "registry",
    "translations": "translations",
    "vocabulary": "translations",
    "suppressions": "suppressions",
    "manuscripts": "manuscript",
    "reference_lists": "manuscript",
}

#: Families that only a whole project has something for.
PROJECT_FAMILIES = frozenset({"languages", "counterparts", "editions", "findings", "redirects", "translations", "vocabulary", "studies"})


@dataclass(frozen=True)
class Rule:
    """One rule. `judge` takes what its family judges, and yields faults: the site, of the families in `SUBJECTS` something else.

    `severity` is "error", "warning" where a person must judge, or "note" for what is told and needs no mending. `site_only` rules
    ask for what only a whole project has; the others also judge any Markdown file with any .bib.
    """

    code: str
    judge: Callable[..., Iterator[Fault]]
    severity: str = "error"
    site_only: bool = False

    @property
    def family(self) -> str:
        """The name of the file it stands in."""
        return self.judge.__module__.rpartition(".")[2]

    @property
    def subject(self) -> str:
        """What it judges: "site", or what `SUBJECTS` says."""
        return SUBJECTS.get(self.family, "site")

    @property
    def anywhere(self) -> bool:
        """Whether it judges any Markdown file with any .bib, not only a whole project."""
        return self.subject in ("site", "suppressions", "registry") and not self.site_only and self.family not in PROJECT_FAMILIES

    @property
    def explanation(self) -> str:
        return inspect.getdoc(self.judge) or ""

    @property
    def summary(self) -> str:
        return self.explanation.partition("\n")[0]

    @property
    def why(self) -> tuple[str, ...]:
        """The paragraphs between the summary and the examples, each on one line."""
        example = _EXAMPLE.search(self.explanation)
        text = self.explanation[len(self.summary) : example.start() if example else None]
        return tuple(" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n") if paragraph.strip())

    def example(self, kind: str) -> dict[str, str]:
        """The "Bad" or the "Good" example: text by path."""
        examples = (match for match in _EXAMPLE.finditer(self.explanation) if match["kind"] == kind)
        return {match["path"]: textwrap.dedent(match["text"]).strip("\n") + "\n" for match in examples}

    def findings(self, *judged: object) -> Iterator[Finding]:
        for fault in itertools.starmap(Fault, self.judge(*judged)):
            severity = "warning" if self.severity == "error" and not fault.certain else self.severity
            yield Finding(fault.place, self.code, fault.message, severity, fault.key, fault.suggestion, fault.fix)


_rules: dict[str, Rule] = {}


def rule(code: str, severity: str = "error", site_only: bool = False) -> Callable[[Callable], Rule]:
    """Makes a rule of a function; for the arguments see `Rule`."""

    def register(judge: Callable[..., Iterator[Fault]]) -> Rule:
        if code in _rules:
            raise ValueError(f"two rules have the code {code}: {_rules[code].judge.__name__} and {judge.__name__}")
        _rules[code] = Rule(code, judge, severity, site_only)
        return _rules[code]

    return register


@cache
def rules(*subjects: str) -> tuple[Rule, ...]:
    """All rules, by code; with subjects (see `SUBJECTS`) those alone that judge one of them: the others are not even loaded."""
    families = [family.name for family in pkgutil.iter_modules(__path__) if not subjects or SUBJECTS.get(family.name, "site") in subjects]
    for family in families:
        importlib.import_module(f"{__name__}.{family}")
    return tuple(_rules[code] for code in sorted(_rules) if _rules[code].family in families)


#: How work that may take long is watched: given the steps and their number, it gives the steps again.
Watch = Callable[[Iterable], Iterable]


def judge(site: Site, chosen: Iterable[Rule] | None = None, registry: Registry | None = None, watch: Watch = iter) -> Outcome:
    """What the rules, all or the chosen ones, find in the sources of a site, and what the texts themselves set aside.

    Args:
        registry: what was learnt online; without it the rules of the family "online" are not asked.
        watch: sees each rule before it is asked.
    """
    chosen = tuple(rules() if chosen is None else chosen)
    subjects = {"online": (site, registry)} if registry else {}
    asked = [rule for rule in chosen if rule.family in subjects or rule.subject == "site"]

    def found(rule: Rule) -> list[Finding]:
        return list(rule.findings(*subjects.get(rule.family, (site,))))

    if len(site.pages) > WORTH_PROCESSES and watch is iter and not registry:
        from pustaka.parallel import in_shares

        findings = itertools.chain.from_iterable(in_shares(found, asked))
    else:
        findings = [finding for rule in watch(asked) for finding in found(rule)]
    outcome = suppress.apply(sorted(findings), site, {rule.code for rule in asked})
    about = (finding for rule in chosen if rule.subject == "suppressions" for finding in rule.findings(outcome))
    return outcome._replace(left=tuple(sorted((*outcome.left, *about))))


def check(site: Site, chosen: Iterable[Rule] | None = None) -> list[Finding]:
    """What the rules, all or the chosen ones, find to mend in the sources of a site. The built pages have their own check."""
    return [finding for finding in judge(site, chosen).left if finding.severity != "note"]


def check_translations(site: Site, chosen: Iterable[Rule] | None = None) -> list[Finding]:
    """What the rules, all or the chosen ones, find that a translator must judge. It stops no build."""
    asked = [rule for rule in (rules() if chosen is None else chosen) if rule.subject == "translations"]
    findings = sorted(finding for rule in asked for finding in rule.findings(site))
    return list(suppress.apply(findings, site, {rule.code for rule in asked}).left)


def check_manuscript(manuscript: Manuscript, chosen: Iterable[Rule] | None = None) -> list[Finding]:
    """What the rules find in an article with a reference list of its own."""
    chosen = rules() if chosen is None else chosen
    return sorted(finding for rule in chosen if rule.subject == "manuscript" for finding in rule.findings(manuscript))


def may_be_previewed(findings: Iterable[Finding]) -> bool:
    """Whether a writer can look at the site all the same: the faults are in the pages' text, not in what it rests on."""
    return all(finding.code[0] in "PLU" for finding in findings)


#: A site of more pages is judged by several processes.
WORTH_PROCESSES = 100


def check_built(site: Site, built: BuiltSite, chosen: Iterable[Rule] | None = None) -> list[Finding]:
    """What the rules, all or the chosen ones, find in a site as it was built: of a large one, each processor judges a part."""
    from pustaka.parallel import in_processes, processors
    from pustaka.surfaces.comparison import compare

    parts = processors() if len(built.pages) > WORTH_PROCESSES else 1
    chosen = rules() if chosen is None else tuple(chosen)
    found = in_processes(lambda part: check_read(site, compare(site, built, part, parts), chosen), parts)
    return sorted((*itertools.chain.from_iterable(found), *check_addresses(site, built, chosen)))


def check_addresses(site: Site, built: BuiltSite, chosen: Iterable[Rule]) -> list[Finding]:
    """What the chosen rules find where published addresses are compared with those to which a built site answers."""
    from pustaka.surfaces.addresses import Served

    served = Served(built)
    return sorted(finding for rule in chosen if rule.subject == "addresses" for finding in rule.findings(site, served))


def check_read(site: Site, reading: Reading, chosen: Iterable[Rule] | None = None) -> list[Finding]:
    """What the rules find in what was read of a built site."""
    chosen = rules() if chosen is None else chosen
    return sorted(finding for rule in chosen if rule.subject == "built" for finding in rule.findings(site, reading))
