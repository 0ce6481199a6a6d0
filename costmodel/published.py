"""Published worked examples as data: a scenario, prices and typed-in costs; figures read off its results; verdicts.

One JSON file per example; `costmodel/examples/README.md` describes it. Nothing here knows any one of them.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal, NoReturn

from pydantic import ValidationError

from costmodel import expressions
from costmodel.changes import ScenarioError, merged
from costmodel.expressions import Expression, ExpressionError, Tree, number_at
from costmodel.fields import value_at
from costmodel.figures import OTHER_FUNCTIONS, RESULT_FUNCTIONS, RESULT_NAMES, Readings, Seen, as_it_is
from costmodel.files import with_preset
from costmodel.published_file import BASE, SAME, Content, ExampleError, Figure, Value, Written, read_content
from costmodel.scenario import ARCHITECTURES, FIELDS, Scenario
from pricing.book import Price, PriceBook, PriceEdit, PriceError
from pricing.catalog import COLUMNS, REQUIRED, load_book
from pricing.refusals import explain

EXAMPLES: Final = Path(__file__).parent / "examples"
MAX_FILES: Final = 500
START_MONTH: Final = "2026-11"
"""Build month of an example that names none, so that its figures do not depend on the day."""
PRICE_COLUMNS: Final = tuple(column for column in COLUMNS if column not in ("price_id", "effective_to"))
"""Columns of an example's prices: those that a price edit can take over, and what is said about them."""
AMOUNTS: Final = ("usd", "usd_per_month", "usd_per_query")
SHAKES: Final = 40
"""So many times the results are changed at random before a figure is said to depend on none of them."""

Verdict = Literal["reproduces", "contradicts_own_inputs", "not_expressible", "differs"]
Plain = float | bool | tuple[float, float] | None


@dataclass(frozen=True)
class FigureResult:
    """One figure with ours beside the published one; `ours` is None when it cannot be expressed."""

    id: str
    figure: str
    published: Plain
    ours: float | bool | None
    verdict: Verdict
    expected: Plain
    unit: str
    reason: str
    published_as: str
    variant: str

    def as_dict(self) -> dict[str, Any]:
        """The figure as plain values for JSON."""
        return {
            "id": self.id,
            "figure": self.figure,
            "published": list(self.published) if isinstance(self.published, tuple) else self.published,
            "ours": self.ours,
            "verdict": self.verdict,
            "expected": self.expected,
            "unit": self.unit,
            "reason": self.reason,
        }


