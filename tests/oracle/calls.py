"""What the calls of a model cost: fresh, cached and batched tokens, rewriting, and the guardrail on each answer."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tests.oracle.prices import UNKNOWN, times, whole
from tests.oracle.world import World


@dataclass(frozen=True)
class Calls:
    """Calls of one month: `prompt` tokens in, of which `static` are the same each time, and `output` tokens out."""

    users: float
    evaluations: float
    prompt: float
    static: float
    output: float

    @property
    def tokens(self) -> float:
        return (self.users + self.evaluations) * (self.prompt + self.output)


def calls_usd(world: World, ref: str | None, calls: Calls, month: int) -> float:
    """The bill of these calls: evaluations are never cached, nor is what is batched."""
    work = world.s.workload
    batched, hits = work.batch_share, work.prompt_cache_hit_share

    def usd(tokens: float, meter: str, otherwise: str = "") -> float:
        price = world.price(ref, meter, month, calls.prompt)
        if math.isnan(price) and otherwise:
            price = world.price(ref, otherwise, month, calls.prompt)
        return times(tokens, price)

    single = calls.users * (1 - batched)
    single_evaluations = calls.evaluations * (1 - batched)
    together = (calls.users + calls.evaluations) * batched
    return math.fsum(
        [
            usd(single * (calls.prompt - calls.static) + single_evaluations * calls.prompt, "input"),
            usd(single * calls.static * hits, "cached_input", "input"),
            usd(single * calls.static * (1 - hits), "cache_write" if hits > 0 else "input", "input"),
            usd(together * calls.prompt, "batch_input", "input"),
            usd((single + single_evaluations) * calls.output, "output"),
            usd(together * calls.output, "batch_output", "output"),
        ]
    )


def rewrites(world: World, searches: float) -> Calls:
    """The calls that rewrite so many queries before they are searched for."""
    work = world.s.workload
    calls = searches * world.s.rag.rewrite_calls_per_query
    return Calls(calls, 0.0, work.history_tokens + work.query_tokens, 0.0, work.query_tokens)


def guardrail_usd(world: World, checked: list[tuple[float, float]], month: int) -> float:
    """One check of each (number of answers, tokens of prompt and answer), in whole units."""
    ref = world.s.guardrail
    size = world.tariff.fact(ref, "tokens_per_unit")
    units = 0.0
    for answers, tokens in checked:
        if answers > 0 and tokens > 0:
            units += UNKNOWN if size is None else answers * whole(tokens / size)
    return times(units, world.price(ref, "guardrail", month))
