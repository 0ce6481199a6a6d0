"""Scenario files: reading with the place of every fault, writing complete ones.

The shape is that of `Scenario`; `made_with` and `prices` may stand beside its fields.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from costmodel import MODEL_VERSION
from costmodel.changes import ScenarioError, merged, validated
from costmodel.made_with import MadeWith, made_with, parsed, rows_behind
from costmodel.presets import PRESETS
from costmodel.results import run_scenario
from costmodel.scenario import ARCHITECTURES, FORMAT_VERSION, Scenario
from pricing import importing
from pricing.book import Price, PriceBook, PriceError
from pricing.exporting import as_dict, row_of, rows_csv
from pricing.shown import quoted

MAX_BYTES = 2_000_000
MAX_PRICES = 5_000
"""Price rows that a scenario file may carry."""
_WORDS = {type(None): "null", bool: "true or false", str: "a text", list: "a list"}


@dataclass(frozen=True)
class ScenarioFile:
    """A scenario, what it was made with (None when its file does not say), and the price rows of then."""

    scenario: Scenario
    made: MadeWith | None = None
    prices: tuple[Price, ...] = ()


def text_of(content: bytes, name: str) -> str:
    """The text in the bytes of the file `name`. ScenarioError names the byte that is not UTF-8."""
    if len(content) > MAX_BYTES:
        raise ScenarioError([_too_large(name)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScenarioError([f"{name}: byte {error.start} is not UTF-8; save the file as UTF-8"]) from None


def _too_large(name: str) -> str:
    return f"{name}: larger than {MAX_BYTES / 1e6:g} MB, the limit of a scenario file"


def read(text: str, name: str) -> Scenario:
    """The scenario in the JSON `text` of the file `name`; unnamed fields keep their preset's or default value.

    ScenarioError names file, line and column of broken JSON, and path, value and limits of a broken value.
    """
    return opened(text, name).scenario


def opened(text: str, name: str) -> ScenarioFile:
    """The scenario of a file as by `read`, with the book, totals and price rows that it was made with.

    The rows have the origin `scenario file <name>`; `costmodel.made_with.restored` puts them into a book.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise ScenarioError([_too_large(name)])
    data = _parsed(text, name)
    version = data.get("format_version", FORMAT_VERSION)
    if version != FORMAT_VERSION or isinstance(version, bool):
        raise ScenarioError(
            [
                f"{name}, format_version: {quoted(version)} is not known; "
                f"this version of Crossover reads {FORMAT_VERSION}: open the file with the version that wrote it"
            ]
        )
    made, prices = data.pop("made_with", None), data.pop("prices", ())
    try:
        return ScenarioFile(
            with_preset(data | {"format_version": FORMAT_VERSION}),
            None if made is None else _made(made),
            _prices(prices, name),
        )
    except ScenarioError as error:
        raise ScenarioError([f"{name}, {problem}" for problem in error.problems]) from None


def _made(data: object) -> MadeWith:
    try:
        return parsed(data)
    except ValueError as error:
        raise ScenarioError([f"made_with: {error}"]) from None


def _prices(data: object, name: str) -> tuple[Price, ...]:
    if not isinstance(data, list | tuple):
        raise ScenarioError(["prices: is not a list [...]"])
    if len(data) > MAX_PRICES:
        raise ScenarioError([f"prices: {len(data):,} rows, {MAX_PRICES:,} are the limit of a scenario file"])
    rows: list[Price] = []
    for number, each in enumerate(data):
        try:
            rows.append(row_of(each, f"scenario file {name}"))
        except PriceError as error:
            words = str(error)
            raise ScenarioError([f"prices.{number}: {words if len(words) <= 300 else words[:297] + '...'}"]) from None
    try:
        PriceBook(rows)
    except PriceError as error:
        raise ScenarioError([f"prices: {error}"]) from None
    return tuple(rows)


