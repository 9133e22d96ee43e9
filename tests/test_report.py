"""Findings in each format, read back as the programs that they are for would read them."""

from __future__ import annotations

import json
import re

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pustaka.model import Finding, Fix, Place, Source, say
from pustaka.report import FORMATS, Described, report

UNKNOWN = Finding(
    Place("docs/id/a.md", 3, 14),
    "P201",
    say("“@{key}” is not in the bibliography: did you mean “@{meant}”?", key="sari2050", meant="sari2020"),
    key="sari2050",
    suggestion="sari2020",
)
DASH = Finding(
    Place("a b/rujukan é.bib", 5, 3),
    "E308",
    say("“{pages}” has the wrong dash", pages="10-20"),
    "warning",
    "sari2020",
    "10--20",
    Fix(Place("a b/rujukan é.bib", 5, 12), "10-20", "10--20"),
)
RULES = (
    Described("E308", "A range of pages is wrong.", severity="warning"),
    Described("P201", "A key is unknown.", ("The reader finds nothing.", "Source: none."), (("Bad (a.md)", "[@x].\n"), ("Good (a.md)", "[@y].\n"))),
)
INDONESIAN = {UNKNOWN.message.template: "“@{key}” tidak ada dalam daftar pustaka: maksudnya “@{meant}”?"}


def indonesian(text: str) -> str:
    return INDONESIAN.get(text, text)


# -- Text and JSON ------------------------------------------------------------------------------------------------


def test_text():
    assert report([UNKNOWN, DASH]) == (
        "docs/id/a.md:3:14: P201 “@sari2050” is not in the bibliography: did you mean “@sari2020”?\n"
        "a b/rujukan é.bib:5:3: E308 “10-20” has the wrong dash\n"
    )


def test_text_in_another_language():
    assert "tidak ada dalam daftar pustaka: maksudnya “@sari2020”?" in report([UNKNOWN], "text", indonesian)


def test_text_is_one_line_a_finding_and_drives_no_terminal():
    hostile = Finding(Place("a.bib"), "E301", say("“{key}” is cited nowhere", key="a\n\x1b[2Jb\u202ec\ud800\x9b"))
    assert report([hostile]) == "a.bib:1:1: E301 “a␊␛[2Jb\ufffdc\ufffd\ufffd” is cited nowhere\n"


def test_json_has_every_member_always():
    told = json.loads(report([UNKNOWN, Finding(Place("a.md"), "F101", say("cannot be read"))], "json"))
    assert told == [
        {
            "code": "P201",
            "severity": "error",
            "path": "docs/id/a.md",
            "line": 3,
            "column": 14,
            "message": "“@sari2050” is not in the bibliography: did you mean “@sari2020”?",
            "key": "sari2050",
            "suggestion": "sari2020",
        },
        {"code": "F101", "severity": "error", "path": "a.md", "line": 1, "column": 1, "message": "cannot be read", "key": "", "suggestion": ""},
    ]


def test_json_in_another_language():
    assert json.loads(report([UNKNOWN], "json", indonesian))[0]["message"].startswith("“@sari2050” tidak ada")


@pytest.mark.parametrize(("format", "nothing"), [("text", ""), ("json", "[]\n"), ("github", "")])
def test_nothing_found(format, nothing):
    assert report([], format) == nothing


def test_there_is_no_such_format():
    with pytest.raises(ValueError, match="there is no format “xml”: the formats are text, json, sarif, github"):
        report([], "xml")


@pytest.mark.parametrize("format", FORMATS)
def test_half_a_character_can_be_printed(format):
    report([Finding(Place("a\udcff.md"), "P201", say("“{key}”", key="\ud800"), key="\ud800")], format).encode("utf-8")


# -- GitHub -------------------------------------------------------------------------------------------------------

_COMMAND = re.compile(r"::(?P<severity>\w+) (?P<properties>(?:\w+=[^,:]*,?)+)::(?P<data>.*)")


def as_the_runner_reads(line: str) -> tuple[str, dict[str, str], str]:
    """A workflow command, unescaped in the runner's order."""

    def unescaped(text: str, marks: str) -> str:
        for mark in marks:
            text = text.replace(f"%{ord(mark):02X}", mark)
        return text

    match = _COMMAND.fullmatch(line)
    properties = dict(part.split("=", 1) for part in match["properties"].split(","))
    return match["severity"], {name: unescaped(value, "\r\n:,%") for name, value in properties.items()}, unescaped(match["data"], "\r\n%")


