"""Example bills of the vector stores in the book, published or worked by hand: the arithmetic stands in each test."""

from __future__ import annotations

import pytest

from pricing.book import Price
from pricing.catalog import load_book
from pricing.units import VECTOR_STORE_METERS
from tests.pricing.example_bills import indexed, paid, store_bill

MILLION = 1e6
GIB = 2**30 / 1e9
EXACT = 1e-9

# Pinecone: docs.pinecone.io/guides/manage-cost/understanding-cost

PINECONE = "pinecone/serverless standard aws us-east-1"
NAMESPACE = {"rag__index_overhead_share": 1000 / 6144}
"""1,000 bytes of metadata beside 1,536 x 4 bytes of vector: 7.144 GB for a million records, as in its table."""


def test_pinecone_bills_a_read_unit_per_gigabyte_of_the_namespace():
    run = indexed(PINECONE, MILLION, 500_000, **NAMESPACE)

    # Its table: 1,000,000 records x 7.14 KB take 7.14 read units a query.
    assert paid(run, "rag", "vector_reads") == pytest.approx(500_000 * 7.144 * 16 / MILLION)
    assert store_bill(run) == pytest.approx(57.152 + 7.144 * 0.33)


def test_pinecone_lifts_a_month_of_twenty_dollars_to_its_minimum_of_fifty():
    # 19.30 of usage: 10 GB x 0.33, and 100,000 searches x 10 read units x 16 / 1M.
    ten_gb = 10e9 / 6144
    run = indexed(PINECONE, ten_gb, 100_000)

    assert paid(run, "rag", "vector_storage", "vector_reads") == pytest.approx(3.30 + 16.00)
    assert paid(run, "rag", "vector_minimum") == pytest.approx(50 - 19.30)
    assert store_bill(run) == pytest.approx(50)


def test_pinecone_adds_nothing_to_a_month_of_a_hundred_dollars():
    run = indexed(PINECONE, 10e9 / 6144, 604_375)  # 3.30 + 604,375 x 10 x 16 / 1M

    assert store_bill(run) == pytest.approx(100)
    assert paid(run, "rag", "vector_minimum") == 0


def test_pinecone_bills_a_write_unit_per_kilobyte_of_the_vectors():
    run = indexed(PINECONE, MILLION, rag__bytes_per_dimension=7140 / 1536)

    # Its table: 1,000 records of 7.14 KB take 7,140 write units; a million of them at 4 USD per 1M.
    assert paid(run, "rag", "vector_writes", month=0) == pytest.approx(7.14 * 4)


def test_pinecone_enterprise_has_its_own_prices_and_minimum():
    run = indexed("pinecone/serverless enterprise lowest region", 10e9 / 6144, 3 * MILLION)

    assert store_bill(run) == pytest.approx(10 * 0.33 + 30 * 24)  # 723.30, above its 500


@pytest.mark.parametrize(
    ("plan", "fee", "gb", "searches"),
    [("pinecone/starter", 0, 2, 500_000), ("pinecone/builder", 20, 10, 200_000)],
)
def test_the_flat_plans_of_pinecone_bill_their_fee_and_warn_beyond_their_caps(plan, fee, gb, searches):
    # Starter ends at 2 GB and 1M read units = 500,000 searches of 2; Builder at 10 GB and 2M = 200,000 of 10.
    vectors = gb * 1e9 / 6144
    at_cap, above = indexed(plan, vectors, searches), indexed(plan, vectors + 1, searches)

    def capped(run):
        return sorted({text.split(": ")[0] for text in run.warnings if "cap" in text and "month 1" in text})

    assert store_bill(at_cap) == store_bill(above) == fee
    assert capped(at_cap) == []
    assert capped(above) == [f"{plan}:reads", f"{plan}:storage"]


# Others that bill by use


def test_openai_file_search_bills_what_is_stored_above_a_free_gigabyte_and_every_call():
    run = indexed("openai/file search", 5e9 / 6144, 100_000)

    assert store_bill(run) == pytest.approx(4 * 0.10 * 365 / 12 + 100 * 2.5, rel=1e-6)


def test_weaviate_bills_stored_dimensions_and_gibibytes():
    run = indexed("weaviate/flex", 10 * MILLION, 3 * MILLION)

    # 10M x 1,536 = 15,360M dimensions at 0.00465, and 61.44 GB = 57.22 GiB at 0.12; searches are not billed.
    dimensions, stored = 15_360 * 0.00465, 61.44 / GIB * 0.12
    assert dimensions == pytest.approx(71.424)
    assert store_bill(run) == pytest.approx(dimensions + stored)


