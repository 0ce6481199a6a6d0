"""Plans in force month by month, and books into which other prices are put."""

from datetime import date

import numpy as np
import pytest

from pricing.book import DuplicatePrice, Price, PriceBook, PriceEdit, PriceError

NOV, DEC, JAN, FEB = (date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1))
MONTHS = (NOV, DEC, JAN, FEB)
SOURCE = {"source": "https://acme.example/prices", "confidence": "high", "as_of": "2026-11-01"}


def row(meter="input", unit="1M tokens", price_usd=2.0, item="base", **more):
    return Price(provider="acme", item=item, meter=meter, unit=unit, price_usd=price_usd, **SOURCE, **more)


def bare(meter="input", unit="1M tokens", price_usd=2.0, item="base", **more):
    return Price(provider="acme", item=item, meter=meter, unit=unit, price_usd=price_usd, **more)


def edit(meter="input", unit="1M tokens", price_usd=2.0, item="base", **more):
    return PriceEdit(provider="acme", item=item, meter=meter, unit=unit, price_usd=price_usd, **more)


def per_million(book, meter="input", ref="acme/base", months=MONTHS):
    return book.plan(ref).prices(meter, months).usd[0] * 1e6


STORE = (
    row("storage", "GB-month", 0.33, "store", minimum_usd=50.0, included_quantity=10.0),
    row("reads", "1M units", 16.0, "store", units_per_search=1.0),
    row("writes", "1M units", 4.0, "store", units_per_vector=2.0),
)
SCHEDULE = (row(price_usd=0.75), row(price_usd=1.50, effective_from=JAN))


def test_a_month_uses_the_price_in_force_on_its_first_day():
    mid_december = row(price_usd=3.0, effective_from=date(2026, 12, 2))

    np.testing.assert_allclose(per_million(PriceBook([row(), mid_december])), [2, 2, 3, 3])


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (date(2026, 11, 30), [np.nan, 2, 2, 2]),
        (DEC, [np.nan, 2, 2, 2]),
        (date(2026, 12, 2), [np.nan, np.nan, 2, 2]),
    ],
)
def test_before_the_first_row_a_price_is_missing_not_zero(start, expected):
    np.testing.assert_allclose(per_million(PriceBook([row(effective_from=start)])), expected)


@pytest.mark.parametrize(("last", "december"), [(date(2026, 11, 30), np.nan), (DEC, 2.0)])
def test_after_its_last_day_a_price_without_successor_is_missing(last, december):
    np.testing.assert_allclose(per_million(PriceBook([row(effective_to=last)]))[:2], [2.0, december])


def test_of_two_rows_in_force_the_later_one_wins_and_the_earlier_one_returns_after_it():
    promotion = row(price_usd=1.0, effective_from=DEC, effective_to=date(2026, 12, 31))

    np.testing.assert_allclose(per_million(PriceBook([promotion, row()])), [2, 1, 2, 2])


def test_a_plan_tells_which_rows_it_used():
    prices = PriceBook(SCHEDULE).plan("acme/base").prices("input", (NOV, DEC))

    assert prices.rows == (SCHEDULE[0],)
    assert prices.price_ids == ("acme/base:input",)
    assert (prices.base, prices.drift_group, prices.provider) == ("token", "llm", "acme")


def test_a_meter_without_rows_has_no_prices():
    assert PriceBook([row()]).plan("acme/base").prices("output", MONTHS) is None


def test_prices_are_looked_up_once_and_cannot_be_written_to():
    plan = PriceBook([row()]).plan("acme/base")
    prices = plan.prices("input", list(MONTHS))

    assert plan.prices("input", MONTHS) is prices
    with pytest.raises(ValueError, match="read-only"):
        prices.usd[0][0] = 0


def test_thresholds_of_token_and_flat_rows_stay_as_written():
    book = PriceBook(
        [
            row(unit="1k tokens"),
            row(unit="1k tokens", tier_from=272_000.0),
            row("flat", "month", 5.0, tier_from=1_000.0),
        ]
    )
    plan = book.plan("acme/base")

    assert plan.prices("input", MONTHS).tier_from == (0.0, 272_000.0)
    assert plan.prices("flat", MONTHS).tier_from == (1_000.0,)


