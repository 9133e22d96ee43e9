"""A study is begun from what a person has: every input form, what is asked and what is listed, nothing twice, all or nothing, and the whole way."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest
from conftest import ROOT, build, build_well, copy_project, expect_none, tree
from green import green_site
from test_online import Server, json_answer

import new_study
from pustaka import fix, load, online
from pustaka.intake import Unreadable, csl, reading
from pustaka.intake import registered as registry
from pustaka.intake.wording import latex
from pustaka.new_study import menu
from pustaka.new_study.entry import placed, written
from pustaka.rules import check, may_be_previewed
from pustaka.suppress import PROMPT

SAID = ("--licence", "CC-BY-4.0", "--keywords", "id=kebun; desa", "--keywords", "en=garden; village", "--day", "2026-01-01")

RIS = """TY  - JOUR
TI  - Community garden in <i>Java</i> &amp; Bali: a study
AU  - Sari, Dewi
AU  - Suwarno
AU  - van der Berg, Jan
T2  - Jurnal Contoh
PY  - 2020
DA  - 2020/05/01
VL  - 3
IS  - 1
SP  - 131
EP  - 9
DO  - https://doi.org/10.5555/Kebun.3.1
UR  - https://contoh.example/x
LA  - en
KW  - garden
KW  - village
AB  - The people of a village work a garden together.
ER  -
"""

BIB = r"""@phdthesis{sari_kebun_2020,
  title = {{Kebun Bersama di Caf{\'e} Desa \& Kota}},
  author = {Sari, Dewi and {Badan Pusat Contoh}},
  year = 2020,
  month = may,
  school = {Universitas Contoh},
  abstract = {Warga sebuah desa mengolah kebun.},
  keywords = {kebun, desa},
  language = {id},
  file = {C:\Users\dewi\kebun.pdf},
}
"""

CSL = {
    "id": "http://zotero.org/users/1/items/ABC",
    "type": "thesis",
    "title": "Kebun bersama di desa <i>Oryza</i>",
    "author": [{"family": "Sukarno", "given": "Sukarno"}, {"literal": "Badan Pusat Contoh"}],
    "genre": "Skripsi",
    "publisher": "Universitas Contoh",
    "issued": {"date-parts": [["2020", 5]]},
    "language": "id-ID",
    "keyword": "kebun; desa",
    "note": "Place: Bandung\nDOI: 10.5555/Kebun",
}

CROSSREF = {
    "DOI": "10.5555/kebun",
    "type": "journal-article",
    "title": ["Kebun bersama &amp; pasar desa"],
    "author": [{"family": "Sari", "given": "Dewi", "ORCID": "http://orcid.org/0000-0002-1825-0097"}, {"name": "Badan Pusat Contoh"}],
    "issued": {"date-parts": [[2020, 5, 1]]},
    "container-title": ["Jurnal Contoh"],
    "volume": "14",
    "issue": "2",
    "page": "131-141",
    "ISSN": ["1234-5679"],
    "language": "id",
    "license": [
        {"URL": "https://contoh.example/tdm", "content-version": "tdm"},
        {"URL": "https://creativecommons.org/licenses/by/4.0", "content-version": "vor"},
    ],
    "abstract": "<jats:p>Warga sebuah desa mengolah kebun bersama.</jats:p>",
}


# -- A small project -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The green site, with what a new study begins with."""
    root = green_site(tmp_path / "small")
    shutil.rmtree(root / "site")
    shutil.copytree(ROOT / "bibliography" / "outline", root / "bibliography" / "outline")
    settings = root / "mkdocs.yml"
    settings.write_text(settings.read_text("utf-8") + "  menu:\n    - studies/contoh\n    - bibliography   # works\n", "utf-8")
    return root


def run(root: Path, *arguments: object) -> int:
    return new_study.main(["--root", str(root), *map(str, arguments)])


def file(root: Path, name: str, content: str | bytes) -> Path:
    path = root.parent / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def entry_of(root: Path, key: str) -> dict[str, str]:
    site, faults = load.load(root)
    expect_none(map(str, faults))
    return dict(site.entry[key].fields)


def codes(root: Path) -> set[str]:
    site, faults = load.load(root)
    expect_none(map(str, faults))
    return {finding.code for finding in check(site)}


# -- What is brought -----------------------------------------------------------------------------------------------------------


def test_from_ris(small):
    assert run(small, "--from", file(small, "x.ris", RIS), *SAID) == 0
    assert entry_of(small, "sari2020") == {
        "author": "Sari, Dewi and Suwarno and van der Berg, Jan",
        "title": r"Community garden in {\emph{Java}} \& {Bali}: a study",
        "journaltitle": "Jurnal Contoh",
        "volume": "3",
        "number": "1",
        "pages": "131--139",
        "date": "2020-05-01",
        "doi": "10.5555/Kebun.3.1",
        "options": "useprefix=true",
        "langid": "english",
        "keywords": "sari-2020",
    }
    assert codes(small) == {"P216"}


def test_from_ris_of_pure(small):
    """Its titles go on in T2, where others have the journal."""
    text = RIS.replace("TI  - ", "T1  - ").replace("T2  - Jurnal Contoh", "T2  - a tale\nJO  - Jurnal Contoh\nJF  - Jurnal Contoh")
    assert run(small, "--from", file(small, "x.ris", text), *SAID) == 0
    fields = entry_of(small, "sari2020")
    assert fields["title"].endswith(": a study: a tale") and fields["journaltitle"] == "Jurnal Contoh"


def test_from_bibtex(small):
    assert run(small, "--from", file(small, "x.bib", BIB), "--licence", "none", "--keywords", "en=garden") == 0
    assert entry_of(small, "sari2020") == {
        "author": "Sari, Dewi and {Badan Pusat Contoh}",
        "title": r"Kebun Bersama di Café Desa \& Kota",
        "type": "phdthesis",
        "institution": "Universitas Contoh",
        "date": "2020-05",
        "langid": "indonesian",
        "keywords": "sari-2020",
    }
    record = (small / "bibliography/studies/sari-2020.yml").read_text("utf-8")
    assert "basis: abstract" in record and "id: [kebun, desa]" in record and "id: Sari dan Badan Pusat Contoh (2020)" in record
    assert "/// note | From the abstract alone" in (small / "docs/en/studies/sari-2020/method.md").read_text("utf-8")
    assert codes(small) == {"P216"}


@pytest.mark.parametrize("packed", [lambda item: item, lambda item: [item], lambda item: {"items": [item]}])
def test_from_csl_json(small, packed):
    assert run(small, "--from", file(small, "x.json", json.dumps(packed(CSL))), "--licence", "none", "--keywords", "en=garden") == 0
    assert entry_of(small, "sukarno2020") == {
        "author": "Sukarno and {Badan Pusat Contoh}",
        "title": r"Kebun bersama di desa \emph{Oryza}",
        "type": "bathesis",
        "institution": "Universitas Contoh",
        "location": "Bandung",
        "date": "2020-05",
        "doi": "10.5555/Kebun",
        "langid": "indonesian",
        "keywords": "sukarno-2020",
    }
    assert codes(small) == {"P216"}


def test_from_an_abstract_alone(small):
    text = (
        "Kebun Bersama di Desa\n\nAbstrak\n\nWarga sebuah desa mengolah kebun bersama, dan hasilnya dibagi untuk semua.\n\nKata kunci: kebun, desa.\n"
    )
    said = ("--licence", "none", "--keywords", "en=garden", "--author", "Sari, Dewi", "--date", "2020", "--set", "journaltitle=Jurnal Contoh")
    assert run(small, "--abstract", file(small, "x.txt", text), *said) == 0
    assert entry_of(small, "sari2020")["title"] == "Kebun Bersama di Desa"
    record = (small / "bibliography/studies/sari-2020.yml").read_text("utf-8")
    assert "basis: abstract" in record and "id: [kebun, desa]" in record and "Abstrak: Abstrak" in record
    assert codes(small) == {"P216"}


def test_from_nothing_but_options(small):
    said = ("--author", "{Badan Pusat Contoh}", "--date", "2021", "--title", "Laporan: Kebun & Pasar", "--type", "report", "--language", "id")
    assert run(small, "kebun", "--set", "institution=Badan Pusat Contoh", "--set", "type=", *said, *SAID, "--menu", "no", "--code", "bp") == 0
    assert entry_of(small, "badanpusatcontoh2021")["title"] == r"Laporan: Kebun \& Pasar"
    errata = (small / "bibliography/errata.yml").read_text("utf-8")
    assert re.search(r"- key: badanpusatcontoh2021\n  field: type\n  kind: missing\n", errata)
    assert "studies/kebun" not in (small / "mkdocs.yml").read_text("utf-8")
    assert codes(small) == {"P216"}


@pytest.fixture
def web(monkeypatch):
    """A server in the place of Crossref and doi.org."""
    server = Server()
    settings = online.Settings

    def local(contact: str = "") -> online.Settings:
        return settings(contact, None, server.base, server.base + "/doi", gap=0, registry_gap=0, timeout=0.3, attempts=1, backoff=0)

    monkeypatch.setattr(online, "Settings", local)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    yield server
    server.close()


def test_from_a_doi(small, web):
    web.on("/works/10.5555%2Fkebun", json_answer({"message": CROSSREF}))
    assert run(small, "--doi", "https://doi.org/10.5555/kebun", "--set", "keywords=", "--keywords", "id=kebun", "--keywords", "en=garden") == 0
    fields = entry_of(small, "sari2020")
    assert (fields["title"], fields["pages"], fields["doi"]) == (r"Kebun bersama \& pasar desa", "131--141", "10.5555/kebun")
    record = (small / "bibliography/studies/sari-2020.yml").read_text("utf-8")
    assert "licence: CC-BY-4.0" in record and "basis: full-text" in record and '"Sari, Dewi": 0000-0002-1825-0097' in record
    assert codes(small) == {"P216"}


def test_from_a_doi_of_datacite(small, web):
    item = {
        "type": "dataset",
        "title": "Data kebun bersama di desa",
        "publisher": "Zenodo",
        "author": CSL["author"],
        "issued": CSL["issued"],
        "language": "id",
    }
    web.on("/doi/10.5555%2Fdata", (200, {"Content-Type": "application/vnd.citationstyles.csl+json"}, json.dumps(item).encode()))
    assert run(small, "--doi", "10.5555/data", *SAID) == 0
    assert entry_of(small, "sukarno2020")["doi"] == "10.5555/data"
    assert codes(small) == {"P216"}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((404, {}, b""), "is registered nowhere: look for a slip in it"),
        ((200, {"Content-Type": "text/html"}, b"<html>"), "sent a record that cannot be read"),
        ((200, {"Content-Type": "application/json"}, b"[1"), "sent a record that cannot be read"),
        ((503, {}, b""), "answered with the error 503: run it again later"),
        (lambda handler: time.sleep(1), "did not answer in time: run it again later"),
    ],
)
def test_a_registry_that_does_not_answer(small, web, answer, said, capsys):
    web.on("*", answer)
    before = tree(small)
    assert run(small, "--doi", "10.5555/kebun", *SAID) == 2
    assert said in capsys.readouterr().err and tree(small) == before


def test_what_is_no_doi_is_not_asked_for(small, web, capsys):
    assert run(small, "--doi", "kebun") == 2
    assert "“kebun” is no DOI" in capsys.readouterr().err and not web.asked


def test_nothing_is_asked_online_without_a_doi(small, monkeypatch):
    monkeypatch.setattr(socket, "create_connection", lambda *arguments, **options: pytest.fail("the network was used"))
    assert run(small, "--from", file(small, "x.ris", RIS), *SAID) == 0


# -- Hostile input -------------------------------------------------------------------------------------------------------------

MANY = "".join(
    f"@book{{b{number}, author = {{Sari, Dewi}}, title = {{Kebun {number}}}, date = 2020, langid = {{indonesian}}}}\n" for number in range(500)
)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.bib", "", "is empty"),
        ("x.bib", "\ufeff\n", "is empty"),
        ("x.bib", "@book{a, title = {Kebun", "it never ends"),
        ("x.bib", "% nothing\n", "is no .bib, RIS or CSL-JSON"),
        ("x.bib", MANY, "holds 500 works: say which with --entry: b0, b1, b2"),
        ("x.bib", "@book{a, title = {Kéb}}".encode("latin-1"), "is not UTF-8: save the file as UTF-8"),
        ("x.json", "{", "is no valid JSON"),
        ("x.json", "[" * 100_000, "is nested too deeply"),
        ("x.json", "[]", "holds no work"),
        ("x.json", '{"kebun": 1}', "this is no CSL-JSON"),
        ("x.json", "[1, 2]", "this is no CSL-JSON"),
        ("x.json", '{"type": "personal_communication", "title": "Surat"}', "no reader can look up"),
        ("x.ris", RIS + RIS.replace("Sari", "Putra"), "holds 2 works: say which with --entry"),
        ("x.pdf", b"%PDF-1.7\n\xff\xfe", "is not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_used(small, name, content, said, capsys):
    path, before = file(small, name, content), tree(small)
    assert run(small, "--from", path, *SAID) == 2
    told = capsys.readouterr().err
    assert said in told and "nothing was written" in told and tree(small) == before


def test_a_file_that_is_not_there(small, capsys):
    assert run(small, "--from", small / "none.bib") == 2
    assert "No such file" in capsys.readouterr().err


def test_one_of_many(small):
    assert run(small, "--from", file(small, "x.bib", MANY), "--entry", "b77", *SAID) == 0
    assert entry_of(small, "sari2020")["title"] == "Kebun 77"


@pytest.mark.parametrize("encoded", [b"\xef\xbb\xbf" + RIS.encode(), RIS.replace("\n", "\r\n").encode(), RIS.replace("\n", "\r").encode()])
def test_marks_and_line_ends_of_other_systems(small, encoded):
    assert run(small, "--from", file(small, "x.ris", encoded), *SAID) == 0
    assert codes(small) == {"P216"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("Kebun Bersama",), "SLUG: “Kebun Bersama” must be small letters"),
        (("../kebun",), "SLUG: “../kebun” must be small letters"),
        (("contoh",), "there is a study “contoh” already, of another work"),
        (("--code", "kb"), "--code: the code “kb” is that of another study"),
        (("--code", "1a"), "--code: “1a” must be a small letter"),
        (("--licence", "CC-BY-9.0"), "--licence: the licence “CC-BY-9.0” is not in bibliography/terms.yml"),
        (("--licence", "CC-BY-NC-4.0"), "must not be published under CC-BY-SA-4.0"),
        (("--basis", "rumour"), "--basis: “rumour” must be one of: full-text, abstract"),
        (("--key", "contoh2020"), "--key: the key “contoh2020” is that of another work"),
        (("--key", "kebun{x"), "--key: “kebun{x” must be a letter"),
        (("--language", "klingon"), "--language: “klingon” is no language"),
        (("--short", "id=" + "x" * 61), "must have 1 to 60 letters"),
        (("--title", "KEBUN BERSAMA DI TEPI SUNGAI"), "is all in capitals"),
    ],
)
def test_what_is_said_wrongly(small, arguments, said, capsys):
    path, before = file(small, "x.ris", RIS), tree(small)
    assert run(small, "--from", path, *SAID, *arguments) == 2
    told = capsys.readouterr().err
    assert said in told and "Traceback" not in told and tree(small) == before


