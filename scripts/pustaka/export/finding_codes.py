"""The codes that lead from a printed page to a finding: QR codes (ISO/IEC 18004) as SVG, with the address in letters below."""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

import segno

from pustaka.render.address import absolute
from pustaka.render.publication import FINDING_CODE, Publication

#: Blank modules around a code (ISO/IEC 18004, 5.3.8), and the height of a line of letters, in modules.
_QUIET, _LINE = 4, 4


def finding_codes(publication: Publication) -> dict[str, str]:
    """The picture of each numbered finding's short address in each language, by its address below the site's root."""
    addresses = (
        study.finding_url(finding, language)
        for study in publication.site.studies
        for finding in study.findings
        for language in publication.site.languages
    )
    return {f"{address}{FINDING_CODE}": code(absolute(publication.settings.address, address)) for address in addresses}


def code(address: str) -> str:
    """An address as a code, and in two lines of letters: where a fold or a stain hides the code, a reader types them."""
    made = segno.make_qr(address, error="m")
    width, _ = made.symbol_size(border=_QUIET)
    host, path = urlsplit(address).netloc, urlsplit(address).path
    where, _, short = path.rstrip("/").rpartition("/f/")
    lines = (f"{host}{where.rpartition('/')[0]}/", f"{where.rpartition('/')[2]}/f/{short}/")
    letters = "".join(
        f'<text x="{width / 2:g}" y="{width + _LINE * number:g}" textLength="{min(width - 2, 1.9 * len(line)):g}" '
        f'lengthAdjust="spacingAndGlyphs">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {width + _LINE * len(lines) - 1}" text-anchor="middle" '
        f'font-family="sans-serif" font-size="3.6">{made.svg_inline(border=_QUIET, dark="#000", light="#fff")}{letters}</svg>\n'
    )
