"""Words for a link or file that was made under another price book or model."""

from __future__ import annotations

from costmodel.made_with import Compared
from costmodel.scenario import Architecture
from report.numbers import Money, listed
from report.palette import ARCHITECTURES

FROM_A_LINK = "A link does not carry the prices that it was made with, so they cannot be restored; a scenario file can."


def what_differs(found: Compared) -> str:
    """Which book and model it was made with, and which are here."""
    then, now = found.then, found.now
    if found.same_book and found.same_model:
        return (
            "Made with this price book and this model, yet its totals were others: "
            "something that it was made with did not travel along"
        )
    parts = []
    if not found.same_book:
        parts.append(f"price book {then.price_book} (here {now.price_book})")
    if not found.same_model:
        parts.append(f"model {then.model_version} (here {now.model_version})")
    return f"Made with {listed(parts)}"


def totals(found: Compared, money: Money) -> str:
    """Both totals of each architecture, or that they are the same."""
    if not found.moved:
        return "The totals are the same to the cent"
    each = (
        f"{ARCHITECTURES[key].name} then {money.exact(then)}, now {money.exact(now)}"
        if key in found.moved
        else f"{ARCHITECTURES[key].name} {money.exact(then)} then and now"
        for key, (then, now) in found.totals.items()
    )
    return f"Totals: {'; '.join(each)}"


def each_total(found: Compared, money: Money) -> list[tuple[Architecture, str, str]]:
    """Architecture, total then and total now, to the cent."""
    return [
        (key, money.exact(then), money.exact(now) if key in found.moved else "the same")
        for key, (then, now) in found.totals.items()
    ]


def note(found: Compared, money: Money) -> str:
    """All of it in one line."""
    return f"{what_differs(found)}. {totals(found, money)}."