def test_a_project_with_faults_is_left_alone(small, capsys):
    bibliography = small / "bibliography/references.bib"
    bibliography.write_text(bibliography.read_text("utf-8") + "@book{broken,\n", "utf-8")
    before = tree(small)
    assert run(small, "--from", file(small, "x.ris", RIS), *SAID) == 2
    assert "F105" in capsys.readouterr().err and tree(small) == before


# -- What is asked, and what is listed -----------------------------------------------------------------------------------------


def test_without_a_terminal_everything_missing_is_listed(small, capsys):
    before = tree(small)
    assert run(small, "--no-input") == 2
    told = capsys.readouterr().err.splitlines()
    options = [line.partition(":")[0] for line in told[:-1]]
    assert options == [
        "--title",
        '--author "…"',
        '--set journaltitle="…"',
        "--date …",
        "--language",
        "--licence",
        '--keywords id="…; …"',
        '--keywords en="…; …"',
    ]
    assert told[-1] == "nothing was written: 8 things are missing or wrong, listed above" and tree(small) == before


def test_messages_in_indonesian(small, capsys):
    assert run(small, "--no-input", "--lang", "id") == 2
    assert "--title: judul" in capsys.readouterr().err


class Terminal(io.StringIO):
    """What a person types."""

    def isatty(self) -> bool:
        return True


