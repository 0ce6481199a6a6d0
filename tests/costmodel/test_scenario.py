"""What a scenario refuses, and that it says where, what and what would do instead."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from costmodel.changes import ScenarioError, changed, validated
from costmodel.families import FAMILIES, FAMILY_OF
from costmodel.fields import FieldFacts
from costmodel.scenario import ARCHITECTURES, FIELDS, Scenario

NUMBERS = {path: field for path, field in FIELDS.items() if field.numeric}
BOUND_TO_OTHERS = {"corpus.tokens_per_document", "corpus.chunk_overlap_tokens"}
"""Fields whose largest value needs another field to go with it."""


def nested(path: str, value: Any) -> dict[str, Any]:
    """A scenario file with this one value."""
    data: Any = value
    for name in reversed(path.split(".")):
        data = {name: data}
    return dict(data)


def problem(path: str, value: Any) -> str:
    """What is said about a scenario with this value."""
    with pytest.raises(ScenarioError) as refused:
        validated(nested(path, value))
    return str(refused.value)


def extra(**own: Any) -> dict[str, Any]:
    """A scenario file with one typed-in cost."""
    given = {"architecture": "rag", "component": "licence", "phase": "recurring", "months": [1, 12], "usd": 5.0}
    return {"extra_costs": [{name: value for name, value in {**given, **own}.items() if value is not None}]}


def problem_of(data: dict[str, Any]) -> str:
    with pytest.raises(ScenarioError) as refused:
        validated(data)
    return str(refused.value)


# Limits


@pytest.mark.parametrize("path", NUMBERS)
def test_a_number_below_its_limit_is_refused_with_path_value_and_limits(path):
    field = NUMBERS[path]

    said = problem(path, below(field))

    assert said.startswith(
        f"{path}: {json.dumps(below(field))} is out of limits; use {field.low:,.12g} to {field.high:,.12g}"
    )


@pytest.mark.parametrize("path", NUMBERS)
def test_a_number_above_its_limit_is_refused_with_path_value_and_limits(path):
    field = NUMBERS[path]

    said = problem(path, above(field))

    assert said.startswith(
        f"{path}: {json.dumps(above(field))} is out of limits; use {field.low:,.12g} to {field.high:,.12g}"
    )


@pytest.mark.parametrize("path", sorted(set(NUMBERS) - BOUND_TO_OTHERS))
def test_both_limits_themselves_are_allowed(path):
    field = NUMBERS[path]
    low, high = (int(x) if field.kind == "whole" else x for x in (field.low, field.high))

    kept = [changed(Scenario(), {path: value}) for value in (low, high)]

    assert len(kept) == 2


def below(field: FieldFacts) -> float:
    return int(field.low) - 1 if field.kind == "whole" else field.low - 1.0


def above(field: FieldFacts) -> float:
    return int(field.high) + 1 if field.kind == "whole" else field.high * 2 + 1.0


# Numbers are never guessed


@pytest.mark.parametrize("path", NUMBERS)
@pytest.mark.parametrize("value", ["5", "", True, False, math.nan, math.inf, -math.inf, [1], {}], ids=repr)
def test_what_is_no_number_is_refused_in_a_number_field(path, value):
    said = problem(path, value)

    assert said.startswith(f"{path}: ")


@pytest.mark.parametrize("path", sorted(path for path, field in NUMBERS.items() if not field.nullable))
def test_nothing_is_refused_where_a_number_is_needed(path):
    said = problem(path, None)

    assert said.startswith(f"{path}: ")


@pytest.mark.parametrize(("value", "kept"), [(24.0, 24), (24, 24)])
def test_a_whole_number_may_be_written_with_a_point(value, kept):
    scenario = validated(nested("finance.horizon_months", value))

    assert scenario.finance.horizon_months == kept


def test_half_a_month_is_no_horizon():
    said = problem("finance.horizon_months", 24.5)

    assert said == "finance.horizon_months: 24.5 is not a whole number; use 1 to 120 months"


@pytest.mark.parametrize("share", ["0.5", True, math.nan, 1.1])
def test_a_rank_correlation_is_a_number_from_minus_1_to_1(share):
    pair = ["workload.queries_per_month", "workload.query_tokens"]

    said = problem_of({"rank_correlations": [[*pair, share]]})

    assert said.startswith("rank_correlations.0.2: ")


@pytest.mark.parametrize("value", ["1", True, math.nan, -1.0, 1e13])
def test_a_forecast_holds_numbers_only(value):
    said = problem_of({"workload": {"queries_by_month": [10, value]}})

    assert said.startswith("workload.queries_by_month.1: ")


@pytest.mark.parametrize(("months", "fits"), [(0, False), (1, True), (120, True), (121, False)])
def test_a_forecast_has_1_to_120_months(months, fits):
    data = {"workload": {"queries_by_month": [1.0] * months}}

    if fits:
        assert len(validated(data).workload.queries_by_month or ()) == months
    else:
        assert problem_of(data).startswith("workload.queries_by_month: ")


def test_a_number_typed_as_yes_or_no_is_named_as_it_was_typed():
    # JSON and the command line write true, not True
    said = problem("workload.query_tokens", True)

    assert "true is not a number" in said


# Names


def test_an_unknown_field_is_refused_with_the_one_that_was_meant():
    said = problem("workload.query_tokenz", 1)

    assert said == "workload.query_tokenz: there is no such field; did you mean workload.query_tokens?"


def test_an_unknown_group_is_refused():
    said = problem("finetuning", {})

    assert said.startswith("finetuning: there is no such field")


def test_a_field_in_the_wrong_group_leads_to_the_right_one():
    said = problem("rag.documents", 1)

    assert "did you mean corpus.documents?" in said


@pytest.mark.parametrize("value", ["gpt-5", "/gpt-5", "openai/", "", " /x"])
def test_a_model_is_written_provider_and_item(value):
    said = problem("rag.model", value)

    assert said == f"rag.model: {json.dumps(value)} is not a reference; write provider/item, or null for none"


def test_an_item_may_hold_slashes_and_colons():
    scenario = validated(nested("rag.model", "acme/org/model:v1"))

    assert scenario.rag.model == "acme/org/model:v1"


def test_a_choice_outside_its_list_is_refused_with_the_list():
    said = problem("fine_tuning.hosting", "cloud")

    assert said == 'fine_tuning.hosting: "cloud" is not possible; use one of serverless, dedicated, self_hosted'


@pytest.mark.parametrize("month", ["2026-13", "2026-00", "2026-1", "26-11", "2026-11-01", "1899-12", "2200-01", ""])
def test_a_build_month_is_a_month_of_the_calendar(month):
    said = problem("finance.start_month", month)

    assert said == f"finance.start_month: {json.dumps(month)} is not a month; write it as YYYY-MM, for instance 2026-11"


@pytest.mark.parametrize("month", ["1900-01", "2199-12"])
def test_the_first_and_last_months_are_allowed(month):
    scenario = validated(nested("finance.start_month", month))

    assert scenario.finance.start_month == month


def test_several_mistakes_are_all_named():
    said = problem_of({"workload": {"query_tokens": -1}, "corpus": {"documents": "x"}})

    assert "workload.query_tokens: -1" in said
    assert 'corpus.documents: "x"' in said


def test_a_scenario_cannot_be_changed_in_place():
    scenario = Scenario()

    with pytest.raises(ValueError, match="frozen"):
        scenario.finance.horizon_months = 12


# What is compared


def test_nothing_to_compare_is_refused_and_says_what_to_name():
    said = problem("finance.compared", [])

    assert said.startswith("finance.compared: ")
    assert "rag, fine_tuning, hybrid" in said


def test_an_unknown_architecture_is_refused_once_with_the_list():
    said = problem("finance.compared", ["bogus"])

    assert said.count("finance.compared") == 1
    assert "rag, fine_tuning, hybrid" in said


@pytest.mark.parametrize("path", ["finance.compared", "finance.already_built"])
def test_an_architecture_is_named_once(path):
    said = problem(path, ["rag", "rag"])

    assert said == f"{path}: names something twice; name each once"


@pytest.mark.parametrize("key", ["rag", "fine_tuning", "hybrid"])
def test_one_architecture_is_enough(key):
    scenario = validated(nested("finance.compared", [key]))

    assert scenario.finance.compared == (key,)


# Components


def test_only_components_of_the_ledger_can_be_switched_off():
    said = problem("rag.switched_off", ["generation", "lunch"])

    assert "'lunch' is not a cost component; use one of build_labour, " in said


def test_every_component_has_one_family():
    assert len(FAMILY_OF) == sum(len(components) for components in FAMILIES.values())


def test_there_are_four_architectures_in_their_fixed_order():
    assert ARCHITECTURES == ("rag", "fine_tuning", "hybrid", "prompting")


# Chunks


@pytest.mark.parametrize(("overlap", "fits"), [(0, True), (511, True), (512, False), (513, False)])
def test_an_overlap_is_less_than_a_chunk(overlap, fits):
    data = {"corpus": {"chunk_tokens": 512, "chunk_overlap_tokens": overlap}}

    if fits:
        assert validated(data).corpus.chunk_overlap_tokens == overlap
    else:
        assert problem_of(data) == (
            f"corpus.chunk_overlap_tokens: {overlap} must be less than corpus.chunk_tokens (512)"
        )


def test_an_overlap_needs_a_chunk():
    said = problem("corpus.chunk_overlap_tokens", 1)

    assert said == "corpus.chunk_overlap_tokens: 1 must be less than corpus.chunk_tokens (0)"


def test_documents_need_a_chunk_size():
    said = problem("corpus.tokens_per_document", 650)

    assert said == (
        "corpus.chunk_tokens: 0 cannot cut documents of 650 tokens; use at least 1, or 650 for whole documents"
    )


# Typed-in costs


def test_a_typed_in_cost_is_kept_as_typed():
    scenario = validated(extra())

    (cost,) = scenario.extra_costs
    assert (cost.architecture, cost.months, cost.usd) == (("rag",), (1, 12), 5.0)


def test_it_may_belong_to_several_architectures_and_be_a_credit():
    scenario = validated(extra(architecture=["rag", "hybrid"], usd=None, usd_per_month=-26.5))

    (cost,) = scenario.extra_costs
    assert (cost.architecture, cost.usd_per_month) == (("rag", "hybrid"), -26.5)


@pytest.mark.parametrize(
    "amounts", [{"usd": None}, {"usd_per_month": 1.0}, {"usd_per_month": 1.0, "usd_per_query": 2.0}]
)
def test_it_has_exactly_one_amount(amounts):
    said = problem_of(extra(**amounts))

    assert said == "extra_costs.0: give exactly one of usd, usd_per_month, usd_per_query"


@pytest.mark.parametrize(("months", "fits"), [([3, 3], True), ([3, 2], False), ([0, 120], True), ([0, 121], False)])
def test_its_months_do_not_run_backwards_and_stay_in_the_model(months, fits):
    if fits:
        assert validated(extra(months=months)).extra_costs[0].months == tuple(months)
    else:
        assert problem_of(extra(months=months)).startswith("extra_costs.0")


@pytest.mark.parametrize("amount", ["5", True, math.nan, math.inf, 1e13])
def test_its_amount_is_a_number_within_reason(amount):
    said = problem_of(extra(usd=amount))

    assert said.startswith("extra_costs.0.usd: ")


def test_its_phase_is_one_of_three():
    said = problem_of(extra(phase="sometimes"))

    assert said == 'extra_costs.0.phase: "sometimes" is not possible; use one of one_time, recurring, event'


@pytest.mark.parametrize("architecture", [[], ["rag", "rag"], "bogus", 5])
def test_its_architecture_is_one_of_the_four_each_once(architecture):
    said = problem_of(extra(architecture=architecture))

    assert said.startswith("extra_costs.0.architecture")


def test_something_that_is_no_cost_is_refused_in_plain_words():
    # a planner knows JSON at best, not the classes of the program
    said = problem_of({"extra_costs": [5]})

    assert said.startswith("extra_costs.0: ")
    assert "ExtraCost" not in said


# Ranges


def spread(path: str, low: float, likely: float, high: float) -> dict[str, Any]:
    return {"uncertainty": {path: {"low": low, "likely": likely, "high": high}}}


def test_a_range_of_a_number_of_the_scenario_is_kept():
    scenario = validated(spread("workload.queries_per_month", 1, 2, 3))

    assert scenario.uncertainty["workload.queries_per_month"].likely == 2


@pytest.mark.parametrize(("low", "likely", "high"), [(2, 1, 3), (1, 3, 2), (3, 2, 1)])
def test_a_range_does_not_fall(low, likely, high):
    said = problem_of(spread("workload.queries_per_month", low, likely, high))

    assert said.endswith(f"low {low}, likely {likely}, high {high} must not fall")


def test_a_range_stays_within_the_limits_of_its_field():
    said = problem_of(spread("workload.retry_share", -0.1, 0, 0.1))

    assert said == "uncertainty.workload.retry_share: -0.1 to 0.1 leaves 0 to 10"


@pytest.mark.parametrize("path", ["workload.nothing", "rag.model", "name"])
def test_a_range_needs_a_number_of_the_scenario(path):
    said = problem_of(spread(path, 1, 2, 3))

    assert said.startswith(f"uncertainty: '{path}' is not a number of the scenario")


# The declarations


@pytest.mark.parametrize("path", NUMBERS)
def test_every_number_declares_label_unit_and_limits_around_its_default(path):
    field = NUMBERS[path]

    assert field.label
    assert field.unit
    assert field.low < field.high
    assert field.default is None or field.low <= field.default <= field.high


ONES = {
    "workload.peak_to_average",
    "workload.model_calls_per_query",
    "fine_tuning.epochs",
    "rag.replicas",
    "fine_tuning.experiment_runs",
    "fine_tuning.retrain_runs",
    "fine_tuning.min_replicas",
    "fine_tuning.gpus_per_replica",
    "fine_tuning.target_utilisation_share",
    "finance.usd_per_currency_unit",
    "finance.fiscal_year_starts_month",
    *(f"{key}.correct_share" for key in ARCHITECTURES),
}
OTHERS = {
    "rag.bytes_per_dimension": 4,
    "finance.horizon_months": 24,
    "finance.hours_per_month": 730,
    "finance.too_close_share": 0.05,
    "people.hours_per_week": 40,
    "finance.price_drift_annual.labour": 0.028,
}


@pytest.mark.parametrize("path", NUMBERS)
def test_a_field_of_its_own_does_nothing_unless_the_model_says_otherwise(path):
    neutral = OTHERS.get(path, 1 if path in ONES else 0)

    assert (NUMBERS[path].default or 0) == neutral


WHOLE = {
    "finance.horizon_months",
    "rag.top_k",
    "hybrid.top_k",
    "rag.candidates",
    "rag.replicas",
    "fine_tuning.epochs",
    "fine_tuning.experiment_runs",
    "fine_tuning.retrain_runs",
    "fine_tuning.min_replicas",
    "fine_tuning.spare_replicas",
    "fine_tuning.gpus_per_replica",
    "hybrid.fine_tuning_starts_month",
    "finance.fiscal_year_starts_month",
}


def test_counts_are_whole_and_everything_else_is_real():
    whole = {path for path, field in FIELDS.items() if field.kind == "whole"}

    assert whole == WHOLE
