"""Numbered findings: their numbers, short addresses, buttons, and the codes that print."""

from __future__ import annotations

import io
import re
from urllib.parse import urljoin

import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from conftest import expect_none
from PIL import Image
from playwright.sync_api import expect

pytestmark = pytest.mark.needs_study

LANGUAGES = ("id", "en")
PHONE = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}
BLOCK = ".finding"
TITLE = ".finding .admonition-title"
#: Every rule of axe-core, those of WCAG 2.2 AAA among them.
EVERYTHING = {"resultTypes": ["violations"], "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}}}


def pages_of_findings(model, language: str) -> dict[str, list[tuple[int, str, str]]]:
    """By the address of a page: number, short address and heading of each finding that it tells."""
    found: dict[str, list[tuple[int, str, str]]] = {}
    for study in model.studies:
        for finding in study.findings:
            told = (finding.number, study.finding_url(finding, language), finding.anchor)
            found.setdefault(f"{language}/{study.page_name(finding.page)}/", []).append(told)
    return found


@pytest.mark.parametrize("language, word", [("id", "Temuan"), ("en", "Finding")])
def test_a_finding_is_shown_by_its_number_which_links_to_its_short_address(language, word, built_site, model):
    faults = []
    for address, told in pages_of_findings(model, language).items():
        page = built_site.page(address)
        shown = [block.find("p") for block in page.tree.find_class("finding")]
        wanted = [(f"{word} {number}", short) for number, short, _ in told]
        said = [(title.text_content().strip(), urljoin(page.address, title.find("a").get("href"))) for title in shown]
        if said != wanted:
            faults.append(f"{page}: {said}, not {wanted}")
        ids = [block.xpath("string(preceding::*[self::h2 or self::h3][1]/@id)") for block in page.tree.find_class("finding")]
        if ids != [anchor for *_, anchor in told]:
            faults.append(f"{page}: the findings stand under {ids}")
    expect_none(faults)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_codes_are_asked_for_by_paper_alone_and_lead_to_the_findings(language, open_page, built_site, model):
    read, wanted = [], []
    for address, told in pages_of_findings(model, language).items():
        page, asked = open_page(viewport={"width": 800, "height": 1200}, service_workers="block", device_scale_factor=3), []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(address)
        page.wait_for_load_state("networkidle")
        expect_none(url for url in asked if url.endswith(".svg"))
        page.emulate_media(media="print")
        for image in page.locator(f"{BLOCK} img").all():
            image.scroll_into_view_if_needed()
            for _ in range(50):
                if image.evaluate("image => image.complete && image.naturalWidth"):
                    break
                page.wait_for_timeout(100)
            expect(image).to_be_visible()
            found = zxingcpp.read_barcodes(Image.open(io.BytesIO(image.screenshot())))
            read += [(code.format.name, code.text) for code in found]
        wanted += [("QRCode", built_site.address + short) for _, short, _ in told]
    assert read == wanted


def test_the_letters_below_a_code_are_its_address(built_site, model):
    faults = []
    for language in LANGUAGES:
        for told in pages_of_findings(model, language).values():
            for _, short, _ in told:
                letters = re.findall(r"<text[^>]*>([^<]*)</text>", (built_site.folder / f"{short}qr.svg").read_text("utf-8"))
                if f"http://{''.join(letters)}" != built_site.address + short:
                    faults.append(f"{short}: {letters}")
    expect_none(faults)


@pytest.mark.parametrize(
    "language, link, cite, cited",
    [
        ("id", "Salin tautan", "Kutip", r"\(\w+, \d{4}, bag\. .+\)"),
        ("en", "Copy link", "Cite", r"\(\w+, \d{4}, sec\. .+\)"),
    ],
)
def test_link_and_citation_of_a_finding_are_copied_in_the_pages_language(language, link, cite, cited, open_page, built_site, model):
    for address, told in pages_of_findings(model, language).items():
        page = open_page(permissions=["clipboard-read", "clipboard-write"])
        page.goto(address)
        for number, (_, short, _) in enumerate(told):
            title = page.locator(TITLE).nth(number)
            title.get_by_role("button", name=link).click()
            assert page.evaluate("navigator.clipboard.readText()") == built_site.address + short
            title.get_by_role("button", name=cite).click()
            copied = page.evaluate("navigator.clipboard.readText()")
            assert re.fullmatch(f"{cited} {re.escape(built_site.address + short)}", copied), copied


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_finding_has_its_place_on_the_smallest_phone(language, scheme, open_page, model):
    for address in pages_of_findings(model, language):
        page = open_page(address, color_scheme=scheme, **PHONE)
        page.get_by_role("button", name=re.compile("Salin tautan|Copy link")).first.wait_for()
        for control in page.locator(f"{TITLE} :is(a, button)").all():
            assert control.bounding_box()["height"] >= 44
        lines = page.locator(TITLE).evaluate_all("titles => titles.map(title => title.getBoundingClientRect().height)")
        assert max(lines) < 60, "the buttons stand in the line of the number"
        violations = Axe().run(page, context=BLOCK, options=EVERYTHING).response["violations"]
        expect_none(f"{violation['id']}: {node['target']}" for violation in violations for node in violation["nodes"])


def test_without_a_script_the_number_is_the_link_and_there_are_no_buttons(open_page, model):
    (address, told), *_ = pages_of_findings(model, "id").items()
    page = open_page(address, java_script_enabled=False)
    expect(page.locator(f"{TITLE} a")).to_have_count(len(told))
    expect(page.locator(f"{TITLE} button")).to_have_count(0)
