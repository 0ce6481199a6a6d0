"""Published worked examples, worked out once more: ours beside theirs, and a way to open each in the app."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from costmodel import link, published
from costmodel.published import Example, ExampleError, FigureResult
from pricing.book import PriceBook
from report.method.blocks import ExampleShown, FigureShown
from report.numbers import MINUS, listed

VERDICTS = {
    "reproduces": "reproduces",
    "contradicts_own_inputs": "contradicts its own inputs",
    "not_expressible": "not expressible here",
    "differs": "differs",
}
UNPUBLISHED = "as expected"
"""Nothing was published to compare with; ours is what follows from the published inputs."""


def examples(book: PriceBook | None = None) -> tuple[ExampleShown, ...]:
    """Every example of the repository, judged."""
    return tuple(_shown(example, published.figures(example, book)) for example in published.load_examples())


def _shown(example: Example, figures: tuple[FigureResult, ...]) -> ExampleShown:
    words = {variant: _word(example, variant) for variant in example.shown_variants}
    rows = tuple(
        FigureShown(
            each.figure,
            each.published_as or in_unit(each.published, each.unit) if each.published is not None else "",
            in_unit(_as_printed(each), each.unit),
            UNPUBLISHED if each.published is None and each.verdict == "reproduces" else VERDICTS[each.verdict],
            each.reason,
            words.get(each.variant, ""),
        )
        for each in figures
    )
    first = next(iter(words.values()), "")
    content = example.content
    return ExampleShown(example.title, example.source, content.url or "", content.note, first, rows)


def _word(example: Example, variant: str) -> str:
    """The word of the link that opens a variant; empty when it is too long, or a price cannot be carried by one."""
    try:
        word = link.encoded(example.opened(variant))
    except ExampleError:
        return ""
    return word if len(word) <= link.MAX_CHARACTERS else ""


def in_unit(value: float | bool | tuple[float, float] | None, unit: str) -> str:
    """A figure with its unit: $108,000, 54.7%, 2 calls, yes."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return f"{in_unit(value[0], unit)} to {in_unit(value[1], unit)}"
    if unit == "share":
        return f"{_digits(value * 100)}%"
    money, _, per = unit.partition("/") if unit.startswith("USD") and " " not in unit else ("", "", "")
    if money == "USD":
        sign = MINUS if value < 0 else ""
        text = _digits(abs(value))
        text += "0" if len(text.partition(".")[2]) == 1 else ""
        return f"{sign}${text}" + (f" per {per}" if per else "")
    return f"{_digits(value)} {unit}".strip()


def _as_printed(figure: FigureResult) -> float | bool | None:
    """Ours, to as many digits as the figure that it is compared with has."""
    told = next((each for each in (figure.expected, figure.published) if isinstance(each, float)), None)
    if told is None or not isinstance(figure.ours, float):
        return figure.ours
    return round(figure.ours, max(0, -int(Decimal(f"{told:.12g}").normalize().as_tuple().exponent)))


def _digits(value: float) -> str:
    """All digits that a figure has, without the dust of arithmetic."""
    return f"{value:,.12g}".replace("-", MINUS)


def summary(shown: tuple[ExampleShown, ...]) -> str:
    """How many figures came out how, in one sentence."""
    figures = [each for example in shown for each in example.figures]
    return f"{len(figures)} figures from {len(shown)} publications: {counted(figures)}."


def counted(figures: Iterable[FigureShown]) -> str:
    """How many figures came out how."""
    counts = Counter(each.verdict for each in figures)
    return listed(
        [f"{number} {verdict if number == 1 else _plural(verdict)}" for verdict, number in counts.most_common()]
    )


def _plural(verdict: str) -> str:
    words = {
        "reproduces": "reproduce",
        "contradicts its own inputs": "contradict their own inputs",
        "differs": "differ",
        UNPUBLISHED: "as expected where nothing was published",
    }
    return words.get(verdict, verdict)