def test_weaviate_counts_the_dimensions_of_every_copy():
    one, two = (indexed("weaviate/flex", 10 * MILLION, rag__replicas=copies) for copies in (1, 2))

    assert store_bill(two) == pytest.approx(2 * store_bill(one))


def test_a_small_index_at_weaviate_costs_the_plans_minimum():
    run = indexed("weaviate/flex", MILLION)  # 7.14 of dimensions and 0.69 of storage

    assert store_bill(run) == pytest.approx(45)
    assert store_bill(indexed("weaviate/premium shared", MILLION)) == pytest.approx(400)


def test_a_large_contract_at_weaviate_is_above_its_minimum():
    run = indexed("weaviate/premium shared", 100 * MILLION)

    assert store_bill(run) == pytest.approx(153_600 * 0.003875 + 614.4 / GIB * 0.1)  # 595.20 + 57.22


TURBOPUFFER = "turbopuffer/launch"


def test_a_search_at_turbopuffer_scans_at_least_1_28_gigabytes():
    run = indexed(TURBOPUFFER, 100_000, MILLION)

    # Its calculator: 1M queries of a small namespace are about 1 PB; 1M x 1.28 GB = 1.28 PB at 1 USD.
    assert paid(run, "rag", "vector_reads") == pytest.approx(1.28)


def test_turbopuffer_bills_what_searches_scan_and_what_is_written():
    run = indexed(TURBOPUFFER, MILLION, 10 * MILLION, corpus__updates_per_month=1, corpus__changed_share_per_update=0.5)

    scanned = 10 * MILLION * 6.144 / 1e6  # 10M searches x 6.144 GB = 61.44 PB at 1 USD
    assert store_bill(run) == pytest.approx(6.144 * 0.33 + scanned + 3.072 * 2)
    assert paid(run, "rag", "vector_writes", month=0) == pytest.approx(6.144 * 2)


def test_turbopuffer_discounts_the_part_of_a_namespace_above_32_and_128_gigabytes():
    run = indexed("turbopuffer/scale", 200e9 / 6144, MILLION)

    # 32 GB at 1, 96 GB at 0.20 and 72 GB at 0.04 USD per PB, a million times.
    assert paid(run, "rag", "vector_reads") == pytest.approx(32 + 19.2 + 2.88)


@pytest.mark.parametrize(("plan", "minimum"), [("launch", 16), ("scale", 256), ("enterprise", 4096)])
def test_a_small_month_at_turbopuffer_costs_its_minimum(plan, minimum):
    assert store_bill(indexed(f"turbopuffer/{plan}", 1_000)) == pytest.approx(minimum)


S3 = "aws/s3 vectors us-east-1"
ROUNDED = 0.02
"""AWS rounds 58.84 to 59 GB and each product to the cent."""


def sixth_replaced(vectors: float):
    """Vectors of 6.17 KB that are all replaced within six months: what they cost to store and to upload."""
    once = {"corpus__updates_per_month": 1, "corpus__changed_share_per_update": 1 / 6}
    return indexed(S3, vectors, rag__embedding_dimensions=1024.0, rag__bytes_per_dimension=6.17, **once)


def queried(vectors: float, searches: float):
    """Searches of one of the 40 indexes: 5.17 KB of each vector, as metadata that is not filtered is not read."""
    return indexed(S3, vectors, searches, rag__embedding_dimensions=1024.0, rag__bytes_per_dimension=5.17)


@pytest.mark.parametrize(
    ("all_vectors", "of_an_index", "searches", "published"),
    [(10 * MILLION, 250_000, MILLION, 11.38), (400 * MILLION, 10 * MILLION, 10 * MILLION, 1217.29)],
)
def test_s3_vectors_comes_to_the_examples_on_the_price_page_of_aws(all_vectors, of_an_index, searches, published):
    kept, searched = sixth_replaced(all_vectors), queried(of_an_index, searches)

    bill = paid(kept, "rag", "vector_storage", "vector_writes") + paid(searched, "rag", "vector_reads")
    assert bill == pytest.approx(published, abs=ROUNDED)


def test_s3_vectors_reads_the_first_hundred_thousand_vectors_at_the_higher_price():
    run = queried(250_000, MILLION)

    tib = 5.17 * 1024 / 2**40  # of one vector
    first, next_tier = 100_000 * tib * 0.004 * MILLION, 150_000 * tib * 0.002 * MILLION
    assert (first, next_tier) == pytest.approx((1.93, 1.44), abs=0.005)
    assert paid(run, "rag", "vector_reads") == pytest.approx(2.50 + first + next_tier)


