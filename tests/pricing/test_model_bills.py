"""Example bills of models, tuning, GPUs, rerankers, guardrails and parsers, published or worked by hand."""

from __future__ import annotations

import pytest

from pricing.catalog import load_book, load_evidence
from tests.pricing.example_bills import asked, indexed, paid

MILLION = 1e6


def tuned(model: str, hosting: str = "serverless", **paths):
    """A month of a tuned model, nothing of it typed in."""
    compared = {"finance__compared": ("fine_tuning",), "fine_tuning__model": model, "fine_tuning__hosting": hosting}
    return asked(**compared | paths)


def trained(model: str, tokens: float, epochs: float = 1, **paths) -> float:
    """What one training run of so many tokens costs at the build [USD]."""
    read = {"training_examples": 1_000.0, "tokens_per_example": tokens / 1_000, "epochs": int(epochs)}
    run = tuned(model, **{f"fine_tuning__{name}": value for name, value in read.items()} | paths)
    return paid(run, "fine_tuning", "training", month=0)


# Azure: learn.microsoft.com, fine-tuning cost management

O4_MINI = "azure/o4-mini global"


@pytest.mark.parametrize(("hours", "published"), [(720, 1422.00), (730, 1439.00)])
def test_azure_bills_a_tuned_deployment_by_the_hour_and_by_its_tokens(hours, published):
    # 1.70 x 720 + 20M tokens in x 1.10 + 40M tokens out x 4.40 = 1,224 + 22 + 176
    few = {"workload__queries_per_month": 1_000.0, "workload__query_tokens": 20_000.0}
    run = tuned(O4_MINI, "dedicated", workload__output_tokens=40_000.0, finance__hours_per_month=hours, **few)

    assert paid(run, "fine_tuning", "tuned_generation") == pytest.approx(22 + 176)
    assert paid(run, "fine_tuning", "tuned_hosting", "tuned_generation") == pytest.approx(published)


def test_a_reinforcement_job_at_azure_is_billed_by_its_hours():
    speed = {"fine_tuning__training_tokens_per_gpu_hour": MILLION}

    assert trained(O4_MINI, 4 * MILLION, **speed) == pytest.approx(400)  # 4 hours x 100
    assert trained("azure/o4-mini developer", 4 * MILLION, **speed) == pytest.approx(200)
    assert trained("openai/ft:o4-mini-2025-04-16", 4 * MILLION, **speed) == pytest.approx(400)


def test_supervised_tuning_at_azure_is_billed_by_tokens_times_epochs():
    assert trained("azure/gpt-4.1 global", MILLION, epochs=2) == pytest.approx(2 * 25)
    assert trained("azure/gpt-4.1-nano global", MILLION, epochs=2) == pytest.approx(2 * 1.5)


# Others that tune


def test_openai_bills_the_job_of_its_guide_and_its_tuned_model_leaves_in_january():
    run = tuned("openai/ft:gpt-4o-mini-2024-07-18", finance__horizon_months=3)

    assert trained("openai/ft:gpt-4o-mini-2024-07-18", 100_000, epochs=3) == pytest.approx(0.90)
    assert str(load_book().plan("openai/ft:gpt-4o-mini-2024-07-18").fact("retires_on")) == "2027-01-14"
    assert any("retires" in text for text in run.warnings)


def test_fireworks_bills_the_published_job_and_a_dedicated_gpu():
    assert trained("fireworks/LoRA 16.1B to 80B", 13.53 * MILLION) == pytest.approx(40.59)
    assert trained("fireworks/LoRA preference tuning 16.1B to 80B", 13.53 * MILLION) == pytest.approx(2 * 40.59)

    run = tuned("fireworks/LoRA up to 16B on one H100", "dedicated")
    assert paid(run, "fine_tuning", "tuned_hosting") == pytest.approx(8 * 730)


@pytest.mark.parametrize(("tokens", "usd"), [(8.3 * MILLION, 4.0), (8.4 * MILLION, 8.4 * 0.48)])
def test_a_job_at_together_costs_at_least_four_dollars(tokens, usd):
    assert trained("together/LoRA up to 16B on one H100", tokens) == pytest.approx(usd)


def test_together_bills_preference_tuning_and_a_dedicated_gpu():
    assert trained("together/full preference tuning 17B to 69B", 10 * MILLION) == pytest.approx(41.20)

    run = tuned("together/LoRA up to 16B on one H100", "dedicated")
    assert paid(run, "fine_tuning", "tuned_hosting") == pytest.approx(3.99 * 730)


