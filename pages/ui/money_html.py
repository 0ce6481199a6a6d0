"""Tables of money as HTML: aligned amounts with a bar beside each. Every text in them is escaped here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from report.numbers import MINUS
from report.palette import ARCHITECTURES, FAMILIES

Amount = float | None
UNTINTED = 0.6
FAINTEST = 0.22
"""No bar is painted weaker: a short one in the lightest tint could not be seen."""


@dataclass(frozen=True)
class Row:
    """One row: its words, an amount per architecture (None: not known), and whether it heads a group."""

    words: str
    amounts: Sequence[Amount]
    head: bool = False
    family: str = ""
    """Whose tint its bars have."""


def shown(amount: Amount, places: int, *, signed: bool = False) -> str:
    """An amount with separators, without a currency; nothing for nothing, and less than is shown as such."""
    if amount is None:
        return "not known"
    text = f"{abs(amount):,.{places}f}"
    if not any(digit in "123456789" for digit in text):
        return f"<{10**-places:,.{places}f}" if amount > 0 and not signed else "\N{EN DASH}"
    return f"{MINUS if amount < 0 else '+' if signed else ''}{text}"


def _head(architectures: Sequence[str], notes: Sequence[str]) -> str:
    cells = "".join(
        f'<th scope="col" style="--text: {ARCHITECTURES[key].css_text}">{escape(ARCHITECTURES[key].name)}'
        f"{f'<small>{escape(note)}</small>' if note else ''}</th>"
        for key, note in zip(architectures, notes, strict=True)
    )
    return f'<thead><tr><th scope="col"><span class="spoken">Cost line</span></th>{cells}</tr></thead>'


def _cell(key: str, amount: Amount, row: Row, largest: float, places: int, signed: bool) -> str:
    share = 100 * abs(amount) / largest if amount and largest else 0.0
    opacity = max(FAINTEST, FAMILIES.get(row.family, 0.0)) if row.family else UNTINTED
    bar = ""
    if signed and amount and share:
        side, strength = ("right: 50%", 0.35) if amount < 0 else ("left: 50%", 0.75)
        bar = f'<i style="{side}; width: {share / 2:.1f}%; opacity: {strength}"></i>'
    elif share and amount and amount > 0:
        bar = f'<i style="left: 0; width: {share:.1f}%; opacity: {opacity}"></i>'
    zero = " none" if amount == 0 else ""
    return (
        f'<td style="--line: {ARCHITECTURES[key].css}"><div class="cell"><span class="track">{bar}</span>'
        f'<span class="usd{zero}">{escape(shown(amount, places, signed=signed))}</span></div></td>'
    )


def money_table(
    architectures: Sequence[str],
    rows: Sequence[Row],
    total: Row,
    *,
    places: int,
    signed: bool = False,
    notes: Sequence[str] | None = None,
) -> str:
    """Rows of amounts, a column per architecture, the total below; bars share one scale."""
    amounts = [abs(usd) for row in rows for usd in row.amounts if usd is not None]
    largest = max(amounts, default=0.0)

    def line(row: Row, largest: float) -> str:
        cells = "".join(
            _cell(key, usd, row, largest, places, signed) for key, usd in zip(architectures, row.amounts, strict=True)
        )
        kind = ' class="group"' if row.head else ""
        return f'<tr{kind}><th scope="row">{escape(row.words)}</th>{cells}</tr>'

    body = "".join(line(row, largest) for row in rows)
    kind = "money signed" if signed else "money"
    head = _head(architectures, notes or [""] * len(architectures))
    return (
        f'<div class="scrolls" tabindex="0" role="region" aria-label="Amounts">'
        f'<table class="{kind}" style="--columns: {len(architectures)}">{head}'
        f"<tbody>{body}</tbody><tfoot>{line(total, 0.0)}</tfoot></table></div>"
    )
