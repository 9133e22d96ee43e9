"""Keeps an edition of a study: its files, as a build made them, are copied into the repository, and stay as they are for good."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from pustaka.model import EDITIONS, Edition, Message, Site, Study, join, language_of_file, say
from pustaka.nearest import nearest

#: The files of a whole study that were built before their names told the edition: `SLUG-LANG.html`.
_UNNAMED = (".html", ".epub")


class Refused(Exception):
    """Nothing was kept; `message` says why."""

    def __init__(self, message: Message):
        super().__init__(str(message))
        self.message = message


def edition_of(site: Site, slug: str, version: str = "") -> tuple[Study, Edition]:
    """The study and the edition that shall be kept: without a version, the first that is not kept yet.

    Raises:
        Refused: there is no such study or edition, or it is kept already.
    """
    study = site.study.get(slug)
    if study is None:
        meant = nearest(slug, site.study)
        mend = say("did you mean “{meant}”?", meant=meant) if meant else say("there are: {known}", known=join(site.study))
        raise Refused(say("there is no study “{slug}”: {mend}", slug=slug, mend=mend))
    kept = site.frozen.get(slug, {})
    if not version and (left := next((edition for edition in study.editions if edition.version not in kept), None)):
        return study, left
    if not version:
        raise Refused(say("every edition of {slug} is kept: {versions}", slug=slug, versions=join(kept)))
    edition = next((edition for edition in study.editions if edition.version == version), None)
    if edition is None:
        known = join(each.version for each in study.editions)
        raise Refused(say("{slug} has no edition {version}; its record lists: {known}", slug=slug, version=version, known=known))
    if version in kept:
        raise Refused(
            say("the edition {version} is kept in {folder}, and what is kept is never changed", version=version, folder=folder_of(study, edition))
        )
    return study, edition


def folder_of(study: Study, edition: Edition) -> str:
    """Where the files of an edition are kept, below the project's folder."""
    return f"{EDITIONS}/{study.slug}/{edition.version}"


def files_of(site: Site, study: Study, edition: Edition, built: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of an edition, in all languages, by the names under which they are kept.

    Args:
        built: the files of a built site, by their address below its root.

    Raises:
        Refused: it is not the site of that edition, or not the whole of it.
    """
    found: dict[str, str] = {}
    for language in site.languages:
        if site.page(language, study.name):
            named = _named(study, edition, language, built)
            page = named.get(f"{study.file_stem(edition.version, language)}.html")
            if page is None:
                name = f"{language}/{study.name}/{study.file_stem(edition.version, language)}.html"
                raise Refused(say("the site has no {name}: it is not of the edition {version}", name=name, version=edition.version))
            dates = re.findall(r"<time datetime=[\"']?([\d-]+)", built[page].decode("utf-8", "replace").partition("</header>")[0])
            if edition.date not in dates:
                raise Refused(
                    say(
                        "{page} is of {said}, the edition {version} of {date}: build that edition, and name its site with --site",
                        page=page,
                        said=join(dates) if dates else "–",
                        version=edition.version,
                        date=edition.date,
                    )
                )
            found |= named
    return {name: built[address] for name, address in found.items()}


def _named(study: Study, edition: Edition, language: str, built: Mapping[str, bytes]) -> dict[str, str]:
    """The addresses of an edition's files in a language, by name; those that were built under a name without version get one."""
    folder, stem = f"{language}/{study.name}/", study.file_stem(edition.version, language)
    inside = [address for address in built if address.startswith(folder) and "/" not in address.removeprefix(folder)]
    named = {address.removeprefix(folder): address for address in inside}
    if found := {name: address for name, address in named.items() if language_of_file(name, edition.version) == language}:
        return found
    return {f"{stem}{suffix}": address for suffix in _UNNAMED if (address := f"{folder}{study.slug}-{language}{suffix}") in built}


def keep(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files into a folder that is not there yet: all of them, or none.

    Raises:
        FileExistsError: the folder is there.
        OSError: they cannot be written.
    """
    if folder.exists():
        raise FileExistsError(folder)
    half = folder.with_name(f".{folder.name}.half")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    try:
        for name, data in files.items():
            (half / name).write_bytes(data)
        half.rename(folder)
    except OSError:
        shutil.rmtree(half, ignore_errors=True)
        raise
