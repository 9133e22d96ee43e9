"""What readers are told of every rule, in every language: the docstrings and the catalogues, as frozen data for pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # who prints the documentation does not see the rules themselves
    from pustaka.rules import Rule


@dataclass(frozen=True)
class RuleDoc:
    """A rule's documentation. `summary`, `why` (paragraphs) and `told` are by language; code stands between backticks.

    `bad` and `good` are the examples, text by path; `told` is what the checker says of the bad one, line by line. The
    faults of single files (F) have a summary alone. `certain` is False where a person must judge, `is_note` True where there
    is nothing to mend.
    """

    code: str
    summary: Mapping[str, str]
    why: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    bad: Mapping[str, str] = field(default_factory=dict)
    good: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    certain: bool = True
    is_note: bool = False
    spoken: frozenset[str] = frozenset()

    @property
    def family(self) -> str:
        """The letter of its code."""
        return self.code[0]


def documentation(
    rules: Iterable[Rule],
    faults: Mapping[str, str],
    told: Mapping[str, Mapping[str, list[str]]],
    translations: Mapping[str, Callable[[str], str] | None],
) -> tuple[RuleDoc, ...]:
    """The documentation of all rules, by code.

    Args:
        rules: the rules.
        faults: the faults of single files, summary by code.
        told: what the checker says of the Bad examples: lines by code and language.
        translations: for each language of the site, what puts English into it; None where nothing does: there the documentation is English.
    """
    spoken = frozenset(language for language, translate in translations.items() if translate)
    translations = {language: translate or str for language, translate in translations.items()}
    of_faults = (
        RuleDoc(code, {language: translate(summary) for language, translate in translations.items()}, spoken=spoken)
        for code, summary in faults.items()
    )
    of_rules = (
        RuleDoc(
            code=rule.code,
            summary={language: translate(rule.summary) for language, translate in translations.items()},
            why={language: tuple(map(translate, rule.why)) for language, translate in translations.items()},
            bad=rule.example("Bad"),
            good=rule.example("Good"),
            told={language: tuple(lines) for language, lines in told.get(rule.code, {}).items()},
            certain=rule.severity != "warning",
            is_note=rule.severity == "note",
            spoken=spoken,
        )
        for rule in rules
    )
    return tuple(sorted((*of_faults, *of_rules), key=lambda doc: doc.code))
