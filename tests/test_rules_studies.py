"""The borders of the rules on the studies' records; what each finds at all is shown by the examples in its docstring."""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest
from green import green_site, put, site_with

from pustaka import command, load
from pustaka.model import Edition, Finding, Place, Settings, Site, say
from pustaka.recognition import FUNCTION_WORDS, language_of
from pustaka.rules import check, judge, rules
from pustaka.suppress import Outcome

PRINTED = (
    "(Sari & Putra, 2020) Sari, D., & Putra, A. (2020). Kebun Bersama di Desa Contoh. Jurnal Contoh, 3(1), 11–20. https://doi.org/10.5555/contoh.3.1"
)


def site_of(study: dict | None = None, entry: dict | None = None, settings: Settings | None = None) -> Site:
    """The green site, with other things said in its study's record and in the study's entry; a field that is None is left out."""
    site = site_with()
    record = replace(site.study["contoh"], **(study or {}))
    record = replace(record, places=defaultdict(lambda: record.place, record.places))
    own = site.entry["contoh2020"]
    fields = {name: value for name, value in (dict(own.fields) | (entry or {})).items() if value is not None}
    entries = tuple(replace(other, fields=fields) if other is own else other for other in site.entries)
    return replace(site, studies=(record,), entries=entries, settings=settings or site.settings)


def found(site: Site, code: str) -> list[str]:
    """What the rule of that code says."""
    [asked] = [rule for rule in rules() if rule.code == code]
    return [str(finding.message) for finding in judge(site, [asked]).left]


# -- S502: the stated string, field by field -----------------------------------------------------------------------

SAID_OTHERWISE = [
    ("author", "Sari, D., & Putra, A. (2020)", "Sari, D., & Wijaya, A. (2020)"),
    ("author", "Sari, D., & Putra, A. (2020)", "Sari, D. (2020)"),
    ("author", "Sari, D., & Putra, A. (2020)", "Sari, E., & Putra, A. (2020)"),
    ("author", "Sari, D., & Putra, A. (2020)", "Putra, A., & Sari, D. (2020)"),
    ("year", "A. (2020).", "A. (2021)."),
    ("title", "Kebun Bersama di", "Kebun Bersama dari"),
    ("journal", "Jurnal Contoh", "Jurnal Percontohan"),
    ("volume", "3(1)", "4(1)"),
    ("issue", "3(1)", "3(2)"),
    ("issue", "3(1)", "3"),
    ("pages", "11–20", "11–22"),
    ("pages", "11–20", "1–20"),
    ("pages", ", 11–20", ""),
    ("DOI", "contoh.3.1", "contoh.3.2"),
    ("DOI", " https://doi.org/10.5555/contoh.3.1", ""),
]


@pytest.mark.parametrize("field, old, new", SAID_OTHERWISE)
def test_a_field_of_the_stated_string_that_is_wrong_is_found_and_no_other(field, old, new):
    assert PRINTED.count(old) == 1
    [message] = found(site_of({"printed": PRINTED.replace(old, new)}), "S502")
    assert message.startswith(("the printed string has the " + field, "the printed string has no " + field))
    assert message.endswith(": correct the one that is wrong")


@pytest.mark.parametrize("in_text", ["(Sari & Putra, 2021)", "(Putra & Sari, 2020)", "(Wijaya, 2020)"])
def test_the_stated_form_for_the_text(in_text):
    [message] = found(site_of({"printed": PRINTED.replace("(Sari & Putra, 2020)", in_text)}), "S502")
    assert message.startswith(f"the printed string begins with “{in_text}”")


ENTRY_OTHERWISE = [
    ("author", {"author": "Sari, Dewi and Wijaya, Agus"}),
    ("title", {"title": "Kebun Bersama"}),
    ("title", {"subtitle": "Sebuah Pengantar"}),
    ("journal", {"journaltitle": "Jurnal Lain"}),
    ("volume", {"volume": "4"}),
    ("issue", {"number": "2"}),
    ("issue", {"number": None}),
    ("pages", {"pages": "11--22"}),
    ("DOI", {"doi": "10.5555/contoh.3.2"}),
    ("DOI", {"doi": None}),
]


