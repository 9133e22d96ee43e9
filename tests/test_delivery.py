"""What is sent: the styles that a page's first paint uses, the policy, the shared files."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

import pytest
from conftest import expect_none

from pustaka.model import Assets
from pustaka.render.delivery import Delivery, Stylesheet, policy

PAGE = '<!doctype html><html lang="id"><head></head><body><p class="deck">A <a id="b" href="c">d</a></p></body></html>'


@pytest.mark.parametrize(
    ("rule", "used"),
    [
        ("p{color:red}", True),
        ("table{color:red}", False),
        (".deck{color:red}", True),
        (".other{color:red}", False),
        ("p.deck>a{color:red}", True),
        ("p.deck>b{color:red}", False),
        ("#b{color:red}", True),
        ("#c{color:red}", False),
        ("[hidden]{color:red}", True),  # may come to be
        ("a[open] p{color:red}", True),
        (":is(.other,.deck) a{color:red}", True),
        (":is(.other,.another) a{color:red}", False),
        ("p:not(.other){color:red}", True),
        ("table:not(.deck){color:red}", False),
        ("p::before{color:red}", True),
        ("p:first-child{color:red}", True),
        ("a:hover{color:red}", True),
        ("p::backdrop{color:red}", True),  # which the parser does not know
        ("p:has(a){color:red}", True),
        ("@media (min-width:40rem){p{color:red}}", True),
        ("@media (min-width:40rem){table{color:red}}", False),
        ("@supports (display:grid){@media print{.deck{color:red}}}", True),
        ("@page{size:A4;@bottom-right{content:counter(page)}}", True),
    ],
)
def test_a_rule_is_kept_where_its_page_uses_it(rule: str, used: bool):
    assert Stylesheet(rule).used_in(PAGE) == (rule if used else "")


def test_of_several_selectors_those_are_kept_that_are_used():
    assert Stylesheet("table,.deck,ul a,p>a{color:red}").used_in(PAGE) == ".deck,p>a{color:red}"


def test_the_order_of_the_rules_stays():
    assert Stylesheet("p{color:red}b{color:red}.deck{color:blue}p{top:0}").used_in(PAGE) == "p{color:red}.deck{color:blue}p{top:0}"


WORDS = {"id": {"copy": "Salin", "other": "Lain"}, "en": {"copy": "Copy", "other": "Other"}}


def delivery(page_styles: str = "", rest_styles: str = "", **scripts: str) -> Delivery:
    return Delivery(Assets(page_styles, rest_styles, tuple(scripts.items())), WORDS)


def test_a_page_carries_the_styles_that_it_uses_and_no_other():
    sent = delivery("p { color: red }\ni { top: 0 }", "p { left: 0 }").page("<style>/*styles*/</style><p>a</p>")
    assert "<style>p{color:red}</style>" in sent


def test_the_shared_styles_are_the_rest_in_words_that_old_browsers_know():
    sent = delivery("i { top: 0 }", "/* a */\n@media (min-width: 40rem) { p { color: red } }\np { left: 0 }").files["assets/site.css"]
    assert sent == "@media (min-width:40rem){p{color:red}}p{left:0}"


def test_the_scripts_are_one_the_base_first_and_none_sees_another_ones_names():
    sent = delivery(after="const a = all(1); all(a);", base="const all = x => x;", other="const a = 2; all(a);").files["assets/site.js"]
    assert sent.startswith("(()=>{") and sent.index("all=") < sent.index("all(1)") < sent.index("2")
    assert len(sent) < 80


def test_the_scripts_have_the_words_that_they_name_in_every_language():
    sent = delivery(base="alert(words.copy)").files["assets/site.js"]
    assert "Salin" in sent and "Copy" in sent and "Lain" not in sent


def test_a_changed_file_has_another_address_and_no_other_file_has():
    one, other = delivery(rest_styles="p { color: red }", base="a()"), delivery(rest_styles="p { color: blue }", base="a()")
    assert one.addresses["js"] == other.addresses["js"]
    assert one.addresses["css"] != other.addresses["css"]
    assert re.fullmatch(r"assets/site\.css\?[0-9a-f]{8}", one.addresses["css"])


def test_the_policy_names_what_is_inline_by_its_hash_and_allows_nothing_else():
    html = '<style>p{}</style><script>a()</script><script type="application/ld+json">{}</script><script src="b.js" defer></script>'
    allowed = dict(directive.split(" ", 1) for directive in policy(html).split(";"))
    assert allowed["default-src"] == "'none'"
    for name, text in (("style-src", "p{}"), ("script-src", "a()")):
        assert allowed[name] == f"'self' 'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
    assert "unsafe" not in policy(html) and "http" not in policy(html)
    assert allowed["base-uri"] == "'none'"


def test_every_page_carries_its_policy_before_anything_that_it_governs(built_site):
    faults = []
    for page in built_site.all_pages:
        first = page.tree.xpath("//head/*")[:5]
        stated = [place for place, meta in enumerate(first) if meta.get("http-equiv") == "Content-Security-Policy"]
        if not stated:
            faults.append(f"{page}: no policy at the top of the head")
        elif any(each.tag in ("link", "style", "script") for each in first[: stated[0]]):
            faults.append(f"{page}: something stands before the policy")
    expect_none(faults)


def test_no_page_waits_for_a_file_before_its_text(built_site):
    """Styles that are asked for in the head, or a script that is not deferred, hold up the first paint."""
    faults = []
    for page in built_site.all_pages:
        faults += [f"{page}: the head asks for {link.get('href')}" for link in page.all("head link[rel=stylesheet]")]
        faults += [f"{page}: {script.get('src')} is not deferred" for script in page.all("script[src]") if script.get("defer") is None]
        text = page.one(".text")
        before = [link for link in page.all("link[rel=stylesheet]") if link.getparent() is not text]
        faults += [f"{page}: {link.get('href')} is asked for outside the text" for link in before]
    expect_none(faults)