class Example:
    """A published example, checked: every variant is a scenario with prices, every expression can be read."""

    def __init__(self, content: Content, file: str) -> None:
        self.content = content
        self.file = file
        if BASE in content.variants:
            self._refuse(f"variants.{BASE}", "stands for the scenario itself; choose another name")
        self.variants: tuple[str, ...] = (BASE, *content.variants)
        self._expressions = {figure: self._parsed(place, figure) for place, figure in self._figures()}
        self._inputs = {variant: self._inputs_of(variant) for variant in self.variants}
        self._scenarios = {variant: self._scenario_of(variant) for variant in self.variants}
        self._prices = {variant: self._prices_of(variant) for variant in self.variants}

    @property
    def id(self) -> str:
        """Its short name."""
        return self.content.id

    @property
    def title(self) -> str:
        """What it is about."""
        return self.content.title

    @property
    def source(self) -> str:
        """Who published it."""
        return self.content.source

    @cached_property
    def shown_variants(self) -> tuple[str, ...]:
        """Variants that figures are read from, in the order of the figures."""
        return tuple(dict.fromkeys(figure.variant for figure in self.content.figures if figure.expression))

    def scenario(self, variant: str = BASE) -> Scenario:
        """The scenario of a variant, without the example's prices."""
        return self._scenarios[variant]

    def prices(self, variant: str = BASE) -> tuple[Price, ...]:
        """The price rows of a variant."""
        return self._prices[variant]

    def opened(self, variant: str = BASE) -> Scenario:
        """The scenario of a variant with the prices that it uses as price edits: what the app opens."""
        scenario = self._scenarios[variant]
        used = {value_at(scenario, path) for path, field in FIELDS.items() if field.kind == "reference"}
        edits = tuple(self._edit(row) for row in self._prices[variant] if row.ref in used)
        return scenario.model_copy(update={"price_edits": edits})

    def figures(self, book: PriceBook | None = None) -> tuple[FigureResult, ...]:
        """Every figure, computed on `book` (the product's own) with the example's prices, and judged.

        ExampleError when one cannot be computed or depends on no result.
        """
        book = load_book() if book is None else book
        books: dict[tuple[Price, ...], PriceBook] = {(): book}
        for variant, rows in self._prices.items():
            if rows not in books:
                try:
                    books[rows] = book.with_rows(rows)
                except PriceError as error:
                    self._refuse(f"prices of variant {variant!r}", str(error))
        readings = Readings(self._scenarios, {variant: books[rows] for variant, rows in self._prices.items()})
        return tuple(self._result(place, figure, readings) for place, figure in self._figures())

    def _figures(self) -> Iterable[tuple[str, Figure]]:
        return ((f"figures[{n}] '{figure.name}'", figure) for n, figure in enumerate(self.content.figures))

    def _refuse(self, place: str, wrong: str) -> NoReturn:
        raise ExampleError(f"{self.file}, {place}: {wrong}")

    # Reading

    def _parsed(self, place: str, figure: Figure) -> Expression | None:
        if figure.variant not in self.variants:
            self._refuse(place, f"variant {figure.variant!r} is not there; it has {', '.join(self.variants)}")
        if figure.expression is None:
            return None
        try:
            found = expressions.parsed(
                figure.expression, ("inputs", *RESULT_NAMES), (*RESULT_FUNCTIONS, *OTHER_FUNCTIONS)
            )
        except ExpressionError as error:
            self._refuse(f"{place}, expression", str(error))
        if not (found.names & set(RESULT_NAMES) or found.calls & set(RESULT_FUNCTIONS)):
            self._refuse(
                f"{place}, expression",
                "reads no result of the model; read one by its name (rag.tco_usd) or its function (cost, quantity)",
            )
        return found

    def _inputs_of(self, variant: str) -> dict[str, Any]:
        own = {} if variant == BASE else self.content.variants[variant].inputs
        for name in own:
            if name not in self.content.inputs:
                self._refuse(f"variants.{variant}.inputs", f"{name!r} is no input of the example; add it to inputs")
        return dict(_plain(merged(self.content.inputs, own)))

    def _scenario_of(self, variant: str) -> Scenario:
        data = _copied(self.content.scenario)
        place = "scenario"
        if variant != BASE:
            place = f"variants.{variant}"
            for path, value in self.content.variants[variant].set.items():
                self._put(data, path, value, f"{place}.set")
        if "price_edits" in data:
            self._refuse(f"{place}, price_edits", "prices of an example stand in its list 'prices'; move them there")
        self._check_typed_in(variant, data, place)
        computed = dict(self._computed(data, place, variant))
        name = self.title + ("" if variant == BASE else f" ({variant.replace('_', ' ')})")
        computed = {"name": name, **computed}
        try:
            scenario = with_preset(computed)
        except ScenarioError as error:
            self._refuse(place, str(error))
        if scenario.finance.start_month is None:
            finance = scenario.finance.model_copy(update={"start_month": START_MONTH})
            scenario = scenario.model_copy(update={"finance": finance})
        return scenario

    def _put(self, data: dict[str, Any], path: str, value: Any, place: str) -> None:
        names = path.split(".")
        for name in names[:-1]:
            data = data.setdefault(name, {})
            if not isinstance(data, dict):
                self._refuse(f"{place}.{path}", f"{name} is no group of fields; write the path as group.field")
        data[names[-1]] = _copied(value)

    def _check_typed_in(self, variant: str, data: Mapping[str, Any], place: str) -> None:
        """Amounts of extra costs are expressions over the inputs, and none is a figure that it should explain."""
        extras = data.get("extra_costs", [])
        figures = [each for each in self.content.figures if each.variant == variant and each.unit.startswith("USD")]
        for number, extra in enumerate(extras if isinstance(extras, list) else []):
            for amount in AMOUNTS:
                written = extra.get(amount) if isinstance(extra, dict) else None
                if written is None:
                    continue
                at = f"{place}, extra_costs[{number}].{amount}"
                if not isinstance(written, str) or "inputs" not in self._over_inputs(written, at).names:
                    self._refuse(at, 'write it as an expression over the published inputs, such as "= inputs.fee"')
                value = abs(self._number(written, at, variant))
                for figure in figures:
                    if any(value and abs(value - abs(each)) <= SAME * value for each in _numbers_of(figure)):
                        self._refuse(
                            at, f"is the figure '{figure.name}' itself; type in its parts, or use a price or a field"
                        )

    def _over_inputs(self, written: str, place: str) -> Expression:
        try:
            return expressions.parsed(written.strip().removeprefix("="), ("inputs",), ())
        except ExpressionError as error:
            self._refuse(place, str(error))

    def _number(self, written: str, place: str, variant: str) -> float:
        """The number that an expression over the inputs comes to; whole ones as whole numbers."""
        try:
            found = self._over_inputs(written, place).value(self._input_names(variant), {})
        except ExpressionError as error:
            self._refuse(place, str(error))
        if isinstance(found, bool):
            self._refuse(place, "comes to true or false, not to a number")
        return int(found) if found.is_integer() and abs(found) < 1e15 else found

    def _input_names(self, variant: str) -> dict[str, Tree]:
        return {"inputs": Tree(self._inputs[variant], "inputs", number_at)}

    def _computed(self, value: Any, place: str, variant: str) -> Any:
        """A part of the file with its expressions (texts that begin with =) computed."""
        if isinstance(value, dict):
            return {key: self._computed(each, f"{place}.{key}", variant) for key, each in value.items()}
        if isinstance(value, list):
            return [self._computed(each, f"{place}[{n}]", variant) for n, each in enumerate(value)]
        if isinstance(value, str) and value.lstrip().startswith("="):
            return self._number(value, place, variant)
        return _plain(value)

    def _prices_of(self, variant: str) -> tuple[Price, ...]:
        return tuple(self._price(row, f"prices[{n}]", variant) for n, row in enumerate(self.content.prices))

    def _price(self, row: Mapping[str, Any], place: str, variant: str) -> Price:
        for column in row:
            if column not in PRICE_COLUMNS:
                self._refuse(f"{place}.{column}", f"is no column here; use {', '.join(PRICE_COLUMNS)}")
        values = {key: self._computed(each, f"{place}.{key}", variant) for key, each in row.items()}
        values = {key: each for key, each in values.items() if each is not None}
        for column in REQUIRED:
            if column not in values:
                self._refuse(f"{place}.{column}", f"is missing; every price needs {', '.join(REQUIRED)}")
        try:
            return Price.model_validate({"source": self.source, **values, "origin": f"{self.file} {place}"})
        except ValidationError as error:
            self._refuse(place, explain(error).removeprefix(", "))

    def _edit(self, row: Price) -> PriceEdit:
        note = f"{row.note}; " if row.note else ""
        values = {name: getattr(row, name) for name in row.model_fields_set & set(PriceEdit.model_fields)}
        return PriceEdit.model_validate({**values, "reason": f"{note}as published: {self.source}"[:500]})

    # Judging

    def _result(self, place: str, figure: Figure, readings: Readings) -> FigureResult:
        expression = self._expressions[figure]
        ours = None
        verdict: Verdict = "not_expressible"
        reason = figure.reason
        if expression is not None:
            ours = self._ours(place, figure, expression, readings)
            verdict, reason = judged(figure, ours)
        return FigureResult(
            id=self.id,
            figure=figure.name,
            published=_shown(figure.published),
            ours=ours,
            verdict=verdict,
            expected=_shown(figure.expected),
            unit=figure.unit,
            reason=reason,
            published_as=figure.published_as,
            variant=figure.variant,
        )

    def _ours(self, place: str, figure: Figure, expression: Expression, readings: Readings) -> float | bool:
        def with_results(seen: Seen) -> float | bool:
            compared = readings.names(figure.variant, seen)
            gone = sorted(expression.names & set(ARCHITECTURES) - set(compared))
            if gone:
                raise ExpressionError(f"{gone[0]} is not compared in variant {figure.variant!r}: see finance.compared")
            names = {**compared, **self._input_names(figure.variant)}
            return expression.value(names, readings.functions(figure.variant, seen))

        try:
            ours = with_results(as_it_is)
        except ExpressionError as error:
            self._refuse(f"{place}, expression", str(error))
        if not _depends(ours, with_results):
            self._refuse(
                f"{place}, expression", "comes to the same whatever the model's results are; compute it from them"
            )
        return ours


