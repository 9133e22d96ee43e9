"""Reads BibTeX and BibLaTeX text: every entry and field with its place, and every fault of the syntax without losing the rest.

    @book{key, author = {Sari, Dewi}, title = "Kebun " # desa, date = 2020}

Why not pybtex's parser: it stops at an entry's first fault and drops the entry, keeps no place and no field that is given
twice, and takes three times as long. The tests hold the two against each other.

Grammar: BibTeX, as `btxdoc` and the web2c source define it (braces count even behind a backslash); a `%` outside an entry
comments out the rest of its line, as in biber and pandoc. What stands between entries is a comment.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pustaka.model import Abbreviation, AbbreviationUse, Entry, Field, Message, Place, Source, say

#: The names of months, which every BibTeX style defines.
MONTHS = frozenset(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"))

#: A value that `@string`s blow up beyond this many characters is cut off: a few lines can ask for terabytes.
LONGEST_VALUE = 1_000_000

_SPACE = re.compile(r"(?:\s++|%[^\n]*+)*+")
_OUTSIDE = re.compile(r"@[ \t]*(?P<command>[^\W\d_][\w-]*)(?P<open>\s*+[{(])?|%[^\n]*")
_ENTRY_LINE = re.compile(r"^[ \t]*@[ \t]*[^\W\d_][\w-]*\s*[{(]", re.MULTILINE)
_KEY = {"{": re.compile(r"(?:(?!=\s*[\"{])[^\s,{}])*+"), "(": re.compile(r"(?:(?!=\s*[\"{])[^\s,{}()])*+")}
_NAME = re.compile(r"[^\s\"#%'(),={}@]++")
_BRACED = re.compile(r"\{([^{}]*+)\}")
_QUOTED = re.compile(r'"([^{}"]*+)"')
_BRACES = re.compile(r"\{++|\}++")
_BRACES_OR_QUOTE = re.compile(r'\{++|\}++|"')
_EQUALS = re.compile(r"\s*+=\s*+")
_NEXT = re.compile(r"(?:\s++|%[^\n]*+)*+(?P<mark>[,})#]?)")
_LOST_FIELD = re.compile(r"\s*+[,}]?\s*+(?P<name>[A-Za-z][\w-]*+)\s*+=\s*+[{\"\d]")
_COMMAS = re.compile(r"(?:,\s*+)++")
#: Nine fields in ten, in one step: `name = {words},`
_PLAIN_FIELD = re.compile(r"\s*+([^\s\"#%'(),={}@]++)\s*+=\s*+(\{([^{}]*+)\})\s*+,")


class _Broken(Exception):
    """An entry cannot be read further; what was read of it stands."""


class Bibliography:
    """What .bib texts hold, filled by `read`, one text after another: an `@string` of one holds in those after it."""

    def __init__(self, fault: Callable[[Place, Message], None]):
        """`fault` is told what is wrong with the syntax."""
        self.fault = fault
        self.entries: list[Entry] = []
        self.abbreviations: list[Abbreviation] = []
        self.uses: list[AbbreviationUse] = []
        self.text = ""  # all that was read
        self._words = {month: month for month in MONTHS}

    def read(self, text: str, path: str) -> None:
        """Add what a text holds. Nothing is raised, whatever the text."""
        self.text = f"{self.text}\n{text}" if self.text else text
        _Reading(self, Source(path, text)).run()

    def define(self, name: str, value: str, place: Place) -> None:
        self.abbreviations.append(Abbreviation(name, value, place))
        self._words[name.lower()] = value

    def words(self, name: str, place: Place, key: str) -> str:
        """What an abbreviation stands for; "" for one that is not defined, which a rule reports."""
        known = name.lower() in self._words
        self.uses.append(AbbreviationUse(name, place, key, known))
        return self._words.get(name.lower(), "")


class _Reading:
    """The reading of one text, from its first character to its last."""

    def __init__(self, bibliography: Bibliography, source: Source):
        self.into, self.source, self.text = bibliography, source, source.text
        self.position = 0
        self.key = ""
        self.limit = len(source.text)  # how far a value may reach
        self.ran_to_the_end = False  # a value did once: from then on none may reach beyond the next entry, or time grows with the square

    def run(self) -> None:
        while match := _OUTSIDE.search(self.text, self.position):
            self.position, self.key = match.end(), ""
            if self.ran_to_the_end and self.position > self.limit:
                self.limit = self._next_entry(self.position)
            if command := match["command"]:
                self._command(command, match)

    def _command(self, command: str, match: re.Match) -> None:
        name, start, opening = command.lower(), match.start(), (match["open"] or "").strip()
        if not opening:
            if name != "comment" and self._begins_a_line(start):  # else an address in a comment: dewi@contoh.id
                self._fault(start, say("“@{command}” must be followed by a brace: write “@{command}{{key,”", command=command))
        elif name in ("comment", "preamble"):
            self.position -= 1
            self._skip(name, start, opening)
        else:
            try:
                self._string(opening) if name == "string" else self._entry(command, start, opening)
                self._lost()
            except _Broken:
                self.position = self._next_entry(start + 1)

    def _skip(self, name: str, start: int, opening: str) -> None:
        """Past a @comment or @preamble: to the brace that closes it; where none does, only past the word, as BibTeX does."""
        end = None
        if opening == "{" and not self.ran_to_the_end:
            end = self._closing_brace(self.position)
            if end is None and name == "preamble":
                self._fault(start, _never_ends())
        self.position = end or self.position + 1

    def _entry(self, command: str, start: int, opening: str) -> None:
        self._space()
        key = _KEY[opening].match(self.text, self.position).group()
        self.position += len(key)
        self.key = key
        written: list[Field] = []
        try:
            forgotten = bool(key) and self._at("=")  # @book{title = …}: the key's place is the first field's
            if forgotten or not key:
                self.position -= len(key)
                self.key = key = ""
                self._fault(start, say("the @{command} has no key: write “@{command}{{key,” before its fields", command=command))
            if not forgotten and self._next("the key") == "end":
                return
            self._fields(start, written)
        finally:
            if key:
                fields = {}
                for field in written:
                    fields.setdefault(field.name.lower(), field.value)
                place = self.source.place(start)
                span = (start, min(self.position, len(self.text)))
                self.into.entries.append(Entry(key, command.lower(), fields, place, tuple(written), self.source, span))

    def _fields(self, start: int, written: list[Field]) -> None:
        """Fields up to the brace that closes the entry."""
        while True:
            while plain := _PLAIN_FIELD.match(self.text, self.position):
                value_start, value_end = plain.span(2)
                written.append(Field(plain[1], " ".join(plain[3].split()), plain.start(1), value_start, value_end))
                self.position = plain.end()
            self._space()
            position = self.position
            mark = self.text[position : position + 1]
            if mark in ("}", ")"):
                self.position += 1
                return
            if mark == ",":
                self._fault(position, say("there is a comma too many: take one out"))
                self.position = _COMMAS.match(self.text, position).end()
                continue
            if not mark or (mark == "@" and _OUTSIDE.match(self.text, position)):
                self._never_ends(start)
            name = _NAME.match(self.text, position)
            if not name:
                self._expected(say("the name of a field"))
            self.position = name.end()
            equals = _EQUALS.match(self.text, self.position)
            if not equals:
                self._space()
                self._expected(say("“=” after “{name}”", name=name.group()[:40]))
            value_start = self.position = equals.end()
            value, value_end = self._value(start)
            written.append(Field(name.group(), value, position, value_start, value_end))
            if self._next(name.group()) == "end":
                return

    def _lost(self) -> None:
        """What follows the end of an entry, and is a field, was meant to stand in it."""
        lost = _LOST_FIELD.match(self.text, self.position)
        if lost and self.key:
            self._fault(lost.start("name"), say("a brace before “{name}” closes the entry too early: take that brace out", name=lost["name"][:40]))

    def _string(self, opening: str) -> None:
        start = self.position
        self._space()
        name = _NAME.match(self.text, self.position)
        equals = name and _EQUALS.match(self.text, name.end())
        if not equals:
            self._expected(say("a name and “=”, as in @string{{name = {{words}}}}"))
        self.position = equals.end()
        value, _ = self._value(start)
        self.into.define(name.group(), value, self.source.place(name.start()))
        self._next(name.group())

    # -- values -----------------------------------------------------------------------------------------------

    def _value(self, start: int) -> tuple[str, int]:
        """A value, its parts joined by `#`: (the words, white space folded; where it ends)."""
        parts: list[str] = []
        length = 0
        while True:
            part = self._part(start)
            length += len(part)
            if length <= LONGEST_VALUE:
                parts.append(part)
            end = self.position
            following = _NEXT.match(self.text, end)
            if following["mark"] != "#":
                break
            self.position = following.end()
            self._space()
        if length > LONGEST_VALUE:
            self._fault(end, say("the value grows to {length} characters by its @strings: mend them", length=length))
        words = parts[0] if len(parts) == 1 else "".join(parts)
        return " ".join(words.split()), end

    def _part(self, start: int) -> str:
        text, position = self.text, self.position
        mark = text[position : position + 1]
        if mark in ("{", '"'):
            if simple := (_BRACED if mark == "{" else _QUOTED).match(text, position):
                self.position = simple.end()
                return simple[1]
            end = self._closing_brace(position) if mark == "{" else self._closing_quote(position)
            if end is None:
                self._never_ends(start)
            self.position = end
            return text[position + 1 : end - 1]
        name = _NAME.match(text, position)
        if not name:
            self._expected(say("a value in braces"))
        self.position = name.end()
        if name.group().isdigit():
            return name.group()
        return self.into.words(name.group(), self.source.place(position), self.key)

    def _closing_brace(self, position: int) -> int | None:
        """Behind the brace that closes the one at `position`, or None."""
        depth = 0
        for match in _BRACES.finditer(self.text, position, self.limit):
            start, end = match.span()
            if self.text[start] == "{":
                depth += end - start
            elif end - start < depth:
                depth -= end - start
            else:
                return start + depth
        self._run_to_the_end()
        return None

    def _closing_quote(self, position: int) -> int | None:
        """Behind the quotation mark, outside all braces, that closes the one at `position`, or None."""
        depth = 0
        for match in _BRACES_OR_QUOTE.finditer(self.text, position + 1, self.limit):
            start, end = match.span()
            mark = self.text[start]
            if mark == '"' and not depth:
                return end
            depth += {"{": end - start, "}": start - end, '"': 0}[mark]
            if depth < 0:
                return None
        self._run_to_the_end()
        return None

    def _run_to_the_end(self) -> None:
        """From now on no value may reach beyond the entry that follows."""
        self.ran_to_the_end, self.limit = True, 0

    # -- between values ---------------------------------------------------------------------------------------

    def _space(self) -> None:
        self.position = _SPACE.match(self.text, self.position).end()

    def _next_entry(self, position: int) -> int:
        """Where the next line that begins an entry stands, or the end of the text."""
        following = _ENTRY_LINE.search(self.text, position)
        return following.start() if following else len(self.text)

    def _begins_a_line(self, position: int) -> bool:
        before = position - 1
        while before >= 0 and self.text[before] != "\n" and self.text[before].isspace():
            before -= 1
        return before < 0 or self.text[before] == "\n"

    def _at(self, mark: str) -> bool:
        return self.text.startswith(mark, _SPACE.match(self.text, self.position).end())

    def _next(self, before: str) -> str:
        """Past the comma or the closing brace: "more" or "end". A comma that is missing is a fault, and assumed."""
        following = _NEXT.match(self.text, self.position)
        if following["mark"] == ",":
            self.position = following.end()
            return "more"
        if following["mark"] in ("}", ")"):
            self.position = following.end()
            return "end"
        missing, self.position = self.position, following.end()
        name = _NAME.match(self.text, self.position)
        if not (name and _EQUALS.match(self.text, name.end())):
            if self.position >= len(self.text) or self.text[self.position] == "@":
                return "more"  # _fields says that it never ends
            self._expected(say("a comma or the closing brace"))
        self._fault(missing, say("a comma is missing after {before}: put one in", before=before[:40]))
        return "more"

    # -- faults -----------------------------------------------------------------------------------------------

    def _fault(self, position: int, message: Message) -> None:
        if self.key:
            message = say("in the entry “{key}” {message}", key=self.key, message=message)
        self.into.fault(self.source.place(position), say("not valid BibLaTeX: {message}", message=message))

    def _expected(self, what: Message) -> None:
        found = self.text[self.position : self.position + 20].partition("\n")[0] or "\n"
        self._fault(self.position, say("there must be {what} here, not “{found}”", what=what, found=found.replace("\n", "↵")))
        raise _Broken

    def _never_ends(self, start: int) -> None:
        self._fault(start, _never_ends())
        raise _Broken


def _never_ends() -> Message:
    return say("it never ends: close every brace and quotation mark that it opens")
