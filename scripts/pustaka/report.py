"""Findings as text for people, JSON and SARIF for programs, and workflow commands for GitHub."""

from __future__ import annotations

import hashlib
import json
import re
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import NamedTuple
from urllib.parse import quote

from pustaka.model import Finding, Fix, Place, Source

FORMATS = ("text", "json", "sarif", "github")

_SARIF = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"

#: What would break a line, or drive a terminal or turn its text around, and what is printed for it.
_VISIBLE = {
    **{code: chr(0x2400 + code) for code in range(0x20)},
    0x7F: "\u2421",
    **dict.fromkeys((*range(0x80, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xD800, 0xE000)), "\ufffd"),
}


class Described(NamedTuple):
    """What a report says of a code, in the reader's language.

    `summary` is one sentence, `why` the paragraphs that follow it, `examples` what is shown: (heading, text).
    """

    code: str
    summary: str
    why: tuple[str, ...] = ()
    examples: tuple[tuple[str, str], ...] = ()
    severity: str = "error"

    @property
    def description(self) -> str:
        return "\n\n".join((self.summary, *self.why))

    @property
    def text(self) -> str:
        """All of it, the examples set in as in Markdown: it reads as well plain."""
        examples = (f"{heading}:\n\n{textwrap.indent(text.strip(), '    ')}" for heading, text in self.examples)
        return "\n\n".join((self.description, *examples))


def report(
    findings: Iterable[Finding],
    format: str = "text",
    translate: Callable[[str], str] = str,
    *,
    rules: Iterable[Described] = (),
    suppressed: Iterable[tuple[Finding, str]] = (),
    sources: Mapping[str, Source] | None = None,
    address: str = "",
    language: str = "en",
) -> str:
    """The findings in one of the `FORMATS`, ready to print.

    Args:
        findings: in the order in which they are to be told.
        format: one of `FORMATS`.
        translate: puts a message's template into the reader's language.
        rules: what can be found; this and what follows is for SARIF alone.
        suppressed: what was found and set aside, with the reason.
        sources: the texts by path: a finding is known again by its line's words when the line moves.
        address: the site's, below which `LANGUAGE/rules/CODE/` is the page of a rule; "" when there is none.
        language: of the messages and of the rules' pages.

    Raises:
        ValueError: there is no such format.
    """
    if format == "text":
        return "".join(f"{finding.text(translate).translate(_VISIBLE)}\n" for finding in findings)
    if format == "json":
        return _json([_object(finding, translate) for finding in findings])
    if format == "sarif":
        told = [(finding, None) for finding in findings] + [(finding, reason) for finding, reason in suppressed]
        return _json(_Sarif(tuple(rules), sources or {}, translate).log(told, address, language))
    if format == "github":
        return "".join(f"{_command(finding, translate)}\n" for finding in findings)
    raise ValueError(f"there is no format “{format}”: the formats are {', '.join(FORMATS)}")


def _json(data: object) -> str:
    text = json.dumps(data, ensure_ascii=False, indent=2)
    return re.sub(r"[\ud800-\udfff]", "\ufffd", text) + "\n"  # half a character, from a file name that is not UTF-8


def _object(finding: Finding, translate: Callable[[str], str]) -> dict[str, object]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "path": finding.place.path,
        "line": finding.place.line,
        "column": finding.place.column,
        "message": finding.message.text(translate),
        "key": finding.key,
        "suggestion": finding.suggestion,
    }


# -- GitHub ---------------------------------------------------------------------------------------------------------


#: The commands that are not named as the severity is.
_COMMANDS = {"note": "notice"}


def _command(finding: Finding, translate: Callable[[str], str]) -> str:
    """A workflow command, which GitHub shows at the line. Source: GitHub Docs, "Workflow commands for GitHub Actions"."""
    place = finding.place
    properties = {"file": place.path, "line": place.line, "col": place.column, "title": finding.code}
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{_COMMANDS.get(finding.severity, finding.severity)} {listed}::{_data(finding.message.text(translate))}"


def _data(text: str) -> str:
    """Escaped as the runner's own toolkit (@actions/core) does it."""
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return escaped.translate(_VISIBLE)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


