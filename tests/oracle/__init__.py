"""A second, independent reckoning of the cost model: a pocket calculator with loops.

Written from the meaning of the model, not from its code. It shares the assumptions (a scenario) and the rows
of the price book; the lookup of the row in force, units, tiers, plans and every formula are its own. Months
are loops, amounts are floats, an unknown amount is nan until `answers` turns it into None.

Where the meaning leaves a choice, this is read:
- A price is needed only in months in which something is bought at it; a model that nobody chose is unknown in
  every month of operation, unless the line of its tokens is switched off. So is the GPU of one's own hosting,
  and so is the storage of a vector store that the book does not have.
- A meter whose lowest tier starts above 0 charges nothing below; a tier that is not in force leaves its range
  to the tier below it, and a price from 0 that is not in force is unknown. A cached, cache-write or batch
  price counts as published in the months in which a call of this size has one.
- The index is written at the build by the plan's tiers, without its included quantity and its minimum.
- A corpus that shrinks has no new documents. What is sunk carries no contingency.
- A hybrid's evaluation queries run on the tuned model with their context, and count in its hosting, when it is
  grounded; in the other kinds they take RAG's whole path.
- A guardrail that checks no tokens, or of no query, buys nothing, whatever is unknown about it.
- Evaluations of a migration are `release_evaluation`, its runs `training`, its hours `migration`; all events.
- A model that follows itself, over however many others, stays where its chain would close.
- What a staged hybrid buys before its tuning starts is RAG's in every line, the wrong answers too; its own
  settings decide on the build in month 0, on the tuning build and on what was typed in.
- The idle share looks at what is paid and served in the horizon, whether or not its price is known; a hosting
  that is switched off has none. Its capacity is throughput without the target utilisation.
- Nodes whose size no row tells are unknown as soon as there is something to hold.
- A fact of a plan that is typed in with a price holds against what the book's rows say.
- A typed-in line belongs to the bill, whatever its component is called.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from costmodel.scenario import Scenario
from pricing.book import Price
from tests.oracle.reckoning import Reckoning


def answers(scenario: Scenario, rows: Sequence[Price]) -> dict[str, Any]:
    """The results of `scenario` (its start month resolved) on the price rows `rows`, before its price edits."""
    return Reckoning(scenario, rows).answers()