@pytest.mark.parametrize("field, entry", ENTRY_OTHERWISE)
def test_a_field_of_the_entry_that_is_wrong_is_found_and_no_other(field, entry):
    [message] = found(site_of({"printed": PRINTED}, entry), "S502")
    assert f"has the {field} “" in message


def test_the_year_of_the_entry_stands_twice_in_the_stated_string():
    in_text, year = found(site_of({"printed": PRINTED}, {"date": "2021"}), "S502")
    assert "begins with “(Sari & Putra, 2020)”" in in_text
    assert "has the year “2020”" in year


@pytest.mark.parametrize(
    "printed",
    [
        PRINTED,
        PRINTED.removeprefix("(Sari & Putra, 2020) "),
        PRINTED.replace("Sari, D., & Putra, A.", "Sari, Dewi, dan Putra, Agus."),
        PRINTED.replace("https://doi.org/10.5555/contoh", "DOI: 10.5555/CONTOH"),
        PRINTED.replace("11–20", "11-20"),
        PRINTED.replace("Kebun Bersama di Desa Contoh", "Kebun bersama di desa contoh"),
    ],
)
def test_what_is_a_matter_of_style_is_let_alone(printed):
    assert found(site_of({"printed": printed}), "S502") == []


# -- The DOI of a study is judged with all others --------------------------------------------------------------------


@pytest.mark.parametrize(
    "doi, code",
    [("10.5555", "E305"), ("10.5555/contoh 3", "E305"), ("10.5/contoh", "E305"), ("DOI", "E305"), ("https://doi.org/10.5555/contoh.3.1", "E311")],
)
def test_a_doi_of_a_study_that_is_not_well_formed(doi, code):
    site = site_of({"printed": ""}, {"doi": doi})
    assert [(finding.code, finding.key) for finding in check(site)] == [(code, "contoh2020")]


# -- S504: dates in order ------------------------------------------------------------------------------------------

HISTORY = {"submitted": "2020-01-01", "revised": "2020-02-01", "accepted": "2020-04-01"}


def dated(*days: str) -> tuple[Edition, ...]:
    """Editions of these days."""
    return tuple(Edition(f"1.{number}", day, {}) for number, day in enumerate(days))


@pytest.mark.parametrize(
    "history, study, entry, late",
    [
        ({}, {}, {}, None),
        ({"revised": "2020-01-01", "accepted": "2020-01-01"}, {"editions": dated("2020-01-01", "2020-01-01")}, {}, None),
        ({"revised": "2019-12-31"}, {}, {}, "history.revised (“2019-12-31”) must not be before history.submitted (“2020-01-01”)"),
        ({"accepted": "2020-01-31"}, {}, {}, "history.accepted (“2020-01-31”) must not be before history.revised (“2020-02-01”)"),
        ({"revised": None, "accepted": "2019-12-31"}, {}, {}, "history.accepted (“2019-12-31”) must not be before history.submitted"),
        ({}, {"editions": dated("2020-03-31")}, {}, "editions.0.date (“2020-03-31”) must not be before history.accepted (“2020-04-01”)"),
        ({}, {"editions": dated("2026-01-01", "2025-12-31")}, {}, "editions.1.date (“2025-12-31”) must not be before editions.0.date (“2026-01-01”)"),
        ({}, {}, {"date": "2019"}, "the date of contoh2020 (“2019”) must not be before history.accepted (“2020-04-01”)"),
        ({}, {}, {"date": "2020-03"}, "the date of contoh2020 (“2020-03”) must not be before history.accepted (“2020-04-01”)"),
        ({}, {}, {"date": "2020-04"}, None),
        ({}, {}, {"date": "2020-03-31"}, "the date of contoh2020 (“2020-03-31”) must not be before history.accepted (“2020-04-01”)"),
        ({}, {}, {"date": None, "year": "2019"}, "the year of contoh2020 (“2019”) must not be before history.accepted (“2020-04-01”)"),
        ({}, {}, {"date": "2021-01/2021-06"}, None),
        ({}, {}, {"date": None}, None),
        ({}, {}, {"date": None, "year": "dalam proses"}, None),
        (dict.fromkeys(HISTORY), {}, {"date": "1999"}, None),
    ],
)
def test_order_of_dates(history, study, entry, late):
    dates = {step: day for step, day in (HISTORY | history).items() if day}
    messages = found(site_of({"history": tuple(dates.items()), **study}, entry), "S504")
    assert len(messages) == (late is not None)
    assert late is None or messages[0].startswith(late)