def with_preset(data: Mapping[str, Any]) -> Scenario:
    """The scenario of `data` laid over the preset that it names, if any."""
    preset = data.get("preset")
    if preset is not None and (not isinstance(preset, str) or preset not in PRESETS):
        raise ScenarioError([f"preset: {quoted(preset)} is not a preset; use one of {', '.join(PRESETS)}, or null"])
    base = {} if preset is None else PRESETS[preset].scenario.model_dump(mode="json")
    return validated(merged(base, data) | {"model_version": MODEL_VERSION})


def written(scenario: Scenario, book: PriceBook | None = None) -> str:
    """The complete scenario as the text of a file.

    With the `book` (without the scenario's edits; its start month resolved) the file also carries what it was made
    with and every row of the plans that it names. Raises ScenarioError when the book lacks one of them.
    """
    content = scenario.model_dump(mode="json")
    if book is not None:
        content["made_with"] = made_with(run_scenario(scenario, book)).as_dict()
        content["prices"] = [as_dict(row) for row in rows_behind(scenario, book)]
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def on_own_prices(file: ScenarioFile, book: PriceBook) -> Scenario | None:
    """The scenario of a file with its price rows as edits wherever `book` says something else.

    None when the file carries no prices. The scenario's own edits stay, and win over the rows.
    """
    if not file.prices:
        return None
    rows = importing.preview(rows_csv(file.prices).encode(), "the scenario file", book).edits
    return file.scenario.model_copy(update={"price_edits": importing.combined(rows, file.scenario.price_edits)})


def schema() -> dict[str, Any]:
    """JSON Schema of a scenario file."""
    found = Scenario.model_json_schema()
    amount = {"anyOf": [{"type": "number"}, {"type": "null"}]}
    totals = dict.fromkeys(ARCHITECTURES, amount)
    row = Price.model_json_schema()
    columns = {name: each for name, each in row["properties"].items() if name not in ("origin", "line")}
    found["properties"] |= {
        "made_with": {
            "description": "Price book, model version and totals [USD] that the file was made with.",
            "type": "object",
            "required": ["price_book", "model_version"],
            "properties": {
                "price_book": {"type": "string", "maxLength": 80},
                "model_version": {"type": "string", "maxLength": 80},
                "totals_usd": {"type": "object", "properties": totals, "additionalProperties": False},
            },
        },
        "prices": {
            "description": "Price rows of the plans that the scenario names, as they were when the file was made.",
            "type": "array",
            "maxItems": MAX_PRICES,
            "items": {
                "type": "object",
                "required": row["required"],
                "properties": {"price_id": {"type": "string"}} | columns,
                "additionalProperties": False,
            },
        },
    }
    return found


def _parsed(text: str, name: str) -> dict[str, Any]:
    try:
        data = json.loads(text, parse_constant=_not_a_number, object_pairs_hook=_named_once)
    except _NamedTwice as error:
        raise ScenarioError([f"{name}: '{error}' stands twice in one object; keep one of them"]) from None
    except json.JSONDecodeError as error:
        raise ScenarioError([f"{name} line {error.lineno}, column {error.colno}: {error.msg}"]) from None
    except RecursionError:
        raise ScenarioError([f"{name}: nested too deeply to be a scenario file"]) from None
    except _NotANumber as error:
        raise ScenarioError([f"{name}: {error} is not a number that JSON knows"]) from None
    except ValueError:  # a whole number of thousands of digits
        raise ScenarioError([f"{name}: holds a number with too many digits"]) from None
    if not isinstance(data, dict):
        found = _WORDS.get(type(data), "a number")
        raise ScenarioError([f"{name}: holds {found}; a scenario file is one object {{...}}"])
    return data


class _NamedTwice(ValueError):
    pass


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _NamedTwice(key)
        found[key] = value
    return found


class _NotANumber(ValueError):
    pass


def _not_a_number(constant: str) -> None:
    raise _NotANumber(constant)
