"""The check commands: what they print, and how they end."""

from __future__ import annotations

import fcntl
import json
import os
import re
import socket
import struct
import subprocess
import sys
import termios
from datetime import date
from pathlib import Path

import pytest
from green import green_site, put

import check_citations
import check_how_to_cite
import check_translations
from pustaka import cache, online
from pustaka.model import say
from pustaka.registry import Record, Registry
from pustaka.rules import rules

ROOT = Path(__file__).parents[1]

COMMANDS = [check_citations, check_how_to_cite, check_translations]
each_command = pytest.mark.parametrize("command", COMMANDS, ids=lambda module: module.__name__)


@pytest.fixture
def green(tmp_path):
    return green_site(tmp_path)


@each_command
def test_nothing_found(command, green, capsys):
    assert command.main(["--root", str(green)]) == 0
    assert capsys.readouterr() == ("", "nothing found\n")


@pytest.mark.parametrize(
    "command, path, text, code",
    [
        (check_citations, "docs/id/index.md", "Kata @suharto2050.\n", "P201"),
        (check_how_to_cite, "bibliography/studies/contoh.yml", "entry: contoh2021\n", "S501"),
        (check_how_to_cite, "site/en/studies/contoh/index.html", "", "B601"),
    ],
)
def test_found(command, path, text, code, green, capsys):
    put(green, path, text)
    assert command.main(["--root", str(green)]) == 1
    printed = capsys.readouterr()
    assert code in {line.split()[1] for line in printed.out.splitlines()}
    assert printed.err == f"{len(printed.out.splitlines())} to mend\n"


@each_command
def test_input_that_cannot_be_read(command, green, capsys):
    (green / "bibliography" / "references.bib").write_text("@book{a, title = {b\n", "utf-8")
    assert command.main(["--root", str(green)]) == 2
    printed = capsys.readouterr()
    assert "bibliography/references.bib:" in printed.out
    assert " F105 " in printed.out
    assert printed.err.startswith("could not check: 1 of the above could not be read")


@each_command
def test_no_project(command, tmp_path, capsys):
    (tmp_path / "site").mkdir()
    assert command.main(["--root", str(tmp_path)]) == 2
    assert "F101 there is no project here: name papers to check, or the project's folder with --root" in capsys.readouterr().out


def test_site_is_not_built(green, capsys):
    assert check_how_to_cite.main(["--root", str(green), "--site", str(green / "elsewhere")]) == 2
    assert capsys.readouterr().err == f"could not check: there is no built site in {green / 'elsewhere'}; run `make site` first\n"


