"""On random scenarios: every number in a sentence is a result, and nothing is called cheapest that is not.

A sentence is taken apart: each pattern below takes the numbers that it knows and holds them against sums over the
ledger or against another run of the model. A digit that no pattern has taken is a number out of nowhere.
"""

from __future__ import annotations

import math
import re
from datetime import date

import numpy as np
import pandas as pd
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from costmodel.changes import changed, resolved
from costmodel.fields import value_at
from costmodel.presets import PRESETS
from costmodel.provenance import Provenance
from costmodel.results import MILESTONES, Run
from costmodel.spans import NEVER, Span
from costmodel.timeline import forced_interval
from costmodel.tracks import HORIZON, Track, horizon_track, tracks_of
from pricing.book import PriceBook
from pricing.catalog import load_book
from report import text
from report.change_text import nearest_turn, turn_words
from report.line_words import PURPOSE_OF, component_words, in_sentence
from report.numbers import percent
from report.palette import ARCHITECTURES
from report.reasons import RETRAINED
from tests.costmodel.strategies import questions

NAMES = {word: key for key, ink in ARCHITECTURES.items() for word in (ink.name, ink.in_sentence)}
WHO = "(" + "|".join(sorted(NAMES, key=len, reverse=True)) + ")"
MONEY = r"(\S*[^\s.,;](?:\.\d+[KMB]?)?)"
SPANS = {
    "workload.queries_per_month": Span(1_000.0, 300_000.0, log=True),
    "fine_tuning.retrain_every_months": Span(0.5, 24.0, never=True, also=(NEVER,)),
    "corpus.updates_per_month": Span(0.0, 10.0, step=1.0),
}
EQUAL = 1e-6


class Reader:
    """Reads sentences over one run and remembers nothing but the bills, as a reader of the ledger would add them up."""

    def __init__(self, run: Run, book: PriceBook, present: bool) -> None:
        self.run, self.book, self.present = run, book, present
        ledger = run.ledger()
        counted = ledger["scope"] == "bill"
        if run.scenario.finance.consequences_in_tco:
            counted |= ledger["scope"] == "consequence"
        self.rows: pd.DataFrame = ledger[counted]
        self.column = "present_value_usd" if present else "cost_usd"
        sums = self.rows.groupby("architecture")[self.column].sum()
        self.totals = {key: float(sums.get(key, 0.0)) for key in run.answers if not run.answers[key].missing}
        least = run.scenario.quality.minimum_correct_share
        self.eligible = {
            key: usd
            for key, usd in self.totals.items()
            if key not in run.ruled_out and (least is None or run.scenario.architecture(key).correct_share >= least)
        }
        self.money = text.money_of(run)

    def reads(self, words: str, usd: float) -> bool:
        """Whether an amount in a sentence is this one; sums in another order may round to the neighbour."""
        near = (usd, usd * (1 + 1e-9), usd * (1 - 1e-9), usd + 1e-7, usd - 1e-7)
        return words in {self.money(each) for each in near}

    def shares(self, words: str, share: float) -> bool:
        return words in {percent(share * (1 + 1e-9)), percent(share * (1 - 1e-9))}

    def is_cheapest(self, key: str, totals: dict[str, float]) -> bool:
        least = min(usd for usd in totals.values() if not math.isnan(usd))
        return key in totals and totals[key] <= least + EQUAL * max(1.0, abs(least))

    def cumulative(self, key: str, months: int) -> float:
        rows = self.rows[(self.rows["architecture"] == key) & (self.rows["month"] <= months)]
        return float(rows[self.column].sum())

    def over(self, months: int) -> dict[str, float]:
        """Totals of the same scenario asked over another horizon."""
        other = Run(changed(self.run.scenario, {"finance.horizon_months": months}), self.book)
        return {key: usd for key, usd in text.totals(other, self.present).items() if key in self.eligible}

    def spent(self, key: str, reason: str) -> float:
        rows = self.rows[self.rows["architecture"] == key]
        return float(rows[[_reason(*each) == reason for each in _lines(rows)]][self.column].sum())


def _lines(rows: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(rows["component"], rows["phase"], strict=True))


def _reason(component: str, phase: str) -> str:
    """What a line is for, as the sentence calls it."""
    known = component in PURPOSE_OF or component_words(component) != component
    if phase == "one_time" and component != "launch_delay":
        return "the build"
    if not known:
        return "extra costs"
    if phase == "event" and component in RETRAINED:
        return "retraining"
    if phase == "event" and component in ("parsing", "corpus_embedding", "vector_writes"):
        return "re-indexing"
    return in_sentence(PURPOSE_OF.get(component, component_words(component)))


