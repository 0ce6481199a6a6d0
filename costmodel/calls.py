"""What calls of a model cost: standard, cached and batched tokens, rewriting, and the guardrail around them."""

from __future__ import annotations

from typing import Any

import numpy as np

from costmodel import traffic
from costmodel.components import guardrail_units, rest
from costmodel.inputs import Inputs
from costmodel.ledger import CostLine, bought, metered_line, missing_price, unknown_line
from costmodel.terms import Mask, Term, applied, given, positive, product, total
from costmodel.traffic import Prompt
from pricing.plans import request_price

STANDARD = {"cached_input": "input", "cache_write": "input", "batch_input": "input", "batch_output": "output"}
WORDS = {
    "input": "prompt tokens",
    "cached_input": "prompt tokens from the prompt cache",
    "cache_write": "prompt tokens written to the prompt cache",
    "output": "answer tokens",
    "batch_input": "prompt tokens in batches",
    "batch_output": "answer tokens in batches",
}


def generation(
    x: Inputs,
    component: str,
    ref: str | None,
    calls: Term,
    uncached_calls: Term | None,
    prompt: Prompt,
    *,
    asked_by: str,
    side: str = "",
    months: Any = True,
) -> list[CostLine]:
    """Prompt and answer tokens of `calls` [calls] on a model, at the price of one average call.

    `uncached_calls` (test queries) pay no cache prices. `months` masks what is billed by the token.
    """
    every = calls if uncached_calls is None else total("model calls", "calls", calls, uncached_calls)
    tokens = {
        "input": product("prompt tokens", "tokens", every, prompt.whole),
        "output": product("answer tokens", "tokens", every, prompt.answer),
    }
    if positive(x.workload.batch_share) or positive(x.workload.prompt_cache_hit_share):
        tokens = _special(x, ref, calls, uncached_calls, every, prompt)
    return [
        line
        for meter, amount in tokens.items()
        for line in bought(
            x,
            component,
            "recurring",
            WORDS[meter],
            amount,
            ref,
            meter,
            request_tokens=prompt.whole,
            asked_by=asked_by,
            side=side,
            months=months,
        )
    ]


def _special(
    x: Inputs, ref: str | None, calls: Term, uncached: Term | None, every: Term, prompt: Prompt
) -> dict[str, Term]:
    """Tokens by meter: batched calls pay batch prices on everything, the others cache prices on the static prefix.

    Where a special price is not published the standard one takes its tokens, with a warning.
    """
    batched, hits = x.read("workload.batch_share"), x.read("workload.prompt_cache_hit_share")
    single, missed = applied(rest, batched, label="not batched"), applied(rest, hits, label="not from the cache")
    changing = given("after the static part", "tokens", prompt.whole.value - prompt.static.value)
    changing = Term("after the static part", "tokens", changing.value, "sum", _without(prompt))
    asked = np.asarray(hits.value) > 0
    moved = {
        "cached_input": product("cached", "tokens", calls, single, hits, prompt.static),
        "cache_write": product("written to the cache", "tokens", calls, single, missed, prompt.static).during(asked),
        "batch_input": product("batched", "tokens", every, batched, prompt.whole),
        "batch_output": product("batched answers", "tokens", every, batched, prompt.answer),
    }
    standard = {
        "input": [
            product("tokens not batched", "tokens", calls, single, changing),
            product("static, not cached", "tokens", calls, single, missed, prompt.static).during(~asked),
        ],
        "output": [product("tokens not batched", "tokens", every, single, prompt.answer)],
    }
    if uncached is not None:
        standard["input"].append(product("tokens of the test calls", "tokens", uncached, single, prompt.whole))
    found: dict[str, Term] = {}
    for meter, amount in moved.items():
        sold = _published(x, ref, meter, prompt.whole)
        found[meter] = amount.during(sold)
        unsold = amount.during(~sold)
        if np.any(unsold.value != 0):
            standard[STANDARD[meter]].append(unsold)
            if ref is not None and meter != "cache_write":
                x.warn(f"{ref} has no price {meter} in some month; its standard price is taken")
    sums = {meter: total(WORDS[meter], "tokens", *parts) for meter, parts in standard.items()}
    return {**sums, **{meter: amount for meter, amount in found.items() if np.any(amount.value != 0)}}


def _without(prompt: Prompt) -> tuple[Term, ...]:
    static = prompt.static.parts or (prompt.static,)
    return tuple(part for part in prompt.whole.parts if all(part is not each for each in static))


def _published(x: Inputs, ref: str | None, meter: str, request_tokens: Term) -> Mask:
    """Months in which a model that serves then has a price of this meter."""
    found = np.zeros(x.months.shape, dtype=bool)
    for segment in x.segments(ref):
        prices = x.prices(segment.ref, meter)
        if prices is not None:
            known = ~np.isnan(request_price(prices, np.asarray(request_tokens.value, dtype=float)))
            found = found | (known & segment.months)
    return found


def rewriting(
    x: Inputs, ref: str | None, queries: Term, *, asked_by: str, side: str = "", months: Any = True
) -> tuple[list[CostLine], Term]:
    """Lines that rewrite `queries` [queries] before the search, and the tokens that pass through the model."""
    if not positive(x.rag.rewrite_calls_per_query):
        return [], given("no rewriting", "tokens", 0.0)
    prompt = traffic.rewrite_prompt(x)
    calls = product("rewriting calls", "calls", queries, x.read("rag.rewrite_calls_per_query"))
    nothing = given("none", "calls", 0.0)
    lines = generation(x, "rewrite", ref, nothing, calls, prompt, asked_by=asked_by, side=side, months=months)
    both = total("tokens of a rewrite", "tokens", prompt.whole, prompt.answer)
    return lines, product("tokens rewritten", "tokens", calls, both)


def guardrail(x: Inputs, queries: Term, prompt: Prompt, side: str = "") -> list[CostLine]:
    """One check of the prompt and its answer for each of `queries` [queries]."""
    ref = x.scenario.guardrail
    if ref is None:
        return []
    plan, prices = x.plan(ref), x.prices(ref, "guardrail")
    unit = None if plan is None else plan.fact("tokens_per_unit")
    driver = "units of prompt and answer checked"
    if prices is None or unit is None:
        missing = missing_price(f"{ref}:guardrail") if prices is None else f"{ref} says no tokens_per_unit"
        checked = product("tokens", "tokens", queries, total("tokens", "tokens", prompt.whole, prompt.answer))
        return [unknown_line("guardrail", "recurring", driver, checked, "thousand_units", 1e3, missing, side)]
    each = applied(guardrail_units, prompt.whole, prompt.answer, given("tokens of a unit", "tokens", float(unit)))
    amount = product("units", "units", queries, each)
    return [metered_line(x, "guardrail", "recurring", driver, amount, "thousand_units", prices, size=1e3, side=side)]
