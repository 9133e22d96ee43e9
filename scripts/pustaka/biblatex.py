"""The data model of BibLaTeX: which types and fields there are, what each type requires, what is inherited.

Source: the BibLaTeX manual 3.20 (sections in the comments), its `blx-dm.def`; and of what other programs add to an entry,
their own manuals. Names are in lower case: letter case does not count.
"""

from __future__ import annotations

from collections.abc import Mapping

from pustaka.model import Entry


def words(text: str) -> frozenset[str]:
    """A list of words as it is written here."""
    return frozenset(text.split())


#: 2.1.1 "Regular Types": the fields that each requires. "author/editor": one of them is enough.
REQUIRED = {
    "article": "author title journaltitle date",
    "book": "author title date",
    "mvbook": "author title date",
    "inbook": "author title booktitle date",
    "booklet": "author/editor title date",
    "collection": "editor title date",
    "mvcollection": "editor title date",
    "incollection": "author title editor booktitle date",
    "dataset": "author/editor title date",
    "manual": "author/editor title date",
    "misc": "author/editor title date",
    "online": "author/editor title date url/doi/eprint",
    "patent": "author title number date",
    "periodical": "editor title date",
    "proceedings": "title date",
    "mvproceedings": "title date",
    "inproceedings": "author title booktitle date",
    "report": "author title type institution date",
    "techreport": "author title institution date",
    "thesis": "author title type institution date",
    "mastersthesis": "author title institution date",
    "phdthesis": "author title institution date",
    "unpublished": "author title date",
    "set": "entryset",
    "xdata": "",
}

#: 2.1.1 to 2.1.3: types that ask for what another asks for.
TYPE_ALIASES = {
    "bookinbook": "inbook",
    "suppbook": "inbook",
    "suppcollection": "incollection",
    "suppperiodical": "article",
    "review": "article",
    "reference": "collection",
    "mvreference": "mvcollection",
    "inreference": "incollection",
    "conference": "inproceedings",
    "electronic": "online",
    "www": "online",
}

#: 2.1.1 "custom" and 2.1.3 "Non-standard Types", of which nothing is required; then those of the packages biblatex-apa
#: and biblatex-software, and pandoc's. @bibnote is written by BibLaTeX itself.
FREE_TYPES = words(
    """
    customa customb customc customd custome customf artwork audio bibnote commentary image jurisdiction legislation legal letter movie music
    performance software standard video constitution legmaterial legadminmaterial nameonly presentation softwareversion softwaremodule
    codefragment
    """
)

#: Types whose entries are no works of their own.
NO_WORKS = ("set", "xdata", "bibnote")

TYPES = frozenset((*REQUIRED, *TYPE_ALIASES, *FREE_TYPES))

#: What is often written where a type of another name is meant.
MEANT_TYPES = {
    "blog": "online",
    "chapter": "incollection",
    "journal": "article",
    "journalarticle": "article",
    "paper": "article",
    "proceeding": "proceedings",
    "skripsi": "thesis",
    "tesis": "thesis",
    "disertasi": "thesis",
    "bachelorthesis": "thesis",
    "bachelorsthesis": "thesis",
    "masterthesis": "mastersthesis",
    "webpage": "online",
    "website": "online",
    "web": "online",
    "url": "online",
    "data": "dataset",
    "newspaper": "article",
    "magazine": "article",
    "preprint": "online",
}

#: 2.2.5 "Field Aliases", and `year`, which stands for `date` (2.3.9).
FIELD_ALIASES = {
    "address": "location",
    "annote": "annotation",
    "archiveprefix": "eprinttype",
    "hyphenation": "langid",
    "journal": "journaltitle",
    "key": "sortkey",
    "pdf": "file",
    "primaryclass": "eprintclass",
    "school": "institution",
    "year": "date",
}

#: 2.2.2: lists of names.
NAME_FIELDS = words(
    """
    afterword annotator author bookauthor commentator editor editora editorb editorc foreword holder introduction namea nameb namec
    shortauthor shorteditor sortname translator
    """
)

#: 2.2.2: words that a style prints, fields and lists alike, with the older names.
TEXT_FIELDS = words(
    """
    title subtitle titleaddon booktitle booksubtitle booktitleaddon maintitle mainsubtitle maintitleaddon shorttitle origtitle reprinttitle
    journaltitle journalsubtitle journaltitleaddon journal shortjournal issuetitle issuesubtitle issuetitleaddon eventtitle eventtitleaddon
    series shortseries publisher origpublisher location origlocation address institution organization school venue edition type nameaddon note
    addendum howpublished version
    """
)