def taken(pattern: str, words: str, holds) -> str:
    """The sentence without what the pattern says; whatever it says must hold."""

    def check(match: re.Match[str]) -> str:
        assert holds(*match.groups()), f"{match.group(0)!r} in {words!r}"
        return ""

    return re.sub(pattern, check, words)


def read_verdict(reader: Reader, tracks: list[Track]) -> None:
    run, scenario, eligible = reader.run, reader.run.scenario, reader.eligible
    verdict = text.verdict(run, reader.present, tracks)
    ranked = sorted(eligible, key=lambda key: eligible[key])
    words = verdict.sentence
    for key in run.excluded:
        reason = text.excluded_reason(run, key)
        assert key not in eligible
        words = words.replace(f"{ARCHITECTURES[key].name} is left out: {reason}.", "")
    last = run.horizon
    if ranked:
        turn = nearest_turn(run, tracks, ranked[0])
        if turn is not None and (where := turn_words(run, turn)) in words:
            name = ARCHITECTURES[turn.cheapest].name
            assert re.search(rf"({name}|and) would( |\b).*{re.escape(where)}", words)
            words = words.replace(where, "")
            read_turn(reader, turn)

    def headline(months, key, usd, value):
        assert int(months) == last
        assert ("in present value" in value) == reader.present
        return (
            NAMES[key] in eligible
            and reader.is_cheapest(NAMES[key], eligible)
            and reader.reads(usd, eligible[NAMES[key]])
        )

    def lead(gap, key):
        second, best = eligible[NAMES[key]], eligible[ranked[0]]
        return reader.reads(gap, second - best) if "%" not in gap else reader.shares(gap, (second - best) / second)

    def saving(share, key, reason, other, saved):
        plain = re.sub(r"^retraining .*", "retraining", reason)
        spent = reader.spent(NAMES[key], plain)
        part = {"All": 1.0, "Nearly all": spent / eligible[NAMES[key]]}.get(share)
        less = spent - reader.spent(NAMES[other], plain)
        interval = re.search(r"retraining (every .*|.* a month)", reason)
        assert interval is None or read_interval(reader, NAMES[key], interval[1])
        assert reader.shares(percent(part) if part else share, spent / eligible[NAMES[key]]), f"{reason}: {spent}"
        return less > 0 and (math.isclose(less, spent, abs_tol=1e-6) if saved == "all" else reader.reads(saved, less))

    def only_saving(key, saved, reason):
        plain = re.sub(r"^retraining .*", "retraining", reason)
        return reader.reads(
            saved, max(reader.spent(other, plain) for other in eligible) - reader.spent(NAMES[key], plain)
        ) or any(
            reader.reads(saved, reader.spent(other, plain) - reader.spent(NAMES[key], plain)) for other in eligible
        )

    def close(months, one, other, share):
        pair = {NAMES[one], NAMES[other]}
        best, second = (eligible[key] for key in ranked[:2])
        assert int(months) == last
        assert pair == set(ranked[:2])
        return reader.shares(share, (second - best) / second if second > 0 and best >= 0 else 0.0)

    leaders = [month for month, _ in run.leaders(reader.present)]
    words = taken(rf"Over (\d+) months? {WHO} and {WHO} are too close to call \((\S+)\)", words, close)
    words = taken(rf"Over (\d+) months? {WHO} costs {MONEY}( in present value|)(?=[,.] )", words + " ", headline)
    words = taken(rf"(\S+) less than {WHO}\.", words, lead)
    words = taken(
        rf"{WHO} costs (\S+?)( in present value)?, {WHO} (\S+?)\. ",
        words,
        lambda a, x, _, b, y: reader.reads(x, eligible[NAMES[a]]) and reader.reads(y, eligible[NAMES[b]]),
    )
    words = taken(rf"(All|Nearly all|\S+%) of the {WHO} bill is (.*?); {WHO} saves (\S+) of that\.", words, saving)
    words = taken(rf"{WHO} saves (\S+) on (.*?)\. ", words, only_saving)
    words = taken(
        rf"Over (\d+) months? {WHO} would be cheapest\.",
        words,
        lambda months, key: reader.is_cheapest(NAMES[key], reader.over(int(months))),
    )
    words = taken(
        rf"Without (?:the retraining in|the events of) month (\d+), the last one, {WHO} would be cheapest\.",
        words,
        lambda month, key: int(month) == last and reader.is_cheapest(NAMES[key], without_last_events(reader)),
    )
    words = taken(r"Over (\d+) months? no architecture", words, lambda months: int(months) == last and not eligible)
    words = taken(r"month (\d+)", words, lambda month: int(month) in leaders)
    words = taken(
        r"in months ([\d, and]+)\.",
        words,
        lambda months: [int(each) for each in re.findall(r"\d+", months)] == leaders[1:],
    )
    words = taken(
        r"(\S+) of the cost rests on guesses", words, lambda share: rests_on_guesses(reader, ranked[0], share)
    )
    words = taken(r"Plain prompting would cost (\S+),", words, lambda usd: undercut(reader, usd))
    words = taken(
        rf"Content updates make {WHO} retrain (.*?), if ([\d,.]+) updates? forces? a retrain",
        words,
        lambda key, often, needed: (
            float(needed.replace(",", "")) == scenario.fine_tuning.updates_per_retrain
            and often
            == text.how_often(
                float(forced_interval(scenario.fine_tuning.updates_per_retrain, scenario.corpus.updates_per_month))
            )
        ),
    )

    assert not re.search(r"\d", words), f"{words!r} of {verdict.sentence!r}"
    assert ("no architecture can be called cheapest" in verdict.headline) == (not eligible)


