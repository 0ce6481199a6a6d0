"""Charts of what is not known: swings, fans, odds, and the month in which two change places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from costmodel.changes import changed
from costmodel.flips import flips
from costmodel.ranges import ranges_of
from costmodel.results import Run
from costmodel.scenario import Architecture, Scenario
from costmodel.sensitivity import Swing, Turned, tornado, turned
from costmodel.terms import Array
from costmodel.uncertainty import DRAWS, Uncertainty, uncertainty
from report import driver_words, fan_chart, odds_chart, ranges_text, sensitivity_text, uncertainty_data
from report import tornado_chart as tornado_drawing
from report import uncertainty_text as words
from report.chart_theme import EXCLUDED, Chart
from report.gallery.wanted import ChartProblem, Wanted
from report.numbers import Money
from report.picture import Head, Picture
from report.sentence import money_of, plain, totals

NO_OTHER = "none"
NO_RANGE = (
    "no number of this scenario has a range, and none is suggested; give one, as --set or on the Uncertainty page"
)


def with_ranges(run: Run) -> Scenario:
    """The scenario with its ranges, or with those to begin with when it has none."""
    if run.scenario.uncertainty:
        return run.scenario
    found = {path: each.model_dump() for path, each in ranges_of(run).items()}
    if not found:
        raise ChartProblem(NO_RANGE)
    return changed(run.scenario, {"uncertainty": found})


# The tornado


def leading(run: Run, *, present: bool) -> tuple[Architecture, Architecture] | None:
    """The two leading architectures, the cheapest first; None for one alone."""
    sums = totals(run, present)
    ranked = sorted(run.eligible, key=lambda key: sums[key])
    return (ranked[0], ranked[1]) if len(ranked) > 1 else None


def measured(run: Run, of: str, less: str, *, present: bool) -> tuple[Architecture, Architecture | None]:
    """What is measured: as wanted, else the difference of the two leading ones; NO_OTHER for a total alone."""
    known = [key for key, answer in run.answers.items() if not answer.missing]
    pair = leading(run, present=present)
    first = next((key for key in known if key == of), pair[0] if pair else known[0])
    if less == NO_OTHER:
        return first, None
    second = next((key for key in known if key == less and key != first), None)
    if second is None and pair is not None:
        second = next(key for key in (pair[1], pair[0]) if key != first)
    return first, second


def tornado_chart(run: Run, wanted: Wanted) -> Picture:
    """The swings of what is measured over the ranges in use. ChartProblem, ScenarioError."""
    known = [key for key, answer in run.answers.items() if not answer.missing]
    for name, key in (("of", wanted.of), ("less", wanted.less)):
        if key and key not in known and (name, key) != ("less", NO_OTHER):
            names = ", ".join(known) or "none"
            raise ChartProblem(f"{name}: {key!r} has no known total here; those that have one: {names}")
    if wanted.of and wanted.of == wanted.less:
        raise ChartProblem(f"the total of {wanted.of} less itself is nothing; name another one, or none")
    if not known:
        raise ChartProblem("no total is known: every architecture needs a price that is missing")
    scenario = with_ranges(run)
    swings = tornado(scenario, run.book, known[0], present=wanted.present)
    turning = turned(run, run.book, scenario.uncertainty, wanted.present, flips(run, run.book, present=wanted.present))
    of, less = measured(run, wanted.of, wanted.less, present=wanted.present)
    picture = tornado_of(run, swings, turning, of, less, present=wanted.present)
    if not picture.panels:
        raise ChartProblem(plain(picture.said))
    return picture


def tornado_of(
    run: Run,
    swings: Sequence[Swing],
    turning: Mapping[str, Turned],
    of: Architecture,
    less: Architecture | None,
    *,
    present: bool,
) -> Picture:
    """The bars of one total, or of the difference of two; no panel where no bar is worth drawing."""
    ordered = sorted(swings, key=lambda swing: (-swing.width(of, less), swing.path))
    shown = sensitivity_text.drawn_bars(ordered, of, less)
    own = bool(run.scenario.uncertainty)
    turns = dict(turning)
    return Picture(
        "tornado",
        (_tornado(run, shown, turns, of, less, present=present),) if shown else (),
        sensitivity_text.finding(ordered, of, less, ranges_text.noun, money_of(run)),
        sensitivity_text.caption(run, less, present, own),
        lambda: sensitivity_text.data(
            run,
            ordered,
            turns,
            of,
            less,
            lambda path: ranges_text.label(run, path),
            lambda path: ranges_text.unit_of(run, path),
            present,
        ),
        present,
    )


def _tornado(
    run: Run,
    shown: Sequence[Swing],
    turning: Mapping[str, Turned],
    of: Architecture,
    less: Architecture | None,
    *,
    present: bool,
) -> Chart:
    unit, in_money = run.scenario.finance.usd_per_currency_unit, Money(run.scenario.finance.currency)
    sums = totals(run, present)
    bars = []
    for swing in shown:
        spoken, turn = driver_words.words_of(run, swing.path), turning.get(swing.path)
        at_low, at_high = (usd / unit for usd in swing.ends(of, less))
        bars.append(
            tornado_drawing.Bar(
                ranges_text.label(run, swing.path),
                spoken.of(swing.low),
                spoken.of(swing.high),
                at_low,
                at_high,
                sensitivity_text.turn_words(turn, spoken) if turn else "",
                turn.measured(of, less) / unit if turn else None,
            )
        )
    paths = [swing.path for swing in shown if swing.path in turning]
    return tornado_drawing.tornado(
        bars,
        (sums[of] - (0.0 if less is None else sums[less])) / unit,
        even=sensitivity_text.EQUAL if less is not None else None,
        money=in_money,
        exact=in_money.exact,
        alt=plain(sensitivity_text.alt(shown, paths, of, less, ranges_text.noun, money_of(run))),
    )


# What draws say


def drawn(run: Run, wanted: Wanted) -> Uncertainty:
    """The draws of a scenario: as many as wanted, from the seed wanted. ScenarioError."""
    return uncertainty(with_ranges(run), run.book, wanted.draws or DRAWS, wanted.seed, present=wanted.present)


def note_of(run: Run, found: Uncertainty) -> str:
    """What was drawn, for a picture without the page around it."""
    return words.drawn(found, bool(run.scenario.uncertainty))


def fan(run: Run, wanted: Wanted) -> Picture:
    """Likely range of cumulative cost, one panel per architecture."""
    return fan_of(run, drawn(run, wanted))


def fan_of(run: Run, found: Uncertainty) -> Picture:
    """The fans of draws that are there already. ChartProblem when no total is known."""
    currency, unit = run.scenario.finance.currency, run.scenario.finance.usd_per_currency_unit
    money = Money(currency)
    fans: dict[str, Array] = {key: each / unit for key, each in found.fan_usd.items() if np.isfinite(each).all()}
    if not fans:
        raise ChartProblem("no fan can be drawn: every architecture needs a price that is missing")
    axis, titles, panels, heads = fan_chart.fan_axis(fans), words.titles(run), [], []
    for key in (each for each in found.fan_usd if each in fans):
        ink = key if key in found.eligible else EXCLUDED
        alt = words.alt_fan(found, key, money_of(run))
        panels.append(fan_chart.fan(fans, key, ink, axis, titles=titles, money=money, exact=money.exact, alt=alt))
        heads.append(Head(ink, words.fan_title(found, key)))
    return Picture(
        "fan",
        tuple(panels),
        words.fans_finding(found, money_of(run)),
        words.fans_caption(found, currency, len(fans)),
        lambda: uncertainty_data.fans(run, found),
        found.present,
        tuple(heads),
        note_of(run, found),
    )


def probability(run: Run, wanted: Wanted) -> Picture:
    """Chance of being cheapest, by month."""
    return probability_of(run, drawn(run, wanted))


def probability_of(run: Run, found: Uncertainty) -> Picture:
    """The odds of draws that are there already. ChartProblem for one architecture alone."""
    if len(found.eligible) < 2:
        raise ChartProblem("only one architecture can be called cheapest, so there are no odds to draw")
    chart = odds_chart.odds(
        found.cheapest_by_month,
        words.turns(found),
        titles=words.titles(run),
        chance=words.chance,
        even=words.EVEN,
        turn=words.TURN,
        alt=words.alt_odds(found),
    )
    finding, caption = words.odds_finding(found), words.odds_caption(found.present)
    return Picture(
        "probability",
        (chart,),
        finding,
        caption,
        lambda: uncertainty_data.odds(run, found),
        found.present,
        note=note_of(run, found),
    )


def break_even(run: Run, wanted: Wanted) -> Picture:
    """The month in which the two leading ones first change places."""
    return break_even_of(run, drawn(run, wanted))


def break_even_of(run: Run, found: Uncertainty) -> Picture:
    """The months of draws that are there already. ChartProblem for one architecture alone."""
    pair = words.leading_pair(found)
    if pair is None:
        raise ChartProblem("only one architecture can be called cheapest, so no two change places")
    month = words.median_month(pair)
    chart = odds_chart.break_even(
        pair.first,
        pair.never,
        titles=words.titles(run),
        chance=words.chance,
        median="" if month is None else words.median_label(month),
        never_word=words.NEVER,
        alt=words.alt_break_even(pair),
    )
    finding, caption = words.break_even_finding(pair), words.break_even_caption(pair)
    return Picture(
        "break_even",
        (chart,),
        finding,
        caption,
        lambda: uncertainty_data.break_even(run, pair),
        found.present,
        note=note_of(run, found),
    )
