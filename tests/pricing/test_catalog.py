"""Health of the tables, and the plans that the presets lean on."""

import csv
from collections import Counter
from datetime import date

import numpy as np
import pytest

from pricing.book import PriceError
from pricing.catalog import EVIDENCE_COLUMNS, TABLES, load_book, load_evidence, table_rows, with_retirements
from pricing.price_files import COLUMNS
from pricing.units import GROUPS, METERS

NOV = [date(2026, 11, 1)]
ROWS = table_rows()


def usd(ref, meter, unit_holds=1.0):
    return load_book().plan(ref).prices(meter, NOV).usd[0][0] * unit_holds


def test_every_row_of_every_table_is_loaded_with_its_own_source_and_date():
    written = Counter()
    for path in TABLES.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            written.update(
                (line["provider"], line["item"], line["meter"], line["source"], line["as_of"])
                for line in csv.DictReader(file)
            )
    loaded = Counter((row.provider, row.item, row.meter, row.source, row.as_of or "") for row in ROWS)

    assert loaded == written
    assert len(ROWS) > 300


@pytest.mark.parametrize("path", sorted(TABLES.glob("*.csv")), ids=lambda path: path.name)
def test_a_table_has_the_columns_of_the_vocabulary_in_their_order(path):
    with path.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))

    assert header == [column for column in COLUMNS if column in header]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.place)
def test_a_row_is_browsable_sourced_and_in_the_lists(row):
    assert row.unit in METERS[row.meter].units
    assert row.group in GROUPS
    assert row.group != "people"
    assert row.source
    assert row.origin.startswith("table ")
    if row.confidence != "low":
        assert "http" in row.source or any(ch.isdigit() for ch in row.source)


def test_no_two_rows_of_the_book_have_the_same_key():
    keys = [row.key for row in load_book().rows]

    assert len(keys) == len(set(keys))


def test_the_book_is_read_once():
    assert load_book() is load_book()


def test_pinecone_standard_bills_usage_and_at_least_fifty_dollars():
    ref = "pinecone/serverless standard aws us-east-1"

    assert usd(ref, "storage") == 0.33
    assert usd(ref, "reads", 1e6) == pytest.approx(16)
    assert usd(ref, "writes", 1e6) == pytest.approx(4)
    assert load_book().plan(ref).minimum_usd(NOV)[0] == 50


def test_azure_bills_a_tuned_deployment_by_the_hour_and_by_the_token():
    plan = load_book().plan("azure/gpt-oss-20b global")

    assert plan.fact("bills_tokens") is True
    assert [usd(plan.ref, meter, 1e6) for meter in ("input", "output", "training")] == pytest.approx([0.07, 0.30, 3.6])
    assert usd(plan.ref, "hosting") == 0.30


def test_a_training_job_at_together_has_a_minimum():
    prices = load_book().plan("together/LoRA up to 16B on one H100").prices("training", NOV)

    assert (prices.usd[0][0] * 1e6, prices.minimum_usd[0]) == (pytest.approx(0.48), 4)


def test_a_guardrail_unit_holds_a_thousand_characters_of_four_per_token():
    assert load_book().plan("aws/guardrails content filter").fact("tokens_per_unit") == 1_000 / 4


def test_a_model_that_retires_says_when_and_what_follows():
    plan = load_book().plan("openai/gpt-4o-mini")

    assert plan.fact("retires_on") == date(2027, 1, 14)
    assert load_book().plan(plan.fact("successor")) is not None


def test_every_successor_in_the_book_has_prices():
    named = {row.successor for row in load_book().rows if row.successor}

    assert named
    assert all(load_book().plan(ref) for ref in named)


def test_a_retirement_of_a_model_without_prices_is_refused(tmp_path):
    table = tmp_path / "retirements.csv"
    table.write_text(
        "provider,item,retires_on,successor,as_of,source\nacme,gone,2027-01-01,,2026-11,https://acme.example\n",
        encoding="utf-8",
    )

    with pytest.raises(PriceError, match=r"retirements.csv: no price of acme/gone"):
        with_retirements(ROWS, table)


def test_the_evidence_has_a_number_and_a_source_on_every_line():
    evidence = load_evidence()

    assert tuple(evidence.columns) == EVIDENCE_COLUMNS
    assert np.isfinite(evidence["value"]).all()
    assert (evidence["source"] != "").all()
    assert {"labour", "labels", "evaluation", "observability", "throughput"} <= set(evidence["topic"])
