"""What is sent to a reader: a page with the styles that it uses and a policy that allows nothing else; the shared styles and script.

A page's text waits for nothing but the page. The styles of its first paint stand in its head: those of `overrides/styles/page.css` that it
uses. The others, `overrides/styles/rest.css`, are one file for all pages, asked for where the text ends.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import escape

import lightningcss
import minify_html
import tinycss2
from cssselect2 import parser as selectors
from lxml import etree
from lxml import html as lxml_html

from pustaka import markup
from pustaka.model import Assets

#: Where a template says that the styles, and the policy, of the page belong.
STYLES, POLICY = "<style>/*styles*/", "policy"

#: The address of nothing: a browser that is given it for an icon asks the server for none.
NO_FILE = "data:,"

#: The oldest browsers whose words the minified styles keep to: those that know `:is()`. An old phone may have no newer one.
BROWSERS = ["chrome 88", "firefox 78"]

#: What makes a script a module.
_EXPORT = re.compile(r"^export ", re.MULTILINE)

#: A word that a script names.
_WORD = re.compile(r"\bwords\.(\w+)")

#: A type, a .class or an #id in a style sheet, and all else that looks like one.
_NAME = re.compile(r"[.#]?[a-zA-Z][\w-]*")

_INLINE = re.compile(r"<(script|style)(?P<attributes>[^>]*)>(?P<text>.*?)</\1>", re.DOTALL)
_TOKENS = re.compile(r'<(?P<tag>[a-z][a-z0-9-]*)|\s(?P<name>class|id)="(?P<value>[^"]*)"')
_BODY = re.compile(r"<body\b[^>]*>")
_CANONICAL = re.compile(r"<link\b[^>]*\brel=[\"']?canonical\b[^>]*>")
_STYLE_SOURCES = re.compile(r"\bstyle-src [^;\"]*")
_COMMENT = re.compile(r"^[ \t]*//.*\n", re.MULTILINE)


#: What may be an address, and what may be a script in an attribute.
_ADDRESSES = etree.XPath(" | ".join(f"//@{name}" for name in sorted(markup.ADDRESSES) if ":" not in name))
_HANDLERS = etree.XPath("//@*[starts-with(name(), 'on')]")


class UnsafePage(Exception):
    """A page holds an address, or a script in an attribute, that no page may hold."""


class Delivery:
    """Pages and shared files as they are sent.

    Args:
        assets: the styles and the scripts as they are written.
        words: the interface's words by language, of which the scripts have those that they name.
    """

    def __init__(self, assets: Assets, words: Mapping[str, Mapping[str, str]]):
        self._styles = stylesheet(assets.page_styles)
        #: The shared files, by their address below the site's root.
        self.files = {
            "assets/site.css": small_styles(assets.rest_styles),
            "assets/site.js": small_script(_joined(assets.scripts, words)),
        }

        #: The scripts that are loaded when someone searches, by their name.
        self.search = {name: small_script(text) for name, text in assets.search}

    @cached_property
    def addresses(self) -> dict[str, str]:
        """Where the shared files are asked for, by their suffix: a new version under a new address, so that no cache keeps the old one."""
        return {address.rpartition(".")[2]: f"{address}?{_digest(text)[:8]}" for address, text in self.files.items()}

    def page(self, html: str) -> str:
        """A printed page as it is sent.

        Raises:
            UnsafePage: it has an address of a scheme that is not allowed, or a script in an attribute. What authors write has been
                cleaned, so that it comes from the data or from a template.
        """
        _refuse_unsafe(html)
        html = html.replace(STYLES, "<style>" + self._styles.used_in(html), 1)
        return html.replace(f'content="{POLICY}"', f'content="{policy(html)}"', 1)


def _refuse_unsafe(html: str) -> None:
    tree = lxml_html.document_fromstring(html)
    addresses = (value for value in _ADDRESSES(tree) if value != NO_FILE)
    unsafe = [value for value in addresses if not markup.is_allowed_address(value, fetched=value.attrname in markup.FETCHED)]
    if unsafe := unsafe + _HANDLERS(tree):
        name, value = unsafe[0].attrname, unsafe[0]
        raise UnsafePage(f"a page would have {name}=“{value}”: look for it in bibliography/ and overrides/, and take it out")


def alone(html: str, styles: Stylesheet) -> str:
    """A printed page as it is sent without the shared files, in few bytes: with all the styles that it uses, at first or later.

    Its text is that of pages, whose addresses `Delivery.page` looks at; the pictures in it are data.
    """
    html = html.replace(STYLES, "<style>" + styles.used_in(html), 1)
    html = minify_html.minify(html, keep_closing_tags=True, keep_html_and_head_opening_tags=True)
    return html.replace(f"content={POLICY}", f'content="{policy_alone(html)}"', 1)


def noticed(html: str, notice: str, styles: str, address: str) -> str:
    """A page that was sent before, as `alone` makes it, with a notice on top; all else of it stays as it is.

    Its policy is told of the notice's styles. Its address, not that of newer pages, is its canonical one: what is not for
    search engines (noindex) must not send them elsewhere besides.

    Args:
        notice: HTML.
        styles: those of the notice, minified.
        address: where the page stands, absolute.

    Raises:
        ValueError: it is no such page.
    """
    head, middle, rest = html.partition("</head>")
    opened = _BODY.search(rest)
    if not middle or opened is None:
        raise ValueError("there is no head, or no body")
    if "noindex" not in head:
        head += '<meta name="robots" content="noindex">'
    head = _CANONICAL.sub("", head) + f'<link rel="canonical" href="{escape(address)}"><style>{styles}</style>'
    head = _STYLE_SOURCES.sub(lambda sources: f"{sources.group()} {_digest_of(styles)}", head, count=1)
    return head + middle + rest[: opened.end()] + notice.strip() + rest[opened.end() :]


def policy(html: str) -> str:
    """The Content-Security-Policy of a page: its own inline styles and scripts by their hashes, files of the site's, nothing else.

    Source: W3C, "Content Security Policy Level 3", 2.3.1 (hashes) and 6 (directives). Data in a script element, such as
    JSON-LD, is never run, and needs no hash.
    """
    own, hashes = "'self'", _hashes(html)
    directives = {
        "default-src": "'none'",
        "script-src": " ".join([own, *dict.fromkeys(hashes["script"])]),
        "style-src": " ".join([own, *dict.fromkeys(hashes["style"])]),
        "img-src": f"{own} data:",  # NO_FILE
        "connect-src": own,
        "manifest-src": own,
        "base-uri": "'none'",
        "form-action": own,
    }
    return ";".join(f"{name} {value}" for name, value in directives.items())


def policy_alone(html: str) -> str:
    """The policy of a page that is read from a file: its own inline styles, the pictures inside it, nothing else."""
    styles = " ".join(_hashes(html)["style"])
    return f"default-src 'none';style-src {styles};img-src data:;base-uri 'none';form-action 'none'"


def _hashes(html: str) -> dict[str, list[str]]:
    """The hashes of a page's inline scripts and styles."""
    hashes: dict[str, list[str]] = {"script": [], "style": []}
    head, _, _ = html.partition("</head>")  # all of it is the templates'; a text may hold what looks like a script
    for inline in _INLINE.finditer(head):
        if inline["text"] and "type=" not in inline["attributes"]:
            hashes[inline[1]].append(_digest_of(inline["text"]))
    return hashes


