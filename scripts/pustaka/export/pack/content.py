"""The HTML of pages as plain data, which a Typst template or a presentation sets: no character in it is markup of either.

A node is a string, a list of nodes, or a dict whose `is` names it; what stands in it is under `in`:

- in a line: em, strong, code, quoted, muted, sub, sup, `lang` (with `lang`), `link` (with `href`, an address), `cite` and `to` (with `id`,
  a place in the document), break;
- by itself: paragraph, heading (`level`, from 1), list (`style`: bullet, number, letter or plain; `start`; `items`), terms (`items` of `term` and
  `in`), table (`head`, `rows`, `widths`), figure (`drawing`, SVG, or `picture`, an address; `alternative`, `caption`), note (`kind`, `title`),
  quotation, code-block, rule, mark (`id`).

What can be led to has an `id`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import unquote

import lxml.etree
from lxml.html import HtmlElement

Node = str | list | dict

_SVG = "{http://www.w3.org/2000/svg}"
_WORD_SPACE = re.compile(r"[ \t\n\r\f]+")

#: The elements that stand in a line, and what they are here; those of "" are what stands in them (HTML, 4.5).
_INLINE = {
    **dict.fromkeys(("em", "i", "cite", "var", "dfn"), "em"),
    **dict.fromkeys(("strong", "b"), "strong"),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), "code"),
    **dict.fromkeys(("a", "abbr", "bdi", "bdo", "data", "del", "ins", "label", "mark", "s", "small", "span", "time", "u", "wbr", "ruby", "rt"), ""),
    **{"q": "quoted", "sub": "sub", "sup": "sup", "br": "break", "img": "img"},
}

#: The classes of words that matter less than what they stand beside.
_LESSER = frozenset({"kind", "where", "size", "other-term", "see"})

#: The blocks of pages (`/// note | Title`).
_BLOCK = "admonition"

#: The nodes that lead to a place in the document.
_LEADING = ("to", "cite")

_LIST_STYLES = {"a": "letter", "A": "letter"}


def blocks(element: HtmlElement, above: int = 0) -> list[dict]:
    """What stands in an element, as blocks.

    Args:
        element: a chapter's text, or a part of it.
        above: how much is added to the levels of its headings: an <h2> is a heading of level 2 + above.
    """
    return list(_Reader(above).blocks(element))


def line(element: HtmlElement) -> list[Node]:
    """What stands in an element that has no blocks in it, as one line."""
    return _Reader(0).line(element)


def terms(element: HtmlElement) -> list[dict]:
    """The terms of a description list, or of one of its groups."""
    return list(_Reader(0).terms(element))


def settled(document: Node, kept: frozenset[str] | set[str] = frozenset()) -> Node:
    """A document with every link within it leading somewhere: what leads nowhere is text, and of two places of one id the first stays.

    Args:
        document: nodes, in dicts or lists of any shape.
        kept: ids of places that the template itself makes.
    """
    ids = kept | {place["id"] for place in _dicts(document) if "id" in place and place.get("is") not in _LEADING}
    seen = set(kept)

    def settle(value: Node) -> Node:
        if isinstance(value, (list, tuple)):
            return [settle(each) for each in value]
        if not isinstance(value, dict):
            return value
        leading = value.get("is") in _LEADING
        if leading and value["id"] not in ids:
            return {"is": "muted", "in": settle(value["in"])} if value["is"] == "cite" else settle(value["in"])
        if not leading and "id" in value:
            if value["id"] in seen:
                value = {name: each for name, each in value.items() if name != "id"}
            else:
                seen.add(value["id"])
        return {name: settle(each) for name, each in value.items()}

    return settle(document)


def _dicts(value: Node) -> Iterator[dict]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for each in value:
            if isinstance(each, (list, tuple, dict)):
                yield from _dicts(each)


def every(nodes: Node) -> Iterator[dict]:
    """All the nodes with a name among nodes and in them, in their order."""
    return (each for each in _dicts(nodes) if "is" in each)


def text(content: Node) -> str:
    """The words of some content."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(map(text, content))
    if content["is"] == "break":
        return " "
    return "".join(text(content[name]) for name in ("title", "in", "caption", "items", "term", "head", "rows") if name in content)


