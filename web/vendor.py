"""Fetches the built files of other projects that the pages ship: ``python -m web.vendor``.

Each package is named by version and by the hash of its archive; the files stand under ``web/static/vendor`` as they were
published, with their licences. Nothing is fetched when the pages are served.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).with_name("static") / "vendor"

_MIT = """Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to
use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES
OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE
LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


@dataclass(frozen=True, slots=True)
class Package:
    """A published package and what is taken of it."""

    name: str
    version: str
    integrity: str
    files: tuple[str, ...]
    folder: str
    licence: str
    holders: str


PACKAGES = (
    Package(
        "@zazuko/yasgui",
        "4.6.2",
        "sha512-Zw45KdPoAE1KRaAoxIHdQqeJxvaVG1oQdntw0hy0ktX35Zu8ZccuOLrXCLwR+GU+0xMzLw8Mjw6BkSZV2vUuQw==",
        ("build/yasgui.min.js", "build/yasgui.min.css"),
        "yasgui",
        "MIT",
        "Triply B.V. and Zazuko GmbH",
    ),
    Package(
        "oxigraph",
        "0.5.11",
        "sha512-zKdgmp1tsrutGzC1lCCywwZRPpLJKaJnKSDWoY2hIhMiwiCRRXNN1DU7WUyTInBvgPKT8Y5N+RgwTL8qKXpLng==",
        ("web.js", "web_bg.wasm"),
        "oxigraph",
        "MIT OR Apache-2.0",
        "the Oxigraph developers",
    ),
)


def fetch(package: Package, into: Path) -> None:
    """Take a package's files; ValueError if the archive is not the one that is named here."""
    with tempfile.TemporaryDirectory() as folder:
        asked = f"{package.name}@{package.version}"
        subprocess.run(
            ["npm", "pack", "--silent", "--pack-destination", folder, asked], check=True, stdout=subprocess.DEVNULL
        )
        archive = next(Path(folder).glob("*.tgz"))
        found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if found != package.integrity:
            raise ValueError(f"{asked}: the archive's hash is {found}, not {package.integrity}")
        target = into / package.folder
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        with tarfile.open(archive) as opened:
            for name in package.files:
                source = opened.extractfile(f"package/{name}")
                assert source is not None, f"{asked} has no {name}"
                (target / Path(name).name).write_bytes(source.read())
    notice = f"{asked}\nLicence: {package.licence}\nCopyright (c) {package.holders}\n\n{_MIT}"
    (target / "LICENSE.txt").write_text(notice, encoding="utf-8")


def main() -> int:
    """Fetch every package anew."""
    for package in PACKAGES:
        fetch(package, HERE)
        sys.stderr.write(f"{package.name} {package.version}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
