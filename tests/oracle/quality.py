"""Answers that are right, answers that are wrong, and what being wrong or late costs: beside the bill."""

from __future__ import annotations

from itertools import pairwise

from tests.oracle.tuned import tuned_side
from tests.oracle.world import World


class Quality:
    """How good the answers of one architecture are, month by month, and the consequences."""

    def __init__(self, world: World, key: str) -> None:
        self.w, self.s, self.key = world, world.s, key
        self.side = world.s.architecture(key)
        self.tuned = tuned_side(world, key)
        self.starts = self.tuned.starts if self.tuned else 0
        self.trained = self.training_times()

    def from_weights(self) -> float:
        """The share answered from what a model has learned, not from what was retrieved."""
        hybrid = self.s.hybrid
        if self.key != "hybrid":
            return 1.0 if self.key == "fine_tuning" else 0.0
        return {"grounded": 0.0, "split": hybrid.fine_tuned_share, "routed": hybrid.router_answers_share}[hybrid.kind]

    def training_times(self) -> list[float]:
        """When the tuned model was trained: at its build, by its calendar, at the start of a month of migration."""
        if self.tuned is None:
            return []
        found = [float(self.starts)]
        interval = self.tuned.retrain_interval()
        if interval is not None:
            number = int((self.w.months - self.starts) / interval) + 1
            found += [self.starts + n * interval for n in range(1, number + 1)]
        found += [month - 1.0 for month in range(1, self.w.months + 1) if self.tuned.migrations(month)]
        return sorted(found)

    def mean_age(self, month: int) -> float:
        """Months since the last training, averaged over the month."""
        inside = [time for time in self.trained if month - 1 < time < month]
        area = 0.0
        for begin, end in pairwise([month - 1, *inside, month]):
            last = max(time for time in self.trained if time <= begin)
            area += ((end - last) ** 2 - (begin - last) ** 2) / 2
        return area

    def correct(self, month: int) -> float:
        """The share of a month's answers that is right."""
        if month <= self.starts:  # nothing is tuned yet: this is RAG
            return self.s.rag.correct_share
        weights = self.from_weights()
        if weights == 0:
            return self.side.correct_share
        corpus = self.s.corpus
        changed = corpus.updates_per_month * corpus.changed_share_per_update * self.mean_age(month)
        stale = self.s.quality.stale_answer_share_per_change * min(1.0, changed)
        return self.side.correct_share * (1 - weights * stale)

    def correct_answers(self, month: int) -> float:
        return self.w.queries(month) * self.correct(month)

    def wrong_answers_usd(self, month: int) -> float:
        switched_off = self.s.rag.switched_off if month <= self.starts else self.side.switched_off
        if month == 0 or "wrong_answers" in switched_off:
            return 0.0
        wrong = self.w.queries(month) * (1 - self.correct(month))
        return wrong * self.s.quality.usd_per_wrong_answer

    def launch_delay_usd(self) -> float:
        """Due at the build, unless that is over."""
        if "launch_delay" in self.side.switched_off or self.key in self.s.finance.already_built:
            return 0.0
        return self.side.build_calendar_weeks * self.s.finance.delay_usd_per_week
