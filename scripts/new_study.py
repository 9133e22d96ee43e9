"""Begin a study: its entry, its record, its pages in every language, its place in the menu.

new_study.py                              asks for everything
new_study.py --doi 10.5555/12345678       what Crossref or DataCite has of it (online)
new_study.py --from FILE [--entry KEY]    a .bib, RIS or CSL-JSON file, as Zotero exports them
new_study.py --abstract FILE              an abstract, with the title above it and the keywords below ("-": what is typed or piped in)

Whatever is still to know is asked for on a terminal; elsewhere, and with --no-input, it is listed with its options, and nothing is written.
To run it again harms nothing: what is there stays, what is missing is added.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pustaka import command
from pustaka.cache import Answer

if TYPE_CHECKING:  # loaded after the options have been read
    from pustaka.intake import Described
    from pustaka.model import Message
    from pustaka.new_study import Stated
    from pustaka.new_study.plan import Plan, Texts


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    return command.answered(options, None, _begin)


def _parser() -> argparse.ArgumentParser:
    parser = command.writer(__doc__)
    parser.add_argument("slug", nargs="?", metavar="SLUG", help="the study's name in addresses, for ever: kebun-bersama")
    source = parser.add_argument_group("what there is").add_mutually_exclusive_group()
    source.add_argument("--doi", metavar="DOI", help="ask Crossref or DataCite")
    source.add_argument("--from", dest="file", type=Path, metavar="FILE", help="a .bib, RIS or CSL-JSON file")
    source.add_argument("--abstract", metavar="FILE", help="the abstract; “-” reads it from the terminal")
    parser.add_argument("--entry", default="", metavar="KEY", help="with --from: which of several works")
    parser.add_argument("--contact", default="", metavar="MAIL", help="with --doi: your e-mail address, told to the registry")
    said = parser.add_argument_group("what you say of the work, in the place of what is found")
    said.add_argument("--key", help="citation key: sari2020")
    said.add_argument("--type", help="BibLaTeX type: article, thesis, book …")
    said.add_argument("--title")
    said.add_argument("--author", action="append", metavar="NAME", help="“Family, Given”, or a body's name in braces; once for each")
    said.add_argument("--date", metavar="DATE", help="YYYY, YYYY-MM or YYYY-MM-DD")
    said.add_argument("--language", metavar="TAG", help="of the source: id, en")
    said.add_argument(
        "--set", action="append", default=[], type=_pair, metavar="FIELD=VALUE", help="any field; without a value: the source states none"
    )
    study = parser.add_argument_group("what you say of the study")
    study.add_argument("--licence", help="of the source, as in bibliography/terms.yml; none where it states none")
    study.add_argument("--basis", help="full-text or abstract: what the pages rest on")
    study.add_argument("--short", action="append", default=[], type=_pair, metavar="LANGUAGE=NAME", help="for menus; once for each language")
    study.add_argument("--keywords", action="append", default=[], type=_pair, metavar="LANGUAGE=WORDS", help="parted by semicolons; likewise")
    study.add_argument("--code", help="of its findings in short addresses, for ever: sc")
    study.add_argument("--sections", metavar="NAMES", help="the source's own sections, parted by semicolons")
    study.add_argument("--menu", choices=("yes", "no"), help="whether it stands in the main menu")
    study.add_argument("--teaching", action="store_true", help="with pages to be taught from: teaching and slides")
    study.add_argument("--day", type=_day, default=date.today().isoformat(), metavar="DATE", help="of the first edition (default: today)")
    parser.add_argument("--no-input", action="store_true", help="ask nothing")
    parser.add_argument("--dry-run", action="store_true", help="show what would be written, and write nothing")
    return parser


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise argparse.ArgumentTypeError(f"“{text}” must be NAME=VALUE")
    return name.strip(), value.strip()


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"“{text}” must be a day, written YYYY-MM-DD") from error


def _begin(options: argparse.Namespace) -> Answer:
    from pustaka import load
    from pustaka.intake import Unreadable
    from pustaka.model import say
    from pustaka.new_study import Outline, Refused
    from pustaka.new_study.plan import BIBLIOGRAPHY, ERRATA, SETTINGS, plan
    from pustaka.new_study.questions import Interview
    from pustaka.online import CannotAsk

    asks = not options.no_input and options.abstract != "-" and sys.stdin is not None and sys.stdin.isatty()
    interview = Interview(_asker(options), _teller(options)) if asks else Interview()
    if asks:
        interview.complain(say("an empty line takes what stands in brackets; Ctrl+C ends, and nothing is written"))
    try:
        site, faults = load.load(options.root)
        changed = (BIBLIOGRAPHY, ERRATA, SETTINGS, "bibliography/studies/")
        in_way = [fault for fault in faults if fault.place.path.startswith(changed)]
        if in_way:
            return command.refuse(say("the project has faults: check it first"), options, in_way)
        described = _described(options)
        planned = plan(
            site, _texts(options.root), Outline(*load.outline(options.root)), described, _stated(options), interview, options.day, options.teaching
        )
        if planned is None:
            return _incomplete(interview, options)
        if not options.dry_run and planned.files:
            _write(options.root, planned)
    except load.Faults as error:
        return command.refuse(say("a file cannot be read"), options, error.findings)
    except (Refused, Unreadable, CannotAsk) as refused:
        return command.refuse(refused.message, options)
    except EOFError:
        return command.refuse(say("the answers ended too early"), options)
    except OSError as error:
        return command.refuse(say("{path} cannot be written: {reason}", path=error.filename or options.root, reason=error.strerror or error), options)
    return _told(planned, options)


# -- What is known -----------------------------------------------------------------------------------------------------


def _described(options: argparse.Namespace) -> Described:
    """What the registry, the file or the abstract says of the work; nothing where none was named."""
    from pustaka import load
    from pustaka.intake import Described, abstract, reading

    if options.doi is not None:
        return _registered(options)
    if options.file is not None:
        return reading.chosen(reading.works(options.file.as_posix(), load.brought(options.file)), options.entry, options.file.as_posix())
    if options.abstract is not None:
        return abstract.described(sys.stdin.read() if options.abstract == "-" else load.brought(Path(options.abstract)))
    return Described()


def _registered(options: argparse.Namespace) -> Described:
    from pustaka.intake import Unreadable, registered
    from pustaka.intake.csl import doi_in
    from pustaka.model import say
    from pustaka.online import Settings
    from pustaka.online import registered as ask

    doi = doi_in(options.doi)
    if not doi:
        raise Unreadable(say("“{doi}” is no DOI: it begins with 10. and has a slash, as in 10.5555/12345678", doi=options.doi))
    try:
        settings = Settings(options.contact)
    except ValueError as error:
        raise Unreadable(say("--contact: {reason}", reason=error)) from error
    return registered.described({"DOI": doi} | ask(doi, settings))


def _stated(options: argparse.Namespace) -> Stated:
    from pustaka.new_study import Stated

    return Stated(
        slug=options.slug,
        key=options.key,
        type=options.type,
        title=options.title,
        authors=None if options.author is None else "; ".join(options.author),
        date=options.date,
        language=options.language,
        licence=options.licence,
        basis=options.basis,
        code=options.code,
        sections=options.sections,
        menu=options.menu,
        fields=dict(options.set),
        short=dict(options.short),
        keywords=dict(options.keywords),
    )


def _texts(root: Path) -> Texts:
    from pustaka import load
    from pustaka.new_study.plan import BIBLIOGRAPHY, ERRATA, SETTINGS, Texts

    records = {file.relative_to(root).as_posix(): load.exactly(file) or "" for file in sorted((root / "bibliography/studies").glob("*.yml"))}
    pages = {file.relative_to(root).as_posix() for file in (root / "docs").rglob("*.md")}
    texts = ((load.exactly(root / path) or "") if (root / path).is_file() else "" for path in (BIBLIOGRAPHY, ERRATA, SETTINGS))
    return Texts(*texts, records, frozenset(pages | set(records)))


# -- Asking ------------------------------------------------------------------------------------------------------------


def _asker(options: argparse.Namespace) -> Callable[[Message, str | Message], str]:
    translate = command.translation_to(options.lang)

    def ask(question: Message, default: str | Message) -> str:
        shown = default if isinstance(default, str) else default.text(translate)
        sys.stderr.write(f"{question.text(translate)}{f' [{shown}]' if shown else ''}: ")
        sys.stderr.flush()
        typed = sys.stdin.readline()
        if not typed:
            raise EOFError
        return typed

    return ask


def _teller(options: argparse.Namespace) -> Callable[[Message], None]:
    translate = command.translation_to(options.lang)
    return lambda message: sys.stderr.write(f"  {message.text(translate)}\n") and None


def _incomplete(interview, options: argparse.Namespace) -> Answer:
    """What is missing or wrong, a line each."""
    from pustaka.model import say
    from pustaka.new_study.questions import listed

    translate = command.translation_to(options.lang)
    lines = [message.text(translate) for message in (*interview.wrong, *listed(interview.missing))]
    refused = command.refuse(say("{count} things are missing or wrong, listed above", count=len(lines)), options)
    return refused._replace(err="".join(f"{line}\n" for line in lines) + refused.err)


# -- Writing -----------------------------------------------------------------------------------------------------------


def _write(root: Path, planned: Plan) -> None:
    from pustaka.fix import write_all

    write_all({root / path: text.encode() for path, text in planned.files.items()})


def _told(planned: Plan, options: argparse.Namespace) -> Answer:
    """What was written, or would be, and what comes next."""
    from pustaka.model import say

    translate = command.translation_to(options.lang)
    if not planned.files:
        return command.done(say("{slug} is there already: nothing to add", slug=planned.slug), options)
    if options.dry_run:
        return Answer(_shown(planned.files, options.root) + _notes(planned, translate), "", command.NOTHING_FOUND)
    written = "".join(f"{path}\n" for path in planned.files)
    end = say("begun: {slug}. scripts/check_citations.py says what is still to write, `mkdocs serve` shows the pages meanwhile", slug=planned.slug)
    return Answer(f"{written}{_notes(planned, translate)}{end.text(translate)}\n", "", command.NOTHING_FOUND)


def _notes(planned: Plan, translate: Callable[[str], str]) -> str:
    return "".join(f"{note.text(translate)}\n" for note in planned.notes)


def _shown(files: Mapping[str, str], root: Path) -> str:
    """The changes as a diff."""
    from pustaka import load
    from pustaka.fix import diff

    return "".join(diff(path, (load.exactly(root / path) or "") if (root / path).is_file() else "", text) for path, text in files.items())


if __name__ == "__main__":
    sys.exit(main())
