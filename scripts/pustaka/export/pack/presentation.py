"""Slides as a presentation that can be changed: Office Open XML (ISO/IEC 29500), with titles, lists, tables and notes in their own places.

The same slides are the same bytes: every date in the file is the edition's.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import datetime
from io import BytesIO

import lxml.etree
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as Deck
from pptx.shapes.base import BaseShape
from pptx.slide import Slide
from pptx.text.text import TextFrame
from pptx.util import Emu, Pt

from pustaka.export.pack import content
from pustaka.export.pack.content import Node
from pustaka.export.pack.typesetting import Typesetter

#: The slide in points, as `overrides/pack/slides.typ` has it: 16 by 9.
WIDTH, HEIGHT, EDGE, FOOT = 960, 540, 56, 36

#: Letters that every program has; they are wider than those that the sizes are measured with.
HEADINGS, WORDS = "Georgia", "Arial"
_NARROWER = 0.84

INK, MUTED, ACCENT = "2A1B12", "574435", "7F2A12"

#: Pixels across a drawing: sharp on a projector.
_SHARP = 1000

_KEPT = (0, 1, 5)  # of the layouts of python-pptx's own template
_TITLE, _CONTENT, _TITLE_ONLY = range(len(_KEPT))  # where they stand when the others are gone


def presentation(shown: dict, sizes: Sequence[int], typesetter: Typesetter) -> bytes:
    """The bytes of a presentation.

    Args:
        shown: the slides, as `Desk.slides` lays them out.
        sizes: of the letters of each slide, in points.
    """
    deck = _blank()
    _first(deck, shown, typesetter)
    for number, (slide, size) in enumerate(zip(shown["slides"], sizes, strict=True), 1):
        _slide(deck, shown, slide, number, size * _NARROWER, typesetter)
    _describe(deck, shown)
    _drop(deck)
    out = BytesIO()
    deck.save(out)
    return _dated(out.getvalue(), shown["date"])


# -- The ground --------------------------------------------------------------------------------------------------


def _blank() -> Deck:
    """An empty presentation in the site's face: python-pptx's template, wide, with our letters and colours."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Pt(WIDTH), Pt(HEIGHT)
    _dress(deck)
    master = deck.slide_master
    for shape in master.placeholders:
        _place(shape, *_PLACES[shape.placeholder_format.type.name])
    for at in reversed(range(len(deck.slide_layouts))):
        if at not in _KEPT:
            deck.slide_layouts.remove(deck.slide_layouts[at])
    for layout in deck.slide_layouts:
        for shape in list(layout.placeholders):
            kind = shape.placeholder_format.type.name
            if kind in _PLACES:
                _place(shape, *_PLACES[kind])
    return deck


#: Where things stand, in points: left, top, width, height.
_PLACES = {
    "CENTER_TITLE": (EDGE, 120, WIDTH - 2 * EDGE, 150),
    "SUBTITLE": (EDGE, 280, WIDTH - 2 * EDGE, 120),
    "TITLE": (EDGE, 34, WIDTH - 2 * EDGE, 74),
    "BODY": (EDGE, 122, WIDTH - 2 * EDGE, HEIGHT - 122 - 66),
    "OBJECT": (EDGE, 122, WIDTH - 2 * EDGE, HEIGHT - 122 - 66),
    "DATE": (EDGE, HEIGHT - 48, 10, FOOT),
    "FOOTER": (EDGE, HEIGHT - 48, WIDTH - 2 * EDGE - 110, FOOT),
    "SLIDE_NUMBER": (WIDTH - EDGE - 100, HEIGHT - 48, 100, FOOT),
}


def _place(shape: BaseShape, left: float, top: float, width: float, height: float) -> None:
    shape.left, shape.top, shape.width, shape.height = Pt(left), Pt(top), Pt(width), Pt(height)


