"""The rules of fit as data: when a requirement speaks for an architecture, against it, or rules it out.

A rule speaks of *roles*, since a hybrid's kind and share decide what it can do: `costmodel.decision.fit.roles`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from costmodel.decision.conditions import Above, BelowOwn, Condition, OneOf, Within
from costmodel.presets.preset import Source, guess, sourced
from costmodel.presets.sources import AKOODE, CHOOSING, GABER, VELD

Effect = Literal["for", "against", "rules_out"]

MINIMUM_EXAMPLES = 500
ENOUGH_EXAMPLES = 1000
SHORT_BUDGET_MS = 500
LONG_BUDGET_MS = 1000
START_THERE = 3
"""Answers for RAG that are enough to start there, of those that the source asks for (`FIVE_QUESTIONS`)."""

ROLES: dict[str, str] = {
    "rag": "RAG",
    "fine_tuning": "fine-tuning",
    "hybrid": "any hybrid",
    "prompting": "prompting",
    "retrieving": "RAG",
    "grounded": "a grounded hybrid",
    "tuned": "fine-tuning alone",
    "mixed": "a hybrid that answers in part from its tuned model alone",
    "trained": "fine-tuning and any hybrid",
}
"""Whom a rule can speak of, in words; `costmodel.decision.fit.roles` says which hybrid counts as what."""


@dataclass(frozen=True)
class Rule:
    """When the answer to `path` meets `when`, this is said of every architecture that has one of the `roles`.

    `reason` goes on after the architecture's name; {answer}, {own} and {share} stand for the answer, the
    architecture's own number and the share of its answers that come from the tuned model alone.
    `brief` stands for the answer in a list of what rules something out: "weekly updates and citations".
    """

    id: str
    path: str
    when: Condition
    effect: Effect
    roles: tuple[str, ...]
    reason: str
    source: Source
    brief: str = ""

    @property
    def hard(self) -> bool:
        """Whether it rules an architecture out whatever else speaks for it."""
        return self.effect == "rules_out"


GAP, FRESHNESS, BREADTH = "requirements.gap", "requirements.freshness", "requirements.task_breadth"
CONSISTENCY, CITATIONS = "requirements.consistency", "requirements.citations"
LATENCY, EXAMPLES, TEAM = (
    "requirements.latency_budget_ms",
    "requirements.examples_available",
    "requirements.team_capacity",
)
PATHS = (GAP, FRESHNESS, BREADTH, CONSISTENCY, CITATIONS, LATENCY, EXAMPLES, TEAM)
"""The questions, in the order in which they are asked."""

FIVE_QUESTIONS = (FRESHNESS, CITATIONS, BREADTH, LATENCY, EXAMPLES)
"""Those of Veld Systems' questionnaire."""

OFTEN = ("weekly", "daily", "hourly")
DEFINITION = sourced("by definition: prompting retrieves nothing")
ARITHMETIC = sourced("arithmetic on the scenario's own figures")
READING = guess("our reading; nobody published it")
BOTH_SIDES = ("retrieving", "grounded")

