"""Price edits in files: exported, imported, opened again."""

from __future__ import annotations

import json
from datetime import date

from costmodel import files
from costmodel.made_with import made_with
from costmodel.results import run_scenario
from pricing.catalog import load_book
from pricing.exporting import edits_csv, rows_csv
from report import cost_csv, ledger_text
from report.explained import explained
from report.imprint import imprint
from tests.pages.prices_screen import EDIT, PAGE, VOLUME, click, totals, upload


def test_exported_edits_come_back_the_same(opened, link_to):
    edits = [{**EDIT, "reason": "contract"}, {**EDIT, "meter": "output", "price_usd": 9.0, "reason": "=1+1"}]
    screen = opened(PAGE, link_to({"price_edits": edits}))
    content = edits_csv(screen.scenario.price_edits, load_book()).encode()
    other = opened(PAGE)
    upload(other, "edits.csv", content)
    assert "2 changed" in other.words
    click(other, "apply import")

    assert totals(other) == totals(screen)
    assert {edit.key: (edit.price_usd, edit.reason) for edit in other.scenario.price_edits} == {
        edit.key: (edit.price_usd, edit.reason) for edit in screen.scenario.price_edits
    }


def test_an_import_waits_for_every_answer(opened):
    content = (
        b"provider,item,meter,unit,price_usd,reason\n"
        b"openai,gpt-6.1-sol,input,1M tokens,2000,quote\n"
        b"openai,gpt-6.1-sol,output,1M tokens,-1,slip\n"
        b"acme,new,input,1M tokens,3,quote\n"
    )
    screen = opened(PAGE)
    upload(screen, "ours.csv", content)
    words = screen.words
    assert "1 changed, 1 added, 1 refused" in words
    assert screen.at.button(key="apply import").disabled

    for box in screen.at.checkbox:
        if box.key.startswith(("exclude", "confirm")):
            box.check()
    screen.rerun()
    click(screen, "apply import")
    assert {edit.price_id for edit in screen.scenario.price_edits} == {"openai/gpt-6.1-sol:input", "acme/new:input"}
    click(screen, "undo")
    assert screen.scenario.price_edits == ()


def test_a_file_that_cannot_be_read_says_why(opened):
    screen = opened(PAGE)
    upload(screen, "ours.csv", b"a;b\n1;2\n")

    assert "Nothing of this file can be used" in screen.words
    assert "not separated by commas" in screen.words


def test_a_scenario_file_opens_the_same_answer(opened, link_to):
    screen = opened(PAGE, link_to({"price_edits": [EDIT], VOLUME: 123_456.0}))
    content = files.written(screen.scenario, load_book()).encode()
    other = opened(PAGE)
    upload(other, "ours.json", content, "application/json")
    assert "1 typed-in price" in other.words
    click(other, "open today prices")

    assert other.scenario == screen.scenario
    assert totals(other) == totals(screen)
    click(other, "undo")
    assert other.scenario.price_edits == ()


def test_the_prices_of_then_can_be_restored_from_a_file(opened):
    screen = opened(PAGE)
    content = json.loads(files.written(screen.scenario, load_book()))
    then = {**content, "made_with": {**content["made_with"], "price_book": "genai-prices-0.1+older"}}
    for row in then["prices"]:
        if row["price_id"] == "openai/gpt-6.1-sol:input":
            row["price_usd"] = 3.0
    old_book = load_book().with_rows(files.opened(json.dumps(then), "x").prices)
    then["made_with"]["totals_usd"] = dict(made_with(run_scenario(screen.scenario, old_book)).totals_usd)
    upload(screen, "then.json", json.dumps(then).encode(), "application/json")
    assert "Since it was saved, prices have changed." in screen.words
    assert "gives the totals of then, to the cent" in screen.words
    click(screen, "open then prices")

    assert {key: round(usd, 2) for key, usd in totals(screen).items()} == then["made_with"]["totals_usd"]
    assert [edit.price_usd for edit in screen.scenario.price_edits] == [3.0]


def test_prices_in_use_are_exported_and_unchanged_when_they_come_back(opened):
    screen = opened(PAGE)
    upload(screen, "prices.csv", rows_csv(screen.run.rows_in_use).encode())

    assert f"{len(screen.run.rows_in_use)} unchanged" in screen.words
    assert screen.at.button(key="apply import").disabled


EVIDENCE = {"source": "https://acme.example/offer", "as_of": "2026-10-03", "confidence": "medium"}


def test_a_scenario_file_brings_source_day_and_confidence_of_a_typed_in_price(opened, link_to):
    screen = opened(PAGE, link_to({"price_edits": [{**EDIT, **EVIDENCE, "reason": "offer"}]}))
    again = files.read(files.written(screen.scenario, load_book()), "ours.json")

    assert again == screen.scenario
    assert again.price_edits[0].source == "https://acme.example/offer"


def test_exported_edits_bring_source_day_and_confidence_back(opened, link_to):
    silent = {**EDIT, "meter": "output", "price_usd": 9.0}
    screen = opened(PAGE, link_to({"price_edits": [{**EDIT, **EVIDENCE}, silent]}))
    other = opened(PAGE)
    upload(other, "edits.csv", edits_csv(screen.scenario.price_edits, load_book()).encode())
    click(other, "apply import")

    assert {each.meter: (each.source, each.as_of, each.confidence, each.reason) for each in edits(other)} == {
        "input": ("https://acme.example/offer", "2026-10-03", "medium", ""),
        "output": ("", None, "low", ""),
    }


def edits(screen):
    return screen.scenario.price_edits


def test_reports_name_the_source_and_the_day_of_a_typed_in_price(opened, link_to):
    screen = opened(PAGE, link_to({"price_edits": [{**EDIT, **EVIDENCE, "reason": "offer"}]}))
    report = cost_csv.summary(imprint(screen.run, date(2026, 11, 21)))
    place = ("rag", "generation", 1)
    told = ledger_text.explanation(screen.run, place, explained(screen.run, *place))

    assert "1.5 USD per 1M tokens - offer / as of 2026-10-03 / confidence medium / https://acme.example/offer" in report
    assert "1.5 USD per 1M tokens / as of 2026-10-03 / confidence medium / https://acme.example/offer" in report
    assert "typed in; checked 3 Oct 2026; confidence medium; https://acme.example/offer" in told
