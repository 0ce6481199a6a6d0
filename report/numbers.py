"""Numbers for reading: rounding, separators and units exist only here and on screen, never in the model."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

MINUS = "−"
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹"}
SCALES = ((1e9, "B"), (1e6, "M"), (1e3, "K"))


@dataclass(frozen=True)
class Money:
    """Turns USD into text in the scenario's currency: $1.70M, $255K, $8.1K, $412, $8.40, $0.041."""

    currency: str = "USD"
    usd_per_unit: float = 1.0

    @property
    def symbol(self) -> str:
        """What stands before an amount."""
        return SYMBOLS.get(self.currency, f"{self.currency} ")

    def __call__(self, usd: float | None) -> str:
        """Short text of an amount [USD]; "not known" for a missing one."""
        if usd is None or math.isnan(usd):
            return "not known"
        amount = usd / self.usd_per_unit
        text = self.symbol + _short(abs(amount))
        return f"{MINUS}{text}" if amount < 0 and _short(abs(amount)) != "0" else text

    def exact(self, usd: float | None) -> str:
        """Full text of an amount, to the cent."""
        if usd is None or math.isnan(usd):
            return "not known"
        amount = round(usd / self.usd_per_unit, 2)
        return f"{MINUS if amount < 0 else ''}{self.symbol}{abs(amount):,.2f}"

    def fine(self, usd: float) -> str:
        """An amount of less than a dollar in six significant digits."""
        amount = usd / self.usd_per_unit
        return f"{MINUS if amount < 0 else ''}{self.symbol}{Decimal(f'{abs(amount):.6g}'):f}"

    def difference(self, usd: float) -> str:
        """An amount with its sign."""
        return f"+{self(usd)}" if usd > 0 else self(usd)


def _short(amount: float) -> str:
    if amount == 0:
        return "0"
    for scale, letter in SCALES:
        if amount >= scale * 0.9995:
            return _three_digits(amount / scale, letter)
    if amount >= 99.5:
        return f"{amount:.0f}"
    if amount >= 0.995:
        return f"{amount:.2f}"
    rounded = float(f"{amount:.1e}")
    return f"{rounded:.{1 - math.floor(math.log10(rounded))}f}"


def _three_digits(amount: float, letter: str) -> str:
    if letter == "K":
        return f"{amount:.0f}K" if amount >= 9.95 else f"{amount:.1f}K"
    places = 0 if amount >= 99.5 else 1 if amount >= 9.995 else 2
    return f"{amount:.{places}f}{letter}"


def count(number: float) -> str:
    """Short text of a quantity: 180K, 1.2M, 412, 3.5."""
    sign, number = (MINUS, -number) if number < 0 else ("", number)
    for scale, letter in SCALES:
        if number >= scale * 0.9995:
            value = number / scale
            return sign + (f"{value:.0f}{letter}" if value >= 9.95 else f"{value:.3g}{letter}")
    return sign + (f"{number:.0f}" if number >= 99.5 else f"{number:.3g}")


def percent(share: float) -> str:
    """12%, without decimals from 10; 3.4%, 0.5%."""
    value = abs(share) * 100
    text = f"{value:.0f}" if value >= 9.95 else f"{value:.1f}".removesuffix(".0")
    return f"{MINUS if share < 0 and text != '0' else ''}{text}%"


def day(text: str | date | None) -> str:
    """14 Nov 2026, or Nov 2026 when only the month is known; "undated" for none."""
    if text is None:
        return "undated"
    parts = str(text).split("-")
    month = date(2000, int(parts[1]), 1).strftime("%b")
    return f"{int(parts[2])} {month} {parts[0]}" if len(parts) == 3 else f"{month} {parts[0]}"


def listed(words: list[str]) -> str:
    """One, two and three: "a", "a and b", "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def shortened(words: str, most: int = 60) -> str:
    """A name on one line, cut when it is too long to read."""
    line = " ".join(words.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
