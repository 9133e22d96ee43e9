"""What is sent to a reader: a page with the styles that it uses and a policy that allows nothing else; the shared styles and script.

A page's first paint waits for nothing but the page. Its styles stand in its head (`overrides/styles/page.css`, less the rules that
cannot apply to it); what comes after the text is styled by a file that all pages share (`overrides/styles/rest.css`).
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import minify_html
import tinycss2
from cssselect2 import parser as selectors

from pustaka.model import Assets

#: Where a template says that the styles, and the policy, of the page belong.
STYLES, POLICY = "/*styles*/", "policy"

#: Stands in a page between its printing and its delivery.
_INLINE = re.compile(r"<(script|style)(?P<attributes>[^>]*)>(?P<text>.*?)</\1>", re.DOTALL)
_TOKENS = re.compile(r'<(?P<tag>[a-z][a-z0-9-]*)|\s(?P<name>class|id)="(?P<value>[^"]*)"')


class Delivery:
    """Pages and shared files as they are sent.

    Args:
        assets: the styles and the scripts as they are written.
    """

    def __init__(self, assets: Assets):
        self._styles = Stylesheet(assets.page_styles)
        #: The shared files, by their address below the site's root.
        self.files = {"assets/site.css": _minified("style", assets.rest_styles), "assets/site.js": _minified("script", _joined(assets.scripts))}

        #: The script that asks the search index, which the search loads.
        self.search = _minified("script", assets.search)

    @cached_property
    def addresses(self) -> dict[str, str]:
        """Where the shared files are asked for, by their suffix: a new version under a new address, so that no cache keeps the old one."""
        return {address.rpartition(".")[2]: f"{address}?{_digest(text)[:8]}" for address, text in self.files.items()}

    def page(self, html: str) -> str:
        """A printed page as it is sent."""
        html = html.replace(STYLES, self._styles.used_in(html), 1)
        html = minify_html.minify(html, keep_closing_tags=True, keep_html_and_head_opening_tags=True, minify_css=True)
        return html.replace(f"content={POLICY}", f'content="{policy(html)}"', 1)


def policy(html: str) -> str:
    """The Content-Security-Policy of a page: its own inline styles and scripts by their hashes, files of the site's, nothing else.

    Source: W3C, "Content Security Policy Level 3", 2.3.1 (hashes) and 6 (directives). Data in a script element, such as
    JSON-LD, is never run, and needs no hash.
    """
    hashes: dict[str, list[str]] = {"script": [], "style": []}
    for inline in _INLINE.finditer(html):
        if inline["text"] and "type=" not in inline["attributes"]:
            hashes[inline[1]].append(f"'sha256-{b64encode(hashlib.sha256(inline['text'].encode()).digest()).decode()}'")
    own = " ".join(["'self'"])
    directives = {
        "default-src": "'none'",
        "script-src": " ".join([own, *dict.fromkeys(hashes["script"])]),
        "style-src": " ".join([own, *dict.fromkeys(hashes["style"])]),
        "img-src": "'self' data:",
        "connect-src": own,
        "worker-src": own,
        "manifest-src": own,
        "base-uri": "'none'",
        "form-action": own,
    }
    return ";".join(f"{name} {value}" for name, value in directives.items())


# -- Styles ----------------------------------------------------------------------------------------------------------


class Stylesheet:
    """A style sheet that can leave out what a page does not use.

    A rule is used when each type, class and id that one of its selectors asks for stands in the page; attributes and states
    (`[open]`, `:hover`) change while a page is read and count as there.
    """

    def __init__(self, text: str):
        self._rules = list(_rules(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)))
        self._printed: dict[frozenset[str], str] = {}

    def used_in(self, html: str) -> str:
        """The rules that a page uses, in their order."""
        tokens = frozenset(_tokens(html))
        if tokens not in self._printed:
            self._printed[tokens] = "".join(_printed(self._rules, tokens))
        return self._printed[tokens]


@dataclass(frozen=True)
class _Rule:
    """A rule with its selectors, each as it is written and as it is parsed; or a group of rules (@media, @supports); or any other at-rule."""

    head: str = ""
    body: str = ""
    selectors: tuple[tuple[str, object], ...] = ()
    group: tuple[_Rule, ...] | None = None


def _rules(nodes: Iterable) -> Iterator[_Rule]:
    for node in nodes:
        head = tinycss2.serialize(node.prelude)
        if node.type == "qualified-rule":
            yield _Rule(body=tinycss2.serialize(node.content), selectors=tuple(_selectors(node.prelude)))
        elif node.at_keyword in ("media", "supports"):
            inside = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
            yield _Rule(f"@{node.at_keyword}{head}", group=tuple(_rules(inside)))
        else:
            yield _Rule(f"@{node.at_keyword}{head}", tinycss2.serialize(node.content or []))


def _selectors(prelude: Iterable) -> Iterator[tuple[str, object]]:
    """The selectors of a list: what stands between its outer commas, and the tree of it."""
    part: list = []
    for token in [*prelude, None]:
        if token is None or (token.type == "literal" and token.value == ","):
            yield tinycss2.serialize(part).strip(), next(selectors.parse(part)).parsed_tree
            part = []
        else:
            part.append(token)


def _printed(rules: Iterable[_Rule], tokens: frozenset[str]) -> Iterator[str]:
    for rule in rules:
        if rule.group is not None:
            inside = "".join(_printed(rule.group, tokens))
            if inside:
                yield f"{rule.head}{{{inside}}}"
        elif rule.selectors:
            used = ",".join(text for text, tree in rule.selectors if _applies(tree, tokens))
            if used:
                yield f"{used}{{{rule.body}}}"
        else:
            yield f"{rule.head}{{{rule.body}}}"


def _applies(tree: object, tokens: frozenset[str]) -> bool:
    """Whether all that a selector asks for stands in the page."""
    if isinstance(tree, selectors.CombinedSelector):
        return _applies(tree.left, tokens) and _applies(tree.right, tokens)
    if isinstance(tree, selectors.CompoundSelector):
        return all(_applies(simple, tokens) for simple in tree.simple_selectors)
    if isinstance(tree, (selectors.MatchesAnySelector, selectors.SpecificityAdjustmentSelector)):
        return any(_applies(each, tokens) for each in tree.selector_list)
    if isinstance(tree, selectors.LocalNameSelector):
        return tree.local_name in tokens
    if isinstance(tree, selectors.ClassSelector):
        return f".{tree.class_name}" in tokens
    if isinstance(tree, selectors.IDSelector):
        return f"#{tree.ident}" in tokens
    return True  # attributes and states, and what may not be there (:not)


def _tokens(html: str) -> Iterator[str]:
    """The types, .classes and #ids in a page."""
    for token in _TOKENS.finditer(html):
        if token["tag"]:
            yield token["tag"]
        else:
            mark = "." if token["name"] == "class" else "#"
            yield from (f"{mark}{name}" for name in token["value"].split())


# -- Files -----------------------------------------------------------------------------------------------------------


def _joined(scripts: Iterable[tuple[str, str]]) -> str:
    """The scripts as one: `base.js`, then the others, each in a block of its own."""
    texts = dict(scripts)
    return "(()=>{" + texts.pop("base", "") + "".join(f"{{{text}}}" for text in texts.values()) + "})()"


def _minified(tag: str, text: str) -> str:
    """A style sheet or a script, minified."""
    html = minify_html.minify(f"<{tag}>{text}</{tag}>", keep_closing_tags=True, minify_css=True, minify_js=True)
    return html.removeprefix(f"<{tag}>").removesuffix(f"</{tag}>")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
