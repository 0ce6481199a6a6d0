"""The Prices page lists every price behind the answer, and no other."""

from datetime import date

import pytest

from costmodel.changes import changed
from costmodel.results import run_scenario
from pricing.catalog import load_book
from pricing.price import Price
from report import prices_text, text
from report.numbers import day
from report.palette import ARCHITECTURES

EDIT = {"provider": "openai", "item": "gpt-6.1-sol", "meter": "input", "unit": "1M tokens", "price_usd": 1.5}
NO_TOKENS = {
    "finance.compared": ["fine_tuning"],
    "workload.queries_per_month": 0.0,
    "fine_tuning.training_examples": 0.0,
}


def test_the_table_has_exactly_the_rows_in_use(opened):
    screen = opened("pages/prices.py")
    table = screen.at.dataframe[0].value
    shown = list(zip(table["Provider"], map(float, table["USD"]), table["Source"], strict=True))

    assert shown == [(row.provider, row.price_usd, row.source) for row in screen.run.rows_in_use]
    for words, row in zip(table["Price"], screen.run.rows_in_use, strict=True):
        assert row.item in words
        assert row.meter.replace("_", " ") in words


def test_every_row_says_when_it_was_checked_and_since_when_it_holds(opened):
    screen = opened("pages/prices.py")
    table = screen.at.dataframe[0].value

    for checked, since, row in zip(table["Checked"], table["Since"], screen.run.rows_in_use, strict=True):
        assert since == (day(row.effective_from) if row.effective_from else "")
        if row.origin.startswith("genai-prices"):
            assert checked == f"release of {day(row.as_of)}"
        elif len(row.as_of) == len("2026-11"):
            assert checked == f"in {day(row.as_of)}"
        else:
            assert checked == f"{(date.today() - date.fromisoformat(row.as_of)).days} days ago"


def test_every_row_names_the_architectures_that_pay_it(opened):
    screen = opened("pages/prices.py")
    table = screen.at.dataframe[0].value
    run = screen.run

    for names, row in zip(table["Used by"], run.rows_in_use, strict=True):
        paying = [
            ARCHITECTURES[key].name
            for key, answer in run.answers.items()
            if any(row.price_id in line.price_ids for line in answer.bill.lines)
        ]
        assert list(names) == paying


def test_the_headline_counts_the_rows(opened):
    screen = opened("pages/prices.py")

    assert screen.headline == f"{len(screen.run.rows_in_use)} prices decide this answer"


def test_another_model_brings_other_prices(opened, link_to):
    screen = opened("pages/prices.py", link_to({"rag.model": "openai/gpt-5"}))
    items = set(screen.at.dataframe[0].value["Price"])

    assert {"gpt-5, input", "gpt-5, output"} <= items
    assert not any("gpt-6.1-sol" in item for item in items)


def test_an_edited_price_is_listed_as_edited_with_its_reason(opened, link_to):
    screen = opened("pages/prices.py", link_to({"price_edits": [{**EDIT, "reason": "our contract"}]}))
    table = screen.at.dataframe[0].value
    row = table[table["Price"] == "gpt-6.1-sol, input"].iloc[0]

    assert (row["USD"].strip(), row["Reason"], row["Source"]) == ("1.50", "our contract", "")
    assert (row["Checked"], row["Confidence"]) == ("yours", "low")


def test_an_edited_price_with_a_source_shows_it(opened, link_to):
    evidence = {"source": "https://acme.example/offer", "as_of": "2026-10", "confidence": "medium"}
    screen = opened("pages/prices.py", link_to({"price_edits": [{**EDIT, **evidence}]}))
    table = screen.at.dataframe[0].value
    row = table[table["Price"] == "gpt-6.1-sol, input"].iloc[0]

    assert (row["Source"], row["Checked"], row["Confidence"]) == (
        "https://acme.example/offer",
        "in Oct 2026",
        "medium",
    )


def test_one_price_is_counted_as_one(opened, link_to):
    screen = opened("pages/prices.py", link_to(NO_TOKENS))
    screen.check()
    count = len(screen.run.rows_in_use)

    assert screen.headline == f"{count} price{'' if count == 1 else 's'} decide{'s' if count == 1 else ''} this answer"
    assert len(screen.at.dataframe[0].value) == count


