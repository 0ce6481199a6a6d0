"""What a tuned side pays for its training: the first release, retrainings, revalidations and a retired model."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from costmodel import migration, timeline
from costmodel.components import training_hours, training_tokens
from costmodel.inputs import Inputs
from costmodel.ledger import (
    JOB,
    MILLION,
    CostLine,
    labour_line,
    linear,
    metered_line,
    missing_price,
    not_chosen,
    priced,
    release_evaluation,
    unknown_line,
)
from costmodel.terms import Number, Term, anything, applied, given, positive, product
from pricing.book import MeterPrices
from pricing.plans import job

SIDE = "fine_tuning"
EVALUATION = "fine_tuning.evaluation_usd_per_release"


class Tuned(NamedTuple):
    """The tuned side of an architecture: a tuned model, or the router of a hybrid.

    It is built in month `start` and runs in the months after. Overrides of amounts never apply to a router.
    """

    model: str | None
    model_path: str
    examples_path: str
    hosting: str
    router: bool = False
    start: Number = 0
    retrain_interval: Term | None = None

    @property
    def hosted(self) -> bool:
        """Whether it is paid by the hour."""
        return self.hosting != "serverless"

    @property
    def own_weights(self) -> bool:
        """Whether it runs on rented GPUs; then its model does not retire."""
        return self.hosting == "self_hosted"

    def built(self, x: Inputs, term: Term) -> Term:
        """A quantity in the month of its build."""
        return term.during(x.months == self.start) if positive(self.start) else x.at_build(term)

    def running(self, x: Inputs) -> Any:
        """Its months of operation, as a mask."""
        return x.months > self.start if positive(self.start) else x.operating

    def since_build(self, x: Inputs) -> Term:
        """Months since its build [months]."""
        if not positive(self.start):
            return x.once("months since the build", lambda: x.month.named("months since the build", ""))
        return given("months since the build", "", np.maximum(x.months - self.start, 0.0))


def alone(x: Inputs) -> Tuned:
    """The tuned model of fine-tuning: content updates can force a retrain before the calendar does."""
    tuning = x.fine_tuning
    interval = _interval(x, x.read("fine_tuning.retrain_every_months"), forced=True)
    examples = "fine_tuning.training_examples"
    return Tuned(tuning.model, "fine_tuning.model", examples, tuning.hosting, retrain_interval=interval)


def in_hybrid(x: Inputs) -> Tuned:
    """The tuned side of a hybrid of any kind; in a routed one that is the router."""
    hybrid, tuning = x.hybrid, x.fine_tuning
    own = hybrid.retrain_every_months is not None
    cadence = x.read("hybrid.retrain_every_months" if own else "fine_tuning.retrain_every_months")
    interval = _interval(x, cadence, forced=hybrid.kind == "split")
    start = hybrid.fine_tuning_starts_month
    if hybrid.kind != "routed":
        examples = "fine_tuning.training_examples"
        return Tuned(tuning.model, "fine_tuning.model", examples, tuning.hosting, False, start, interval)
    model, path = hybrid.router_model, "hybrid.router_model"
    if model is None:
        model, path = tuning.model, "fine_tuning.model"
    examples = "hybrid.router_training_examples"
    return Tuned(model, path, examples, hybrid.router_hosting, True, start, interval)


def _interval(x: Inputs, cadence: Term, forced: bool) -> Term:
    """Months between retrainings: the calendar, or content updates that force an earlier one."""
    calendar = timeline.shortest(cadence.value)
    if not forced:
        return Term(cadence.label, "months", calendar, "sum", (cadence,))
    needed, updates = x.read("fine_tuning.updates_per_retrain"), x.read("corpus.updates_per_month")
    by_updates = applied(timeline.forced_interval, needed, updates)
    shortest = timeline.shortest(cadence.value, by_updates.value)
    sooner = shortest < calendar
    if not anything(sooner):
        return Term(cadence.label, "months", calendar, "sum", (cadence,))
    binding = (by_updates,) if np.all(sooner) else (cadence, by_updates)
    return Term("months between retrainings", "months", shortest, "sum", binding)


def lines(x: Inputs, side: Tuned) -> list[CostLine]:
    """First release, retrainings, revalidations, migrations and upkeep; not engineer-weeks, hosting and answers."""
    assert side.retrain_interval is not None
    since, running = side.since_build(x), side.running(x)
    # The same for every side that begins with the build and trains the same model on as many examples.
    alike = ("first release", since, side.model, side.hosting, side.examples_path)
    release, checked, upkeep = x.once(alike, lambda: _first_release(x, side, since))
    retrains = applied(timeline.events, side.retrain_interval, since, label="retrainings").during(running)
    new = product(
        "new examples", "examples", retrains, x.read("fine_tuning.retrain_examples_share"), x.read(side.examples_path)
    )
    again = product("runs", "runs", retrains, x.read("fine_tuning.retrain_runs"))
    return [
        *release,
        _labels(x, "event", "examples labelled for retraining", new),
        *_training(x, side, "event", "retraining", again),
        release_evaluation(x, "event", retrains.named("releases", "releases"), EVALUATION, SIDE),
        labour_line(x, "retrain_labour", "event", "hours of retraining", _hours(x, retrains, "retrain_hours"), SIDE),
        checked,
        *_migration(x, side),
        upkeep,
    ]


def _first_release(x: Inputs, side: Tuned, since: Term) -> tuple[list[CostLine], CostLine, CostLine]:
    """What does not depend on the retrainings: the first release, revalidations, and upkeep."""
    running = side.running(x)
    once = side.built(x, given("release", "releases", 1.0))
    every = x.read("fine_tuning.revalidate_every_months")
    interval = Term(every.label, "months", timeline.shortest(every.value), "sum", (every,))
    checks = applied(timeline.events, interval, since, label="revalidations").during(running)
    examples = x.read(side.examples_path)
    first = side.built(x, x.read("fine_tuning.experiment_runs"))
    hours = x.read("fine_tuning.maintenance_hours_per_month").during(running)
    return (
        [
            _labels(x, "one_time", "examples labelled", side.built(x, examples)),
            *_training(x, side, "one_time", "training until good", first),
            release_evaluation(x, "one_time", once, EVALUATION, SIDE),
        ],
        labour_line(x, "revalidation", "event", "hours of revalidation", _hours(x, checks, "revalidation_hours"), SIDE),
        labour_line(x, "tuned_maintenance", "recurring", "hours of upkeep", hours, SIDE),
    )


def _hours(x: Inputs, events: Term, name: str) -> Term:
    return product("hours", "hours", events, x.read(f"fine_tuning.{name}"))


def _labels(x: Inputs, phase: str, driver: str, examples: Term) -> CostLine:
    """Labelled examples; the price of a label drifts with labour [example]."""
    usd = x.read("fine_tuning.usd_per_example")
    price = x.once("a label", lambda: product("a label", "USD/example", usd, x.drift("labour")))
    return linear("labels", phase, driver, examples, "example", price, SIDE)


def _migration(x: Inputs, side: Tuned) -> list[CostLine]:
    """A retired tuned model: runs on its successor, an evaluation and hours; its labels are used again."""
    moves = None if side.own_weights else migration.moves(x, side.model, side.start)
    if moves is None:
        return []
    runs = product("runs", "runs", moves, x.read("fine_tuning.experiment_runs"))
    return [
        *_training(x, side, "event", f"training what follows {side.model}", runs),
        release_evaluation(x, "event", moves.named("releases", "releases"), EVALUATION, SIDE),
        labour_line(x, "migration", "event", f"hours to leave {side.model}", _hours(x, moves, "retrain_hours"), SIDE),
    ]


def _training(x: Inputs, side: Tuned, phase: str, driver: str, runs: Term) -> list[CostLine]:
    """Training runs [run, million_tokens, gpu_hour]: the override, or max(job minimum, tokens or hours x price)."""
    if not side.router and x.fine_tuning.training_usd_per_run is not None:
        price = x.read("fine_tuning.training_usd_per_run")
        return [linear("training", phase, driver, runs, "run", price, SIDE)]
    read = (x.read(side.examples_path), x.read("fine_tuning.tokens_per_example"), x.read("fine_tuning.epochs"))
    tokens = x.once(("tokens of a run", *read), lambda: applied(training_tokens, *read))
    if side.own_weights and positive(x.fine_tuning.training_tokens_per_gpu_hour):
        timed = np.asarray(x.fine_tuning.training_tokens_per_gpu_hour) > 0
        by_hour = _job(x, phase, driver, runs.during(timed), tokens, x.fine_tuning.gpu, "gpu", "fine_tuning.gpu")
        return (
            [by_hour] if np.all(timed) else [by_hour, *_of_model(x, side, phase, driver, runs.during(~timed), tokens)]
        )
    return _of_model(x, side, phase, driver, runs, tokens)


def _of_model(x: Inputs, side: Tuned, phase: str, driver: str, runs: Term, tokens: Term) -> list[CostLine]:
    """Runs at the training price of the side's own model, of each that serves in turn."""
    if side.model is None:
        amount = product("tokens", "tokens", runs, tokens)
        missing = not_chosen(side.model_path)
        return [unknown_line("training", phase, driver, amount, "million_tokens", MILLION, missing, SIDE)]
    if side.own_weights:
        return [_job(x, phase, driver, runs, tokens, side.model, "training", side.model_path)]
    serving = x.segments(side.model)
    if len(serving) == 1:
        return [_job(x, phase, driver, runs, tokens, serving[0].ref, "training", side.model_path)]
    return [
        _job(x, phase, driver, runs.during(segment.months), tokens, segment.ref, "training", side.model_path)
        for segment in serving
    ]