def test_an_issue_that_is_dated_back_can_be_set_aside_at_the_entry(tmp_path):
    root = green_site(tmp_path)
    bibliography = root / "bibliography/references.bib"
    bibliography.write_text(bibliography.read_text("utf-8").replace("{2020},\n  doi", "{2019},\n  doi"), "utf-8")
    [late] = [finding for finding in check(load.load(root)[0]) if finding.code == "S504"]
    assert (str(late.place), late.severity) == ("bibliography/references.bib:8:3", "warning")
    bibliography.write_text("% pustaka: ignore S504, the journal dates its issues back\n" + bibliography.read_text("utf-8"), "utf-8")
    assert [finding for finding in check(load.load(root)[0]) if finding.code in ("S504", "U901")] == []


# -- S508: licences ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source, ours, fits",
    [
        ("CC-BY-SA-4.0", "CC-BY-SA-4.0", True),
        ("CC-BY-SA-3.0", "CC-BY-SA-4.0", True),
        ("CC-BY-SA-3.0-DE", "CC-BY-SA-4.0", True),
        ("CC-BY-SA-4.0", "CC-BY-SA-3.0", False),
        ("CC-BY-SA-1.0", "CC-BY-SA-4.0", False),
        ("CC-BY-SA-1.0", "CC-BY-SA-1.0", True),
        ("CC-BY-SA-4.0", "CC-BY-4.0", False),
        ("CC-BY-SA-4.0", "CC-BY-NC-SA-4.0", False),
        ("CC-BY-SA-4.0", "MIT", False),
        ("CC-BY-4.0", "CC-BY-SA-4.0", True),
        ("CC-BY-4.0", "CC-BY-NC-SA-4.0", True),
        ("CC-BY-4.0", "CC-BY-3.0", True),
        ("CC-BY-4.0", "MIT", True),
        ("CC-BY-4.0", "CC0-1.0", False),
        ("CC0-1.0", "CC-BY-SA-4.0", True),
        ("CC0-1.0", "CC0-1.0", True),
        ("CC-BY-NC-4.0", "CC-BY-SA-4.0", False),
        ("CC-BY-NC-4.0", "CC-BY-NC-4.0", True),
        ("CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", True),
        ("CC-BY-NC-4.0", "MIT", False),
        ("CC-BY-NC-SA-4.0", "CC-BY-SA-4.0", False),
        ("CC-BY-NC-SA-4.0", "CC-BY-NC-4.0", False),
        ("CC-BY-NC-SA-4.0", "CC-BY-NC-SA-4.0", True),
        ("CC-BY-ND-4.0", "CC-BY-ND-4.0", False),
        ("CC-BY-NC-ND-4.0", "CC-BY-NC-ND-4.0", False),
        ("none", "CC-BY-SA-4.0", True),
        ("LicenseRef-facts", "CC-BY-SA-4.0", True),
        ("CC-BY-NC-4.0", "", True),
    ],
)
def test_licence_of_source(source, ours, fits):
    settings = replace(site_with().settings, licence=ours)
    messages = found(site_of({"licence": source}, settings=settings), "S508")
    assert len(messages) == (not fits)
    assert all(f"a source under “{source}”" in message for message in messages)


def test_a_licence_that_allows_no_adaptation_asks_for_no_other_licence():
    [message] = found(site_of({"licence": "CC-BY-ND-4.0"}), "S508")
    assert "mkdocs.yml" not in message
    assert "must not be adapted: tell its facts alone" in message


def test_without_settings_no_licence_is_judged():
    assert found(replace(site_of({"licence": "CC-BY-NC-4.0"}), settings=None), "S508") == []


def test_the_settings_are_read_with_the_site(tmp_path):
    root = green_site(tmp_path)
    site, faults = load.load(root)
    assert faults == []
    assert site.settings == Settings("Contoh", "https://contoh.example/", "Redaksi Contoh", (), "CC-BY-SA-4.0")
    (root / "mkdocs.yml").unlink()
    assert load.load(root)[0].settings is None


