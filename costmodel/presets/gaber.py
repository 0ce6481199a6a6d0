"""The seven worked scenarios of Andy Gaber's article."""

from __future__ import annotations

from costmodel.presets.common import COMMON
from costmodel.presets.preset import guess, on_every_side, preset, sourced
from costmodel.presets.sources import (
    CHOOSING,
    COMPLETIONS,
    EXAMPLE_SUM,
    EXPERT_PROMPT,
    FEW_SHOT,
    GABER,
    GABER_VOLUME,
    JUDGMENTS,
    LABEL_PRICES,
    LEVER,
    LMSYS,
    MAIL,
    PROMPT_LENGTH,
    SHORTER_PROMPT,
    TRACE_PRICES,
    TWICE,
    VELD,
)

GROUNDED = sourced(f"{CHOOSING}: tuned for persona and format, with RAG for the current facts")

PRICES_IN_VOICE = preset(
    "pricing-brand-voice",
    "Sales chat: prices in brand voice",
    "Volume and growth are set where the answer is contested: RAG and fine-tuning cross within 24 months. "
    "Everything else was sourced first.",
    f"{GABER}, scenario 3: both, RAG for prices that change and fine-tuning for the voice.",
    ("hybrid",),
    COMMON,
    {
        "workload.queries_per_month": (200_000, sourced(f"{LEVER}; set where the answer is contested")),
        "workload.query_tokens": (70, sourced(LMSYS)),
        "workload.output_tokens": (215, sourced(LMSYS)),
        "workload.system_prompt_tokens": (800, sourced(f"{PROMPT_LENGTH}; the top, for the voice rules")),
        "workload.response_cache_hit_share": (
            0.1,
            sourced("UnitCostAI, Cache hit rate for RAG: 5-15 % where questions repeat little"),
        ),
        "corpus.documents": (200, guess("a price list and its product pages")),
        "corpus.updates_per_month": (4, sourced(f"{LEVER}; prices change, weekly assumed")),
        "corpus.changed_share_per_update": (0.1, guess("a tenth of the price pages at a time")),
        "rag.preparation_hours": (24, guess("three days to clean the price pages")),
        "fine_tuning.system_prompt_tokens": (80, sourced(SHORTER_PROMPT)),
        "fine_tuning.training_examples": (1250, sourced(f"{GABER}: 500-2,000 exchanges in brand voice")),
        "fine_tuning.tokens_per_example": (505, sourced(EXAMPLE_SUM)),
        "fine_tuning.updates_per_retrain": (24, guess(TWICE)),
        **on_every_side("observability_usd_per_month", 133, sourced(f"{TRACE_PRICES}; 200,000 traces")),
        "hybrid.kind": ("grounded", sourced(f"{GABER}, scenario 3: each answer needs the price and the voice")),
    },
)

SUPPORT_BOT = preset(
    "support-bot",
    "Support bot over help docs",
    "The source's volume; documents change weekly.",
    f"{GABER}, scenario 1: RAG; fine-tuning would need constant retraining as the docs change.",
    ("rag",),
    COMMON,
    {
        "workload.queries_per_month": (100_000, sourced(GABER_VOLUME)),
        "workload.query_tokens": (70, sourced(LMSYS)),
        "workload.output_tokens": (215, sourced(LMSYS)),
        "workload.system_prompt_tokens": (500, sourced(f"{PROMPT_LENGTH}; the middle")),
        "workload.response_cache_hit_share": (
            0.2,
            sourced("Preto, LLM Semantic Caching: 20-45 % in production (sells caching; low end taken)"),
        ),
        "corpus.documents": (300, guess("a help centre of 300 articles")),
        "corpus.updates_per_month": (4, sourced(f"{LEVER}; {VELD}: documentation that updates weekly")),
        "corpus.changed_share_per_update": (
            0.03,
            sourced("HappySupport, April 2026: between 1 and 8 % of articles per release; geometric mean"),
        ),
        "rag.preparation_hours": (40, guess("a week to clean 300 articles")),
        "fine_tuning.system_prompt_tokens": (50, sourced(SHORTER_PROMPT)),
        "fine_tuning.training_examples": (
            1500,
            sourced(f"{GABER}: 1,000-2,000 pairs where prompting has not fixed it (by analogy)"),
        ),
        "fine_tuning.tokens_per_example": (475, sourced(EXAMPLE_SUM)),
        "fine_tuning.updates_per_retrain": (24, guess(TWICE)),
        "hybrid.kind": ("grounded", GROUNDED),
    },
)

