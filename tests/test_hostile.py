"""Input of the worst kind, through the command itself: findings or one clear sentence, at once, in little memory."""

from __future__ import annotations

import io
import os
import re
import resource
import socket
import subprocess
import sys
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pypandoc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import check_citations
from pustaka.load import _Reader
from pustaka.markdown import read_page, read_paper
from pustaka.model import Page
from pustaka.syntax import Labels

SCRIPT = Path(check_citations.__file__)
ENTRY = "@book{sari2020,\n  author = {Sari, Dewi},\n  title = {Kebun desa},\n  publisher = {Kebun},\n  date = {2020},\n  langid = {indonesian},\n}\n"
PAPER = "Warga menanam sayur [@sari2020].\n"
ARTICLE = "Warga menanam sayur (Sari, 2020).\n\n# Daftar Pustaka\n\nSari, D. (2020). *Kebun desa*. Kebun.\n"
LABELS: Labels = (("page", ("hlm.", "p.")), ("section", ("bag.", "sec.")))

#: Seconds of the processor that a check may take, and bytes of memory.
SECONDS, MEMORY = 20, 1 << 30


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "paper.md").write_text(PAPER, "utf-8")
    (tmp_path / "refs.bib").write_text(ENTRY, "utf-8")
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """The command in this process: exit code, what it printed, and its closing sentence."""
    before = time.process_time()
    code = check_citations.main([*arguments, "--lang", "en"])
    assert time.process_time() - before < 10
    printed = capsys.readouterr()
    assert all(re.match(r".+?:\d+:\d+: [A-Z]\d{3} .", line) for line in printed.out.splitlines())
    return code, printed.out, printed.err


def run_apart(*arguments: str | bytes, **options) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, which is ended when it asks for too much."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))

    command = [sys.executable, SCRIPT, "--lang", "en", *arguments]
    ended = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", preexec_fn=limit, timeout=300, check=False, **options)
    assert "Traceback" not in ended.stderr
    assert ended.returncode in (0, 1, 2), ended.stderr
    return ended


# -- .bib --------------------------------------------------------------------------------------------------------------

_BOMB = "".join(f"@string{{a{n} = {' # '.join([f'a{n - 1}'] * 10)}}}\n" for n in range(1, 30))

BIBLIOGRAPHIES = {
    "unbalanced braces": ("@book{a, title = {{b}\n}\n", 2, "refs.bib:1:1: F105 not valid BibLaTeX: in the entry “a” it never ends"),
    "a brace too many": (
        "@book{a,\n title = {b}},\n date = 2020,\n}\n",
        2,
        "refs.bib:3:2: F105 not valid BibLaTeX: in the entry “a” a brace before “date”",
    ),
    "missing comma": (
        "@book{a,\n title = {b}\n date = 2020}\n",
        2,
        "refs.bib:2:13: F105 not valid BibLaTeX: in the entry “a” a comma is missing after title",
    ),
    "Latin-1": ("@book{a, title = {é}}\n".encode("latin-1"), 2, "refs.bib:1:19: F102 byte 0xe9 is not UTF-8"),
    "UTF-16": ("@book{a, title = {é}}\n".encode("utf-16"), 2, "refs.bib:1:1: F102 the file is saved as UTF-16"),
    "UTF-16 unmarked": ("@book{a, title = {é}}\n".encode("utf-16-le"), 2, "refs.bib:1:1: E302 the @book “a” must have the field author"),
    "UTF-16 unmarked, big endian": ("@book{a, title = {é}}\n".encode("utf-16-be"), 2, "refs.bib:1:1: F102 the file is saved as UTF-16"),
    "NUL": ("@book{a, title = {b\0c}}\n", 1, "refs.bib:1:20: E339"),
    "NUL alone": ("\0" * 10_000, 2, "refs.bib:1:1: F102"),
    "long fields": (
        f"@book{{a, title = {{{'a' * 100_000}}}, author = {{{'Sari, D. and ' * 7_000}others}}, pages = {{{'9' * 100_000}}},"
        f" doi = {{10.1/{'x' * 100_000}}}, isbn = {{{'9' * 100_000}}}, date = {{{'2' * 100_000}}},"
        f" url = {{http://{'a.' * 50_000}}}, edition = {{{'-' * 100_000}}}}}\n",
        1,
        "E322 the ISBN",
    ),
    "nested braces": (f"@book{{a, title = {'{' * 10_000}{'}' * 10_000}}}\n", 1, "refs.bib:1:1: E302"),
    "nested braces that stay open": (f"@book{{a, title = {'{' * 10_000}\n", 2, "refs.bib:1:1: F105"),
    "@string bomb": (
        f"@string{{a0 = {{0123456789}}}}\n{_BOMB}@book{{b, title = a29}}\n",
        2,
        "refs.bib:7:61: F105 not valid BibLaTeX: the value grows to",
    ),
    "crossref to itself": ("@book{a, crossref = {a}}\n", 1, "E319"),
    "crossref in a circle": ("".join(f"@book{{a{n}, crossref = {{a{(n + 1) % 3000}}}}}\n" for n in range(3000)), 1, "E319"),
    "empty": ("", 1, "P201 “@sari2020” is not in the bibliography"),
    "no .bib at all": ("Kata biasa.\n" * 10_000, 1, "P201 “@sari2020” is not in the bibliography"),
    "a broken one first": (f"@book{{a, title = {{b\n\n{ENTRY}", 2, "refs.bib:1:1: F105 not valid BibLaTeX: in the entry “a” it never ends"),
}


