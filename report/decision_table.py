"""The decision for a terminal, as rows of a CSV file, and as plain values for JSON."""

from __future__ import annotations

import csv
import io
import math
from typing import Any

from costmodel import MODEL_VERSION
from costmodel.decision.decide import Decision, Step
from costmodel.decision.fit import Finding
from costmodel.results import Run
from costmodel.scenario import Architecture
from report.decision_order import (
    order_caption,
    order_finding,
    step_remark,
    step_rows,
    step_title,
    stop_rule,
    wrong_turn,
    wrong_turn_title,
)
from report.decision_questions import NOT_ASKED, QUESTIONS, reasons, works
from report.decision_text import cost_words, fit_words, launch, verdict
from report.palette import ARCHITECTURES
from report.sentence import money_of, plain

COLUMNS = ("architecture", "requirement", "answer", "effect", "reason", "rule", "source", "is_guess")


def as_dict(run: Run, decision: Decision) -> dict[str, Any]:
    """The decision as plain values; an amount that is not known is None."""
    turn = decision.wrong_turn
    return {
        "model_version": MODEL_VERSION,
        "requirements": {path.removeprefix("requirements."): answer for path, answer in decision.answers.items()},
        "answer": plain(verdict(run, decision).headline),
        "agreement": decision.agreement,
        "cheapest": decision.cheapest,
        "cheapest_by_cost": decision.cheapest_by_cost,
        "best_fit": list(decision.best_fit),
        "choice": decision.choice,
        "excluded": dict(run.excluded),
        "architectures": {key: _architecture(run, decision, key) for key in decision.fits},
        "order": [_step(step) for step in decision.steps],
        "wrong_turn": None
        if turn is None
        else {
            "first": turn.first,
            "sunk_usd": turn.sunk_usd,
            "weeks": turn.weeks,
            "months": turn.months,
            "delay_usd": turn.delay_usd,
            "on_top_of": turn.on_top_of,
        },
    }


def _architecture(run: Run, decision: Decision, key: Architecture) -> dict[str, Any]:
    fit = decision.fits[key]
    total = decision.totals_usd.get(key, math.nan)
    return {
        "compared": key in run.answers,
        "ruled_out": fit.ruled_out,
        "answers_for": fit.answers_for,
        "answers_against": fit.answers_against,
        "tco_usd": None if math.isnan(total) else total,
        "build_calendar_weeks": run.scenario.architecture(key).build_calendar_weeks,
        "rules_out": [_finding(each) for each in fit.rules_out],
        "for": [_finding(each) for each in fit.speaks_for],
        "against": [_finding(each) for each in fit.against],
    }


def _finding(found: Finding) -> dict[str, Any]:
    rule = found.rule
    return {
        "rule": rule.id,
        "requirement": rule.path,
        "answer": found.answer,
        "reason": found.reason,
        "source": rule.source.text,
        "is_guess": rule.source.guess,
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "architecture": step.architecture,
        "build_usd": step.build_usd,
        "per_month_usd": step.per_month_usd,
        "weeks": step.weeks,
        "on_top_of": step.on_top_of,
        "ruled_out_by": [each.rule.id for each in step.ruled_out],
        "stop": stop_rule(step),
    }


def rows_csv(decision: Decision) -> str:
    """What each rule says of each architecture, a row each."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerow(COLUMNS)
    for key, fit in decision.fits.items():
        for each in (*fit.rules_out, *fit.speaks_for, *fit.against):
            rule, answer = each.rule, each.answer
            said = ("yes" if answer else "no") if isinstance(answer, bool) else answer
            guess = "yes" if rule.source.guess else "no"
            writer.writerow((key, rule.path, said, rule.effect, each.reason, rule.id, rule.source.text, guess))
    return out.getvalue()


def table(run: Run, decision: Decision) -> str:
    """The decision in words for a terminal."""
    keys: list[Architecture] = [key for key in decision.fits if key in run.answers or _is_aside(run, key)]
    money = money_of(run)
    lines = [verdict(run, decision).sentence, ""]
    for key in keys:
        weeks = launch(run.scenario.architecture(key).build_calendar_weeks)
        fit = " ".join(word for word in fit_words(decision, key) if word) or NOT_ASKED
        cost = " ".join(word for word in cost_words(run, decision, key, money) if word)
        lines.append(f"{ARCHITECTURES[key].name:<14}{fit:<42}  {cost:<22}launch: {weeks}")
    found = reasons(decision, keys)
    lines.append("")
    question = ""
    for each in found:
        if each.question != question:
            question = each.question
            lines.append(f"{question} {each.answer}")
        lines.append(f"  {each.effect.lower()}: {plain(each.sentence)} [{each.source}]")
    lines += [works(decision, keys), ""] if found else []
    lines.append(f"{plain(order_finding(decision))}. {plain(order_caption(run, decision))}".strip())
    for number, step in enumerate(decision.steps, 1):
        amounts = ", ".join(f"{words.lower()} {value}" for words, value in step_rows(step, money))
        lines.append(f"{plain(step_title(step, number))}: {amounts}. {step_remark(step) or stop_rule(step)}")
    if decision.wrong_turn is not None:
        lost = wrong_turn(decision.wrong_turn, money, run.scenario.finance.delay_usd_per_week)
        lines.append(f"{plain(wrong_turn_title(decision.wrong_turn))}. {lost}")
    if unasked := [each.path for each in QUESTIONS if each.path not in decision.answers]:
        lines += ["", f"Not asked: {', '.join(unasked)} (answer with --set PATH=VALUE)"]
    return "\n".join(lines) + "\n"


def _is_aside(run: Run, key: Architecture) -> bool:
    return key == "prompting" and run.prompting is not None
