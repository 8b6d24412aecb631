"""SVG to PNG by resvg, with a font that is really there: text must never vanish from a picture."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from engine.output.charts.picture import Picture
from engine.output.charts.svg import PAPER
from engine.query.errors import QueryUsageError

_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "C:/Windows/Fonts",
)
_FAMILIES = (
    "DejaVuSans.ttf",
    "LiberationSans-Regular.ttf",
    "NotoSans-Regular.ttf",
    "Arial.ttf",
    "arial.ttf",
    "Helvetica.ttc",
)
_BUNDLED = (("matplotlib", "mpl-data/fonts/ttf/DejaVuSans.ttf"), ("reportlab", "fonts/Vera.ttf"))
"""Fonts that other installed packages bring along, for machines that have none."""
_ZOOM = 2.0


def _system_has_fonts() -> bool:
    folders = [Path(f).expanduser() for f in _FOLDERS]
    return any(True for folder in folders if folder.is_dir() for name in _FAMILIES for _ in folder.rglob(name))


def _bundled() -> list[str]:
    found = []
    for package, inside in _BUNDLED:
        spec = importlib.util.find_spec(package)
        if spec and spec.origin and (path := Path(spec.origin).parent / inside).is_file():
            found.append(str(path))
    return found


def png(made: Picture) -> bytes:
    """The picture as PNG, two pixels a unit so that it prints well."""
    try:
        import resvg_py
    except ImportError:
        raise QueryUsageError("PNG needs resvg: pip install 'teemagraafi[charts]', or draw an svg or html") from None
    fonts = [] if _system_has_fonts() else _bundled()
    if not fonts and not _system_has_fonts():
        raise QueryUsageError(
            "this system has no font to write a PNG's text with: install DejaVu fonts, or draw an svg or html"
        )
    family = Path(fonts[0]).stem if fonts else None
    family = {"Vera": "Bitstream Vera Sans", "DejaVuSans": "DejaVu Sans"}.get(family or "")
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=made.svg,
            background=PAPER,
            zoom=_ZOOM,
            font_files=fonts or None,
            font_family=family,
            sans_serif_family=family,
        )
    )
