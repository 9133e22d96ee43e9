"""The same site by every engine: MkDocs, ProperDocs, Zensical, and none; and templates that both Jinja2 and MiniJinja understand."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import jinja2
import pytest
from conftest import ROOT, BuiltPage, BuiltSite, build_well, copy_project, expect_none, tree

import build
from pustaka import parallel

ADDRESS = "https://situs.example/"

#: Where the site of another engine is not MkDocs', by its file's address, with the cause. There is nothing of the kind.
DIFFERENCES: dict[str, str] = {}

#: How each engine builds: its Python package, and commands (of this Python) in the project's folder.
ENGINES = {
    "properdocs": ("properdocs", [["-m", "properdocs", "build", "--strict", "-d", "{site}"]]),
    "zensical": (
        "zensical",
        [["-m", "zensical", "build", "-f", "zensical.yml"], ["scripts/build.py", "--texts", ".cache/zensical", "--site", "{site}"]],
    ),
    "none": ("markdown", [["scripts/build.py", "--site", "{site}"]]),
}


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess:
    """A command of this Python in a project's folder."""
    environment = {name: value for name, value in os.environ.items() if name != "SITE_URL"} | {"PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run([sys.executable, *arguments], cwd=root, env=environment, capture_output=True, encoding="utf-8", timeout=180)


def needed(package: str) -> None:
    """Fail, and say what to do, where a package is not installed."""
    if find_spec(package) is None:
        pytest.fail(f"{package} is not installed: run `make test`, which installs what the tests need, or `pip install {package}`", pytrace=False)


def build_by(engine: str, root: Path, site: Path) -> None:
    """Build a project by one of `ENGINES`; a build that fails fails the test."""
    package, commands = ENGINES[engine]
    needed(package)
    for command in commands:
        done = run(root, *(part.format(site=site) for part in command))
        if done.returncode:
            pytest.fail(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}", pytrace=False)


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, with links of all kinds, and a picture beside a page, which our own pages do not have."""
    root = copy_project(tmp_path_factory.mktemp("engines") / "project", cold=True)
    shutil.copy2(ROOT / "zensical.yml", root)
    links = "[here](about.md#languages), [page](glossary.md), [deeper](contribute/index.md#needs), [picture](drawing%20one.svg)"
    for language in ("id", "en"):
        folder = root / "docs" / language
        (folder / "drawing one.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>', "utf-8")
        text = (folder / "about.md").read_text("utf-8")
        added = f"![A square](<drawing one.svg>)\n\n- {links}\n- `[code](glossary.md)` and <https://example.org/>\n"
        (folder / "about.md").write_text(f"{text}\n{added}", "utf-8")
    return root


@pytest.fixture(scope="session")
def by_mkdocs(project: Path, tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    site = tmp_path_factory.mktemp("mkdocs") / "site"
    build_well(project, "--site-dir", str(site))
    return BuiltSite(site, ADDRESS)


# -- The comparison ----------------------------------------------------------------------------------------------


def _text(page: BuiltPage) -> list[str]:
    return re.findall(r"\S+", page.text_with_code)


def _links(page: BuiltPage) -> list[str]:
    return [f"{each.tag} {each.get(name)}" for name in ("href", "src") for each in page.tree.xpath(f"//body//*[@{name}]")]


def _citations(page: BuiltPage) -> list[str]:
    return [" ".join(each.text_content().split()) for each in page.all(".citation, #references li")]


def _metadata(page: BuiltPage) -> list[str]:
    return [f"{each.tag} {sorted(each.items())} {each.text or ''}" for each in page.tree.find("head") if each.tag != "style"]


def _headings(page: BuiltPage) -> list[str]:
    return [f"{each.tag} {each.get('id')} {each.text_content()}" for each in page.tree.xpath("//h1 | //h2 | //h3 | //h4 | //h5 | //h6")]


ASPECTS: dict[str, Callable[[BuiltPage], list[str]]] = {
    "text": _text,
    "links": _links,
    "citations": _citations,
    "metadata": _metadata,
    "headings": _headings,
}


def differences(one: BuiltSite, other: BuiltSite) -> Iterator[str]:
    """What differs between two sites: page by page by aspect, then any file by its bytes."""
    pages, others = ({page.address: page for page in site.all_pages} for site in (one, other))
    for address in sorted(pages.keys() & others.keys()):
        for aspect, of in ASPECTS.items():
            found, there = of(pages[address]), of(others[address])
            if found != there:
                first = next(
                    (pair for pair in zip(found, there, strict=False) if pair[0] != pair[1]), (f"{len(found)} of them", f"{len(there)} of them")
                )
                yield f"{address}: {aspect}: “{first[0]}” is “{first[1]}”"
    files, of_other = tree(one.folder), tree(other.folder)
    for address in sorted(files.keys() | of_other.keys()):
        if files.get(address) != of_other.get(address) and address not in DIFFERENCES:
            yield f"{address}: {'bytes' if address in files and address in of_other else 'is in one of them alone'}"


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_makes_the_same_site(engine: str, project: Path, by_mkdocs: BuiltSite, tmp_path: Path):
    build_by(engine, project, tmp_path / "site")
    expect_none(differences(by_mkdocs, BuiltSite(tmp_path / "site", ADDRESS)))
    if engine == "zensical":
        _an_old_text_is_not_taken(project, tmp_path)


def _an_old_text_is_not_taken(project: Path, folder: Path) -> None:
    """Zensical keeps the text of a page whose own file is as it was; ours follow from much else."""
    glossary = project / "bibliography" / "glossary.yml"
    good = glossary.read_text("utf-8")
    glossary.write_text(good + "\n# changed\n", "utf-8")
    try:
        done = run(project, "scripts/build.py", "--texts", ".cache/zensical", "--site", str(folder / "site"))
    finally:
        glossary.write_text(good, "utf-8")
    assert (done.returncode, done.stdout) == (2, "")
    assert re.search(r"/index\.html is not the text of docs/\S+\.md as it stands: let the engine build anew", done.stderr)


def test_nothing_of_a_theme_is_used(project: Path, by_mkdocs: BuiltSite, tmp_path: Path):
    """When Material ends, its name is taken out of mkdocs.yml, and the site is the same."""
    configuration = (project / "mkdocs.yml").read_text("utf-8")
    (project / "without.yml").write_text(re.sub(r"(?<=\n  name: )material\b", "null", configuration), "utf-8")
    build_well(project, "-f", "without.yml", "--site-dir", str(tmp_path / "site"))
    expect_none(differences(by_mkdocs, BuiltSite(tmp_path / "site", ADDRESS)))


@pytest.mark.parametrize(
    "aspect, found, planted",
    [
        ("text", "<p>", "<p>Not in the source. "),
        ("links", 'href="../glossary/', 'href="../../glossary/'),
        ("citations", '<span class="citation">(', '<span class="citation">(see '),
        ("metadata", 'name="description" content="', 'name="description" content="x'),
        ("headings", "<h2 id=", "<h2 lang=id id=x"),
    ],
)
def test_the_comparison_sees_each_difference(aspect: str, found: str, planted: str, by_mkdocs: BuiltSite, tmp_path: Path):
    page = "en/abcd/index.html" if aspect != "links" else "en/about/index.html"
    for copy in ("one", "other"):
        (tmp_path / copy / page).parent.mkdir(parents=True)
        for address in (page, "404.html"):
            shutil.copy2(by_mkdocs.folder / address, tmp_path / copy / address)
    text = (tmp_path / "other" / page).read_text("utf-8")
    assert found in text
    (tmp_path / "other" / page).write_text(text.replace(found, planted, 1), "utf-8")
    seen = list(differences(*(BuiltSite(tmp_path / copy, ADDRESS) for copy in ("one", "other"))))
    assert [line for line in seen if line.startswith(f"{page.removesuffix('index.html')}: {aspect}:")]
    assert f"{page}: bytes" in seen


def test_the_comparison_sees_a_missing_file(by_mkdocs: BuiltSite, tmp_path: Path):
    for copy in ("one", "other"):
        tmp_path.joinpath(copy).mkdir()
        shutil.copy2(by_mkdocs.folder / "404.html", tmp_path / copy)
    shutil.copy2(by_mkdocs.folder / "sitemap.xml", tmp_path / "other")
    assert list(differences(*(BuiltSite(tmp_path / copy, ADDRESS) for copy in ("one", "other")))) == ["sitemap.xml: is in one of them alone"]


# -- What can go wrong -------------------------------------------------------------------------------------------


def test_a_fault_ends_every_engine_with_a_sentence(project: Path, tmp_path: Path):
    page = project / "docs" / "en" / "abcd.md"
    good = page.read_text("utf-8")
    page.write_text(f"{good}\nWords [@nobody1999, p. 3].\n", "utf-8")
    try:
        for engine, (package, commands) in ENGINES.items():
            needed(package)
            done = run(project, *(part.format(site=tmp_path / "site") for part in commands[0]))
            said = done.stdout + done.stderr
            assert done.returncode, engine
            assert said.count("P201 “@nobody1999”") == 1, f"{engine}: {said}"
            assert "Traceback" not in said, f"{engine}: {said}"
            assert not (tmp_path / "site").exists(), engine
    finally:
        page.write_text(good, "utf-8")


def test_a_text_that_is_missing_is_named(project: Path, tmp_path: Path):
    done = run(project, "scripts/build.py", "--texts", str(tmp_path), "--site", str(tmp_path / "site"))
    assert (done.returncode, done.stdout) == (2, "")
    assert re.search(r"index\.html, the text of docs/\S+\.md, is not there: let the engine build first", done.stderr)
    assert not (tmp_path / "site").exists()


# -- Templates ---------------------------------------------------------------------------------------------------

#: MiniJinja escapes a slash too, and writes quotation marks by other names: the same characters.
_SPELLED = {"&#x2f;": "/", "&#x27;": "&#39;", "&quot;": "&#34;"}


class Rendering(NamedTuple):
    """What Jinja2 made of a template."""

    template: str
    values: dict
    made: str


def by_minijinja(rendering: Rendering, overrides: Path) -> str:
    """What MiniJinja makes of the same."""
    import minijinja

    environment = minijinja.Environment(
        loader=lambda name: (overrides / name).read_text("utf-8"),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_escape_callback=lambda name: True,
    )
    made = environment.render_template(rendering.template, **rendering.values)
    return re.sub("|".join(_SPELLED), lambda match: _SPELLED[match.group()], made)


def test_minijinja_prints_every_template_as_jinja2_does(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    needed("minijinja")
    renderings: dict[tuple[str, str], Rendering] = {}
    render = jinja2.Template.render

    def recorded(self: jinja2.Template, *args: object, **kwargs: object) -> str:
        made = render(self, *args, **kwargs)
        values = dict(*args, **kwargs)
        renderings[self.name, values["view"]["name"] if "view" in values and "name" in values["view"] else made] = Rendering(self.name, values, made)
        return made

    monkeypatch.setattr(jinja2.Template, "render", recorded)
    monkeypatch.setattr(parallel, "processors", lambda: 1)  # what another process renders is not seen here
    shutil.rmtree(project / ".cache" / "pages", ignore_errors=True)
    assert build.main(["--root", str(project), "--site", str(tmp_path / "site")]) == 0
    monkeypatch.undo()
    printed = {rendering.template.partition("/")[0] for rendering in renderings.values()}
    assert printed >= {"page.html", "404.html", "redirect.html", "listings", "figures", "book", "offline"}
    expect_none(
        f"{rendering.template}: MiniJinja prints something else"
        for rendering in renderings.values()
        if by_minijinja(rendering, project / "overrides") != rendering.made
    )


@pytest.mark.parametrize("template", ["{{ 'a %s' % words[0] }}", "<p {{ {'lang': words[0]} | xmlattr }}>"])
def test_what_only_jinja2_has_is_seen(template: str, tmp_path: Path):
    needed("minijinja")
    (tmp_path / "odd.html").write_text(template, "utf-8")
    values = {"words": ["a", "b"]}
    made = jinja2.Environment(autoescape=True).from_string(template).render(**values)
    try:
        assert by_minijinja(Rendering("odd.html", values, made), tmp_path) != made
    except Exception as error:
        assert type(error).__module__.startswith("minijinja"), error
