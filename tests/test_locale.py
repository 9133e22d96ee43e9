"""The catalogue of translations is whole: every message and every rule's documentation, and nothing else.

After a change of a message or a docstring, bring the catalogue up to date, translate what is new, take off the marks “fuzzy”,
and run it once more, for what the checker says of the rules' Bad examples (told.json, which the rules' pages print):

    PYTHONPATH=scripts python tests/test_locale.py
"""

from __future__ import annotations

import ast
import io
import json
import string
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po
from test_rules import each_rule, findings_of

from pustaka.load import FAULTS
from pustaka.model import join, say
from pustaka.rules import Rule, rules
from pustaka.translation import translation

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "scripts" / "pustaka"
LANGUAGES = ("id",)
TOLD = PACKAGE / "locale" / "told.json"
each_language = pytest.mark.parametrize("language", LANGUAGES)


def sources() -> list[Path]:
    """Every file that says something."""
    return sorted([*PACKAGE.rglob("*.py"), *PACKAGE.parent.glob("*.py")])


def path_of(language: str) -> Path:
    return PACKAGE / "locale" / f"{language}.po"


def catalogue(language: str) -> Catalog:
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


# -- What the source says ----------------------------------------------------------------------------------------


def calls_of_say(path: Path) -> Iterator[ast.Call]:
    tree = ast.parse(path.read_text("utf-8"))
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    yield from (call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "say")


def templates() -> Iterator[tuple[str, str]]:
    """(template, path of the module that says it)."""
    for path in sources():
        for call in calls_of_say(path):
            if call.args and isinstance(call.args[0], ast.Constant):
                yield call.args[0].value, path.relative_to(ROOT).as_posix()


def documentation() -> Iterator[tuple[str, str]]:
    """(paragraph, what it is): summaries and reasons of the rules, and the faults of files."""
    for code, summary in FAULTS.items():
        yield str(summary), f"{code}, summary"
    for rule in rules():
        yield rule.summary, f"{rule.code}, summary"
        for paragraph in rule.why:
            yield paragraph, f"{rule.code}, why"


def said() -> Catalog:
    """Everything that is to be translated."""
    wanted = Catalog()
    for template, path in templates():
        wanted.add(template, locations=[(path, 1)])
    for paragraph, what in documentation():
        wanted.add(paragraph, auto_comments=[what])
    return wanted


def blanks(template: str) -> list[str]:
    """A template's blanks, with their formats; of what is no template, one that nothing has."""
    try:
        return sorted({f"{name}:{form}" for _, name, form, _ in string.Formatter().parse(template) if name is not None})
    except ValueError as error:
        return [f"({error})"]


# -- Tests -------------------------------------------------------------------------------------------------------


def test_every_message_is_given_by_a_literal():
    calls = [(path, call) for path in sources() for call in calls_of_say(path)]
    assert len(calls) > 50
    faults = [f"{path.name}:{call.lineno}" for path, call in calls if not (call.args and isinstance(call.args[0], ast.Constant))]
    assert faults == [], "a template must be one literal, or it cannot be found"


@each_language
def test_nothing_is_missing(language: str):
    translated = {message.id for message in catalogue(language) if message.string}
    missing = [message.id for message in said() if message.id and message.id not in translated]
    assert missing == [], f"run python tests/test_locale.py, and translate in {path_of(language).name}"


@each_language
def test_nothing_is_left_over(language: str):
    wanted, there = said(), catalogue(language)
    assert [message.id for message in there if message.id and message.id not in wanted] == []
    assert list(there.obsolete) == []


@each_language
def test_nothing_is_fuzzy(language: str):
    assert [message.id for message in catalogue(language) if message.id and message.fuzzy] == []


@each_language
def test_translations_have_the_same_blanks(language: str):
    there = catalogue(language)
    assert [template for template, _ in templates() if template in there and blanks(template) != blanks(there[template].string)] == []


@each_language
def test_translations_keep_code_as_it_is(language: str):
    """What stands between backticks is typed, and so the same in every language."""
    there = catalogue(language)
    faults = []
    for paragraph, what in documentation():
        if paragraph in there:
            typed, kept = (sorted(text.split("`")[1::2]) for text in (paragraph, there[paragraph].string))
            faults += [f"{what}: {typed} is {kept}"] if typed != kept else []
    assert faults == []


@each_language
def test_a_message_is_translated_with_those_in_it(language: str):
    translate = translation(path_of(language).read_text("utf-8"))
    inner = say("did you mean “{meant}”?", meant="sari2020")
    message = say("the entry “{key}” is not in the bibliography: {mend}", key="sari2002", mend=join([inner, "{braces}"]))
    assert message.text(translate) == "entri “sari2002” tidak ada dalam daftar pustaka: apakah maksudnya “sari2020”?, {braces}"


def test_without_a_translation_the_words_stay():
    translate = translation('msgid "a"\nmsgstr "b"\n\n#, fuzzy\nmsgid "c"\nmsgstr "d"\n\nmsgid "e"\nmsgstr ""\n')
    assert [translate(text) for text in ("a", "c", "e", "f", "")] == ["b", "c", "e", "f", ""]


def test_what_is_no_catalogue_is_refused():
    with pytest.raises(PoFileError):
        translation("This is no catalogue.")


# -- What the checker says of the Bad examples -------------------------------------------------------------------


def told(rule: Rule, folder: Path) -> dict[str, list[str]]:
    """The findings in a rule's Bad example, line by line, in every language."""
    findings = findings_of(rule, "Bad", folder)
    translations = {"en": str} | {language: translation(path_of(language).read_text("utf-8")) for language in LANGUAGES}
    return {language: [finding.text(translate) for finding in findings] for language, translate in translations.items()}


@each_rule
def test_what_is_printed_of_a_bad_example_is_what_the_checker_says(rule, tmp_path):
    assert json.loads(TOLD.read_text("utf-8")).get(rule.code) == told(rule, tmp_path), "run tests/test_locale.py"


def test_nothing_is_printed_of_a_rule_that_is_no_more():
    assert list(json.loads(TOLD.read_text("utf-8"))) == [rule.code for rule in rules()]


# -- Bringing the catalogue up to date ---------------------------------------------------------------------------


def update(language: str) -> Catalog:
    """The catalogue with what the source says now; what changed a little keeps its translation, marked as fuzzy."""
    there = catalogue(language)
    there.update(said())
    return there


def write(language: str, updated: Catalog) -> None:
    updated.project, updated.version, updated.copyright_holder = "pustaka", "1", "pustaka"
    updated.msgid_bugs_address = updated.last_translator = updated.language_team = "pustaka"
    updated.fuzzy = False
    updated.header_comment = "# The checker's messages and the documentation of its rules, in Indonesian.\n# See tests/test_locale.py."
    updated.creation_date = updated.revision_date = datetime(2026, 1, 1, tzinfo=UTC)  # the history has the dates
    text = io.BytesIO()
    write_po(text, updated, width=120, ignore_obsolete=True, include_lineno=False, sort_by_file=False)
    path_of(language).write_bytes(text.getvalue())


if __name__ == "__main__":
    for each in LANGUAGES:
        brought = update(each)
        write(each, brought)
        left = sum(1 for message in brought if message.id and (message.fuzzy or not message.string))
        print(f"{path_of(each).relative_to(ROOT)}: {left} to translate of {len(brought)}")
    lines = {}
    for each in rules():
        with tempfile.TemporaryDirectory() as folder:
            lines[each.code] = told(each, Path(folder))
    TOLD.write_text(json.dumps(lines, ensure_ascii=False, indent=1) + "\n", "utf-8")
