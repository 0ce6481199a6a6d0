"""Plain addresses of charts and reports, frames for other pages, and what is said beside them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from html import escape
from urllib.parse import urlencode, urlsplit

VERDICT, CARDS = "verdict", "cards"
PARTS = {VERDICT: "The verdict", CARDS: "The totals"}
"""What a frame can show besides the charts."""

OPEN = "Open in Crossover"
SELF = "'self'"
FRAME_WIDTH = 800
"""Suggested width of a frame [px]."""
FRAME_WORDS = 192
"""Height of all but the panels [px]: a title of two lines, two lines of what is drawn, the foot, gaps."""
PANEL_HEAD, FRAME_GAP = 48, 16
"""What stands above each of several panels, and the gap between rows of them [px]."""
VERDICT_HEIGHT = 240
CARDS_HEIGHT, CARDS_OF_FOUR_HEIGHT = 330, 620
"""Heights of frames without a chart [px]; four cards stand two by two."""

_HERE_ONLY = ("localhost", "127.0.0.1", "::1")

PNG_HELP = "A picture for a slide or a message, with title and source"
PNG_2_HELP = "The same picture with twice the pixels, for print"
SVG_HELP = "A drawing that stays sharp at every size"
HTML_HELP = "A page of its own that answers the pointer and needs no network"
VEGA_HELP = "The chart as Vega-Lite JSON with its data, for another program"
CSV_HELP = "The numbers of the chart, every digit of them"
TABLE_HELP = "The numbers of the chart as a table"
OLD_DRAWS = "These draws are of an earlier scenario: draw again to take the chart along"
OLD_MAP = "This map is of an earlier scenario: draw it again to take it along"
EMBED_HELP = "A frame for another page, and the address of the picture"
TITLE = "Embed"
THIS_CHART = "This chart"
FILES_FIRST = "A PNG or HTML file needs no server. A frame stays live: it opens this link in another page."
NOT_SERVED = "A plain address of this picture exists only where the server was started with `server.py`."
PICTURE_WORDS = "Address of the picture, for a wiki or a document. It is drawn again at most once an hour."
BUSY = "The server is drawing as many charts as it can; try again in a few seconds."
KEPT_ELSEWHERE = (
    "This link's price edits are kept in the browser that made it, so they can be shown only there; "
    "use a file of the chart instead."
)
NO_LINK = "This scenario is too large for a link, so a frame cannot show it; use a PNG or HTML file."


NO_OTHER = "this link holds no second scenario; choose one on the Compare page and copy the link there"


# Addresses


def chart_address(
    base_url: str, query: str, name: str, ending: str, *, dark: bool = False, scale: int = 1, width: int | None = None
) -> str:
    """Address that answers with a chart as a file; `query` restores the scenario."""
    given = {"theme": "dark"} if dark else {}
    given |= {"scale": str(scale)} if scale != 1 else {}
    given |= {"width": str(width)} if width is not None else {}
    return _joined(f"{base_url.rstrip('/')}/chart/{name}.{ending}", query, urlencode(given))


def frame_address(base_url: str, query: str, name: str, *, dark: bool | None = None) -> str:
    """Address of a page with one chart and nothing else; `dark` None leaves light or dark to the viewer."""
    given = {"chart": name, "embed": "true"}
    if dark is not None:
        given["embed_options"] = "dark_theme" if dark else "light_theme"
    return _joined(f"{base_url.rstrip('/')}/embed", query, urlencode(given))


def _joined(address: str, *parts: str) -> str:
    query = "&".join(part for part in parts if part)
    return f"{address}?{query}" if query else address


def frame_height(panels: Sequence[int], *, heads: bool = False) -> int:
    """Height of a frame of the suggested width in which nothing scrolls [px].

    `panels`: their heights [px]; three stand abreast, others two.
    """
    abreast = 3 if len(panels) == 3 else 2
    rows = [panels[start : start + abreast] for start in range(0, len(panels), abreast)]
    above = PANEL_HEAD if heads else 0
    return FRAME_WORDS + sum(max(row) + above for row in rows) + FRAME_GAP * max(0, len(rows) - 1)


def part_height(name: str, cards: int) -> int:
    """Height of a frame with the verdict or with so many cards [px]."""
    if name == VERDICT:
        return VERDICT_HEIGHT
    return CARDS_HEIGHT if cards < 4 else CARDS_OF_FOUR_HEIGHT


def frame_snippet(address: str, title: str, height: int, width: int = FRAME_WIDTH) -> str:
    """The HTML that frames an address in another page; `title` says to screen readers what is in it."""
    return (
        f'<iframe src="{escape(address)}" title="{escape(" ".join(title.split()))}"\n'
        f'  width="{width}" height="{height}" style="max-width: 100%; border: 0" loading="lazy"></iframe>'
    )


# What is said


def refusal(query: str) -> str:
    """Why no link can show the scenario elsewhere; empty when it can. `query` restores it, "" when none can."""
    if not query:
        return NO_LINK
    return KEPT_ELSEWHERE if "&k=" in query else ""


def reach(base_url: str) -> str:
    """Who can see a frame: those who reach this server; Markdown, its address as code."""
    if not base_url:
        return "The viewer's browser must reach this server."
    alone = urlsplit(base_url).hostname in _HERE_ONLY
    address = f"`{base_url.replace('`', '')}`"
    return (
        f"The viewer's browser must reach this server: {address}{', which is this computer alone.' if alone else '.'}"
    )


def framing(ancestors: str | None, variable: str) -> str:
    """Which other pages may frame this server's, and how to allow more.

    `ancestors`: the sources of its frame-ancestors header, None when it sends none; `variable`: the environment
    variable that holds them.
    """
    if ancestors is None:
        return "Any page may frame it: the server was started without `server.py` and its headers."
    words = ancestors.split()
    others = [word for word in words if word not in (SELF, "'none'")]
    if "*" in others:
        return "Any page may frame it."
    if others:
        return f"Pages of {' and '.join(others)} may frame it; `{variable}` of the server names them."
    return (
        "Pages of other sites may not frame it yet. To allow one, start the server with "
        f"`{variable}=https://wiki.example.com`, blanks between several."
    )


# What a page with one chart says when it cannot show it


def unknown(name: str, names: Collection[str]) -> str:
    """There is no such chart."""
    if not name:
        return f"The address does not say which chart: add chart= and one of {', '.join(names)}."
    return f"There is no chart named “{name[:40]}”; use one of {', '.join(names)}."


def broken(problems: Collection[str]) -> str:
    """What an address asks for cannot be made; `problems`: why."""
    return f"Nothing to show here: {'; '.join(problems)}."


# What a plain address answers when it refuses


def too_long(characters: int, most: int) -> str:
    """The query is longer than that of any link."""
    return f"The address has {characters:,} characters after the question mark, {most:,} are the limit; export a file."


def unknown_parameter(name: str, known: Collection[str]) -> str:
    """A parameter that means nothing here."""
    return f"'{name[:40]}' means nothing in this address; it takes {', '.join(known)}."


def twice(name: str) -> str:
    """A parameter that is given more than once."""
    return f"'{name[:40]}' is given more than once; give it once."


def not_among(name: str, value: str, allowed: Collection[str]) -> str:
    """A value that a parameter does not take."""
    return f"{name}='{value[:40]}' is not possible; use {' or '.join(allowed)}."


def not_between(name: str, value: str, low: int, high: int) -> str:
    """A number out of its limits, or none."""
    return f"{name}='{value[:40]}' is not possible; use a whole number from {low:,} to {high:,}."


def unknown_ending(ending: str, endings: Collection[str]) -> str:
    """A kind of file that is not offered here."""
    return f"There is no file ending in '.{ending[:20]}' here; use {', '.join(f'.{each}' for each in endings)}."
