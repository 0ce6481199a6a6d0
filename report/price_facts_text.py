"""Words for what a price row may say beside its price."""

from __future__ import annotations

from pricing.units import GRADUATED_METERS, INDEX_TIER_METERS, REQUEST_TIER_METERS, STEP_METERS

FACTS = {
    "documents_per_search": (
        "Documents per search",
        "One search ranks so many documents; more of them are billed again.",
    ),
    "tokens_per_unit": ("Tokens per unit", "A unit of the guardrail is so many tokens."),
    "units_per_search": ("Units per search", "Read units that one search takes, at least."),
    "units_per_vector": ("Units per vector", "Write units that one vector takes."),
    "units_per_gb_searched": ("Units per GB searched", "Read units that a search takes for each GB of the index."),
    "units_per_gb_written": ("Units per GB written", "Write units for each GB of vectors, instead of per vector."),
    "min_gb_per_search": ("GB a search scans at least", "A smaller index is billed as so many GB."),
    "vectors_per_tier": ("Vectors per tier unit", "Tiers count so many vectors of the index instead of GB."),
    "gb_per_node": ("GB per node", "A node holds so much of the index."),
    "min_nodes": ("Nodes at least", "So many run in each month, even for an empty index."),
    "min_gpus": ("GPUs rented at once", "An instance has so many; GPUs are paid by whole instances."),
    "cap_quantity": ("Hard cap a month", "In the unit of the price; beyond it the page warns and bills on."),
    "bills_tokens": ("Bills tokens too", "The dedicated deployment is billed per token as well."),
    "retires_on": ("Retires on", "The day on which the model is shut down."),
    "successor": ("Successor", "What follows it, as provider/model."),
}
"""Label and help of each fact of a plan."""
COMMON = ("documents_per_search", "tokens_per_unit", "units_per_search", "units_per_vector", "gb_per_node")
"""Facts that most price lists of their meter state."""
TIER = {
    "tokens": ("Above input tokens", "A request with more input tokens pays this price for all of them."),
    "quantity": ("From quantity a month", "In the unit of the price: what goes beyond it pays this price."),
    "index": ("From size of the index", "In GB, or in the plan's number of vectors."),
    "fee": ("From searches a month", "The fee that holds from so many searches on."),
}
MINIMUM = ("At least, USD", "The plan's monthly minimum; for training, that of one job.")
INCLUDED = ("Included a month", "In the unit of the price, before it is billed.")
SOURCE_HELP = "A link, or a named and dated document. Without one the confidence is low."
CHECKED_HELP = "The day on which you saw the price."
CONFIDENCE_HELP = "High: the vendor's own page or contract. Medium: a dated copy. Low: second-hand or without a source."
NUMBERS = frozenset({"tier_from", "minimum_usd", "included_quantity", *FACTS}) - {
    "bills_tokens",
    "retires_on",
    "successor",
}
"""What is typed as a number beside the price."""
MORE = "Tiers, minimum and other terms"
ADDING = "A price that the book has already is replaced by yours. A new plan can be chosen in the sidebar then."


def tier(meter: str) -> tuple[str, str] | None:
    """Label and help of the tier of a meter; None when it has no tiers."""
    kinds = {
        "tokens": REQUEST_TIER_METERS,
        "quantity": GRADUATED_METERS,
        "index": INDEX_TIER_METERS,
        "fee": STEP_METERS,
    }
    return next((TIER[kind] for kind, meters in kinds.items() if meter in meters), None)


def label(column: str, meter: str) -> str:
    """The label of what a price row of a meter may say beside its price."""
    own = {"minimum_usd": MINIMUM, "included_quantity": INCLUDED, "tier_from": tier(meter) or ("From", "")}
    return (FACTS | own)[column][0]