def test_without_any_price_in_use_the_page_says_so(opened, link_to):
    typed = {"fine_tuning.hosting_usd_per_month": 100.0}
    screen = opened("pages/prices.py", link_to({**NO_TOKENS, **typed}))
    screen.check()

    assert len(screen.at.dataframe) == 0
    assert "no list price" in screen.words.lower()
    assert not screen.headline.startswith("0 ")
    assert "checked within" not in screen.lead


# Sentences


def run_of(scenario):
    return run_scenario(scenario, load_book())


def with_price(scenario, usd, meter="input"):
    reason = "free" if not usd else ""
    return changed(scenario, {"price_edits": [{**EDIT, "meter": meter, "price_usd": usd, "reason": reason}]})


@pytest.mark.parametrize("usd", [0.0, 0.5, 1.5, 2.0, 2.5, 20.0, 200.0])
def test_the_effect_names_each_move_and_who_leads_now(preset, usd):
    before, after = run_of(preset), run_of(with_price(preset, usd))
    said = prices_text.effect(before, after)
    money = text.money_of(after)
    for key, moved in prices_text.changes_usd(before, after).items():
        assert moved == pytest.approx(after.answers[key].tco_usd - before.answers[key].tco_usd)
        if moved > 0.005:
            assert f"{{{key}}} {money(moved)} dearer" in said
        elif moved < -0.005:
            assert f"{money(-moved)} off {{{key}}}" in said
    if usd == 2.0:
        assert said == "Your edits do not move any total."
        return
    sums = text.totals(after)
    if text.is_contested(after, sums):
        assert "too close to call" in said
    else:
        assert f"{{{after.cheapest}}} {'stays' if _leads_alike(before, after) else 'is now'} cheapest" in said


def _leads_alike(before, after):
    return before.cheapest == after.cheapest and not text.is_contested(before, text.totals(before))


def test_one_edit_is_spoken_of_as_one(preset):
    said = prices_text.effect(run_of(preset), run_of(with_price(preset, 1.5)), subject="Your edit")

    assert said.startswith("Your edit takes $")


def test_a_total_that_an_edit_makes_known_is_said(preset):
    scenario = changed(preset, {"fine_tuning.model": "azure/gpt-oss-20b global", "fine_tuning.hosting": "serverless"})
    before = run_of(scenario)
    dearer = prices_text.effect(before, run_of(with_price(scenario, 3.0)))

    assert dearer.startswith("Your edits make {rag} $")


@pytest.mark.parametrize(
    ("in_use", "yours", "said"),
    [
        (0, 0, "No list price is in use"),
        (1, 0, "1 price decides this answer"),
        (1, 1, "1 price decides this answer; it is yours"),
        (14, 2, "14 prices decide this answer; two of them are yours"),
        (14, 1, "14 prices decide this answer; one of them is yours"),
        (14, 12, "14 prices decide this answer; 12 of them are yours"),
        (3, 3, "3 prices decide this answer; all of them are yours"),
    ],
)
def test_the_headline(in_use, yours, said):
    assert prices_text.headline(in_use, yours) == said


@pytest.mark.parametrize(
    ("edits", "used", "said"),
    [
        (0, 0, ""),
        (2, 2, ""),
        (1, 0, "Your edit is not in use here."),
        (3, 0, "None of your edits is in use here."),
        (3, 2, "One of your 3 edits is not in use here."),
        (5, 2, "Three of your 5 edits are not in use here."),
    ],
)
def test_edits_that_nothing_reads(edits, used, said):
    assert prices_text.unused_edits(edits, used) == said


@pytest.mark.parametrize(
    ("usd", "said"),
    [
        (2, "2.00"),
        (0.075, "0.075"),
        (0.02, "0.02"),
        (1200, "1,200.00"),
        (0.0028, "0.0028"),
        (0, "0.00"),
        (0.1234567, "0.123457"),
    ],
)
def test_amounts_as_they_are_typed(usd, said):
    assert prices_text.amount(usd) == said


def test_the_next_change_of_a_price_is_the_nearest_one():
    first = Price(**EDIT, source="x")
    later = [first.model_copy(update={"price_usd": usd, "effective_from": day_}) for usd, day_ in LATER]
    today = date(2026, 11, 21)

    assert prices_text.next_change(first, [first, *later], today) == "2.00 from 1 Dec 2026"
    assert prices_text.next_change(later[0], [first, *later], today) == "3.00 from 1 Jan 2027"
    assert prices_text.next_change(later[1], [first, *later], today) == ""
    ending = first.model_copy(update={"effective_to": date(2026, 12, 31)})
    assert prices_text.next_change(ending, [ending], today) == "ends 31 Dec 2026"
    assert prices_text.announced(later) == "Next change: gpt-6.1-sol, input, 2.00 from 1 Dec 2026."


