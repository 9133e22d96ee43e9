"""What a new site's mkdocs.yml, terms.yml and the files around them say; each is the present text with its facts exchanged."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

import yaml
from babel import Locale, UnknownLocaleError

from pustaka.founding import Unfounded, Wish
from pustaka.model import Site, say

#: Letters, digits and what names are written with; nothing that YAML, Markdown or HTML reads as a mark.
_NAME = re.compile(r"[^\W_](?:[\w .,’'&()/-]*[\w.)])?")


def judged(wish: Wish, site: Site) -> None:
    """Nothing, or Unfounded where something that was wished cannot be."""
    for name in (wish.name, wish.publisher):
        if not _NAME.fullmatch(name):
            raise Unfounded(say("“{name}” cannot be a name: use letters, digits, spaces, and . , ’ & ( ) / -", name=name))
    if not re.fullmatch(r"https?://[\w.:-]+/(?:[\w.~-]+/)*", wish.address):
        raise Unfounded(
            say("“{address}” is no site's address: write it like https://example.org/ or https://name.github.io/site/", address=wish.address)
        )
    if wish.licence not in site.words["allowed"]:
        known = ", ".join(sorted(site.words["allowed"]))
        raise Unfounded(say("“{licence}” is no licence that terms.yml knows for pages: choose one of {known}", licence=wish.licence, known=known))
    if wish.contact and not re.fullmatch(r"https?://\S+|[^@\s]+@[\w-]+(?:\.[\w-]+)+", wish.contact):
        raise Unfounded(say("“{contact}” is no contact: write an address of the web, https://…, or of mail", contact=wish.contact))
    wrong = [language for language in wish.languages if not re.fullmatch(r"[a-z]{2,3}(?:-[A-Za-z0-9]+)*", language)]
    if wrong or not wish.languages or len(set(wish.languages)) < len(wish.languages):
        raise Unfounded(say("“{languages}” are no languages: name each once by its tag, as in id,en", languages=",".join(wish.languages)))


def scalar(text: str) -> str:
    """A text as YAML writes it on one line."""
    return text if yaml.safe_load(f"- {text}") == [text] and not re.search(r"[:#]", text) else json.dumps(text, ensure_ascii=False)


def mkdocs(text: str, wish: Wish, gone: Collection[str]) -> str:
    """mkdocs.yml with the name, address, publisher, licence and contact wished, and a menu without what goes."""
    text = re.sub(r"^site_name: .*$", lambda _: f"site_name: {scalar(wish.name)}", text, count=1, flags=re.MULTILINE)
    text = re.sub(r'(?<=\[SITE_URL, ")[^"]*', lambda _: wish.address, text, count=1)
    for field, value in (("publisher", wish.publisher), ("licence", wish.licence), ("begun", wish.day)):
        text = re.sub(rf"^(  {field}: ).*?(?=\s+#|$)", lambda found, value=value: found[1] + scalar(value), text, count=1, flags=re.MULTILINE)
    if wish.contact:
        text = re.sub(r"^  #? ?contact: .*?(?=\s+#|$)", lambda _: f"  contact: {wish.contact}", text, count=1, flags=re.MULTILINE)
    menu = re.search(r"^  menu:.*\n(?P<items>(?:    - .*\n)+)", text, re.MULTILINE)
    items = [line.removeprefix("    - ").strip() for line in menu["items"].splitlines()]
    left = ["studies", *(item for item in items if item not in gone and item != "studies")]
    text = text[: menu.start("items")] + "".join(f"    - {item}\n" for item in left) + text[menu.end("items") :]
    return re.sub(r"(?<=# )docs/id and docs/en hold", " and ".join(f"docs/{language}" for language in wish.languages) + " hold", text)


# -- Languages ---------------------------------------------------------------------------------------------------


def terms(text: str, site: Site, wish: Wish) -> str:
    """terms.yml with the languages wished, in their order; the words of others stay, for the day when somebody wants them."""
    block = re.search(r"^languages:\n(?P<rows>(?:  .*\n)+)", text, re.MULTILINE)
    rows = {line.split(":")[0].strip(): line for line in block["rows"].splitlines()}
    due = [rows.get(language) or _row(language, site) for language in wish.languages]
    return text[: block.start("rows")] + "".join(f"{row}\n" for row in due) + text[block.end("rows") :]


def _row(language: str, site: Site) -> str:
    """What is known of a language that the site has no words for yet. Where the CLDR does not know it, dates and numbers are the first one's."""
    neighbour = site.words["languages"][site.languages[0]]
    try:
        locale = Locale.parse(language, sep="-")
        name, cldr = locale.get_display_name(language) or language, str(locale)
    except (UnknownLocaleError, ValueError):
        name, cldr = Locale.parse("en").languages.get(language, language), neighbour["cldr"]
    territory = neighbour["og"].partition("_")[2]
    row = {"name": name[:1].upper() + name[1:], "short": language.upper(), "csl": neighbour["csl"], "cldr": cldr, "og": f"{language}_{territory}"}
    return f"  {language}: {{{', '.join(f'{field}: {scalar(value)}' for field, value in row.items())}}}"


