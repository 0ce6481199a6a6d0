"""What retrieval-augmented generation pays, as a list of cost lines that reads like a bill."""

from __future__ import annotations

from costmodel import calls, migration, retrieval, traffic
from costmodel.inputs import Inputs
from costmodel.ledger import CostLine, typed_line
from costmodel.terms import Term
from costmodel.traffic import Prompt


def lines(x: Inputs) -> list[CostLine]:
    """The bill of RAG: retrieval, and the base model with the retrieved chunks."""
    queries = traffic.live(x)
    return [
        *retrieval.lines(x, queries, "rag"),
        *base_model(x, queries, traffic.base_prompt(x), "rag"),
        typed_line(x, "observability", "months of operation", "rag.observability_usd_per_month"),
    ]


def base_model(x: Inputs, queries: Term, prompt: Prompt, architecture: str) -> list[CostLine]:
    """The base model for `queries` [live queries] and the test queries: rewriting, answers, guardrail, successors."""
    model, asked_by, side = x.rag.model, "rag.model", retrieval.SIDE
    searches = retrieval.searches(x, queries)
    rewritten, _ = calls.rewriting(x, model, searches, asked_by=asked_by, side=side)
    asked, tested = traffic.calls(x, queries), traffic.evaluation_calls(x)
    return [
        *rewritten,
        *calls.generation(x, "generation", model, asked, tested, prompt, asked_by=asked_by, side=side),
        *calls.guardrail(x, queries, prompt, side),
        *migration.of_retrieval(x, architecture, model, retrieval.EVALUATION),
    ]