def test_on_a_terminal_it_asks(small, monkeypatch, capsys):
    typed = [
        "",
        "Kebun di Tepi Sungai",
        "Sari, Dewi; Suwarno",
        "Jurnal Contoh",
        "kapan?",
        "2020",
        "id",
        "",
        "Kebun Bersama",
        "kebun",
        "apa",
        "CC BY 4.0",
    ]
    typed += ["", "", "", "kebun; desa", "", "garden", "", "Pendahuluan; Hasil", "maybe", "no"]
    monkeypatch.setattr("sys.stdin", Terminal("\n".join(typed) + "\n"))
    assert run(small) == 0
    told = capsys.readouterr().err
    for complaint in ("“kapan?” is no date", "“Kebun Bersama” must be small letters", "the licence “apa” is not in", "answer yes or no"):
        assert told.count(complaint) == 1
    assert "citation key [sari2020]: " in told and "short name for menus, in English [Sari and Suwarno (2020)]: " in told
    record = (small / "bibliography/studies/kebun.yml").read_text("utf-8")
    assert "licence: CC-BY-4.0" in record and "code: k\n" in re.sub(" +#.*", "", record) and "Hasil: Hasil" in record
    assert "studies/kebun" not in (small / "mkdocs.yml").read_text("utf-8") and codes(small) == {"P216"}