def test_page_is_not_built(green, capsys):
    (green / "site/id/studies/contoh/index.html").unlink()
    assert check_how_to_cite.main(["--root", str(green)]) == 1
    assert "the built site has no page id/studies/contoh/: build the site anew" in capsys.readouterr().out


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.code)
def test_explain(rule, capsys):
    assert check_citations.main(["--explain", rule.code, "--lang", "en"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"{rule.code}: {rule.summary}\n")
    assert "\nWrong (" in printed and "\nRight (" in printed


def test_explain_a_fault_of_a_file(capsys):
    assert check_how_to_cite.main(["--explain", "f102"]) == 0
    assert capsys.readouterr().out == "F102: A file is not saved as UTF-8.\n"


def test_explain_an_unknown_code(capsys):
    with pytest.raises(SystemExit) as stop:
        check_citations.main(["--explain", "P999"])
    assert stop.value.code == 2
    assert "there is no rule “P999”; there are B601–B614, E301–E339, F101–F108" in capsys.readouterr().err


def test_run_as_a_script_from_elsewhere(green, tmp_path):
    put(green, "docs/id/index.md", "Kata @suharto2050.\n")
    script = Path(check_citations.__file__)
    ended = subprocess.run([sys.executable, script, "--root", green], cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert ended.returncode == 1
    assert "docs/id/index.md:6:6: P201 “@suharto2050” is not in the bibliography: did you mean “@suharto2005”?\n" in ended.stdout


# -- Papers from anywhere ------------------------------------------------------------------------------------------

BIB = """\
@article{sari2020,
  author       = {Sari, Dewi and Putra, Agus},
  title        = {Kebun Bersama di Desa Contoh},
  journaltitle = {Jurnal Contoh},
  date         = {2020},
  pages        = {11-20},
  doi          = {https://doi.org/10.5555/contoh.3.1},
  langid       = {indonesian},
}
"""
PAPER = "---\nlang: id\n---\n\nWarga menanam [@sari2020, hlm. 12] dan memanen [@sary2020].\n"


@pytest.fixture
def paper(tmp_path, monkeypatch):
    """A folder with a paper and its bibliography, from which the command is run."""
    monkeypatch.chdir(tmp_path)
    Path("refs.bib").write_text(BIB, "utf-8")
    Path("paper.md").write_text(PAPER, "utf-8")
    return tmp_path


def run(*arguments: str) -> int:
    return check_citations.main([*arguments, "--bibliography", "refs.bib"] if "--manuscript" not in arguments else list(arguments))


def test_a_paper_and_its_bibliography(paper, capsys):
    assert run("paper.md") == 1
    printed = capsys.readouterr()
    assert printed.out.splitlines() == [
        "paper.md:5:49: P201 “@sary2020” is not in the bibliography: did you mean “@sari2020”?",
        "refs.bib:6:3: E308 pages “11-20” must be joined by two hyphens: write “11--20”",
        "refs.bib:7:3: E311 “https://doi.org/10.5555/contoh.3.1” must be a bare DOI: write “10.5555/contoh.3.1”",
    ]
    assert printed.err == "3 to mend, 2 of them by --fix (see them with --diff)\n"


def test_the_bibliography_that_the_front_matter_names(paper, capsys):
    Path("paper.md").write_text(PAPER.replace("lang: id", "bibliography: refs.bib"), "utf-8")
    assert check_citations.main(["paper.md", "--select", "P"]) == 1
    assert "P201 “@sary2020”" in capsys.readouterr().out


def test_no_bibliography_at_all(paper, capsys):
    assert check_citations.main(["paper.md"]) == 2
    assert "F101 no bibliography is named: add --bibliography FILE.bib" in capsys.readouterr().out


def test_a_folder_of_papers(paper, capsys):
    Path("chapters").mkdir()
    Path("chapters/one.qmd").write_text("Kata [@tidak-ada].\n", "utf-8")
    Path("chapters/two.Rmd").write_text("```{r}\nx@tidak\n```\n", "utf-8")
    Path("chapters/three.txt").write_text("[@tidak-ada]\n", "utf-8")
    assert run("chapters", "--select", "P") == 1
    assert [line.split(": ")[0] for line in capsys.readouterr().out.splitlines()] == ["chapters/one.qmd:1:7"]


def test_a_key_in_one_file_and_again_in_another(paper, capsys):
    Path("more.bib").write_text(BIB.replace("sari2020", "Sari2020"), "utf-8")
    check_citations.main(["paper.md", "--bibliography", "refs.bib", "--bibliography", "more.bib", "--select", "E303"])
    assert "more.bib:1:1: E303 the key “Sari2020” is already used as “sari2020” (refs.bib:1:1)" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["--manuscript", "a.md", "paper.md"], "--manuscript FILE is checked alone"),
        (["paper.md", "--write-bib", "new.bib"], "--write-bib needs --manuscript FILE"),
        (["paper.md", "--report-for", "contoh"], "--report-for needs --manuscript FILE"),
        (["--bibliography", "refs.bib"], "name the papers that cite from the bibliography"),
        (["--select", "P9"], "there is no rule “P9”; there are B601–B614, E301–E339, F101–F108"),
        (["--fix", "--diff"], "not allowed with argument"),
    ],
)
def test_options_that_do_not_go_together(arguments, said, paper, capsys):
    with pytest.raises(SystemExit) as stop:
        check_citations.main(arguments)
    assert stop.value.code == 2
    assert said in capsys.readouterr().err


# -- What is told, and how -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options, codes",
    [
        ([], ["P201", "E308", "E311"]),
        (["--select", "E"], ["E308", "E311"]),
        (["--select", "E308,P"], ["P201", "E308"]),
        (["--ignore", "E3"], ["P201"]),
        (["--select", "E", "--ignore", "e308"], ["E311"]),
        (["--select", "P", "--select", "E311"], ["P201", "E311"]),
    ],
)
def test_select_and_ignore(options, codes, paper, capsys):
    run("paper.md", *options)
    assert [line.split()[1] for line in capsys.readouterr().out.splitlines()] == codes


