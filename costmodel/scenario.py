"""The scenario: every assumption, declared once with type, limits, unit, words and source.

A field's own default is neutral (nothing, or 1 where 1 is neutral); realistic values live in presets.
Changing a value makes a new scenario (`costmodel.changes`); files and links are in `costmodel.files`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from costmodel import MODEL_VERSION
from costmodel.fields import MAX_TEXT, Group, Whole, choice, describe, flag, number, reference, unique
from costmodel.rules import problems
from costmodel.sides import HUGE, MAX_MONTHS, FineTuning, Hybrid, Prompting, Rag
from pricing.book import PriceEdit

FORMAT_VERSION = 1
Architecture = Literal["rag", "fine_tuning", "hybrid", "prompting"]
ARCHITECTURES: tuple[Architecture, ...] = ("rag", "fine_tuning", "hybrid", "prompting")

Phase = Literal["one_time", "recurring", "event"]


class Workload(Group):
    """Queries and the tokens that each brings."""

    queries_per_month: float = number(
        0, 0, 1e9, "queries/month", "Queries per month", "User queries in the first month of operation."
    )
    monthly_growth_share: float = number(
        0, -0.5, 1, "share/month", "Growth per month", "By how much the volume grows from one month to the next."
    )
    max_queries_per_month: float | None = number(
        None, 0, 1e12, "queries/month", "Most queries per month", "Growth stops here; none means no limit."
    )
    seasonality: (
        Annotated[
            tuple[Annotated[float, Field(ge=0, le=100, allow_inf_nan=False, strict=True)], ...],
            Field(min_length=12, max_length=12),
        ]
        | None
    ) = choice(None, "Season", "Twelve factors, January to December, used as given.")
    queries_by_month: (
        Annotated[
            tuple[Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False, strict=True)], ...],
            Field(min_length=1, max_length=MAX_MONTHS),
        ]
        | None
    ) = choice(
        None,
        "Forecast by month",
        "Queries in months 1, 2, ...; the last value goes on. Replaces volume, growth and season.",
    )
    peak_to_average: float = number(
        1, 1, 100, "ratio", "Peak to average", "How much busier the busiest moment is than the average one."
    )
    query_tokens: float = number(0, 0, 1e6, "tokens", "Tokens per query", "What the user types.")
    system_prompt_tokens: float = number(
        0, 0, 1e6, "tokens", "System prompt", "Instructions sent with every query to the base model."
    )
    history_tokens: float = number(
        0, 0, 1e6, "tokens", "Conversation history", "Earlier turns sent along with a query, on average."
    )
    output_tokens: float = number(0, 0, 1e6, "tokens", "Tokens per answer", "What the model writes.")
    response_cache_hit_share: float = number(
        0, 0, 1, "share", "Answers from cache", "Queries answered from a response cache; they cost nothing."
    )
    prompt_cache_hit_share: float = number(
        0,
        0,
        1,
        "share",
        "Prompt cache hits",
        "Calls that pay the cached price for the instructions, which never change.",
    )
    batch_share: float = number(
        0, 0, 1, "share", "Batched calls", "Calls that can wait: batch prices, no cache prices."
    )
    model_calls_per_query: float = number(
        1, 0, 100, "calls/query", "Model calls per query", "Agents and chains call the model more than once."
    )
    retry_share: float = number(0, 0, 10, "share", "Retries", "Model calls repeated because the first one failed.")


class Corpus(Group):
    """The knowledge that answers rest on."""

    documents: float = number(0, 0, 1e9, "documents", "Documents", "Documents at the build.")
    tokens_per_document: float = number(0, 0, 1e7, "tokens", "Tokens per document", "Average length.")
    monthly_growth_share: float = number(
        0, -0.5, 1, "share/month", "Corpus growth", "New documents a month, as a share of those that exist."
    )
    updates_per_month: float = number(
        0, 0, 1e4, "updates/month", "Content updates per month", "How often the content changes."
    )
    changed_share_per_update: float = number(
        0, 0, 1, "share", "Changed per update", "Share of the corpus that one update changes."
    )
    chunk_tokens: float = number(0, 0, 1e6, "tokens", "Chunk size", "Documents are cut into chunks of this length.")
    chunk_overlap_tokens: float = number(
        0, 0, 1e6, "tokens", "Chunk overlap", "Tokens that a chunk shares with the one before; less than a chunk."
    )
    pages_per_document: float = number(
        0, 0, 1e6, "pages", "Pages per document", "Pages that the parser reads; parsers bill by the page."
    )
    parser: str | None = reference("Parser", "Reads documents page by page.", ("page",))


class People(Group):
    """What an engineer costs."""

    engineer_usd_per_week: float = number(0, 0, 1e6, "USD/week", "An engineer's week", "Fully loaded cost of a week.")
    hours_per_week: float = number(
        40,
        1,
        168,
        "hours/week",
        "Hours per week",
        "Turns a week's cost into an hour's.",
        source="convention: a 40-hour week",
    )
    contingency_share: float = number(
        0, 0, 10, "share", "Contingency", "On top of every one-time cost, in the month where it falls."
    )


class Quality(Group):
    """What a wrong answer costs, and how good an answer must be."""

    usd_per_wrong_answer: float = number(
        0, 0, HUGE, "USD/answer", "Cost of a wrong answer", "What one costs the business."
    )
    stale_answer_share_per_change: float = number(
        0,
        0,
        1,
        "share",
        "Stale answers",
        "Share of a tuned model's answers that turn wrong once all it has learned has changed.",
    )
    minimum_correct_share: float | None = number(
        None, 0, 1, "share", "Required quality", "An architecture below it is never called cheapest."
    )


class Requirements(Group):
    """Answers to the questions of fit; null = not asked. Carried by files and links."""

    gap: Literal["information", "behaviour", "both"] | None = choice(None, "What is missing")
    freshness: Literal["static", "quarterly", "monthly", "weekly", "daily", "hourly"] | None = choice(None, "How fresh")
    task_breadth: Literal["narrow", "broad"] | None = choice(None, "How broad the task is")
    consistency: Literal["variable", "strict"] | None = choice(None, "How consistent answers must be")
    citations: bool | None = Field(
        default=None,
        strict=True,
        json_schema_extra={"unit": "", "label": "Citations", "help": "", "source": ""},
    )
    latency_budget_ms: float | None = number(None, 0, 1e6, "ms", "Latency budget")
    examples_available: float | None = number(None, 0, 1e9, "examples", "Examples at hand")
    team_capacity: Literal["limited", "strong"] | None = choice(None, "Engineering capacity")


def _if_answered(asked: Requirements | None) -> Requirements | None:
    """A group without any answer is null: nothing was asked."""
    return None if asked == Requirements() else asked


class PriceDrift(Group):
    """How list prices of an unchanged thing move, a year, by group."""

    llm: float = number(
        0, -0.99, 10, "share/year", "Drift of model prices", "How list prices move in a year; they do both."
    )
    embedding: float = number(
        0, -0.99, 10, "share/year", "Drift of embedding prices", "How list prices move in a year."
    )
    vector_store: float = number(
        0, -0.99, 10, "share/year", "Drift of vector store prices", "How list prices move in a year."
    )
    gpu: float = number(
        0, -0.99, 10, "share/year", "Drift of hosting and GPU prices", "How list prices move in a year."
    )
    labour: float = number(
        0.028,
        -0.99,
        10,
        "share/year",
        "Drift of labour cost",
        "Employment cost rose from 45.65 to 46.60 USD an hour in nine months.",
        source="BLS, Employer Costs for Employee Compensation, June 2025 and March 2026",
    )


class Finance(Group):
    """Horizon, calendar, discounting, display."""

    start_month: Annotated[str, Field(pattern=r"^(19|20|21)\d\d-(0[1-9]|1[0-2])$")] | None = choice(
        None, "Build month", "The calendar month of the build (month 0); empty = the current month."
    )
    horizon_months: Whole = number(
        24, 1, MAX_MONTHS, "months", "Horizon", "Months of operation that count.", source="the middle of 12 to 36"
    )
    discount_rate_annual: float = number(0, 0, 10, "share/year", "Discount rate", "For present value only.")
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = choice(
        "USD", "Currency", "Converts what is shown and exported, nothing else."
    )
    usd_per_currency_unit: float = number(1, 1e-9, 1e9, "USD", "USD per unit", "What one unit of it costs in USD.")
    fiscal_year_starts_month: Whole = number(
        1, 1, 12, "month", "Fiscal year starts", "Groups totals by fiscal year in reports.", source="calendar year"
    )
    discount_share: dict[
        Annotated[str, Field(min_length=1, max_length=MAX_TEXT, pattern=r"^[^/]+$")],
        Annotated[float, Field(ge=0, le=1, allow_inf_nan=False, strict=True)],
    ] = choice({}, "Negotiated discounts", "By provider, on all of its prices.")
    price_drift_annual: PriceDrift = PriceDrift()
    hours_per_month: float = number(
        730,
        1,
        744,
        "hours",
        "Hours per month",
        "Hours that hosting and GPUs are paid for.",
        source="convention: 8,760 hours / 12 months",
    )
    delay_usd_per_week: float = number(
        0, 0, HUGE, "USD/week", "Cost of delay", "What a week without the product costs; times the weeks to launch."
    )
    budget_usd: float | None = number(
        None, 0, HUGE, "USD", "Budget", "From the build to the end of the horizon; a line on the chart."
    )
    compared: Annotated[tuple[Architecture, ...], Field(min_length=1), AfterValidator(unique)] = choice(
        ("rag", "fine_tuning", "hybrid"), "Compared", "The architectures that take part."
    )
    too_close_share: float = number(
        0.05, 0, 1, "share", "Too close to call", "A lead below this share is no lead.", source="convention"
    )
    consequences_in_tco: bool = flag(False, "Consequences in the total", "Adds wrong answers and delay to every total.")
    already_built: Annotated[tuple[Architecture, ...], AfterValidator(unique)] = choice(
        (), "Already built", "Their month-0 cost is sunk and not charged."
    )


def _as_tuple(value: object) -> object:
    return (value,) if isinstance(value, str) else value


class ExtraCost(Group):
    """A cost typed in: exactly one amount; no drift, no discount; may be negative (a credit)."""

    architecture: Annotated[
        tuple[Architecture, ...],
        BeforeValidator(_as_tuple, json_schema_input_type=Architecture | tuple[Architecture, ...]),
        Field(min_length=1),
        AfterValidator(unique),
    ]
    component: str = Field(min_length=1, max_length=80)
    phase: Phase
    months: tuple[
        Annotated[int, Field(strict=True, ge=0, le=MAX_MONTHS)], Annotated[int, Field(strict=True, ge=0, le=MAX_MONTHS)]
    ]
    usd: float | None = Field(default=None, strict=True, allow_inf_nan=False, ge=-HUGE, le=HUGE)
    usd_per_month: float | None = Field(default=None, strict=True, allow_inf_nan=False, ge=-HUGE, le=HUGE)
    usd_per_query: float | None = Field(default=None, strict=True, allow_inf_nan=False, ge=-HUGE, le=HUGE)
    note: str = Field(default="", max_length=10_000)

    @model_validator(mode="after")
    def _one_amount(self) -> ExtraCost:
        amounts = [v for v in (self.usd, self.usd_per_month, self.usd_per_query) if v is not None]
        if len(amounts) != 1:
            raise ValueError("give exactly one of usd, usd_per_month, usd_per_query")
        if self.months[0] > self.months[1]:
            raise ValueError(f"months {list(self.months)}: the first month must not come after the last")
        return self


class Range(Group):
    """The range of one uncertain number."""

    low: float = Field(strict=True, allow_inf_nan=False)
    likely: float = Field(strict=True, allow_inf_nan=False)
    high: float = Field(strict=True, allow_inf_nan=False)
    distribution: Literal["pert", "triangular", "uniform", "lognormal"] = "pert"

    @model_validator(mode="after")
    def _ordered(self) -> Range:
        if not self.low <= self.likely <= self.high:
            raise ValueError(f"low {self.low:g}, likely {self.likely:g}, high {self.high:g} must not fall")
        return self


Guardrail = reference("Guardrail", "Checks prompt and answer; every architecture pays it.", ("guardrail",))


class Scenario(Group):
    """All assumptions of one question. Frozen; `costmodel.changes.changed` makes a new one."""

    format_version: Annotated[int, Field(strict=True)] = FORMAT_VERSION
    model_version: str = Field(default=MODEL_VERSION, max_length=40)
    name: str = Field(default="Untitled", max_length=10_000)
    preset: str | None = Field(default=None, max_length=MAX_TEXT)
    workload: Workload = Workload()
    corpus: Corpus = Corpus()
    rag: Rag = Rag()
    fine_tuning: FineTuning = FineTuning()
    hybrid: Hybrid = Hybrid()
    prompting: Prompting = Prompting()
    guardrail: str | None = Guardrail
    people: People = People()
    quality: Quality = Quality()
    requirements: Annotated[Requirements | None, AfterValidator(lambda asked: _if_answered(asked))] = None
    finance: Finance = Finance()
    extra_costs: Annotated[tuple[ExtraCost, ...], Field(max_length=1000)] = ()
    price_edits: Annotated[tuple[PriceEdit, ...], Field(max_length=5000)] = ()
    uncertainty: dict[str, Range] = Field(default={}, max_length=500)
    rank_correlations: tuple[tuple[str, str, Annotated[float, Field(ge=-1, le=1, strict=True)]], ...] = Field(
        default=(), max_length=500
    )

    @model_validator(mode="after")
    def _consistent(self) -> Scenario:
        found = problems(self, FIELDS)
        if found:
            raise ValueError("\n".join(found))
        return self

    def architecture(self, key: str) -> Rag | FineTuning | Hybrid | Prompting:
        """The fields of one architecture by its key."""
        side: Rag | FineTuning | Hybrid | Prompting = getattr(self, key)
        return side


FIELDS = describe(Scenario)
"""Every field by its path (`group.name`), in the order of this file."""
