"""B: what the built pages cost their readers, in bytes and requests, beside the budget (budget.yml)."""

from __future__ import annotations

from collections.abc import Iterator

from pustaka.model import Budget, Fault, Message, Place, Site, join, say
from pustaka.rules import rule
from pustaka.surfaces.reading import Reading, Weighed, WeighedFile
from pustaka.weight import DOWNLOADS, FONTS, parts

#: What the parts of a page are called, and how each becomes lighter.
_PARTS = {
    "metadata": (say("metadata"), say("leave out <meta> and <link> that repeat one another")),
    "data": (say("JSON-LD"), say("state in the JSON-LD only what this page alone can say")),
    "styles": (say("styles"), say("make the rules of `overrides/styles/page.css` fewer, or move what comes after the text to `rest.css`")),
    "scripts": (say("scripts in the page"), say("put the script into `overrides/scripts/`, which all pages share")),
    "buttons": (say("buttons and icons"), say("let the script make the buttons, from one drawing")),
    "hidden": (say("hidden elements"), say("let the script make what is hidden at first, from what the page shows anyway")),
    "attributes": (
        say("classes, ids and other attributes"),
        say("style elements by where they stand, and drop attributes that no style or script asks for"),
    ),
}


@rule("B609")
def page_weight(site: Site, reading: Reading) -> Iterator[Fault]:
    """A page's HTML weighs more than its text and what the budget allows beside it.

    A server sends ten packets, 14.6 kB, before it waits for the reader's answer (RFC 6928), and on a slow line every further
    packet is seen to come. So a page must fit into them with all that its first paint needs, and may exceed them only by its
    text. The text is the same page as bare HTML. Sizes are as they are sent: gzipped. The limits stand in budget.yml.

    Bad (site/id/studies/contoh/index.html):
        <style media="screen">
        .how-to-cite { border: 1px solid #8a5a2b; padding: .75rem 1rem; background: #fbf6eb }
        .gallery figure > img { object-fit: cover; aspect-ratio: 16 / 9; filter: saturate(1.1) }
        .calendar td[data-day="0"] { color: rgb(153, 27, 27); font-variant-numeric: tabular-nums }
        @media (min-width: 62em) { .sidebar { position: sticky; inset-block-start: 4.5rem; float: right } }
        @keyframes blink { 50% { opacity: .35; transform: translateY(-3px) rotate(12deg) } }
        #newsletter input:invalid { outline: dashed 2px orange; animation: blink 700ms ease-in-out 3 }
        .comments blockquote::before { content: "»"; font: italic 300 3em/1 Georgia, serif; letter-spacing: -.04em }
        </style>
    Good (site/id/studies/contoh/index.html):
        <style media="screen">
        .how-to-cite { border: 1px solid #8a5a2b; padding: .75rem 1rem; background: #fbf6eb }
        </style>
    """
    for weighed in reading.weights if site.budget else ():
        if weighed.weight.html > weighed.weight.text + site.budget.over_text:
            yield Fault(Place(weighed.page.path), _too_heavy(weighed, site.budget))


def _too_heavy(weighed: Weighed, budget: Budget) -> Message:
    weight, heaviest = weighed.weight, list(parts(weighed.page.html).items())
    values = {
        "bytes": weight.html,
        "over": weight.html - weight.text - budget.over_text,
        "text": weight.text,
        "most": budget.over_text,
        "window": budget.window,
        "parts": join(join((_PARTS[name][0], bytes), " ") for name, bytes in heaviest if bytes > 0),
        "advice": _PARTS[heaviest[0][0]][1],
    }
    if weight.html > budget.window:
        return say(
            "the page weighs {bytes} bytes gzipped, more than the {window} that come at once, and {over} more than its text ({text}) "
            "and {most} for all else: what weighs most is {parts}; {advice}",
            **values,
        )
    return say(
        "the page weighs {bytes} bytes gzipped, {over} more than its text ({text}) and {most} for all else: what weighs most is {parts}; {advice}",
        **values,
    )


