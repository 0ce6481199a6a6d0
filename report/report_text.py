"""Sentences of the Report page. Architecture names stand as marks (`{rag}`)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from costmodel.changes import differing
from costmodel.link import base_of
from costmodel.results import Run
from report import prices_text
from report.sentence import joined, totals
from report.verdict_text import how_sure, left_out

CONTENTS_CAPTION = "The link of this page keeps the choice."
PREVIEW_NAME = "The memo as it will print"
FILES_CAPTION = "Each file is made when you ask for it, and names prices, date, model and link."
SCENARIO_FILE = "Scenario file"
SCENARIO_FILE_HOLDS = "Every number and typed-in price, to open here again."
TABLE = "Table to paste"
TABLE_HOLDS = "Totals as Markdown, for a wiki or an issue."
DRAWS = "Odds from draws"
NO_DRAWS = "Not drawn yet."
TOO_LARGE = "The scenario is too large for a link, so no file carries one. Pass the scenario file on with it."
APART = (
    "The typed-in prices do not fit into a link; they are kept in this browser only. So no file carries a link: "
    "pass the scenario file on with it."
)
_LOOPBACK = re.compile(r"localhost|127(\.\d+){3}|::1")


def lead(run: Run, present: bool) -> str:
    """What the report rests on: prices of when, how many numbers were changed, and how sure the answer is."""
    best = run.cheapest_of(totals(run, present))
    sure = "" if best is None else how_sure(run, best)
    return joined(f"The report rests on {_prices(run)} and on {_changed(run)}.", sure, left_out(run))


def _prices(run: Run) -> str:
    words = prices_text.dates(run.rows_in_use).removeprefix("all ")
    return f"{words}," if "," in words else words


def _changed(run: Run) -> str:
    """How many assumptions differ from where the scenario began; typed-in prices are counted with the prices."""
    preset = run.scenario.preset
    changed = len(differing(run.scenario, base_of(preset)).keys() - {"price_edits"})
    base = "the preset" if preset else "the defaults"
    if not changed:
        return f"{base} as it is" if preset else f"{base} as they are"
    return f"{changed:,} assumption{' that differs' if changed == 1 else 's that differ'} from {base}"


def contents_finding(chosen: int, of: int) -> str:
    """How many parts of the memo go in."""
    if chosen == of:
        return f"All {prices_text.small(of)} parts go in"
    if not chosen:
        return "No part goes in"
    go = "goes" if chosen == 1 else "go"
    return f"{prices_text.small(chosen).capitalize()} of {prices_text.small(of)} parts {go} in"


def preview_finding(markdown: str, pictures: int) -> str:
    """How long the memo is; `markdown`: all of it, from which its words are counted."""
    counted = len(re.findall(r"[^\W_][\w.,'’%-]*", markdown))
    about = round(counted, -2) or round(counted, -1)
    length = f"about {about:,} words" if counted >= 10 else "fewer than ten words"
    charts = {0: "", 1: " and a chart"}.get(pictures, f" and {prices_text.small(pictures)} charts")
    return f"The memo: {length}{charts}"


def preview_caption(worth: str) -> str:
    """In which money the memo is; `worth`: "nominal USD"."""
    return f"{worth[:1].upper()}{worth[1:]}, as it prints. It follows the numbers in the sidebar."


def links_to(base_url: str) -> str:
    """Where the links in the files lead, and who gets there."""
    if not base_url:
        return "The address of this server is not known, so links begin with “?”: add them to it."
    host = urlsplit(base_url).hostname or ""
    only = "only this computer opens them" if _LOOPBACK.fullmatch(host) else "who opens them has to reach that server"
    return f"Links lead to {base_url}: {only}."


def files_finding(number: int) -> str:
    """How many files there are, and what they have in common."""
    return f"{prices_text.small(number).capitalize()} files, one ledger behind them all"


def file_line(holds: str) -> str:
    """What a file holds, as a line of its own."""
    return f"{holds.rstrip('.')}."


def drawn(draws: int, seed: int) -> str:
    """On which draws the memo rests."""
    return f"{draws:,} draws, seed {seed}."
