"""Meters and units: one conversion, boundary pairs, refusals that show the list."""

import pytest

from pricing.units import GROUPS, METERS, UnitError, base_of, drift_group, usd_per_base


@pytest.mark.parametrize(
    ("meter", "unit", "base", "expected"),
    [
        ("input", "token", "token", 2.0),
        ("input", "1k tokens", "token", 2.0 / 1_000),
        ("input", "1M tokens", "token", 2.0 / 1_000_000),
        ("training", "GPU-hour", "GPU-hour", 2.0),
        ("rerank_searches", "1k searches", "search", 2.0 / 1_000),
        ("guardrail", "1k units", "unit", 2.0 / 1_000),
        ("page", "1k pages", "page", 2.0 / 1_000),
        ("reads", "1M units", "unit", 2.0 / 1_000_000),
        ("writes", "GB", "GB", 2.0),
        ("writes", "GiB", "GB", 2.0 / 1.073741824),
        ("queried", "GB", "GB", 2.0),
        ("queried", "TB", "GB", 2.0 / 1_000),
        ("queried", "PB", "GB", 2.0 / 1_000_000),
        ("queried", "TiB", "GB", 2.0 / 1_099.511627776),
        ("dimensions", "1M dimensions", "dimension", 2.0 / 1_000_000),
        ("training", "hour", "GPU-hour", 2.0),
        ("storage", "GB-month", "GB-month", 2.0),
        ("storage", "GiB-month", "GB-month", 2.0 / 1.073741824),
        ("nodes", "hour", "hour", 2.0),
        ("flat", "month", "month", 2.0),
    ],
)
def test_two_dollars_per_unit_is_this_much_per_base_quantity(meter, unit, base, expected):
    assert base_of(meter, unit) == base
    assert usd_per_base(2.0, meter, unit) == pytest.approx(expected, rel=1e-15)


def test_the_meters_are_exactly_the_twenty_two_of_the_closed_list():
    names = (
        "input cached_input cache_write output batch_input batch_output embedding training rerank_searches "
        "rerank_tokens guardrail page storage dimensions reads queried writes nodes flat hosting model_storage gpu"
    )

    assert list(METERS) == names.split()


@pytest.mark.parametrize("meter", METERS.values(), ids=lambda meter: meter.name)
def test_every_meter_has_units_a_drift_group_and_a_group(meter):
    assert meter.units
    assert meter.drift_group in {"llm", "embedding", "vector_store", "gpu"}
    assert meter.group in GROUPS


@pytest.mark.parametrize(
    ("meter", "unit", "group"),
    [
        ("training", "1M tokens", "llm"),
        ("training", "GPU-hour", "gpu"),
        ("training", "hour", "gpu"),
        ("queried", "PB", "vector_store"),
        ("dimensions", "1M dimensions", "vector_store"),
        ("guardrail", "unit", "llm"),
        ("model_storage", "month", "llm"),
        ("page", "page", "embedding"),
        ("flat", "month", "vector_store"),
        ("hosting", "hour", "gpu"),
    ],
)
def test_the_meter_and_for_training_its_unit_decide_the_drift_group(meter, unit, group):
    assert drift_group(meter, unit) == group


def test_an_unknown_unit_is_refused_with_the_units_of_its_meter():
    with pytest.raises(UnitError, match=r"'USD/token' is not a unit of input; use one of token, 1k tokens, 1M tokens"):
        base_of("input", "USD/token")


def test_an_unknown_meter_is_refused_with_the_list_of_meters():
    with pytest.raises(UnitError, match=r"'ocu_hour' is not a meter; use one of input, .*, gpu"):
        usd_per_base(1.0, "ocu_hour", "hour")
