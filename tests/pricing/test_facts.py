"""Which facts shape the bill of which meter."""

from pricing.facts import METERS_OF, facts_of
from pricing.price import FACTS
from pricing.units import METERS


def test_every_fact_of_a_plan_belongs_to_meters_of_the_list():
    assert set(METERS_OF) == set(FACTS)
    assert all(meters and set(meters) <= set(METERS) for meters in METERS_OF.values())


def test_the_facts_of_a_meter():
    assert facts_of("reads") == ("units_per_search", "units_per_gb_searched", "cap_quantity")
    assert facts_of("nodes") == ("gb_per_node", "min_nodes", "cap_quantity")
    assert facts_of("gpu") == ("min_gpus",)
    assert facts_of("page") == ()
