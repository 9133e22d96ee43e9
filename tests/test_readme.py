"""The README says what is true: its table of rules is the rules', its make targets are the Makefile's.

After a change of the rules: python tests/test_readme.py
"""

from __future__ import annotations

import re
from pathlib import Path

from pustaka.load import FAULTS
from pustaka.rules import rules

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
_TABLE = re.compile(r"(?<=<!-- rules -->\n).*?(?=<!-- /rules -->)", re.DOTALL)


def table() -> str:
    rows = "".join(f"| {code} | {summary} |\n" for code, summary in [*FAULTS.items(), *((rule.code, rule.summary) for rule in rules())])
    return f"| code | what it finds |\n|---|---|\n{rows}"


def test_every_rule_is_listed_in_its_own_words():
    assert _TABLE.search(README.read_text("utf-8")).group() == table()


def test_every_make_target_that_it_names_is_there():
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"`make (\w+)`|^ {4}make (\w+)", README.read_text("utf-8"), re.MULTILINE))
    named = {name for pair in named for name in pair if name}
    assert named and named <= targets


def test_every_path_that_it_names_is_there():
    text = README.read_text("utf-8")
    paths = re.findall(r"`((?:scripts|bibliography|overrides|docs|requirements|\.github)/[\w./-]*)`", text)
    there = [path for path in paths if not re.search(r"[A-Z]{4,}", path)]  # SLUG and LANGUAGE stand for any
    assert there and [path for path in there if not (ROOT / path).exists()] == []


if __name__ == "__main__":
    README.write_text(_TABLE.sub(lambda _: table(), README.read_text("utf-8")), "utf-8")
