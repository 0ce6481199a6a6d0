"""Price edits of the scenario: how values become one, how new ones join the others, how they are taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import ValidationError

from pages.ui import state
from pricing.contradictions import Contradiction, refuse_two_minimums
from pricing.importing import combined
from pricing.price import PriceEdit, PriceKey, not_yet
from pricing.refusals import explain
from pricing.replacing import OF_A_ROW, edited
from pricing.sources import is_sourced
from report import price_facts_text as facts_text
from report import prices_text as words

EVIDENCE = {"Source": "source", "Checked": "as_of", "Confidence": "confidence"}
"""Columns of the table that say where a price comes from, and the values of an edit that they are."""


class Refused(ValueError):
    """A cell that cannot become a price; says place, value, limit and way out."""


def with_new(new: Sequence[PriceEdit]) -> tuple[PriceEdit, ...]:
    """The scenario's price edits with new ones; one that is there already is replaced and leaves the others alone."""
    existing = state.scenario().price_edits
    keys = {edit.key for edit in existing}
    for edit in new:
        if edit.key in keys:
            existing = tuple(combined([each], [edit])[0] if each.key == edit.key else each for each in existing)
    return combined(existing, [edit for edit in new if edit.key not in keys])


def put(edits: Sequence[PriceEdit]) -> bool:
    """Make these the price edits of the scenario."""
    return state.accepted({"price_edits": [edit.model_dump(exclude_none=True) for edit in edits]})


def edit_of(values: Mapping[str, Any], name: str) -> PriceEdit:
    """A price edit; `name` is what a refusal calls it. Raises Refused, also for a confidence without a source."""
    try:
        edit = PriceEdit.model_validate(dict(values))
    except ValidationError as error:
        said = explain(error)
        for column, value in EVIDENCE.items():
            said = said.replace(f", {value}:", f", {column}:", 1)
        raise Refused(f"{name}{said}") from None
    if edit.successor == edit.ref:
        raise Refused(f"{name}, Successor: {edit.ref} is the model itself; name another one or leave it empty")
    if late := not_yet(edit.as_of, date.today()):
        raise Refused(f"{name}, Checked: {late}")
    claimed = values.get("confidence", "low")
    if claimed != "low" and not (edit.source and is_sourced(edited([], edit))):
        raise Refused(f"{name}, Confidence: {words.unsourced(claimed, edit.source)}")
    return edit


def refuse_contradiction(edit: PriceEdit, name: str) -> None:
    """Raise Refused where a new edit says another fact, or another minimum, of its plan than the others say."""
    for other in state.scenario().price_edits:
        if other.ref != edit.ref or other.price_id == edit.price_id:
            continue
        stated = other.facts()
        for fact, value in edit.facts().items():
            if fact not in OF_A_ROW and stated.get(fact, value) != value:
                label = facts_text.FACTS[fact][0]
                raise Refused(f"{name}, {words.two_facts(label, value, stated[fact], other)}")
    if edit.minimum_usd:
        plan = state.book().with_edits([edit]).plan(edit.ref)
        try:
            refuse_two_minimums(edit.ref, plan.rows if plan else ())
        except Contradiction as error:
            raise Refused(f"{name}, {facts_text.MINIMUM[0]}: {error}") from None


def revert(key: PriceKey) -> None:
    """Take one edit back: the book's price is in force again, an added price is gone."""
    if put([edit for edit in state.scenario().price_edits if edit.key != key]):
        state.remount()


def revert_all() -> None:
    """Take all edits back."""
    if put([]):
        state.remount()
