"""How each bill adds up: its lines in the code's order, each as quantity x price in words."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from costmodel.ledger import CostLine
from costmodel.terms import Term
from report.method import everything
from report.method.blocks import Bill, Line
from report.method.everything import KINDS
from report.method.notation import Set, name
from report.method.symbols import Symbols

PRICES = {
    "input": "price of prompt tokens",
    "cached_input": "price of cached tokens",
    "cache_write": "price of writing to the cache",
    "output": "price of answer tokens",
    "batch_input": "batch price of prompt tokens",
    "batch_output": "batch price of answer tokens",
    "embedding": "price of embedded tokens",
    "training": "price of trained tokens",
    "rerank_searches": "price of a rerank search",
    "rerank_tokens": "price of reranked tokens",
    "guardrail": "price of a guardrail unit",
    "page": "price of a parsed page",
    "storage": "price of a GB-month",
    "dimensions": "price of a stored dimension",
    "reads": "price of a read unit",
    "queried": "price of a GB scanned",
    "writes": "price of a write unit",
    "nodes": "price of a node-hour",
    "flat": "fee of the plan",
    "hosting": "price of a replica-hour",
    "model_storage": "price of a stored model",
    "gpu": "price of a GPU-hour",
}
"""What the price of each meter is called in a bill."""

OWNERS = {
    "rewrite": "a rewriting",
    "generation": "the base model",
    "tuned_generation": "the tuned model",
    "tuned_hosting": "the tuned model",
    "router": "the router",
    "router_hosting": "the router",
}
"""Whose calls and prompts a component pays; the guardrail checks those of its side."""


@lru_cache
def bill(kind_id: str) -> Bill:
    """The whole bill of one kind: first its usual lines in the code's order, then what each case adds or changes."""
    kind = next(each for each in KINDS if each.id == kind_id)
    cases: list[tuple[str, list[CostLine]]] = []
    for only, run in everything.runs(kind):
        whole = run.answers[kind.architecture].bill
        cases.append((only, [*whole.lines, *whole.consequences]))
    lines = [line for _, each in cases for line in each]
    symbols = Symbols((_owner(line, kind.id), term) for line in lines for term in _terms(line))
    found: dict[Line, str] = {}
    made_of: dict[str, tuple[Set, Set]] = {}
    for only, of_case in cases:
        for line in of_case:
            found.setdefault(_in_words(line, symbols), only)
            for term in _terms(line):
                for left, right in symbols.definitions(term):
                    made_of.setdefault(left.text, (left, right))
    return Bill(tuple(replace(line, only=only) for line, only in found.items()), tuple(made_of.values()))


def _owner(line: CostLine, kind_id: str) -> str:
    """Whose calls and prompts a line pays."""
    if line.component in ("guardrail", "generation") and kind_id == "prompting":
        return "the model"
    if line.component != "guardrail":
        return OWNERS.get(line.component, "the bill")
    tuned = "the router" if kind_id == "routed" else "the tuned model"
    return tuned if line.side == "fine_tuning" else "the base model"


def _terms(line: CostLine) -> list[Term]:
    return [line.amount] if line.price is None or line.price.kind == "price" else [line.amount, line.price]


def _in_words(line: CostLine, symbols: Symbols) -> Line:
    driver = line.driver.replace("example/leaving ", "a retired model: ").partition(":")[0]
    return Line(line.component, line.phase, driver, symbols.line(line.amount), _price(line, symbols))


def _price(line: CostLine, symbols: Symbols) -> Set:
    if line.price is None:
        return name(line.rule)
    if line.price.kind != "price":
        return symbols.line(line.price)
    words = PRICES[line.prices[0].meter]
    return name(f"{words}, {line.rule}" if line.rule else words)
