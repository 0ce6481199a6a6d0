"""Pictures as files: PNG, SVG, Vega-Lite JSON, and HTML that needs no network."""

from __future__ import annotations

import json
import struct
import zlib
from functools import cache
from html import escape

from report import chart_html, converter, letters
from report.headed import about, headed
from report.imprint import Imprint
from report.picture import Picture

SCALES = (1, 2)
_PNG_HEAD = 33  # bytes of the signature and of the chunk that says the size


def vega(picture: Picture, imprint: Imprint, *, dark: bool = False, width: int | None = None) -> str:
    """The picture as a Vega-Lite document with its data inline."""
    return json.dumps(headed(picture, imprint, dark=dark, width=width), indent=1, allow_nan=False) + "\n"


def svg(picture: Picture, imprint: Imprint, *, dark: bool = False, width: int | None = None) -> str:
    """The picture as SVG: letters stay text; no script, nothing from elsewhere, safe inside a page."""
    facts = about(picture, imprint)
    start, rest = _drawn(picture, imprint, dark, width).split(">", 1)
    said = f"<title>{escape(facts['title'])}</title><desc>{escape(facts['description'])}</desc>"
    source = "\n".join(f"{name}: {words}" for name, words in facts.items() if name not in ("title", "description"))
    return f'{start} role="img">{said}<metadata>{escape(source)}</metadata>{rest}\n'


def png(picture: Picture, imprint: Imprint, *, scale: int = 2, dark: bool = False, width: int | None = None) -> bytes:
    """The picture as PNG, `scale` (1 or 2) pixels to each of its `width`; its text fields say where it comes from."""
    if scale not in SCALES:
        raise ValueError(f"scale: {scale}; use {' or '.join(map(str, SCALES))}")
    drawn = _drawn(picture, imprint, dark, width)
    image = converter.png(drawn, scale)
    fields = b"".join(_png_text(name, words) for name, words in about(picture, imprint).items())
    return image[:_PNG_HEAD] + fields + image[_PNG_HEAD:]


def html(picture: Picture, imprint: Imprint, *, dark: bool = False) -> str:
    """The picture as a page of its own that answers the pointer, as wide as its window, and needs no network."""
    return chart_html.page(picture, about(picture, imprint), engine(), letters.faces(), dark=dark)


@cache
def engine() -> str:
    """The script that draws charts in a page, with everything it needs; `chart_html` calls its `drawChart`."""
    return converter.bundle("window.drawChart = vegaEmbed;")


def _drawn(picture: Picture, imprint: Imprint, dark: bool, width: int | None) -> str:
    return converter.svg(headed(picture, imprint, dark=dark, width=width, still=True))


def _png_text(name: str, words: str) -> bytes:
    """A text field of a PNG file, in any script."""
    content = name.title().encode("ascii") + b"\0\1\0\0\0" + zlib.compress(words.encode("utf-8"), 9)
    chunk = b"iTXt" + content
    return struct.pack(">I", len(content)) + chunk + struct.pack(">I", zlib.crc32(chunk))