def read_turn(reader: Reader, turn) -> None:
    """Where a sentence says that another would be cheapest, the model says so too."""
    beyond = turn.value if turn.upwards or turn.sharp else math.nextafter(turn.value, -math.inf)
    value = 0.0 if math.isinf(beyond) else int(beyond) if turn.driver == HORIZON else beyond
    other = Run(changed(reader.run.scenario, {turn.driver: value}), reader.book)
    # A price that is missing here may not be needed there.
    totals = {key: usd for key, usd in text.totals(other, reader.present).items() if key not in other.excluded}

    assert reader.is_cheapest(turn.cheapest, totals), f"{turn} {totals}"


def read_interval(reader: Reader, key: str, words: str) -> bool:
    """Whether retraining happens as often as is said."""
    rows = reader.rows[(reader.rows["architecture"] == key) & (reader.rows["phase"] == "event")]
    rows = rows[rows["component"].isin(RETRAINED) & (rows["cost_usd"] != 0)]
    months = sorted(set(rows["month"]))
    gap = months[0]
    return months == list(range(gap, months[-1] + 1, gap)) and words == text.how_often(float(gap))


def without_last_events(reader: Reader) -> dict[str, float]:
    rows = reader.rows[~((reader.rows["phase"] == "event") & (reader.rows["month"] == reader.run.horizon))]
    sums = rows.groupby("architecture")[reader.column].sum()
    return {key: float(sums.get(key, 0.0)) for key in reader.eligible}


def rests_on_guesses(reader: Reader, best: str, words: str) -> bool:
    """Whether so much of a bill, credits counted as cost, lies in lines with a guess behind them."""
    known = Provenance(reader.run)
    lines = [
        (line, np.broadcast_to(line.cost_usd, reader.run.inputs.months.shape))
        for line in reader.run.answers[best].bill.counted
    ]
    spent = [(line, float(np.abs(cost[: reader.run.horizon + 1]).sum())) for line, cost in lines]
    guessed = [
        usd
        for line, usd in spent
        if any(known.is_guess(path) and value_at(reader.run.scenario, path) for path in line.fields) or weak(line)
    ]
    return reader.shares(words, sum(guessed) / sum(usd for _, usd in spent))


def weak(line) -> bool:
    """Whether a price behind a line has low confidence and is not the reader's own."""
    rows = [row for prices in line.prices for row in prices.rows if row.price_id in line.price_ids]
    return any(row.confidence == "low" and row.origin != "edit" for row in rows)


def undercut(reader: Reader, words: str) -> bool:
    aside = reader.run.prompting
    usd = aside.present_value_usd if reader.present else aside.tco_usd
    return reader.reads(words, usd) and usd < min(reader.eligible.values())


