"""The build: it says what is wrong in sentences, and whatever happens to it, the last good site stands."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import LISTENING, ROOT, build, build_well, copy_project, expect_none, start_build, tree

from pustaka import load
from pustaka.publish import Staging

# -- A build that succeeds ---------------------------------------------------------------------------------------

#: Where a publisher may put the site: a domain of its own, a user's site, a project's path.
ADDRESSES = {
    "own-domain": load.address(ROOT),
    "user-site": "https://contoh.github.io/",
    "project-path": "https://contoh.github.io/situs/",
}


@pytest.fixture(scope="module")
def sites(tmp_path_factory) -> dict[str, Path]:
    """The site as built for every kind of address, each in a folder of its own, in another time zone and hash order."""
    folder = tmp_path_factory.mktemp("sites")

    def site_at(number: int, name: str) -> Path:
        environment = {"PYTHONHASHSEED": str(number), "TZ": ("UTC", "Asia/Jakarta", "America/New_York")[number]}
        build_well(ROOT, "--site-dir", str(folder / name), site_url=ADDRESSES[name], environment=environment)
        return folder / name

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(ADDRESSES, pool.map(site_at, range(3), ADDRESSES), strict=True))


def test_a_plain_build_writes_the_site_and_keeps_what_it_drew_and_nothing_else(tmp_path: Path):
    project = copy_project(tmp_path / "project", cold=True)
    before = set(tree(project))
    build_well(project)
    written = {path for path in set(tree(project)) - before if "__pycache__" not in path}
    assert {"site/index.html", "site/id/index.html", "site/en/index.html", "site/404.html", "site/sitemap.xml"} <= written
    expect_none(path for path in written if not path.startswith(("site/", ".cache/")))
    assert before <= set(tree(project)), "the build deleted files of the project"


def test_the_same_input_gives_the_same_bytes(project: Path, sites):
    """Here in a copy of the project elsewhere, and with the address that mkdocs.yml states."""
    build_well(project, environment={"PYTHONHASHSEED": "99"})
    assert tree(project / "site") == tree(sites["own-domain"])


#: A clock that goes ahead by so many days: Python imports it by its name, before anything else.
AHEAD = """
import datetime, time

AHEAD = {days} * 86400
_time, _time_ns, _localtime, _gmtime = time.time, time.time_ns, time.localtime, time.gmtime
time.time = lambda: _time() + AHEAD
time.time_ns = lambda: _time_ns() + AHEAD * 10**9
time.localtime = lambda seconds=None: _localtime(time.time() if seconds is None else seconds)
time.gmtime = lambda seconds=None: _gmtime(time.time() if seconds is None else seconds)


class _datetime(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(time.time(), tz)

    @classmethod
    def utcnow(cls):
        return cls.now(datetime.UTC).replace(tzinfo=None)

    today = now


class _date(datetime.date):
    @classmethod
    def today(cls):
        return cls.fromtimestamp(time.time())


datetime.datetime, datetime.date = _datetime, _date
"""


def _ahead(folder: Path, days: int) -> dict[str, str]:
    """The environment in which Python's clock goes ahead; it is proved to."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(AHEAD.replace("{days}", str(days)), "utf-8")
    environment = {"PYTHONPATH": str(folder)}
    command = [sys.executable, "-c", "import time, datetime; print(datetime.datetime.now(datetime.UTC).date(), time.strftime('%F', time.gmtime()))"]
    told = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=True).stdout.split()
    assert all((datetime.fromisoformat(day) - datetime.fromtimestamp(time.time(), UTC).replace(tzinfo=None)).days >= days - 2 for day in told)
    return environment


#: What may differ between two machines and two days, and must not be seen in what is built.
ELSEWHERE = {"PYTHONHASHSEED": "7", "TZ": "Pacific/Kiritimati", "LANG": "tr_TR.UTF-8", "LC_ALL": "C", "SOURCE_DATE_EPOCH": "86400", "COLUMNS": "40"}


def test_on_another_day_elsewhere_by_another_user_the_bytes_are_the_same(tmp_path: Path, sites):
    """Another folder, clock, time zone, locale, hash order, umask and stated date; the files written in another order, long ago."""
    first = copy_project(tmp_path / "first", cold=True)
    second = tmp_path / "a second one"
    for number, file in enumerate(sorted((path for path in first.rglob("*") if path.is_file()), reverse=True)):
        copy = second / file.relative_to(first)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
        os.utime(copy, (1e9 + number, 1e9 + number))
    mask = {} if os.name == "nt" else {"preexec_fn": lambda: os.umask(0o077)}
    build_well(second, environment=ELSEWHERE | _ahead(tmp_path / "ahead", 40), **mask)
    assert tree(second / "site") == tree(sites["own-domain"])