def test_github():
    assert report([UNKNOWN], "github") == (
        "::error file=docs/id/a.md,line=3,col=14,title=P201::“@sari2050” is not in the bibliography: did you mean “@sari2020”?\n"
    )
    assert report([DASH], "github").startswith("::warning file=a b/rujukan é.bib,line=5,col=3,title=E308::")


def test_a_note_is_a_notice_for_github_and_a_note_in_sarif():
    note = Finding(Place("a.yml", 2, 3), "S510", say("recorded as a slip"), "note")
    assert report([note], "github") == "::notice file=a.yml,line=2,col=3,title=S510::recorded as a slip\n"
    assert json.loads(report([note], "json"))[0]["severity"] == "note"
    assert sarif([note])["results"][0]["level"] == "note"


def test_github_escapes():
    finding = Finding(Place("C:a,b%.md"), "P201", say("100 %: a, b\r\n::error::c"))
    assert report([finding], "github") == "::error file=C%3Aa%2Cb%25.md,line=1,col=1,title=P201::100 %25: a, b%0D%0A::error::c\n"


WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp")) | st.sampled_from("\r\n%:,"))


@given(WORDS, WORDS)
def test_github_reads_what_was_said(path, message):
    finding = Finding(Place(path, 2, 3), "P201", say("{message}", message=message))
    lines = report([finding], "github").split("\n")
    assert lines[1:] == [""]
    assert as_the_runner_reads(lines[0]) == ("error", {"file": path, "line": "2", "col": "3", "title": "P201"}, message)


# -- SARIF --------------------------------------------------------------------------------------------------------


def members(required: dict, **optional: object) -> dict:
    """The schema of an object that has these members and no others."""
    return {"type": "object", "properties": required | optional, "required": list(required), "additionalProperties": False}


TEXT = {"type": "string", "minLength": 1}
WORD = members({"text": TEXT})
COUNT = {"type": "integer", "minimum": 1}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
URI = {"type": "string", "pattern": r"^[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+$"}  # RFC 3986, the characters of section 2
ARTIFACT = members({"uri": URI}, uriBaseId=TEXT)
LOCATION = members({"artifactLocation": ARTIFACT, "region": members({"startLine": COUNT, "startColumn": COUNT})})
DELETED = members({name: COUNT for name in ("startLine", "startColumn", "endLine", "endColumn")})
REPLACEMENT = members({"deletedRegion": DELETED}, insertedContent=members({"text": {"type": "string"}}))
CHANGE = members({"artifactLocation": ARTIFACT, "replacements": {"type": "array", "items": REPLACEMENT, "minItems": 1}})
DESCRIPTOR = members(
    {"id": TEXT, "shortDescription": WORD, "fullDescription": WORD, "help": members({"text": TEXT, "markdown": TEXT})},
    helpUri=URI,
    defaultConfiguration=members({"level": LEVEL}),
)
RESULT = members(
    {
        "ruleId": TEXT,
        "level": LEVEL,
        "message": WORD,
        "locations": {"type": "array", "items": members({"physicalLocation": LOCATION}), "minItems": 1, "maxItems": 1},
        "partialFingerprints": members({"primaryLocationLineHash": {"type": "string", "pattern": r"^[0-9a-f]{16}:[1-9]\d*$"}}),
    },
    ruleIndex={"type": "integer", "minimum": 0},
    fixes={"type": "array", "items": members({"artifactChanges": {"type": "array", "items": CHANGE, "minItems": 1}})},
    suppressions={"type": "array", "items": members({"kind": {"const": "inSource"}}, justification=TEXT)},
)
DRIVER = members(
    {"name": TEXT, "language": {"type": "string", "pattern": "^[a-z]{2}$"}, "rules": {"type": "array", "items": DESCRIPTOR}}, informationUri=URI
)
RUN = members(
    {
        "tool": members({"driver": DRIVER}),
        "columnKind": {"const": "unicodeCodePoints"},
        "originalUriBaseIds": members({"%SRCROOT%": members({"description": WORD})}),
        "results": {"type": "array", "items": RESULT},
    }
)
#: The part of SARIF 2.1.0 that is written, by sections 3.13 to 3.57 of the standard; a member that SARIF does not have is a fault.
SARIF = members({"$schema": URI, "version": {"const": "2.1.0"}, "runs": {"type": "array", "items": RUN, "minItems": 1}})


def sarif(findings, **options) -> dict:
    """The one run of a log that is valid."""
    log = json.loads(report(findings, "sarif", rules=RULES, **options))
    jsonschema.validate(log, SARIF)
    return log["runs"][0]


