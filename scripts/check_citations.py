"""Check citations: of a project, of any Markdown with its .bib, of a manuscript.

check_citations.py                        the project's pages and bibliography
check_citations.py paper.md --bibliography refs.bib
                                          Markdown of pandoc, Quarto, R Markdown
check_citations.py --manuscript FILE      an article with a list of references
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pustaka import cache, command
from pustaka.cache import Answer

if TYPE_CHECKING:  # loaded only when the answer is not remembered
    from pustaka.manuscript import Manuscript
    from pustaka.model import Finding, Message, Site
    from pustaka.registry import Registry
    from pustaka.suppress import Outcome


def main(arguments: list[str] | None = None) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.explain:
        print(command.explained(options.explain, options.lang), end="")
        return command.NOTHING_FOUND
    if options.manuscript and (options.files or options.bibliography or options.fix or options.diff):
        parser.error("--manuscript FILE is checked alone: without other files, --bibliography, --fix and --diff")
    if options.write_bib and not options.manuscript:
        parser.error("--write-bib needs --manuscript FILE, whose reference list it drafts")
    if options.report_for and not options.manuscript:
        parser.error("--report-for needs --manuscript FILE, the study's source")
    if options.bibliography and not options.files:
        parser.error("name the papers that cite from the bibliography")
    return command.answered(options, _inputs(options), _check_manuscript if options.manuscript else _check)


def _parser() -> argparse.ArgumentParser:
    parser = command.parser(__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="Markdown files or folders of them (default: the project)")
    parser.add_argument(
        "--bibliography", action="append", default=[], type=Path, metavar="BIB", help="the .bib that the files cite from; may be repeated"
    )
    parser.add_argument("--manuscript", type=Path, metavar="FILE", help="an article with a reference list of its own")
    parser.add_argument("--write-bib", type=Path, metavar="BIB", help="draft a .bib from the manuscript's reference list, to be corrected")
    parser.add_argument("--report-for", metavar="SLUG", help="write what is found in a study's source into bibliography/reports/SLUG.yml")
    mends = parser.add_mutually_exclusive_group()
    mends.add_argument("--diff", action="store_true", help="show what --fix would change, and change nothing")
    mends.add_argument("--fix", action="store_true", help="mend what is certain (dashes, DOIs, letter case of fields, ...), and nothing else")
    parser.add_argument("--online", action="store_true", help="also ask Crossref, DataCite and the links themselves")
    parser.add_argument("--contact", default="", metavar="MAIL", help="your e-mail address, told to those who are asked online")
    return parser


def _inputs(options: argparse.Namespace) -> list[Path] | None:
    """Everything that the answer follows from, or None: when files are written, others asked, or a paper names its bibliography."""
    if options.fix or options.write_bib or options.report_for or options.online:
        return None
    if options.manuscript:
        return [options.manuscript]
    words = options.root / "bibliography"
    if options.files:
        return [*options.files, *options.bibliography, words] if options.bibliography else None
    optional = [options.root / name for name in ("addresses.txt", "redirects.yml")]
    return [words, options.root / "docs", options.root / "mkdocs.yml", *filter(Path.exists, optional)]


def _check_manuscript(options: argparse.Namespace) -> Answer:
    from pustaka import load, manuscript
    from pustaka.model import say
    from pustaka.rules import check_manuscript
    from pustaka.suppress import Outcome

    try:
        text = load.manuscript(options.manuscript)
    except load.Faults as error:
        return command.tell(Outcome(), error.findings, options)
    article = manuscript.read(text, options.manuscript.as_posix())
    if not article.cited and not article.references:
        reason = say("{path} has no citation such as “(Sari, 2020)” and no reference list: numbers and notes are not read", path=options.manuscript)
        return command.stop(reason, options)
    findings = check_manuscript(article, command.chosen(options, "manuscript"))
    unanswered: tuple[Message, ...] = ()
    if options.online:
        online, unanswered = _listed_online(article, options)
        findings += online
    notes = []
    if options.write_bib:
        from pustaka.export.draft import draft

        try:
            with options.write_bib.open("x", encoding="utf-8") as file:
                file.write(draft(article))
        except FileExistsError:
            return command.stop(say("{path} is there already: name another file for the draft", path=options.write_bib), options)
        except OSError as error:
            return command.stop(say("{path} cannot be written: {reason}", path=options.write_bib, reason=error.strerror), options)
        notes.append(say("a draft of {count} entries is in {path}: correct it by hand", count=len(article.references), path=options.write_bib))
    if options.report_for:
        from pustaka.export.citation_report import citation_report
        from pustaka.fix import write_atomically

        site, faults = load.load(options.root)
        study = site.study.get(options.report_for)
        if faults or study is None:
            reason = say("the project has faults: check it first") if faults else say("there is no study “{slug}”", slug=options.report_for)
            return command.stop(reason, options)
        path = options.root / "bibliography" / "reports" / f"{study.slug}.yml"
        try:
            path.parent.mkdir(exist_ok=True)
            path.touch()
            write_atomically(path, citation_report(text, article, findings, site, study).encode("utf-8"))
        except OSError as error:
            return command.stop(say("{path} cannot be written: {reason}", path=path, reason=error.strerror), options)
        notes.append(say("the report is in {path}", path=path))
    return command.tell(Outcome(tuple(findings)), (), options, *notes, unanswered=unanswered)


#: What is asked online of a reference list: whether DOIs and links lead to the works. Its other fields are read off the page.
_OF_LISTS = ("O801", "O802", "O803", "O806", "O811", "O812", "O813")


def _listed_online(article: Manuscript, options: argparse.Namespace) -> tuple[list[Finding], tuple[Message, ...]]:
    from pustaka.export.draft import entries
    from pustaka.model import Site, Words
    from pustaka.rules import judge

    site = Site((), (), entries(article), (), (), (), Words({}))
    registry, unanswered = _asked(site, options)
    rules = [rule for rule in command.chosen(options, "registry") if rule.code in _OF_LISTS]
    return list(judge(site, rules, registry).left), unanswered


def _check(options: argparse.Namespace) -> Answer:
    from pustaka import load

    try:
        if options.fix or options.diff:
            return _mend(options)
        site, faults = _load(options)
        outcome, unanswered = _judge(site, options)
    except load.Faults as error:
        from pustaka.suppress import Outcome

        return command.tell(Outcome(), error.findings, options)
    except _Stop as stop:
        return command.stop(stop.reason, options)
    return command.tell(outcome, faults, options, unanswered=unanswered, sources=_sources(site))


class _Stop(Exception):
    """Not everything can be checked."""

    def __init__(self, reason: Message):
        super().__init__(str(reason))
        self.reason = reason


def _load(options: argparse.Namespace) -> tuple[Site, list[Finding]]:
    from pustaka import load

    if options.files:
        return load.load_papers(options.files, options.bibliography, options.root, command.watch)
    return load.load(options.root, command.watch)


def _judge(site: Site, options: argparse.Namespace) -> tuple[Outcome, tuple[Message, ...]]:
    """What the rules find, and sentences on what could not be asked."""
    from pustaka.rules import judge

    rules = command.chosen(options, "site", "suppressions", *(["registry"] if options.online else []))
    # what is only to be known of a study's record is told where the records are checked
    rules = [rule for rule in rules if rule.severity != "note" and (rule.anywhere or not options.files)]
    watch = partial(command.watch, weight=1 + (len(site.entries) + 10 * len(site.pages)) // 1000)  # a rule beside a page that is read
    if not options.online:
        return judge(site, rules, watch=watch), ()
    registry, unanswered = _asked(site, options)
    return judge(site, rules, registry, watch), unanswered


def _asked(site: Site, options: argparse.Namespace) -> tuple[Registry | None, tuple[Message, ...]]:
    """What is learnt online about a site's entries, and sentences on what could not be asked."""
    from pustaka import online
    from pustaka.model import say

    try:
        registry = online.ask(site.entries, online.Settings(options.contact, cache.folder() / "online.sqlite"))
    except ValueError as error:  # an address that is none
        return None, (say("{reason}", reason=error),)
    except online.CannotAsk as error:
        return None, (error.message,)
    except KeyboardInterrupt:
        return None, (say("stopped; what was answered is kept, and is not asked again"),)
    return registry, registry.unanswered