def spoken(wish: Wish, site: Site) -> tuple[str, ...]:
    """The languages wished that the site has words for."""
    return tuple(language for language in wish.languages if language in site.languages)


def names_of(languages: Iterable[str], site: Site) -> str:
    """Languages by their own names."""
    return ", ".join(site.words["languages"].get(language, {}).get("name", language) for language in languages)


# -- The files around the site ---------------------------------------------------------------------------------------


def around(files: Mapping[str, bytes], site: Site, wish: Wish, translate: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """README, CITATION.cff and whatever else names the site, each with its path."""
    licence = site.words["licences"][wish.licence]
    yield "README.md", _readme(files["README.md"].decode(), site, wish)
    yield "CITATION.cff", _citation(wish, translate)
    yield "CHANGELOG.md", _changelog(wish, translate)
    yield "pyproject.toml", re.sub(r"\n\[tool\.pustaka\]\ntemplate = true[^\n]*\n", "", files["pyproject.toml"].decode())
    if site.settings is None or wish.licence != site.settings.licence:
        content = f"The text and drawings of this site, by {wish.publisher}, are under this licence:"
        yield "LICENSE-CONTENT", f"{licence['en']}\n\n{content}\n{licence['url']}\n"
    if wish.contact.startswith("http"):
        forms = ".github/ISSUE_TEMPLATE/config.yml"
        link = {"contact_links": [{"name": wish.publisher, "url": wish.contact, "about": wish.name}]}
        yield forms, files[forms].decode() + yaml.safe_dump(link, allow_unicode=True, sort_keys=False)


def _readme(text: str, site: Site, wish: Wish) -> str:
    """The README, with another beginning and end, and without what says how a site of one's own is begun."""
    beginning = (
        f"# {wish.name}\n\n"
        f"This repository is the site <{wish.address}> of {wish.publisher}, and what builds it: Markdown and BibLaTeX go in; pages with real\n"
        f"citations (APA 7), a structured bibliography and checks come out. Languages: {names_of(wish.languages, site)}.\n\n"
    )
    text = beginning + text[text.index("## Two commands") :]
    text = re.sub(r"^### A site of your own\n.*?(?=^##)", "", text, flags=re.MULTILINE | re.DOTALL)
    licence = site.words["licences"][wish.licence]["en"]
    ending = f"Text and drawings: [{licence}](LICENSE-CONTENT). Code: [MIT](LICENSE). How to cite this site: [CITATION.cff](CITATION.cff).\n"
    return text[: text.index("## Licences\n")] + f"## Licences\n\n{ending}"


def _citation(wish: Wish, translate: Callable[[str], str]) -> str:
    """CITATION.cff (Citation File Format 1.2.0) of a site that has no study yet."""
    own = {"title": wish.name, "authors": [{"name": wish.publisher}], "version": "0.1.0", "date-released": wish.day}
    message = say("For findings, cite the studies themselves. For the site's own text, cite {name}.", name=wish.name).text(translate)
    cff = {"cff-version": "1.2.0", "message": message, "type": "dataset", **own, "license": wish.licence}
    if "@" in wish.contact:
        cff["contact"] = [{"name": wish.publisher, "email": wish.contact}]
    cff["preferred-citation"] = {"type": "website", **own}
    text = yaml.dump(cff, allow_unicode=True, sort_keys=False, width=1000, Dumper=_Plain)
    return text.replace(f"'{wish.day}'", wish.day)


class _Plain(yaml.SafeDumper):
    """Writes what is said twice out twice."""

    def ignore_aliases(self, data):
        return True


def _changelog(wish: Wish, translate: Callable[[str], str]) -> str:
    what = say("What changed for the people who use {name}, newest first.", name=wish.name).text(translate)
    return f"# Changelog\n\n{what}\n\n## 0.1.0 – {wish.day}\n\n- {say('The site begins, without a study.').text(translate)}\n"