def section(content: Sequence[dict], identifier: str) -> list[dict]:
    """What stands below a heading, up to the next of its level or above; nothing where there is no heading of that id."""
    at = next((at for at, node in enumerate(content) if node["is"] == "heading" and node.get("id") == identifier), None)
    if at is None:
        return []
    below = content[at + 1 :]
    level = content[at]["level"]
    end = next((end for end, node in enumerate(below) if node["is"] == "heading" and node["level"] <= level), len(below))
    return list(below[:end])


def noted(content: Iterable[dict], kind: str) -> dict | None:
    """The first block of a kind: "summary", "finding", "notes"."""
    return next((node for node in content if node["is"] == "note" and node["kind"] == kind), None)


def cited(content: Node) -> set[str]:
    """The ids of the references that some content leads to."""
    return {node["id"] for node in every(content) if node["is"] in ("cite", "to") and node["id"].startswith("ref-")}


class _Reader:
    """Reads an element; one that stands in a line is a node, one that stands by itself a block."""

    def __init__(self, above: int):
        self._above = above

    # -- blocks -----------------------------------------------------------------------------------------------

    def blocks(self, element: HtmlElement) -> Iterator[dict]:
        run = _Line()
        run.text(element.text)
        for child in element:
            if not isinstance(child.tag, str):
                run.text(child.tail)
                continue
            if child.tag in _INLINE:
                self._inline(child, run)
            else:
                yield from run.paragraph()
                run = _Line()
                yield from self._block(child)
            run.text(child.tail)
        yield from run.paragraph()

    def _block(self, element: HtmlElement) -> Iterator[dict]:
        tag = element.tag
        identifier = {"id": element.get("id")} if element.get("id") else {}
        classes = (element.get("class") or "").split()
        if tag == "p":
            inside = self.line(element)
            if set(classes) & _LESSER:
                inside = [{"is": "muted", "in": inside}]
            if text(inside).strip():
                yield {"is": "paragraph", "in": inside, **identifier}
        elif re.fullmatch("h[1-6]", tag):
            yield {"is": "heading", "level": int(tag[1]) + self._above, "in": self.line(element), **identifier}
        elif tag in ("ul", "ol"):
            yield {"is": "list", **_list_style(element), "items": [_item(self, item) for item in element.iterchildren("li")], **identifier}
        elif tag == "dl":
            yield {"is": "terms", "items": list(self.terms(element)), **identifier}
        elif tag == "table":
            yield {**self._table(element), **identifier}
        elif tag in ("figure", f"{_SVG}svg"):
            yield from self._figure(element, identifier)
        elif tag == "details":
            summary = next(element.iterchildren("summary"), None)
            yield {"is": "note", "kind": "details", "title": self.line(summary) if summary is not None else [], "in": self._without(element, summary)}
        elif _BLOCK in classes:
            title = next((child for child in element.iterchildren("p") if child.get("class") == "admonition-title"), None)
            kind = next((name for name in classes if name != _BLOCK), "note")
            inside = self.line(title) if title is not None else []
            yield {"is": "note", "kind": kind, "title": inside, "in": self._without(element, title), **identifier}
        elif tag == "blockquote":
            yield {"is": "quotation", "in": list(self.blocks(element)), **identifier}
        elif tag == "pre":
            yield {"is": "code-block", "in": element.text_content().rstrip("\n"), **identifier}
        elif tag == "hr":
            yield {"is": "rule"}
        else:
            if identifier:
                yield {"is": "mark", **identifier}
            yield from self.blocks(element)

    def _without(self, element: HtmlElement, left_out: HtmlElement | None) -> list[dict]:
        """What stands in an element, but for one that stands in it."""
        if left_out is None:
            return list(self.blocks(element))
        copy = element.__deepcopy__({})
        place = element.index(left_out)
        tail = copy[place].tail
        copy.remove(copy[place])
        if place == 0:
            copy.text = (copy.text or "") + (tail or "")
        return list(self.blocks(copy))

    def terms(self, element: HtmlElement) -> Iterator[dict]:
        """The groups of a description list, each in a <div> or not (HTML, 4.4.9)."""
        term: dict = {}
        for child in element.iter("dt", "dd"):
            if child.tag == "dt":
                if term:
                    yield term
                identifier = child.get("id") or child.getparent().get("id")
                term = {"is": "term", "term": self.line(child), "in": [], **({"id": identifier} if identifier else {})}
            elif term:
                term["in"].extend(self.blocks(child))
        if term:
            yield term

    def _table(self, element: HtmlElement) -> dict:
        rows = list(element.iter("tr"))
        head = [row for row in rows if row.getparent().tag == "thead" or all(cell.tag == "th" for cell in row)][:1]
        cells = [[self._cell(cell) for cell in row.iterchildren("th", "td")] for row in rows]
        columns = max((len(row) for row in cells), default=0)
        cells = [row + [{"is": "cell", "in": [], "side": "left"}] * (columns - len(row)) for row in cells]
        first, body = ([cells[rows.index(head[0])]], [row for row, of in zip(cells, rows, strict=True) if of is not head[0]]) if head else ([], cells)
        caption = next(element.iterchildren("caption"), None)
        return {
            "is": "table",
            "head": first,
            "rows": body,
            "widths": [_width([row[column] for row in cells]) for column in range(columns)],
            "caption": self.line(caption) if caption is not None else [],
        }

    def _cell(self, element: HtmlElement) -> dict:
        side = next((name for name in (element.get("class") or "").split() if name in ("right", "center")), "left")
        return {"is": "cell", "in": list(self.blocks(element)), "side": side}

    def _figure(self, element: HtmlElement, identifier: Mapping) -> Iterator[dict]:
        caption = next(element.iterchildren("figcaption"), None)
        inside = self.line(caption) if caption is not None else []
        drawing = next(element.iter(f"{_SVG}svg"), None)
        image = next(element.iter("img"), None)
        if drawing is not None:
            title, description = (drawing.findtext(f"{_SVG}{name}") or "" for name in ("title", "desc"))
            alternative = ". ".join(filter(None, (title.strip().rstrip("."), description.strip())))
            markup = lxml.etree.tostring(drawing, encoding="unicode", with_tail=False)
            width, height = _size(drawing)
            yield {"is": "figure", "drawing": markup, "ratio": height / width, "alternative": alternative, "caption": inside, **identifier}
        elif image is not None:
            yield {"is": "figure", "picture": image.get("src", ""), "alternative": image.get("alt", ""), "caption": inside, **identifier}
        else:
            yield from self.blocks(element)

    # -- lines ------------------------------------------------------------------------------------------------

    def line(self, element: HtmlElement) -> list[Node]:
        run = _Line()
        self._into(element, run)
        return run.finished()

    def _into(self, element: HtmlElement, run: _Line) -> None:
        run.text(element.text)
        for child in element:
            if isinstance(child.tag, str):
                self._inline(child, run)
            run.text(child.tail)

    def _inline(self, element: HtmlElement, run: _Line) -> None:
        kind = _INLINE.get(element.tag, "")
        if element.tag == "img":
            run.text(element.get("alt", ""))
            return
        if kind == "break":
            run.end_line()
            return
        wrappers = list(_wrappers(element, kind))
        for wrapper in wrappers:
            run.open(wrapper)
        if element.get("id"):
            run.put({"is": "mark", "id": element.get("id")})
        self._into(element, run)
        for _ in wrappers:
            run.close()