def _sources(site: Site) -> Iterator:
    yield from (page.source for page in site.pages if page.source)
    yield from {entry.source.path: entry.source for entry in site.entries if entry.source}.values()


def _mend(options: argparse.Namespace) -> Answer:
    """Put in what is certain, or show it; then say what is left."""
    from pustaka import fix, load
    from pustaka.model import say

    site, faults = _load(options)
    outcome, unanswered = _judge(site, options)
    base = Path() if options.files else options.root
    out, mended = [], 0
    for path, fixes in _by_path(outcome.left).items():
        before = load.exactly(base / path)
        after = None if before is None else fix.fixed(before, fixes)
        if after is None or after == before:
            continue
        if options.diff:
            out.append(fix.diff(path, before, after))
        else:
            try:
                fix.write_atomically(base / path, after.encode("utf-8"))
            except OSError as error:
                raise _Stop(say("{path} cannot be written: {reason}", path=path, reason=error.strerror)) from None
            mended += 1
    if options.diff:
        told = command.tell(outcome, faults, options, unanswered=unanswered)
        return told._replace(out="".join(out))
    if mended:
        site, faults = _load(options)
        outcome, _ = _judge(site, options)
    return command.tell(outcome, faults, options, say("files mended: {count}", count=mended), unanswered=unanswered, sources=_sources(site))


def _by_path(findings: Iterable[Finding]) -> dict[str, list]:
    fixes: dict[str, list] = {}
    for finding in findings:
        if finding.fix:
            fixes.setdefault(finding.fix.place.path, []).append(finding.fix)
    return fixes


if __name__ == "__main__":
    command.leave(main())