@pytest.mark.parametrize("options", [["--select", "P"], ["--ignore", "F,P"], []])
def test_what_cannot_be_read_is_told_whatever_is_selected(options, paper, capsys):
    Path("refs.bib").write_text("@book{a, title = {b}", "utf-8")
    assert run("paper.md", *options) == 2
    assert "refs.bib:1:1: F105 not valid BibLaTeX" in capsys.readouterr().out


@pytest.mark.parametrize("name, said", [("not-there.bib", "cannot be read: No such file"), ("refs.json", "is no .bib file: export the bibliography")])
def test_without_its_bibliography_no_key_is_called_unknown(name, said, paper, capsys):
    Path("refs.json").write_text("[]", "utf-8")
    assert check_citations.main(["paper.md", "--bibliography", name]) == 2
    assert capsys.readouterr().out.startswith(f"{name}:1:1: F101 {said}")


def test_a_file_that_is_named_twice_is_read_once(paper, capsys):
    run("paper.md", "./paper.md", "--select", "P")
    assert capsys.readouterr().out.count("\n") == 1


def test_folders_of_programs_are_not_entered(paper, capsys):
    for name in (".venv", "_book", "node_modules", "bab"):
        Path("buku", name).mkdir(parents=True)
        Path("buku", name, "satu.md").write_text("Kata [@tidak-ada].\n", "utf-8")
    run("buku", "--select", "P")
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == ["buku/bab/satu.md"]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp437"])
def test_a_terminal_that_does_not_know_our_marks(encoding, paper):
    command = [sys.executable, check_citations.__file__, "paper.md", "--bibliography", "refs.bib"]
    ended = subprocess.run(command, capture_output=True, env=os.environ | {"PYTHONIOENCODING": encoding})
    assert (ended.returncode, ended.stderr.count(b"Traceback")) == (1, 0)


@pytest.mark.parametrize("redirection, code", [(">&-", 1), ("> /dev/full", 2)])
def test_nowhere_to_write(redirection, code, paper):
    command = f"{sys.executable} {check_citations.__file__} paper.md --bibliography refs.bib {redirection}"
    ended = subprocess.run(command, shell=True, capture_output=True, encoding="utf-8")
    assert (ended.returncode, ended.stderr.count("Traceback")) == (code, 0)


def test_stopped_by_the_user(paper, capsys, monkeypatch):
    def interrupted(options):
        raise KeyboardInterrupt

    monkeypatch.setattr(check_citations, "_check", interrupted)
    assert run("paper.md") == 130
    assert capsys.readouterr().err == "stopped\n"


def test_messages_in_indonesian(paper, capsys):
    assert run("paper.md", "--lang", "id", "--select", "P201") == 1
    printed = capsys.readouterr()
    assert printed.out == "paper.md:5:49: P201 “@sary2020” tidak ada dalam daftar pustaka: apakah maksudnya “@sari2020”?\n"
    assert printed.err != "1 to mend\n"


def test_the_terminal_s_language(paper, capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "id_ID.UTF-8")
    run("paper.md", "--select", "P201")
    assert "tidak ada dalam daftar pustaka" in capsys.readouterr().out


def test_explain_in_indonesian(capsys):
    check_citations.main(["--explain", "p201", "--lang", "id"])
    assert capsys.readouterr().out.startswith("P201: Kutipan menyebut kunci yang tidak ada dalam daftar pustaka.\n")


def test_json(paper, capsys):
    run("paper.md", "--format", "json")
    first, *_ = json.loads(capsys.readouterr().out)
    assert first == {
        "code": "P201",
        "severity": "error",
        "path": "paper.md",
        "line": 5,
        "column": 49,
        "message": "“@sary2020” is not in the bibliography: did you mean “@sari2020”?",
        "key": "sary2020",
        "suggestion": "sari2020",
    }