def test_bedrock_bills_the_job_of_its_blog_tokens_on_demand_and_the_model_kept():
    nova = "aws/nova-micro custom"
    run = tuned(
        nova, workload__queries_per_month=1_000.0, workload__query_tokens=1_000.0, workload__output_tokens=500.0
    )

    assert trained(nova, 2_000 * 800, epochs=5) == pytest.approx(8.00)
    assert paid(run, "fine_tuning", "tuned_generation") == pytest.approx(1 * 0.035 + 0.5 * 0.14)
    assert paid(run, "fine_tuning", "model_storage") == pytest.approx(1.95)


def test_an_imported_model_at_bedrock_is_billed_by_custom_model_units():
    run = tuned("aws/custom model import Llama 3.1 8B us-east-1", "dedicated", fine_tuning__training_usd_per_run=500.0)

    assert paid(run, "fine_tuning", "tuned_hosting") == pytest.approx(2 * 0.05718 * 60 * 730)  # 6.86 an hour
    assert paid(run, "fine_tuning", "model_storage") == pytest.approx(2 * 1.95)


def test_vertex_bills_training_and_a_tuned_flash_at_its_own_price():
    flash = "google/gemini-3.5-flash tuned us-central1"
    few = {"workload__queries_per_month": 1_000.0, "workload__query_tokens": 1_000.0}
    run = tuned(flash, workload__output_tokens=100.0, **few)

    assert trained(flash, MILLION, epochs=3) == pytest.approx(30)
    assert paid(run, "fine_tuning", "tuned_generation") == pytest.approx(1.5 * (1 * 1.65 + 0.1 * 9.90))


@pytest.mark.parametrize(("model", "usd"), [("flash", 5), ("flash-lite", 1.5), ("pro", 25)])
def test_the_tuned_models_of_vertex_that_retired_say_so(model, usd):
    ref = f"google/gemini-2.5-{model} tuned"

    assert trained(ref, MILLION) == pytest.approx(usd)
    assert any(ref in text and "retires before" in text for text in tuned(ref).warnings)


@pytest.mark.parametrize(("model", "usd"), [("ori/LoRA up to 10B", 0.46), ("thinking-machines/Qwen3.5-9B LoRA", 1.463)])
def test_the_smaller_vendors_bill_training_by_the_token(model, usd):
    assert trained(model, 10 * MILLION) == pytest.approx(10 * usd)


# GPUs


@pytest.mark.parametrize(
    ("gpu", "usd"),
    [
        ("aws/p5.48xlarge (8x H100 SXM 80GB) us-east-1", 6.88),
        ("aws/p6-b200.48xlarge (8x B200) us-east-1 reserved", 8.545),
        ("aws/p5e Capacity Block (H200)", 5.97),
        ("azure/ND96isr_H100_v5 (8x H100 SXM 80GB) eastus", 12.29),
        ("baseten/B200 180GB", 9.9798),
        ("coreweave/HGX H100 80GB", 6.155),
        ("coreweave/HGX H100 80GB spot", 2.4638),
        ("fireworks/H100 80GB", 8.0),
        ("gcp/a3-ultragpu-8g (8x H200 141GB) us-central1", 10.4365),
        ("lambda/H100 SXM 80GB (8x)", 3.99),
        ("modal/B200", 6.25),
        ("nebius/H200 141GB HGX", 4.5),
        ("oci/BM.GPU.H100.8 (8x H100 80GB) us-ashburn-1", 10.0),
        ("runpod/H100 SXM 80GB secure cloud", 3.99),
    ],
)
def test_a_rented_gpu_is_paid_for_every_hour_of_the_month(gpu, usd):
    run = tuned("ori/LoRA up to 10B", "self_hosted", fine_tuning__gpu=gpu, fine_tuning__gpus_per_replica=8)

    assert paid(run, "fine_tuning", "tuned_hosting") == pytest.approx(8 * 730 * usd)


def test_every_vendor_of_gpus_has_an_example():
    with_example = {"aws", "azure", "baseten", "coreweave", "fireworks", "gcp", "lambda", "modal", "nebius", "oci"}

    assert {ref.split("/")[0] for ref in load_book().refs("gpu")} == with_example | {"runpod"}


# Tokens, rerankers, guardrails, parsers


def test_a_call_above_the_long_context_threshold_pays_the_long_price_for_all_of_it():
    few = {"finance__compared": ("prompting",), "prompting__model": "openai/gpt-5.4"}
    short, long = (
        asked(workload__queries_per_month=10.0, workload__query_tokens=tokens, **few)
        for tokens in (272_000.0, 272_001.0)
    )

    assert paid(short, "prompting", "generation") == pytest.approx(2.72 * 2.5)
    assert paid(long, "prompting", "generation") == pytest.approx(2.72001 * 5.0)


