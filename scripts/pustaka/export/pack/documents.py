"""What the documents of the course pack say: a study's handout, the whole study and its slides, as data for their templates."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from io import BytesIO
from urllib.parse import unquote

import lxml.etree
import lxml.html
import segno
from PIL import Image, UnidentifiedImageError

from pustaka.export.book.chapters import Book, parsed
from pustaka.export.book.front import front
from pustaka.export.pack import content
from pustaka.export.pack.content import Node
from pustaka.export.pack.typesetting import Typesetter
from pustaka.render.address import absolute
from pustaka.render.language import long_date
from pustaka.render.publication import Publication

#: The heading on a study's overview below which its limits stand, and the one below which its results do.
LIMITS, FOUND = "limits-in-short", "what-was-found"

#: Pictures that can stand in a drawing (usvg, "Unsupported SVG features": raster images are PNG, JPEG, GIF and WebP).
_RASTER = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}


class Desk:
    """Lays out what the documents of a book say.

    Args:
        book: a study in a language.
        media: the pictures that pages show, by their address below the site's root.
    """

    def __init__(self, publication: Publication, book: Book, typesetter: Typesetter, media: Mapping[str, bytes]):
        self._publication, self._book, self._typesetter, self._media = publication, book, typesetter, media
        self._root = absolute(publication.settings.address, "")
        self._front = front(publication, book, "html")
        self._words = self._front["words"]
        self._code = _code(self._front["address"], self._words["pack_code"])
        self._chapters = {chapter.id: self._read(chapter.body) for chapter in book.chapters}

    # -- the documents ----------------------------------------------------------------------------------------

    def study(self) -> dict:
        """The whole study."""
        words, shown = self._words, self._front
        terms = [term for element in self._book.terms for term in content.terms(element)]
        chapters = [
            {
                "id": chapter.id,
                "title": chapter.title,
                "description": chapter.page.description if number else "",
                "address": chapter.address,
                "in": self._chapters[chapter.id],
            }
            for number, chapter in enumerate(self._book.chapters)
        ]
        made = {
            **self._common(shown["title"], self._book.overview),
            "words": {
                "scan": words["pack_scan"],
                "contents": words["book_contents"],
                "page": words["book_page"],
                "terms": words["book_terms"],
                "cited": words["book_cited"],
                "imprint": words["book_imprint"],
            },
            "about": f"{words['book_about']}: {shown['source']}.",
            "basis": shown["basis_note"],
            "written": f"{words['book_by']} {shown['publisher']}.",
            "chapters": chapters,
            "terms": [{"is": "terms", "items": terms}] if terms else [],
            "references": self._references(shown["references"]),
            "imprint": list(self._imprint()),
        }
        return content.settled(made, {"references"})

    def handout(self) -> dict:
        """Two pages: the summary, the findings, a figure, the limits, the works cited, how to cite."""
        words, shown = self._words, self._front
        overview = self._chapters[self._book.chapters[0].id]
        first = self._book.chapters[0].id
        summary = content.noted(overview, "summary")
        findings = list(self._findings())
        limits = _for_a_sheet(content.section(overview, f"{first}-{LIMITS}"))
        said: list[Node] = [summary["in"] if summary else [], [finding["in"] for finding in findings], limits]
        found = [] if findings else _for_a_sheet(content.section(overview, f"{first}-{FOUND}"))
        figure = self._figure()
        keys = content.cited([*said, found, figure or []])
        made = {
            **self._common(shown["title"], self._book.overview),
            "words": {
                "scan": words["pack_scan"],
                "findings": words["pack_findings"],
                "each-finding": words["pack_each_finding"],
                "references": words["book_cited"],
                "how_to_cite": words["how_to_cite"],
            },
            "about": f"{words['book_about']}: {shown['source']}. {shown['basis_note']}",
            "summary-title": summary["title"] if summary else [],
            "summary": summary["in"] if summary else [],
            "findings": findings,
            "findings-shown": _first_to_last([finding["address"] for finding in findings]),
            "found": found,
            "found-title": self._title(f"{first}-{FOUND}"),
            "figure": figure,
            "limits": limits,
            "limits-title": self._title(f"{first}-{LIMITS}"),
            "references": [entry for entry in self._references(shown["references"]) if entry["id"] in keys],
            "cited": [{"label": label, "in": cited["in"][0]["in"]} for label, cited in zip(self._cite_labels(), self._imprint(), strict=False)],
        }
        return content.settled(made)

    def slides(self, slides: Book, sizes: Sequence[int]) -> dict:
        """The slides of a page of slides.

        Args:
            slides: the book that holds that page alone.
            sizes: of the letters, in points, the largest first.
        """
        words, shown = self._words, self._front
        chapter = slides.chapters[0]
        lead, parts = _slides(self._read(chapter.body))
        notes = content.noted(lead, "notes")
        made = {
            **self._common(f"{shown['title']} – {chapter.page.title}", self._book.overview),
            "heading": shown["title"],
            "kind": chapter.page.title,
            "words": {"scan": words["pack_scan"], "notes": words["pack_notes"]},
            "about": f"{words['book_about']}: {shown['source']}. {shown['basis_note']}",
            "slides": parts,
            "notes": notes["in"] if notes else [],
            "sizes": list(sizes),
        }
        return content.settled(made)

    # -- parts ------------------------------------------------------------------------------------------------

    def _common(self, title: str, page) -> dict:
        """What every document says of itself."""
        words, publication, book = self._words, self._publication, self._book
        day = book.study.updated  # the edition's: the overview may be older
        address = self._front["address"]
        edition = f"{words['pack_version']} {book.study.version}, {long_date(day, publication.locale(book.language))}"
        licence = self._front["site_licence"]
        return {
            "language": book.language,
            "title": title,
            "description": page.description,
            "site": self._front["site_name"],
            "publisher": self._front["publisher"],
            "keywords": self._front["study"]["keywords"],
            "date": [int(part) for part in day.split("-")],
            "address": address,
            "address-shown": _breakable(address),
            "edition": edition,
            "foot": f"{self._front['site_name']} · {_bare(address)} · {edition}",
            "code": self._code,
            "licence": {"before": words["site_licence"], "name": licence["text"], "href": licence["href"] or self._root},
        }

    def _read(self, element: lxml.html.HtmlElement) -> list[dict]:
        """What stands in an element, its pictures as drawings."""
        blocks = content.blocks(element)
        for figure in list(content.every(blocks)):
            if figure["is"] == "figure":
                self._draw(figure)
        return blocks

    def _draw(self, figure: dict) -> None:
        """Give a figure its drawing; one whose picture no document can show says what is on it."""
        if "drawing" in figure:
            figure["drawing"] = self._typesetter.styled(figure["drawing"])
        elif picture := _as_drawing(self._media.get(unquote(figure.pop("picture", "")).removeprefix(self._root), b"")):
            figure["drawing"], figure["ratio"] = picture
        else:
            words = [{"is": "em", "in": figure["alternative"]}, " ", *figure["caption"]]
            kept = {"id": figure["id"]} if "id" in figure else {}
            figure.clear()
            figure.update({"is": "paragraph", "in": words, **kept})

    def _findings(self) -> Iterator[dict]:
        """The study's numbered findings that begin with a statement."""
        by_name = {self._book.study.part(chapter.page.name): chapter for chapter in self._book.chapters}
        for finding in self._book.study.findings:
            if chapter := by_name.get(finding.page):
                identifier = f"{chapter.id}-{finding.anchor}"
                statement = content.noted(content.section(self._chapters[chapter.id], identifier), "finding")
                if statement:
                    address = f"{self._root}{self._book.study.finding_url(finding, self._book.language)}"
                    yield {"number": finding.number, "address": address, "title": self._title(identifier), "in": _unmarked(statement["in"])}

    def _title(self, identifier: str) -> list[Node]:
        """The words of a heading."""
        headings = (node for nodes in self._chapters.values() for node in nodes if node["is"] == "heading" and node.get("id") == identifier)
        return next((_unmarked(heading["in"]) for heading in headings), [])

    def _figure(self) -> dict | None:
        """The study's first figure, in the order of its pages."""
        figures = (node for nodes in self._chapters.values() for node in content.every(nodes) if node["is"] == "figure")
        figure = next(figures, None)
        return {name: value for name, value in figure.items() if name != "id"} | {"caption": []} if figure else None

    def _references(self, entries: Iterable[dict]) -> list[dict]:
        return [{"is": "item", "id": entry["id"], "in": content.line(parsed(entry["html"]))} for entry in entries]

    def _cite_labels(self) -> tuple[str, str]:
        return self._words["pack_cite_study"], self._words["pack_cite_pages"]

    def _imprint(self) -> Iterator[dict]:
        """How to cite the study and its pages, and the study's record: the sections that a book ends with."""
        values = self._front | {"heading": "h2"}
        markup = self._publication.templates.get_template("book/imprint.html").render(**values)
        for element in parsed(markup).iterchildren("section"):
            blocks = content.blocks(element)
            if blocks and blocks[0]["is"] == "heading":
                title = content.text(blocks[0]["in"])
                yield {"is": "part", "id": element.get("id"), "title": title, "in": [_without_id(node) for node in blocks[1:]]}