def _depends(ours: float | bool, with_results: Callable[[Seen], float | bool]) -> bool:
    """Whether a figure changes when the results that it reads are changed at random, each by its own factor."""
    for seed in range(SHAKES):

        def changed(key: str, value: float, seed: int = seed) -> float:
            factor: float = 10.0 ** (12 * zlib.crc32(f"{seed} {key}".encode()) / 2**32 - 6)
            return value * factor if value else factor

        try:
            other = with_results(changed)
        except ExpressionError:
            return True
        if abs(other - ours) > SAME * max(abs(other), abs(ours)):
            return True
    return False


def judged(figure: Figure, ours: float | bool) -> tuple[Verdict, str]:
    """The verdict on a figure, and why unless it reproduces."""
    claim = figure.verdict
    as_published = figure.published is None or _agrees(figure.published, ours, figure.decimals)
    decimals = figure.decimals if figure.published is None else None
    as_expected = figure.expected is None or _agrees(figure.expected, ours, decimals)
    found = told(ours)
    if not as_expected:
        return "differs", f"ours, {found}, is not the expected {told(_shown(figure.expected))}"
    if claim == "contradicts_own_inputs":
        if as_published:
            return "differs", f"ours, {found}, agrees with what was published; the file says that it contradicts"
        return claim, figure.reason
    if not as_published:
        return "differs", f"ours, {found}, is not the published {told(_shown(figure.published))}"
    return "reproduces", ""