def test_nothing_found_is_an_empty_list(green, capsys):
    assert check_citations.main(["--root", str(green), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_sarif_lists_the_rules(paper, capsys):
    run("paper.md", "--format", "sarif", "--lang", "id")
    [log] = json.loads(capsys.readouterr().out)["runs"]
    described = {rule["id"]: rule for rule in log["tool"]["driver"]["rules"]}
    assert [result["ruleId"] for result in log["results"]] == ["P201", "E308", "E311"]
    assert described["P201"]["helpUri"].endswith("/id/rules/p201/")


# -- Mending -------------------------------------------------------------------------------------------------------


def test_diff_shows_and_changes_nothing(paper, capsys):
    assert run("paper.md", "--diff") == 1
    out = capsys.readouterr().out
    changed = [line for line in out.splitlines() if line[0] in "+-" and line[:3] not in ("+++", "---")]
    assert changed == [
        "-  pages        = {11-20},",
        "-  doi          = {https://doi.org/10.5555/contoh.3.1},",
        "+  pages        = {11--20},",
        "+  doi          = {10.5555/contoh.3.1},",
    ]
    assert Path("refs.bib").read_text("utf-8") == BIB


def test_fix_changes_what_is_certain_and_nothing_else(paper, capsys):
    data = BIB.replace("\n", "\r\n").encode("utf-8-sig")
    Path("refs.bib").write_bytes(data)
    assert run("paper.md", "--fix") == 1
    assert Path("refs.bib").read_bytes() == data.replace(b"11-20", b"11--20").replace(b"https://doi.org/10", b"10")
    assert Path("paper.md").read_text("utf-8") == PAPER
    printed = capsys.readouterr()
    assert [line.split()[1] for line in printed.out.splitlines()] == ["P201"]
    assert printed.err == "files mended: 1\n1 to mend\n"


def test_a_mended_file_is_not_mended_again(paper, capsys):
    run("paper.md", "--fix")
    before = Path("refs.bib").read_bytes()
    capsys.readouterr()
    run("paper.md", "--fix")
    assert Path("refs.bib").read_bytes() == before
    assert capsys.readouterr().err == "files mended: 0\n1 to mend\n"


# -- Manuscripts ---------------------------------------------------------------------------------------------------

ARTICLE = """\
# Pendahuluan

Kebun bersama mempererat tetangga (Sari & Putri, 2021).

# Daftar Pustaka

Sari, D., & Putra, A. (2021). *Kebun bersama di kota*. Pustaka Contoh.
"""


def test_a_manuscript(paper, capsys):
    Path("artikel.md").write_text(ARTICLE, "utf-8")
    assert run("--manuscript", "artikel.md") == 1
    assert capsys.readouterr().out.startswith("artikel.md:3:36: M703 “Sari & Putri, 2021” disagrees with the reference list")


@pytest.mark.parametrize("name", ["artikel.doc", "artikel.pdf"])
def test_a_manuscript_of_a_kind_that_cannot_be_read(name, paper, capsys):
    Path(name).write_bytes(b"\xd0\xcf\x11\xe0")
    assert run("--manuscript", name) == 2
    assert f"{name}:1:1: F101 cannot be read as {Path(name).suffix}: save it as .docx" in capsys.readouterr().out


def test_a_manuscript_with_numbers_for_citations(paper, capsys):
    Path("artikel.md").write_text("Kebun bersama mempererat tetangga [1].\n", "utf-8")
    assert run("--manuscript", "artikel.md") == 2
    assert "artikel.md has no citation such as “(Sari, 2020)”" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["docx", "odt", "rtf", "html"])
def test_a_word_processor_s_file(kind, paper, capsys):
    import pypandoc

    Path("artikel.md").write_text(ARTICLE, "utf-8")
    pypandoc.convert_file("artikel.md", kind, outputfile=f"artikel.{kind}")
    assert run("--manuscript", f"artikel.{kind}") == 1
    assert re.match(rf"artikel.{kind}:\d+:\d+: M703 “Sari & Putri, 2021” disagrees", capsys.readouterr().out)


def test_a_draft_of_its_bibliography(paper, capsys):
    Path("artikel.md").write_text(ARTICLE, "utf-8")
    assert run("--manuscript", "artikel.md", "--write-bib", "draft.bib") == 1
    assert "@book{sari2021" in Path("draft.bib").read_text("utf-8")
    assert run("--manuscript", "artikel.md", "--write-bib", "draft.bib") == 2
    assert "draft.bib is there already: name another file for the draft" in capsys.readouterr().err


def test_the_report_on_a_study_s_own_citations(green, tmp_path, capsys):
    article = tmp_path / "sumber.md"
    article.write_text(ARTICLE.replace("Pendahuluan", "Hasil") + "\nWirawan. (2020, Juni 3). *Wawancara* [Komunikasi pribadi].\n", "utf-8")
    arguments = ["--root", str(green), "--manuscript", str(article), "--report-for", "contoh"]
    assert check_citations.main(arguments) == 1
    report = green / "bibliography/reports/contoh.yml"
    text = report.read_text("utf-8")
    assert "code: M703\n  certain: true\n  section: Hasil\n  printed: Sari & Putri, 2021\n  meant: Sari & Putra, 2021\n" in text
    assert "code: M714" in text and "Wirawan" not in text
    noted = text.replace("meant: Sari & Putra, 2021\n", "meant: Sari & Putra, 2021\n  note: {id: Salah ketik., en: A slip.}\n")
    report.write_text(noted, "utf-8")
    assert check_citations.main(arguments) == 1
    assert "en: A slip." in report.read_text("utf-8")
    assert check_citations.main([*arguments[:-1], "lain"]) == 2
    assert "there is no study “lain”" in capsys.readouterr().err


# -- Online --------------------------------------------------------------------------------------------------------


def test_without_being_asked_nothing_goes_online(paper, capsys, monkeypatch):
    def refused(*arguments, **options):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refused)
    monkeypatch.setattr(socket, "create_connection", refused)
    assert run("paper.md") == 1


