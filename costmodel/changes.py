"""Making a new scenario from an old one, and saying plainly what is wrong with a value."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import chain, groupby
from operator import attrgetter
from typing import Any

from pydantic import ValidationError

from costmodel.fields import FieldFacts, value_at
from costmodel.inputs import DISCOUNT
from costmodel.scenario import FIELDS, Scenario
from costmodel.vector_store import is_store
from pricing.book import PriceBook, PriceEdit, parse_price_id
from pricing.refusals import in_words

WHOLE_VALUES = ("extra_costs", "price_edits", "uncertainty", "rank_correlations")
"""Fields outside the groups, replaced as a whole."""
_PARTS = {name: tuple(paths) for name, paths in groupby([*FIELDS, *WHOLE_VALUES], lambda path: path.partition(".")[0])}
"""Paths of each part of a scenario, in declared order."""
LONGEST_LINE = 1_000


class ScenarioError(ValueError):
    """A scenario that cannot be: `problems` has one line each, with place, value, limit and way out."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(_readable(line) for line in problems)
        super().__init__("; ".join(self.problems))


def _readable(line: str) -> str:
    """A line that can be printed and read: what somebody made very long is cut between its place and its way out."""
    # Half a character (a lone surrogate) cannot be printed: it is shown by its number.
    whole = line.encode("utf-8", "backslashreplace").decode()
    return whole if len(whole) <= LONGEST_LINE else f"{whole[: LONGEST_LINE // 2]} ... {whole[-LONGEST_LINE // 3 :]}"


def validated(data: Mapping[str, Any]) -> Scenario:
    """The scenario that `data` (the shape of a scenario file) says; ScenarioError when it cannot be."""
    try:
        return Scenario.model_validate(data)
    except ValidationError as error:
        raise ScenarioError(explained(error)) from None


def explained(error: ValidationError) -> list[str]:
    """One line per problem: `path: value, what is wrong, the limits`."""
    lines: list[str] = []
    problems = error.errors()
    inside = {problem["loc"][:-1] for problem in problems}
    for problem in problems:
        if problem["type"] == "too_short" and problem["loc"] in inside:
            continue  # its items were refused, so none is left to count
        path = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "value_error":
            message = str(problem["ctx"]["error"])
            lines += [f"{path}: {message}" if path else line for line in message.splitlines()]
        else:
            lines.append(f"{path}: {_wrong(path, problem)}")
    return list(dict.fromkeys(lines))


def _wrong(path: str, problem: Any) -> str:
    kind, value = problem["type"], _short(problem["input"])
    field = FIELDS.get(path)
    if kind == "extra_forbidden":
        return f"there is no such field{_similar(path)}"
    if kind == "missing":
        return "is required"
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return f"{value} is not an object {{...}}"
    if kind in ("tuple_type", "list_type"):
        return f"{value} is not a list [...]"
    if path == "workload.seasonality" and kind in ("too_short", "too_long"):
        return f"{value} has not 12 factors; give one for each month, January to December"
    if kind == "too_short":
        named = path == "finance.compared" or path.endswith(".architecture")
        few = "name at least one of rag, fine_tuning, hybrid" if named else "it needs at least 1"
        return f"{value} is too short; {few}"
    if kind == "literal_error":
        return f"{value} is not possible; use one of {_options(problem['ctx']['expected'])}"
    if path == "finance.currency":
        return f"{value} is not a currency; write its three capitals, for instance EUR"
    if path == "finance.start_month":
        return f"{value} is not a month; write it as YYYY-MM, for instance 2026-11"
    if field is not None and field.numeric:
        what = "a whole number" if field.kind == "whole" else "a number"
        wrong = "is out of limits" if kind in ("greater_than_equal", "less_than_equal") else f"is not {what}"
        return f"{value} {wrong}; use {limits(field)}"
    if field is not None and field.kind == "reference":
        return f"{value} is not a reference; write provider/item, or null for none"
    if kind == "finite_number":
        return f"{value} is no amount; give a finite number"
    if path.startswith("price_edits."):
        return in_words(str(problem["loc"][-1]), kind, problem["input"], problem["msg"], problem.get("ctx"))
    return f"{value}: {problem['msg'][0].lower()}{problem['msg'][1:]}"


def _options(expected: str) -> str:
    return expected.replace("'", "").replace(" or ", ", ")


def limits(field: FieldFacts) -> str:
    """The limits of a numeric field in words: "0 to 1,000 queries/month"."""
    empty = ", or nothing" if field.nullable else ""
    return f"{field.low:,.12g} to {field.high:,.12g} {field.unit}{empty}"


