"""Components of the ledger, and the family that each belongs to."""

FAMILIES: dict[str, tuple[str, ...]] = {
    "people": (
        "build_labour",
        "preparation",
        "update_labour",
        "rag_maintenance",
        "tuned_maintenance",
        "prompt_maintenance",
        "retrain_labour",
        "revalidation",
        "migration",
        "contingency",
    ),
    "tokens": ("generation", "tuned_generation", "router", "rewrite", "guardrail"),
    "training": ("labels", "training", "release_evaluation"),
    "hosting": ("tuned_hosting", "router_hosting", "rag_hosting", "model_storage", "observability"),
    "retrieval": (
        "parsing",
        "corpus_embedding",
        "query_embedding",
        "rerank",
        "vector_storage",
        "vector_reads",
        "vector_writes",
        "vector_nodes",
        "vector_flat",
        "vector_minimum",
    ),
    "consequence": ("wrong_answers", "launch_delay"),
}
FAMILY_OF = {component: family for family, components in FAMILIES.items() for component in components}
"""Family of each ledger component; a name typed into `extra_costs` that is not here is `other`."""


def known_component(name: str) -> str:
    """The name, if it is a component of the ledger; ValueError with the list if not."""
    if name not in FAMILY_OF:
        raise ValueError(f"'{name}' is not a cost component; use one of {', '.join(FAMILY_OF)}")
    return name
