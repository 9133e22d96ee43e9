"""What the check commands share: their options, the printing of findings, and the exit code."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from pustaka.load import FAULTS, Faults, load
from pustaka.model import Finding, Site
from pustaka.rules import rules

NOTHING_FOUND, FOUND, NOT_CHECKED = 0, 1, 2

_PROJECT = Path(__file__).resolve().parents[2]


def parser(description: str) -> argparse.ArgumentParser:
    """The options that every check command has."""
    parser = argparse.ArgumentParser(
        description=description,
        epilog="Prints file:line:column: CODE message. Exit code: 0 nothing found, 1 findings, 2 could not check.",
    )
    parser.add_argument("--root", type=Path, default=_PROJECT, help="the project's folder (default: the one above this script)")
    parser.add_argument("--explain", metavar="CODE", action=_Explain, help="print what a rule means, and why, and stop")
    return parser


class _Explain(argparse.Action):
    def __call__(self, parser, namespace, code, option_string=None):
        by_code = FAULTS | {rule.code: rule.explanation for rule in rules()}
        if code not in by_code:
            parser.error(f"there is no rule {code}; the rules are {', '.join(by_code)}")
        print(f"{code}: {by_code[code]}")
        parser.exit()


def run(root: Path, check: Callable[[Site], list[Finding]]) -> int:
    """Load a project, check it, print every finding, and return the exit code.

    What cannot be read is a finding as well, and the rest is still judged; but then not everything was checked.
    """
    try:
        site, faults = load(root)
        findings = check(site)
    except Faults as error:
        faults, findings = error.findings, []
    for finding in sorted(faults + findings):
        print(finding)
    if faults:
        return stop(f"{len(faults)} of the above could not be read; mend that first, for the rest may follow from it")
    print(f"{len(findings)} to mend" if findings else "nothing found", file=sys.stderr)
    return FOUND if findings else NOTHING_FOUND


def stop(reason: str) -> int:
    """Say why not everything could be checked."""
    print(f"could not check: {reason}", file=sys.stderr)
    return NOT_CHECKED