DATE_FIELDS = ("date", "eventdate", "origdate", "urldate")

#: 2.2.2, letter by letter, for TeX does not read them.
VERBATIM_FIELDS = words("doi eprint file pdf url verba verbb verbc")

_OTHER_FIELDS = (
    "abstract annotation chapter eid entrysubtype eprintclass eprinttype gender indexsorttitle indextitle isan isbn ismn isrn issn issue iswc label"
    " langid langidopts library number pagetotal part relatedstring relatedtype shorthand shorthandintro sorttitle sortshorthand presort sortkey"
    " sortyear volume volumes authortype editortype editoratype editorbtype editorctype nameatype namebtype namectype pagination bookpagination"
    " pubstate language origlanguage crossref xref xdata ids entryset related relatedoptions keywords options pages execute"
    " usera userb userc userd usere userf lista listb listc listd liste listf month"
)
_DATE_PARTS = "year month day hour minute second timezone yeardivision"

#: 2.2.2 to 2.2.5: every field of the standard data model.
FIELDS = frozenset(
    {*NAME_FIELDS, *TEXT_FIELDS, *VERBATIM_FIELDS, *DATE_FIELDS, *_OTHER_FIELDS.split(), *FIELD_ALIASES}
    | {f"{date}{end}{part}" for date in ("", "event", "orig", "url") for end in ("", "end") for part in _DATE_PARTS.split()}
)

#: What other styles and programs read or write: biblatex-apa, biblatex-software, natbib, CSL's variables, JabRef, BibDesk, Mendeley,
#: Zotero, Citavi, Google Scholar, PubMed, ACM, IEEE, Crossref, the sites of conferences; and the fields by which this program is told to be silent.
COMMON_FIELDS = words(
    """
    pustaka-ignore call-number citation director editordoi hal_id hal_version institution_short license licence orcid repository
    relatedversion subtype swhid introducedin file_hash comment comments collaboration contents copyright keyword keywords-plus owner priority
    qualityassured ranking readstatus relevance review status timestamp creationdate modificationdate added-at username intrahash interhash
    biburl bibsource description groups posted-at date-added date-modified local-url rating read remote-url web_data_source accessed
    access-date access_date accessdate dateaccessed urlaccessdate lastaccessed lastaccess lastchecked lastvisited visited retrieved url_date
    url-date accession_number accession-number pmid pmcid pmc medline-pst nlm nlmuniqueid dcsize size mendeley-groups mendeley-tags acmid
    articleno article-number articlenumber issue_date numpages eissn e-issn issn-electronic isbn-13 isbn-10 isbn13 isbn10 asin lccn lc oclc
    mrnumber mrclass mrreviewer zblnumber zbl zmnumber fjournal coden slaccitation reportnumber bibcode adsurl adsnote adsbibcode arxiv
    arxivid arxiv-id archive archive_location arxivurl archiveprefix archivelocation archivedate archiveurl affiliation author_keywords
    author-email author_email unique-id research-areas web-of-science-categories times-cited number-of-cited-references
    usage-count-last-180-days usage-count-since-2013 journal-iso doc-delivery-number da funding-acknowledgement funding-text
    researcherid-numbers orcid-numbers oa eissn cited-references document_type source abbrev_source_title abbr bibtex_show code slides poster
    video html blog website webpage project github demo supp preprint selected preview additional_info image thumbnail award award_name
    altmetric dimensions google_scholar_id inspirehep_id talk dataset data openreview pdfurl url_pdf url_code paperurl optnote optpages
    optvolume optnumber optseries optaddress optmonth optkey optannote opteditor optpublisher optorganization optcrossref optyear optdoi
    opturl city country state place day days numberofvolumes nationality assignee dayfiled monthfiled yearfiled date-filed genre medium scale
    dimensions opt abbreviation abstractnote acknowledgement advisor supervisor alttitle bibliography booktitleshort bibsonomy
    citeulike-article-id citeulike-linkout-0 conference conference_date conferencename content-type crossrefonly department doiurl doi-url
    entrytype extra event eventplace editors-note firstpage lastpage folder format fullauthor fullauthoroptions funding gs_citations guid
    hal_url handle hdl id internal-note intype isprsid issnl journalabbr journal_abbrev journalfull journalurl jstor_articletype
    jstor_formatteddate jstor_issuetitle jurisdiction key_words lang language_code link lf lfbib note2 numberofpages numpub notes num_pages
    openalex oai opt_note original_date originaldate originalyear original-date page-first pages-total pagestotal pii ppn printed pubdate
    publisher-place published publication_stage publisherurl publicationtype quality ranktitle refid report_number reviewer reviewed revision
    rights searchterms section semanticscholar session short shortpub skimmed sponsor stage-name subject subjects summary tag tags term track
    translated-title transtitle translatedtitle usages urn uuid uri version_number vol_title volume-title volume_title volumetitle workshop
    xmlref year-suffix zotero googlebooks unf accepted submitted bibdate jstor force collaborator artpubdate artist composer cast duration
    producer screenwriter pagenumber pagenum
    page_count scopus scopusid wos nlm_id booktitle_short shortbooktitle shortbookauthor options_ origdate_ file-1 file-2
    """
)
#: How the fields begin that programs number or name by themselves: "bdsk-url-1", "mendeley-tags", "date-added".
OWN_FIELDS = (
    "bdsk-",
    "mendeley",
    "jabref",
    "date-",
    "citeulike",
    "zotero",
    "citavi",
    "opt",
    "x-",
    "x_",
    "_",
    "bibtex_",
    "url_",
    "researcherid",
    "readcube",
    "papers-",
)

