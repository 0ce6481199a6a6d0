"""What a hybrid pays, in each of its three kinds, and in stages when tuning starts later."""

from __future__ import annotations

from collections.abc import Iterable

from costmodel import calls, rag, retrieval, traffic, training
from costmodel.components import rest, weeks_left, with_retries
from costmodel.fine_tuning import answers
from costmodel.inputs import Inputs
from costmodel.ledger import CostLine, typed_line, weeks_line
from costmodel.terms import applied, positive, product
from costmodel.training import SIDE, Tuned


def lines(x: Inputs) -> list[CostLine]:
    """The bill of a hybrid: the fixed costs of both sides in full, and per-query usage by its kind."""
    side = training.in_hybrid(x)
    shared = x.read("hybrid.shared_build_share")
    weeks = applied(weeks_left, x.read("fine_tuning.build_engineer_weeks"), shared)
    kind = {"grounded": _grounded, "routed": _routed, "split": _split}[x.hybrid.kind]
    return [
        *kind(x, side),
        weeks_line(x, "weeks to build the tuned side, less what retrieval shares", side.built(x, weeks), SIDE),
        *training.lines(x, side),
        typed_line(x, "observability", "months of operation", "hybrid.observability_usd_per_month"),
    ]


def staged(x: Inputs, own: Iterable[CostLine], of_rag: Iterable[CostLine]) -> list[CostLine]:
    """A hybrid whose tuning starts in month s: months 1 to s cost what RAG costs, beside the build in s."""
    start = x.hybrid.fine_tuning_starts_month
    if not positive(start):
        return list(own)
    ends, before = (x.months == 0) | (x.months > start), (x.months > 0) & (x.months <= start)
    build = ends | (x.months == start)
    return [
        *(line.during(build if line.phase == "one_time" else ends) for line in own),
        *(line.during(before) for line in of_rag),
    ]


def _grounded(x: Inputs, side: Tuned) -> list[CostLine]:
    """The tuned model answers every query with retrieved chunks; the base model is never paid."""
    queries, prompt = traffic.live(x), traffic.grounded_prompt(x)
    searches = retrieval.searches(x, queries)
    asked, tested = traffic.calls(x, queries), traffic.evaluation_calls(x)
    return [
        *retrieval.lines(x, queries, "hybrid"),
        *answers(x, side, asked, tested, prompt, searches),
        *calls.guardrail(x, queries, prompt, SIDE),
    ]


def _routed(x: Inputs, side: Tuned) -> list[CostLine]:
    """A small tuned router reads every query; those that it does not answer itself go through RAG."""
    queries, share = traffic.live(x), x.read("hybrid.router_answers_share")
    router = traffic.router_prompt(x)
    read = product("router calls", "calls", queries, applied(with_retries, x.read("workload.retry_share")))
    passed_on = applied(rest, share, label="passed on")
    to_rag = product("queries passed on", "queries", queries, passed_on)
    base = traffic.side_of_hybrid(x, traffic.base_prompt(x), "rag")
    return [
        *retrieval.lines(x, to_rag, "hybrid"),
        *rag.base_model(x, to_rag, base, "hybrid"),
        *answers(x, side, read, None, router),
        *calls.guardrail(x, product("queries the router answers", "queries", queries, share), router, SIDE),
    ]


def _split(x: Inputs, side: Tuned) -> list[CostLine]:
    """A share of the queries goes to the tuned model alone, the rest through RAG."""
    queries, share = traffic.live(x), x.read("hybrid.fine_tuned_share")
    to_tuned = product("queries to the tuned model", "queries", queries, share)
    to_rag = product("queries to RAG", "queries", queries, applied(rest, share, label="to RAG"))
    base = traffic.side_of_hybrid(x, traffic.base_prompt(x), "rag")
    tuned = traffic.side_of_hybrid(x, traffic.tuned_prompt(x), "fine_tuning")
    return [
        *retrieval.lines(x, to_rag, "hybrid"),
        *rag.base_model(x, to_rag, base, "hybrid"),
        *answers(x, side, traffic.calls(x, to_tuned), None, tuned),
        *calls.guardrail(x, to_tuned, tuned, SIDE),
    ]
