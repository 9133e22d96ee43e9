"""A study's course pack in a language: its questions, its cartridge, and one ZIP file with all that the study's pages offer."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence

from pustaka.export.book import BookFile, address
from pustaka.export.pack import imprint
from pustaka.export.pack.cartridge import cartridge, zipped
from pustaka.export.pack.questions import QuestionBank, gift, moodle_xml, question_bank
from pustaka.model import TEACHING, Page, Study
from pustaka.render.language import file_size
from pustaka.render.publication import Publication

#: So many letters stand in a line of the README, which any editor shows.
_WIDTH = 78

#: The interface words that say how to import the pack: a title, and what to do, a paragraph on each line; in it {suffix} names a file.
_HOW = (("pack_readme_moodle_title", "pack_readme_moodle"), ("pack_readme_canvas_title", "pack_readme_canvas"))
_NAMED = re.compile(r"\{(\w+)\}")

#: The kind of the one document that the cartridge carries itself.
_HANDOUT = "pack_handout"


def packs(
    publication: Publication, contents: Mapping[str, str], made: Mapping[str, tuple[BookFile, ...]], overviews: Iterable[Page]
) -> dict[str, tuple[BookFile, ...]]:
    """All files that pages offer, with those of the course packs, by the path of the page that offers them; the whole pack comes first.

    Args:
        contents: the HTML of each page's text, by the page's path.
        made: the documents, by the path of the page that offers them: a pack has those of the study's overview and teaching page.
        overviews: of the studies whose packs are made.
    """
    offered = dict(made)
    for overview in overviews:
        study = publication.site.study_of(overview)
        teaching = publication.site.page(overview.language, study.page_name(TEACHING))
        if teaching and teaching.path in contents:
            offered[teaching.path] = _pack(publication, study, teaching, contents, made)
    return offered


def _pack(
    publication: Publication, study: Study, page: Page, contents: Mapping[str, str], made: Mapping[str, tuple[BookFile, ...]]
) -> tuple[BookFile, ...]:
    """What a teaching page offers."""
    language = page.language
    overview = publication.site.page(language, study.name)
    documents, taught = (made.get(each.path, ()) if each else () for each in (overview, page))
    bank = question_bank(publication, study, language, contents)
    handout = next((file for file in taught if file.kind == _HANDOUT), None)
    links = BookFile(
        address(study, language, "imscc", "links"),
        "application/vnd.ims.imsccv1p1",
        cartridge(publication, study, language, contents, bank, handout),
        "pack_links",
    )
    files = (*taught, *(_questions(study, language, bank) if bank else ()), links)
    archive = _archive(publication, study, page, (*files, *documents))
    return (BookFile(address(study, language, "zip", "course"), "application/zip", archive, "pack_zip"), *files)


def _questions(study: Study, language: str, bank: QuestionBank) -> tuple[BookFile, BookFile]:
    return (
        BookFile(address(study, language, "xml", "questions"), "application/xml", moodle_xml(bank), "pack_moodle"),
        BookFile(address(study, language, "gift", "questions"), "text/plain", gift(bank), "pack_gift"),
    )


def _archive(publication: Publication, study: Study, page: Page, files: Sequence[BookFile]) -> bytes:
    """The ZIP file: a folder with the files and a README, sorted by name, dated by the edition."""
    folder = address(study, page.language, "zip", "course").rpartition("/")[2].removesuffix(".zip")
    named = {_name(file): file.data for file in files} | {"README.txt": _readme(publication, study, page, files).encode("utf-8")}
    return zipped({f"{folder}/{name}": named[name] for name in sorted(named)}, study.updated)


def _name(file: BookFile) -> str:
    return file.address.rpartition("/")[2]


def _readme(publication: Publication, study: Study, page: Page, files: Sequence[BookFile]) -> str:
    """The README in the language of the pack: what each file is, how to import it, who may do what with it, how to cite it."""
    language, settings = page.language, publication.settings
    words, locale = publication.words(language), publication.locale(language)
    licence = publication.licence(settings.licence, language)
    by_suffix = {_name(file).rpartition(".")[2]: _name(file) for file in files}
    title = publication.title_of(study, language)
    parts = [title, "=" * min(len(title), _WIDTH), "", *_wrapped(words["pack_readme"].format(site=settings.name)), ""]
    parts += [wrapped for line in imprint.notes(publication, study, page) for wrapped in _wrapped(line)]
    parts += ["", *_heading(words["pack_readme_files"])]
    for file in files:
        size = file_size(file.size, locale)
        parts += [_name(file), *_wrapped(f"{words[file.kind]} ({size}). {words.get(f'{file.kind}_for', '')}".strip(), "  "), ""]
    for title, how in _HOW:
        lines = [line for line in words[how].split("\n") if by_suffix.keys() >= set(_NAMED.findall(line))]  # of what is in this pack
        parts += [*_heading(words[title]), *(wrapped for line in lines for wrapped in (*_wrapped(line.format(**by_suffix)), ""))]
    parts += _heading(words["pack_readme_licence_title"])
    parts += _wrapped(words["pack_readme_licence"].format(licence=f"{licence['text']}, {licence['href']}", allowed=publication.allowed(language)))
    return "\n".join(parts) + "\n"


def _heading(title: str) -> list[str]:
    return [title, "-" * min(len(title), _WIDTH)]


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