#: 2.2.3: the fields that hold keys of other entries.
KEY_FIELDS = ("crossref", "xref", "xdata", "entryset", "related")

#: The languages that babel and polyglossia know, which `langid` names (2.2.3), with their variants.
LANGIDS = words(
    """
    acadian afrikaans albanian american amharic ancientgreek arabic armenian assamese asturian australian austrian azerbaijani bahasa bahasai
    bahasam balinese basque belarusian bengali bosnian brazil brazilian breton british bulgarian burmese canadian canadien catalan chinese
    chinese-hans chinese-hant chinese-simplified chinese-traditional churchslavic churchslavonic classiclatin coptic croatian czech danish
    divehi dutch dzongkha ecclesiasticlatin english esperanto estonian faroese farsi filipino finnish francais french frenchb friulan friulian
    gaelic galician georgian german germanb greek gujarati hausa hebrew hindi hungarian icelandic igbo indon indonesian interlingua irish
    italian japanese javanese kannada kashmiri kazakh khmer korean kurdish kyrgyz lao latin latvian lithuanian lowersorbian lsorbian lsorbian
    luxembourgish macedonian magyar malagasy malay malayalam maltese maori marathi medievallatin melayu mexican monacan mongolian
    monotonicgreek naustrian nepali newzealand ngerman nheengatu nko norsk norwegian nswissgerman nynorsk bokmal occitan odia oriya pashto
    persian piedmontese pinyin polish polutonikogreek polytonicgreek portuges portuguese punjabi romanian romansh russian russianb samin sami
    sanskrit sardinian scottish scottishgaelic serbian serbianc sindhi sinhala slovak slovene slovenian somali sorbian spanish spanishmx
    sundanese swahili swedish swissgerman syriac tagalog tamil telugu thai tibetan turkish turkmen uighur ukenglish ukrainian ukraineb
    uppersorbian urdu usenglish usorbian uyghur uzbek vietnamese welsh yiddish yoruba zulu
    """
)

#: Appendix B "Default Inheritance Setup": what passes its title to a part as `booktitle`, and to a volume as `maintitle`.
#: All other fields pass under their own names, save those in `_NOT_INHERITED`.
_BOOKS = words("book bookinbook suppbook mvbook collection mvcollection reference mvreference proceedings mvproceedings")
_PARTS = words("inbook bookinbook suppbook incollection suppcollection inreference inproceedings conference")
_MULTIVOLUME = words("mvbook mvcollection mvreference mvproceedings")
_NOT_INHERITED = words(
    """
    ids crossref xref entryset entrysubtype execute label options presort related relatedoptions relatedstring relatedtype shorthand
    shorthandintro sortkey
    """
)


def inherited(parent: Entry, child: Entry) -> Mapping[str, str]:
    """The fields that a parent named in `crossref` hands down, under the names that they have in the child (2.4.1)."""
    fields = {name: value for name, value in parent.fields.items() if name not in _NOT_INHERITED}
    prefix = "main" if parent.type in _MULTIVOLUME else "book" if parent.type in _BOOKS and child.type in _PARTS else ""
    if parent.type == "periodical":
        fields |= {"journaltitle": fields.pop("title", "")}
    elif prefix:
        fields |= {f"{prefix}title": fields.pop("title", "")}
    return fields