def test_long_work_shows_its_progress_on_a_terminal_and_there_alone():
    program = "import time; from pustaka import command; [time.sleep(0.3) for _ in command.watch(range(5))]"
    options = {"env": os.environ | {"PYTHONPATH": str(ROOT / "scripts")}, "check": True}
    silent = subprocess.run([sys.executable, "-c", program], stderr=subprocess.PIPE, **options)
    ours, terminal = os.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    subprocess.run([sys.executable, "-c", program], stderr=terminal, **options)
    os.write(terminal, b"(end)")
    assert silent.stderr == b""
    assert b"%|" in os.read(ours, 10_000)
    os.close(terminal)
    os.close(ours)


@pytest.fixture
def asked(monkeypatch):
    """What was asked online, by way of the command; what is answered can be set."""
    questions = []

    def ask(entries, settings, progress=None):
        questions.append((tuple(entries), settings))
        return ask.answer

    ask.questions, ask.answer = questions, Registry(dois={"10.5555/contoh.3.1": Record("10.5555/contoh.3.1", registered=False)})
    monkeypatch.setattr(online, "ask", ask)
    return ask


def test_a_bibliography_online(paper, asked, capsys):
    assert run("paper.md", "--online", "--contact", "dewi@contoh.id", "--select", "O") == 1
    assert capsys.readouterr().out.startswith("refs.bib:7:3: O801 the DOI “10.5555/contoh.3.1” is registered nowhere")
    [(entries, settings)] = asked.questions
    assert ([entry.key for entry in entries], settings.contact) == (["sari2020"], "dewi@contoh.id")


def test_a_manuscript_s_reference_list_online(paper, asked, capsys):
    Path("artikel.md").write_text(ARTICLE.replace("Putri", "Putra").rstrip() + " https://doi.org/10.5555/contoh.3.1\n", "utf-8")
    assert run("--manuscript", "artikel.md", "--online") == 1
    assert capsys.readouterr().out.startswith("artikel.md:7:1: O801 the DOI “10.5555/contoh.3.1” is registered nowhere")


def test_what_could_not_be_asked_is_said_beside_what_is_found(paper, asked, capsys, monkeypatch):
    def down(entries, settings):
        raise online.CannotAsk(say("no network"))

    monkeypatch.setattr(online, "ask", down)
    assert run("paper.md", "--online", "--select", "P") == 2
    printed = capsys.readouterr()
    assert "P201" in printed.out and printed.err.startswith("no network\n")


def test_a_contact_that_is_no_address(paper, capsys):
    assert run("paper.md", "--online", "--contact", "dewi") == 2
    assert "“dewi” must be an e-mail address" in capsys.readouterr().err


