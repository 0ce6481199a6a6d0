"""GPUs that are rented by the instance: what is paid, and how much of it stands idle."""

from __future__ import annotations

import pytest

from costmodel.changes import changed
from costmodel.presets import PRESETS
from costmodel.results import run_scenario
from pricing.book import Price, PriceBook
from pricing.catalog import load_book
from tests.costmodel.office import BOOK, OFFICE

GPU = Price(provider="acme", item="gpu", meter="gpu", unit="GPU-hour", price_usd=2.5, min_gpus=8.0)
BY_EIGHT = BOOK.with_rows([GPU])
ON_GPUS = {"fine_tuning.hosting": "self_hosted", "fine_tuning.gpu": "acme/gpu", "finance.compared": ["fine_tuning"]}


def hosted(book: PriceBook, **fields: float):
    values = {f"fine_tuning.{name}": value for name, value in fields.items()}
    return run_scenario(changed(OFFICE, {**ON_GPUS, **values}), book)


def hosting_usd(run) -> float:
    lines = [line for line in run.answers["fine_tuning"].bill.lines if line.component == "tuned_hosting"]
    return float(lines[0].cost_usd[1])


@pytest.mark.parametrize(
    ("replicas", "each", "paid"), [(1, 1, 8), (2, 4, 8), (3, 3, 16), (1, 8, 8), (1, 9, 16), (2, 8, 16), (17, 1, 24)]
)
def test_replicas_fill_whole_instances(replicas, each, paid):
    run = hosted(BY_EIGHT, min_replicas=replicas, spare_replicas=0, gpus_per_replica=each)

    assert hosting_usd(run) == pytest.approx(paid * 730 * 2.5)


def test_without_a_least_number_each_gpu_is_paid_alone():
    run = hosted(BOOK, min_replicas=3, spare_replicas=0, gpus_per_replica=3)

    assert hosting_usd(run) == pytest.approx(9 * 730 * 2.5)


def test_no_replica_rents_no_gpu():
    assert hosting_usd(hosted(BY_EIGHT, min_replicas=0, spare_replicas=0, tokens_per_second_per_replica=0)) == 0


def test_a_reader_is_told_of_gpus_that_nobody_needs():
    told = "acme/gpu is rented by 8 GPUs at a time; those that the replicas leave over are paid too"

    assert told in hosted(BY_EIGHT, min_replicas=1, spare_replicas=0, gpus_per_replica=1).warnings
    assert told not in hosted(BY_EIGHT, min_replicas=2, spare_replicas=0, gpus_per_replica=4).warnings


def test_gpus_of_an_instance_that_nobody_needs_stand_idle():
    # one replica of 2 GPUs can serve 10 tokens a second; the instance of 8 GPUs could serve 40
    fields = {"min_replicas": 1, "spare_replicas": 0, "gpus_per_replica": 2, "tokens_per_second_per_replica": 10.0}
    alone, by_eight = (hosted(book, **fields).answers["fine_tuning"].idle_share for book in (BOOK, BY_EIGHT))

    assert 1 - by_eight == pytest.approx((1 - alone) / 4)


def test_the_least_number_of_a_typed_in_price_holds():
    edit = {"provider": "acme", "item": "gpu", "meter": "gpu", "unit": "GPU-hour", "price_usd": 2.0, "min_gpus": 4}
    scenario = changed(OFFICE, {**ON_GPUS, "fine_tuning.gpus_per_replica": 3, "price_edits": [edit]})
    run = run_scenario(changed(scenario, {"fine_tuning.min_replicas": 1, "fine_tuning.spare_replicas": 0}), BY_EIGHT)

    assert hosting_usd(run) == pytest.approx(4 * 730 * 2.0)


def test_an_instance_of_eight_costs_what_its_price_list_says_of_the_whole():
    gpu = "aws/p5.48xlarge (8x H100 SXM 80GB) us-east-1"
    scenario = changed(next(iter(PRESETS.values())).scenario, {**ON_GPUS, "fine_tuning.gpu": gpu})
    few = {"fine_tuning.min_replicas": 1, "fine_tuning.spare_replicas": 0, "fine_tuning.gpus_per_replica": 1}
    free = {"fine_tuning.tokens_per_second_per_replica": 0, "finance.start_month": "2026-11"}
    run = run_scenario(changed(scenario, few | free), load_book())

    assert hosting_usd(run) == pytest.approx(730 * 55.04)


def test_every_row_that_is_sold_by_the_instance_says_so():
    plans = [load_book().plan(ref) for ref in load_book().refs("gpu")]
    eights = [plan.item for plan in plans if "8x" in plan.item]

    assert len(eights) > 10
    assert [plan.item for plan in plans if "8x" in plan.item and plan.fact("min_gpus") != 8] == []
    assert [row.price_id for plan in plans for row in plan.rows if "min 8" in row.note and row.min_gpus != 8] == []
