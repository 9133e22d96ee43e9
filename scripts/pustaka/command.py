"""What the check commands share: their options, the printing of findings, and the exit code.

It loads little by itself: an answer that is remembered (`cache`) is told before the checker is even loaded.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import textwrap
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from pustaka import cache
from pustaka.cache import Answer

if TYPE_CHECKING:
    from pustaka.model import Finding, Message, Source
    from pustaka.rules import Rule
    from pustaka.suppress import Outcome

NOTHING_FOUND, FOUND, NOT_CHECKED, STOPPED = 0, 1, 2, 130

_PACKAGE = Path(__file__).resolve().parent
#: The project that these scripts belong to; of the checker that is installed by itself, the words that came with it.
PROJECT = _PACKAGE.parents[1] if (_PACKAGE.parents[1] / "bibliography").is_dir() else _PACKAGE / "project"

_FORMATS = ("text", "json", "sarif", "github")


def parser(description: str) -> argparse.ArgumentParser:
    """The options that every check command has."""
    parser = argparse.ArgumentParser(
        description=description,
        epilog="Prints file:line:column: CODE message.\nExit code: 0 nothing found, 1 findings, 2 could not check.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--root", type=Path, default=PROJECT, help="the project's folder (default: the one above this script)")
    parser.add_argument("--format", choices=_FORMATS, default="text", help="text for people (default), json, sarif, or github's workflow commands")
    languages = {"choices": ("id", "en"), "type": str.lower, "default": _language()}
    parser.add_argument("--lang", **languages, help="of the messages (default: the terminal's, else en)")
    codes = {"metavar": "CODES", "type": _codes, "action": "extend"}
    parser.add_argument("--select", **codes, default=[], help="only these rules: P201,E3 (a beginning stands for all)")
    parser.add_argument("--ignore", **codes, default=[], help="not these rules")
    parser.add_argument("--no-cache", action="store_true", help="judge anew even when nothing has changed")
    parser.add_argument("--explain", metavar="CODE", type=_code, help="print what a rule means, and why, and stop")
    return parser


def writer(description: str) -> argparse.ArgumentParser:
    """The options of a command that judges nothing and writes files."""
    parser = argparse.ArgumentParser(
        description=description,
        epilog="Exit code: 0 written, 2 refused; what is refused leaves everything as it was.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--root", type=Path, default=PROJECT, help="the project's folder (default: the one above this script)")
    languages = {"choices": ("id", "en"), "type": str.lower, "default": _language()}
    parser.add_argument("--lang", **languages, help="of the messages (default: the terminal's, else en)")
    return parser


def _language() -> str:
    """The language of the terminal's messages, as gettext finds it, where it is one of ours."""
    stated = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "id" if stated.startswith("id") else "en"


def _codes(text: str) -> tuple[str, ...]:
    codes = tuple(code.strip().upper() for code in text.split(",") if code.strip())
    known = _known()
    for code in codes or ("",):
        if not code or not any(rule.startswith(code) for rule in known):
            raise argparse.ArgumentTypeError(f"there is no rule “{code or text}”; there are {_families(known)}")
    return codes


def _families(known: Iterable[str]) -> str:
    """The codes there are, family by family: "P201–P214, S501–S507"."""
    families = [list(family) for _, family in groupby(sorted(known), key=lambda code: code[0])]
    return ", ".join(f"{family[0]}–{family[-1]}" if len(family) > 1 else family[0] for family in families)


def _code(text: str) -> str:
    if (code := text.upper()) not in (known := _known()):
        raise argparse.ArgumentTypeError(f"there is no rule “{text}”; there are {_families(known)}")
    return code


def _known() -> dict[str, str]:
    """What there is to find, explained, by code."""
    from pustaka.load import FAULTS
    from pustaka.rules import rules

    return FAULTS | {rule.code: rule.explanation for rule in rules()}