def test_the_answer_in_brackets_is_in_the_language_of_the_question(small, monkeypatch, capsys):
    given = ["--title", "Kebun di Tepi Sungai", "--author", "Sari, Dewi", "--date", "2020", "--set", "journaltitle=Jurnal Contoh", "--language", "id"]
    given += ["--licence", "CC-BY-4.0", "--basis", "abstract", "--keywords", "id=kebun", "--keywords", "en=garden", "--sections", "Abstrak"]
    monkeypatch.setattr("sys.stdin", Terminal("\n" * 12))
    assert run(small, *given, "--lang", "id") == 0
    assert "di menu utama (ya, tidak) [ya]: " in capsys.readouterr().err
    assert "studies/sari-2020" in (small / "mkdocs.yml").read_text("utf-8")


def test_answers_that_end_too_early_write_nothing(small, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", Terminal("article\n"))
    before = tree(small)
    assert run(small) == 2
    assert "the answers ended too early" in capsys.readouterr().err and tree(small) == before


# -- Nothing twice, all or nothing ---------------------------------------------------------------------------------------------


def test_running_it_again_changes_nothing(small, capsys):
    path = file(small, "x.ris", RIS)
    assert run(small, "--from", path, *SAID) == 0
    before = tree(small)
    for arguments in ((), ("sari-2020",), ("--no-input", "--licence", "none")):
        assert run(small, "--from", path, *arguments) == 0
    assert run(small, "sari-2020") == 0
    assert tree(small) == before and "sari-2020 is there already: nothing to add" in capsys.readouterr().out


def test_a_work_that_is_there_is_not_entered_again(small):
    item = CROSSREF | {"title": ["Kebun Bersama"], "DOI": "10.5555/KEBUN"}
    bibliography = small / "bibliography/references.bib"
    text = bibliography.read_text("utf-8")
    there = "\n@article{lama,\n  author = {Sari, Dewi},\n  title = {Lain},\n  journaltitle = {J},\n  date = {2020},\n  doi = {10.5555/kebun},\n"
    bibliography.write_text(text + there + "  langid = {indonesian},\n}\n", "utf-8")
    assert run(small, "--from", file(small, "x.json", json.dumps(item)), "kebun", *SAID) == 0
    after = bibliography.read_text("utf-8")
    assert after.count("10.5555") == text.count("10.5555") + 1 and "keywords = {kebun}" in after
    assert "entry: lama" in (small / "bibliography/studies/kebun.yml").read_text("utf-8")
    assert codes(small) == {"P216"}


def test_what_a_person_wrote_stays_and_what_is_missing_is_added(small):
    path = file(small, "x.ris", RIS)
    assert run(small, "--from", path, *SAID) == 0
    mine, gone = (small / f"docs/id/studies/sari-2020/{name}.md" for name in ("index", "method"))
    mine.write_text("---\ntitle: Milik saya\ndescription: Ditulis.\n---\n", "utf-8")
    expected = gone.read_text("utf-8")
    gone.unlink()
    assert run(small, "sari-2020", "--teaching") == 0
    assert "Milik saya" in mine.read_text("utf-8") and gone.read_text("utf-8") == expected
    assert (small / "docs/en/studies/sari-2020/slides.md").exists()
    assert "pages: [index, findings, method, references, teaching, slides]" in (small / "bibliography/studies/sari-2020.yml").read_text("utf-8")


@pytest.mark.parametrize("at", range(1, 12, 2))
def test_a_disk_that_fails_leaves_all_as_it_was(small, monkeypatch, capsys, at):
    replaced, real = [], os.replace

    def failing(source, target):
        replaced.append(target)
        if len(replaced) == at:
            raise OSError(28, "No space left on device", str(target))
        real(source, target)

    path, before = file(small, "x.ris", RIS), tree(small)
    folders = sorted(small.rglob("*"))
    monkeypatch.setattr(fix.os, "replace", failing)
    assert run(small, "--from", path, *SAID) == 2
    assert "cannot be written: No space left on device" in capsys.readouterr().err
    assert tree(small) == before and sorted(small.rglob("*")) == folders


def test_a_dry_run_shows_and_writes_nothing(small, capsys):
    before = tree(small)
    assert run(small, "--from", file(small, "x.ris", RIS), *SAID, "--dry-run") == 0
    shown = capsys.readouterr().out
    assert "+@article{sari2020," in shown and "+    - studies/sari-2020" in shown and tree(small) == before


def test_every_other_byte_stays(small):
    before = {path: (small / path).read_text("utf-8") for path in ("bibliography/references.bib", "mkdocs.yml")}
    assert run(small, "--from", file(small, "x.ris", RIS), *SAID) == 0
    for path, text in before.items():
        after = (small / path).read_text("utf-8")
        removed = [line for line in fix.diff(path, text, after).splitlines()[2:] if line.startswith("-")]
        assert removed == [] and after != text
    entries = re.findall(r"^@\w+\{([^,]+),", (small / "bibliography/references.bib").read_text("utf-8"), re.MULTILINE)
    assert entries == sorted(entries)


# -- The parts -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ({"family": "Sari", "given": "Dewi"}, "Sari, Dewi"),
        ({"family": "Suwarno"}, "Suwarno"),
        ({"literal": "Suwarno"}, "Suwarno"),
        ({"family": "Sukarno", "given": "Sukarno"}, "Sukarno"),
        ({"family": "Sukarno", "given": "-"}, "Sukarno"),
        ({"given": "Sukarno", "family": ""}, "Sukarno"),
        ({"family": "Berg", "given": "Jan", "non-dropping-particle": "van der"}, "van der Berg, Jan"),
        ({"family": "King", "given": "Martin", "suffix": "Jr."}, "King, Jr., Martin"),
        ({"family": "Sari, S.E., M.M.", "given": "Dewi"}, "Sari, Dewi"),
        ({"family": "SARI", "given": "DEWI AYU"}, "Sari, Dewi Ayu"),
        ({"family": "LIPI", "given": "A."}, "Lipi, A."),
        ({"literal": "UNICEF"}, "{UNICEF}"),
        ({"name": "Badan Pusat Statistik"}, "{Badan Pusat Statistik}"),
        ({"family": "Kementerian Desa & Kota"}, r"{Kementerian Desa \& Kota}"),
        ({}, ""),
    ],
)
def test_names(name, expected):
    assert csl.name(name) == expected


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ({"date-parts": [[2020]]}, "2020"),
        ({"date-parts": [["2020", "5", "1"]]}, "2020-05-01"),
        ({"date-parts": [[2019], [2020]]}, "2019/2020"),
        ({"date-parts": [[2020]], "circa": True}, "2020~"),
        ({"raw": "2020-05-01"}, "2020-05-01"),
        ({"raw": "2020/05/01/"}, "2020-05-01"),
        ({"literal": "Mei 2020"}, "2020"),
        ({"literal": "ca. 2020"}, "2020~"),
        ({"raw": "12/05/2020"}, "2020"),
        ({"raw": "2019–2020"}, "2019/2020"),
        ({"date-parts": [[None]]}, ""),
        ({}, ""),
        ("kebun", ""),
    ],
)
def test_dates(date, expected):
    assert csl.date(date) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("11-20", "11--20"), ("11–20", "11--20"), ("131-9", "131--139"), ("hlm. 5", "5"), ("e12", "e12"), ("1-3, 7", "1--3, 7"), ("7-7", "7"), ("", "")],
)
def test_pages(text, expected):
    assert csl.pages(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<i>Oryza</i> & padi 5%", r"\emph{Oryza} \& padi 5\%"),
        ("H<sub>2</sub>O", r"H\textsubscript{2}O"),
        ("Sawah &amp;amp; ladang", r"Sawah \& ladang"),
        ("<jats:italic>Oryza</jats:italic>", r"\emph{Oryza}"),
        ('<span class="nocase">COVID</span>', "{COVID}"),
        ("a < b <i>c", "a < b c"),
        ("so\u00adil\u200b", "soil"),
        ("kafe\u0301", "kafé"),
        (None, ""),
    ],
)
def test_words(text, expected):
    assert latex(text) == expected


