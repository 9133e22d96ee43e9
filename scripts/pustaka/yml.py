"""Reads YAML text: data with the place of every value, and every fault in plain words.

What is read is what people write by hand: no tags, no aliases, dates as text, every key once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import yaml

from pustaka.model import Message, Place, Tell, join, say
from pustaka.nearest import nearest

if TYPE_CHECKING:
    import jsonschema

#: The code of a value that is not as the schema wants it; what is no YAML has the code that the caller gives.
AGAINST_SCHEMA = "F104"


def read(
    path: str, text: str, above: int, schema: jsonschema.Draft202012Validator, code: str, tell: Tell
) -> tuple[object, dict[tuple, Place]] | None:
    """Data that a schema describes.

    Args:
        path, above: the file, and how many of its lines stand before the text.
        code: of what is no YAML.
        tell: is told every fault.

    Returns:
        The data, and the place of every value by its path, ("title", "id"); or None when there is a fault.
    """
    composed = _quickly(_PlainStrict, text) or _composed(_Strict, path, text, above, code, tell)
    if composed is None:
        return None
    data, node = composed
    places = dict(_places(path, node, above)) if node is not None else {}
    if data is None and schema.schema["type"] == "array":
        data = []  # a list that is left empty
    elif data is None:
        data = schema.schema.get("default")  # of a file that may say nothing yet
    faults = list(schema.iter_errors(data))
    for fault in faults:
        for where, message in _in_plain_words(fault):
            tell(places.get(where, Place(path, above + 1)), AGAINST_SCHEMA, message)
    return None if faults else (data, places)


def read_fields(path: str, text: str, above: int, tell: Tell) -> tuple[object, dict[str, tuple[int, int]]] | None:
    """Data of whoever: (data, from where to where in the text the value of each field goes), or None when a fault was told."""
    composed = _quickly(_Plain, text) or _composed(_Foreign, path, text, above, "F106", tell)
    if composed is None:
        return None
    data, node = composed
    fields = node.value if isinstance(node, yaml.MappingNode) else ()
    return data, {key.value: (value.start_mark.index, value.end_mark.index) for key, value in fields}


#: What the parser says most often, with the mend.
_MENDS = {
    "mapping values are not allowed here": say("a second colon stands in the line; put a value that holds a colon into quotation marks"),
    "found character '\\t' that cannot start any token": say("a tab stands at the beginning of the line; put spaces there"),
    "could not find expected ':'": say("a name must be followed by a colon and a space"),
    "expected <block end>, but found '<block mapping start>'": say(
        "the line begins too far to the right or to the left; line it up with those above"
    ),
}


def _quickly(kind: type[yaml.SafeLoader], text: str) -> tuple[object, yaml.Node | None] | None:
    """(data, node) by the parser in C; None where the other one must be asked.

    It is five times as fast, but cannot be told what to refuse, ends the program where nesting is too deep, and has other
    words for its faults.
    """
    if re.search("[*&!]", text) or len(_MAY_NEST.findall(text)) > _MOST_NESTED:
        return None
    return _composed(kind, "", text, 0, "", lambda *fault: None)


def _composed(kind: type[yaml.SafeLoader], path: str, text: str, above: int, code: str, tell: Tell) -> tuple[object, yaml.Node | None] | None:
    """(data, node), or None when a fault was told."""
    try:
        loader = kind(text)
        node = loader.get_single_node()
        return None if node is None else loader.construct_document(node), node
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(path, mark.line + 1 + above, mark.column + 1) if mark else Place(path)
        problem = error.problem or error.context
        tell(place, code, say("not valid YAML: {problem}", problem=_MENDS.get(problem, problem)))
    except RecursionError:
        tell(Place(path, above + 1), code, say("not valid YAML: it is nested too deeply"))
    except (yaml.YAMLError, ValueError) as error:
        tell(Place(path, above + 1), code, say("not valid YAML: {problem}", problem=str(error).splitlines()[0]))
    return None


class _Strict(yaml.SafeLoader):
    """Safe YAML in which a date stays text, a key stands once, and nothing refers to something else."""

    yaml_implicit_resolvers: ClassVar = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent, index):
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "an alias (*name) is not allowed here", self.peek_event().start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node, deep=False):
        _expect_words_once(node)
        return super().construct_mapping(node, deep)


def _expect_words_once(node: yaml.MappingNode) -> None:
    """Refuse a mapping in which a key is no word, or stands twice."""
    seen = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(None, None, "a key must be a word, not a list or a mapping", key.start_mark)
        if key.value in seen:
            raise yaml.constructor.ConstructorError(None, None, f"“{key.value}” stands twice", key.start_mark)
        seen.add(key.value)


class _Foreign(_Strict):
    """The same, with the tags of other programs (R Markdown's `!expr`), whose values are not looked at."""


_Foreign.add_multi_constructor("!", lambda loader, suffix, node: None)


#: What may open another level of YAML, and how many of them are safe however they nest.
_MAY_NEST, _MOST_NESTED = re.compile(r"[\[{]|[-?:]\s"), 2_000


class _Plain(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """YAML without aliases and tags, as fast as it can be read."""

    yaml_implicit_resolvers = _Strict.yaml_implicit_resolvers


class _PlainStrict(_Plain):
    """The same, in which a key stands once."""

    def construct_mapping(self, node, deep=False):
        _expect_words_once(node)
        return super().construct_mapping(node, deep)


def _places(path: str, node: yaml.Node, offset: int, where: tuple = ()) -> Iterator[tuple[tuple, Place]]:
    """The place of every value of a YAML document, by its path: ("title", "id"), (3, "note")."""
    yield where, Place(path, node.start_mark.line + 1 + offset, node.start_mark.column + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _places(path, value, offset, (*where, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _places(path, value, offset, (*where, index))


def by_name(places: dict[tuple, Place], *above: str) -> dict[str, Place]:
    """Places by dotted name: "how_to_cite.slips.0"."""
    return {".".join(map(str, (*above, *where))): place for where, place in places.items()}


_KINDS_OF_VALUE = {
    "integer": say("a whole number, without a separator"),
    "array": say("a list, [like, this]"),
    "object": say("fields below it, name: value"),
    "string": say("text; put a number into quotation marks"),
    "number": say("a number, without quotation marks"),
    "boolean": say("true or false"),
}


def _in_plain_words(error: jsonschema.ValidationError) -> Iterator[tuple[tuple, Message]]:
    """What a schema finds wrong, as (path of the value, message), for people who have never heard of a schema."""
    where, value, due = tuple(error.absolute_path), error.instance, error.validator_value
    if "propertyNames" in error.absolute_schema_path:
        where = (*where, value)  # the fault is the name's, not that of all that stands beside it
    named = say("“{name}”", name=where[-1]) if where and isinstance(where[-1], str) else say("this")
    if error.validator == "required":
        missing = [name for name in due if name not in value]
        if error.message.startswith(repr(missing[0])):  # the validator says it once for each
            yield where, say("there must be {fields} too: add “{first}: …”", fields=join(missing), first=missing[0])
    elif error.validator == "additionalProperties":
        known = error.schema.get("properties", {})
        for name in (name for name in value if name not in known):
            meant = nearest(str(name), known)
            mend = say("did you mean “{meant}”?", meant=meant) if meant else say("take it out; there are: {known}", known=join(known))
            yield (*where, name), say("there is no field “{name}” here: {mend}", name=name, mend=mend)
    elif value is None:
        yield where, say("{named} is empty: write something behind its colon, or take it out", named=named)
    elif error.validator == "type":
        yield where, say("{named} is “{value}” but must be {kind}", named=named, value=value, kind=_KINDS_OF_VALUE[due])
    elif error.validator == "enum":
        yield where, say("{named} is “{value}” but must be one of: {known}", named=named, value=value, known=join(due))
    elif error.validator == "format":
        yield where, say("{named} is “{value}” but must be a day that there is, written YYYY-MM-DD", named=named, value=value)
    elif error.validator == "pattern":
        yield where, say("{named} is “{value}” but must look like {example}", named=named, value=value, example=error.schema["examples"][0])
    elif error.validator == "minimum":
        yield where, say("{named} is {value} but must be at least {least}", named=named, value=value, least=due)
    elif error.validator == "minItems":
        yield where, say("{named} has {count} items and must have at least {least}: add to it", named=named, count=len(value), least=due)
    elif error.validator == "maxItems":
        yield where, say("{named} has {count} items and must have at most {most}: take some out", named=named, count=len(value), most=due)
    elif error.validator == "maxLength":
        yield where, say("{named} has {length} characters and must have at most {most}: shorten it", named=named, length=len(value), most=due)
    else:
        yield where, say("{named}: {reason}", named=named, reason=error.message)
