"""What an address asks for, read with distrust: refused in one sentence unless every part of it is understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from costmodel import link
from report import embed, exports, gallery
from report.headed import LEAST_WIDTH, MOST_WIDTH

MAX_QUERY = link.MAX_CHARACTERS + 100
"""Characters after the question mark: those of the longest link, and room for the other parameters."""

CHART_ENDINGS = ("svg", "png", "html", "json")
LEDGERS = {"csv": "ledger"}
REPORTS = {kind.ending: name for name, kind in exports.KINDS.items() if name not in LEDGERS.values()}
"""Kinds of report by the ending of their address."""
_TAKES = {"svg": ("theme", "width"), "png": ("theme", "width", "scale"), "html": ("theme",), "json": ("theme",)}
_THEMES, _SCALES = ("light", "dark"), ("1", "2")


class Refused(ValueError):
    """An address that is not answered; the message says why and what to do, `status` is HTTP's."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Asked:
    """One file: a chart (`chart` is its name) or a report (`kind`), of the scenario of a link's `word`.

    Without a word it is the default preset's. `width` [px] is the chart's own when None.
    """

    ending: str
    word: str | None = None
    chart: str = ""
    kind: str = ""
    dark: bool = False
    scale: int = 1
    width: int | None = None


def chart(name: str, ending: str, query: str) -> Asked:
    """The chart file that `/chart/{name}.{ending}?{query}` asks for. Refused."""
    if name not in gallery.NAMES:
        raise Refused(404, embed.unknown(name, gallery.NAMES))
    if ending not in CHART_ENDINGS:
        raise Refused(404, embed.unknown_ending(ending, CHART_ENDINGS))
    given = _given(query, ("s", *_TAKES[ending]))
    return Asked(
        ending,
        given.get("s"),
        chart=name,
        dark=_one_of("theme", given, _THEMES) == "dark",
        scale=int(_one_of("scale", given, _SCALES)),
        width=_width(given.get("width")),
    )


def report(kinds: Mapping[str, str], ending: str, query: str) -> Asked:
    """The report of the `kinds` that an address such as `/report.csv?{query}` asks for. Refused."""
    if ending not in kinds:
        raise Refused(404, embed.unknown_ending(ending, kinds))
    return Asked(ending, _given(query, ("s",)).get("s"), kind=kinds[ending])


def _given(query: str, known: tuple[str, ...]) -> Mapping[str, str]:
    if len(query) > MAX_QUERY:
        raise Refused(414, embed.too_long(len(query), MAX_QUERY))
    given: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name == "k":
            raise Refused(422, embed.KEPT_ELSEWHERE)
        if name not in known:
            raise Refused(400, embed.unknown_parameter(name, known))
        if name in given:
            raise Refused(400, embed.twice(name))
        given[name] = value
    return given


def _one_of(name: str, given: Mapping[str, str], allowed: tuple[str, ...]) -> str:
    value = given.get(name, allowed[0])
    if value not in allowed:
        raise Refused(400, embed.not_among(name, value, allowed))
    return value


def _width(value: str | None) -> int | None:
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 6):
        raise Refused(400, embed.not_between("width", value, LEAST_WIDTH, MOST_WIDTH))
    if not LEAST_WIDTH <= int(value) <= MOST_WIDTH:
        raise Refused(400, embed.not_between("width", value, LEAST_WIDTH, MOST_WIDTH))
    return int(value)
