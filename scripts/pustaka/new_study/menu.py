"""The main menu in mkdocs.yml, with a page more; every other byte of the file stays."""

from __future__ import annotations

import re

_MENU = re.compile(r"^(?P<indent>[ ]+)menu:[ \t]*(?P<listed>\[[^\[\]\n]*\])?[ \t]*(?P<comment>#[^\n]*)?\r?\n", re.MULTILINE)
_ITEM = re.compile(r"(?P<indent>[ ]+)-[ \t]+[\"']?(?P<page>[\w/.-]+)[\"']?[ \t]*(?:#[^\n]*)?(?:\r?\n|$)")


def with_page(text: str, page: str) -> str | None:
    """The text with a page in `extra.menu`: behind the last of the studies there, else first; None where no menu is found."""
    found = _MENU.search(text)
    if found is None:
        return None
    end = "\r\n" if "\r\n" in text else "\n"
    if found["listed"]:
        pages = [each.strip().strip("\"'") for each in found["listed"][1:-1].split(",") if each.strip()]
        position = max((number for number, each in enumerate(pages, 1) if each.startswith("studies/")), default=0)
        listed = f"[{', '.join((*pages[:position], page, *pages[position:]))}]"
        return text if page in pages else text[: found.start("listed")] + listed + text[found.end("listed") :]
    position, indent, at = found.end(), f"{found['indent']}  ", found.end()
    while item := _ITEM.match(text, position):
        if item["page"] == page:
            return text
        position, indent = item.end(), item["indent"]
        at = position if item["page"].startswith("studies/") else at
    before = text[:at] if text[:at].endswith("\n") else f"{text[:at]}{end}"
    return f"{before}{indent}- {page}{end}{text[at:]}"