BRAND_VOICE = preset(
    "brand-voice",
    "Sales chat in brand voice",
    "The source's volume; the voice is stable and its guide changes once a month.",
    f"{GABER}, scenario 2: fine-tuning; retrieval supplies facts, the voice comes from the weights.",
    ("fine_tuning",),
    COMMON,
    {
        "workload.queries_per_month": (100_000, sourced(GABER_VOLUME)),
        "workload.query_tokens": (70, sourced(LMSYS)),
        "workload.output_tokens": (215, sourced(LMSYS)),
        "workload.system_prompt_tokens": (800, sourced(f"{PROMPT_LENGTH}; the top, for the voice rules")),
        "workload.response_cache_hit_share": (
            0.1,
            sourced("UnitCostAI, Cache hit rate for RAG: 5-15 % where questions repeat little"),
        ),
        "corpus.documents": (50, guess("a voice guide and sample exchanges")),
        "corpus.updates_per_month": (1, sourced(f"{LEVER}; {GABER}: the voice is a stable pattern")),
        "corpus.changed_share_per_update": (0.05, guess("a twentieth of the guide at a time")),
        "rag.preparation_hours": (16, guess("two days to clean the guide")),
        "fine_tuning.system_prompt_tokens": (80, sourced(SHORTER_PROMPT)),
        "fine_tuning.training_examples": (1250, sourced(f"{GABER}: 500-2,000 exchanges in brand voice")),
        "fine_tuning.tokens_per_example": (505, sourced(EXAMPLE_SUM)),
        "fine_tuning.updates_per_retrain": (6, guess(TWICE)),
        "hybrid.kind": ("grounded", GROUNDED),
    },
)

CODE_ASSISTANT = preset(
    "code-assistant",
    "Code assistant for our own codebase",
    "The source's volume; prompts carry the open file, the index follows the code every working day, "
    "and labels need programmers.",
    f"{GABER}, scenario 4: RAG over the codebase; tuning on code patterns can help with style, "
    "but access to the code comes first.",
    ("rag",),
    COMMON,
    {
        "workload.queries_per_month": (100_000, sourced(GABER_VOLUME)),
        "workload.query_tokens": (2070, guess("a question (70 tokens in LMSYS-Chat-1M) and the open file (2,000)")),
        "workload.history_tokens": (1235, sourced(f"{LMSYS}: (2.0 - 1) / 2 x (2,070 + 400) tokens")),
        "workload.output_tokens": (400, sourced(COMPLETIONS)),
        "workload.system_prompt_tokens": (1400, sourced(EXPERT_PROMPT)),
        "corpus.documents": (5000, guess("a codebase of a million lines in 5,000 files")),
        "corpus.tokens_per_document": (2000, guess("files of 200 lines at 10 tokens a line")),
        "corpus.updates_per_month": (21, sourced(f"{LEVER}; every working day")),
        "corpus.changed_share_per_update": (0.01, guess("50 of 5,000 files in a day")),
        "rag.build_engineer_weeks": (
            3,
            sourced(f"{GABER}: 1-3 engineer-weeks; the top, for search by meaning and by symbol"),
        ),
        "rag.preparation_hours": (40, guess("a week to leave out generated and secret files")),
        "rag.hours_per_update": (0.25, guess("a quarter of an hour: the daily run needs only a look")),
        "fine_tuning.system_prompt_tokens": (140, sourced(SHORTER_PROMPT)),
        "fine_tuning.training_examples": (
            1500,
            sourced(f"{GABER}: 1,000-2,000 pairs where prompting has not fixed it (by analogy)"),
        ),
        "fine_tuning.usd_per_example": (
            12.5,
            sourced(f"{LABEL_PRICES}: 5-20 USD for an expert's judgement (medical, legal, code); the middle"),
        ),
        "fine_tuning.tokens_per_example": (3845, sourced(EXAMPLE_SUM)),
        "fine_tuning.updates_per_retrain": (126, guess(TWICE)),
        "hybrid.kind": ("grounded", sourced(f"{GABER}, scenario 4: tuning for style on top of access to the code")),
        "prompting.few_shot_tokens": (1880, sourced(f"{FEW_SHOT}; 4 x (70 + 400) tokens, without open files")),
    },
)