def test_built_again_in_its_place_the_bytes_are_the_same(project: Path, sites):
    """What a build keeps for the next one, and the old site, change nothing."""
    for _ in range(2):
        build_well(project)
        assert tree(project / "site") == tree(sites["own-domain"])


def test_the_list_of_built_files_is_what_was_built(sites):
    listed = (sites["own-domain"] / ".built-files").read_text("utf-8").splitlines()
    assert sorted(listed) == sorted(set(tree(sites["own-domain"])) - {".built-files"})


_SIZE = re.compile(r'<span class="size">[^<]*</span>')


@pytest.mark.parametrize("name", ADDRESSES)
def test_the_address_changes_only_what_must_be_absolute(name: str, sites):
    """What machines read carries it, and the page's own citation; every other link is relative and the same, and so are the cards."""
    address, other = ADDRESSES[name], ADDRESSES["own-domain"]
    faults = []
    # what holds it compressed, drawn or escaped, or hashes of what holds it
    packed = re.compile(r"\.(epub|pdf|pptx|zip|imscc|gift)$|(^|/)(offline\.json|qr\.svg)$")
    for path in (path for path in tree(sites[name]) if not packed.search(path)):
        here, there = ((site / path).read_bytes().decode("latin-1") for site in (sites[name], sites["own-domain"]))
        here, there = (_SIZE.sub("", text) for text in (here, there))  # of files that hold the address
        if path == "404.html":  # served at any address: its links begin at the root of the host
            root = "/" + address.split("/", 3)[3]
            here = re.sub(rf'((?:href|src)="){re.escape(root)}', r"\1/", here)
        if here.replace(address, other) != there:
            faults.append(f"{path} differs between {address} and {other} in more than the address")
    expect_none(faults)


@pytest.mark.parametrize("name", ADDRESSES)
def test_canonical_and_hreflang_carry_the_address(name: str, sites):
    page = (sites[name] / "id/about/index.html").read_text("utf-8")
    address = ADDRESSES[name]
    assert f'<link rel="canonical" href="{address}id/about/">' in page
    assert f'<link rel="alternate" hreflang="en" href="{address}en/about/">' in page
    assert f'<link rel="alternate" hreflang="x-default" href="{address}id/about/">' in page


def test_a_path_with_spaces_and_letters_of_other_scripts(tmp_path: Path, sites):
    root = copy_project(tmp_path / "Désa Wringin – ꦢꦺꦱ (salinan 2)")
    build_well(root)
    assert tree(root / "site") == tree(sites["own-domain"])


def test_without_a_page_that_introduces_them_there_are_no_pages_of_rules(project: Path):
    for page in (project / "docs").rglob("*.md"):
        page.write_text(re.sub(r"\brules\.md(#[\w-]+)?\)", "about.md)", page.read_text("utf-8")), "utf-8")
    for language in ("id", "en"):
        (project / f"docs/{language}/rules.md").unlink()
    build_well(project)
    assert (project / "site/id/about/index.html").exists()
    assert not (project / "site/id/rules").exists()


# -- A build that fails ------------------------------------------------------------------------------------------


def append(path: str, text: str):
    def change(root: Path) -> None:
        with (root / path).open("a", encoding="utf-8") as file:
            file.write(text)

    return change


def replace(path: str, old: str, new: str):
    def change(root: Path) -> None:
        text = (root / path).read_text("utf-8")
        assert old in text
        (root / path).write_text(text.replace(old, new, 1), "utf-8")

    return change


def unbalance_a_title(root: Path) -> None:
    """`\\{` is a character to TeX and a brace to BibTeX: one of the two readers must stumble."""
    path = root / "bibliography" / "references.bib"
    path.write_text(re.sub(r"(?m)^(\s*title\s*=\s*)\{(\w+)", r"\1{\\{\2}", path.read_text("utf-8"), count=1), "utf-8")


#: The fault that needs a work in the bibliography.
_OF_A_WORK = "a brace that TeX does not count"

