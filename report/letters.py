"""The letters of pictures: font files for the renderer, and small enough to travel inside a page."""

from __future__ import annotations

import base64
import struct
import zlib
from functools import cache
from importlib import import_module
from pathlib import Path

PACKAGES = {"Source Sans Pro": "font_source_sans_pro", "Source Serif Pro": "font_source_serif_pro"}
"""Font family -> the package that brings it."""
IN_PAGES = (
    ("Source Sans Pro", 400, "SourceSansPro-Regular.ttf"),
    ("Source Sans Pro", 600, "SourceSansPro-Semibold.ttf"),
    ("Source Serif Pro", 600, "SourceSerifPro-Semibold.ttf"),
)
"""Family, weight and file of what a page with a chart needs."""
_HEAD, _RECORD = ">4s4sIHHIHHIIIII", ">4sIIII"


def folders() -> list[Path]:
    """Where the font files are."""
    return [_folder(family) for family in PACKAGES]


def _folder(family: str) -> Path:
    return Path(str(import_module(PACKAGES[family]).__file__)).parent / "files"


@cache
def faces() -> str:
    """The letters as CSS that fetches nothing."""
    rules = []
    for family, weight, file in IN_PAGES:
        letters = base64.b64encode(woff((_folder(family) / file).read_bytes())).decode("ascii")
        source = f'url("data:font/woff;base64,{letters}") format("woff")'
        rules.append(f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: {source}; }}')
    return "\n".join(rules)


def woff(font: bytes) -> bytes:
    """A TrueType font as WOFF 1.0: its tables one by one compressed, less than half as large."""
    flavour, count = font[:4], struct.unpack(">H", font[4:6])[0]
    records, tables, at = [], [], 44 + 20 * count
    for number in range(count):
        tag, checksum, offset, length = struct.unpack(">4sIII", font[12 + 16 * number : 28 + 16 * number])
        table = font[offset : offset + length]
        packed = zlib.compress(table, 9)
        packed = packed if len(packed) < length else table
        records.append(struct.pack(_RECORD, tag, at, len(packed), length, checksum))
        tables.append(packed + b"\0" * (-len(packed) % 4))
        at += len(tables[-1])
    unpacked = 12 + 16 * count + sum(-(-struct.unpack(_RECORD, each)[3] // 4) * 4 for each in records)
    head = struct.pack(_HEAD, b"wOFF", flavour, at, count, 0, unpacked, 1, 0, 0, 0, 0, 0, 0)
    return head + b"".join(records) + b"".join(tables)
