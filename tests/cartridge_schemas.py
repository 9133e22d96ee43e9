"""Ask the schemas of IMS Common Cartridge 1.1, and the Schematron rules in them, about cartridges.

    python tests/cartridge_schemas.py SCHEMAS FILE.imscc ...

SCHEMAS is the folder with the ccv1p1_*.xsd files that 1EdTech (IMS Global) publishes; they are in no package that installs by name.
"""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import lxml.etree
from lxml import isoschematron

SCHEMATRON = "http://purl.oclc.org/dsdl/schematron"

#: The schema of each kind of XML file in a cartridge, by its root element.
SCHEMAS = {
    "manifest": "ccv1p1_imscp_v1p2_v1p0",
    "webLink": "ccv1p1_imswl_v1p1",
    "topic": "ccv1p1_imsdt_v1p1",
    "questestinterop": "ccv1p1_qtiasiv1p2p1_v1p0",
}


def rules(schema: lxml.etree._ElementTree) -> isoschematron.Schematron | None:
    """The rules that stand in a schema beside its grammar; None where there are none."""
    made = lxml.etree.Element(f"{{{SCHEMATRON}}}schema", nsmap={"sch": SCHEMATRON})
    made.extend(lxml.etree.fromstring(lxml.etree.tostring(each)) for each in schema.iter(f"{{{SCHEMATRON}}}ns"))
    patterns = [lxml.etree.fromstring(lxml.etree.tostring(each)) for each in schema.iter(f"{{{SCHEMATRON}}}pattern")]
    for pattern in patterns:
        pattern.attrib.pop("name", None)  # a name for people, of the first edition of Schematron
    made.extend(patterns)
    return isoschematron.Schematron(made, store_report=True, validate_schema=False) if patterns else None


def faults(folder: Path, cartridge: Path) -> Iterator[str]:
    """What the schemas in a folder find in a cartridge."""
    with zipfile.ZipFile(cartridge) as archive:
        for name in archive.namelist():
            if name.endswith(".xml"):
                root = lxml.etree.fromstring(archive.read(name))
                schema = lxml.etree.parse(folder / f"{SCHEMAS[lxml.etree.QName(root).localname]}.xsd")
                grammar, more = lxml.etree.XMLSchema(schema), rules(schema)
                grammar.validate(root)
                yield from (f"{cartridge}: {name}: {fault}" for fault in grammar.error_log)
                if more and not more.validate(root):
                    found = more.validation_report.iter("{*}failed-assert", "{*}successful-report")
                    yield from (f"{cartridge}: {name}: {' '.join(each.itertext())}" for each in found)


if __name__ == "__main__":
    told = [fault for file in sys.argv[2:] for fault in faults(Path(sys.argv[1]), Path(file))]
    print("\n".join(told) or f"{len(sys.argv) - 2} cartridges are valid")
    sys.exit(bool(told))
