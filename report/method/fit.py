"""How fit is judged: every rule of the Decide page as it is declared, and what is made of them."""

from __future__ import annotations

from costmodel.decision.conditions import Above, BelowOwn, OneOf, Within
from costmodel.decision.rules import FIVE_QUESTIONS, ROLES, RULES, START_THERE, Rule
from report.decision_questions import EFFECTS, QUESTIONS, Question
from report.method.blocks import Block, Paragraph, Points, Section, Table
from report.method.reading import number, sentence
from report.numbers import listed

OWN = {"added_latency_ms": "its added latency", "training_examples": "the training examples that it is billed for"}
"""The architecture's own numbers that an answer is held against."""
PLACEHOLDERS = {"{answer}": "(the answer)", "{own}": "(its own)", "{share}": "(that share)"}
HEAD = ("When the answer is", "It", "Whom", "Because this", "Who says so")


def blocks() -> tuple[Block, ...]:
    """The chapter: how answers are weighed, then each question with its rules."""
    intro = Paragraph(
        "Cost says which architecture is cheapest, not whether it does the job. Eight questions ask for that; each is "
        "a field of `requirements` and may stay unanswered. A rule says for which answer it speaks for an "
        "architecture, against it, or rules it out, and who published that. No rule moves a dollar."
    )
    return (intro, Points(_reading()), *(_section(index, each) for index, each in enumerate(QUESTIONS, 1)))


def _reading() -> tuple[str, ...]:
    five = listed([f"`{path}`" for path in FIVE_QUESTIONS])
    return (
        "What is ruled out keeps its total, is shown greyed with its reason, and is never called cheapest: on no page, "
        "in no chart and in no file. It still takes part in crossings of pairs.",
        "Fit counts answers, not rules: those for an architecture less those against it. The compared ones with the "
        "largest count fit best, unless more speaks against each of them or nothing tells several apart.",
        "Of those that fit best the cheapest is taken for the order to build in; where another is cheapest the page "
        "says that cost and fit disagree.",
        "A routed or split hybrid may answer a share of the queries from its tuned model alone. Where that share is 0 "
        "it counts as RAG below, where it is everything as fine-tuning alone.",
        "An added latency of 0 means that none was given; no rule can hold a budget against it.",
        f"The count of answers for RAG looks at {five}; {START_THERE} are enough to start there.",
        "The order is prompting, then RAG, then tuning on top of it, each with what it adds: the build of a later step "
        "is worked out with the earlier one already built. RAG is left out where fine-tuning fits best, is cheapest of "
        "those that do, and no information is missing.",
        "The wrong turn is tuning before RAG has shown what is left to tune, or RAG where tuning alone fits. It loses "
        "its build and the calendar weeks to its launch, at the cost of delay where that is set. What it costs to run "
        "meanwhile is not counted. A month has 52/12 weeks.",
    )


def _section(index: int, question: Question) -> Section:
    rules = [rule for rule in RULES if rule.path == question.path]
    rows = tuple(_row(question, rule) for rule in rules)
    note = f"{len(rules)} rules"
    return Section(f"fit-{index}", question.title, (Paragraph(question.help), Table(HEAD, rows)), True, note)


def _row(question: Question, rule: Rule) -> tuple[str, ...]:
    whom = listed([ROLES[role] for role in rule.roles])
    reason = rule.reason
    for mark, words in PLACEHOLDERS.items():
        reason = reason.replace(mark, words)
    source = f"a guess: {rule.source.text}" if rule.source.guess else rule.source.text
    says = {"for": "speaks for", "against": "speaks against", "rules_out": EFFECTS["rules_out"].lower()}
    return (condition(question, rule), says[rule.effect], whom, reason, sentence(source))


def condition(question: Question, rule: Rule) -> str:
    """When a rule holds, in words."""
    unit = f" {question.unit}" if question.unit else ""
    match rule.when:
        case OneOf(values=values):
            words = [question.options[value] for value in values]
            return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
        case Within(low=low, below=below):
            parts = [f"{number(low)}{unit} or more" if low is not None else ""]
            parts.append(f"below {number(below)}{unit}" if below is not None else "")
            return ", ".join(part for part in parts if part)
        case Above(limit=limit):
            return f"above {number(limit)}{unit}"
        case BelowOwn(own=own):
            return f"below {OWN[own]}"