@pytest.mark.parametrize("name", BIBLIOGRAPHIES)
def test_bibliography(name, folder, capsys):
    data, code, finding = BIBLIOGRAPHIES[name]
    (folder / "refs.bib").write_bytes(data if isinstance(data, bytes) else data.encode())
    ended, out, err = run(capsys, "paper.md", "--bibliography", "refs.bib")
    assert finding in out, out[:1000]
    assert ended == code
    assert err.startswith("could not check: ") == (code == 2)


ENDS = '@string{a = {b}}\n@comment{c}\n@preamble{"d"}\n% e\n@book{key,\n title = {f {g}} # a # "h {i}",\n date = 2020,\n}\n@misc(key2, note = {j})\n'


def test_a_file_that_ends_anywhere(folder, capsys):
    for end in range(len(ENDS)):
        (folder / "refs.bib").write_text(ENDS[:end], "utf-8")
        code, out, _ = run(capsys, "paper.md", "--bibliography", "refs.bib", "--no-cache")
        inside = ENDS.rfind("@", 0, end) < ENDS.rfind("{", 0, end) and end < ENDS.find("\n@", end)
        assert code in ((1, 2) if inside else (1,)) or " F105 " in out


# -- Markdown ----------------------------------------------------------------------------------------------------------

_ALIASES = "".join(f"{chr(97 + n)}: &{chr(97 + n)} [{', '.join([f'*{chr(96 + n)}'] * 9)}]\n" for n in range(1, 20))

PAPERS = {
    "Latin-1": ("Kebún [@sari2020].\n".encode("latin-1"), 2, "paper.md:1:4: F102 byte 0xfa is not UTF-8"),
    "UTF-16": ("Kata [@sari2021].\n".encode("utf-16"), 2, "P201 “@sari2021” is not in the bibliography"),
    "NUL": ("Kata\0 [@sari2021\0].\n", 1, "paper.md:1:8: P201 “@sari2021”"),
    "NUL in the front matter": ("---\ntitle: a\0\n---\n\nKata.\n", 2, "paper.md:2:1: F106 not valid YAML: unacceptable character"),
    "aliases": (f"---\na: &a [x, x, x]\n{_ALIASES}---\n\nKata.\n", 2, "paper.md:3:8: F106 not valid YAML: an alias (*name) is not allowed here"),
    "brackets in the front matter": (f"---\ntitle: {'[' * 100_000}\n---\n\nKata.\n", 2, "paper.md:2:1: F106 not valid YAML: it is nested too deeply"),
    "braces in the front matter": (
        f"---\ntitle: {'{a: ' * 100_000}\n---\n\nKata.\n",
        2,
        "paper.md:2:1: F106 not valid YAML: it is nested too deeply",
    ),
    "dashes in the front matter": (
        f"---\ntitle:\n  {'- ' * 100_000}\n---\n\nKata.\n",
        2,
        "paper.md:2:1: F106 not valid YAML: it is nested too deeply",
    ),
    "a number without end": (f"---\ntitle: {'9' * 10_000}\n---\n\nKata.\n", 2, "paper.md:2:1: F106 not valid YAML: "),
    "values of all kinds": (
        "---\n1: 2\nlang: [a]\nreferences: {a: b}\nnocite: 5\ntitle: [5]\n---\n\nKata [@sari2021].\n",
        1,
        "paper.md:9:7: P201",
    ),
    "an object": (
        "---\ntitle: !!python/object:os.system a\n---\n\nKata.\n",
        2,
        "paper.md:2:8: F106 not valid YAML: could not determine a constructor",
    ),
    "empty": ("", 1, "refs.bib:1:1: E301 “sari2020” is cited on no page"),
    "closed by nothing": ("```\n[@a]\n", 1, "refs.bib:1:1: E301 “sari2020” is cited on no page"),
    "nested brackets": (f"{'[' * 10_000}@sari2021{']' * 10_000}\n", 1, "paper.md:1:10001: P201 “@sari2021”"),
    "nested quotes": (f"{'>' * 10_000} [@sari2021]\n", 1, "E301 “sari2020” is cited on no page"),
    "nested lists": ("".join(f"{' ' * 2 * n}- @sari2021\n" for n in range(500)), 1, "P201 “@sari2021”"),
}