# By the hour


def test_opensearch_serverless_comes_to_the_month_of_the_public_calculator():
    # (2 OCUs x 730 h + 10 OCU-hours of indexing) x 0.24 + 0.01024 GB x 0.024 = 352.80024576
    classic = "aws/opensearch serverless classic us-east-1"
    indexing = {
        "architecture": "rag",
        "component": "vector_nodes",
        "phase": "recurring",
        "months": [1, 1],
        "usd_per_month": 10 * 0.24,
    }
    stored = Price(
        provider="aws",
        item="opensearch serverless classic us-east-1",
        meter="storage",
        unit="GB-month",
        price_usd=0.024,
        source="the calculator's own test",
    )
    book = load_book().with_rows([stored])
    run = indexed(classic, 2_500, 100_000, book, rag__embedding_dimensions=1024.0, extra_costs=(indexing,))

    assert paid(indexed(classic, 2_500), "rag", "vector_nodes") == pytest.approx(350.40)
    assert store_bill(run) == pytest.approx(352.80024576, abs=EXACT)


def test_opensearch_serverless_runs_twice_as_many_units_with_standby_copies_and_none_at_least_in_its_next_generation():
    redundant, nextgen = "classic redundant", "nextgen"

    assert store_bill(indexed(f"aws/opensearch serverless {redundant} us-east-1", 2_500)) == pytest.approx(4 * 175.20)
    assert store_bill(indexed(f"aws/opensearch serverless {nextgen} us-east-1", 2_500)) == pytest.approx(175.20)
    assert store_bill(indexed(f"aws/opensearch serverless {nextgen} us-east-1", 0)) == 0


@pytest.mark.parametrize(
    ("tier", "gb", "month"),
    [("basic", 5, 73.73), ("standard S1", 35, 245.28), ("standard S2", 150, 981.12), ("standard S3", 300, 1962.24)],
)
def test_azure_ai_search_bills_replicas_times_partitions(tier, gb, month):
    # 0.101, 0.336, 1.344 and 2.688 USD x 730 h; the price API shows 245.28 a month for S1.
    plan, full = f"azure/ai search {tier} eastus", gb * 1e9 / 6144

    assert store_bill(indexed(plan, 0)) == store_bill(indexed(plan, full)) == pytest.approx(month)
    assert store_bill(indexed(plan, full + 1)) == pytest.approx(2 * month)
    assert store_bill(indexed(plan, full + 1, rag__replicas=3)) == pytest.approx(6 * month)


def test_vertex_vector_search_runs_a_node_all_month_and_bills_streamed_gibibytes():
    plan = "google/vertex vector search e2-standard-2 us"
    run = indexed(plan, 300_000, corpus__updates_per_month=1, corpus__changed_share_per_update=1)

    node = 0.0938084 * 730  # "about 68.5 USD a month per node"
    assert node == pytest.approx(68.5, abs=0.05)
    assert store_bill(run) == pytest.approx(node + 1.8432 / GIB * 0.45)
    assert store_bill(indexed(plan, 0)) == pytest.approx(node)


# Zilliz: docs.zilliz.com/docs/dedicated-cluster-cost and /storage-cost

ZILLIZ = "zilliz/cloud dedicated performance enterprise aws us-east-1"
OF_768 = {"rag__embedding_dimensions": 768.0}
VECTORS_OF_A_CU = 1.5 * MILLION
"""Of 768 dimensions, by the vendor's planning guide: 4.608 GB."""


def test_zilliz_bills_eight_compute_units_in_two_replicas_as_in_its_example():
    run = indexed(ZILLIZ, 8 * VECTORS_OF_A_CU, rag__replicas=2, finance__hours_per_month=720.0, **OF_768)

    # Its example: 0.248 x 16 CUs x 720 h = 2,856.96.
    assert paid(run, "rag", "vector_nodes") == pytest.approx(2856.96)
    assert store_bill(run) == pytest.approx(2856.96 + 2 * 36.864 * 0.025)


def test_zilliz_bills_five_hundred_gigabytes_of_storage_as_in_its_example():
    run = indexed(ZILLIZ, 500e9 / 3072, **OF_768)

    assert paid(run, "rag", "vector_storage") == pytest.approx(12.50)


