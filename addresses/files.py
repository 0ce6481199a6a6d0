"""The bytes of the file that an address asks for, made from the link's word alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from addresses.asked import Asked, Refused
from costmodel.changes import ScenarioError
from pages.ui import heavy
from pages.ui.linked import Linked, linked, wanted
from pricing.book import PriceError
from report import cost_csv, embed, exports, gallery, render
from report.imprint import Imprint, imprint

_MEDIA = {
    "svg": "image/svg+xml; charset=utf-8",
    "png": "image/png",
    "html": "text/html; charset=utf-8",
    "json": "application/json; charset=utf-8",
}


@dataclass(frozen=True)
class File:
    """A file: its bytes, its media type, a name to save it under, and whether a browser may show it in place."""

    body: bytes
    media_type: str
    name: str
    inline: bool


def made(asked: Asked, today: date, base_url: str) -> File:
    """The file; `base_url` is the address of this server, for the link in it.

    Refused when the link is broken, and when other long work of this server does not come to its end.
    """
    try:
        with heavy.turn():
            return _made(asked, today, base_url)
    except heavy.Busy:
        raise Refused(503, embed.BUSY) from None
    except ScenarioError as error:
        raise Refused(422, embed.broken(error.problems)) from None
    except (PriceError, gallery.ChartProblem, exports.ExportProblem) as error:
        raise Refused(422, embed.broken([str(error)])) from None


def _made(asked: Asked, today: date, base_url: str) -> File:
    shown = linked(asked.word, today)
    stamp = imprint(shown.run, today, present=shown.present, base_url=base_url, query=shown.query)
    return _chart(asked, shown, stamp) if asked.chart else _report(asked, stamp)


def _chart(asked: Asked, shown: Linked, stamp: Imprint) -> File:
    picture = gallery.picture(asked.chart, shown.run, wanted(asked.chart, shown))
    match asked.ending:
        case "svg":
            body = render.svg(picture, stamp, dark=asked.dark, width=asked.width).encode()
        case "png":
            body = render.png(picture, stamp, scale=asked.scale, dark=asked.dark, width=asked.width)
        case "html":
            body = render.html(picture, stamp, dark=asked.dark).encode()
        case _:
            body = render.vega(picture, stamp, dark=asked.dark).encode()
    name = cost_csv.file_name(shown.run, asked.chart, asked.ending)
    # The page has scripts of its own, which may not run at this server's address.
    return File(body, _MEDIA[asked.ending], name, inline=asked.ending != "html")


def _report(asked: Asked, stamp: Imprint) -> File:
    kind = exports.KINDS[asked.kind]
    return File(exports.written(asked.kind, stamp), kind.media_type, kind.file_name(stamp), inline=False)
