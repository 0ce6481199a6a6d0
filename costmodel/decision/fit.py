"""What the rules say of each architecture in a scenario."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from costmodel.decision.conditions import BelowOwn, Own
from costmodel.decision.rules import PATHS, RULES, Rule
from costmodel.fields import value_at
from costmodel.scenario import ARCHITECTURES, Architecture, Scenario


@dataclass(frozen=True)
class Finding:
    """What one rule says of one architecture; `reason` goes on after its name, `brief` names the requirement."""

    rule: Rule
    architecture: Architecture
    answer: Any
    reason: str
    brief: str


@dataclass(frozen=True)
class Fit:
    """All that the rules say of one architecture."""

    architecture: Architecture
    speaks_for: tuple[Finding, ...]
    against: tuple[Finding, ...]
    rules_out: tuple[Finding, ...]

    @property
    def ruled_out(self) -> bool:
        """Whether a hard rule rules it out."""
        return bool(self.rules_out)

    @property
    def answers_for(self) -> int:
        """How many of the answers speak for it."""
        return len({each.rule.path for each in self.speaks_for})

    @property
    def answers_against(self) -> int:
        """How many of the answers speak against it, without those that rule it out."""
        return len({each.rule.path for each in self.against})

    @property
    def lean(self) -> int:
        """Answers for it less answers against it."""
        return self.answers_for - self.answers_against


def answers(scenario: Scenario) -> dict[str, Any]:
    """Path -> answer of the questions that have one, in their order."""
    if scenario.requirements is None:
        return {}
    asked = {path: value_at(scenario, path) for path in PATHS}
    return {path: value for path, value in asked.items() if value is not None}


def tuned_alone_share(scenario: Scenario, architecture: Architecture) -> float:
    """Share of the answers that come from a tuned model without anything retrieved [share]."""
    if architecture == "fine_tuning":
        return 1.0
    hybrid = scenario.hybrid
    shares = {"grounded": 0.0, "routed": hybrid.router_answers_share, "split": hybrid.fine_tuned_share}
    return shares[hybrid.kind] if architecture == "hybrid" else 0.0


def roles(scenario: Scenario, architecture: Architecture) -> frozenset[str]:
    """Whom rules have to speak of to mean this architecture: its key, how it answers, and whether it is trained."""
    trained = {"trained"} if architecture in ("fine_tuning", "hybrid") else set()
    share = tuned_alone_share(scenario, architecture)
    if architecture == "prompting":
        answering = {"prompting"}
    elif architecture == "hybrid" and scenario.hybrid.kind == "grounded":
        answering = {"grounded"}
    else:
        answering = {"tuned"} if share == 1 else {"mixed"} if share > 0 else {"retrieving"}
    return frozenset({architecture, *answering, *trained})


def own_number(scenario: Scenario, architecture: Architecture, own: Own) -> float:
    """A number of the architecture that an answer is held against: added latency [ms], examples it is billed for."""
    if own == "added_latency_ms":
        return scenario.architecture(architecture).added_latency_ms
    if architecture == "hybrid" and scenario.hybrid.kind == "routed":
        return scenario.hybrid.router_training_examples
    return scenario.fine_tuning.training_examples


def fits(scenario: Scenario) -> dict[Architecture, Fit]:
    """What the rules say of each of the four, compared or not."""
    return {key: _fit(scenario, key) for key in ARCHITECTURES}


def ruled_out(scenario: Scenario) -> dict[Architecture, tuple[Finding, ...]]:
    """The architectures that a hard rule rules out, compared or not, and why."""
    return {key: fit.rules_out for key, fit in fits(scenario).items() if fit.ruled_out}


def _fit(scenario: Scenario, key: Architecture) -> Fit:
    found = [finding for rule in RULES if (finding := _finding(scenario, key, rule)) is not None]
    by_effect = {
        effect: tuple(each for each in found if each.rule.effect == effect)
        for effect in ("for", "against", "rules_out")
    }
    return Fit(key, by_effect["for"], by_effect["against"], by_effect["rules_out"])


def _finding(scenario: Scenario, key: Architecture, rule: Rule) -> Finding | None:
    answer = answers(scenario).get(rule.path)
    if answer is None or not roles(scenario, key) & set(rule.roles):
        return None
    own = own_number(scenario, key, rule.when.own) if isinstance(rule.when, BelowOwn) else 0.0
    if not rule.when.holds(answer, own):
        return None
    said = answer if isinstance(answer, str) else f"{answer:,.12g}"
    share = f"{tuned_alone_share(scenario, key) * 100:.4g}%"
    words = {"answer": said, "own": f"{own:,.12g}", "share": share}
    return Finding(rule, key, answer, rule.reason.format(**words), rule.brief.format(**words))
