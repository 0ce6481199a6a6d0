"""Sentences over presets with their levers, choices and rules anywhere: who is named, and that nothing has a hole."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel.changes import changed, resolved
from costmodel.presets import PRESETS
from costmodel.results import Run, run_scenario
from pricing.catalog import load_book
from report import tables, text
from report.palette import ARCHITECTURES
from tests.report.test_text import said

NAMES = {ink.in_sentence: key for key, ink in ARCHITECTURES.items()}
NAMES |= {ink.name: key for key, ink in ARCHITECTURES.items()}
CHEAPEST = re.compile(r"Over \d+ months? (\S+) costs (\S+?)(?: in present value)?,")


def tenths_of_a_percent(low: float, high: float) -> st.SearchStrategy[float]:
    """Numbers as people type them."""
    return st.integers(round(low * 1_000), round(high * 1_000)).map(lambda thousandths: thousandths / 1_000)


LEVERS = {
    "workload.queries_per_month": st.integers(0, 1_000_000),
    "workload.monthly_growth_share": tenths_of_a_percent(-0.1, 0.2),
    "corpus.updates_per_month": tenths_of_a_percent(0, 100),
    "fine_tuning.retrain_every_months": tenths_of_a_percent(0, 12),
    "fine_tuning.correct_share": tenths_of_a_percent(0.5, 1),
    "quality.minimum_correct_share": st.none() | tenths_of_a_percent(0.5, 1),
    "finance.horizon_months": st.integers(1, 48),
    "finance.discount_rate_annual": tenths_of_a_percent(0, 1),
    "finance.too_close_share": tenths_of_a_percent(0, 0.3),
    "finance.already_built": st.lists(st.sampled_from(["rag", "fine_tuning", "hybrid"]), unique=True),
    "finance.compared": st.lists(st.sampled_from(["rag", "fine_tuning", "hybrid"]), min_size=1, unique=True),
    "rag.model": st.sampled_from([None, "openai/gpt-6.1-sol"]),
}


@st.composite
def runs(draw: st.DrawFn) -> Run:
    """A preset with its levers, choices and rules anywhere."""
    base = resolved(PRESETS[draw(st.sampled_from(sorted(PRESETS)))].scenario, date(2026, 11, 1))
    chosen = draw(st.lists(st.sampled_from(sorted(LEVERS)), unique=True))
    return run_scenario(changed(base, {path: draw(LEVERS[path]) for path in chosen}), load_book())


@given(runs())
def test_no_sentence_names_another_cheapest_than_the_result(run):
    words = said(run)
    named = CHEAPEST.match(words)

    if run.cheapest is None:
        assert "no architecture can be called cheapest" in words
    elif "too close to call" in words:
        assert ARCHITECTURES[run.cheapest].in_sentence in words.split(" are too close")[0]
    elif named:
        assert NAMES[named[1]] == run.cheapest
    else:
        assert run.eligible == [run.cheapest]
    assert all(NAMES[other.lstrip()] != run.cheapest for other in re.findall(r"(\S+) would be cheapest", words))


@given(runs(), st.booleans())
def test_the_headline_gives_the_totals_of_the_result(run, present):
    totals, money = text.totals(run, present), text.money_of(run)
    best = run.cheapest_of(totals)
    headline = said(run, present)

    assert best is None or f"costs {money(totals[best])}" in headline


@given(runs())
def test_every_number_of_the_headline_is_a_total_a_share_or_a_month(run):
    eligible = sorted(run.answers[key].tco_usd for key in run.eligible)
    money = text.money_of(run)
    allowed = {money(total) for total in eligible}
    allowed |= {money(one - other) for one in eligible for other in eligible}

    assert set(re.findall(r"−?\$[\d.]+[KMB]?", text.plain(text.verdict(run).headline))) <= allowed


@given(runs(), st.booleans())
def test_nothing_that_is_left_out_is_called_cheapest(run, present):
    words = said(run, present)
    out = [ARCHITECTURES[key].in_sentence for key in run.excluded]

    assert not any(f"{name} would be cheapest" in words or f"months {name} costs" in words for name in out)


@given(runs(), st.booleans())
def test_no_sentence_has_a_hole_or_a_number_of_a_machine(run, present):
    words = " ".join(
        [
            said(run, present),
            text.plain(text.chart_finding(run, present)),
            text.alt_cumulative(run, present),
            text.plain(text.guesses(run)),
        ]
    )

    assert not re.search(r"\bnan\b|\binf\b|None|\d\.\d{4,}|e[+-]\d|  |[{}]", words)


@given(runs())
def test_the_leaders_come_in_order_and_end_with_the_cheapest(run):
    leaders = run.leaders()
    months = [month for month, _ in leaders]

    assert bool(leaders) == bool(run.eligible)
    assert months == sorted(set(months))
    if run.cheapest is not None:
        totals = {key: run.answers[key].tco_usd for key in run.eligible}
        assert totals[leaders[-1][1]] == pytest.approx(totals[run.cheapest], rel=1e-8)


@given(runs(), st.booleans())
def test_families_and_curves_add_up_to_the_totals(run, present):
    totals = text.totals(run, present)
    families = tables.family_totals(run, present=present).groupby("architecture")["usd"].sum()
    ends = tables.curves(run, present=present).groupby("architecture")["usd"].last()

    for key, answer in run.answers.items():
        if not answer.missing:
            assert families[key] == pytest.approx(totals[key], abs=0.005)
            assert ends[key] == pytest.approx(totals[key], abs=0.005)