def test_the_monthly_minimum_is_the_largest_of_the_rows_in_force_without_training():
    rows = [
        row("storage", "GB-month", minimum_usd=50.0),
        row("reads", "unit", minimum_usd=60.0, effective_from=DEC, effective_to=DEC),
        row("training", minimum_usd=400.0),
    ]
    plan = PriceBook(rows).plan("acme/base")

    np.testing.assert_array_equal(plan.minimum_usd(MONTHS), [50, 60, 50, 50])
    np.testing.assert_array_equal(plan.prices("training", MONTHS).minimum_usd, [400] * 4)
    np.testing.assert_array_equal(plan.prices("storage", MONTHS).minimum_usd, [0] * 4)


def test_an_included_quantity_is_given_in_base_quantities():
    plan = PriceBook([row("storage", "GiB-month", included_quantity=10.0)]).plan("acme/base")

    np.testing.assert_allclose(plan.prices("storage", MONTHS).included, [10 * 2**30 / 1e9] * 4)


def test_a_fact_may_stand_on_any_row_of_its_plan_and_no_is_an_answer():
    plan = PriceBook([row(), row("hosting", "hour", bills_tokens=False)]).plan("acme/base")

    assert plan.fact("bills_tokens") is False
    assert plan.fact("successor") is None
    with pytest.raises(KeyError, match="not a fact"):
        plan.fact("colour")


def test_the_same_key_twice_is_refused_with_both_places():
    twice = [row(origin="table a.csv", line=2), row(origin="price file mine.csv", line=7)]

    with pytest.raises(DuplicatePrice, match=r"acme/base:input .*table a.csv line 2 and price file mine.csv line 7"):
        PriceBook(twice)


def test_one_meter_of_a_plan_has_one_kind_of_unit():
    with pytest.raises(PriceError, match=r"per unit \(1M units\).*per GB \(GB\)"):
        PriceBook([row("writes", "1M units"), row("writes", "GB", effective_from=DEC)])


def test_references_are_those_that_have_all_the_meters_in_order():
    book = PriceBook([row(item="b"), row(item="a"), row("output", item="a")])

    assert book.refs("input") == ("acme/a", "acme/b")
    assert book.refs("input", "output") == ("acme/a",)
    assert book.refs("gpu") == ()


def test_a_misspelt_reference_gets_suggestions():
    book = PriceBook([row(item="gpt-5.4-mini"), row(item="other")])

    assert book.suggest("ACME/gpt5.4-mini") == ("acme/gpt-5.4-mini",)
    assert book.suggest("mini") == ("acme/gpt-5.4-mini",)
    assert book.suggest("zzzzzz") == ()


def test_a_book_is_known_by_its_rows():
    assert PriceBook([row()]) == PriceBook([row()])
    assert hash(PriceBook([row()])) == hash(PriceBook([row()]))
    assert PriceBook([row()]).id != PriceBook([row(price_usd=2.1)]).id
    assert PriceBook([row()]).id != PriceBook([row(note="checked")]).id


def test_a_row_without_date_sets_the_price_for_every_month():
    book = PriceBook(SCHEDULE)

    np.testing.assert_allclose(per_million(book.with_rows([bare(price_usd=9.0)])), [9] * 4)
    np.testing.assert_allclose(per_million(book), [0.75, 0.75, 1.5, 1.5])


def test_a_dated_row_replaces_its_key_or_joins_the_schedule():
    replaced = PriceBook(SCHEDULE).with_rows([bare(price_usd=9.0, effective_from=JAN)])
    joined = PriceBook(SCHEDULE).with_rows([bare(price_usd=9.0, effective_from=FEB)])

    np.testing.assert_allclose(per_million(replaced), [0.75, 0.75, 9, 9])
    np.testing.assert_allclose(per_million(joined), [0.75, 0.75, 1.5, 9])


def test_an_undated_and_a_dated_row_together_are_the_whole_new_schedule():
    new = [bare(price_usd=5.0), bare(price_usd=6.0, effective_from=FEB)]

    np.testing.assert_allclose(per_million(PriceBook(SCHEDULE).with_rows(new)), [5, 5, 5, 6])


def test_other_tiers_and_meters_stay_when_one_price_is_set():
    book = PriceBook([row(), row(price_usd=4.0, tier_from=272_000.0), row("output", price_usd=8.0)])
    changed = book.with_rows([bare(price_usd=1.0)])

    assert [usd[0] * 1e6 for usd in changed.plan("acme/base").prices("input", MONTHS).usd] == [1, 4]
    np.testing.assert_allclose(per_million(changed, "output"), [8] * 4)