#: A language tag (RFC 5646, 2.1) that begins with a code of ISO 639.
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*$")


def _wrappers(element: HtmlElement, kind: str) -> Iterator[dict]:
    """The nodes around what stands in an inline element, the outermost first."""
    if _LANGUAGE.match(element.get("lang", "")):  # whatever else was written there, Typst takes no other
        yield {"is": "lang", "lang": element.get("lang")}
    href = element.get("href") if element.tag == "a" else None
    if href:
        if href.startswith("#"):
            role = "cite" if element.get("role") == "doc-biblioref" else "to"
            yield {"is": role, "id": unquote(href[1:])}
        elif re.match(r"(https?|mailto|tel):", href):
            yield {"is": "link", "href": href}
    if set((element.get("class") or "").split()) & _LESSER:
        yield {"is": "muted"}
    if kind:
        yield {"is": kind}


class _Line:
    """A line as it grows: of white space in a row one space stays, at its ends none (CSS Text 3, 4.1)."""

    def __init__(self):
        self._open: list[tuple[dict, list[Node]]] = [({}, [])]
        self._spaced = True

    def text(self, words: str | None) -> None:
        words = _WORD_SPACE.sub(" ", words or "")
        if self._spaced:
            words = words.removeprefix(" ")
        if words:
            self.put(words)
            self._spaced = words.endswith(" ")

    def put(self, node: Node) -> None:
        self._open[-1][1].append(node)

    def open(self, wrapper: dict) -> None:
        self._open.append((wrapper, []))

    def close(self) -> None:
        wrapper, inside = self._open.pop()
        if inside:
            self.put(wrapper | {"in": inside})

    def end_line(self) -> None:
        self.put({"is": "break"})
        self._spaced = True

    def finished(self) -> list[Node]:
        nodes = self._open[0][1]
        _strip(nodes)
        return nodes

    def paragraph(self) -> Iterator[dict]:
        nodes = self.finished()
        if text(nodes).strip():
            yield {"is": "paragraph", "in": nodes}
        else:
            yield from (node for node in nodes if isinstance(node, dict) and node["is"] == "mark")