@pytest.mark.parametrize("name", PAPERS)
def test_paper(name, folder, capsys):
    data, code, finding = PAPERS[name]
    (folder / "paper.md").write_bytes(data if isinstance(data, bytes) else data.encode())
    ended, out, err = run(capsys, "paper.md", "--bibliography", "refs.bib")
    assert finding in out, out[:1000]
    assert ended == code
    assert err.startswith("could not check: ") == (code == 2)


def paper_of(text: str) -> Page:
    return read_paper("x.md", text, LABELS, _Reader(Path()).front_matter)


def page_of(text: str) -> Page:
    reader = _Reader(Path())
    return read_page("docs/id/x.md", text, ("id", "en"), LABELS, reader.yaml, reader.fault)


_PIECES = [
    *("@", "[", "]", "{", "}", "(", ")", "`", "\\", "-", ";", ",", "\n", "\n\n", " ", "<", ">", "$", "#", "|", ":", "/", "*", "~~~", "```", "    "),
    *(
        "@a",
        "[@b, hlm. 5]",
        "-@c",
        "@{d}",
        "[^1]",
        "[^1]: ",
        "---\n",
        "title: e\n",
        "<!-- ",
        "-->",
        "\\begin{x}",
        "\\end{x}",
        "{{< ",
        ">}}",
        "/// note",
        "é",
    ),
]
some_markdown = st.text(max_size=60) | st.lists(st.sampled_from(_PIECES), max_size=40).map("".join)


@pytest.mark.parametrize("read", [paper_of, page_of])
@settings(max_examples=250, derandomize=True, deadline=None, database=None)
@given(text=some_markdown)
def test_no_markdown_stops_the_reading_and_every_citation_stands_where_it_is_said_to(read, text):
    page = read(text)
    lines = text.split("\n")
    for citation in page.citations:
        rest = lines[citation.place.line - 1][citation.place.column - 1 :]
        assert rest.startswith((f"@{citation.key}", f"@{{{citation.key}}}", f"-@{citation.key}"))


HUNDRED_THOUSAND = {
    "lines": "\n" * 100_000,
    "indented lines": "  \n" * 33_000,
    "words": "kata " * 20_000,
    "headings": "# a\n" * 25_000,
    "blocks": "a\n\n---\n" * 14_000,
    "attributes of a heading": f"# a {'{#' * 50_000}\n",
    "spaces in a heading": f"# a{' ' * 50_000}b{' {#' * 15_000}\n",
    "fences": "```\n" * 25_000,
    "backticks": "".join("`" * (n % 300) + "a" for n in range(650)),
    "comments": "<!-- " * 20_000,
    "formulas": "$a " * 33_000,
    "tags": "<a " * 33_000,
    "an address that stays open": f"<{'a@' * 50_000}",
    "commands": "\\a{" * 33_000,
    "environments": "\\begin{a} " * 10_000,
    "links": "[a](" * 25_000,
    "notes": "[^a]: @a\n\n" * 10_000,
    "brackets": "[@a; " * 20_000,
    "tables": "|" * 100_000,
}


@pytest.mark.parametrize("read", [paper_of, page_of])
@pytest.mark.parametrize("name", HUNDRED_THOUSAND)
def test_100_000_characters_are_read_at_once(name, read):
    before = time.process_time()
    read(HUNDRED_THOUSAND[name])
    assert time.process_time() - before < 3  # of which CommonMark takes the most


# -- Files -------------------------------------------------------------------------------------------------------------