def test_a_row_of_an_unknown_plan_makes_a_new_plan():
    assert PriceBook([row()]).with_rows([bare(item="mine")]).refs() == ("acme/base", "acme/mine")


def test_the_same_key_twice_in_one_price_file_is_refused():
    with pytest.raises(DuplicatePrice, match="given twice"):
        PriceBook([row()]).with_rows([bare(), bare(price_usd=3.0)])


def test_facts_survive_the_row_that_carried_them():
    store = PriceBook(STORE).with_rows([bare("reads", "1M units", 20.0, "store")]).plan("acme/store")

    assert store.fact("units_per_search") == 1
    assert store.fact("units_per_vector") == 2
    assert store.prices("reads", MONTHS).usd[0][0] == pytest.approx(20 / 1e6)


def test_a_given_fact_replaces_the_old_one():
    new = bare("reads", "1M units", 20.0, "store", units_per_search=5.0)

    assert PriceBook(STORE).with_rows([new]).plan("acme/store").fact("units_per_search") == 5


def test_minimum_and_included_part_stay_unless_the_row_says_otherwise():
    kept = PriceBook(STORE).with_rows([bare("storage", "GB-month", 0.5, "store")]).plan("acme/store")
    gone = (
        PriceBook(STORE)
        .with_rows([bare("storage", "GB-month", 0.5, "store", minimum_usd=None, included_quantity=None)])
        .plan("acme/store")
    )

    assert kept.minimum_usd([NOV])[0] == 50
    assert kept.prices("storage", [NOV]).included[0] == 10
    assert gone.minimum_usd([NOV])[0] == 0
    assert gone.prices("storage", [NOV]).included[0] == 0


def test_an_included_part_follows_a_change_of_unit():
    store = PriceBook([row("reads", "1M units", 16.0, "store", included_quantity=2.0)])
    changed = store.with_rows([bare("reads", "1k units", 0.02, "store")]).plan("acme/store")

    assert changed.prices("reads", [NOV]).included[0] == 2_000_000
    assert changed.rows[0].included_quantity == 2_000


def test_an_edit_sets_the_price_for_every_month_and_says_that_it_is_one():
    book = PriceBook(SCHEDULE).with_edits([edit(price_usd=1.8, reason="our contract")])
    (only,) = book.plan("acme/base").rows

    np.testing.assert_allclose(per_million(book), [1.8] * 4)
    assert (only.origin, only.source, only.confidence, only.as_of) == (
        "edit",
        "edited: our contract",
        "low",
        None,
    )


def test_a_dated_edit_joins_the_schedule():
    book = PriceBook(SCHEDULE).with_edits([edit(price_usd=1.0, effective_from=DEC)])

    np.testing.assert_allclose(per_million(book), [0.75, 1.0, 1.5, 1.5])


def test_an_edit_takes_over_group_facts_minimum_and_included_part():
    tuned = row("training", price_usd=0.48, item="tuned", group="fine_tuning", minimum_usd=4.0, bills_tokens=True)
    book = PriceBook([*STORE, tuned]).with_edits(
        [
            edit("training", price_usd=0.4, item="tuned"),
            edit("storage", "GB-month", 0.3, "store", minimum_usd=25.0),
        ]
    )
    (training,) = book.plan("acme/tuned").rows
    store = book.plan("acme/store")

    assert (training.group, training.minimum_usd, training.bills_tokens) == ("fine_tuning", 4.0, True)
    assert store.minimum_usd([NOV])[0] == 25
    assert store.prices("storage", [NOV]).included[0] == 10


def test_an_edit_with_a_source_is_evidence_of_its_own():
    sourced = edit(price_usd=1.8, source="https://acme.example", as_of="2026-11", confidence="medium")
    (only,) = PriceBook(SCHEDULE).with_edits([sourced]).plan("acme/base").rows

    assert (only.source, only.as_of, only.confidence, only.origin) == (
        "https://acme.example",
        "2026-11",
        "medium",
        "edit",
    )


def test_an_edit_to_zero_needs_a_reason_that_says_free():
    book = PriceBook(SCHEDULE).with_edits([edit(price_usd=0.0, reason="free for partners")])

    np.testing.assert_array_equal(per_million(book), [0] * 4)
