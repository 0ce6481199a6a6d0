"""The check of the answers on screen: it holds on what we ship, says when it cannot be asked, and can fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from costmodel import hybrid, ledger, results, selfcheck
from costmodel.changes import changed
from costmodel.crossover import crossovers
from costmodel.presets import PRESETS
from costmodel.results import Answer, Run
from costmodel.scenario import Scenario
from costmodel.selfcheck import checks
from costmodel.simulate import totals_usd
from pricing.book import PriceBook
from pricing.catalog import load_book
from tests.costmodel.office import BOOK, OFFICE, price
from tests.costmodel.strategies import plain_questions

ADDS_UP = "Cost lines add up to every total, to the cent"
NOTHING_FREE = "No missing price counts as 0"
GROWS = "A longer horizon never costs less"
UNDISCOUNTED = "At a discount rate of 0 present value is nominal cost"
SAME = "Many scenarios at once give what one gives"
DEARER = "More queries never cost less"
EQUAL = "At a crossing both totals are equal"
ENDS = "A split hybrid ends in RAG and in fine-tuning"

SPLIT = changed(
    OFFICE,
    {
        "hybrid.kind": "split",
        "hybrid.fine_tuned_share": 0.4,
        "fine_tuning.hosting": "serverless",
        "rag.evaluation_queries_per_month": 0.0,
    },
)
VOLUME = "workload.queries_per_month"


def verdicts(scenario: Scenario = SPLIT, book: PriceBook = BOOK) -> dict[str, bool | None]:
    """Whether each check holds on a scenario."""
    run = Run(scenario, book)
    shown = [crossovers(run.scenario, run.book, VOLUME, 1_000, 1_000_000)]
    return {each.name: each.holds for each in checks(run, shown)}


def test_every_check_is_asked_of_a_plain_scenario_and_holds():
    found = verdicts()

    assert found == dict.fromkeys((ADDS_UP, NOTHING_FREE, GROWS, UNDISCOUNTED, SAME, DEARER, EQUAL, ENDS), True)


@pytest.mark.parametrize("preset", PRESETS)
def test_every_check_that_can_be_asked_of_a_preset_holds(preset):
    scenario = changed(PRESETS[preset].scenario, {"finance.start_month": "2026-11"})
    found = checks(Run(scenario, load_book()))

    assert [each for each in found if each.holds is False] == []
    assert sum(each.holds is True for each in found) >= 5


@given(plain_questions())
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_no_check_fails_on_a_random_scenario_with_plain_prices(question):
    assert [each for each in checks(Run(*question)) if each.holds is False] == []


# Each of them can fail


def adds_too_much(patch: pytest.MonkeyPatch) -> None:
    """A total that is more than its lines."""
    real = Answer.tco_usd.fget
    patch.setattr(Answer, "tco_usd", property(lambda self: real(self) + 0.02))


def forgets_a_phase(patch: pytest.MonkeyPatch) -> None:
    """Phases that are less than the total."""
    real = Answer.phase_usd
    patch.setattr(Answer, "phase_usd", lambda self, phase: 0.0 if phase == "event" else real(self, phase))


def counts_a_price_as_0(patch: pytest.MonkeyPatch) -> None:
    """Tokens that are bought for nothing."""
    real = ledger.priced
    patch.setattr(ledger, "priced", lambda quantity, usd, known=False: np.zeros_like(real(quantity, usd)))


def refunds_a_month(patch: pytest.MonkeyPatch) -> None:
    """A month that pays back."""
    patch.setattr(Answer, "monthly_usd", property(lambda self: np.append(self.bill.monthly_usd[: self.horizon], -1.0)))


def discounts_by_nothing(patch: pytest.MonkeyPatch) -> None:
    """Present value that shrinks even at a rate of 0."""
    patch.setattr(results, "present_value", lambda usd, rate: usd * 0.999)


def batch(change: Callable[[Any], Any]) -> Callable[[pytest.MonkeyPatch], None]:
    """A batch that gives something else than the single run."""

    def put(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(
            selfcheck, "totals_usd", lambda *asked: {key: change(usd) for key, usd in totals_usd(*asked).items()}
        )

    return put


def sends_rag_the_share_of_the_tuned_side(patch: pytest.MonkeyPatch) -> None:
    """A split hybrid in which both sides get the same share."""

    def rest(share: Any) -> Any:
        return share

    patch.setattr(hybrid, "rest", rest)


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        (ADDS_UP, adds_too_much),
        (ADDS_UP, forgets_a_phase),
        (NOTHING_FREE, counts_a_price_as_0),
        (GROWS, refunds_a_month),
        (UNDISCOUNTED, discounts_by_nothing),
        (SAME, batch(lambda usd: usd * (1 + 1e-6))),
        (DEARER, batch(lambda usd: usd * [1, 0.5])),
        (ENDS, sends_rag_the_share_of_the_tuned_side),
    ],
)
def test_a_model_that_is_broken_is_found_out(monkeypatch, name, broken):
    broken(monkeypatch)

    assert verdicts()[name] is False


def test_a_failing_check_says_which_architecture_it_is(monkeypatch):
    run = Run(SPLIT, BOOK)
    bill = run.answers["rag"].bill
    free = tuple(replace(each, cost_usd=each.cost_usd * 0) for each in bill.lines)
    monkeypatch.setitem(run.answers, "rag", replace(run.answers["rag"], bill=replace(bill, lines=free)))

    (found,) = [each for each in checks(run) if each.name == NOTHING_FREE]
    assert (found.holds, found.detail) == (False, "rag")


def test_a_crossing_whose_totals_differ_is_found_out_with_its_value():
    shown = crossovers(SPLIT, BOOK, VOLUME, 1_000, 1_000_000)
    pair = next(each for each in shown.pairs if each.roots)
    root = replace(pair.roots[0], value=12_345.0, b_below_usd=pair.roots[0].a_below_usd * 1.001)
    wrong = replace(shown, pairs=(replace(pair, roots=(root,)),))

    (found,) = [each for each in checks(Run(SPLIT, BOOK), [wrong]) if each.name == EQUAL]
    assert (found.holds, found.detail) == (False, "12345")


def test_a_jump_need_not_be_equal():
    shown = crossovers(SPLIT, BOOK, VOLUME, 1_000, 1_000_000)
    pair = next(each for each in shown.pairs if each.roots)
    jump = replace(pair.roots[0], kind="jump", b_below_usd=0.0)
    jumps = replace(shown, pairs=(replace(pair, roots=(jump,)),))

    (found,) = [each for each in checks(Run(SPLIT, BOOK), [jumps]) if each.name == EQUAL]
    assert found.holds is None


# Nothing to check


def typed(usd: float) -> list[dict[str, Any]]:
    return [
        {"architecture": "rag", "component": "credit", "phase": "recurring", "months": [1, 12], "usd_per_month": usd}
    ]


@pytest.mark.parametrize(
    ("names", "changes"),
    [
        ([GROWS, DEARER], {"extra_costs": typed(-5.0)}),
        ([ENDS], {"hybrid.kind": "grounded"}),
        ([ENDS], {"hybrid.fine_tuning_starts_month": 3}),
        ([ENDS], {"hybrid.output_tokens": 50.0}),
        ([ENDS], {"rag.switched_off": ["generation"]}),
        ([ENDS], {"finance.compared": ["rag", "hybrid"]}),
        ([ENDS], {"rag.model": None}),
    ],
)
def test_what_a_scenario_gives_nothing_to_check_is_not_said_to_hold(names, changes):
    found = verdicts(changed(SPLIT, changes))

    assert {name: found[name] for name in names} == dict.fromkeys(names)
    assert False not in found.values()


def test_more_queries_are_not_asked_where_lines_are_switched_off_under_a_minimum():
    # without the line of the reads, more of them only eat up the top-up
    off = changed(SPLIT, {"finance.compared": ["rag"], "rag.switched_off": ["vector_reads", "generation", "rerank"]})
    off = changed(off, {"rag.rewrite_calls_per_query": 0.0, "guardrail": None, "rag.embedding_model": None})
    usd = totals_usd(off, BOOK, {VOLUME: [10_000.0, 100_000.0]})["rag"]

    assert usd[1] < usd[0]
    assert verdicts(off)[DEARER] is None


def test_without_any_known_total_nothing_is_said_to_hold():
    none = changed(SPLIT, {"rag.model": None, "finance.compared": ["rag"]})

    assert set(verdicts(none).values()) == {None}


def test_without_a_line_for_each_query_there_is_still_an_answer():
    off = ["generation", "tuned_generation", "query_embedding", "rerank", "rewrite", "guardrail"]
    sides = {f"{key}.switched_off": off for key in ("rag", "fine_tuning", "hybrid")}

    assert verdicts(changed(SPLIT, sides))[ENDS] in (True, None)


def test_a_cost_typed_in_under_the_name_of_usage_is_no_usage():
    extra = [each | {"architecture": "hybrid", "component": "generation"} for each in typed(5.0)]

    assert verdicts(changed(SPLIT, {"extra_costs": extra}))[ENDS] is True


def test_a_price_that_starts_above_0_leaves_what_is_below_it_free_not_missing():
    # 8,000 searches a month: the fee from 50,000 is not due
    fee = price("acme/late", "flat", "month", 900, tier_from=50_000)
    found = verdicts(changed(SPLIT, {"rag.vector_store": "acme/late"}), PriceBook([*BOOK.rows, fee]))

    assert found[NOTHING_FREE] is True


def test_without_crossovers_on_screen_their_check_is_not_asked():
    (found,) = [each for each in checks(Run(SPLIT, BOOK)) if each.name == EQUAL]

    assert found.holds is None


def test_a_free_price_is_no_missing_one():
    scenario = changed(SPLIT, {"price:acme/base:input": 0.0}, BOOK)

    assert verdicts(scenario)[NOTHING_FREE] is True


def test_a_discount_that_takes_it_all_is_no_missing_price():
    assert verdicts(changed(SPLIT, {"finance.discount_share.acme": 1.0}))[NOTHING_FREE] is True