def test_what_is_no_file(folder, capsys):
    os.mkfifo(folder / "pipe.bib")
    (folder / "loop.bib").symlink_to("loop.bib")
    (folder / "folder").mkdir()
    sock = socket.socket(socket.AF_UNIX)
    sock.bind("socket.bib")
    reasons = {
        "missing.bib": "No such file or directory",
        "folder": "it is a folder, name a file in it",
        "pipe.bib": "it is no ordinary file",
        "socket.bib": "it is no ordinary file",
        "/dev/zero": "it is no ordinary file",
        "loop.bib": "Too many levels of symbolic links",
        f"{'a' * 5_000}.bib": "File name too long",
    }
    for path, reason in reasons.items():
        code, out, _ = run(capsys, "paper.md", "--bibliography", path)
        assert (code, f"{path}:1:1: F101 cannot be read: {reason}\n" in out) == (2, True), path
        code, out, _ = run(capsys, path, "--bibliography", "refs.bib")
        assert (code, f"{path}:1:1: F101 cannot be read: {reason}\n" in out) == (2, True), path
        code, out, _ = run(capsys, "--manuscript", path)
        assert (code, out) == (2, f"{path}:1:1: F101 cannot be read: {reason}\n"), path
    sock.close()


def test_a_file_that_may_not_be_read(folder, capsys, monkeypatch):
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)  # the superuser may read whatever its mode forbids
    code, out, _ = run(capsys, "paper.md", "--bibliography", "refs.bib", "--root", str(SCRIPT.parents[1]), "--no-cache")
    assert code == 2
    assert "F101 cannot be read: Permission denied" in out


def test_bibliographies_that_a_paper_names(folder, capsys):
    (folder / "paper.md").write_text('---\nbibliography: ["a\\0b", refs.bib, {a: b}, 5, null, /dev/zero, .]\n---\n\n[@sari2020]\n', "utf-8")
    code, out, _ = run(capsys, "paper.md")
    assert code == 2
    assert out.count(" F101 ") == len(out.splitlines())


def test_a_file_that_is_too_large(folder, capsys):
    with (folder / "refs.bib").open("wb") as file:
        file.truncate(300 << 20)
    code, out, _ = run(capsys, "paper.md", "--bibliography", "refs.bib")
    assert (code, "refs.bib:1:1: F101 cannot be read: it has 300 MB, more than 256\n" in out) == (2, True)


def test_a_name_that_is_not_utf8(folder):
    Path(os.fsdecode(b"kebun\xff.md")).write_text("Kata [@sari2021].\n", "utf-8")
    for kind in ("text", "json", "sarif", "github"):
        ended = run_apart(b"kebun\xff.md", "--bibliography", "refs.bib", "--format", kind)
        assert (ended.returncode, "P201" in ended.stdout) == (1, True)


@pytest.mark.parametrize("start", ["", "@book{a, title = ", '@book{a, title = "', "@comment", "@preamble"])
def test_50_megabytes_of_braces(start, folder):
    (folder / "refs.bib").write_text(start + "{" * (50 << 20), "utf-8")
    ended = run_apart("paper.md", "--bibliography", "refs.bib")
    assert ended.returncode == (2 if "title" in start or start == "@preamble" else 1)


def test_20_megabytes_of_brackets(folder):
    (folder / "paper.md").write_text("[" * (20 << 20) + "\n\n[@sari2021]\n", "utf-8")
    ended = run_apart("paper.md", "--bibliography", "refs.bib")
    assert "paper.md:3:2: P201 “@sari2021”" in ended.stdout


# -- Manuscripts -------------------------------------------------------------------------------------------------------