def test_tokens_that_wait_for_a_batch_cost_half_at_openai():
    few = {"finance__compared": ("prompting",), "prompting__model": "openai/gpt-5-nano"}
    volume = {"workload__queries_per_month": 10_000.0, "workload__query_tokens": 1_000.0}
    now, later = (asked(workload__batch_share=share, **few | volume) for share in (0.0, 1.0))

    assert paid(now, "prompting", "generation") == pytest.approx(10 * 0.05)
    assert paid(later, "prompting", "generation") == pytest.approx(10 * 0.025)


def test_a_price_that_is_scheduled_to_change_changes_in_its_month():
    book = load_book()
    refs = [row.ref for row in book.rows if row.meter == "input" and str(row.effective_from) == "2027-01-01"]
    ref = sorted(refs)[0]
    many = {"workload__queries_per_month": 1_000.0, "workload__query_tokens": 1_000.0}
    run = asked(finance__compared=("prompting",), prompting__model=ref, finance__horizon_months=3, **many)

    december, january = (paid(run, "prompting", "generation", month=month) for month in (1, 2))
    changed = [row for row in book.plan(ref).rows if row.meter == "input" and not row.tier_from]
    before, after = (next(r for r in changed if (r.effective_from is not None) is dated) for dated in (False, True))
    assert (december, january) == pytest.approx((before.price_usd, after.price_usd))
    assert before.price_usd != after.price_usd


def test_embedding_a_corpus_is_billed_by_its_tokens():
    run = indexed(
        None, 1_000, rag__embedding_model="openai/text-embedding-3-small", corpus__tokens_per_document=1_000.0
    )
    cut = 1_000 * 100 * 10  # a thousand documents of 100 chunks of 10 tokens

    assert paid(run, "rag", "corpus_embedding", month=0) == pytest.approx(cut * 0.02 / MILLION)


def test_a_reranker_bills_searches_of_a_hundred_documents_or_tokens():
    by_search, by_token = (
        indexed(None, 1_000, 10_000, rag__reranker=reranker, rag__candidates=150, workload__query_tokens=50.0)
        for reranker in ("cohere/rerank-v4.0-pro", "cohere/rerank-v5.0-pro")
    )

    assert paid(by_search, "rag", "rerank") == pytest.approx(10 * 2 * 2.5)  # 150 candidates are two searches
    assert paid(by_token, "rag", "rerank") == pytest.approx(10_000 * 150 * (50 + 10) * 0.05 / MILLION)


def test_a_guardrail_bills_whole_units_of_a_thousand_characters():
    few = {"finance__compared": ("prompting",), "guardrail": "aws/guardrails content filter"}
    run = asked(
        workload__queries_per_month=1_000.0, workload__query_tokens=2_850.0, workload__output_tokens=500.0, **few
    )

    assert paid(run, "prompting", "guardrail") == pytest.approx(1_000 * 14 * 0.15 / 1_000)  # 3,350 / 250 = 13.4


@pytest.mark.parametrize(
    ("parser", "usd_per_page"),
    [
        ("azure/document-intelligence custom", 0.03),
        ("aws/textract text", 0.0015),
        ("google/document-ai OCR", 0.0015),
        ("mistral/mistral-ocr-2512 batch", 0.001),
        ("reducto/r-1 parse", 0.01),
        ("unstructured/pay as you go", 0.03),
    ],
)
def test_a_parser_bills_pages(parser, usd_per_page):
    run = indexed(None, 1_000, corpus__parser=parser, corpus__pages_per_document=4.0)

    assert paid(run, "rag", "parsing", month=0) == pytest.approx(4_000 * usd_per_page)


# Evidence


def evidence(product: str) -> float:
    found = load_evidence()
    rows = found[found["product"] == product]
    assert len(rows) == 1, product
    return float(rows["value"].iloc[0])


def test_the_week_of_an_engineer_is_the_wage_of_the_bls_times_what_an_employer_pays_on_top():
    wage = evidence("software developers, median annual wage")

    assert wage * 46.60 / 32.60 / 52 == pytest.approx(evidence("software developer loaded weekly cost"), abs=0.05)


def test_the_fees_behind_observability_come_to_the_vendors_examples():
    found = load_evidence()
    langfuse = found[(found.vendor == "Langfuse Cloud")].set_index("product")["value"]
    langsmith = found[(found.vendor == "LangSmith")].set_index("meter")["value"]

    assert langfuse["Core"] + 6 * langfuse["usage"] == 77  # 100,000 traces x 7 units, 100,000 of them included
    assert langsmith["seat"] + 90 * langsmith["trace_overage_extended"] == 489