def _dress(deck: Deck) -> None:
    """Our letters and colours in the theme, and titles at the left in the master (ISO/IEC 29500-1, 20.1.6)."""
    master = deck.slide_master
    part = next(rel.target_part for rel in master.part.rels.values() if rel.reltype.endswith("/theme"))
    theme = lxml.etree.fromstring(part.blob)
    for place, face in (("majorFont", HEADINGS), ("minorFont", WORDS)):
        theme.find(f".//{qn('a:' + place)}/{qn('a:latin')}").set("typeface", face)
    for name, colour in (("dk1", INK), ("dk2", MUTED), ("accent1", ACCENT), ("hlink", ACCENT), ("folHlink", MUTED)):
        slot = theme.find(f".//{qn('a:clrScheme')}/{qn('a:' + name)}")
        slot[:] = [slot.makeelement(qn("a:srgbClr"), {"val": colour})]
    part._blob = lxml.etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)
    styles = master.element.find(qn("p:txStyles"))
    for level in styles.find(qn("p:titleStyle")).iterchildren():
        level.set("algn", "l")
        level.find(qn("a:defRPr")).set("b", "1")
        level.find(qn("a:defRPr")).set("sz", "3000")
    for shape in (*master.placeholders, *(each for layout in deck.slide_layouts for each in layout.placeholders)):
        body = shape._element.find(f"{qn('p:txBody')}/{qn('a:bodyPr')}")
        if body is not None:
            for name in ("lIns", "rIns"):
                body.set(name, "0")
            if shape.placeholder_format.type.name in ("TITLE", "CENTER_TITLE"):
                body.set("anchor", "b" if shape.placeholder_format.type.name == "CENTER_TITLE" else "ctr")
        for level in shape._element.iter(qn("a:lvl1pPr")):
            level.set("algn", "r" if shape.placeholder_format.type.name == "SLIDE_NUMBER" else "l")


# -- Slides ------------------------------------------------------------------------------------------------------


def _first(deck: Deck, shown: dict, typesetter: Typesetter) -> None:
    """The title slide: what, of which study, and the code that leads there."""
    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE])
    writer = _Writer(shown["language"])
    _line_across(slide)
    kind = slide.shapes.add_textbox(Pt(EDGE), Pt(64), Pt(WIDTH - 2 * EDGE), Pt(30))
    kind.text_frame.margin_left = 0
    writer.blocks(kind.text_frame, [{"is": "paragraph", "in": [f"{shown['site']} · {shown['kind']}"]}], 18, bold=True, colour=ACCENT)
    writer.fill(slide.shapes.title.text_frame, [shown["heading"]], 44 if len(shown["heading"]) < 60 else 36)
    lines = [[{"is": "em", "in": shown["description"]}]] if shown["description"] else []
    paragraphs = [{"is": "paragraph", "in": line} for line in (*lines, [shown["about"]])]
    writer.blocks(slide.placeholders[1].text_frame, paragraphs, 18, colour=MUTED)
    _picture(slide, shown["code"], (EDGE, 410, 84, 84), typesetter)
    box = slide.shapes.add_textbox(Pt(EDGE + 98), Pt(410), Pt(WIDTH - 2 * EDGE - 98), Pt(84))
    box.text_frame.word_wrap = True
    box.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    address = {"is": "link", "href": shown["address"], "in": shown["address"]}
    writer.blocks(box.text_frame, [{"is": "paragraph", "in": line} for line in ([shown["words"]["scan"]], [address], [shown["edition"]])], 14)
    _footer(slide, shown, writer)
    if shown["notes"]:
        writer.blocks(slide.notes_slide.notes_text_frame, shown["notes"], 12)


