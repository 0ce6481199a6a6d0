"""The Prices page lists every price behind the answer, and no other."""

from datetime import date

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
    shown = list(zip(table["Provider"], table["USD"], table["Source"], strict=True))

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

    assert row["USD"] == 1.5
    assert row["Source"] == "edited: our contract"
    assert row["Checked"] == "undated"


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