def archive(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return packed.getvalue()


def document(folder: Path, kind: str) -> Path:
    """A good one, with the article in it."""
    pypandoc.convert_text(ARTICLE, kind, "markdown", outputfile=str(folder / f"good.{kind}"))
    return folder / f"good.{kind}"


@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_broken_archives(kind, folder, capsys):
    good = document(folder, kind).read_bytes()
    with zipfile.ZipFile(io.BytesIO(good)) as file:
        members = {name: file.read(name) for name in file.namelist()}
    content = {"docx": "word/document.xml", "odt": "content.xml"}[kind]
    entities = b"".join(b"<!ENTITY %c '%s'>" % (98 + n, (b"&%c;" % (97 + n)) * 10) for n in range(12))
    broken = {
        "no archive": b"kata",
        "empty": b"",
        "an empty archive": archive({}),
        "cut off": good[: len(good) // 2],
        "flipped": bytes(byte ^ (0x55 if number % 97 == 0 else 0) for number, byte in enumerate(good)),
        "no content": archive({name: data for name, data in members.items() if name != content}),
        "no XML": archive(members | {content: b"<a>" * 10_000}),
        "entities": archive(members | {content: b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>" + entities + b"]><x>&m;</x>"}),
    }
    for name, data in broken.items():
        (folder / f"broken.{kind}").write_bytes(data)
        code, out, _ = run(capsys, "--manuscript", f"broken.{kind}")
        assert (code, out.count("\n")) == (2, 1), (name, out)
        assert out.startswith(f"broken.{kind}:1:1: F101 cannot be read as .{kind}: "), name


def test_a_wrong_type_inside_an_archive(folder, capsys):
    with zipfile.ZipFile(document(folder, "odt")) as file:
        members = {name: file.read(name) for name in file.namelist()}
    (folder / "article.odt").write_bytes(archive(members | {"mimetype": b"text/plain"}))
    assert run(capsys, "--manuscript", "article.odt") == run(capsys, "--manuscript", "good.odt")


def test_an_archive_that_blows_up(folder):
    with zipfile.ZipFile(document(folder, "docx")) as file:
        members = {name: file.read(name) for name in file.namelist()}
    blown = members["word/document.xml"].replace(b"Warga", b"a" * 300_000_000)
    (folder / "bomb.docx").write_bytes(archive(members | {"word/document.xml": blown}))
    command = [sys.executable, SCRIPT, "--manuscript", "bomb.docx", "--lang", "en"]
    ended = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)  # pandoc's own limit must hold
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert ended.stdout.startswith("bomb.docx:1:1: F101 cannot be read as .docx: ")


@pytest.mark.parametrize(
    "text", ["", "\n" * 10_000, "(" * 100_000, "(A, 2020; " * 10_000, "A (2020) " * 5_000, "Daftar Pustaka\n\n" + "A, B. (2020). " * 5_000]
)
def test_articles_that_are_none(text, folder, capsys):
    (folder / "article.txt").write_text(text, "utf-8")
    code, out, err = run(capsys, "--manuscript", "article.txt")
    said = {0: not out, 1: bool(out), 2: not out and err.startswith("could not check: article.txt has no citation")}
    assert said[code]


def test_an_article_in_utf16(folder, capsys):
    (folder / "article.txt").write_bytes(ARTICLE.encode("utf-16-le"))
    code, out, _ = run(capsys, "--manuscript", "article.txt")
    assert (code, out) == (2, "article.txt:1:1: F102 the file is saved as UTF-16: save it as UTF-8\n")


# -- Around the command ------------------------------------------------------------------------------------------------


def test_a_pipe_that_nobody_reads(folder):
    (folder / "paper.md").write_text("[@a] " * 20_000, "utf-8")
    command = [sys.executable, SCRIPT, "paper.md", "--bibliography", "refs.bib"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as process:
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
        assert process.wait(timeout=60) == 1
    assert "Traceback" not in said and "Broken" not in said


@pytest.mark.parametrize("cache", ["/dev/null", "/proc/no-such-folder", "a\0b".replace("\0", "\udcff"), "file"])
def test_a_cache_that_cannot_be_written(cache, folder, capsys, monkeypatch):
    (folder / "file").write_text("kata", "utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", cache)
    for _ in range(2):
        assert run(capsys, "paper.md", "--bibliography", "refs.bib") == (0, "", "nothing found\n")


def test_a_remembered_answer_that_is_broken(folder, capsys):
    expected = run(capsys, "paper.md", "--bibliography", "refs.bib")
    [answer] = (folder / "cache" / "pustaka-checks").iterdir()
    for broken in (b"", b"[", b"\xff", b'["", ""]', b"5", b"{}"):
        answer.write_bytes(broken)
        assert run(capsys, "paper.md", "--bibliography", "refs.bib") == expected, broken


def test_several_at_once(folder):
    (folder / "paper.md").write_text("Kata [@sari2021].\n", "utf-8")
    with ThreadPoolExecutor(4) as pool:
        ended = list(pool.map(lambda _: run_apart("paper.md", "--bibliography", "refs.bib"), range(4)))
    assert len({(each.returncode, each.stdout, each.stderr) for each in ended}) == 1
    assert ended[0].returncode == 1
    assert [file.suffix for file in (folder / "cache" / "pustaka-checks").iterdir()] == [""]