@pytest.mark.parametrize(
    ("vectors", "units"), [(0, 1), (VECTORS_OF_A_CU, 1), (VECTORS_OF_A_CU + 1, 2), (2 * VECTORS_OF_A_CU, 2)]
)
def test_a_compute_unit_of_zilliz_holds_a_million_and_a_half_vectors_and_one_always_runs(vectors, units):
    run = indexed(ZILLIZ, vectors, **OF_768)

    assert paid(run, "rag", "vector_nodes") == pytest.approx(units * 0.248 * 730)


@pytest.mark.parametrize(
    ("instance", "usd", "gb"),
    [
        ("db.t3.medium", 0.068, 4),
        ("db.m5.large", 0.171, 8),
        ("db.m5.xlarge", 0.342, 16),
        ("db.r5.large", 0.25, 16),
        ("db.r5.xlarge", 0.5, 32),
    ],
)
def test_pgvector_on_rds_bills_an_instance_whose_memory_holds_the_index_and_its_disk(instance, usd, gb):
    run = indexed(f"aws/rds pgvector {instance} us-east-1", gb * 1e9 / 6144)

    assert store_bill(run) == pytest.approx(usd * 730 + gb * 0.115)


def test_a_larger_instance_of_rds_costs_what_two_of_half_its_size_do():
    ten_gb = 10e9 / 6144
    two, one = (indexed(f"aws/rds pgvector db.m5.{size} us-east-1", ten_gb) for size in ("large", "xlarge"))

    assert store_bill(two) == pytest.approx(store_bill(one))


def test_neon_bills_compute_units_of_four_gigabytes_and_storage():
    run = indexed("neon/pgvector launch", MILLION)

    assert store_bill(run) == pytest.approx(2 * 730 * 0.106 + 6.144 * 0.35)  # 154.76 + 2.15
    assert store_bill(indexed("neon/pgvector scale", MILLION)) == pytest.approx(2 * 730 * 0.222 + 6.144 * 0.35)


def test_the_free_plan_of_neon_warns_that_a_month_awake_is_more_than_its_hundred_hours():
    run = indexed("neon/pgvector free", 1_000)

    assert store_bill(run) == 0
    assert any("neon/pgvector free:nodes" in text and "cap of 100 hour" in text for text in run.warnings)


@pytest.mark.parametrize(
    ("plan", "fee", "gb"),
    [("supabase/pgvector pro", 25, 8), ("qdrant/free tier", 0, 1), ("weaviate/free forever", 0, 1)],
)
def test_a_plan_with_a_quota_and_no_price_beyond_it_warns_there(plan, fee, gb):
    within, beyond = indexed(plan, gb * 1e9 / 6144), indexed(plan, gb * 1e9 / 6144 + 1)

    assert store_bill(within) == store_bill(beyond) == fee
    assert not any(f"{plan}:storage" in text for text in within.warnings)
    assert any(f"{plan}:storage" in text and "beyond" in text for text in beyond.warnings)


COVERED = {
    PINECONE,
    "pinecone/serverless enterprise lowest region",
    "pinecone/builder",
    "pinecone/starter",
    "openai/file search",
    "weaviate/free forever",
    "weaviate/flex",
    "weaviate/premium shared",
    *(f"turbopuffer/{plan}" for plan in ("launch", "scale", "enterprise")),
    S3,
    *(f"aws/opensearch serverless {kind} us-east-1" for kind in ("classic", "classic redundant", "nextgen")),
    *(f"azure/ai search {tier} eastus" for tier in ("basic", "standard S1", "standard S2", "standard S3")),
    "google/vertex vector search e2-standard-2 us",
    *(
        f"aws/rds pgvector db.{size} us-east-1"
        for size in ("t3.medium", "m5.large", "m5.xlarge", "r5.large", "r5.xlarge")
    ),
    *(f"neon/pgvector {plan}" for plan in ("free", "launch", "scale")),
    "supabase/pgvector pro",
    "qdrant/free tier",
    ZILLIZ,
}
"""Vector stores with an example above."""


def test_every_vector_store_of_the_book_has_an_example():
    book = load_book()

    assert {row.ref for row in book.rows if row.meter in VECTOR_STORE_METERS} == COVERED


def test_a_negotiated_discount_is_taken_off_every_price_and_off_the_minimum():
    # Usage 3.30 + 16.00 = 19.30 and the minimum of 50, both a tenth off.
    run = indexed(PINECONE, 10e9 / 6144, 100_000, finance__discount_share={"pinecone": 0.1, "aws": 0.5})

    assert paid(run, "rag", "vector_storage", "vector_reads") == pytest.approx(0.9 * 19.30)
    assert store_bill(run) == pytest.approx(0.9 * 50)