def _agrees(value: Value, ours: float | bool, decimals: int | None) -> bool:
    if isinstance(value, bool) or isinstance(ours, bool):
        return value is ours
    if isinstance(value, tuple):
        low, high = value
        closest = max(low.decimals, high.decimals) if decimals is None else decimals
        return Written(ours, closest).is_between(low.value, high.value)
    return value.agrees(ours, decimals)


def _shown(value: Value | None) -> Plain:
    if isinstance(value, tuple):
        return value[0].number, value[1].number
    return value.number if isinstance(value, Written) else value


def told(value: Plain) -> str:
    """A figure in words: 1,422, 0.4 to 0.6, true, or - where there is none."""
    if isinstance(value, tuple):
        return f"{value[0]:,.12g} to {value[1]:,.12g}"
    if value is None:
        return "-"
    return str(value).lower() if isinstance(value, bool) else f"{value:,.12g}"


def _numbers_of(figure: Figure) -> list[float]:
    """What was published or is expected of a figure, ends of a range included."""
    values = [figure.published, figure.expected]
    ends = [end for value in values for end in (value if isinstance(value, tuple) else (value,))]
    return [end.value for end in ends if isinstance(end, Written)]


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(each) for key, each in value.items()}
    return [_copied(each) for each in value] if isinstance(value, list) else value


def _plain(value: Any) -> Any:
    """Numbers of a file as Python's own."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return float(value) if isinstance(value, Decimal) else value


def read_example(path: Path) -> Example:
    """The example in one file. ExampleError with the place of what is wrong."""
    return Example(read_content(path), path.name)


def example_files(directory: Path = EXAMPLES) -> tuple[Path, ...]:
    """The example files of a directory, by name. ExampleError when there is none."""
    try:
        found = sorted(path for path in directory.iterdir() if path.suffix == ".json")
    except OSError as error:
        raise ExampleError(f"{directory}: cannot be read ({error.strerror})") from None
    if not found:
        raise ExampleError(f"{directory}: holds no .json file; costmodel/examples/README.md says how to write one")
    if len(found) > MAX_FILES:
        raise ExampleError(f"{directory}: holds {len(found):,} .json files, {MAX_FILES} are the limit; split it")
    return tuple(found)


def read_each(directory: Path = EXAMPLES) -> Iterator[Example | ExampleError]:
    """The examples of a directory, in the order of their files; for a file that cannot be, what is wrong with it."""
    files: dict[str, str] = {}
    for path in example_files(directory):
        try:
            example = read_example(path)
        except ExampleError as error:
            yield error
            continue
        if example.id in files:
            yield ExampleError(f"{path.name}, id: {example.id} is the id of {files[example.id]} already")
        else:
            files[example.id] = example.file
            yield example


def load_examples(directory: Path = EXAMPLES) -> tuple[Example, ...]:
    """The examples of a directory, in the order of their files. ExampleError for the first that cannot be."""
    found = []
    for each in read_each(directory):
        if isinstance(each, ExampleError):
            raise each
        found.append(each)
    return tuple(found)


def figures(example: Example, book: PriceBook | None = None) -> tuple[FigureResult, ...]:
    """Every figure of an example, computed on `book` (the product's own unless given) and judged."""
    return example.figures(book)


__all__ = [
    "BASE",
    "EXAMPLES",
    "Example",
    "ExampleError",
    "FigureResult",
    "figures",
    "judged",
    "load_examples",
    "read_each",
    "read_example",
    "told",
]
