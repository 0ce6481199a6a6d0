"""What users ask in a month, what of it reaches the system, and the lengths of prompts and answers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from costmodel.components import chunk_length, forecast_queries, live_queries, model_calls, user_queries
from costmodel.inputs import Inputs
from costmodel.terms import Term, applied, given, product, total


class Prompt(NamedTuple):
    """One call of a model: the static prefix, the whole prompt and the answer [tokens]."""

    static: Term
    whole: Term
    answer: Term


def users(x: Inputs) -> Term:
    """User queries by month [queries]: volume x growth x season, or the pasted forecast; then capped."""
    return x.once("users", lambda: _users(x))


def _users(x: Inputs) -> Term:
    cap = x.workload.max_queries_per_month
    most = given("no cap", "queries", np.inf) if cap is None else x.read("workload.max_queries_per_month")
    forecast = x.workload.queries_by_month
    if forecast is not None:
        by_month = np.asarray(forecast)[np.clip(x.months.astype(int) - 1, 0, len(forecast) - 1)]
        pasted = Term("forecast", "queries", by_month, "field", name="workload.queries_by_month")
        return applied(forecast_queries, pasted, most, x.month)
    season = x.workload.seasonality
    if season is None:
        factor = given("no season", "ratio", 1.0)
    else:
        factors = np.asarray(season)[[day.month - 1 for day in x.dates]]
        factor = Term("season", "ratio", factors, "field", name="workload.seasonality")
    volume, growth = x.read("workload.queries_per_month"), x.read("workload.monthly_growth_share")
    return applied(user_queries, volume, growth, factor, most, x.month)


def live(x: Inputs) -> Term:
    """Queries that are not answered from the response cache [queries]."""
    return x.once("live", lambda: applied(live_queries, users(x), x.read("workload.response_cache_hit_share")))


def evaluation(x: Inputs) -> Term:
    """Test queries, which take RAG's retrieval and generation path [queries]."""
    return x.once("evaluation", lambda: x.monthly(x.read("rag.evaluation_queries_per_month")))


def calls(x: Inputs, queries: Term) -> Term:
    """Model calls that live queries cause, retries included [calls]."""
    return x.once(("calls", queries), lambda: applied(model_calls, queries, *_per_query(x)))


def _per_query(x: Inputs) -> tuple[Term, Term]:
    return x.read("workload.retry_share"), x.read("workload.model_calls_per_query")


def evaluation_calls(x: Inputs) -> Term:
    """Model calls of the test queries: no retries [calls]."""
    each = x.read("workload.model_calls_per_query")
    return x.once("test calls", lambda: product("test calls", "calls", evaluation(x), each))


def chunk(x: Inputs) -> Term:
    """Tokens of one chunk."""
    return x.once("chunk", lambda: applied(chunk_length, *_lengths(x)))


def _lengths(x: Inputs) -> tuple[Term, Term]:
    return x.read("corpus.tokens_per_document"), x.read("corpus.chunk_tokens")


def base_prompt(x: Inputs) -> Prompt:
    """RAG: the long instructions, history, query and the retrieved chunks."""
    static = x.read("workload.system_prompt_tokens")
    context = product("tokens of the chunks", "tokens", x.read("rag.top_k"), chunk(x))
    return Prompt(static, _prompt(x, static, context), _answer(x, "rag"))


def tuned_prompt(x: Inputs) -> Prompt:
    """A tuned model: its own short instructions, history and query."""
    static = x.read("fine_tuning.system_prompt_tokens")
    return Prompt(static, _prompt(x, static), _answer(x, "fine_tuning"))


def grounded_prompt(x: Inputs) -> Prompt:
    """A tuned model with retrieved chunks."""
    static = x.read("fine_tuning.system_prompt_tokens")
    top_k = "rag.top_k" if x.hybrid.top_k is None else "hybrid.top_k"
    context = product("tokens of the chunks", "tokens", x.read(top_k), chunk(x))
    return Prompt(static, _prompt(x, static, context), _answer(x, "hybrid", "fine_tuning"))


def few_shot_prompt(x: Inputs) -> Prompt:
    """Plain prompting: instructions and examples, history and query."""
    few = x.read("prompting.few_shot_tokens")
    static = total("static prompt", "tokens", x.read("workload.system_prompt_tokens"), few)
    return Prompt(static, _prompt(x, *static.parts), _answer(x, "prompting"))


def router_prompt(x: Inputs) -> Prompt:
    """The router: its own instructions, history and query."""
    static = x.read("hybrid.router_prompt_tokens")
    return Prompt(static, _prompt(x, static), x.read("hybrid.router_output_tokens"))


def rewrite_prompt(x: Inputs) -> Prompt:
    """Rewriting a query: history and query in, a query out."""
    nothing = given("no static prompt", "tokens", 0.0)
    return Prompt(nothing, _prompt(x), x.read("workload.query_tokens"))


def side_of_hybrid(x: Inputs, prompt: Prompt, side: str) -> Prompt:
    """The prompt of one side of a hybrid, with the hybrid's own length of an answer where it has one."""
    return Prompt(prompt.static, prompt.whole, _answer(x, "hybrid", side))


def _prompt(x: Inputs, *first: Term) -> Term:
    said = (x.read("workload.history_tokens"), x.read("workload.query_tokens"))
    return total("prompt", "tokens", *first[:1], *said, *first[1:])


def _answer(x: Inputs, *owners: str) -> Term:
    """Tokens of one answer: the first length that is set, else the workload's."""
    for owner in owners:
        if getattr(x, owner).output_tokens is not None:
            return x.read(f"{owner}.output_tokens")
    return x.read("workload.output_tokens")
