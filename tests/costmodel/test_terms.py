"""Quantities that know what they are made of."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from costmodel import components, terms
from costmodel.changes import changed
from costmodel.fields import value_at
from costmodel.inputs import Inputs
from costmodel.results import run_scenario
from costmodel.scenario import FIELDS
from costmodel.simulate import bill
from costmodel.terms import FORMULAS, Term, applied, given, product, quantity, total
from tests.costmodel.office import BOOK, OFFICE

MONTHS = np.arange(4.0)


def field(path: str, value: Any) -> Term:
    return Term(path, "", value, "field", name=path)


# Sums, products, formulas


def test_a_sum_adds_its_parts_and_a_product_multiplies_them():
    two, three, four = given("two", "", 2.0), given("three", "", 3.0), given("four", "", 4.0)

    assert total("sum", "tokens", two, three, four).value == 2 + 3 + 4
    assert product("product", "tokens", two, three, four).value == 2 * 3 * 4


def test_a_term_keeps_its_parts_its_kind_and_its_unit():
    parts = (given("one", "", 1.0), given("two", "", 2.0))
    both = [total("sum", "tokens", *parts), product("product", "hours", *parts)]

    assert [(each.kind, each.unit, each.parts) for each in both] == [
        ("sum", "tokens", parts),
        ("product", "hours", parts),
    ]


def test_values_by_month_and_values_of_a_batch_broadcast():
    batch = given("batch", "", np.array([[1.0], [10.0]]))
    months = given("months", "", MONTHS)

    np.testing.assert_array_equal(product("both", "", batch, months).value, [[0, 1, 2, 3], [0, 10, 20, 30]])


def test_what_a_declared_function_makes_names_the_function_and_its_label_and_unit():
    made = applied(components.live_queries, given("asked", "queries", 1_000.0), given("cached", "share", 0.2))

    assert (made.value, made.kind, made.name) == (1_000 * (1 - 0.2), "formula", "live_queries")
    assert (made.label, made.unit) == ("live queries", "queries")
    assert [part.label for part in made.parts] == ["asked", "cached"]


def test_a_label_of_its_own_goes_before_the_declared_one():
    passed = applied(components.rest, given("share", "share", 0.25), label="passed on")

    assert (passed.label, passed.value) == ("passed on", 0.75)


def test_a_function_that_was_never_declared_is_refused():
    def undeclared(value: Any) -> Any:
        return value

    with pytest.raises(KeyError, match="undeclared"):
        applied(undeclared, given("one", "", 1.0))


# Months


def test_during_keeps_what_holds_and_nothing_elsewhere():
    kept = given("one", "", 5.0).during(MONTHS > 1)

    assert kept.value.tolist() == [0, 0, 5, 5]


def test_during_and_named_leave_the_original_and_its_parts_alone():
    whole = product("product", "", field("a.b", 2.0), given("months", "", MONTHS))
    kept = whole.during(MONTHS > 2).named("kept", "releases")

    assert (kept.label, kept.unit, kept.parts, kept.fields) == ("kept", "releases", whole.parts, ("a.b",))
    assert (whole.label, whole.unit, whole.value.tolist()) == ("product", "", [0, 2, 4, 6])


def test_a_term_has_no_room_for_anything_else():
    with pytest.raises(AttributeError):
        given("one", "", 1.0).note = "two"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("value", "month", "expected"),
    [
        (7.0, 3, 7.0),
        (np.array([1.0, 2.0, 4.0]), 1, 2.0),
        # a value without months of its own is the same in each
        (np.array([5.0]), 9, 5.0),
        (3, 0, 3.0),
    ],
)
def test_the_value_in_a_month(value, month, expected):
    found = given("each", "", value).at(month)

    assert (found, type(found)) == (expected, float)


# What is behind a quantity


def test_fields_are_those_of_all_parts_each_once_in_their_order():
    volume, share = field("workload.queries_per_month", 1.0), field("hybrid.fine_tuned_share", 0.5)
    inner = product("inner", "", volume, share)
    outer = total("outer", "", given("one", "", 1.0), inner, product("again", "", share, volume))

    assert outer.fields == ("workload.queries_per_month", "hybrid.fine_tuned_share")


def test_a_given_value_and_a_price_have_no_field_behind_them():
    price = Term("price", "USD/token", 1.0, "price", name="acme/base:input")

    assert product("cost", "USD", price, given("one", "", 1.0)).fields == ()


def recomputed(term: Term) -> Any:
    """The value of a term from the values of its parts."""
    values = [part.value for part in term.parts]
    if term.kind == "formula":
        return FORMULAS[term.name].compute(*values)
    return np.prod(np.broadcast_arrays(*values), axis=0) if term.kind == "product" else term.value


def parts_of(term: Term) -> list[Term]:
    return [term, *(each for part in term.parts for each in parts_of(part))]


@pytest.mark.parametrize("architecture", ["rag", "fine_tuning", "hybrid", "prompting"])
def test_each_quantity_of_a_bill_is_what_its_parts_make_of_it_or_nothing(architecture):
    lines = bill(Inputs(OFFICE, BOOK), architecture).lines
    made = [each for line in lines for each in parts_of(line.amount) if each.kind in ("formula", "product")]

    assert len(made) > 10
    for each in made:
        value, again = np.broadcast_arrays(each.value, recomputed(each))
        kept = value != 0  # what falls in some months alone is nothing in the others
        np.testing.assert_allclose(value[kept], again[kept], err_msg=each.label)


@pytest.mark.parametrize("architecture", ["rag", "fine_tuning", "hybrid", "prompting"])
def test_what_is_said_to_be_behind_a_line_is_a_field_of_the_scenario(architecture):
    answers = run_scenario(OFFICE, BOOK).answers
    paths = {path for line in answers[architecture].bill.lines for path in line.fields}

    assert paths <= set(FIELDS)


NUMBERS = [path for path, facts in FIELDS.items() if facts.kind == "number" and value_at(OFFICE, path)]


@pytest.mark.parametrize("architecture", ["rag", "fine_tuning", "hybrid", "prompting"])
def test_a_field_stands_behind_every_line_that_it_moves(architecture):
    # each number of the office, a hundredth larger
    before = bill(Inputs(OFFICE, BOOK), architecture).lines
    unnamed = []
    for path in NUMBERS:
        more = changed(OFFICE, {path: min(value_at(OFFICE, path) * 1.01, FIELDS[path].high)})
        for old, new in zip(before, bill(Inputs(more, BOOK), architecture).lines, strict=True):
            moved = not np.allclose(old.cost_usd, new.cost_usd, rtol=1e-12, atol=0)
            if moved and path not in new.fields:
                unnamed.append((path, new.component, new.phase))

    assert unnamed == []


# Declarations


@pytest.fixture
def declarations(monkeypatch) -> dict[str, Any]:
    """A list of declarations of its own."""
    own: dict[str, Any] = {}
    monkeypatch.setattr(terms, "FORMULAS", own)
    return own


def test_a_declaration_says_what_a_function_computes(declarations):
    @quantity("doubled", "tokens", "2 * value", value=21.0)
    def twice(value: Any) -> Any:
        """Twice as much.

        In more words.
        """
        return 2 * value

    declared = declarations["twice"]
    assert (declared.label, declared.unit, declared.expression) == ("doubled", "tokens", "2 * value")
    assert (declared.meaning, declared.parameters) == ("Twice as much.", ("value",))
    assert twice(4) == 8


@pytest.mark.parametrize("example", [{}, {"other": 1.0}, {"value": 1.0, "other": 2.0}])
def test_an_example_that_does_not_name_the_parameters_is_refused(declarations, example):
    def twice(value: Any) -> Any:
        return 2 * value

    with pytest.raises(TypeError, match=r"twice: the example names .*, the function \['value'\]"):
        quantity("doubled", "tokens", "2 * value", **example)(twice)
    assert declarations == {}


def test_an_example_names_the_parameters_in_their_order(declarations):
    def less(a: Any, b: Any) -> Any:
        return a - b

    with pytest.raises(TypeError, match="less"):
        quantity("less", "tokens", "a - b", b=1.0, a=2.0)(less)


@pytest.mark.parametrize("name", FORMULAS)
def test_every_worked_example_gives_finite_numbers(name):
    assert np.isfinite(FORMULAS[name].worked()).all()


def test_a_worked_number_is_what_the_function_computes_now(monkeypatch):
    declared = FORMULAS["live_queries"]
    before = declared.worked()
    monkeypatch.setattr(components, "live_queries", lambda queries, cached: queries * cached)

    assert (before, declared.worked()) == (1_000 * (1 - 0.2), 1_000 * 0.2)
