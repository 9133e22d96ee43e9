"""A small site that is published, and then rearranged in every way in which an address can be lost."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import BuiltSite, build_well, copy_project
from green import green_site

import check_addresses
from pustaka import load
from pustaka.model import Finding
from pustaka.rules import check_addresses as check

#: The pages with their headings, by id; in both languages.
PAGES = {
    "plot": ("beds", "water", "shade"),
    "tools": ("spade", "basket"),
    "weather": ("rain", "wind"),
    "seeds": ("sowing", "storing"),
    "soil": ("digging", "compost"),
    "harvest": ("picking", "sharing"),
    "market": ("selling",),
}
#: What each old address shows in the end: (page, id), without language. A page that was deleted leads to the page above it.
FOUND_AT = {
    "plot/": ("garden/", ""),
    "plot/#water": ("garden/", "water"),
    "tools/#basket": ("tools/", "trug"),
    "weather/": ("", ""),
    "seeds/": ("soil/", ""),
    "seeds/#storing": ("soil/", "storing"),
    "seeds/#sowing": ("soil/", "sowing-seeds"),
    "harvest/#sharing": ("market/", "sharing"),
    "f/kb-1/": ("studies/contoh/findings/", "harvest"),
}


@dataclass(frozen=True)
class Moved:
    """A published site after it was rearranged and mended: what the check found before the mend, and the lines that mended it."""

    root: Path
    site: BuiltSite
    told: list[str]
    lines: list[str]


def project(folder: Path) -> Path:
    """The green site's sources with the pages above, ready to be built."""
    root = copy_project(folder)
    for name in ("bibliography", "docs"):
        shutil.rmtree(root / name)
    settings = (root / "mkdocs.yml").read_text("utf-8")
    green_site(root)
    shutil.rmtree(root / "site")
    (root / "mkdocs.yml").write_text(re.sub(r"menu:.*\n(?: +- .*\n)+", "menu: [studies/contoh]\n", settings), "utf-8")
    record = root / "bibliography" / "studies" / "contoh.yml"
    stated = re.sub(r"^findings:.*\n(?: .*\n)*", "", record.read_text("utf-8"), flags=re.MULTILINE)
    record.write_text(f"{stated}findings:\n  1: findings#harvest\n", "utf-8")
    for language in ("id", "en"):
        findings = _file(root, language, "studies/contoh/findings")
        nutshell = "\\1\n\n/// finding\nKebun [@contoh2020].\n///"
        findings.write_text(re.sub(r"(## .*\{#harvest\})", nutshell, findings.read_text("utf-8")), "utf-8")
    for name in ("addresses.txt", "budget.yml", "redirects.yml"):
        (root / name).unlink(missing_ok=True)
    for name, headings in PAGES.items():
        for language in ("id", "en"):
            _file(root, language, name).write_text(_page(name, headings), "utf-8")
    return root


def _file(root: Path, language: str, name: str) -> Path:
    return root / "docs" / language / f"{name}.md"


def _page(name: str, headings: tuple[str, ...]) -> str:
    return f"---\ntitle: {name.title()}\ndescription: {name}.\n---\n" + "".join(_section(heading) for heading in headings)


def _section(heading: str) -> str:
    return f"\n## {heading.title()} {{#{heading}}}\n\nKebun [@contoh2020].\n"


def publish(root: Path, site: BuiltSite) -> None:
    """Build the site, and record its addresses."""
    build_well(root, "--site-dir", str(site.folder), site_url=site.address)
    assert check_addresses.main(["--record", "--root", str(root), "--site", str(site.folder)]) == 0


def rearrange(root: Path) -> None:
    """Rename a page and a heading, delete a page, merge two (of which one has another id then), move a heading to another page."""
    for language in ("id", "en"):
        _file(root, language, "plot").rename(_file(root, language, "garden"))
        _file(root, language, "tools").write_text(_page("tools", ("spade", "trug")), "utf-8")
        _file(root, language, "weather").unlink()
        _file(root, language, "seeds").unlink()
        _file(root, language, "soil").write_text(_page("soil", ("digging", "compost", "sowing-seeds", "storing")), "utf-8")
        _file(root, language, "harvest").write_text(_page("harvest", ("picking",)), "utf-8")
        _file(root, language, "market").write_text(_page("market", ("selling", "sharing")), "utf-8")


def gone(root: Path, site: BuiltSite) -> list[Finding]:
    """What the check finds of addresses that are gone."""
    read, faults = load.load(root)
    assert faults == []
    found = check(read, load.built_site(site.folder), check_addresses.command.chosen(_Everything, "addresses"))
    return [finding for finding in found if finding.code == "B613"]


class _Everything:
    select = ignore = ()


def moved(folder: Path, site: BuiltSite) -> Moved:
    """Publish, rearrange, and mend by the lines that the check prints."""
    root = project(folder)
    publish(root, site)
    rearrange(root)
    build_well(root, "--site-dir", str(site.folder), site_url=site.address)
    found = gone(root, site)
    if not found:
        pytest.fail("the check found nothing", pytrace=False)
    lines = [finding.suggestion for finding in found]
    (root / "redirects.yml").write_text("".join(f"{line}\n" for line in lines), "utf-8")
    build_well(root, "--site-dir", str(site.folder), site_url=site.address)
    return Moved(root, site, [f"{finding.place.path}: {finding.message}" for finding in found], lines)