@pytest.mark.parametrize(
    ("kind", "more", "expected"),
    [
        ("article-journal", {"container-title": "J"}, "article"),
        ("book", {}, "book"),
        ("chapter", {"container-title": "B"}, "inbook"),
        ("chapter", {"container-title": "B", "editor": [{"family": "Putra"}]}, "incollection"),
        ("paper-conference", {"container-title": "P"}, "inproceedings"),
        ("paper-conference", {"event-title": "P"}, "unpublished"),
        ("thesis", {"genre": "Tesis"}, "thesis"),
        ("report", {"publisher": "X"}, "report"),
        ("webpage", {"URL": "https://contoh.example"}, "online"),
        ("article", {"DOI": "10.5555/x"}, "online"),
        ("dataset", {}, "dataset"),
        ("song", {}, "misc"),
    ],
)
def test_types(kind, more, expected):
    assert csl.described({"type": kind, "title": "Kebun", **more}).type == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Village gardens of Bali: A study of COVID-19", "Village gardens of {Bali}: A study of {COVID-19}"),
        ("Village gardens of \\emph{Bali}", "Village gardens of {\\emph{Bali}}"),
        ("Gardens of West Java and the Javanese Kitchen", "Gardens of {West Java} and the {Javanese} Kitchen"),
        ("The Digital Society Index of Indonesia", "The Digital Society Index of {Indonesia}"),
        ("Indonesia", "Indonesia"),
    ],
)
def test_capitals_that_mean_something_are_kept(title, expected):
    assert csl.protected(title, "en") == expected and csl.protected(title, "id") == title


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://creativecommons.org/licenses/by-nc-nd/4.0/", "CC-BY-NC-ND-4.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("CC BY-SA 4.0", "CC-BY-SA-4.0"),
        ("https://contoh.example/terms", ""),
    ],
)
def test_licences(address, expected):
    assert registry.licence_of({"license": [{"URL": address}]}) == expected