def explained(code: str, language: str) -> str:
    """What a rule, or a fault of a file, means; its examples stay as they are."""
    from pustaka.load import FAULTS
    from pustaka.rules import rules

    translate = translation_to(language)
    rule = next((rule for rule in rules() if rule.code == code), None)
    if rule is None:
        return f"{code}: {translate(FAULTS[code])}\n"
    examples = (
        f"\n{heading.text(translate)} ({path}):\n\n{textwrap.indent(text, '    ')}"
        for kind, heading in _examples().items()
        for path, text in rule.example(kind).items()
    )
    return "\n\n".join([f"{rule.code}: {translate(rule.summary)}", *map(translate, rule.why)]) + "\n" + "".join(examples)


def _examples() -> dict[str, Message]:
    """The kinds of a rule's examples, and what stands over them."""
    from pustaka.model import say

    return {"Bad": say("Wrong"), "Good": say("Right")}


def translation_to(language: str) -> Callable[[str], str]:
    """What puts our English into a language."""
    if language == "en":
        return str
    from pustaka.load import message_catalogue
    from pustaka.translation import translation

    return translation(message_catalogue(language))


def chosen(options: argparse.Namespace, *subjects: str) -> list[Rule]:
    """The rules that `--select` and `--ignore` leave, of those that judge one of the subjects."""
    from pustaka.rules import rules

    return [rule for rule in rules(*subjects) if is_chosen(rule.code, options)]


def is_chosen(code: str, options: argparse.Namespace) -> bool:
    return (not options.select or code.startswith(tuple(options.select))) and not code.startswith((*options.ignore, "-"))


def answered(options: argparse.Namespace, inputs: Iterable[Path] | None, check: Callable[[argparse.Namespace], Answer]) -> int:
    """Check, or tell again what was told when nothing has changed since; returns the exit code.

    Args:
        inputs: all files and folders that the answer follows from; None when it follows from something else too.
        check: does the work.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal that does not know our quotation marks
    gc.disable()  # nothing that a check makes refers to itself, and to look for that takes a third of the time
    try:
        answer = check(options) if inputs is None or options.no_cache else _remembered(options, list(inputs), check)
    except KeyboardInterrupt:
        answer = Answer("", "stopped\n", STOPPED)
    finally:
        gc.enable()
        _bar.close()
    try:
        for stream, text in ((sys.stderr, answer.err), (sys.stdout, answer.out)):
            if stream is not None:  # closed by whoever called
                stream.write(text)
                stream.flush()
    except BrokenPipeError:  # whoever reads us has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        sys.stdout = None
        sys.stderr.write(f"the findings cannot be written: {error.strerror}\n")
        return NOT_CHECKED
    return answer.code


def _remembered(options: argparse.Namespace, inputs: list[Path], check: Callable[[argparse.Namespace], Answer]) -> Answer:
    decisive = sorted((name, str(value)) for name, value in vars(options).items())
    stamp = cache.Stamp.of(inputs)
    key = cache.key_of(inputs, decisive)
    answer = cache.find(key)
    if answer is None:
        answer = check(options)
        # only if nothing was written while we read; the times tell, where they can
        if cache.Stamp.of(inputs) == stamp if stamp.settled else cache.key_of(inputs, decisive) == key:
            cache.keep(key, answer)
    return answer


def tell(
    outcome: Outcome,
    faults: Iterable[Finding],
    options: argparse.Namespace,
    *notes: Message,
    unanswered: Iterable[Message] = (),
    sources: Iterable[Source] = (),
) -> Answer:
    """What a check answers: the findings in the format that was asked for, and a closing sentence.

    Notes are told and counted apart: they leave the exit code as it is without them.

    Args:
        outcome: what the rules found.
        faults: what could not be read; then not everything was checked.
        notes: sentences that come before the closing one.
        unanswered: what could not be asked online; then not everything was checked.
        sources: the texts that were read, for the fingerprints of SARIF.
    """
    from pustaka.model import say
    from pustaka.report import report

    translate = translation_to(options.lang)
    faults = list(faults)  # told whatever is selected: what cannot be read cannot be judged
    findings = sorted((*faults, *outcome.left))
    of_sarif = {"rules": _described(options, translate), "address": _address()} if options.format == "sarif" else {}
    out = report(
        findings,
        options.format,
        translate,
        suppressed=outcome.suppressed,
        sources={source.path: source for source in sources},
        language=options.lang,
        **of_sarif,
    )
    to_mend = [finding for finding in findings if finding.severity != "note"]
    mendable = sum(finding.fix is not None for finding in to_mend)
    if faults:
        count = len(faults)
        end = say("could not check: {count} of the above could not be read; mend that first, for the rest may follow from it", count=count)
    elif mendable and not getattr(options, "fix", False):
        end = say("{count} to mend, {mendable} of them by --fix (see them with --diff)", count=len(to_mend), mendable=mendable)
    elif to_mend:
        end = say("{count} to mend", count=len(to_mend))
    else:
        end = say("nothing to mend") if findings else say("nothing found")
    if noted := len(findings) - len(to_mend):
        end = say("{end}; {count} noted", end=end, count=noted)
    unanswered = tuple(unanswered)
    err = "".join(f"{sentence.text(translate)}\n" for sentence in (*notes, *unanswered, end))
    return Answer(out, err, NOT_CHECKED if faults or unanswered else FOUND if to_mend else NOTHING_FOUND)


def _address() -> str:
    """The site's address, below which `LANGUAGE/rules/CODE/` is the page of a rule; "" for the checker that is installed by itself."""
    from pustaka import load

    return os.environ.get("SITE_URL") or load.address(PROJECT)