#: What a writer does wrong -> (the change, what the build must say).
FAULTS = {
    "an unknown key": (
        append("docs/id/about.md", "\nKata orang [@tidak-ada2050].\n"),
        r"docs/id/about\.md:\d+:\d+: P201 .*tidak-ada2050.* is not in the bibliography",
    ),
    "broken YAML in a record": (append("bibliography/errata.yml", "\n- key: [\n"), r"bibliography/errata\.yml:\d+:\d+: F103 "),
    "broken YAML in front matter": (replace("docs/en/about.md", "title:", "title: a: b"), r"docs/en/about\.md:\d+:\d+: F106 "),
    "a broken entry": (
        append("bibliography/references.bib", "\n@article{rusak, title = {Tak, year = 2020\n"),
        r"bibliography/references\.bib:\d+:\d+: F105 ",
    ),
    "a link that leads nowhere": (append("docs/id/about.md", "\n/// note | Baca juga\n[Hilang](hilang.md)\n///\n"), r"id/about\.md.*hilang\.md"),
    "a menu entry without a page": (replace("mkdocs.yml", "    - glossary\n", "    - glosary\n"), r"menu in mkdocs\.yml names “glosary”"),
    "no publisher": (replace("mkdocs.yml", "  publisher:", "  penerbit:"), r"must have “publisher” under “extra”"),
    "an empty address": (replace("mkdocs.yml", f'!ENV [SITE_URL, "{load.address(ROOT)}"]', '""'), r"there is no site_url"),
    "a listing on a page of no study": (append("docs/id/about.md", "\n{{ errata study }}\n"), r"docs/id/about\.md.*stands on a page of no study"),
    _OF_A_WORK: (unbalance_a_title, r"the citation engine cannot read bibliography/references\.bib"),
    "a picture that is not there": (append("docs/id/about.md", "\n![Pasar](hilang.jpg)\n"), r"id/about\.md.*hilang\.jpg"),  # MkDocs warns
    "an unknown listing": (append("docs/id/about.md", "\n{{ daftar-hilang }}\n"), r"docs/id/about\.md.*daftar-hilang.*bibliography"),
    "a rule's listing on another page": (append("docs/id/about.md", "\n{{ rule }}\n"), r"docs/id/about\.md.*stands on a page of no rule"),
    "an unknown figure": (
        append("docs/en/about.md", "\n![A figure](figure:hilang)\n"),
        r"docs/en/about\.md:\d+:\d+: P211 there is no figure “hilang”",
    ),
}


@pytest.mark.parametrize("fault", [pytest.param(each, marks=[pytest.mark.needs_study] if each == _OF_A_WORK else []) for each in FAULTS])
def test_a_build_of_faulty_input_says_so_and_leaves_the_old_site(fault: str, project_with_site: Path):
    change, must_say = FAULTS[fault]
    change(project_with_site)
    before = tree(project_with_site / "site")
    code, said = build(project_with_site)
    assert code != 0, said
    assert re.search(must_say, said), said
    assert "Traceback" not in said, said
    assert tree(project_with_site / "site") == before
    assert not (project_with_site / ".site.building").exists(), "a failed build leaves nothing behind"


def test_all_faults_are_told_at_once(project: Path):
    for change, _ in (FAULTS["broken YAML in a record"], FAULTS["broken YAML in front matter"], FAULTS["a broken entry"]):
        change(project)
    _, said = build(project)
    assert {"F103", "F105", "F106"} <= set(re.findall(r"\bF\d{3}\b", said)), said
    assert not (project / "site").exists()


# -- A build that is stopped -------------------------------------------------------------------------------------

MOMENTS = 10
SIGNALS = ("SIGTERM",) if os.name == "nt" else ("SIGINT", "SIGTERM", "SIGKILL")


def test_a_build_stopped_at_any_of_ten_moments_leaves_the_old_site(tmp_path: Path, built_site):
    """Every signal at ten moments spread over the build; each signal in its own copy of the project, at the same time."""
    copies = [copy_project(tmp_path / name) for name in SIGNALS]
    with ThreadPoolExecutor() as pool:
        faults = list(pool.map(lambda root: _stop_ten_times(root, built_site.folder, root.name), copies))
    expect_none(fault for some in faults for fault in some)