# -- SARIF ----------------------------------------------------------------------------------------------------------


class _Sarif:
    """Makes a log. Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0"; numbers are its sections.

    GitHub shows it as code scanning alerts; source: GitHub Docs, "SARIF support for code scanning".
    """

    def __init__(self, rules: tuple[Described, ...], sources: Mapping[str, Source], translate: Callable[[str], str]):
        self.rules, self.translate = rules, translate
        self.number = {rule.code: number for number, rule in enumerate(rules)}
        self.lines = {path: source.text.split("\n") for path, source in sources.items()}
        self.alike: Counter[str] = Counter()

    def log(self, told: Iterable[tuple[Finding, str | None]], address: str, language: str) -> dict[str, object]:
        """The whole log (3.13), of one run (3.14)."""
        driver = {"name": "check-citations", "language": language, "rules": list(self.descriptors(address, language))}
        if address:
            driver["informationUri"] = f"{address.rstrip('/')}/{language}/rules/"
        run = {
            "tool": {"driver": driver},
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder whose files were checked."}}},
            "results": [self.result(finding, reason) for finding, reason in told],
        }
        return {"$schema": _SARIF, "version": "2.1.0", "runs": [run]}

    def descriptors(self, address: str, language: str) -> Iterator[dict[str, object]]:
        """What each rule is (3.49)."""
        for rule in self.rules:
            descriptor = {
                "id": rule.code,
                "shortDescription": {"text": rule.summary},
                "fullDescription": {"text": rule.description},
                "help": {"text": rule.text, "markdown": rule.text},
                "defaultConfiguration": {"level": rule.severity},
            }
            if address:
                descriptor["helpUri"] = f"{address.rstrip('/')}/{language}/rules/{rule.code.lower()}/"
            yield descriptor

    def result(self, finding: Finding, reason: str | None) -> dict[str, object]:
        """One finding (3.27). `reason` is None where nothing sets it aside."""
        place = finding.place
        region = {"startLine": place.line, "startColumn": place.column}
        result = {
            "ruleId": finding.code,
            "level": finding.severity,
            "message": {"text": finding.message.text(self.translate)},
            "locations": [{"physicalLocation": {"artifactLocation": _artifact(place), "region": region}}],
            "partialFingerprints": {"primaryLocationLineHash": self.fingerprint(finding)},
        }
        if finding.code in self.number:
            result["ruleIndex"] = self.number[finding.code]
        if finding.fix:
            result["fixes"] = [_fix(finding.fix)]
        if reason is not None:
            result["suppressions"] = [{"kind": "inSource", "justification": reason}]
        return result

    def fingerprint(self, finding: Finding) -> str:
        """By what a finding is known again when the lines above it change (3.27.17): by its line's words, not the number.

        Of findings that are alike each has a number. The name and the form are the ones that GitHub compares.
        """
        lines, place = self.lines.get(finding.place.path, []), finding.place
        words = lines[place.line - 1] if place.line <= len(lines) else finding.message.template
        marks = (finding.code, place.path, finding.key, " ".join(words.split()))
        digest = hashlib.sha256("\0".join(marks).encode("utf-8", "replace")).hexdigest()[:16]
        self.alike[digest] += 1
        return f"{digest}:{self.alike[digest]}"


def _artifact(place: Place) -> dict[str, str]:
    """A file (3.4); one outside the root has its whole address."""
    path = PurePath(place.path)
    if path.is_absolute():
        return {"uri": path.as_uri()}
    return {"uri": quote(place.path.encode("utf-8", "surrogateescape")), "uriBaseId": _ROOT}


def _fix(fix: Fix) -> dict[str, object]:
    """A mend (3.55): what is taken out, and what stands there instead."""
    end = fix.place.after(fix.old)
    region = {"startLine": fix.place.line, "startColumn": fix.place.column, "endLine": end.line, "endColumn": end.column}
    replacement = {"deletedRegion": region, "insertedContent": {"text": fix.new}}
    return {"artifactChanges": [{"artifactLocation": _artifact(fix.place), "replacements": [replacement]}]}
