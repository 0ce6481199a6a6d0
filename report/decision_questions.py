"""The questions of fit in plain words, and what follows from each answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from costmodel.decision.decide import Decision
from costmodel.decision.fit import Finding
from costmodel.decision.rules import BREADTH, CITATIONS, CONSISTENCY, EXAMPLES, FRESHNESS, GAP, LATENCY, TEAM
from costmodel.presets.sources import AKOODE, CHOOSING, GABER, VELD
from costmodel.scenario import Architecture
from report.numbers import listed
from report.sentence import name, starting

NOT_ASKED = "Not asked"
EFFECTS = {"rules_out": "Rules out", "for": "For", "against": "Against"}

AUTHORS = {
    GABER: "Andy Gaber",
    VELD: "Veld Systems",
    AKOODE: "Akoode Technologies",
    CHOOSING: "Choosing the Right Approach",
}
"""How a work is cited where its title would not fit."""


@dataclass(frozen=True)
class Question:
    """One question of fit in plain words; without `options` its answer is a number of `unit`."""

    path: str
    title: str
    help: str
    options: Mapping[Any, str] = field(default_factory=dict)
    unit: str = ""
    step: float = 1.0
    """How far one click moves a number."""

    def said(self, answer: Any) -> str:
        """An answer in words."""
        return self.options[answer] if self.options else f"{answer:,.12g} {self.unit}"


QUESTIONS: tuple[Question, ...] = (
    Question(
        GAP,
        "What is missing today?",
        "Information: the model does not know your facts. Behaviour: it knows them and does not answer as you want.",
        {"information": "Information", "behaviour": "Behaviour", "both": "Both"},
    ),
    Question(
        FRESHNESS,
        "How often does the information change?",
        "Where an answer given right after a change must already be right.",
        {
            "static": "Never",
            "quarterly": "Quarterly",
            "monthly": "Monthly",
            "weekly": "Weekly",
            "daily": "Daily",
            "hourly": "Hourly",
        },
    ),
    Question(
        BREADTH,
        "Is the task narrow or broad?",
        "Narrow: sorting into classes, taking fields out of a form. Broad: answering questions, writing texts.",
        {"narrow": "Narrow", "broad": "Broad"},
    ),
    Question(
        CONSISTENCY,
        "Must all answers have the same form and tone?",
        "A strict structure or a brand's voice over thousands of answers, or whatever suits the question.",
        {"strict": "Yes, strictly", "variable": "They may vary"},
    ),
    Question(
        CITATIONS,
        "Must an answer name its sources?",
        "So that a reader can look up where it comes from, as in law, health and finance.",
        {True: "Yes", False: "No"},
    ),
    Question(
        LATENCY,
        "How long may an answer take, in ms?",
        "From question to answer, in milliseconds. It is held against the added latency of each architecture.",
        unit="ms",
        step=50.0,
    ),
    Question(
        EXAMPLES,
        "How many good training examples can you get?",
        "Pairs of a question and its ideal answer that you have, or can have written.",
        unit="examples",
        step=50.0,
    ),
    Question(
        TEAM,
        "How much machine learning can the team do?",
        "Limited: software and data engineers. Strong: people who have trained models and kept them running.",
        {"limited": "Limited", "strong": "Strong"},
    ),
)
"""In the order of the page."""


def who(keys: Iterable[Architecture], *, starts: bool = False) -> str:
    """The names of architectures as marks: "{rag} and {hybrid}"."""
    return listed([name(key, starts=starts and not number) for number, key in enumerate(keys)])


def consequence(decision: Decision, question: Question, keys: Sequence[Architecture]) -> str:
    """What follows from one answer for some architectures, in a line."""
    if question.path not in decision.answers:
        return ""
    by_effect = _by_effect(decision, question.path, keys)
    parts = [
        f"{word} {who(by_effect[effect])}"
        for effect, word in (("rules_out", "rules out"), ("for", "for"), ("against", "against"))
        if by_effect[effect]
    ]
    return f"{starting('; '.join(parts))}." if parts else "Nothing follows from this answer."


def _by_effect(decision: Decision, path: str, keys: Sequence[Architecture]) -> dict[str, list[Architecture]]:
    found: dict[str, list[Architecture]] = {"rules_out": [], "for": [], "against": []}
    for key in keys:
        fit = decision.fits[key]
        if any(each.rule.path == path for each in fit.rules_out):
            found["rules_out"].append(key)
        elif any(each.rule.path == path for each in fit.speaks_for):
            found["for"].append(key)
        elif any(each.rule.path == path for each in fit.against):
            found["against"].append(key)
    return found


@dataclass(frozen=True)
class Reason:
    """One rule that an answer set off, in words."""

    question: str
    answer: str
    effect: str
    sentence: str
    """Which architectures, and why; names as marks."""
    source: str


def reasons(decision: Decision, keys: Sequence[Architecture]) -> list[Reason]:
    """Every rule that the answers set off, in the order of the questions, hard ones first."""
    found: list[Reason] = []
    for question in QUESTIONS:
        if question.path not in decision.answers:
            continue
        for effect, words in EFFECTS.items():
            grouped: dict[tuple[str, str], list[Architecture]] = {}
            for key in keys:
                for each in _findings(decision, key):
                    if each.rule.path == question.path and each.rule.effect == effect:
                        grouped.setdefault((each.reason, cited(each)), []).append(key)
            answer = question.said(decision.answers[question.path])
            for (reason, source), of in grouped.items():
                names = ", ".join(name(key, starts=not number) for number, key in enumerate(of))
                sentence = f"{names}: {reason}."
                found.append(Reason(question.title, answer, words, sentence, source))
    return found


def _findings(decision: Decision, key: Architecture) -> tuple[Finding, ...]:
    fit = decision.fits[key]
    return (*fit.rules_out, *fit.speaks_for, *fit.against)


def cited(finding: Finding) -> str:
    """Who says so, by author (the titles stand in `works`); a guess says that it is one."""
    source = finding.rule.source
    if source.guess:
        return f"A guess: {source.text}"
    said = source.text
    for work, author in AUTHORS.items():
        said = said.replace(work, author)
    return starting(said)


def works(decision: Decision, keys: Sequence[Architecture]) -> str:
    """The works that the reasons cite, by author and title; "" when they cite none."""
    texts = [each.rule.source.text for key in keys for each in _findings(decision, key)]
    found = [work for work in AUTHORS if any(work in text for text in texts)]
    return f"Cited: {'; '.join(found)}." if found else ""


def reasons_finding(decision: Decision, keys: Sequence[Architecture]) -> str:
    """Title of the table of reasons: how many rules rule something out, and how many weigh."""
    found = reasons(decision, keys)
    hard = sum(each.effect == EFFECTS["rules_out"] for each in found)
    soft = len(found) - hard
    weigh = f"{soft} reason{' weighs' if soft == 1 else 's weigh'} for or against"
    if not found:
        return "Nothing follows from these answers"
    if not hard:
        return starting(weigh)
    return f"{hard} reason{' rules' if hard == 1 else 's rule'} something out" + (f", {weigh}" if soft else "")