def read_titles(reader: Reader) -> None:
    run, eligible = reader.run, reader.eligible
    months = sorted({*MILESTONES, run.horizon})
    sums = {each: {key: run.total_usd(key, each, reader.present) for key in run.answers} for each in months}
    words = text.plain(text.milestones_finding(run, sums))
    for key, listed in re.findall(rf"{WHO} (?:is cheapest )?at ([\d, and]+)", words):
        for each in re.findall(r"\d+", listed):
            at = {one: usd for one, usd in sums[int(each)].items() if one in eligible}
            assert reader.is_cheapest(NAMES[key], at), words
    unknown = {each for each in months if any(math.isnan(usd) for key, usd in sums[each].items() if key in eligible)}
    assert set(months) - unknown <= {int(each) for each in re.findall(r"\d+", words)} <= set(months)

    words = text.plain(text.monthly_finding(run, reader.present))
    for key, usd in re.findall(rf"{WHO}(?: costs| cost the same,)? (\S*\d\S*)", words):
        months_of = reader.rows[(reader.rows["architecture"] == NAMES[key]) & (reader.rows["month"] > 0)]
        mean = float(months_of[reader.column].sum()) / run.horizon
        assert NAMES[key] in eligible
        assert reader.reads(usd.rstrip(","), mean), words

    words = text.plain(text.chart_finding(run, reader.present))
    leaders = run.leaders(reader.present)
    words = taken(
        rf"{WHO} costs (\S+) more to build",
        words,
        lambda key, usd: reader.reads(usd, reader.cumulative(NAMES[key], 0) - reader.cumulative(leaders[0][1], 0)),
    )
    words = taken(r"month (\d+)", words, lambda month: int(month) == leaders[-1][0])
    words = taken(r"over (\d+) months?", words, lambda month: int(month) == run.horizon)
    assert not re.search(r"\d", words)


def read_budget(reader: Reader, budget: float) -> None:
    words = text.plain(text.budget(reader.run, reader.present))
    over, _, below = words.partition(" stay")[0].partition(";") if ";" in words else (words, "", "")
    said: dict[str, str] = {}
    waiting: list[str] = []
    for key, when in re.findall(rf"{WHO}|(with the build|in month \d+)", over):
        waiting = [*waiting, NAMES[key]] if key else waiting
        if when:
            said |= dict.fromkeys(waiting, when)
            waiting = []
    for key in reader.totals:
        curve = [reader.cumulative(key, month) for month in range(reader.run.horizon + 1)]
        passed = [month for month, usd in enumerate(curve) if usd > budget]
        assume(not any(math.isclose(usd, budget, rel_tol=1e-9) for usd in curve))
        expected = None if not passed else "with the build" if passed[0] == 0 else f"in month {passed[0]}"
        assert said.get(key) == expected, words
        assert expected is not None or ARCHITECTURES[key].in_sentence.lower() in (below or words).lower()
    if reader.totals:
        assert f"the budget of {reader.money(budget)}" in words
        assert (" in present value" in words) == reader.present


def check(run: Run, book: PriceBook, present: bool, tracks: list[Track]) -> None:
    reader = Reader(run, book, present)
    read_verdict(reader, tracks)
    read_titles(reader)
    budget = run.scenario.finance.budget_usd
    if budget is not None:
        read_budget(reader, budget)


# Not shrunk, which takes minutes: the sentence in the message already says what is wrong.
@settings(max_examples=250, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(questions(), st.booleans(), st.sampled_from([None, *SPANS]), st.sampled_from([None, 100.0, 3_000.0, 50_000.0]))
def test_every_number_in_every_sentence_is_a_result(question, present, lever, budget):
    scenario, book = question
    run = Run(changed(scenario, {"finance.budget_usd": budget}), book)

    check(run, book, present, tracks_at(run, lever, present))


def tracks_at(run: Run, lever: str | None, present: bool) -> list[Track]:
    """The horizon as a lever, and another one that the scenario has."""
    if lever is None:
        return []
    spans = {} if lever.startswith("workload.") and run.scenario.workload.queries_by_month else {lever: SPANS[lever]}
    horizon = horizon_track(run, Span(1.0, 36.0, whole=True), present)
    return [*tracks_of(run, spans, present).values(), horizon]


@settings(max_examples=60)
@given(
    st.sampled_from(sorted(PRESETS)),
    st.booleans(),
    st.sampled_from(sorted(SPANS)),
    st.integers(1_000, 600_000),
    st.integers(0, 12),
    st.integers(1, 48),
)
def test_so_it_is_with_the_presets_and_what_their_sources_advise(name, present, lever, volume, cadence, horizon):
    base = resolved(PRESETS[name].scenario, date(2026, 11, 1))
    values = {"workload.queries_per_month": float(volume), "fine_tuning.retrain_every_months": float(cadence)}
    run = Run(changed(base, {**values, "finance.horizon_months": horizon}), load_book())
    reader = Reader(run, load_book(), present)
    words = text.plain(text.agreement(run, present))
    best = min(reader.eligible, key=lambda key: reader.eligible[key])

    check(run, load_book(), present, tracks_at(run, lever, present))
    if " is ahead" in words:
        assert f"{ARCHITECTURES[best].in_sentence} is ahead" in words
        assert best not in PRESETS[name].advises
    assert ("the cost answer agrees" not in words) or best in PRESETS[name].advises