def test_a_better_bibtex_entry_with_crossref():
    text = "@inproceedings{a, author={Sari}, title={Kebun}, crossref={p}}\n@proceedings{p, title={Prosiding}, date={2020}, publisher={X}}\n"
    work = reading.chosen(reading.works("x.bib", text), "a", "x.bib")
    assert work.fields["booktitle"] == "Prosiding" and work.fields["date"] == "2020"
    with pytest.raises(Unreadable, match="has no work “b”; it has: a, p"):
        reading.chosen(reading.works("x.bib", text), "b", "x.bib")


@pytest.mark.parametrize(
    ("before", "key", "after"),
    [
        ("", "b", "% Every work that the site cites, once, sorted by key.\n\nNEW\n"),
        ("% words\n", "b", "% words\n\nNEW\n"),
        ("@misc{a,\n}\n", "b", "@misc{a,\n}\n\nNEW\n"),
        ("@misc{a,\n}", "b", "@misc{a,\n}\n\nNEW\n"),
        ("% words\n\n% of c\n@misc{c,\n}\n", "b", "% words\n\nNEW\n\n% of c\n@misc{c,\n}\n"),
        ("@misc{a,\r\n}\r\n\r\n@misc{c,\r\n}\r\n", "b", "@misc{a,\r\n}\r\n\r\nNEW\r\n\r\n@misc{c,\r\n}\r\n"),
    ],
)
def test_the_place_of_an_entry(before, key, after):
    assert placed(before, "NEW\n", key, "x.bib") == after