def fingerprints(findings, text: str) -> list[str]:
    run = sarif(findings, sources={"a.md": Source("a.md", text)})
    return [result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]]


def at(line: int, code: str = "P201") -> Finding:
    return Finding(Place("a.md", line), code, say("wrong, see line {line}", line=line))


def test_sarif_of_nothing():
    assert sarif([])["results"] == []


def test_sarif_says_what_each_rule_is():
    driver = sarif([], address="https://contoh.example/sub/", language="id")["tool"]["driver"]
    assert driver["informationUri"] == "https://contoh.example/sub/id/rules/"
    assert driver["language"] == "id"
    assert driver["rules"][1] == {
        "id": "P201",
        "shortDescription": {"text": "A key is unknown."},
        "fullDescription": {"text": "A key is unknown.\n\nThe reader finds nothing.\n\nSource: none."},
        "help": dict.fromkeys(
            ("text", "markdown"),
            "A key is unknown.\n\nThe reader finds nothing.\n\nSource: none.\n\nBad (a.md):\n\n    [@x].\n\nGood (a.md):\n\n    [@y].",
        ),
        "helpUri": "https://contoh.example/sub/id/rules/p201/",
        "defaultConfiguration": {"level": "error"},
    }
    assert driver["rules"][0]["defaultConfiguration"] == {"level": "warning"}


def test_sarif_without_an_address_names_no_page():
    driver = sarif([])["tool"]["driver"]
    assert "informationUri" not in driver
    assert not any("helpUri" in rule for rule in driver["rules"])


def test_sarif_result():
    result = sarif([UNKNOWN], translate=indonesian)["results"][0]
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == ("P201", 1, "error")
    assert result["message"]["text"] == "“@sari2050” tidak ada dalam daftar pustaka: maksudnya “@sari2020”?"
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "docs/id/a.md", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 3, "startColumn": 14},
    }


def test_sarif_of_a_code_that_is_not_described():
    assert "ruleIndex" not in sarif([at(1, "F101")])["results"][0]


def test_sarif_encodes_paths():
    results = sarif([DASH, Finding(Place("/situs/a b.md"), "P201", say("wrong"))])["results"]
    artifacts = [result["locations"][0]["physicalLocation"]["artifactLocation"] for result in results]
    assert artifacts == [{"uri": "a%20b/rujukan%20%C3%A9.bib", "uriBaseId": "%SRCROOT%"}, {"uri": "file:///situs/a%20b.md"}]


def test_sarif_carries_the_mend():
    run = sarif([DASH, Finding(Place("a.md", 2, 5), "P201", say("wrong"), fix=Fix(Place("a.md", 2, 5), "two\nlines", ""))])
    replacements = [result["fixes"][0]["artifactChanges"][0]["replacements"][0] for result in run["results"]]
    assert replacements == [
        {"deletedRegion": {"startLine": 5, "startColumn": 12, "endLine": 5, "endColumn": 17}, "insertedContent": {"text": "10--20"}},
        {"deletedRegion": {"startLine": 2, "startColumn": 5, "endLine": 3, "endColumn": 6}, "insertedContent": {"text": ""}},
    ]


def test_sarif_tells_what_is_suppressed():
    results = sarif([UNKNOWN], suppressed=[(DASH, "the source prints it so")])["results"]
    assert ["suppressions" in result for result in results] == [False, True]
    assert results[1]["suppressions"] == [{"kind": "inSource", "justification": "the source prints it so"}]


def test_a_fingerprint_survives_a_shift_of_lines():
    assert fingerprints([at(2)], "one\nfault here\n") == fingerprints([at(4)], "one\nnew\nnew\n  fault here\n")


@pytest.mark.parametrize("other", [(at(2), "one\nfault mended\n"), (at(2, "P203"), "one\nfault here\n")])
def test_a_fingerprint_tells_faults_apart(other):
    finding, text = other
    assert fingerprints([at(2)], "one\nfault here\n") != fingerprints([finding], text)


def test_fingerprints_of_faults_that_are_alike_are_counted():
    one, two = fingerprints([at(1), at(2)], "fault\nfault\n")
    assert (one.partition(":")[0], one[-2:], two[-2:]) == (two.partition(":")[0], ":1", ":2")


def test_a_fingerprint_without_the_text_is_that_of_the_message():
    one, two = (sarif([at(line)])["results"][0]["partialFingerprints"] for line in (2, 7))
    assert one == two