@pytest.mark.parametrize("text", ["site_name: [", "- a", "", "extra: {menu: 5}", "site_name: 2020-13-13"])
def test_settings_that_cannot_be_read_are_a_fault_of_the_file(tmp_path, text):
    root = green_site(tmp_path)
    (root / "mkdocs.yml").write_text(text, "utf-8")
    site, faults = load.load(root)
    assert [(fault.code, fault.place.path) for fault in faults] == [("F103", "mkdocs.yml")]
    assert site.settings is None


# -- S509: ORCID -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "orcid, said",
    [
        ({"Sari, Dewi": "0000-0002-1825-0097", "Putra, Agus": "0000-0001-5109-3700"}, None),
        ({"Sari, Dewi": "0000-0002-1694-233X"}, None),
        ({"Sari, Dewi": "0000-0002-1694-2330"}, "the ORCID “0000-0002-1694-2330” has a wrong digit"),
        ({"Sari, Dewi": "0000-0002-1825-097"}, "“0000-0002-1825-097” must be an ORCID, such as"),
        ({"Sari, Dewi": "0000-000X-1825-0097"}, "“0000-000X-1825-0097” must be an ORCID, such as"),
        ({"Sari, Dewi": "٠٠٠٠-0002-1825-0097"}, "“٠٠٠٠-0002-1825-0097” must be an ORCID, such as"),
        ({"Sari, Dewi": "https://example.org/0000-0002-1825-0097"}, "“https://example.org/0000-0002-1825-0097” must be an ORCID, such as"),
        ({"Sari, Dewi": "https://orcid.org/0000-0002-1825-0097"}, "“https://orcid.org/0000-0002-1825-0097” must be the ORCID alone: write “0000"),
        ({"Sari, Dewi": "orcid.org/0000-0002-1825-0097/"}, "“orcid.org/0000-0002-1825-0097/” must be the ORCID alone: write “0000"),
        ({"Sari, Dewi": "0000-0002-1694-233x"}, "“0000-0002-1694-233x” must be the ORCID alone: write “0000-0002-1694-233X”"),
        ({"Sari, Dewi": "https://orcid.org/0000-0002-1825-0096"}, "the ORCID “0000-0002-1825-0096” has a wrong digit"),
        ({"Dewi Sari": "0000-0002-1825-0097"}, "“Dewi Sari” is no author of the entry contoh2020: did you mean “Sari, Dewi”?"),
        ({"Nobody": "0000-0002-1825-0097"}, "“Nobody” is no author of the entry contoh2020: take it out"),
    ],
)
def test_orcid(orcid, said):
    messages = found(site_of({"orcid": orcid}), "S509")
    assert len(messages) == (said is not None)
    assert said is None or messages[0].startswith(said)


def test_orcid_of_one_who_has_one_name_and_of_a_body():
    entry = {"author": "Wulandari and {Dinas Pertanian}"}
    assert found(site_of({"orcid": {"Wulandari": "0000-0002-1825-0097"}}, entry), "S509") == []


# -- S510: a slip that is recorded is told, and stops nothing -------------------------------------------------------

SLIP = f'how_to_cite:\n  printed: "{PRINTED.replace(") Sari", ")_ Sari")}"\n  slips: ["_"]\n'
OPTIONS = argparse.Namespace(format="text", lang="en", fix=False, select=(), ignore=())
NOTE = Finding(Place("a.yml"), "S510", say("recorded as a slip"), "note")
ERROR = Finding(Place("a.yml"), "S501", say("unknown"))


def test_a_recorded_slip_is_a_note_and_stops_no_build(tmp_path):
    root = green_site(tmp_path)
    put(root, "bibliography/studies/contoh.yml", SLIP)
    site, _ = load.load(root)
    [note] = judge(site).left
    assert (note.code, note.severity) == ("S510", "note")
    assert check(site) == []


def test_every_slip_is_told_with_the_words_around_it():
    site = site_of({"printed": f"{PRINTED.replace('Kebun', '*Kebun')}_", "slips": ("*", "_", "~")})
    first, last = found(site, "S510")
    assert "stray “*” in its own How to Cite (“… D., & Putra, A. (2020). *Kebun Bersama di Desa Contoh. …”)" in first
    assert first.endswith("recorded as a slip, left out where the reference is printed")
    assert "stray “_” in its own How to Cite (“… " in last
    assert "contoh.3.1_”)" in last