def test_an_entry_is_written_in_order():
    assert written("a", "misc", {"keywords": "x", "title": "T", "zzz": "1", "author": "A", "langid": "english"}) == (
        "@misc{a,\n  author   = {A},\n  title    = {T},\n  zzz      = {1},\n  langid   = {english},\n  keywords = {x},\n}\n"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("extra:\n  menu:\n    - about\n", "extra:\n  menu:\n    - studies/x\n    - about\n"),
        (
            "extra:\n  menu:   # words\n    - studies/a  # words\n    - about\n",
            "extra:\n  menu:   # words\n    - studies/a  # words\n    - studies/x\n    - about\n",
        ),
        ("extra:\n  menu: []\n", "extra:\n  menu: [studies/x]\n"),
        ("extra:\n  menu: [studies/a, about]\n", "extra:\n  menu: [studies/a, studies/x, about]\n"),
        ("extra:\n  menu:\n    - studies/x\n", "extra:\n  menu:\n    - studies/x\n"),
        ("extra:\n  menu:\n", "extra:\n  menu:\n    - studies/x\n"),
        ("site_name: x\n", None),
    ],
)
def test_the_menu(before, after):
    assert menu.with_page(before, "studies/x") == after


def test_the_outline_has_the_same_headings_in_every_language():
    pages, words = load.outline(ROOT)
    ids: dict[str, dict[str, list[str]]] = {}
    for path, text in pages.items():
        language, _, name = path.partition("/")
        ids.setdefault(name, {})[language] = re.findall(r"^(#+) .*(\{#[\w-]+\})$|^(///)", text, re.MULTILINE)
    for name, by_language in ids.items():
        first, *others = by_language.values()
        assert others and all(other == first for other in others), name
    languages = {path.partition("/")[0] for path in pages}
    assert all(set(word) == languages for word in words.values())


# -- Other sites ---------------------------------------------------------------------------------------------------------------


def test_on_a_site_that_has_no_study_yet(small):
    shutil.rmtree(small / "bibliography/studies")
    shutil.rmtree(small / "bibliography/editions")
    for language in ("id", "en"):
        shutil.rmtree(small / "docs" / language / "studies")
    (small / "bibliography/references.bib").write_text("", "utf-8")
    (small / "bibliography/errata.yml").unlink()
    assert run(small, "--from", file(small, "x.ris", RIS), *SAID) == 0
    site, faults = load.load(small)
    assert not faults and [study.slug for study in site.studies] == ["sari-2020"]