def _code(address: str, alternative: str) -> dict:
    """An address as a QR code (ISO/IEC 18004), four modules of white around it.

    Args:
        alternative: what is said of it to those who do not see it, with a place for the address.
    """
    out = BytesIO()
    segno.make_qr(address, error="m").save(out, kind="svg", border=4, xmldecl=False, light="#fff", svgclass=None, lineclass=None, omitsize=True)
    return {"drawing": out.getvalue().decode().strip(), "ratio": 1, "alternative": alternative.format(address=address)}


def _unmarked(nodes: Node) -> Node:
    """Nodes without the places that a link could lead to: for where they stand a second time."""
    if isinstance(nodes, list):
        return [_unmarked(node) for node in nodes if not (isinstance(node, dict) and node["is"] == "mark")]
    if isinstance(nodes, dict):
        leads = nodes.get("is") in ("to", "cite")
        return {
            name: _unmarked(value) if name in ("in", "items", "title", "caption", "term") else value
            for name, value in nodes.items()
            if name != "id" or leads
        }
    return nodes


def _without_id(node: dict) -> dict:
    return {name: value for name, value in node.items() if name != "id"}


def _for_a_sheet(blocks: Sequence[dict]) -> list[dict]:
    """A section as a sheet has room for it: its paragraphs and lists."""
    return [_unmarked(node) for node in blocks if node["is"] in ("paragraph", "list")]