def _stop_ten_times(root: Path, old_site: Path, name: str) -> list[str]:
    faults = []
    build_well(root)  # the cards are drawn, and kept
    shutil.rmtree(root / "site")
    start = time.monotonic()
    build_well(root)
    duration, new = time.monotonic() - start, tree(root / "site")
    shutil.rmtree(root / "site")
    shutil.copytree(old_site, root / "site")
    old = tree(root / "site")
    assert old != new
    for number in range(1, MOMENTS + 1):
        moment = duration * number / (MOMENTS + 1)
        while (found := _stop_after(root, moment, name)) == new:  # it was done before the signal came: earlier, then
            shutil.rmtree(root / "site")
            shutil.copytree(old_site, root / "site")
            moment *= 0.9
        if found != old:
            faults.append(f"{name} after {moment:.2f} s of {duration:.2f} s: {len(found)} of {len(old)} files left, or other ones")
            break
    build_well(root)
    if tree(root / "site") != new or (root / ".site.building").exists():
        faults.append(f"{name}: the build after it did not make the site anew")
    return faults


def _stop_after(root: Path, seconds: float, name: str) -> dict[str, str]:
    process = start_build(root, **LISTENING)
    time.sleep(seconds)
    process.send_signal(getattr(signal, name))
    process.communicate(timeout=60)
    return tree(root / "site")


#: Swaps a small site in, and ends or fails at the step of that number: steps are what the system is asked to do with files.
SWAP = """
import errno, os, sys
from pathlib import Path
from pustaka import publish

target, step, way, exchange = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
if exchange == "rename twice":
    publish._exchange = lambda one, other: False
staging = publish.Staging(target)
staging.begin()
for name in ("index.html", "404.html"):
    (staging.folder / name).write_text("new")
seen = 0

def at(event, arguments):
    global seen
    if event.partition(".")[0] in ("open", "os", "shutil", "ctypes"):
        seen += 1
        if seen == step:
            if way == "killed":
                os._exit(9)
            raise OSError(errno.ENOSPC, "No space left on device")

sys.addaudithook(at)
staging.finish()
steps = seen
print(steps)
"""


@pytest.mark.parametrize("exchange", ["exchange", "rename twice"])
@pytest.mark.parametrize("way", ["killed", "disk full"])
def test_a_swap_that_stops_at_any_step_leaves_the_old_site_or_the_new(way: str, exchange: str, tmp_path: Path):
    """Nothing in between. (Where folders cannot be exchanged in one step, the next build brings the old site back.)"""
    faults, step, steps = [], 0, 1
    old, new = {"index.html": "old", "former.html": "old"}, {"index.html": "new", "404.html": "new"}
    while step <= steps:
        step += 1
        target = tmp_path / str(step) / "site"
        target.mkdir(parents=True)
        for name, text in old.items():
            (target / name).write_text(text)
        (target / ".built-files").write_text("".join(f"{name}\n" for name in old))
        command = [sys.executable, "-c", SWAP, str(target), str(step), way, exchange]
        ended = subprocess.run(command, env=os.environ | {"PYTHONPATH": str(ROOT / "scripts")}, capture_output=True, text=True)
        steps = int(ended.stdout or step)
        if exchange == "rename twice":
            Staging(target).begin()
        found = {path.name: path.read_text() for path in target.glob("*.html")} if target.exists() else {}
        if found not in (old, new):
            faults.append(f"step {step}: {found}\n{ended.stderr}")
    assert found == new
    assert step > 10, "the swap was not looked into"
    expect_none(faults)


def test_what_is_as_it_was_is_not_written_again_and_the_old_site_never_is(tmp_path: Path):
    target = tmp_path / "site"
    first = Staging(target)
    first.begin()
    for name in ("same.html", "other.html", "id/index.html"):
        first.write(name, b"one")
    first.finish()
    written = (target / "id/index.html").stat().st_ino

    second = Staging(target)
    second.begin()
    for name in ("same.html", "other.html", "id/index.html"):
        second.write(name, b"one")
    second.write("other.html", b"two")  # it has been the old site's own until now
    assert (target / "other.html").read_bytes() == b"one"
    second.finish()
    assert (target / "id/index.html").stat().st_ino == written
    assert {path: path.read_bytes() for path in sorted(target.rglob("*.html"))} == {
        target / "id/index.html": b"one",
        target / "other.html": b"two",
        target / "same.html": b"one",
    }


