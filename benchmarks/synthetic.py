"""A project of made-up studies, as large as is asked for: what the benchmarks build where two studies say too little.

Every study has four pages in each of two languages, ten works in the bibliography, itself among them, and ten citations on each page.
The rules find nothing in it.
"""

from __future__ import annotations

import shutil
from itertools import product
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

#: Works in the bibliography for each study, and citations on a page.
WORKS = CITATIONS = 10

_FAMILIES = "Sari Putra Wijaya Lestari Santoso Hidayat Nugroho Siregar Harahap Simanjuntak Ginting Tarigan Lubis Nasution Saragih".split()
_GIVEN = "Dewi Agus Budi Citra Eka Fajar Gita Hadi Indah Joko Kartika Lina Made Nur Oki Putri Ratna Surya Tuti Wayan".split()
_SUBJECTS = "Kebun Pasar Koperasi Sawah Hutan Sungai Sekolah Posyandu Perpustakaan Warung Tambak Kelurahan Lumbung Pesisir Kerajinan".split()
_DEEDS = "Dirawat Dibangun Dikelola Diteliti Dijaga Dipetakan Dibiayai Diajarkan Dihidupkan Dicatat Dibagi Dipimpin Dipasarkan".split()
_PLACES = "Lereng Lembah Muara Teluk Bukit Tanjung Pulau Danau Dataran Rawa Delta Karst Pantai Hulu Hilir Simpang Batas".split()
_TITLES = list(product(_PLACES, _SUBJECTS, _DEEDS))

_PAGES = ("index", "findings", "method", "references")
_WORDS = {
    "id": {
        "index": "Ikhtisar",
        "findings": "Temuan",
        "method": "Metode",
        "references": "Rujukan",
        "search": "Cari",
        "topics": "Topik",
        "section": "bag.",
        "heading": "Yang ditemukan",
        "description": "Halaman karangan tentang penelitian yang hanya ada untuk mengukur waktu dan tidak dibaca oleh siapa pun.",
        "sentence": "Warga dan pengurus desa bekerja bersama dengan cara yang dapat dilihat oleh siapa saja di tempat itu",
    },
    "en": {
        "index": "Overview",
        "findings": "Findings",
        "method": "Method",
        "references": "References",
        "search": "Search",
        "topics": "Topics",
        "section": "sec.",
        "heading": "What was found",
        "description": "A made-up page on a study that is there only to measure the time and that is not read by anybody.",
        "sentence": "The residents and the officers of the village work together in a way that can be seen by anybody in the place",
    },
}


def make(folder: Path, studies: int, packs: bool = True) -> Path:
    """Write a project with so many studies, with or without course packs, into an empty folder, ready for `mkdocs build --strict`; gives the
    folder back."""
    for name in ("scripts", "overrides"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "bibliography" / "studies").mkdir(parents=True)
    for name in ("terms.yml", "words.yml"):
        shutil.copy2(ROOT / "bibliography" / name, folder / "bibliography")
    configuration = (ROOT / "mkdocs.yml").read_text("utf-8")
    start, end = configuration.index("    - studies/"), configuration.index("\n# -- How it is built")
    stated = configuration[:start] + "    - studies/s0001\n    - bibliography\n" + configuration[end:]
    (folder / "mkdocs.yml").write_text(stated if packs else stated.replace("\nextra:\n", "\nextra:\n  course_packs: false\n", 1), "utf-8")
    entries = []
    for number in range(1, studies + 1):
        entries += [_entry(number, work) for work in range(WORKS)]
        (folder / "bibliography" / "studies" / f"s{number:04}.yml").write_text(_record(number), "utf-8")
        for language, page in product(_WORDS, _PAGES):
            name = f"studies/s{number:04}/{page}"
            _put(folder, language, name, f"{_WORDS[language][page]} {number}", _text(number, language, page))
    (folder / "bibliography" / "references.bib").write_text("\n".join(sorted(entries)), "utf-8")
    for language, words in _WORDS.items():
        _put(folder, language, "index", words["index"], "")
        _put(folder, language, "bibliography", words["references"], "{{ bibliography }}\n")
        _put(folder, language, "search", words["search"], "{{ search }}\n\n## " + words["topics"] + " {#topics}\n\n{{ topics }}\n")
    (folder / "docs" / "index.md").write_text("---\ntitle: Contoh\ndescription: Situs karangan.\n---\n\n[Indonesia](id/index.md)\n", "utf-8")
    return folder


def _put(folder: Path, language: str, name: str, title: str, text: str) -> None:
    file = folder / "docs" / language / f"{name}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"---\ntitle: {title}\ndescription: {_WORDS[language]['description']}\n---\n\n{text}", "utf-8")


def _key(number: int, work: int) -> str:
    return f"s{number:04}-{work}"


def _title(number: int, work: int) -> str:
    place, subject, deed = _TITLES[(number * WORKS + work) * 7 % len(_TITLES)]
    return f"{subject} {place} yang {deed} Warga Dusun {number * WORKS + work}"


def _entry(number: int, work: int) -> str:
    serial = number * WORKS + work
    family, given = _FAMILIES[serial % len(_FAMILIES)], _GIVEN[serial % len(_GIVEN)]
    first = serial % 90 + 1
    fields = {
        "author": f"{family}, {given}",
        "title": _title(number, work),
        "journaltitle": f"Jurnal {_SUBJECTS[serial % len(_SUBJECTS)]} {_PLACES[serial % len(_PLACES)]}",
        "volume": str(serial % 40 + 1),
        "number": str(serial % 4 + 1),
        "pages": f"{first}--{first + 12}",
        "date": str(1990 + serial % 33),
        "doi": f"10.5555/contoh.{serial}",
        "langid": "indonesian",
        "keywords": f"s{number:04}",
    }
    return f"@article{{{_key(number, work)},\n" + "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items()) + "}\n"


def _record(number: int) -> str:
    slug = f"s{number:04}"
    return (
        f"slug: {slug}\nentry: {_key(number, 0)}\nbasis: full-text\nlanguage: id\nlicence: CC-BY-SA-4.0\n"
        f"short: {{id: Contoh {number}, en: Example {number}}}\nkeywords: {{id: [contoh], en: [example]}}\n"
        f"code: s{number}\npages: [{', '.join(_PAGES)}]\neditions:\n"
        f"  - {{version: '1.0', date: 2026-01-0{number % 9 + 1}, changes: {{all: {{id: Edisi pertama., en: First edition.}}}}}}\n"
        "sections: {Pendahuluan: Pendahuluan, Metode: Metode, Hasil: Hasil}\n"
    )


def _text(number: int, language: str, page: str) -> str:
    words = _WORDS[language]
    if page == "references":
        return "{{ reference-list study }}\n"
    paragraphs = []
    for citation in range(CITATIONS):
        locator = f", {words['section']} Hasil" if citation == 0 else ""
        paragraphs.append(f"{words['sentence']} [@{_key(number, citation)}{locator}].")
    paragraphs.insert(4, f"## {words['heading']} {{#what-was-found}}")
    return "\n\n".join(paragraphs) + "\n"