def _short(value: Any) -> str:
    """A value as it would stand in a file, cut when it is long."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):
        text = "this value"
    return text if len(text) <= 60 else f"{text[:57]}..."


def _similar(path: str) -> str:
    near = difflib.get_close_matches(path, FIELDS, n=1, cutoff=0.5)
    if not near:
        last = path.rsplit(".", 1)[-1]
        near = [known for known in FIELDS if known.rsplit(".", 1)[-1] == last][:1]
    return f"; did you mean {near[0]}?" if near else "; `cli.py schema` lists them"


def changed(scenario: Scenario, values: Mapping[str, Any], book: PriceBook | None = None) -> Scenario:
    """A new scenario with `values` (path -> value) put in; all of them or none (ScenarioError).

    Paths: `group.field`, `guardrail`, `name`, `finance.discount_share.<provider>`, the lists, and with a `book`
    `price:<price_id>`, which sets that price for every month, in USD per the unit of its row (of its edit, if any).
    """
    data = scenario.model_dump(mode="python")
    book = book.with_edits(scenario.price_edits) if book is not None and scenario.price_edits else book
    found = []
    for path, value in values.items():
        if path.startswith("price:"):
            data["price_edits"] = [*_other_edits(data["price_edits"], path), _edit(path, value, book)]
        elif path.startswith(DISCOUNT):
            _put(data, ["finance", "discount_share", path.removeprefix(DISCOUNT)], value)
        elif path == "preset":
            found.append("preset: begin from a preset instead; its name is no field to change")
        elif path in FIELDS:
            _put(data, path.split("."), value)
        elif path in WHOLE_VALUES or path in ("name", "requirements"):
            data[path] = value
        else:
            found.append(f"{path}: there is no such field{_similar(path)}")
    if found:
        raise ScenarioError(found)
    return validated(data)


def _put(data: dict[str, Any], names: list[str], value: Any) -> None:
    for depth, name in enumerate(names[:-1], 1):
        if data[name] is None:
            data[name] = {}
        if not isinstance(data[name], dict):
            raise ScenarioError([f"{'.'.join(names[:depth])}: {_short(data[name])} is not an object {{...}}"])
        data = data[name]
    data[names[-1]] = value


def _other_edits(edits: Any, path: str) -> list[Any]:
    """The edits of other prices; what is no edit stays, to be refused with its place."""
    return [edit for edit in edits if not _is_edit_of(edit, path)] if isinstance(edits, list | tuple) else [edits]


def _is_edit_of(edit: Any, path: str) -> bool:
    try:
        return f"price:{PriceEdit.model_validate(edit).price_id}" == path
    except ValidationError:
        return False


def _edit(path: str, value: Any, book: PriceBook | None) -> dict[str, Any]:
    price_id = path.removeprefix("price:")
    rows = [] if book is None else _rows_of(book, price_id)
    if not rows:
        raise ScenarioError([f"{path}: the price book has no such price; price ids read provider/item:meter"])
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1e9:
        raise ScenarioError([f"{path}: {_short(value)} is not a price; use 0 to 1,000,000,000 USD per {rows[-1].unit}"])
    row = rows[-1]
    edit = {name: getattr(row, name) for name in ("provider", "item", "meter", "unit", "tier_from")}
    return edit | {"price_usd": value, "reason": "set as a driver" if value else "set as a driver: free"}


def _rows_of(book: PriceBook, price_id: str) -> list[Any]:
    try:
        ref, _, _ = parse_price_id(price_id)
    except ValueError:
        return []
    plan = book.plan(ref)
    return [] if plan is None else [row for row in plan.rows if row.price_id == price_id]


def parsed_setting(text: str) -> tuple[str, Any]:
    """`path=value` of the command line; the value is read as JSON (numbers, lists, null), else as plain words."""
    path, equals, value = text.partition("=")
    if not equals or not path.strip():
        raise ScenarioError([f"--set {text}: write it as path=value, for instance workload.query_tokens=60"])
    field = FIELDS.get(path.strip())
    try:
        parsed = _word(value)
        if isinstance(parsed, str) and field is not None and field.kind == "list":
            parsed = [_word(word.strip()) for word in parsed.split(",")]
    except RecursionError:
        raise ScenarioError([f"--set {path.strip()}: the value is nested too deeply"]) from None
    return path.strip(), parsed


def _word(word: str) -> Any:
    """A word as JSON reads it (a number, a list, null), else as it stands."""
    try:
        return json.loads(word)
    except ValueError:
        return word


def resolved(scenario: Scenario, today: date) -> Scenario:
    """The scenario with an empty `finance.start_month` set to the month of `today`."""
    if scenario.finance.start_month is not None:
        return scenario
    finance = scenario.finance.model_copy(update={"start_month": f"{today:%Y-%m}"})
    return scenario.model_copy(update={"finance": finance})


def differing(scenario: Scenario, base: Scenario) -> dict[str, tuple[Any, Any]]:
    """Paths whose value differs: path -> (value in `base`, value in `scenario`), in declared order.

    A resolved start month over an empty one is no difference.
    """
    found = {}
    moved = [paths for name, paths in _PARTS.items() if getattr(base, name) != getattr(scenario, name)]
    for path in chain.from_iterable(moved):
        before, after = value_at(base, path), value_at(scenario, path)
        if before != after and not (path == "finance.start_month" and before is None):
            found[path] = (before, after)
    return found


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with the values of `over`; groups are merged field by field, everything else is replaced."""
    result = dict(base)
    for key, value in over.items():
        old = result.get(key)
        both_groups = isinstance(old, Mapping) and isinstance(value, Mapping) and key != "uncertainty"
        result[key] = merged(old, value) if both_groups else value  # type: ignore[arg-type]
    return result


_REFERENCES = {path: attrgetter(path) for path, field in FIELDS.items() if field.kind == "reference"}


def check_references(scenario: Scenario, book: PriceBook) -> None:
    """Refuse a model, store or other plan that the price book does not have (ScenarioError)."""
    found = []
    for path, ref_of in _REFERENCES.items():
        ref = ref_of(scenario)
        if ref is not None and book.plan(ref) is None:
            near = book.suggest(ref)
            hint = f"; near it: {', '.join(near)}" if near else ""
            found.append(f"{path}: '{ref}' is not in the price book{hint}; add its prices with a price file")
    store = book.plan(scenario.rag.vector_store) if scenario.rag.vector_store else None
    if store is not None and not is_store(store):
        found.append(f"rag.vector_store: '{store.ref}' is not a vector store; choose a plan with storage or a fee")
    found += [
        f"uncertainty: '{path}' is no price of the book; price ids read provider/item:meter"
        for path in scenario.uncertainty
        if path.startswith("price:") and not _rows_of(book, path.removeprefix("price:"))
    ]
    if found:
        raise ScenarioError(found)