@pytest.mark.parametrize("refused", [OSError("no hard links here"), PermissionError("not permitted")])
def test_where_a_file_cannot_have_two_names_it_is_written(refused: OSError, tmp_path: Path, monkeypatch):
    def link(*names) -> None:
        raise refused

    monkeypatch.setattr(os, "link", link)
    for _ in range(2):
        staging = Staging(tmp_path / "site")
        staging.begin()
        staging.write("id/index.html", b"one")
        staging.finish()
    assert (tmp_path / "site/id/index.html").read_bytes() == b"one"


#: Builds, and fails as a full disk does from the file of that number on that gets a name in the folder where the site is built.
FULL_DISK = """
import errno, sys

number = int(sys.argv.pop(1))
seen = set()

def at(event, arguments):
    if event == "os.link":
        named = str(arguments[1])
    elif event == "open" and "r" not in str(arguments[1] or "r"):
        named = str(arguments[0])
    else:
        return
    if ".site.building" in named:
        seen.add(named)
        if len(seen) >= number:
            raise OSError(errno.ENOSPC, "No space left on device", named)

sys.addaudithook(at)
sys.path.insert(0, "scripts")
from pustaka import parallel

parallel.processors = lambda: 1  # in one process, which sees every file
from mkdocs.__main__ import cli

cli(["build", "--strict"])
"""


@pytest.mark.parametrize("share", [0, 0.5, 1])
def test_a_disk_that_is_full_while_pages_are_written_leaves_the_old_site(share: float, project_with_site: Path):
    """At the first file, in the middle, and at the last one, which is the list of what was built."""
    before = tree(project_with_site / "site")
    number = 1 + round(share * (len(before) - 1))
    command = [sys.executable, "-c", FULL_DISK, str(number)]
    ended = subprocess.run(command, cwd=project_with_site, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
    assert ended.returncode != 0, ended.stdout
    assert "No space left on device" in ended.stdout
    assert "Traceback" not in ended.stdout, ended.stdout
    assert tree(project_with_site / "site") == before


@pytest.mark.skipif(os.name == "nt", reason="Windows sets no limit to the size of a file")
@pytest.mark.parametrize("limit", [1_000, 50_000])
def test_a_full_disk_leaves_the_old_site(limit: int, project_with_site: Path):
    """No file, those of the citation engine included, can grow beyond so many bytes: the write fails in the middle."""
    import resource

    before = tree(project_with_site / "site")
    code, said = build(project_with_site, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    assert code != 0, said
    assert "Traceback" not in said, said
    assert tree(project_with_site / "site") == before


# -- Files that no build wrote -----------------------------------------------------------------------------------


def test_a_foreign_file_survives_a_build(project_with_site: Path):
    site = project_with_site / "site"
    (site / "CNAME").write_text("situs.example\n")
    (site / "id/arsip").mkdir()
    (site / "id/arsip/lama.pdf").write_bytes(b"%PDF-1.4\0lama")
    for _ in range(2):
        build_well(project_with_site)
        assert (site / "CNAME").read_text() == "situs.example\n"
        assert (site / "id/arsip/lama.pdf").read_bytes() == b"%PDF-1.4\0lama"
    assert "CNAME" not in (site / ".built-files").read_text("utf-8").splitlines()


def test_a_page_that_is_no_more_leaves_the_site(project_with_site: Path):
    site = project_with_site / "site"
    (site / "id/lama").mkdir()
    (site / "id/lama/index.html").write_text("lama")
    append("site/.built-files", "id/lama/index.html\n")(project_with_site)
    build_well(project_with_site)
    assert not (site / "id/lama").exists()


@pytest.mark.parametrize("name", ["index.html", "foto/desa.jpg"])
def test_a_folder_that_no_build_wrote_is_refused_and_left_alone(name: str, project: Path, tmp_path: Path):
    folder = tmp_path / "public_html"
    (folder / name).parent.mkdir(parents=True)
    (folder / name).write_text("mine")
    before = tree(folder)
    code, said = build(project, "--site-dir", str(folder))
    assert code != 0, said
    assert "Traceback" not in said, said
    assert f"holds files that no build wrote, such as {name}" in said
    assert tree(folder) == before


def test_a_foreign_file_in_the_way_of_a_page_is_not_overwritten(project_with_site: Path):
    listed = project_with_site / "site/.built-files"
    listed.write_text(listed.read_text("utf-8").replace("id/about/index.html\n", ""), "utf-8")
    before = tree(project_with_site / "site")
    code, said = build(project_with_site)
    assert code != 0, said
    assert "id/about/index.html was not written by a build" in said
    assert "Traceback" not in said, said
    assert tree(project_with_site / "site") == before