def _digest_of(text: str) -> str:
    """What allows an inline style or script in a policy."""
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


# -- Styles ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def stylesheet(text: str) -> Stylesheet:
    """A style sheet as it is written, in few bytes."""
    return Stylesheet(small_styles(text))


class Stylesheet:
    """A style sheet that can leave out what a page does not use.

    A rule is used when each type, class and id that one of its selectors asks for stands in the page; attributes and states
    (`[open]`, `:hover`) change while a page is read and count as there.
    """

    def __init__(self, text: str):
        self._rules = list(_rules(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)))
        self._named = frozenset(_NAME.findall(text))
        self._printed: dict[frozenset[str], str] = {}  # many pages name the same

    def used_in(self, html: str) -> str:
        """The rules that a page uses, in their order."""
        tokens = self._named.intersection(_tokens(html))
        if tokens not in self._printed:
            self._printed[tokens] = "".join(_printed(self._rules, tokens))
        return self._printed[tokens]

    def naming(self, html: str) -> str:
        """The rules that name a type, class or id of a piece of HTML: those that apply to any page are left out."""
        of_any_page = set(_printed(self._rules, frozenset()))
        return "".join(rule for rule in _printed(self._rules, frozenset(_tokens(html))) if rule not in of_any_page)


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
            yield tinycss2.serialize(part).strip(), _parsed(part)
            part = []
        else:
            part.append(token)


def _parsed(selector: list) -> object:
    """The tree of a selector; None of one with a pseudo-element that the parser does not know, which is kept."""
    try:
        return next(selectors.parse(selector)).parsed_tree
    except selectors.SelectorError:
        return None


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
        return any(_applies(each.parsed_tree, tokens) for each in tree.selector_list)
    if isinstance(tree, selectors.LocalNameSelector):
        return tree.local_name in tokens
    if isinstance(tree, selectors.ClassSelector):
        return f".{tree.class_name}" in tokens
    if isinstance(tree, selectors.IDSelector):
        return f"#{tree.ident}" in tokens
    return True  # attributes and states, what may not be there (:not), and what the parser does not know


def _tokens(html: str) -> Iterator[str]:
    """The types, .classes and #ids in a page."""
    for token in _TOKENS.finditer(html):
        if token["tag"]:
            yield token["tag"]
        else:
            mark = "." if token["name"] == "class" else "#"
            yield from (f"{mark}{name}" for name in token["value"].split())


# -- Files -----------------------------------------------------------------------------------------------------------


def _joined(scripts: Iterable[tuple[str, str]], words: Mapping[str, Mapping[str, str]]) -> str:
    """The scripts as one: the words that they name, `base.js`, then the others, each in a block of its own."""
    texts = {name: _COMMENT.sub("", text) for name, text in scripts}
    named = dict.fromkeys(_WORD.findall("".join(texts.values())))
    spoken = {language: {name: own[name] for name in named} for language, own in words.items()}
    start = f"const words={json.dumps(spoken, ensure_ascii=False)}[document.documentElement.lang];" if named else ""
    return "(()=>{" + start + texts.pop("base", "") + "".join(f"{{{text}}}" for text in texts.values()) + "})()"


def small_styles(text: str) -> str:
    """A style sheet in few bytes, for browsers of the last years and no newer than they are."""
    return lightningcss.process_stylesheet(text, minify=True, browsers_list=BROWSERS)


def small_script(text: str) -> str:
    """A script in few bytes. The minifier keeps some comments: lines that are nothing else are taken out first."""
    text, tag = _COMMENT.sub("", text), '<script type="module">' if _EXPORT.search(text) else "<script>"
    small = minify_html.minify(f"{tag}{text}</script>", keep_closing_tags=True, minify_js=True)
    return small.partition(">")[2].removesuffix("</script>")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
