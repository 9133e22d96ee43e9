"""Documents set by Typst, with the fonts that it carries and no other: the same data is the same bytes, at any time and on any system.

They are tagged: PDF/UA-1 (ISO 14289-1) and PDF/A-2a (ISO 19005-2), which Typst refuses to write where a document falls short of them.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping
from functools import cache, lru_cache
from io import BytesIO

import pikepdf
import PIL
import typst
from PIL import Image

from pustaka.export.pack.content import Node
from pustaka.kept import Kept

STANDARDS = ("ua-1", "a-2a")

#: Letters and marks that every font of Typst has: those of Western languages, and typographic marks. Of any other we ask Typst.
_PLAIN = re.compile(r"[\t\n\x20-\x7e\xa0-\xff\u0131\u0152\u0153\u2010-\u2015\u2018-\u201e\u2020-\u2022\u2026\u202f\u2032\u2033\u20ac\u2122]*")

#: What stands for a character that no font of Typst has (emoji, Javanese and Chinese letters), and that PDF/UA lets no document print.
_MISSING = "□"

#: The colours of a drawing as a picture, with their shades.
_COLOURS = 64

#: From here on a colour is the white of the ground, averaged with what is next to it.
_NEARLY_WHITE = 250

_CARRIAGE_RETURN = 0x0D

#: A name of ours in the catalogue (ISO 32000-1, Annex E), and how often objects are grouped anew at most: one grouping in ten is unlucky.
_PRIVATE, _ATTEMPTS = "/XXPustakaUnused", 12

#: The letters of drawings: Typst has no other face that is as narrow as those that drawings are measured for.
_FACE = "Libertinus Serif"


class PackError(Exception):
    """A document of the course pack cannot be made."""


class Typesetter:
    """Sets documents by the templates of `overrides/pack/`.

    Args:
        templates: the texts of the files there, by name.
        kept: what was set in earlier builds.
    """

    def __init__(self, templates: Mapping[str, str], kept: Kept):
        self._templates, self._kept = templates, kept

    def pdf(self, name: str, document: Mapping[str, Node], page: str, **inputs: str) -> bytes:
        """A document as PDF.

        Args:
            name: its template, "study" for `study.typ`.
            document: what it says, in the nodes of `content`.
            page: the path of the page that it is made from, for the message.
            inputs: what else the template asks for.

        Raises:
            PackError: the template and the data do not make a document.
        """
        return self._made(name, document, page, inputs, "pdf", lambda source, given: self._compiled(source, given))

    def values(self, name: str, document: Mapping[str, Node], page: str, label: str, **inputs: str) -> list:
        """What a document says about itself under a label (Typst, "metadata"), when it has been set."""

        def asked(source: bytes, given: dict[str, str]) -> bytes:
            return typst.query(source, f"<{label}>", field="value", sys_inputs=given, font_paths=_fonts()).encode()

        return json.loads(self._made(name, document, page, inputs, label, asked))

    def png(self, drawing: str, width: int) -> bytes:
        """A drawing, styled for paper, as a picture so many pixels wide."""
        source = '#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.drawing), format: "svg", width: 100pt)'
        given = {"drawing": shown(drawing)}

        def compiled() -> bytes:
            return _small(typst.compile(source.encode(), font_paths=_fonts(), sys_inputs=given, format="png", ppi=72 * width / 100))

        return self._kept.make([typst.__version__, PIL.__version__, source, given, width, _COLOURS], compiled)

    def styled(self, drawing: str) -> str:
        """A drawing with the colours and the face of paper."""
        style = f'<style>{self._templates["drawing.css"]}text{{font-family:"{_FACE}"}}</style>'
        return re.sub(r"(<svg\b[^>]*?)(/?)>", lambda match: f'{match[1]} color="#2a1b12">{style}' if not match[2] else match[0], drawing, count=1)

    def _made(self, name: str, document: Mapping[str, Node], page: str, inputs: Mapping[str, str], kind: str, made) -> bytes:
        source = f"{self._templates['style.typ']}\n{self._templates[f'{name}.typ']}"
        given = {"document": json.dumps(shown(document), ensure_ascii=False, sort_keys=True), **inputs}

        def attempt() -> bytes:
            try:
                return made(source.encode(), given)
            except RuntimeError as error:  # of which a TypstError is one; a query raises the plain one
                said = " ".join(str(error).split())
                raise PackError(f"{page}: no PDF can be made of it by overrides/pack/{name}.typ: {said}") from error

        return self._kept.make([typst.__version__, pikepdf.__version__, _ATTEMPTS, STANDARDS, kind, source, given], attempt)

    @staticmethod
    def _compiled(source: bytes, given: dict[str, str]) -> bytes:
        return packed(typst.compile(source, font_paths=_fonts(), sys_inputs=given, format="pdf", pdf_standards=list(STANDARDS)))


def _small(png: bytes) -> bytes:
    """A picture of a drawing in a third of its bytes: a drawing has few colours, and their shades at the edges of letters."""
    out = BytesIO()
    with Image.open(BytesIO(png)) as picture:
        small = picture.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    colours = small.getpalette() or []
    triples = [colours[at : at + 3] for at in range(0, len(colours), 3)]
    small.putpalette([part for triple in triples for part in (triple if min(triple) < _NEARLY_WHITE else [255] * 3)])
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def packed(pdf: bytes) -> bytes:
    """A PDF in half its bytes: its many small objects compressed together (ISO 32000-1, 7.5.7), its first page at the front (Annex F).

    A compressed stream ends with the checksum of what is in it (RFC 1950, 2.2). One that happens to end with a carriage return seems a byte
    shorter than it says, because what stands before `endstream` is the end of a line (ISO 19005-2, 6.1.7.1). So what is in it is changed where
    no reader looks, and where it is a group of objects, they are grouped anew around some that nobody uses.
    """
    for spare in range(_ATTEMPTS):
        out = BytesIO()
        with pikepdf.open(BytesIO(pdf)) as document:
            for stream in document.objects:
                if isinstance(stream, pikepdf.Stream) and _may_grow(stream):
                    data = stream.read_bytes()
                    if zlib.adler32(data) & 0xFF == _CARRIAGE_RETURN:
                        stream.write(data + b"\n")
            if spare:
                unused = [document.make_indirect(pikepdf.Array()) for _ in range(spare)]
                document.Root[_PRIVATE] = document.make_indirect(pikepdf.Array(unused))
            modes = {"object_stream_mode": pikepdf.ObjectStreamMode.generate, "compress_streams": True, "recompress_flate": True}
            document.save(out, linearize=True, deterministic_id=True, **modes)
        if b"\r\nendstream" not in out.getvalue():
            break
    return out.getvalue()


def _may_grow(stream: pikepdf.Stream) -> bool:
    """Whether a byte behind the end of a stream changes nothing: of what is drawn, of character maps, and of fonts (CFF counts its own length).

    Not so metadata, which is not compressed, pictures, and profiles of colours.
    """
    return stream.get("/Type") != "/Metadata" and stream.get("/Subtype") != "/Image" and "/N" not in stream


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)


def shown(value: Node) -> Node:
    """Data whose every character some font of Typst can show."""
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) else "".join(each if _PLAIN.fullmatch(each) or _has(each) else _MISSING for each in value)
    if isinstance(value, (list, tuple)):
        return [shown(each) for each in value]
    if isinstance(value, Mapping):
        return {name: each if name in ("id", "bytes") else shown(each) for name, each in value.items()}
    return value


@lru_cache(4096)
def _has(character: str) -> bool:
    """Whether Typst can print a character by itself."""
    source = b'#set document(title: "-")\n#set text(font: ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono"))\n#sys.inputs.shown'
    try:
        typst.compile(source, font_paths=_fonts(), sys_inputs={"shown": f"a{character}a"}, format="pdf", pdf_standards=["ua-1"])
    except typst.TypstError:
        return False
    return True