@rule("B610")
def page_visit(site: Site, reading: Reading) -> Iterator[Fault]:
    """A first visit to a page fetches too many files, or too many bytes.

    Counted is what the page asks for by itself: style sheets, scripts, icons, pictures, a manifest, what these ask for in turn,
    and the files that the script fetches at a first visit (`by_script` in budget.yml). Every request costs a reader on a slow
    line half a second, whatever its size.

    Bad (site/id/index.html):
        <script src="../assets/base.js" defer></script>
        <script src="../assets/copy.js" defer></script>
        <script src="../assets/menu.js" defer></script>
        <script src="../assets/filter.js" defer></script>
    Good (site/id/index.html):
        <script src="../assets/site.js" defer></script>
    """
    for weighed in reading.weights if site.budget else ():
        yield from _visit(weighed, site.budget)


def _visit(weighed: Weighed, budget: Budget) -> Iterator[Fault]:
    weight, place = weighed.weight, Place(weighed.page.path)
    count = 1 + len(weight.requests)
    if count > budget.requests:
        files = join(request.address for request in weight.requests)
        message = say(
            "a first visit fetches {count} files, {most} are allowed: beside the page {files}", count=count, most=budget.requests, files=files
        )
        yield Fault(place, message)
    most = max(budget.visit, weight.text + budget.over_text + budget.visit - budget.window)
    if weight.visit > most:
        heaviest = sorted(weight.files.items(), key=lambda file: -file[1])
        message = say(
            "a first visit fetches {bytes} bytes, {over} more than {most}: the page is {html} of them, beside it {files}; make the largest smaller",
            bytes=weight.visit,
            over=weight.visit - most,
            most=most,
            html=weight.html,
            files=join(f"{address} {bytes}" for address, bytes in heaviest),
        )
        yield Fault(place, message)


@rule("B611")
def page_waits(site: Site, reading: Reading) -> Iterator[Fault]:
    """A page waits for another file before it shows anything, asks another host, or brings a font.

    Style sheets in the head and scripts without `defer` hold up the first paint by a round trip or more. Another host costs a
    connection of its own, and is told who reads what. A font costs more than the page; readers' devices have good ones.

    Bad (site/id/index.html):
        <script src="https://cdn.example/menu.js"></script>
    Good (site/id/index.html):
        <script src="../assets/site.js" defer></script>
    """
    for weighed in reading.weights if site.budget else ():
        for request in weighed.weight.requests:
            place, values = Place(weighed.page.path, request.line), {"file": request.address}
            if not request.is_own:
                yield Fault(place, say("the page asks another host for {file}: keep a copy on the site, or leave it out", **values))
            elif request.address.casefold().endswith(FONTS):
                yield Fault(place, say("the page asks for the font {file}: name fonts that devices have", **values))
            elif request.blocking:
                message = say("nothing is shown before {file} has come: load a script with `defer`, a style sheet where the text ends", **values)
                yield Fault(place, message)
    for file in reading.files if site.budget else ():
        if file.address.casefold().endswith(FONTS):
            yield Fault(Place(file.path), say("the site brings a font: take it out, and name fonts that devices have"))


@rule("B612")
def file_weight(site: Site, reading: Reading) -> Iterator[Fault]:
    """A file that pages share, or a study in one file, weighs more than the budget allows.

    Shared files are counted as they are sent, gzipped; what is downloaded to be kept as it is saved.

    Bad (site/assets/site.css):
        .print{display:none}.footer{margin-top:3rem}.record dt{font-weight:700}.backlinks a{color:#7f2a12}
    Good (site/assets/site.css):
        .footer{margin-top:3rem}
    """
    for file in reading.files if site.budget else ():
        yield from _file(file, site.budget)


def _file(file: WeighedFile, budget: Budget) -> Iterator[Fault]:
    values = {"bytes": file.sent, "most": budget.files.get(file.address, 0)}
    if file.address in budget.files and file.sent > budget.files[file.address]:
        yield Fault(Place(file.path), say("the file weighs {bytes} bytes gzipped, {most} are allowed: shorten what it is made of", **values))
    if file.address.endswith(DOWNLOADS) and file.saved > budget.download:
        values = {"bytes": file.saved, "most": budget.download}
        yield Fault(
            Place(file.path), say("the file has {bytes} bytes, {most} are allowed: leave out what a reader without a network does not need", **values)
        )
