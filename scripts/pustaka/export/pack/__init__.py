"""The documents of the course pack, made from the same pages as the site: a handout, the whole study, slides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from pustaka.export.book import BookFile, address
from pustaka.export.book.chapters import Binding, Book
from pustaka.export.pack import content
from pustaka.export.pack.documents import Desk
from pustaka.export.pack.presentation import presentation
from pustaka.export.pack.typesetting import PackError, Typesetter
from pustaka.kept import NOTHING_KEPT, Kept
from pustaka.model import TEACHING, Page
from pustaka.render.publication import Publication

__all__ = ["PackError", "documents", "joined"]

PDF = "application/pdf"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"

#: A handout has two pages. Its letters are as large as lets it have them: in points, from the smallest that is read without trouble.
PAGES = 2
HANDOUT_SIZES = tuple(size / 4 for size in range(33, 51))

#: So much smaller, in points, may its letters be for all findings to stand on its first side.
_GIVEN_UP = 1.25

#: The letters of a slide, in points on a slide 540 points high: the smallest are a 25th of its height.
SLIDE_SIZES = (32, 30, 28, 26, 24, 22, 21)

#: Typst works without the interpreter's lock.
_THREADS = 2


def documents(
    publication: Publication,
    binding: Binding,
    templates: Mapping[str, str],
    media: Mapping[str, bytes],
    overviews: Iterable[Page],
    kept: Kept = NOTHING_KEPT,
) -> dict[str, tuple[BookFile, ...]]:
    """The documents of studies in a language, by the path of the page that offers them.

    Args:
        overviews: of the studies whose documents are made.
        templates: the texts of the files in `overrides/pack/`, by name.
        media: the pictures that pages show, by their address below the site's root.
        kept: where what was made is kept for the next build.

    Raises:
        PackError: a document cannot be made: a text is too long for its place, or Typst refuses it.
    """
    typesetter = Typesetter(templates, kept)
    asked: list[tuple[str, Callable[[], BookFile]]] = []
    for overview in overviews:
        study, language = publication.site.study_of(overview), overview.language
        book = binding.book(study, language)
        if book and book.chapters:
            desk = Desk(publication, book, typesetter, media)
            asked.extend(_asked(publication, book, binding.slides(study, language), desk, typesetter))
    made: dict[str, tuple[BookFile, ...]] = {}
    with ThreadPoolExecutor(_THREADS, "pack") as pool:
        for (path, _), file in zip(asked, pool.map(lambda each: each[1](), asked), strict=True):
            made[path] = (*made.get(path, ()), file)
    return made


def joined(*made: Mapping[str, tuple[BookFile, ...]]) -> dict[str, tuple[BookFile, ...]]:
    """The files of several makers, by the path of the page that offers them."""
    paths = dict.fromkeys(path for some in made for path in some)
    return {path: tuple(file for some in made for file in some.get(path, ())) for path in paths}


def _asked(
    publication: Publication, book: Book, slides: Book | None, desk: Desk, typesetter: Typesetter
) -> Iterator[tuple[str, Callable[[], BookFile]]]:
    """Each document of a book: the path of the page that offers it, and what makes it."""
    study, language, overview = book.study, book.language, book.overview
    teaching = publication.site.page(language, study.page_name(TEACHING)) or overview

    def named(kind: str, suffix: str, media_type: str, label: str, make: Callable[[], bytes]) -> Callable[[], BookFile]:
        return lambda: BookFile(address(study, language, suffix, kind), media_type, make(), label)

    whole, sheet = desk.study(), desk.handout()
    yield overview.path, named("", "pdf", PDF, "pack_study", lambda: typesetter.pdf("study", whole, overview.path))
    yield teaching.path, named("handout", "pdf", PDF, "pack_handout", lambda: _handout(typesetter, sheet, overview.path))
    if slides:
        path, shown = slides.chapters[0].page.path, desk.slides(slides, SLIDE_SIZES)
        yield teaching.path, named("slides", "pdf", PDF, "pack_slides_pdf", lambda: typesetter.pdf("slides", shown, path))
        yield (
            teaching.path,
            named("slides", "pptx", PPTX, "pack_slides_pptx", lambda: presentation(shown, _sizes(typesetter, shown, path), typesetter)),
        )


# -- What must fit -----------------------------------------------------------------------------------------------


def _handout(typesetter: Typesetter, sheet: dict, path: str) -> bytes:
    """The handout in the largest letters in which it has two pages; where little is to be told, it has one.

    Raises:
        PackError: even in the smallest it has more.
    """

    def pages(size: float, apart: str = "no") -> int:
        return typesetter.values("handout", sheet, path, "pages", size=str(size), apart=apart)[0]

    if pages(HANDOUT_SIZES[0]) > PAGES:
        parts = {
            "the summary": content.text(sheet["summary"]),
            "the findings": content.text([finding["in"] for finding in sheet["findings"]]),
            "the limits": content.text(sheet["limits"]),
        }
        counts = {name: len(words.split()) for name, words in parts.items()}
        longest = max(counts, key=counts.__getitem__)
        told = ", ".join(f"{name} {count}" for name, count in counts.items())
        raise PackError(
            f"{path}: the handout of the study does not fit on two pages, even in letters of {HANDOUT_SIZES[0]:g} points: "
            f"shorten {longest} first (words: {told})"
        )
    low, high = 0, len(HANDOUT_SIZES) - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if pages(HANDOUT_SIZES[middle]) <= PAGES else (low, middle - 1)
    fitting = HANDOUT_SIZES[low::-1]
    side_by_side = [(size, "yes") for size in fitting if size > fitting[0] - _GIVEN_UP]
    for size, apart in (*side_by_side, *((size, "no") for size in fitting)):
        if pages(size, apart) == PAGES:
            return typesetter.pdf("handout", sheet, path, size=str(size), apart=apart)
    return typesetter.pdf("handout", sheet, path, size=str(fitting[0]), apart="no")


def _sizes(typesetter: Typesetter, shown: dict, path: str) -> list[int]:
    """The size of the letters of each slide.

    Raises:
        PackError: there is more on a slide than it has room for.
    """
    found = typesetter.values("slides", shown, path, "slide")
    for each in found:
        if not each["fits"]:
            title = content.text(shown["slides"][each["number"] - 1]["title"])
            raise PackError(f"{path}: the slide “{title}” says more than it has room for: shorten it, or make two of it")
    return [each["size"] for each in found]
