"""What simple calculators forget: each with its range, the field that holds it and what it comes to."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

import numpy as np

import pricing
from costmodel import components, timeline
from costmodel.changes import changed
from costmodel.fields import value_at
from costmodel.presets import sources
from costmodel.results import Run, run_scenario
from costmodel.scenario import FIELDS
from report.method.assumptions import said
from report.method.blocks import Forgotten
from report.method.reading import amount, number, share, usd
from report.numbers import day

EVIDENCE = Path(pricing.__file__).parent / "tables" / "evidence"
PER_QUERY = ("generation", "rewrite", "rerank", "query_embedding", "vector_reads", "guardrail")
HOURLY = "azure/gpt-4.1 global"
"""A tuned model on dedicated hosting, for what an idle month costs."""
NO_SOURCE = "no published figure was found"


def drivers(run: Run) -> tuple[Forgotten, ...]:
    """The drivers, with what they come to in general and in the scenario of a run."""
    return (
        _experiments(run),
        _evaluation(run),
        _labels(run),
        _idle(run),
        _half_empty(),
        _rerank(run),
        _guardrail(run),
        _history(run),
        _overlap(),
        _minimums(run),
        _revalidation(run),
    )


@lru_cache
def _evidence(file: str) -> tuple[dict[str, str], ...]:
    with (EVIDENCE / file).open(encoding="utf-8", newline="") as table:
        return tuple(csv.DictReader(table))


def _found(file: str, topic: str, product: str) -> list[dict[str, str]]:
    return [row for row in _evidence(file) if row["topic"] == topic and row["product"].startswith(product)]


def _cited(row: dict[str, str]) -> str:
    return f"{row['source']}, {day(row['as_of'] or None)}"


def _experiments(run: Run) -> Forgotten:
    tuning = run.scenario.fine_tuning
    tokens = float(components.training_tokens(tuning.training_examples, tuning.tokens_per_example, tuning.epochs))
    runs = tuning.experiment_runs
    return Forgotten(
        "Failed experiments",
        "2 to 5 full runs until one is good enough",
        "How Much Does a Custom LLM Fine-Tuning Project Cost?, May 2026, says 3-10",
        ("fine_tuning.experiment_runs",),
        f"here {amount(runs, 'runs')} of {number(tokens)} tokens, {number(runs * tokens)} in all"
        if tokens
        else "no training here",
    )


def _evaluation(run: Run) -> Forgotten:
    paths = [f"{key}.evaluation_usd_per_release" for key in ("rag", "fine_tuning", "prompting")]
    said_here = [usd(float(value_at(run.scenario, path))) for path in paths]
    return Forgotten(
        "Evaluation",
        "$1,000 to $20,000 a project",
        f"{NO_SOURCE}; presets mark theirs as a guess",
        tuple(paths),
        f"here {said_here[0]} a release of RAG, {said_here[1]} of the tuned model, {said_here[2]} of a prompt",
    )


def _labels(run: Run) -> Forgotten:
    expert = _found("people.csv", "labels", "RLHF expert preference")
    values = sorted(float(row["value"]) for row in expert)
    tuning = run.scenario.fine_tuning
    return Forgotten(
        "Labels",
        f"$1 to $5 per judged example; an expert's {usd(values[0])} to {usd(values[-1])}",
        f"{sources.GABER}; {_cited(expert[0])}",
        ("fine_tuning.usd_per_example",),
        f"here {number(tuning.training_examples)} examples at {usd(tuning.usd_per_example)}: "
        f"{usd(tuning.training_examples * tuning.usd_per_example)}",
    )


def _idle(run: Run) -> Forgotten:
    plan = run.book.plan(HOURLY)
    assert plan is not None
    row = [each for each in plan.rows if each.meter == "hosting"][-1]
    hours = float(FIELDS["finance.hours_per_month"].default)
    kept = float(components.replicas(np.array(0.0), hours, 1.0, 0.0, 1.0, 1.0, 0.0))
    return Forgotten(
        "Dedicated hosting that stands idle",
        f"about {usd(kept * hours * row.price_usd)} a month at {usd(row.price_usd)} an hour",
        f"{row.source}: {row.item}",
        ("fine_tuning.hosting", "fine_tuning.min_replicas"),
        f"{number(kept)} replica without any query × {number(hours)} hours × {usd(row.price_usd)}",
    )


def _half_empty() -> Forgotten:
    def times(busy: float) -> float:
        """How much dearer a token is on a replica that is so busy."""
        tokens = np.array(600.0 * 3600.0 * 1000.0)
        full, partly = (components.replicas(tokens, 1.0, 1.0, 600.0, each, 0.0, 0.0) for each in (1.0, busy))
        return float(partly / full)

    return Forgotten(
        "GPUs that are not full",
        f"{number(times(0.4))} to {number(round(times(1 / 24), 1))} times the price per token",
        "arithmetic: busy 40% of the time, and one hour a day",
        ("fine_tuning.target_utilisation_share", "workload.peak_to_average", "fine_tuning.min_replicas"),
        "1 / 0.4 and 24 / 1; the Overview shows the idle share where a throughput is known",
    )


def _shares(run: Run) -> dict[str, float]:
    """What each part takes of RAG's cost by the query in month 1; empty when RAG is not known."""
    answer = run.answers.get("rag")
    if answer is None or answer.missing:
        return {}
    costs = dict.fromkeys(PER_QUERY, 0.0)
    for line in answer.bill.lines:
        if line.component in costs and not line.typed_in:
            costs[line.component] += float(np.broadcast_to(line.cost_usd, run.inputs.months.shape)[1])
    total = sum(costs.values())
    return {component: cost / total for component, cost in costs.items()} if total > 0 else {}