def _slides(blocks: Sequence[dict]) -> tuple[list[dict], list[dict]]:
    """What stands above the first slide, and the slides: each begins with a heading of level 2."""
    starts = [at for at, node in enumerate(blocks) if node["is"] == "heading" and node["level"] == 2]
    ends = [*starts[1:], len(blocks)]
    lead = list(blocks[: starts[0]] if starts else blocks)
    return lead, [_slide(blocks[start], blocks[start + 1 : end]) for start, end in zip(starts, ends, strict=True)]


def _slide(heading: dict, blocks: Sequence[dict]) -> dict:
    """A slide: its title, what it says, its first figure, and the speaker's notes."""
    figure = next((node for node in blocks if node["is"] == "figure"), None)
    notes = [each for node in blocks if node["is"] == "note" and node["kind"] == "notes" for each in node["in"]]
    said = [node for node in blocks if node is not figure and not (node["is"] == "note" and node["kind"] == "notes")]
    shown = {"title": heading["in"], "in": said, "figure": figure, "notes": notes}
    return {name: _gathered(_unmarked(nodes)) for name, nodes in shown.items()}


def _gathered(nodes: Node) -> Node:
    """Nodes in which a citation and the brackets and semicolons of its group are one muted node: on a slide they are one size."""
    if isinstance(nodes, dict):
        return {name: _gathered(value) if isinstance(value, (list, dict)) else value for name, value in nodes.items()}
    if not isinstance(nodes, list):
        return nodes
    out: list[Node] = []
    for node in map(_gathered, nodes):
        before = out[-1] if out else None
        if isinstance(node, dict) and node.get("is") == "cite":
            if isinstance(before, str) and before.endswith("("):
                out[-1] = before[:-1]
                out.append({"is": "muted", "in": ["(", node["in"]]})
            elif isinstance(before, str) and before == "; " and _is_muted(out[-2:-1]):
                out.pop()
                out[-1]["in"] += ["; ", node["in"]]
            else:
                out.append({"is": "muted", "in": [node["in"]]})
        elif isinstance(node, str) and node.startswith(")") and _is_muted(out[-1:]) and before["in"][0] == "(":
            before["in"].append(")")
            out.append(node[1:])
        else:
            out.append(node)
    return [node for node in out if node != ""]


def _is_muted(nodes: list[Node]) -> bool:
    return bool(nodes) and isinstance(nodes[0], dict) and nodes[0].get("is") == "muted"


def _bare(address: str) -> str:
    """An address as it is typed."""
    return re.sub("^https?://", "", address)


def _first_to_last(addresses: Sequence[str]) -> str:
    """Addresses that differ in their last part alone: the first, and the last part of the last."""
    shown = [_bare(addresses[0])] if addresses else []
    if len(addresses) > 1:
        shown.append(f"{addresses[-1].rstrip('/').rpartition('/')[2]}/")
    return " … ".join(shown)


def _breakable(address: str) -> str:
    """An address that may break behind a slash, which no reader types."""
    scheme, mark, rest = address.partition("://")
    return f"{scheme}{mark}{rest.replace('/', '/​')}".removesuffix("​")


def _as_drawing(picture: bytes) -> tuple[str, float] | None:
    """A picture of the site as a drawing, and how high it is for its width; None of a kind that cannot be."""
    if picture.lstrip()[:1] == b"<":
        return _safe_drawing(picture)
    try:
        with Image.open(BytesIO(picture)) as image:
            width, height, kind = image.width, image.height, _RASTER.get(image.format or "")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        return None
    if not kind:
        return None
    href = escape(f"data:{kind};base64,{b64encode(picture).decode()}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"><image width="{width}" height="{height}" href="{href}"/></svg>',
        height / width,
    )


def _safe_drawing(picture: bytes) -> tuple[str, float] | None:
    """An SVG file as it may stand in a document: nothing outside it is looked up."""
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = lxml.etree.fromstring(picture, parser)
    except lxml.etree.XMLSyntaxError:
        return None
    for image in list(root.iter("{http://www.w3.org/2000/svg}image")):
        image.getparent().remove(image)
    numbers = re.findall(r"\d+(?:\.\d+)?", root.get("viewBox", "0 0 1 1"))
    ratio = float(numbers[3]) / float(numbers[2]) if len(numbers) == 4 and float(numbers[2]) else 1
    return lxml.etree.tostring(root, encoding="unicode"), ratio
