"""A study as an IMS Common Cartridge: links to its pages and findings, its handout, its quiz and its discussion, for learning platforms.

It is version 1.1, which all importers read that read any (Moodle reads no later one). Web links and the quiz are 1.1's own kinds,
the descriptions stand in the manifest's LOM and, for platforms that show none, on a page within the cartridge.

Sources: IMS Global, "Common Cartridge Profile: Implementation", 1.1; its schemas and their Schematron rules; "QTI 1.2.1" as profiled there.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from io import BytesIO
from string import ascii_lowercase

import lxml.etree
from lxml.builder import ElementMaker

from pustaka.export.book import BookFile
from pustaka.export.book.chapters import parsed
from pustaka.export.pack import imprint
from pustaka.export.pack.questions import Choice, QuestionBank
from pustaka.model import TEACHING, Page, Study
from pustaka.render.address import absolute
from pustaka.render.publication import Publication, heading_text

_IMSCC = "http://www.imsglobal.org/xsd/imsccv1p1"
_CP, _LINK, _TOPIC = f"{_IMSCC}/imscp_v1p1", f"{_IMSCC}/imswl_v1p1", f"{_IMSCC}/imsdt_v1p1"
_LOM, _QTI = "http://ltsc.ieee.org/xsd/imsccv1p1/LOM/manifest", "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_C = ElementMaker(namespace=_CP, nsmap={None: _CP, "lom": _LOM})
_L = ElementMaker(namespace=_LOM, nsmap={"lom": _LOM})
_W = ElementMaker(namespace=_LINK, nsmap={None: _LINK})
_T = ElementMaker(namespace=_TOPIC, nsmap={None: _TOPIC})
_Q = ElementMaker(namespace=_QTI, nsmap={None: _QTI})

#: Where in the cartridge the page with the descriptions stands.
_OVERVIEW = "content/index.html"

_KIND_OF = {"link": "imswl_xmlv1p1", "topic": "imsdt_xmlv1p1", "quiz": "imsqti_xmlv1p2/imscc_xmlv1p1/assessment", "file": "webcontent"}


@dataclass(frozen=True)
class Part:
    """Something that the cartridge holds: `kind` is link, topic, quiz or file; `path` and `data` are its file in the cartridge."""

    kind: str
    identifier: str
    title: str
    description: str
    path: str
    data: bytes
    address: str = ""


@dataclass(frozen=True)
class Folder:
    """Parts under a title."""

    identifier: str
    title: str
    parts: tuple[Part, ...] = field(default=())


def cartridge(
    publication: Publication, study: Study, language: str, contents: Mapping[str, str], bank: QuestionBank | None, handout: BookFile | None
) -> bytes:
    """The bytes of a study's cartridge in a language, the same whenever it is made.

    Args:
        contents: the HTML of each page's text, by the page's path.
        bank: the study's questions.
        handout: the one file of the pack that is put into the cartridge; to the others, whose names change with the version, a link leads.
    """
    words = publication.words(language)
    pages = [page for name in study.pages if (page := publication.site.page(language, study.page_name(name)))]
    folders = [
        Folder("pages", words["study_pages"], tuple(_pages(publication, pages))),
        Folder("findings", words["pack_findings"], tuple(_findings(publication, study, language, contents))),
        Folder("files", words["pack"], tuple(_files(publication, study, language, handout))),
    ]
    if bank and bank.choices:
        folders.append(Folder("quiz", words["pack_quiz"], (_quiz(bank, words["pack_quiz"]),)))
    if bank and bank.topics:
        folders.append(Folder("discussion", words["pack_discussion"], tuple(_topics(bank))))
    folders = [folder for folder in folders if folder.parts]
    overview = Part("file", "overview", words["pack_overview"], "", _OVERVIEW, _overview(publication, study, language, folders))
    manifest = _manifest(publication, study, language, overview, folders)
    files = {"imsmanifest.xml": manifest, **{part.path: part.data for folder in folders for part in folder.parts}, overview.path: overview.data}
    return zipped(files, study.updated)


def zipped(files: Mapping[str, bytes], day: str) -> bytes:
    """An archive of files by name, the same bytes whenever it is made: every file has one date (ISO 8601) and one level of compression."""
    moment = (*date.fromisoformat(day).timetuple()[:3], 0, 0, 0)
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, moment)
            entry.create_system, entry.external_attr = 3, 0o644 << 16  # the same on every system
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()


# -- Parts -------------------------------------------------------------------------------------------------------


def _link(identifier: str, title: str, description: str, address: str) -> Part:
    title = " ".join(title.split())
    data = _xml(_W.webLink(_W.title(title), _W.url(href=address, target="_blank")))
    return Part("link", identifier, title, description, f"links/{identifier}.xml", data, address)


def _pages(publication: Publication, pages: Iterable[Page]) -> Iterable[Part]:
    for page in pages:
        name = publication.site.study_of(page).part(page.name)
        yield _link(f"page-{_name(name)}", page.title, page.description, publication.canonical(page))


def _findings(publication: Publication, study: Study, language: str, contents: Mapping[str, str]) -> Iterable[Part]:
    for finding in study.findings:
        page = publication.site.page(language, study.page_name(finding.page))
        section = next((section for section in page.sections if section.id == finding.anchor), None) if page else None
        if section is None:
            continue
        label = publication.words(language)["finding_number"].format(number=finding.number)
        address = absolute(publication.settings.address, study.finding_url(finding, language))
        nutshell = _nutshell(contents.get(page.path, ""), finding.anchor)
        yield _link(f"finding-{finding.number}", f"{label}: {heading_text(section.title)}", nutshell, address)


def _nutshell(html: str, anchor: str) -> str:
    """The words of the block `/// finding` under a heading, without its title; "" where there is none."""
    body = parsed(html) if html else None
    heading = next(iter(body.xpath("//*[@id=$anchor]", anchor=anchor)), None) if body is not None else None
    for element in heading.itersiblings() if heading is not None else ():
        if element.tag in ("h1", "h2", "h3"):
            break
        if "finding" in (element.get("class") or "").split():
            told = (child for child in element if "admonition-title" not in (child.get("class") or "").split())
            return " ".join(" ".join(child.text_content().split()) for child in told)
    return ""


def _files(publication: Publication, study: Study, language: str, handout: BookFile | None) -> Iterable[Part]:
    words = publication.words(language)
    if handout:
        name = handout.address.rpartition("/")[2]
        yield Part("file", "handout", words[handout.kind], words.get(f"{handout.kind}_for", ""), f"files/{name}", handout.data)
    if teaching := publication.site.page(language, study.page_name(TEACHING)):
        yield _link("pack", words["pack_all"], words["pack_all_for"], f"{publication.canonical(teaching)}#{imprint.PACK}")


def _topics(bank: QuestionBank) -> Iterable[Part]:
    for topic in bank.topics:
        identifier = f"topic-{topic.level_id}-{topic.number}"
        data = _xml(_T.topic(_T.title(topic.name), _T.text(f'<div lang="{escape(bank.language)}">{topic.text}</div>', texttype="text/html")))
        yield Part("topic", identifier, topic.name, "", f"discussion/{identifier}.xml", data)


# -- The quiz ----------------------------------------------------------------------------------------------------


def _quiz(bank: QuestionBank, title: str) -> Part:
    assessment = _Q.assessment(
        _Q.qtimetadata(
            _metadata("cc_profile", "cc.exam.v0p1"), _metadata("qmd_assessmenttype", "Examination"), _metadata("qmd_scoretype", "Percentage")
        ),
        _Q.section(*(_item(bank, choice) for choice in bank.choices), ident="root_section"),
        ident=f"{bank.study.code}-{bank.language}-quiz",
        title=title,
    )
    assessment.set(_LANG, bank.language)
    return Part("quiz", "quiz", title, "", "quiz/assessment.xml", _xml(_Q.questestinterop(assessment)))


def _metadata(label: str, entry: str) -> lxml.etree._Element:
    return _Q.qtimetadatafield(_Q.fieldlabel(label), _Q.fieldentry(entry))


def _material(html: str) -> lxml.etree._Element:
    return _Q.material(_Q.mattext(html, texttype="text/html"))


def _item(bank: QuestionBank, choice: Choice) -> lxml.etree._Element:
    """A question with one right option. Whatever is answered, the explanation is shown, after whether it was right."""
    letters = ascii_lowercase[: len(choice.options)]
    right = next(letter for letter, (_, is_right) in zip(letters, choice.options, strict=True) if is_right)
    labels = [_Q.response_label(_material(f"<p>{html}</p>"), ident=letter) for letter, (html, _) in zip(letters, choice.options, strict=True)]

    def shown(feedback: str) -> lxml.etree._Element:
        return _Q.displayfeedback(feedbacktype="Response", linkrefid=feedback)

    def chosen() -> lxml.etree._Element:
        return _Q.varequal(right, respident="response")

    return _Q.item(
        _Q.itemmetadata(_Q.qtimetadata(_metadata("cc_profile", "cc.multiple_choice.v0p1"))),
        _Q.presentation(
            _material(f'<div lang="{escape(bank.language)}"><p>{choice.text}</p></div>'),
            _Q.response_lid(_Q.render_choice(*labels), ident="response", rcardinality="Single"),
        ),
        _Q.resprocessing(
            _Q.outcomes(_Q.decvar(maxvalue="100", minvalue="0", varname="SCORE", vartype="Decimal")),
            _Q.respcondition(_Q.conditionvar(_Q.other()), shown("general_fb"), **{"continue": "Yes"}),
            _Q.respcondition(_Q.conditionvar(chosen()), _Q.setvar("100", action="Set", varname="SCORE"), shown("correct_fb"), **{"continue": "No"}),
            _Q.respcondition(_Q.conditionvar(_Q.other()), shown("general_incorrect_fb"), **{"continue": "Yes"}),
        ),
        _Q.itemfeedback(_Q.flow_mat(_material(choice.explanation)), ident="general_fb"),
        _Q.itemfeedback(_Q.flow_mat(_material(f"<p>{escape(bank.right, quote=False)}</p>")), ident="correct_fb"),
        _Q.itemfeedback(_Q.flow_mat(_material(f"<p>{escape(bank.wrong, quote=False)}</p>")), ident="general_incorrect_fb"),
        ident=choice.identifier,
        title=choice.name,
    )


# -- The whole ---------------------------------------------------------------------------------------------------


def _overview(publication: Publication, study: Study, language: str, folders: Sequence[Folder]) -> bytes:
    """The page that says of every link what it leads to."""
    page = publication.site.page(language, study.page_name(TEACHING)) or publication.site.page(language, study.name)
    values = {
        "language": language,
        "words": publication.words(language),
        "title": publication.title_of(study, language),
        "folders": [folder for folder in folders if folder.identifier in ("pages", "findings", "files")],
        "notes": imprint.notes(publication, study, page),
    }
    return publication.templates.get_template("pack/cartridge.html").render(**values).encode("utf-8")


def _manifest(publication: Publication, study: Study, language: str, overview: Part, folders: Sequence[Folder]) -> bytes:
    parts = [overview, *(part for folder in folders for part in folder.parts)]
    items = [_item_of(overview, language), *(_folder_item(folder, language) for folder in folders)]
    manifest = _C.manifest(
        _C.metadata(_C.schema("IMS Common Cartridge"), _C.schemaversion("1.1.0"), _lom(publication, study, language)),
        _C.organizations(_C.organization(_C.item(*items, identifier="root"), identifier="organization", structure="rooted-hierarchy")),
        _C.resources(*map(_resource, parts)),
        identifier=_name(f"{study.code}-{language}-{study.version}"),
    )
    return _xml(manifest)


def _folder_item(folder: Folder, language: str) -> lxml.etree._Element:
    inside = (_item_of(part, language) for part in folder.parts)
    return _C.item(_C.title(folder.title), *inside, identifier=f"folder-{folder.identifier}")


def _item_of(part: Part, language: str) -> lxml.etree._Element:
    item = _C.item(_C.title(part.title), identifier=f"item-{part.identifier}", identifierref=f"resource-{part.identifier}")
    if part.description:
        item.append(_C.metadata(_L.lom(_L.general(_said("title", part.title, language), _said("description", part.description, language)))))
    return item


def _resource(part: Part) -> lxml.etree._Element:
    resource = _C.resource(_C.file(href=part.path), identifier=f"resource-{part.identifier}", type=_KIND_OF[part.kind])
    if part.kind == "file":
        resource.set("href", part.path)
    return resource


def _lom(publication: Publication, study: Study, language: str) -> lxml.etree._Element:
    """What the cartridge is, by the IEEE's Learning Object Metadata (1484.12.1) as profiled for cartridges."""
    overview, settings = publication.site.page(language, study.name), publication.settings
    licence = publication.licence(settings.licence, language)
    return _L.lom(
        _L.general(
            _L.identifier(_L.catalog("URI"), _L.entry(publication.canonical(overview))),
            _said("title", overview.title, language),
            _L.language(language),
            _said("description", overview.description, language),
            *(_said("keyword", keyword, language) for keyword in study.keywords[language]),
        ),
        _L.lifeCycle(
            _L.contribute(_L.role(_L.value("publisher")), _L.entity(settings.publisher), _L.date(_L.dateTime(study.updated))),
        ),
        _L.rights(
            _L.copyrightAndOtherRestrictions(_L.value("yes")),
            _said("description", f"{licence['text']}, {licence['href']}", language),
        ),
    )


def _said(name: str, words: str, language: str) -> lxml.etree._Element:
    return _L(name, _L.string(words, language=language))


def _name(text: str) -> str:
    """Text as part of an XML name."""
    return re.sub(r"[^\w.-]", "-", text)


def _xml(root: lxml.etree._Element) -> bytes:
    lxml.etree.indent(root)
    return lxml.etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"
