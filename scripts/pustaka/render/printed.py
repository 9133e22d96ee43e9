"""Everything that a site asks of the citation engine, printed at once, and kept for a build that asks for the same."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from pustaka.kept import Kept
from pustaka.model import CitationGroup, Site
from pustaka.parallel import processors
from pustaka.render import citeproc
from pustaka.render.citeproc import Alone, Link, References, Style, signature


@dataclass(frozen=True)
class Asked:
    """What a site asks for.

    Attributes:
        items: the bibliography as CSL-JSON.
        groups: by language, the citations.
        alone: by language and style, the works that are cited by themselves, as CSL-JSON.
    """

    items: Sequence[dict]
    groups: Mapping[str, Sequence[CitationGroup]]
    alone: Mapping[tuple[str, Style], Sequence[dict]]


@dataclass(frozen=True)
class Printed:
    """What it is answered: by language; of works by themselves by language and style, then by the work's key."""

    references: Mapping[str, References]
    alone: Mapping[tuple[str, Style], Mapping[str, Alone]]


#: What the last build was answered, by the name under which it is kept: the next one, while the site is served, mostly asks for the same.
_last: dict[str, tuple[list[str], Printed]] = {}


def printed(site: Site, asked: Asked, kept: Kept, inputs: str) -> Printed:
    """The engine's answers, or what was made of them in an earlier build that asked for the same.

    Args:
        inputs: a hash of all that answers follow from beside what is asked, this program too; "" where it is not known.

    Raises:
        citeproc.CiteprocError: the engine failed.
    """
    if not inputs:
        return _answered(site, asked, kept)
    groups = {language: [signature(group) for group in some] for language, some in asked.groups.items()}
    of = ["printed", inputs, groups, [[language, style.file, items] for (language, style), items in asked.alone.items()]]

    def made() -> bytes:
        answers = _answered(site, asked, kept)
        return json.dumps({"rests": sorted(kept.used), **_as_json(answers, asked)}).encode()

    name = kept.use(of)
    if name not in _last:
        found = json.loads(kept.make(of, made))
        _last.clear()
        _last[name] = found.pop("rests"), _from_json(found, asked)
    rests, answers = _last[name]
    kept.used.update(rests)  # the engine's own answers, for the build that asks for something else
    return answers


def _answered(site: Site, asked: Asked, kept: Kept) -> Printed:
    with ThreadPoolExecutor(2 * processors()) as pool:
        references = {
            language: pool.submit(citeproc.references, site, asked.items, groups, language, kept) for language, groups in asked.groups.items()
        }
        alone = {of: pool.submit(citeproc.alone, site, items, *of, kept) for of, items in asked.alone.items()}
    return Printed({of: answer.result() for of, answer in references.items()}, {of: answer.result() for of, answer in alone.items()})


def _as_json(answers: Printed, asked: Asked) -> dict:
    references = {
        language: {
            "entries": list(answer.entries.items()),
            "citations": [
                [[part.key, part.html] if isinstance(part, Link) else part for part in answer.citation(group)] for group in asked.groups[language]
            ],
        }
        for language, answer in answers.references.items()
    }
    alone = [[[key, *vars(cited).values()] for key, cited in some.items()] for some in answers.alone.values()]
    return {"references": references, "alone": alone}


def _from_json(found: dict, asked: Asked) -> Printed:
    references = {}
    for language, groups in asked.groups.items():
        parts = (tuple(Link(*part) if isinstance(part, list) else part for part in parts) for parts in found["references"][language]["citations"])
        citations = dict(zip(map(signature, groups), parts, strict=True))
        references[language] = References(citations, dict(found["references"][language]["entries"]))
    alone = ({key: Alone(*cited) for key, *cited in some} for some in found["alone"])
    return Printed(references, dict(zip(asked.alone, alone, strict=True)))
