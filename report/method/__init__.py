"""The Method: how every dollar is worked out, as plain data made from the declarations in the code.

`python -m report.method` writes it as Markdown; the Method page shows the same chapters.
"""

from __future__ import annotations

from costmodel.results import Run
from costmodel.scenario import FIELDS, Scenario
from costmodel.terms import FORMULAS
from report.method import assumptions, bills, conventions, fit, gallery, money, presets, quantities
from report.method.blocks import Chapter, Drivers, Examples, ExampleShown, Paragraph, Section
from report.method.everything import KINDS
from report.method.forgotten import drivers

__all__ = ["Chapter", "chapters", "headline", "lead"]

BILLS = {
    "rag": "RAG",
    "fine_tuning": "Fine-tuning",
    "grounded": "Hybrid, grounded",
    "routed": "Hybrid, routed",
    "split": "Hybrid, split",
    "prompting": "Prompting",
}
"""Titles of the bills."""


def headline() -> str:
    """The method in one sentence."""
    return "Every dollar is a quantity times a price, in a month"


def lead() -> str:
    """What this is made of, and why it is true."""
    return (
        f"{len(FORMULAS)} formulas and {len(FIELDS)} assumptions make every number. This page is written by the code "
        "that computes them: each worked number below comes from the function it explains."
    )


def chapters(run: Run, examples: tuple[ExampleShown, ...] | None = None) -> tuple[Chapter, ...]:
    """All chapters in order, with the values of a run's scenario; `examples` when they are at hand already."""
    shown = gallery.examples() if examples is None else examples
    return (
        how_it_adds_up(),
        Chapter("quantities", "Every quantity", (_how_to_read(), *quantities.sections())),
        Chapter("money", "From prices to dollars", money.sections()),
        Chapter("conventions", "Conventions", conventions.sections()),
        Chapter("fit", "How fit is judged", fit.blocks()),
        every_assumption(run.scenario),
        easily_forgotten(run),
        Chapter("presets", "What the presets rest on", presets.sections()),
        published_examples(shown),
        Chapter("not-included", "What is not included", conventions.not_included()),
    )


def how_it_adds_up() -> Chapter:
    """The bills."""
    intro = (
        Paragraph(
            "A bill is a list of lines. A line is a quantity times a price, for each month: build labour is weeks "
            "times what a week costs, an answer is tokens times what a token costs. The cost of a month is the sum of "
            "its lines, the total is the sum of the months, and every other number is a sum over the same lines."
        ),
        Paragraph(
            "A line falls once (in the build, or when a hybrid adds its tuned side), monthly from month 1, or as an "
            "event in the months in which something is due. Lines without a quantity are left out. These are all "
            "lines that the model knows, in its order; what their quantities are made of stands below each bill."
        ),
    )
    lines = {kind.id: bills.bill(kind.id) for kind in KINDS}
    found = []
    for kind, bill in lines.items():
        special = sum(bool(line.only) for line in bill.lines)
        note = f"{len(bill.lines) - special} lines, {special} more in special cases"
        found.append(Section(f"bill-{kind.replace('_', '-')}", BILLS[kind], (bill,), True, note))
    return Chapter("bills", "How a bill adds up", (*intro, *found))


def _how_to_read() -> Paragraph:
    return Paragraph(
        "The arithmetic of each quantity as the code declares it, what it means, and an example. ⌈ ⌉ rounds up, ⌊ ⌋ "
        "rounds down. The names are those of the functions' own arguments; the bills above say what stands for them."
    )


def every_assumption(scenario: Scenario) -> Chapter:
    """The fields, with their values in a scenario."""
    intro = Paragraph(
        "All that can be set, with unit, default and limits. A default is neutral: nothing, or 1 where 1 is neutral; "
        f"realistic values live in the presets. Beside each stands its value in “{scenario.name}” and where that comes "
        "from; a guess says so. Besides these a scenario holds costs typed in, edited prices and ranges of uncertain "
        "numbers."
    )
    return Chapter("assumptions", "Every assumption", (intro, *assumptions.sections(scenario)))


def easily_forgotten(run: Run) -> Chapter:
    """What simple calculators leave out."""
    intro = Paragraph(
        "A bill of tokens is easily half of the truth. These are the drivers that simple calculators leave out: how "
        "large each is said to be and by whom, the field that holds it, and what it comes to here."
    )
    return Chapter("forgotten", "What simple calculators forget", (intro, Drivers(drivers(run))))


def published_examples(shown: tuple[ExampleShown, ...]) -> Chapter:
    """The gallery."""
    intro = Paragraph(
        f"{gallery.summary(shown)} Each example is typed in as scenario, prices and costs; its figures are read off "
        "the model's results. Where a publication contradicts its own inputs, ours is the recomputed figure."
    )
    return Chapter("examples", "Published examples", (intro, Examples(shown)))