LATER = ((2.0, date(2026, 12, 1)), (3.0, date(2027, 1, 1)))


@pytest.mark.parametrize(
    ("paths", "said"),
    [
        ((), "opening another scenario"),
        (("price_edits",), "prices"),
        (("workload.query_tokens",), "Tokens per query"),
        (("finance.discount_share.openai",), "discount at openai"),
    ],
)
def test_a_step_in_words(paths, said):
    assert prices_text.step(paths) == said


def priced(**more):
    return Price(**{**EDIT, "source": "x 2026", "origin": "table acme.csv", **more})


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "no list prices"),
        ([{}], "prices undated"),
        ([{"as_of": "2026-11-14"}], "prices of 14 Nov 2026"),
        ([{"as_of": "2026-11-14"}, {"as_of": "2026-03"}], "prices of Mar 2026 to 14 Nov 2026"),
        ([{"as_of": "2026-11-14"}, {}, {"origin": "edit"}], "prices of 14 Nov 2026, 1 undated, 1 typed in"),
        ([{"as_of": "2026-11-14"}, {"origin": "edit", "as_of": "2020-01"}], "prices of 14 Nov 2026, 1 typed in"),
        ([{}, {"origin": "edit"}, {"origin": "edit"}], "prices undated, 2 typed in"),
        ([{"origin": "edit"}], "all prices typed in"),
    ],
)
def test_the_eyebrow_counts_undated_and_typed_in_prices_apart(rows, said):
    assert prices_text.dates(priced(**row) for row in rows) == said


TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("row", "was", "dropped", "said"),
    [
        ({"as_of": "2026-11-01"}, None, 0, []),
        ({"as_of": "2026-08-23"}, None, 0, []),
        ({"as_of": "2026-08-22"}, None, 0, ["check again"]),
        ({}, None, 0, ["undated"]),
        ({"origin": "edit"}, None, 0, ["added"]),
        ({"origin": "edit"}, {"price_usd": 2.0}, 0, ["edited"]),
        ({"origin": "edit"}, {"price_usd": 2.0}, 2, ["edited", "drops two other dates"]),
        ({"origin": "edit", "as_of": "2026-11-01"}, {}, 0, ["confirmed"]),
        ({"origin": "edit", "as_of": "2026-01"}, {}, 1, ["confirmed", "drops one other date", "check again"]),
        ({"as_of": "2026-11-01", "confidence": "low"}, None, 0, ["low confidence"]),
        ({"as_of": "2026-11-01", "retires_on": date(2026, 12, 1)}, None, 0, ["retires 1 Dec 2026"]),
        ({"as_of": "2026-11-01", "retires_on": date(2026, 11, 21)}, None, 0, ["retired"]),
    ],
)
def test_the_status_of_a_row(row, was, dropped, said):
    old = None if was is None else priced(confidence="medium", **was)
    row = priced(**{"confidence": "medium", **row})

    assert prices_text.status(row, TODAY, 90, old, dropped) == said


def test_what_a_price_for_every_month_does_to_other_dates():
    one, two = (priced(price_usd=usd, effective_from=start) for usd, start in LATER)
    ends = "Held for every month, yours drops them; with a first day it keeps them."

    assert prices_text.falls_away([one], TODAY) == (
        f"This price has other dates: 2.00 per 1M tokens from 1 Dec 2026. {ends}"
    )
    assert prices_text.falls_away([two, one], date(2026, 12, 2)) == (
        f"This price has other dates: 3.00 per 1M tokens from 1 Jan 2027 and one more date. {ends}"
    )


def test_prices_that_drop_other_dates_are_named():
    assert prices_text.dropping([]) == ""
    assert prices_text.dropping([priced()]) == (
        "gpt-6.1-sol, input holds for every month: its other dates in the book drop out."
    )
    assert prices_text.dropping([priced(), priced(meter="output")]) == (
        "Two of your prices hold for every month: their other dates in the book drop out."
    )


def test_a_retirement_in_words():
    assert prices_text.retires(date(2026, 10, 23), "openai/x") == "Retires 23 Oct 2026, then openai/x"
    assert prices_text.retires(date(2026, 10, 23), None) == "Retires 23 Oct 2026; no successor is known"