def test_in_a_third_language(small):
    terms = small / "bibliography/terms.yml"
    text = terms.read_text("utf-8")
    column = "  jv: {name: Basa Jawa, short: JV, csl: id-ID, cldr: jv, og: jv_ID, ending: e}\n"
    text = text.replace("languages:\n", f"languages:\n{column}", 1)
    terms.write_text(text.replace("    id: [bag., bagian]\n", "    id: [bag., bagian]\n    jv: [péranganing]\n", 1), "utf-8")
    assert run(small, "--from", file(small, "x.ris", RIS), *SAID, "--keywords", "jv=kebon") == 0
    page = (small / "docs/jv/studies/sari-2020/findings.md").read_text("utf-8")
    assert "# pustaka: write: the language of this page is “jv”" in page and "{#first-finding}" in page
    record = (small / "bibliography/studies/sari-2020.yml").read_text("utf-8")
    assert "jv: [kebon]" in record and "jv: Edisi pertama." in record


# -- The whole way -------------------------------------------------------------------------------------------------------------


def write_all_that_is_asked(root: Path, slug: str, key: str, section: str) -> None:
    """Answer every prompt of a study with a sentence that cites it."""
    labels = {"id": "bag.", "en": "sec."}
    said = {
        "id": "Warga sebuah desa mengolah kebun bersama, dan hasilnya dibagi untuk semua",
        "en": "The people of a village work a garden together, and what it yields is shared by all",
    }
    for language, words in said.items():
        cited = f"{words} [@{key}, {labels[language]} {section}]."
        for page in (root / f"docs/{language}/studies/{slug}").glob("*.md"):
            text = re.sub(r"^# pustaka: .*\n", "", page.read_text("utf-8"), flags=re.MULTILINE)
            text = re.sub(r"(\{#quiz\}\n\n)<!--.*?-->", rf"\1/// question | Apa?\n- [ ] A\n- [x] B\n- [ ] C\n\n{cited}\n///", text)
            told = f"/// finding\n{cited}\n///" if page.stem == "findings" else cited
            page.write_text(re.sub(r"<!-- pustaka: write.*?-->", lambda match, told=told: told, text), "utf-8")
    record = root / f"bibliography/studies/{slug}.yml"
    text = re.sub(r"# findings:.*\n#   1: .*\n", "findings:\n  1: findings#first-finding\n", record.read_text("utf-8"))
    record.write_text(text, "utf-8")


def test_a_new_study_from_the_first_command_to_the_built_site(tmp_path):
    root = copy_project(tmp_path / "project")
    assert run(root, "--from", file(root, "x.ris", RIS), *SAID, "--teaching") == 0
    site, faults = load.load(root)
    expect_none(map(str, faults))
    findings = check(site)
    assert {finding.code for finding in findings} == {"P216"} and may_be_previewed(findings)
    prompts = sum(text.count("pustaka: write") for path in (root / "docs").rglob("*.md") for text in [path.read_text("utf-8")])
    assert len(findings) == prompts  # one for each, and nothing that follows from it
    assert all(re.match(r"docs/\w+/studies/sari-2020/\w+\.md:\d+:1: P216 ", str(finding)) for finding in findings)

    code, said = build(root)
    assert code and f"Nothing was built: {len(findings)} to mend" in said
    assert "pustaka: write" not in preview(root, "id/studies/sari-2020/")

    write_all_that_is_asked(root, "sari-2020", "sari2020", "Abstract")
    expect_none(map(str, check(load.load(root)[0])))
    build_well(root)
    page = (root / "site/en/studies/sari-2020/index.html").read_text("utf-8")
    assert "Community garden in <em>Java</em>" in page and "van der Berg, J." in page
    check_how = [sys.executable, str(root / "scripts/check_how_to_cite.py"), "--site", str(root / "site"), "--ignore", "B614"]
    done = subprocess.run(check_how, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def preview(root: Path, address: str) -> str:
    """A page as `mkdocs serve` shows it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mkdocs", "serve", "--no-livereload", "-a", f"127.0.0.1:{port}"]
    environment = {name: value for name, value in os.environ.items() if name != "SITE_URL"} | {"NO_MKDOCS_2_WARNING": "1"}
    process = subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 240
        while time.monotonic() < end:
            assert process.poll() is None, "the preview ended"
            try:
                with urlopen(f"http://127.0.0.1:{port}/{address}", timeout=5) as answer:
                    return answer.read().decode()
            except OSError:
                time.sleep(0.25)
        pytest.fail("the preview never answered")
    finally:
        process.terminate()
        process.wait(20)


def test_what_a_prompt_is():
    assert PROMPT.match(" pustaka: write: what was found ")["what"].strip() == "what was found"
    assert not PROMPT.match(" pustaka: ignore P204, words") and not PROMPT.match(" pustaka: writes")
