"""Words for what a scenario is saved to and opened from: a link that is too short, a file with prices of its own."""

from __future__ import annotations

from costmodel.made_with import Compared
from costmodel.scenario import Scenario
from report.numbers import shortened

NOT_HERE = "It names a model or service whose prices are not in today's book, so it runs with its own prices only."
OTHER_PRICES = "It carries prices that are not today's."


def too_large(characters: int) -> str:
    """No link can hold the scenario; `characters`: the most that one holds."""
    return (
        f"This scenario is too large for a link ({characters:,} characters), so a reload would lose it. "
        "Save it as a file and pass that on."
    )


def contents(scenario: Scenario) -> str:
    """What a file holds: its name, and how many prices are typed in."""
    edits = len(scenario.price_edits)
    typed_in = f", with {edits:,} typed-in price{'' if edits == 1 else 's'}" if edits else ""
    return f"{shortened(scenario.name) or 'A scenario without a name'}{typed_in}."


def since(found: Compared) -> str:
    """What has changed since a file was saved."""
    what = [word for word, same in (("prices", found.same_book), ("the model", found.same_model)) if not same]
    have = "has" if what == ["the model"] else "have"
    return f"Since it was saved, {' and '.join(what)} {have} changed." if what else "Its totals were others."


def on_its_own_prices(found: Compared | None) -> str:
    """Whether a file's own prices bring its totals back; `found`: what still differs on them, None for nothing."""
    if found is None or not found.moved:
        return "With its own prices it gives the totals of then, to the cent."
    return "With its own prices it does not give the totals of then either: the model has changed since."