def _rerank(run: Run) -> Forgotten:
    found = _shares(run).get("rerank")
    here = "RAG has no cost by the query here" if found is None else f"here {share(round(found, 3))}, in month 1"
    return Forgotten(
        "Re-ranking",
        "up to a quarter of what a RAG query costs",
        f"{NO_SOURCE}; list prices give what stands beside it",
        ("rag.reranker", "rag.candidates"),
        here,
    )


def _guardrail(run: Run) -> Forgotten:
    refs = list(run.book.refs("guardrail"))
    ref = run.scenario.guardrail or next((each for each in refs if "content filter" in each), refs[0] if refs else None)
    found = _shares(run_scenario(changed(run.scenario, {"guardrail": ref}, run.book), run.book)).get("guardrail")
    verb = "takes" if run.scenario.guardrail else "would take"
    here = "RAG has no cost by the query here" if found is None else f"here {ref} {verb} {share(round(found, 3))}"
    return Forgotten(
        "Guardrails",
        "up to half of what a RAG query costs, since they read the whole prompt",
        f"{NO_SOURCE}; list prices give what stands beside it",
        ("guardrail",),
        here,
    )


def _history(run: Run) -> Forgotten:
    work, rag, corpus = run.scenario.workload, run.scenario.rag, run.scenario.corpus
    chunk = float(components.chunk_length(corpus.tokens_per_document, corpus.chunk_tokens))
    prompts = {
        "RAG": work.system_prompt_tokens + work.history_tokens + work.query_tokens + rag.top_k * chunk,
        "the tuned model": run.scenario.fine_tuning.system_prompt_tokens + work.history_tokens + work.query_tokens,
    }
    parts = [f"{share(round(work.history_tokens / p, 3))} of a prompt of {who}" for who, p in prompts.items() if p]
    return Forgotten(
        "Conversation history",
        "about a quarter of the input",
        f"{sources.LMSYS}; (turns − 1) / 2 exchanges come before a query",
        ("workload.history_tokens",),
        f"here {' and '.join(parts)}" if parts else "no prompts here",
    )


def _overlap() -> Forgotten:
    size, overlap = 500.0, 100.0
    more = float(
        components.chunks_per_document(10_000.0, size, overlap) / components.chunks_per_document(10_000.0, size, 0.0)
    )
    return Forgotten(
        "Overlap of chunks",
        f"{share(overlap / size)} of overlap is {share(more - 1)} more embeddings, vectors and storage",
        "arithmetic",
        ("corpus.chunk_overlap_tokens",),
        f"1 / (1 − {number(overlap / size)}) = {number(more)}",
    )


def _minimums(run: Run) -> Forgotten:
    rows = {row.ref: row for row in run.book.rows if row.minimum_usd and row.meter != "training"}
    least = sorted(rows.values(), key=lambda row: row.minimum_usd or 0.0)
    ends = (least[0].minimum_usd or 0.0, least[-1].minimum_usd or 0.0)
    return Forgotten(
        "Minimums of vector stores",
        f"{usd(ends[0])} to {usd(ends[1])} a month",
        f"{least[0].source}, {day(least[0].as_of)}; {least[-1].source}, {day(least[-1].as_of)}",
        ("rag.vector_store",),
        f"from {least[0].ref} to {least[-1].ref}",
    )


def _revalidation(run: Run) -> Forgotten:
    year = np.arange(13.0)
    checks = float(timeline.events(3.0, year).sum())
    tuning = run.scenario.fine_tuning
    every = said(tuning.revalidate_every_months, FIELDS["fine_tuning.revalidate_every_months"])
    return Forgotten(
        "Revalidation",
        "quarterly",
        sources.AKOODE,
        ("fine_tuning.revalidate_every_months", "fine_tuning.revalidation_hours"),
        f"{number(checks)} a year; here every {every} months at {number(tuning.revalidation_hours)} hours",
    )