EMAIL_DRAFTS = preset(
    "email-drafts",
    "Email drafts by a template",
    "The source's volume; the template is stable and its guides change once a month.",
    f"{GABER}, scenario 5: fine-tuning; high volume justifies its set-up cost.",
    ("fine_tuning",),
    COMMON,
    {
        "workload.queries_per_month": (100_000, sourced(GABER_VOLUME)),
        "workload.query_tokens": (240, sourced(f"a brief (70; {LMSYS}) and the mail it answers (170; {MAIL})")),
        "workload.history_tokens": (0, sourced("by design: a draft has no earlier turns")),
        "workload.output_tokens": (170, sourced(MAIL)),
        "workload.system_prompt_tokens": (500, sourced(f"{PROMPT_LENGTH}; the middle")),
        "corpus.documents": (50, guess("style guides and sample mails")),
        "corpus.updates_per_month": (1, sourced(f"{LEVER}; {GABER}: stable behaviour")),
        "corpus.changed_share_per_update": (0.05, guess("a twentieth of the guides at a time")),
        "rag.preparation_hours": (16, guess("two days to clean the guides")),
        "fine_tuning.system_prompt_tokens": (50, sourced(SHORTER_PROMPT)),
        "fine_tuning.training_examples": (750, sourced(f"{GABER}: 500-1,000 examples following the template")),
        "fine_tuning.tokens_per_example": (460, sourced("sum of tuned prompt, query and answer")),
        "fine_tuning.updates_per_retrain": (6, guess(TWICE)),
        "hybrid.kind": ("grounded", GROUNDED),
        "prompting.few_shot_tokens": (1640, sourced(f"{FEW_SHOT}; 4 x (240 + 170) tokens")),
    },
)

LEGAL_RESEARCH = preset(
    "legal-research",
    "Legal research over case law",
    "The source's volume; long decisions, new ones every working day, and labels need lawyers.",
    f"{GABER}, scenario 6: RAG only; case law changes too often for fine-tuning to keep current.",
    ("rag",),
    COMMON,
    {
        "workload.queries_per_month": (100_000, sourced(GABER_VOLUME)),
        "workload.query_tokens": (70, sourced(LMSYS)),
        "workload.history_tokens": (235, sourced(f"{LMSYS}: (2.0 - 1) / 2 x (70 + 400) tokens")),
        "workload.output_tokens": (400, sourced(COMPLETIONS)),
        "workload.system_prompt_tokens": (1400, sourced(EXPERT_PROMPT)),
        "corpus.documents": (
            300_000,
            guess("ten years of the 30,000 decisions a year of the US courts of appeals (Florida Law Review, 2012)"),
        ),
        "corpus.tokens_per_document": (6400, sourced(JUDGMENTS)),
        "corpus.monthly_growth_share": (0.0083, guess("30,000 / 12 / 300,000: as the number of decisions")),
        "corpus.updates_per_month": (
            21,
            sourced(f"{LEVER}; US Court of Appeals, Fourth Circuit, FAQs: opinions are posted daily"),
        ),
        "corpus.changed_share_per_update": (0.00002, guess("six of 300,000 decisions amended in a day")),
        "rag.build_engineer_weeks": (3, sourced(f"{GABER}: 1-3 engineer-weeks; the top, for 300,000 decisions")),
        "rag.preparation_hours": (80, guess("two weeks to clean court files")),
        "rag.hours_per_update": (0.25, guess("a quarter of an hour: the daily run needs only a look")),
        "fine_tuning.system_prompt_tokens": (140, sourced(SHORTER_PROMPT)),
        "fine_tuning.training_examples": (
            1500,
            sourced(f"{GABER}: 1,000-2,000 pairs where prompting has not fixed it (by analogy)"),
        ),
        "fine_tuning.usd_per_example": (
            12.5,
            sourced(f"{LABEL_PRICES}: 5-20 USD for an expert's judgement (medical, legal, code); the middle"),
        ),
        "fine_tuning.tokens_per_example": (845, sourced(EXAMPLE_SUM)),
        "fine_tuning.updates_per_retrain": (126, guess(TWICE)),
        "hybrid.kind": ("grounded", GROUNDED),
        "prompting.few_shot_tokens": (1880, sourced(f"{FEW_SHOT}; 4 x (70 + 400) tokens")),
    },
)