def _described(options: argparse.Namespace, translate: Callable[[str], str]) -> list:
    """The rules as SARIF lists them."""
    from pustaka.load import FAULTS
    from pustaka.report import Described

    headings = {kind: heading.text(translate) for kind, heading in _examples().items()}
    described = [Described(code, translate(summary)) for code, summary in FAULTS.items()]
    for rule in chosen(options):
        examples = tuple((f"{headings[kind]} ({path})", text) for kind in headings for path, text in rule.example(kind).items())
        described.append(Described(rule.code, translate(rule.summary), tuple(map(translate, rule.why)), examples, rule.severity))
    return described


class _Bar:
    """One bar for all the work of a process, shown on a terminal when it takes longer than a second."""

    def __init__(self):
        self.bar = None

    def watch(self, steps: Iterable, weight: int = 1) -> Iterable:
        """The steps; each counts as much as `weight` others."""
        if sys.stderr is None or not sys.stderr.isatty():
            yield from steps
            return
        from tqdm import tqdm

        steps = list(steps)
        if self.bar is None:
            self.bar = tqdm(total=0, delay=1, leave=False, miniters=1)
        self.bar.total += len(steps) * weight
        for step in steps:
            yield step
            self.bar.update(weight)

    def close(self) -> None:
        if self.bar is not None:
            self.bar.close()
            self.bar = None


_bar = _Bar()
watch = _bar.watch


def leave(code: int) -> NoReturn:
    """End the process at once: to take apart what a large bibliography has made takes as long as a tenth of the check."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    os._exit(code)


def stop(reason: Message, options: argparse.Namespace) -> Answer:
    """Say why nothing, or not everything, could be checked."""
    from pustaka.model import say

    return Answer("", f"{say('could not check: {reason}', reason=reason).text(translation_to(options.lang))}\n", NOT_CHECKED)


def refuse(reason: Message, options: argparse.Namespace, findings: Iterable[Finding] = ()) -> Answer:
    """Say why nothing was written, after the findings that keep it from being so."""
    from pustaka.model import say

    translate = translation_to(options.lang)
    told = "".join(f"{finding.text(translate)}\n" for finding in findings)
    return Answer("", f"{told}{say('nothing was written: {reason}', reason=reason).text(translate)}\n", NOT_CHECKED)


def done(what: Message, options: argparse.Namespace) -> Answer:
    """Say what was written."""
    return Answer(f"{what.text(translation_to(options.lang))}\n", "", NOTHING_FOUND)