@pytest.mark.parametrize(
    "findings, end, code",
    [
        ([], "nothing found\n", command.NOTHING_FOUND),
        ([NOTE], "nothing to mend; 1 noted\n", command.NOTHING_FOUND),
        ([ERROR], "1 to mend\n", command.FOUND),
        ([NOTE, ERROR, NOTE], "1 to mend; 2 noted\n", command.FOUND),
    ],
)
def test_notes_are_counted_apart(findings, end, code):
    answer = command.tell(Outcome(tuple(findings)), (), OPTIONS)
    assert (answer.err, answer.code) == (end, code)
    assert len(answer.out.splitlines()) == len(findings)


def test_notes_beside_what_cannot_be_read():
    answer = command.tell(Outcome((NOTE,)), [Finding(Place("a.bib"), "F105", say("no comma"))], OPTIONS)
    assert (answer.err.partition(":")[0], answer.code) == ("could not check", command.NOT_CHECKED)
    assert answer.err.endswith("; 1 noted\n")


# -- S511: languages -----------------------------------------------------------------------------------------------

INDONESIAN = "Warga sebuah desa mengolah kebun bersama, dan hasilnya dibagi untuk semua keluarga."
ENGLISH = "The people of a village work a garden together, and what it yields is shared by all families."


@pytest.mark.parametrize(
    "text, language",
    [
        (INDONESIAN, "id"),
        (ENGLISH, "en"),
        ("Bagaimana *dropship* dan pemasaran online dipakai oleh warga: *marketing online*, *reseller*, *customer service*.", "id"),
        ("How the *gotong royong* of Desa Wringin Anom, told by Dewi Sari and Agus Putra, became the village's own *pemberdayaan*.", "en"),
        ("Maju Community", ""),
        ("Pemberdayaan Masyarakat", ""),
        ("The title “Kebun Bersama untuk Warga Desa dan Kota” is of no use.", ""),
        ("", ""),
        ("1 2 3", ""),
        ("Wong desa padha nandur tetuwuhan bebarengan ing kebon.", ""),  # Javanese: there are no words for it
    ],
)
def test_language_of(text, language):
    assert language_of(text) == language


def test_no_word_tells_of_two_languages():
    assert not FUNCTION_WORDS["id"] & FUNCTION_WORDS["en"]


@pytest.mark.parametrize("text", ["a" * 100_000, "the " * 25_000, "_" * 100_000, "ͥ" * 100_000])
def test_a_hostile_text_takes_no_time(text):
    start = time.perf_counter()
    language_of(text)
    assert time.perf_counter() - start < 1


def described(tmp_path: Path, page: str, description: str) -> list[Finding]:
    """What is found when a page of the green site has another description."""
    root = green_site(tmp_path)
    file = root / page
    lines = [f"description: {description}" if line.startswith("description:") else line for line in file.read_text("utf-8").split("\n")]
    file.write_text("\n".join(lines), "utf-8")
    return [finding for finding in check(load.load(root)[0]) if finding.code == "S511"]


@pytest.mark.parametrize("page, wrong", [("en/studies/contoh/index.md", INDONESIAN), ("id/studies/contoh/findings.md", ENGLISH)])
def test_a_description_in_the_other_language(tmp_path, page, wrong):
    [finding] = described(tmp_path, f"docs/{page}", f'"{wrong}"')
    assert str(finding.place) == f"docs/{page}:3:14"
    other, own = ("Bahasa Indonesia", "English") if wrong == INDONESIAN else ("English", "Bahasa Indonesia")
    assert f"is in {other}, the page in {own}: write it in the page's language" in str(finding)


def test_a_page_that_is_no_study_s_is_not_asked(tmp_path):
    assert described(tmp_path, "docs/en/index.md", INDONESIAN) == []


def test_the_summary_ends_where_the_first_heading_is():
    assert len(found(site_with("studies/contoh", en=f"/// summary | One minute\n{INDONESIAN}\n///\n\n## Heading\n\n{ENGLISH}"), "S511")) == 1
    assert found(site_with("studies/contoh", en=f"{ENGLISH}\n\n## Heading\n\n{INDONESIAN}"), "S511") == []