RULES: tuple[Rule, ...] = (
    # What is missing
    Rule(
        "information",
        GAP,
        OneOf(("information",)),
        "for",
        BOTH_SIDES,
        "puts your information in front of the model with every query",
        sourced(f"{GABER}: if information is missing, RAG"),
    ),
    Rule(
        "information-tuned",
        GAP,
        OneOf(("information",)),
        "against",
        ("tuned",),
        "learns how to answer, not what is true",
        sourced(f"{AKOODE}: not the right tool for injecting facts; {GABER}: the most common mistake"),
    ),
    Rule(
        "information-prompting",
        GAP,
        OneOf(("information", "both")),
        "against",
        ("prompting",),
        "sees none of your documents",
        DEFINITION,
    ),
    Rule(
        "behaviour",
        GAP,
        OneOf(("behaviour",)),
        "for",
        ("tuned", "grounded"),
        "learns the behaviour from examples",
        sourced(f"{GABER}: if behaviour is missing, fine-tuning"),
    ),
    Rule(
        "behaviour-retrieving",
        GAP,
        OneOf(("behaviour",)),
        "against",
        ("retrieving",),
        "gives the model more to read, not another manner",
        sourced(f"{CHOOSING}: RAG cannot change how the model speaks"),
    ),
    Rule(
        "both",
        GAP,
        OneOf(("both",)),
        "for",
        ("grounded",),
        "covers both, facts by retrieval and manner by training",
        sourced(f"{GABER}: both problems, both techniques, RAG built first"),
    ),
    Rule(
        "both-retrieving",
        GAP,
        OneOf(("both",)),
        "against",
        ("retrieving",),
        "covers the information, not the behaviour",
        sourced(f"{GABER}: teams that pick one of the two underperform"),
    ),
    Rule(
        "both-tuned",
        GAP,
        OneOf(("both",)),
        "against",
        ("tuned",),
        "covers the behaviour, not the information",
        sourced(f"{GABER}: teams that pick one of the two underperform"),
    ),
    # How fresh
    Rule(
        "often-tuned",
        FRESHNESS,
        OneOf(OFTEN),
        "rules_out",
        ("tuned",),
        "cannot keep up with {answer} updates",
        sourced(f"{VELD}: with weekly updates RAG is the only sane option; {GABER}: stale almost at once"),
        brief="{answer} updates",
    ),
    Rule(
        "updates",
        FRESHNESS,
        OneOf((*OFTEN, "monthly", "quarterly")),
        "for",
        BOTH_SIDES,
        "answers from an updated document at once",
        sourced(f"{VELD}: monthly or more often, RAG; {GABER}: even quarterly"),
    ),
    Rule(
        "often-mixed",
        FRESHNESS,
        OneOf(OFTEN),
        "against",
        ("mixed",),
        "gives {share} of its answers from what it learned at the last training",
        READING,
    ),
    Rule(
        "often-prompting",
        FRESHNESS,
        OneOf(OFTEN),
        "against",
        ("prompting",),
        "knows only what somebody writes into its prompt",
        READING,
    ),
    Rule(
        "monthly-tuned",
        FRESHNESS,
        OneOf(("monthly", "quarterly")),
        "against",
        ("tuned",),
        "has to be retrained for every {answer} update",
        sourced(f"{VELD}: monthly or more often, RAG; {GABER}: retraining each quarter costs most teams more than RAG"),
    ),
    Rule(
        "static",
        FRESHNESS,
        OneOf(("static",)),
        "for",
        ("tuned",),
        "can learn once what does not change",
        sourced(f"{VELD}: data that rarely changes makes fine-tuning viable"),
    ),
    # How broad
    Rule(
        "narrow",
        BREADTH,
        OneOf(("narrow",)),
        "for",
        ("tuned",),
        "learns a narrow task exactly",
        sourced(f"{VELD}: narrow classification or extraction gains from fine-tuning"),
    ),
    Rule(
        "broad",
        BREADTH,
        OneOf(("broad",)),
        "for",
        BOTH_SIDES,
        "takes in any number of subjects by indexing them",
        sourced(f"{VELD}: broad question answering gains from RAG"),
    ),
    Rule(
        "broad-tuned",
        BREADTH,
        OneOf(("broad",)),
        "against",
        ("tuned",),
        "holds a limited amount of facts in its weights",
        sourced(f"{VELD}: a fixed capacity for knowledge; {CHOOSING}: the same"),
    ),
    # How alike
    Rule(
        "strict",
        CONSISTENCY,
        OneOf(("strict",)),
        "for",
        ("tuned", "grounded"),
        "keeps form and tone over thousands of answers",
        sourced(f"{GABER}: fine-tuning excels at consistency; {VELD}: more reliable for consistent formatting"),
    ),
    Rule(
        "strict-retrieving",
        CONSISTENCY,
        OneOf(("strict",)),
        "against",
        ("retrieving",),
        "follows form and tone only as well as its instructions",
        sourced(f"{GABER}: RAG cannot repeat a behaviour reliably"),
    ),
    Rule(
        "strict-prompting",
        CONSISTENCY,
        OneOf(("strict",)),
        "against",
        ("prompting",),
        "drifts when users ask in many ways",
        sourced(f"{AKOODE}: prompt instructions alone drift"),
    ),
    Rule(
        "variable",
        CONSISTENCY,
        OneOf(("variable",)),
        "for",
        ("retrieving",),
        "does well with good prompts where answers may vary",
        sourced(f"{GABER}: variable behaviour, RAG with good prompts"),
    ),
    # Citations
    Rule(
        "citations-tuned",
        CITATIONS,
        OneOf((True,)),
        "rules_out",
        ("tuned",),
        "cannot name the sources of an answer",
        sourced(f"{VELD}: nearly impossible with fine-tuning; {CHOOSING}: cannot point to a source document"),
        brief="citations",
    ),
    Rule(
        "citations-prompting",
        CITATIONS,
        OneOf((True,)),
        "rules_out",
        ("prompting",),
        "has no sources to name",
        DEFINITION,
        brief="citations",
    ),
    Rule(
        "citations",
        CITATIONS,
        OneOf((True,)),
        "for",
        BOTH_SIDES,
        "can name the documents behind an answer",
        sourced(f"{VELD}: citations, use RAG; {AKOODE}: retrieved documents can be traced"),
    ),
    Rule(
        "citations-mixed",
        CITATIONS,
        OneOf((True,)),
        "against",
        ("mixed",),
        "gives {share} of its answers without a source",
        READING,
    ),
    # Latency
    Rule(
        "latency-over",
        LATENCY,
        BelowOwn("added_latency_ms"),
        "rules_out",
        ("rag", "fine_tuning", "hybrid", "prompting"),
        "adds {own} ms, more than the {answer} ms that an answer may take",
        ARITHMETIC,
        brief="a budget of {answer} ms",
    ),
    Rule(
        "latency-short",
        LATENCY,
        Within(below=SHORT_BUDGET_MS),
        "for",
        ("tuned",),
        "answers without searching first",
        sourced(f"{VELD}: under 500 milliseconds end to end, consider fine-tuning"),
    ),
    Rule(
        "latency-short-retrieving",
        LATENCY,
        Within(below=SHORT_BUDGET_MS),
        "against",
        (*BOTH_SIDES, "mixed"),
        "searches before it answers, which takes 200 to 500 ms",
        sourced(f"{VELD}: retrieval adds 200 to 500 milliseconds"),
    ),
    Rule(
        "latency-short-prompting",
        LATENCY,
        Within(below=SHORT_BUDGET_MS),
        "against",
        ("prompting",),
        "reads its examples anew with every query",
        sourced(f"{CHOOSING}: a smaller context responds faster"),
    ),
    Rule(
        "latency-long",
        LATENCY,
        Above(LONG_BUDGET_MS),
        "for",
        BOTH_SIDES,
        "has the time to search first",
        sourced(f"{VELD}: over one second is fine for RAG"),
    ),
    # Training examples
    Rule(
        "examples-few",
        EXAMPLES,
        Within(below=MINIMUM_EXAMPLES),
        "rules_out",
        ("trained",),
        f"needs {MINIMUM_EXAMPLES} good examples and gets {{answer}}",
        sourced(f"{VELD}: with fewer than 500 examples RAG is the only practical option"),
        brief=f"fewer than {MINIMUM_EXAMPLES} examples",
    ),
    Rule(
        "examples-planned",
        EXAMPLES,
        BelowOwn("training_examples"),
        "against",
        ("trained",),
        "is billed for {own} examples and gets {answer}",
        ARITHMETIC,
    ),
    Rule(
        "examples-enough",
        EXAMPLES,
        Within(low=ENOUGH_EXAMPLES),
        "for",
        ("trained",),
        "has enough examples to learn from",
        sourced(f"{GABER}: 1,000 to 2,000 good examples; {AKOODE}: one thousand good ones beat ten thousand others"),
    ),
    # The team
    Rule(
        "team-limited",
        TEAM,
        OneOf(("limited",)),
        "against",
        ("trained",),
        "takes people who train and look after models",
        sourced(f"{GABER}: such teams should default to RAG; {AKOODE}: skills that many product teams lack"),
    ),
    Rule(
        "team-limited-rag",
        TEAM,
        OneOf(("limited",)),
        "for",
        ("rag",),
        "is ordinary data and software engineering",
        sourced(f"{AKOODE}: use RAG without machine-learning capacity; {GABER}: easier to build and to debug"),
    ),
)