# -- What is remembered --------------------------------------------------------------------------------------------


def test_the_answer_is_told_again_without_judging_anew(paper, capsys, monkeypatch):
    run("paper.md")
    first = capsys.readouterr()
    monkeypatch.setattr(check_citations, "_check", lambda options: pytest.fail("judged anew"))
    assert run("paper.md") == 1
    assert capsys.readouterr() == first


def test_what_changes_is_judged_anew(paper, capsys):
    told = set()
    changes = [
        lambda: None,
        lambda: Path("paper.md").write_text(PAPER.replace("sary", "sarx"), "utf-8"),
        lambda: Path("refs.bib").write_text(BIB.replace("11-20", "11–20"), "utf-8"),
    ]
    for change in changes:
        change()
        run("paper.md")
        told.add(capsys.readouterr().out)
    run("paper.md", "--format", "github")
    told.add(capsys.readouterr().out)
    assert len(told) == 4


def test_what_an_answer_follows_from(paper, monkeypatch):
    keys = {cache.key_of([paper], [])}
    keys.add(cache.key_of([paper], ["--lang id"]))
    (paper / "neu.md").touch()
    keys.add(cache.key_of([paper], []))
    (paper / "neu.md").rename(paper / "baru.md")
    keys.add(cache.key_of([paper], []))
    monkeypatch.setattr(cache, "date", type("date", (), {"today": staticmethod(lambda: date(2030, 1, 1))}))
    keys.add(cache.key_of([paper], []))
    monkeypatch.setattr(cache, "_installed", lambda: ["pybtex-9.dist-info"])
    keys.add(cache.key_of([paper], []))
    monkeypatch.setattr(cache, "_PACKAGE", paper / "refs.bib")
    keys.add(cache.key_of([paper], []))
    assert len(keys) == 7


def test_what_cannot_be_remembered_is_judged_all_the_same(paper, capsys, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(paper / "paper.md"))  # no folder
    assert run("paper.md") == run("paper.md") == 1
    assert cache.key_of([paper / "not there"], []) is None


@pytest.mark.parametrize("age", [0, 60])
def test_what_is_written_during_the_check_is_not_remembered(age, paper, capsys, monkeypatch):
    real = check_citations._check

    def meanwhile(options):
        answer = real(options)
        Path("paper.md").write_text(PAPER.replace("sary", "sarx"), "utf-8")
        return answer

    real_time = cache.time.time_ns
    monkeypatch.setattr(cache.time, "time_ns", lambda: real_time() + age * 1_000_000_000)
    monkeypatch.setattr(check_citations, "_check", meanwhile)
    run("paper.md")
    assert not cache.folder().exists() or not list(cache.folder().iterdir())


def test_a_file_changed_just_now_is_looked_into_again(paper):
    assert not cache.Stamp.of([paper]).settled
    stamp = cache.Stamp.of([paper])
    (paper / "paper.md").write_text(PAPER.replace("sary", "sarx"), "utf-8")
    assert cache.Stamp.of([paper]).files != stamp.files


@pytest.mark.parametrize("text", ["{", "[1, 2, 3]", '["", ""]', "null"])
def test_a_broken_memory_is_no_answer(text, paper, capsys):
    run("paper.md")
    [answer] = cache.folder().iterdir()
    answer.write_text(text, "utf-8")
    capsys.readouterr()
    assert run("paper.md") == 1
    assert "P201" in capsys.readouterr().out


def test_few_answers_are_kept(paper, monkeypatch):
    monkeypatch.setattr(cache, "KEPT", 2)
    for number in range(4):
        cache.keep(f"{number}", cache.Answer("", "", 0))
        os.utime(cache.folder() / f"{number}", (number, number))
    assert {file.name for file in cache.folder().iterdir()} == {"2", "3"}


def test_a_reader_that_has_read_enough(paper):
    Path("paper.md").write_text("".join(f"Kata [@k{number}].\n\n" for number in range(5000)), "utf-8")
    command = f"{sys.executable} {check_citations.__file__} paper.md --bibliography refs.bib | head -1"
    ended = subprocess.run(command, shell=True, capture_output=True, encoding="utf-8", cwd=paper)
    assert (ended.stderr.count("Traceback"), ended.stdout.count("\n")) == (0, 1)
