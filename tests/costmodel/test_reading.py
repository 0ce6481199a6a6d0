"""What a careful reader tried: wrong kinds of plan, names that stand twice, inputs that change nothing."""

import json

import pytest

from costmodel import files
from costmodel.changes import ScenarioError, changed, resolved
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import Run, run_scenario
from costmodel.scenario import Scenario
from pricing.book import PriceBook
from pricing.catalog import load_book, parse_price_csv
from report import tables

HEAD = "provider,item,meter,unit,price_usd,tier_from,as_of,note,source\n"


def preset(**values: object) -> Scenario:
    return changed(PRESETS[DEFAULT_PRESET].scenario, {"finance.start_month": "2026-11", **values})


@pytest.mark.parametrize("ref", ["openai/gpt-5", "openai/text-embedding-3-small", "azure/gpt-oss-20b global"])
def test_a_plan_that_is_no_vector_store_cannot_stand_for_one(ref):
    with pytest.raises(ScenarioError, match=f"rag.vector_store: '{ref}' is not a vector store"):
        run_scenario(preset(**{"rag.vector_store": ref}), load_book())


@pytest.mark.parametrize("component", ["wrong_answers", "launch_delay"])
def test_a_consequence_that_was_typed_into_the_bill_is_another_cost(component):
    extra = {"architecture": "rag", "component": component, "phase": "recurring", "months": [1, 2], "usd": 1000}
    run = Run(preset(extra_costs=[extra]), load_book())
    by_family = tables.family_totals(run).set_index(["architecture", "family"])["usd"]

    assert by_family["rag", "other"] == pytest.approx(1000)
    assert tables.monthly(run).query("architecture == 'rag'")["other_usd"].sum() == pytest.approx(1000)


def test_a_tier_that_is_never_reached_is_not_in_use():
    rows = (
        "acme,store,storage,GB-month,1,,2026-10,,s\n"
        "acme,store,storage,GB-month,0.5,1000,2019-01,,s\n"
        "acme,store,flat,month,5,,2026-10,,s\n"
        "acme,store,flat,month,9,90000000,2018-01,,s\n"
    )
    book: PriceBook = load_book().with_rows(parse_price_csv(HEAD + rows, "prices.csv"))
    run = Run(preset(**{"rag.vector_store": "acme/store"}), book)
    ours = [row.price_id for row in run.rows_in_use if row.provider == "acme"]

    assert ours == ["acme/store:flat", "acme/store:storage"]
    assert run.prices_as_of["oldest"] == "2026-08-11"


def test_training_sold_by_the_gpu_hour_needs_a_speed():
    rows = (
        "acme,tuned,training,GPU-hour,3,,2026-10,,s\n"
        "acme,tuned,input,1M tokens,1,,2026-10,,s\n"
        "acme,tuned,output,1M tokens,1,,2026-10,,s\n"
    )
    book = load_book().with_rows(parse_price_csv(HEAD + rows, "prices.csv"))
    run = Run(preset(**{"fine_tuning.model": "acme/tuned", "fine_tuning.hosting": "serverless"}), book)

    assert run.excluded["fine_tuning"] == (
        "acme/tuned:training is sold by the hour: fine_tuning.training_tokens_per_gpu_hour is needed"
    )


def test_a_name_that_stands_twice_in_a_file_is_refused():
    with pytest.raises(ScenarioError, match=r"plan\.json: 'name' stands twice in one object; keep one of them"):
        files.read('{"name": "one", "name": "two"}', "plan.json")


def test_what_changes_nothing_is_said_so():
    extra = {"architecture": "prompting", "component": "audit", "phase": "event", "months": [1, 1], "usd": 5}
    run = Run(preset(**{"finance.discount_share.nobody": 0.5, "extra_costs": [extra]}), load_book())

    assert "finance.discount_share.nobody: no price of this provider is in use" in run.warnings
    assert "The extra cost 'audit' is not charged: prompting is not compared" in run.warnings


def test_the_schema_takes_one_architecture_or_a_list_of_them():
    asked = Scenario.model_json_schema()["$defs"]["ExtraCost"]["properties"]["architecture"]

    assert {kind.get("type") for kind in asked["anyOf"]} == {"string", "array"}


def test_a_dumped_scenario_is_read_back_as_itself():
    from datetime import date

    scenario = resolved(PRESETS[DEFAULT_PRESET].scenario, date(2026, 11, 21))

    assert files.read(json.dumps(scenario.model_dump(mode="json")), "plan.json") == scenario
