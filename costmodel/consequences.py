"""What wrong answers and a late launch cost: beside the bill, and in it only when asked for."""

from __future__ import annotations

import numpy as np

from costmodel import migration, timeline, traffic, training
from costmodel.components import correct_share, outdated_share, wrong_answers
from costmodel.inputs import Inputs
from costmodel.ledger import CostLine, linear
from costmodel.scenario import Architecture
from costmodel.terms import Term, applied, given, positive


def lines(x: Inputs, architecture: Architecture) -> list[CostLine]:
    """Wrong answers [answer] and the delay until launch [week]; amounts as typed in, without drift or discount."""
    wrong = applied(wrong_answers, traffic.users(x), correct(x, architecture))
    weeks = x.at_build(x.read(f"{architecture}.build_calendar_weeks"))
    price, delay = x.read("quality.usd_per_wrong_answer"), x.read("finance.delay_usd_per_week")
    found = [
        linear("wrong_answers", "recurring", "wrong answers", wrong, "answer", price),
        linear("launch_delay", "one_time", "weeks until launch", weeks, "week", delay, architecture),
    ]
    for line in found:
        line.scope = "consequence"
    return found


def correct(x: Inputs, architecture: Architecture) -> Term:
    """Share of an architecture's answers that are right, by month: answers from weights go stale as content changes."""
    share = x.read(f"{architecture}.correct_share")
    if architecture == "hybrid":
        return _staged(x, _aging(x, share, _weights(x), training.in_hybrid(x)))
    if architecture == "fine_tuning":
        return _aging(x, share, given("answered from weights", "share", 1.0), training.alone(x))
    return share


def _weights(x: Inputs) -> Term:
    """Share of a hybrid's queries that are answered from weights, by its kind."""
    paths = {"split": "hybrid.fine_tuned_share", "routed": "hybrid.router_answers_share"}
    path = paths.get(x.hybrid.kind)
    return given("answered from weights", "share", 0.0) if path is None else x.read(path)


def _aging(x: Inputs, share: Term, weights: Term, side: training.Tuned) -> Term:
    stale = x.read("quality.stale_answer_share_per_change")
    if not positive(stale.value) or not positive(weights.value):
        return share
    assert side.retrain_interval is not None
    reset = np.zeros_like(x.months)
    if not side.own_weights:
        for month in migration.months_of(x, side.model):
            # A migration in or before the month of the build is the build itself.
            reset = np.where((x.months >= month) & (month > side.start), month - 1.0 - side.start, reset)
    since = given("last migration", "months", np.maximum(reset, 0.0))
    age = applied(timeline.mean_age, side.retrain_interval, side.since_build(x), since)
    updates, changed = x.read("corpus.updates_per_month"), x.read("corpus.changed_share_per_update")
    return applied(correct_share, share, weights, stale, applied(outdated_share, updates, changed, age))


def _staged(x: Inputs, own: Term) -> Term:
    """Before its tuned side runs a hybrid answers as RAG does."""
    start = x.hybrid.fine_tuning_starts_month
    if not positive(start):
        return own
    before = x.read("rag.correct_share")
    both = np.where(x.months <= start, before.value, own.value)
    return Term("answers that are right", "share", both, "sum", (before, own))