def _job(
    x: Inputs, phase: str, driver: str, runs: Term, tokens: Term, ref: str | None, meter: str, asked_by: str
) -> CostLine:
    """Runs of one size, each a job of the plan: by its tokens, or by the GPU-hours that they take."""
    prices = x.prices(ref, meter)
    amount, unit, size = product("tokens", "tokens", runs, tokens), "million_tokens", MILLION
    if prices is None:
        missing = not_chosen(asked_by) if ref is None else missing_price(f"{ref}:{meter}")
        return unknown_line("training", phase, driver, amount, unit, size, missing, SIDE)
    each, unknown = tokens, False
    if prices.base == "GPU-hour":
        speed = x.read("fine_tuning.training_tokens_per_gpu_hour")
        each = applied(training_hours, tokens, speed)
        if np.all((np.asarray(speed.value) == 0) & (np.asarray(tokens.value) > 0)):
            return unknown_line("training", phase, driver, amount, unit, size, _speed_needed(prices), SIDE)
        amount, unit, size = product("GPU-hours", "GPU-hours", runs, each), "gpu_hour", 1.0
        unknown = (np.asarray(speed.value) == 0) & (np.asarray(tokens.value) > 0)
    usd, some_unknown = x.once(("job", each, prices), lambda: job(each.value, prices)), anything(unknown)
    if some_unknown:
        usd = np.where(unknown, np.nan, usd)
    cost = priced(runs.value, usd, prices.known and not some_unknown)
    line = metered_line(
        x, "training", phase, driver, amount, unit, prices, size=size, cost_usd=cost, rule=JOB, side=SIDE
    )
    return replace(line, unpriced=_speed_needed(prices)) if some_unknown else line


def _speed_needed(prices: MeterPrices) -> str:
    return f"{prices.price_ids[0]} is sold by the hour: fine_tuning.training_tokens_per_gpu_hour is needed"
