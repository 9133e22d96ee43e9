"""Words as others store them, as words of a .bib entry: HTML and JATS become LaTeX, marks that LaTeX takes for its own are escaped."""

from __future__ import annotations

import html
import re
import unicodedata

#: Elements of CSL's rich text, HTML and JATS, without prefix, and the LaTeX that means the same; the tags of all others are left out.
_COMMANDS = {
    **dict.fromkeys(("i", "em", "italic"), r"\emph"),
    **dict.fromkeys(("b", "strong", "bold"), r"\textbf"),
    **dict.fromkeys(("sup",), r"\textsuperscript"),
    **dict.fromkeys(("sub", "inf"), r"\textsubscript"),
    **dict.fromkeys(("sc", "scp"), r"\textsc"),
}
_TAG = re.compile(r"<(?P<end>/?)(?:[A-Za-z]+:)?(?P<name>[A-Za-z][\w-]*)(?P<attributes>(?:\s[^<>]*)?)/?>")
_MARKS = {mark: f"\\{mark}" for mark in "&%$#_"} | {
    "{": "",
    "}": "",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "\\": r"\textbackslash{}",
}
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"))


def plain(value: object) -> str:
    """A value as one line of text in the normal form C, with its tags, without its entities and without what no one sees."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = unicodedata.normalize("NFC", html.unescape(html.unescape(str(value)))).translate(_INVISIBLE)
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def bare(value: object) -> str:
    """The same without tags."""
    return " ".join(_TAG.sub("", plain(value)).split())


def latex(value: object) -> str:
    """The same as LaTeX: `<i>Oryza</i> & padi` is `\\emph{Oryza} \\& padi`. A tag that is never closed is left out."""
    text, parts, position, open_tags = plain(value), [], 0, []
    for tag in _TAG.finditer(text):
        parts.append(_escaped(text[position : tag.start()]))
        position = tag.end()
        name = tag["name"].lower()
        command = _COMMANDS.get(name) or (_of_span(tag["attributes"]) if name == "span" else None)
        if not tag["end"] and (command is not None or name == "span"):
            open_tags.append((name, len(parts), command))
            parts.append("")
        elif tag["end"] and open_tags and open_tags[-1][0] == name:
            _, number, command = open_tags.pop()
            if command is not None:
                parts[number] = f"{command}{{"
                parts.append("}")
    parts.append(_escaped(text[position:]))
    return " ".join("".join(parts).split())


def _of_span(attributes: str) -> str | None:
    """What a span means (CSL-JSON, "Rich text markup within fields"): "" are braces, which keep letters as they are."""
    if "nocase" in attributes:
        return ""
    return r"\textsc" if "small-caps" in attributes else None


def _escaped(text: str) -> str:
    return "".join(_MARKS.get(letter, letter) for letter in text)