def _slide(deck: Deck, shown: dict, of: dict, number: int, size: float, typesetter: Typesetter) -> None:
    """A slide: its words at the left, its drawing at the right; or one of them across it."""
    table = next((node for node in of["in"] if node["is"] == "table"), None)
    said = [node for node in of["in"] if node is not table]
    figure = of["figure"]
    if figure and figure["caption"]:
        said = [*said, {"is": "paragraph", "in": figure["caption"]}]
    slide = deck.slides.add_slide(deck.slide_layouts[_CONTENT if said else _TITLE_ONLY])
    writer = _Writer(shown["language"])
    left, top, width, height = _PLACES["BODY"]
    beside = bool(figure and said)
    column = (WIDTH - 2 * EDGE) * 0.52 if beside else WIDTH - 2 * EDGE
    title = slide.shapes.title
    if beside:
        _place(title, EDGE, _PLACES["TITLE"][1], column, _PLACES["TITLE"][3])
    writer.fill(title.text_frame, of["title"], 30 if len(content.text(of["title"])) < (28 if beside else 56) else 24)
    if said:
        body = slide.placeholders[1]
        under = height if not table else min(height * 0.55, 40 + 24 * sum(1 + len(content.text(node)) // 60 for node in said))
        _place(body, left, top, column, under)
        writer.blocks(body.text_frame, said, size)
    else:
        under = 0
    if table:
        _table(slide, table, (left, top + under, width, height - under), size, writer)
    if figure:
        room = (EDGE + column + 30, EDGE / 2, WIDTH - 2 * EDGE - column - 30, HEIGHT - 66 - EDGE / 2) if beside else (left, top, width, height)
        _picture(slide, figure, room, typesetter)
    _footer(slide, shown, writer)
    if of["notes"]:
        writer.blocks(slide.notes_slide.notes_text_frame, of["notes"], 12)


def _picture(slide: Slide, figure: dict, room: tuple[float, float, float, float], typesetter: Typesetter) -> None:
    """A drawing in the middle of its room, with the words that stand for it."""
    left, top, width, height = room
    wide = min(width, height / figure["ratio"])
    high = wide * figure["ratio"]
    data = BytesIO(typesetter.png(figure["drawing"], _SHARP))
    place = (Pt(left + (width - wide) / 2), Pt(top + (height - high) / 2), Pt(wide), Pt(high))
    picture = slide.shapes.add_picture(data, *place)
    picture._element.nvPicPr.cNvPr.set("descr", figure["alternative"])


def _table(slide: Slide, table: dict, room: tuple[float, float, float, float], size: float, writer: _Writer) -> None:
    """A table with its first row as the head."""
    rows = [*table["head"], *table["rows"]]
    left, top, width, height = room
    size = min(size, 20)
    frame = slide.shapes.add_table(len(rows), len(table["widths"]), Pt(left), Pt(top), Pt(width), Pt(min(height, 34 * len(rows))))
    made = frame.table
    made.first_row, made.horz_banding = bool(table["head"]), False
    frame._element.nvGraphicFramePr.cNvPr.set("descr", "; ".join(" | ".join(content.text(cell["in"]) for cell in row) for row in rows))
    for column, share in zip(made.columns, table["widths"], strict=True):
        column.width = Emu(int(Pt(width) * share / sum(table["widths"])))
    for number, row in enumerate(rows):
        for at, cell in enumerate(row):
            place = made.cell(number, at)
            head = number == 0 and bool(table["head"])
            place.fill.solid()
            place.fill.fore_color.rgb = RGBColor.from_string(ACCENT if head else "FBF6EB")
            writer.blocks(place.text_frame, cell["in"], size, bold=head, colour="FFFFFF" if head else None)


def _footer(slide: Slide, shown: dict, writer: _Writer) -> None:
    """The foot of a slide, which python-pptx leaves out of new slides: the site's address and edition, and the slide's number."""
    for shape in slide.slide_layout.placeholders:
        kind = shape.placeholder_format.type.name
        if kind not in ("FOOTER", "SLIDE_NUMBER"):
            continue
        element = deepcopy(shape._element)
        slide.shapes._spTree.append(element)
        element.nvSpPr.cNvPr.set("id", str(max(int(each) for each in slide.shapes._spTree.xpath("//@id") if str(each).isdigit()) + 1))
        frame = next(placeholder for placeholder in slide.placeholders if placeholder._element is element).text_frame
        if kind == "FOOTER":
            writer.blocks(frame, [{"is": "paragraph", "in": [shown["foot"]]}], 10, colour=MUTED)
        else:
            for properties in frame.paragraphs[0]._p.iter(qn("a:rPr")):
                properties.set("lang", writer.language)
                fill = properties.makeelement(qn("a:solidFill"), {})
                fill.append(fill.makeelement(qn("a:schemeClr"), {"val": "tx2"}))
                properties.insert(0, fill)


def _line_across(slide: Slide) -> None:
    """The line above a title, on its layout: there it is ornament, which no screen reader tells of."""
    line = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Pt(EDGE), Pt(44), Pt(WIDTH - 2 * EDGE), Pt(5))
    line.fill.solid()
    line.fill.fore_color.theme_color = MSO_THEME_COLOR.ACCENT_1
    line.line.fill.background()
    line.shadow.inherit = False
    slide.slide_layout.shapes._spTree.insert(2, line._element)


class _Writer:
    """Writes nodes into the text frames of shapes, each run with its language.

    Args:
        language: of the slides, a BCP 47 tag.
    """

    def __init__(self, language: str):
        self.language = language

    def fill(self, frame: TextFrame, nodes: Node, size: float) -> None:
        """One paragraph."""
        self.blocks(frame, [{"is": "paragraph", "in": nodes}], size)

    def blocks(self, frame: TextFrame, nodes: Sequence[dict], size: float, bold: bool = False, colour: str | None = None) -> None:
        """Paragraphs and lists; what has no form of its own in a presentation comes as paragraphs."""
        frame.word_wrap = True
        look = {"size": size, "bold": bold, "colour": colour}
        first = True
        for inside, bullet, level in _paragraphs(nodes, 0):
            paragraph = frame.paragraphs[0] if first else frame.add_paragraph()
            first = False
            self._paragraph(paragraph._p, bullet, level, size)
            self._runs(paragraph, inside, look)

    @staticmethod
    def _paragraph(element, bullet: str, level: int, size: float) -> None:
        """The place of a paragraph: its indent, and what stands before it (ISO/IEC 29500-1, 21.1.2.2.7)."""
        properties = element.get_or_add_pPr()
        indent = int(Pt(size * {"": 0, "•": 1.1}.get(bullet, 1.5)))
        properties.set("marL", str(indent * (level + 1)))
        properties.set("indent", str(-indent))
        spacing = properties.makeelement(qn("a:spcBef"), {})
        spacing.append(spacing.makeelement(qn("a:spcPts"), {"val": str(int(size * 35))}))
        mark = {
            "": ("a:buNone", {}),
            "•": ("a:buChar", {"char": "•"}),
            "1": ("a:buAutoNum", {"type": "arabicPeriod"}),
            "a": ("a:buAutoNum", {"type": "alphaLcPeriod"}),
        }
        name, attributes = mark[bullet]
        properties.extend([spacing, properties.makeelement(qn(name), attributes)])

    def _runs(self, paragraph, nodes: Node, look: dict) -> None:
        if isinstance(nodes, str):
            run = paragraph.add_run()
            run.text = nodes
            properties = run._r.get_or_add_rPr()
            properties.set("lang", look.get("lang", self.language))
            run.font.size = Pt(round(look["size"] * look.get("scale", 1)))
            if look["bold"]:
                run.font.bold = True
            if look.get("italic"):
                run.font.italic = True
            if look.get("href"):
                run.hyperlink.address = look["href"]
            elif look["colour"]:
                run.font.color.rgb = RGBColor.from_string(look["colour"])
            elif look.get("muted"):
                run.font.color.theme_color = MSO_THEME_COLOR.TEXT_2
        elif isinstance(nodes, list):
            for node in nodes:
                self._runs(paragraph, node, look)
        elif nodes["is"] == "break":
            paragraph.add_line_break()
        elif nodes["is"] == "quoted":
            self._runs(paragraph, ["“", nodes["in"], "”"], look)
        elif "in" in nodes:
            self._runs(paragraph, nodes["in"], look | _looks(nodes))


def _looks(node: dict) -> dict:
    """How what stands in a node looks."""
    return {
        "em": {"italic": True},
        "strong": {"bold": True},
        "lang": {"lang": node.get("lang")},
        "link": {"href": node.get("href")},
        "muted": {"muted": True, "scale": 0.8},
    }.get(node["is"], {})


def _paragraphs(nodes: Sequence[dict], level: int) -> Iterator[tuple[Node, str, int]]:
    """The paragraphs of blocks, each with what stands before it ("•", "1", "a" or nothing) and how deep it is in lists."""
    for node in nodes:
        if node["is"] == "list":
            bullet = {"bullet": "•", "number": "1", "letter": "a", "plain": ""}[node["style"]]
            for item in node["items"]:
                for number, (inside, inner, deep) in enumerate(_paragraphs(item["in"], level + 1)):
                    yield inside, inner or ("" if number else bullet), deep if inner else level
        elif node["is"] in ("note", "details"):
            if node["title"]:
                yield [{"is": "strong", "in": node["title"]}], "", level
            yield from _paragraphs(node["in"], level)
        elif node["is"] == "terms":
            for item in node["items"]:
                yield [{"is": "strong", "in": item["term"]}], "", level
                yield from _paragraphs(item["in"], level)
        elif node["is"] == "quotation":
            yield from _paragraphs(node["in"], level)
        elif node["is"] == "figure":
            yield [{"is": "em", "in": node["alternative"]}, " ", *node["caption"]], "", level
        elif node["is"] == "table":
            for row in (*node["head"], *node["rows"]):
                yield [content.text(cell["in"]) + ("" if cell is row[-1] else " | ") for cell in row], "", level
        elif "in" in node:
            yield node["in"], "", level


# -- The file ----------------------------------------------------------------------------------------------------


def _describe(deck: Deck, shown: dict) -> None:
    """What the file says of itself (ISO/IEC 29500-2, 11)."""
    day = datetime(*shown["date"])
    core = deck.core_properties
    core.title, core.author, core.subject = shown["title"], shown["publisher"], shown["description"]
    core.keywords, core.language, core.last_modified_by = "; ".join(shown["keywords"]), shown["language"], shown["publisher"]
    core.created = core.modified = core.last_printed = day
    core.revision = 1
    core.comments = shown["address"]


def _drop(deck: Deck) -> None:
    """Leave out what python-pptx's template has of its own: a picture of another first slide, and a printer's settings."""
    for rels in (deck.part.package._rels, deck.part.rels):
        for name in [name for name, rel in rels.items() if rel.reltype.endswith(("/thumbnail", "/printerSettings"))]:
            rels.pop(name)


def _dated(data: bytes, date: Sequence[int]) -> bytes:
    """The archive with its files in one order, all of one day."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as archive, zipfile.ZipFile(out, "w") as again:
        for name in sorted(archive.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, (*date, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            again.writestr(entry, archive.read(name), zipfile.ZIP_DEFLATED, 9)
    return out.getvalue()
