"""The check commands: what they print, and how they end."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from green import green_site, put

import check_citations
import check_how_to_cite
from pustaka.rules import rules

COMMANDS = [check_citations, check_how_to_cite]
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
    assert "bibliography/terms.yml:1:1: F101 cannot be read" in capsys.readouterr().out


def test_site_is_not_built(green, capsys):
    assert check_how_to_cite.main(["--root", str(green), "--site", str(green / "elsewhere")]) == 2
    assert capsys.readouterr().err == f"could not check: there is no built site in {green / 'elsewhere'}; run `make site` first\n"


def test_page_is_not_built(green, capsys):
    (green / "site/id/studies/contoh/index.html").unlink()
    assert check_how_to_cite.main(["--root", str(green)]) == 1
    assert "the built site has no page id/studies/contoh/: build it anew" in capsys.readouterr().out


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.code)
def test_explain(rule, capsys):
    with pytest.raises(SystemExit) as stop:
        check_citations.main(["--explain", rule.code])
    assert stop.value.code == 0
    assert capsys.readouterr().out.startswith(f"{rule.code}: {rule.summary}\n")


def test_explain_an_unknown_code(capsys):
    with pytest.raises(SystemExit) as stop:
        check_citations.main(["--explain", "P999"])
    assert stop.value.code == 2
    assert "there is no rule P999; the rules are F101, F102" in capsys.readouterr().err


def test_run_as_a_script_from_elsewhere(green, tmp_path):
    put(green, "docs/id/index.md", "Kata @suharto2050.\n")
    script = Path(check_citations.__file__)
    ended = subprocess.run([sys.executable, script, "--root", green], cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert ended.returncode == 1
    assert "docs/id/index.md:6:6: P201 “@suharto2050” is not in the bibliography: did you mean “@suharto2005”?\n" in ended.stdout
