"""What a reader calls the components of the ledger, and which of them serve one purpose."""

from __future__ import annotations

from report.numbers import shortened

COMPONENTS: dict[str, str] = {
    "build_labour": "Build labour",
    "preparation": "Data preparation",
    "update_labour": "Content updates",
    "rag_maintenance": "RAG upkeep",
    "tuned_maintenance": "Model upkeep",
    "prompt_maintenance": "Prompt upkeep",
    "retrain_labour": "Retraining labour",
    "revalidation": "Revalidation",
    "migration": "Model migration",
    "contingency": "Contingency",
    "generation": "Base-model tokens",
    "tuned_generation": "Tuned-model tokens",
    "router": "Router tokens",
    "rewrite": "Query rewriting",
    "guardrail": "Guardrail",
    "labels": "Labelling",
    "training": "Training runs",
    "release_evaluation": "Evaluation",
    "tuned_hosting": "Model hosting",
    "router_hosting": "Router hosting",
    "rag_hosting": "RAG servers",
    "model_storage": "Model storage",
    "observability": "Observability",
    "parsing": "Document parsing",
    "corpus_embedding": "Corpus embedding",
    "query_embedding": "Query embedding",
    "rerank": "Reranking",
    "vector_storage": "Vector storage",
    "vector_reads": "Vector searches",
    "vector_writes": "Vector writes",
    "vector_nodes": "Vector nodes",
    "vector_flat": "Vector store fee",
    "vector_minimum": "Vector store minimum",
    "wrong_answers": "Wrong answers",
    "launch_delay": "Later launch",
}
"""Component -> its name on screen."""

PURPOSES: dict[str, tuple[str, ...]] = {
    "Build labour": ("build_labour", "preparation"),
    "Upkeep": ("rag_maintenance", "tuned_maintenance", "prompt_maintenance"),
    "Retraining labour": ("retrain_labour", "revalidation"),
    "Model tokens": ("generation", "tuned_generation", "router", "rewrite"),
    "Labels and training": ("labels", "training"),
    "Model hosting": ("tuned_hosting", "router_hosting", "model_storage"),
    "Embedding": ("corpus_embedding", "query_embedding"),
    "Vector store": (
        "vector_storage",
        "vector_reads",
        "vector_writes",
        "vector_nodes",
        "vector_flat",
        "vector_minimum",
    ),
}
"""Name -> the components that serve one purpose, so that the one of an architecture stands against the other's."""

PURPOSE_OF = {component: name for name, components in PURPOSES.items() for component in components}

PHASES: dict[str, str] = {"one_time": "Build", "recurring": "Running", "event": "Events"}
"""Phase -> its name on screen."""

FAMILIES: dict[str, str] = {
    "people": "People",
    "tokens": "Tokens",
    "training": "Training",
    "hosting": "Hosting",
    "retrieval": "Retrieval",
    "other": "Other",
    "consequence": "Consequences",
}
"""Family -> its name on screen, in the order in which they stand."""


def component_words(component: str) -> str:
    """The name of a component; one that was typed in stands as it was typed, on one line."""
    return COMPONENTS.get(component) or shortened(component, 32)


def purpose_words(component: str) -> str:
    """The name of what a component is there for."""
    return PURPOSE_OF.get(component) or component_words(component)


def in_sentence(words: str) -> str:
    """A name inside a sentence: acronyms stay, words go lower case."""
    return words if words[:2].isupper() else words[:1].lower() + words[1:]