TICKET_CLASSIFIER = preset(
    "ticket-classifier",
    "Ticket classifier with 12 categories",
    "The source's volume; the answer is one label, a small model is tuned, and the rivals are prompting and "
    "retrieval of similar labelled tickets. A hybrid is not compared: retrieval adds nothing to stable categories.",
    f"{GABER}, scenario 7: fine-tuning a small model beats both RAG and prompting a frontier model.",
    ("fine_tuning",),
    COMMON,
    {
        "workload.queries_per_month": (100_000, sourced(GABER_VOLUME)),
        "workload.query_tokens": (170, sourced(f"a ticket as long as a mail; {MAIL}")),
        "workload.history_tokens": (0, sourced("by design: a ticket is read once")),
        "workload.output_tokens": (5, guess("the name of a category")),
        "workload.system_prompt_tokens": (500, sourced(f"{PROMPT_LENGTH}; the middle, for 12 definitions")),
        "corpus.documents": (1200, sourced("by design: the labelled tickets, 100 for each of 12 categories")),
        "corpus.tokens_per_document": (175, sourced("sum of ticket and label")),
        "corpus.updates_per_month": (0, sourced(f"{LEVER}; {GABER}: categories are stable")),
        "rag.preparation_hours": (8, guess("a day to clean the labelled tickets")),
        "fine_tuning.model": (
            "azure/ministral-3b global",
            sourced(f"{GABER}: a small model (Llama 7B class); the smallest with a dated price for tuning and hosting"),
        ),
        "fine_tuning.system_prompt_tokens": (50, sourced(SHORTER_PROMPT)),
        "fine_tuning.training_examples": (
            1200,
            sourced("OpenAI, legacy fine-tuning guide (classification): at least about 100 examples per class, x 12"),
        ),
        "fine_tuning.usd_per_example": (
            0.1,
            sourced(f"{LABEL_PRICES}: 0.05-0.15 USD for a single-label classification; the middle"),
        ),
        "fine_tuning.tokens_per_example": (225, sourced("sum of tuned prompt, query and answer")),
        "fine_tuning.build_engineer_weeks": (
            4,
            sourced(f"{GABER}: 4-10 engineer-weeks; the low end, for a task with one label"),
        ),
        "fine_tuning.build_calendar_weeks": (4, sourced(f"{VELD}: 4 to 8 weeks; the low end, for one label")),
        "hybrid.kind": ("grounded", GROUNDED),
        "prompting.few_shot_tokens": (
            4200,
            sourced("Anthropic, Ticket routing: a few dozen labelled examples; 2 x 12 categories x (170 + 5) tokens"),
        ),
        "finance.compared": (
            ("rag", "fine_tuning", "prompting"),
            sourced(f"{GABER}, scenario 7 weighs fine-tuning against RAG and prompting"),
        ),
    },
)

SEVEN = (
    PRICES_IN_VOICE,
    SUPPORT_BOT,
    BRAND_VOICE,
    CODE_ASSISTANT,
    EMAIL_DRAFTS,
    LEGAL_RESEARCH,
    TICKET_CLASSIFIER,
)
"""The default first, the others in the article's order."""
