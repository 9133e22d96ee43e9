"""The pages that a study begins with, from the outline in `bibliography/outline/`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pustaka.new_study import Outline
from pustaka.new_study.record import scalar

_BLANK = re.compile(r"\{(?P<name>short|slug|entry|label|note)\}")
_FIELD = re.compile(r"(?P<name>\w+): (?P<value>.*)")
#: Search engines cut a longer description, and the front matter does not allow it.
_LONGEST_DESCRIPTION = 160


def text(outline: Outline, name: str, language: str, said: Mapping[str, str], abstract_alone: bool) -> str | None:
    """The beginning of a page in a language; None where the outline has no such page.

    Args:
        said: what fills the blanks `{short}`, `{slug}`, `{entry}` and `{label}`.
        abstract_alone: whether the pages rest on the abstract alone, which each says on top.
    """
    template = outline.page(name, language)
    if template is None:
        return None
    note = (outline.page("note", language) or "").strip() if abstract_alone else ""
    _, front_matter, body = template.split("---\n", 2)
    lines = [_field(line, said) for line in front_matter.splitlines()]
    if not outline.has(name, language):
        lines.insert(
            0, f"# pustaka: write: the language of this page is “{language}”: its title, its description and its headings are still in another"
        )
    body = _filled(body, said | {"note": note})
    return "---\n" + "".join(f"{line}\n" for line in lines) + "---\n" + re.sub(r"\n{3,}", "\n\n", body)


def _field(line: str, said: Mapping[str, str]) -> str:
    """A line of the front matter, its blanks filled; the value stays one that YAML can read."""
    found = _FIELD.fullmatch(line)
    if found is None or not _BLANK.search(line):
        return line
    value = _filled(found["value"].strip('"'), said)
    if found["name"] == "description" and len(value) > _LONGEST_DESCRIPTION:
        value = f"{value[: _LONGEST_DESCRIPTION - 2].rpartition(' ')[0]} …"
    return f"{found['name']}: {scalar(value)}"


def _filled(template: str, said: Mapping[str, str]) -> str:
    return _BLANK.sub(lambda blank: said.get(blank["name"], ""), template)
