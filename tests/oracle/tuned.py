"""The tuned side of an architecture: training, tokens, hosting, and the people who look after the model."""

from __future__ import annotations

from tests.oracle.bill import EVENT, ONE_TIME, RECURRING, Bill
from tests.oracle.calls import Calls, calls_usd, rewrites
from tests.oracle.prices import UNKNOWN, times, whole
from tests.oracle.world import World, events


class Tuned:
    """The tuned model of fine-tuning, of a grounded or of a split hybrid."""

    generation, hosted = "tuned_generation", "tuned_hosting"

    def __init__(self, world: World, key: str) -> None:
        self.w, self.s, self.key = world, world.s, key
        self.kind = self.s.hybrid.kind if key == "hybrid" else "alone"
        self.starts = self.s.hybrid.fine_tuning_starts_month if key == "hybrid" else 0
        self.share = self.s.hybrid.fine_tuned_share if self.kind == "split" else 1.0
        self.ref = self.s.fine_tuning.model
        self.hosting: str = self.s.fine_tuning.hosting
        self.examples = self.s.fine_tuning.training_examples
        self.usd_per_run = self.s.fine_tuning.training_usd_per_run
        self.usd_of_hosting = self.s.fine_tuning.hosting_usd_per_month

    @property
    def self_hosted(self) -> bool:
        return self.hosting == "self_hosted"

    def plan(self, month: int) -> str | None:
        """Weights on one's own GPUs do not retire."""
        return self.ref if self.self_hosted else self.w.plan(self.ref, month)

    def migrations(self, month: int) -> int:
        """A model that retires before it is tuned, or in the month of its build, is never migrated."""
        return 0 if self.self_hosted or month <= self.starts else self.w.migrations(self.ref, month)

    def calls(self, month: int) -> list[tuple[str, Calls]]:
        """The calls that this side serves, by the line that bills them."""
        work, tuned = self.s.workload, self.s.fine_tuning
        users = self.w.calls(month) * self.share
        prompt = tuned.system_prompt_tokens + work.history_tokens + work.query_tokens
        answers = Calls(users, 0.0, prompt, tuned.system_prompt_tokens, self.output())
        if self.kind != "grounded":
            return [(self.generation, answers)]
        top_k = self.s.rag.top_k if self.s.hybrid.top_k is None else self.s.hybrid.top_k
        prompt += top_k * self.w.chunk()
        answers = Calls(users, self.w.evaluation_calls(), prompt, tuned.system_prompt_tokens, self.output())
        return [
            (self.generation, answers),
            ("rewrite", rewrites(self.w, self.w.live(month) + self.w.evaluation_queries())),
        ]

    def output(self) -> float:
        own = self.s.hybrid.output_tokens if self.key == "hybrid" else None
        outputs = [own, self.s.fine_tuning.output_tokens, self.s.workload.output_tokens]
        return next(each for each in outputs if each is not None)

    def fill(self, bill: Bill) -> None:
        self.build(bill)
        for month in range(self.starts + 1, self.w.months + 1):
            self.tokens(bill, month)
            bill.add(self.hosted, RECURRING, "tuned", month, self.hosting_usd(month))
            self.kept(bill, month)
            upkeep = self.s.fine_tuning.maintenance_hours_per_month * self.w.hour(month)
            bill.add("tuned_maintenance", RECURRING, "tuned", month, upkeep)
            self.retrains(bill, month)
            self.revalidation(bill, month)
            self.migration(bill, month)

    def build(self, bill: Bill) -> None:
        """The first release, in the month in which tuning starts."""
        tuned, people, month = self.s.fine_tuning, self.s.people, self.starts
        if month > self.w.months:
            return
        labour = self.w.drift("labour", month)
        weeks = tuned.build_engineer_weeks
        if self.key == "hybrid":
            weeks *= 1 - self.s.hybrid.shared_build_share
        bill.add("build_labour", ONE_TIME, "tuned", month, weeks * people.engineer_usd_per_week * labour)
        bill.add("labels", ONE_TIME, "tuned", month, self.examples * tuned.usd_per_example * labour)
        bill.add("training", ONE_TIME, "tuned", month, times(tuned.experiment_runs, self.run_usd(month)))
        bill.add("release_evaluation", ONE_TIME, "tuned", month, tuned.evaluation_usd_per_release * labour)

    def run_usd(self, month: int) -> float:
        """One training run."""
        tuned = self.s.fine_tuning
        if self.usd_per_run is not None:
            return self.usd_per_run
        tokens = self.examples * tuned.tokens_per_example * tuned.epochs
        if tokens == 0:
            return 0.0
        speed = tuned.training_tokens_per_gpu_hour
        if self.self_hosted and speed > 0:
            return tokens / speed * self.w.price(tuned.gpu, "gpu", month)
        plan = self.plan(month)
        rows = self.w.tariff.meter(plan, "training")
        if rows and rows[0].unit == "GPU-hour":
            return self.w.job(plan, tokens / speed, month) if speed > 0 else UNKNOWN
        return self.w.job(plan, tokens, month)

    def tokens(self, bill: Bill, month: int) -> None:
        """A hosted model bills its tokens only where its plan says so; one's own GPUs never do."""
        plan = self.plan(month)
        if self.self_hosted:
            return
        billed = self.hosting == "serverless" or self.w.tariff.fact(plan, "bills_tokens", False)
        for component, calls in self.calls(month):
            usd = calls_usd(self.w, plan, calls, month) if billed else 0.0
            if plan is None and component == self.generation:
                usd = UNKNOWN
            bill.add(component, RECURRING, "tuned", month, usd)

    def demand(self, month: int) -> float:
        """Tokens that the replicas have to serve."""
        return sum(calls.tokens for _, calls in self.calls(month))

    def replicas(self, month: int) -> int:
        tuned = self.s.fine_tuning
        replicas = tuned.min_replicas
        if tuned.tokens_per_second_per_replica > 0:
            a_second = self.demand(month) / (self.s.finance.hours_per_month * 3600)
            capacity = tuned.tokens_per_second_per_replica * tuned.target_utilisation_share
            replicas = max(replicas, whole(a_second * self.s.workload.peak_to_average / capacity))
        return replicas + tuned.spare_replicas

    def hosting_usd(self, month: int) -> float:
        if self.usd_of_hosting is not None:
            return self.usd_of_hosting
        if self.hosting == "serverless":
            return 0.0
        hours = self.replicas(month) * self.s.finance.hours_per_month
        if self.hosting == "dedicated":
            return times(hours, self.w.price(self.plan(month), "hosting", month))
        gpu = self.s.fine_tuning.gpu
        if gpu is None:
            return UNKNOWN
        return times(self.gpus(month) * self.s.finance.hours_per_month, self.w.price(gpu, "gpu", month))

    def gpus(self, month: int) -> float:
        """GPUs that are paid: those of the replicas, and the rest of the last instance."""
        needed = self.replicas(month) * self.s.fine_tuning.gpus_per_replica
        instance = self.w.tariff.fact(self.s.fine_tuning.gpu, "min_gpus")
        return needed if instance is None else whole(needed / instance) * instance

    def idle_share(self) -> float:
        """The part of the paid capacity that the average demand leaves over."""
        if self.hosted in self.s.architecture(self.key).switched_off:
            return UNKNOWN
        speed = self.s.fine_tuning.tokens_per_second_per_replica
        if self.hosting == "serverless" or self.usd_of_hosting is not None or speed == 0:
            return UNKNOWN
        served, paid = 0.0, 0.0
        for month in range(self.starts + 1, self.w.horizon + 1):
            served += self.demand(month)
            paid += self.copies(month) * speed * self.s.finance.hours_per_month * 3600
        return 1 - served / paid if paid > 0 else UNKNOWN

    def copies(self, month: int) -> float:
        """Replicas that fit into what is paid."""
        if self.hosting != "self_hosted" or self.s.fine_tuning.gpu is None:
            return self.replicas(month)
        return self.gpus(month) / self.s.fine_tuning.gpus_per_replica

    def kept(self, bill: Bill, month: int) -> None:
        plan = self.plan(month)
        if not self.self_hosted and self.w.tariff.meter(plan, "model_storage"):
            bill.add("model_storage", RECURRING, "tuned", month, self.w.price(plan, "model_storage", month))

    def retrain_interval(self) -> float | None:
        """Months between two retrains; None when nothing causes one."""
        tuned, updates = self.s.fine_tuning, self.s.corpus.updates_per_month
        cadence = tuned.retrain_every_months
        if self.key == "hybrid" and self.s.hybrid.retrain_every_months is not None:
            cadence = self.s.hybrid.retrain_every_months
        active = [cadence] if cadence > 0 else []
        if self.kind in ("alone", "split") and tuned.updates_per_retrain > 0 and updates > 0:
            active.append(tuned.updates_per_retrain / updates)
        return min(active, default=None)

    def retrains(self, bill: Bill, month: int) -> None:
        tuned = self.s.fine_tuning
        number = events(self.retrain_interval(), month - self.starts)
        if number == 0:
            return
        labels = tuned.retrain_examples_share * self.examples * tuned.usd_per_example
        labour = self.w.drift("labour", month)
        bill.add("training", EVENT, "tuned", month, times(number * tuned.retrain_runs, self.run_usd(month)))
        bill.add("labels", EVENT, "tuned", month, number * labels * labour)
        bill.add("release_evaluation", EVENT, "tuned", month, number * tuned.evaluation_usd_per_release * labour)
        bill.add("retrain_labour", EVENT, "tuned", month, number * tuned.retrain_hours * self.w.hour(month))

    def revalidation(self, bill: Bill, month: int) -> None:
        tuned = self.s.fine_tuning
        number = events(tuned.revalidate_every_months or None, month - self.starts)
        bill.add("revalidation", EVENT, "tuned", month, number * tuned.revalidation_hours * self.w.hour(month))

    def migration(self, bill: Bill, month: int) -> None:
        """The same training once more on the successor; the labels are there."""
        tuned, number = self.s.fine_tuning, self.migrations(month)
        if number == 0:
            return
        evaluation = tuned.evaluation_usd_per_release * self.w.drift("labour", month)
        bill.add("training", EVENT, "tuned", month, times(number * tuned.experiment_runs, self.run_usd(month)))
        bill.add("release_evaluation", EVENT, "tuned", month, number * evaluation)
        bill.add("migration", EVENT, "tuned", month, number * tuned.retrain_hours * self.w.hour(month))


class Router(Tuned):
    """The small tuned model that reads every query of a routed hybrid; no override applies to it."""

    generation, hosted = "router", "router_hosting"

    def __init__(self, world: World, key: str) -> None:
        super().__init__(world, key)
        hybrid = self.s.hybrid
        self.ref = hybrid.router_model or self.s.fine_tuning.model
        self.hosting = hybrid.router_hosting
        self.examples = hybrid.router_training_examples
        self.usd_per_run = None
        self.usd_of_hosting = None

    def calls(self, month: int) -> list[tuple[str, Calls]]:
        work, hybrid = self.s.workload, self.s.hybrid
        prompt = hybrid.router_prompt_tokens + work.history_tokens + work.query_tokens
        static = hybrid.router_prompt_tokens
        return [(self.generation, Calls(self.w.tries(month), 0.0, prompt, static, hybrid.router_output_tokens))]


def tuned_side(world: World, key: str) -> Tuned | None:
    """The tuned side of an architecture, if it has one."""
    if key == "hybrid" and world.s.hybrid.kind == "routed":
        return Router(world, key)
    return Tuned(world, key) if key in ("fine_tuning", "hybrid") else None
