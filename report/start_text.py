"""The words of the first minute: what each preset is for, the three questions, and the two one-click changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from costmodel.scenario import ARCHITECTURES as ORDER
from report.numbers import listed
from report.palette import ARCHITECTURES

PRESET_WORDS: Mapping[str, str] = {
    "pricing-brand-voice": "Answers shoppers with the prices of today, in the brand's voice.",
    "support-bot": "Answers customers from help articles that change every week.",
    "brand-voice": "Chats with shoppers in the brand's voice; what it says seldom changes.",
    "code-assistant": "Helps developers with the company's own code, which changes every day.",
    "email-drafts": "Writes many emails by one template.",
    "legal-research": "Finds and cites decisions among hundreds of thousands.",
    "ticket-classifier": "Sorts tickets into 12 categories; the answer is one label.",
    "routed-support": "Names what a customer wants, then answers from the right articles.",
    "published-low": "The bill of one blog post, at the low end; no queries are priced.",
    "published-high": "The bill of one blog post, at the high end; no queries are priced.",
    "legal-assistant": "Helps a law firm with cases, regulations and citations.",
}

OFFER = "Start with three questions"
QUESTIONS = ("What are you building?", "How much is it asked?", "How often does the content change?")
QUESTION_HELP = (
    "Choose what comes closest. Everything else starts from its figures, each with a source.",
    "In its first month. A guess will do: the lever shows where the answer turns.",
    "RAG puts what changed into its index. A tuned model has to be trained again.",
)
UPDATES: Mapping[float, tuple[str, str]] = {
    0.0: ("Hardly ever", "0 updates a month"),
    1.0: ("Once a month", "1 update a month"),
    4.0: ("Every week", "4 updates a month"),
    21.0: ("Every working day", "21 updates a month"),
}
"""Updates a month -> the answer, and what it is in the model."""
NEXT, BACK, FINISH = "Next", "Back", "Show the answer"

HAVE_RAG, LATER = "We already have RAG", "Tuning comes later"
LATER_MONTH = 6
"""A guess: half a year of plain RAG before a model is tuned; `hybrid.fine_tuning_starts_month` changes it."""


def own(updates: float) -> tuple[str, str]:
    """The answer that keeps a preset's own number of updates."""
    return "As often as this scenario has it", f"{updates:g} updates a month"


def progress(step: int) -> str:
    """Which question this is."""
    return f"Question {step + 1} of {len(QUESTIONS)}"


def already(built: Sequence[str]) -> str:
    """What it means that some architectures stand already."""
    if not built:
        return "Every build is charged."
    names = listed([ARCHITECTURES[key].in_sentence for key in ORDER if key in built])
    said = f"The build of {names} is paid for and not charged"
    return f"{said}, nor its half of the hybrid." if set(built) & {"rag", "fine_tuning"} else f"{said}."


def later(month: int, horizon: int, compared: bool) -> str:
    """What it means that the hybrid's tuned side comes later."""
    if not compared:
        return "The hybrid is not compared."
    if not month:
        return "The hybrid is tuned from the build on."
    if month > horizon:
        return f"The hybrid stays plain RAG: month {month} is beyond the horizon."
    return f"The hybrid is plain RAG until its tuning is built in month {month}."


def preset_words(preset: str | None) -> str:
    """What the scenario is for; one that comes from no preset is somebody's own."""
    return PRESET_WORDS.get(preset or "", "Your own scenario, from nothing.")