def _strip(nodes: list[Node]) -> None:
    """Take the space off the end of a line."""
    while nodes:
        last = nodes[-1]
        if isinstance(last, dict):
            if last.get("in"):
                _strip(last["in"])
            return
        nodes[-1] = last.rstrip(" ")
        if nodes[-1]:
            return
        nodes.pop()


def _item(reader: _Reader, element: HtmlElement) -> dict:
    identifier = {"id": element.get("id")} if element.get("id") else {}
    return {"is": "item", "in": list(reader.blocks(element)), **identifier}


def _list_style(element: HtmlElement) -> dict:
    classes = (element.get("class") or "").split()
    start = element.get("start", "1")
    style = "plain" if "reference-list" in classes else "bullet"
    if element.tag == "ol":
        style = _LIST_STYLES.get(element.get("type", "1"), "number")
    return {"style": style, "start": int(start) if start.isdigit() else 1}


def _width(cells: Iterable[dict]) -> int:
    """How wide a column wants to be, in letters: enough for its longest word, and for its words on a few lines."""
    wide = 4
    for cell in cells:
        words = text(cell["in"]).split()
        wide = max(wide, min(len(" ".join(words)), 16 + len(" ".join(words)) // 4), *(len(word) for word in words)) if words else wide
    return min(wide, 60)


def _size(drawing: lxml.etree._Element) -> tuple[float, float]:
    """The width and height of a drawing by its view box (SVG 2, 8.6); square where it has none."""
    numbers = re.findall(r"-?\d+(?:\.\d+)?", drawing.get("viewBox", ""))
    width, height = map(float, numbers[2:4]) if len(numbers) == 4 else (1, 1)
    return (width, height) if width > 0 and height > 0 else (1, 1)
