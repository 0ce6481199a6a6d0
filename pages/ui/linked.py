"""The chart that a link shows without a session: its scenario, and its switches as the pages read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from costmodel import link
from costmodel.changes import ScenarioError, resolved
from costmodel.driver import check_range
from costmodel.other import Other
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import Run, run_scenario
from costmodel.scan import is_whole
from costmodel.uncertainty import rounded_up
from pages.ui import links
from pages.ui.view import restored, span_in, start_of
from pricing.catalog import load_book
from report import embed
from report.gallery import ChartProblem, Wanted, costs, drivers, risks


@dataclass(frozen=True, eq=False)
class Linked:
    """What a link shows: the answers, its switches, the scenario to compare with, and its query string."""

    run: Run
    view: Mapping[str, str]
    other: Other | None
    query: str

    @property
    def present(self) -> bool:
        """Whether amounts are present values."""
        return position(self.view, "value") == "present"


def linked(word: str | None, today: date) -> Linked:
    """What the link of `word` shows, the default preset without one. ScenarioError or PriceError when it is broken."""
    if word is None:
        scenario = resolved(PRESETS[DEFAULT_PRESET].scenario, today)
        return Linked(run_scenario(scenario, load_book()), {}, None, f"s={link.encoded(scenario)}")
    found = links.read(word, None)
    if found.problems:
        raise ScenarioError(found.problems)
    opened = found.opened
    return Linked(run_scenario(opened.scenario, load_book()), opened.view, opened.other, f"s={word}")


def position(view: Mapping[str, str], name: str) -> str:
    """Where a switch, a number, a driver or a range of the pages stands."""
    return view.get(name, start_of(name))


def wanted(name: str, shown: Linked) -> Wanted:
    """What the chart `name` shows beside the scenario, as the pages choose it: what plays no part now is passed over.

    ChartProblem when the link lacks what it shows.
    """
    run, view, present = shown.run, restored(shown.view), shown.present
    match name:
        case "waterfall":
            pair = costs.pair_of(run, position(view, "from"), position(view, "to"), present=present) or ("", "")
            return Wanted(present, every=_every(view), first=pair[0], second=pair[1])
        case "crossover":
            return _along(run, view, present)
        case "map" | "odds_map":
            there = drivers.axes(run)
            across, up = (path if path in there else "" for path in (position(view, "across"), position(view, "up")))
            return Wanted(present, across=across, up=up if up != across else "")
        case "tornado":
            if all(answer.missing for answer in run.answers.values()):
                return Wanted(present)
            of, less = risks.measured(run, position(view, "swing"), position(view, "against"), present=present)
            return Wanted(present, of=of, less=less or risks.NO_OTHER)
        case "compare" | "difference":
            return _beside(shown)
    draws = rounded_up(int(position(view, "draws")))
    return Wanted(present, draws=draws, seed=int(position(view, "seed")))


def _beside(shown: Linked) -> Wanted:
    if shown.other is None:
        raise ChartProblem(embed.NO_OTHER)
    run, other, bill = shown.run, run_scenario(shown.other.scenario, load_book()), position(shown.view, "bill")
    first = bill if bill in run.answers and bill in other.answers else ""
    return Wanted(shown.present, _every(shown.view), first, other=other, other_kind=shown.other.kind)


def _every(view: Mapping[str, str]) -> bool:
    return position(view, "waterfall") == "every"


def _along(run: Run, view: Mapping[str, str], present: bool) -> Wanted:
    there, scale = drivers.drivers(run), position(view, "scale")
    asked = position(view, "driver")
    driver = asked if asked in there else next(iter(there), "")
    ends, chosen = span_in(position(view, "reach")), "" if scale == "auto" else scale
    if ends is None or driver != asked:
        return Wanted(present, driver=driver, scale=chosen)
    low, high = (round(end) for end in ends) if is_whole(driver) else ends
    try:
        check_range(run.scenario, run.book, driver, low, high)
    except ScenarioError:  # a range that a change of another number has made impossible
        return Wanted(present, driver=driver, scale=chosen)
    return Wanted(present, driver=driver, low=low, high=high, scale=chosen)
