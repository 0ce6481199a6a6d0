"""How a cost line came about, as HTML: formulas, the prices in them, the fields behind them. All text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from pricing.book import Price
from report.explained import ExplainedLine, FieldBehind
from report.line_words import PHASES
from report.numbers import Money, day, percent

GROUPS = {
    "workload.": "Workload",
    "corpus.": "Corpus",
    "rag.": "RAG",
    "fine_tuning.": "Fine-tuning",
    "hybrid.": "Hybrid",
    "prompting.": "Prompting",
    "people.": "People",
    "quality.": "Quality",
    "finance.": "Money",
}
"""Where a path begins -> its group in words."""


def panel(title: str, when: str, total: float | None, lines: Sequence[ExplainedLine], money: Money) -> str:
    """One component in one month: its cost, a formula for each line of the ledger, and the prices in them."""
    head = f'<p class="what">{escape(title)} <span>{escape(when)}</span></p>'
    head += f'<p class="amount">{escape(money.exact(total))}</p>'
    if not lines:
        return f'<div class="why">{head}<p class="plain">Nothing is charged for it in this month.</p></div>'
    formulas, told = "", set[str]()
    for line in lines:
        formulas += _formula(line, [step for step in line.steps if step not in told])
        told |= set(line.steps)
    prices = {(row.price_id, row.price_usd): row for line in lines for row in line.prices}
    return f'<div class="why">{head}{formulas}{_prices(prices.values())}</div>'


def fields_behind(lines: Sequence[ExplainedLine]) -> str:
    """The fields that shape any of the lines, each with its value and where that comes from."""
    found = {each.path: each for line in lines for each in line.fields}
    items = "".join(_field(each) for each in found.values())
    return f'<div class="why fields"><h3>The fields behind it</h3><dl>{items}</dl></div>' if items else ""


def _formula(line: ExplainedLine, steps: Sequence[str]) -> str:
    items = "".join(f"<li>{escape(step)}</li>" for step in steps)
    note = f'<p class="plain">{escape(line.note)}</p>' if line.note else ""
    phase = escape(PHASES.get(line.phase, line.phase))
    return (
        f"<section><h3>{escape(line.driver[:1].upper() + line.driver[1:])} <span>{phase}</span></h3>"
        f'<p class="formula">{escape(line.formula)}</p>'
        f"{f'<ul>{items}</ul>' if items else ''}{note}</section>"
    )


def _prices(rows: Iterable[Price]) -> str:
    items = "".join(
        f"<div><dt>{_usd(row.price_usd)} <span>per {escape(row.unit)}</span></dt>"
        f"<dd>{escape(row.price_id)}</dd>"
        f"<dd>{_source(row.source)}, {escape(_checked(row))}, {escape(row.confidence)} confidence</dd>"
        f"{f'<dd>{escape(row.note)}</dd>' if row.note else ''}</div>"
        for row in rows
    )
    return f'<section><h3>The price</h3><dl class="prices">{items}</dl></section>' if items else ""


def _usd(price: float) -> str:
    text = f"{price:,.2f}" if price >= 0.01 and round(price, 2) == price else f"{price:,.6g}"
    return f"${text}"


def _checked(row: Price) -> str:
    if row.origin == "edit":
        return f"typed in, checked {day(row.as_of)}" if row.as_of else "typed in"
    if row.as_of is None:
        return "undated"
    released = row.origin.startswith("genai-prices")
    return f"release of {day(row.as_of)}" if released else f"checked {day(row.as_of)}"


def _source(source: str) -> str:
    """Where a price was read; an address is a link, words after it stay words."""
    address, _, rest = source.partition(" ")
    if not address.startswith(("https://", "http://")):
        return escape(source) or "no source"
    words = address.split("//", 1)[1].rstrip("/")
    link = f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">{escape(words)}</a>'
    return f"{link} {escape(rest)}".strip()


def _field(each: FieldBehind) -> str:
    badge = "<em>yours</em>" if each.changed else "<em>a guess</em>" if each.guess else ""
    source = f'<dd class="source">{escape(each.source)}</dd>' if each.source else ""
    value = escape(_value(each.value, each.unit))
    return f"<div><dt>{_group(each.path)}{escape(each.label)}{badge}</dt><dd>{value}</dd>{source}</div>"


def _group(path: str) -> str:
    """Whose field it is, since labels are only told apart within their group."""
    words = next((words for start, words in GROUPS.items() if path.startswith(start)), "")
    return f"<span>{words}:</span> " if words else ""


def _value(value: Any, unit: str) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        if unit.startswith("share"):
            return percent(value) + unit.removeprefix("share").replace("/", " a ")
        return f"{value:,.12g} {unit}".strip()
    if isinstance(value, tuple | list):
        return ", ".join(str(each) for each in value[:6]) + (" …" if len(value) > 6 else "")
    return str(value)
