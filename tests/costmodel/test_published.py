"""Figures that others published, beside ours; and what a file of such figures is refused for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from costmodel.expressions import CONSTANTS, FUNCTIONS
from costmodel.figures import OTHER_FUNCTIONS, RESULT_FUNCTIONS
from costmodel.link import MAX_CHARACTERS, decoded, encoded
from costmodel.published import EXAMPLES, ExampleError, FigureResult, figures, load_examples, read_example
from costmodel.published_file import Content, Figure, Variant
from costmodel.results import run_scenario
from pricing.catalog import load_book

GALLERY = {example.id: example for example in load_examples()}

# What each publication's inputs come to, worked out apart from the model, in the order of the files' figures.
RECOMPUTED: dict[str, list[float | bool]] = {
    "E03": [108_000, 42_000, 55_200, 13_500, 6_900, 8_220, 6_480_000, 2_520_000, 3_312_000],
    "E04": [108_684, 11_502, 7_218, 936.788, 5_475.45, 1_048.17, 841.8, 363.338, 4],
    "E05": [2_500, 0.125, 23_232_000, 0.01024, 352.80024576, 2_850, 33.5, 0.0432, 4_672.92524576, 350.4],
    "E12": [12.5, -0.04, 1_250_000, 20_000 / (0.05 - 0.02)],
    "E18": [8 * 0.1 * 3, 3 * 0.1 * 3],
    "E19": [2 * 1 * 2, 4 * 100, 4 * 100, 427.06, 1.7 * 720 + 198, 1.7 * 730 + 198],
    "E21": [1.021875, 2.921875],
    "E24": [0.0135, 4_050],
    "E26": [50, 100],
    "E27": [0.15, 0.1875, 0.015, 2],
    "E33": [13.7984, (4 * 3_072 + 8 * 16) / (4 * 1_536 + 8 * 16)],
    "E34": [10, 0.1 ** (1 / 12), 0.06],
    "E35": [-100_000 + 30_000 / 1.1 + 40_000 / 1.1**2 + 50_000 / 1.1**3] * 2,
    "S0": [
        1 - (15_000 + 12 * 50) / (30_000 + 12 * 200 + 4 * 500),
        1 - (40_000 + 12 * 500) / (80_000 + 12 * 1_000 + 4 * 2_000),
        1 - (15_000 + 12 * 50) / (30_000 + 12 * 200 + 500),
        1 - (40_000 + 12 * 500) / (80_000 + 12 * 1_000 + 2_000),
        1 - (15_000 + 12 * 50) / (30_000 + 12 * 200 + 12 * 500),
        1 - (40_000 + 12 * 500) / (80_000 + 12 * 1_000 + 12 * 2_000),
        1 - (15_000 + 12 * 50) / (30_000 + 4 * 500),
        1 - (40_000 + 12 * 500) / (80_000 + 4 * 2_000),
    ],
    "S3a": [20_000, 200_000, 2_400, 14_400, True, True, 0.48, 2.88, 0.002, 0.012],
    "S3b": [1_000 * 1 + 50, 10_000 * 5 + 5_000],
    "S4": [
        *(11_000, 66_000, 17_000, 102_000, 23_000, 138_000),
        *(600, 10_000, 15_000, 250_000, False, False, True, True),
    ],
}

CONTRADICTIONS = {
    ("E12", 1_000_000, 1_250_000),
    ("E12", 500_000, 666_667),
    ("E19", 200, 400),
    ("E27", 150, 0),
    ("S3b", 5_000, 1_050),
    ("S3b", 50_000, 55_000),
    ("S4", True, False),
}


@pytest.fixture(scope="module")
def judged() -> dict[str, tuple[FigureResult, ...]]:
    """All figures of the gallery, by example."""
    return {key: figures(example) for key, example in GALLERY.items()}


# The gallery


def test_all_seventeen_are_there_in_one_file_each():
    assert list(GALLERY) == list(RECOMPUTED)


@pytest.mark.parametrize("key", RECOMPUTED)
def test_ours_is_what_the_inputs_come_to(judged, key):
    ours = [figure.ours for figure in judged[key]]

    assert ours == pytest.approx(RECOMPUTED[key], rel=1e-9)


@pytest.mark.parametrize("key", RECOMPUTED)
def test_every_figure_is_what_its_file_says(judged, key):
    claims = [figure.verdict for figure in GALLERY[key].content.figures]

    assert [figure.verdict for figure in judged[key]] == claims


def test_what_contradicts_its_own_inputs_is_named_with_a_reason(judged):
    found = [each for several in judged.values() for each in several if each.verdict == "contradicts_own_inputs"]

    assert {(each.id, each.published, round(each.ours)) for each in found} == CONTRADICTIONS
    assert all(each.reason for each in found)


def test_every_figure_can_be_expressed(judged):
    assert all(each.ours is not None for several in judged.values() for each in several)


def test_no_source_is_a_file_name():
    for example in GALLERY.values():
        assert not re.search(r"\.txt|seed", example.source)


@pytest.mark.parametrize("key", RECOMPUTED)
def test_opened_in_the_app_it_is_the_same_bill(key):
    example, book = GALLERY[key], load_book()
    for variant in example.variants:
        opened = run_scenario(example.opened(variant), book)
        own = run_scenario(example.scenario(variant), book.with_rows(example.prices(variant)))

        assert [answer.missing for answer in opened.answers.values()] == [""] * len(opened.answers)
        for name, answer in opened.answers.items():
            assert answer.monthly_usd.tolist() == own.answers[name].monthly_usd.tolist()


@pytest.mark.parametrize("key", RECOMPUTED)
def test_a_link_carries_it(key):
    example = GALLERY[key]
    for variant in example.variants:
        scenario = example.opened(variant)
        word = encoded(scenario)

        assert len(word) <= MAX_CHARACTERS
        assert decoded(word)[0] == scenario


def test_shown_variants_are_those_that_a_figure_is_read_from():
    assert GALLERY["E03"].shown_variants == ("base", "sonnet", "five_years")
    assert GALLERY["E33"].shown_variants == ("base",)


# One small example: rag costs 1,215 a month of tokens, fine-tuning 1,000 once and 215 a month

SMALL: dict[str, Any] = {
    "format_version": 1,
    "id": "X1",
    "title": "A small one",
    "source": "Jane Doe, What our bot costs",
    "inputs": {"queries": 90_000, "tokens": [2_000, 500], "price": [3, 15], "once": 2_000, "monthly": 215},
    "scenario": {
        "finance": {"horizon_months": 12, "compared": ["rag", "fine_tuning"]},
        "workload": {
            "queries_per_month": "= inputs.queries",
            "query_tokens": "= inputs.tokens[0]",
            "output_tokens": "= inputs.tokens[1]",
        },
        "rag": {"model": "published/model"},
        "fine_tuning": {"experiment_runs": 0, "switched_off": ["tuned_generation"]},
        "extra_costs": [
            {
                "architecture": "fine_tuning",
                "component": "quote",
                "phase": "one_time",
                "months": [0, 0],
                "usd": "= inputs.once / 2",
            },
            {
                "architecture": "fine_tuning",
                "component": "quote",
                "phase": "recurring",
                "months": [1, 12],
                "usd_per_month": "= inputs.monthly",
            },
        ],
    },
    "prices": [
        {
            "provider": "published",
            "item": "model",
            "meter": meter,
            "unit": "1M tokens",
            "price_usd": f"= inputs.price[{n}]",
        }
        for n, meter in enumerate(("input", "output"))
    ],
    "variants": {"double": {"inputs": {"queries": 180_000}}, "year": {"set": {"finance.horizon_months": 24}}},
    "figures": [{"name": "A year", "expression": "rag.tco_usd", "published": 14580}],
}
MONTH = 90_000 * (2_000 * 3 + 500 * 15) / 1e6

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes the small example with some entries replaced, as a file."""

    def to_file(name: str = "small.json", /, **changes: Any) -> Path:
        path = tmp_path / name
        path.write_text(json.dumps({**SMALL, **changes}), encoding="utf-8")
        return path

    return to_file


@pytest.fixture
def read_off(write: Write) -> Callable[..., float | bool | None]:
    """What an expression comes to on the small example."""

    def ours(expression: str, **figure: Any) -> float | bool | None:
        example = read_example(write(figures=[{"name": "it", "expression": expression, "expected": 0, **figure}]))
        return example.figures()[0].ours

    return ours


@pytest.fixture
def refused(write: Write) -> Callable[..., str]:
    """The one line that the small example with some entries replaced is refused with."""

    def line(**changes: Any) -> str:
        with pytest.raises(ExampleError) as error:
            read_example(write(**changes)).figures()
        told = str(error.value)
        assert told.startswith("small.json")
        assert len(told.splitlines()) == 1
        return told

    return line


@pytest.mark.parametrize(
    ("expression", "number"),
    [
        ("rag.tco_usd", 12 * MONTH),
        ("rag.totals_usd[36]", 36 * MONTH),
        ("rag.cumulative_usd[3] - rag.monthly_usd[1]", 2 * MONTH),
        ("runs.double.rag.tco_usd / runs.base.rag.tco_usd", 2),
        ("fine_tuning.one_time_usd / rag.cost_per_query_usd", 1_000 / (MONTH / 90_000)),
        ("cost('rag')", 12 * MONTH),
        ("cost('rag', 'generation', 'recurring', meter='output', month=2)", 90_000 * 500 * 15 / 1e6),
        ("cost('rag', 'generation', first=3, last=6)", 4 * MONTH),
        ("cost('fine_tuning', 'quote', phase='one_time')", 1_000),
        ("cost('rag', 'labels') + rag.tco_usd", 12 * MONTH),
        ("quantity('rag', 'generation', meter='input', month=1) * million", 90_000 * 2_000),
        ("unit_price('rag', 'generation', meter='input')", 3),
        ("unit_price('rag', 'generation', variant='double') * 1", MONTH / (90_000 * 2_500 / 1e6)),
        ("queries()", 12 * 90_000),
        ("queries(month=1, variant='double') + queries(last=2)", 180_000 + 2 * 90_000),
        ("break_even('rag', 'fine_tuning')", 1_000 / (MONTH - 215)),
        ("break_even_count('fine_tuning', 'rag')", 1),
        (
            "crossover('rag', 'fine_tuning', 'workload.queries_per_month', 1000, 100000)",
            (1_000 + 12 * 215) / 12 / (MONTH / 90_000),
        ),
        ("crossover_count('rag', 'fine_tuning', 'price:published/model:input', 100, 200)", 0),
        ("net_present_value([rag.monthly_usd[1], rag.monthly_usd[12]], 0.1)", MONTH + MONTH / 1.1),
        ("net_present_value(rag.monthly_usd, 0, months_per_period=1)", 12 * MONTH),
        ("sum(rag.monthly_usd) / inputs.monthly", 12 * MONTH / 215),
    ],
)
def test_what_an_expression_reads(read_off, expression, number):
    assert read_off(expression) == pytest.approx(number, rel=1e-6)


def test_what_stands_beside_the_bill_is_read_by_its_name(write):
    wrong = {
        "quality": {"usd_per_wrong_answer": 1},
        "rag": {"model": "published/model", "correct_share": 0.9},
        **{key: SMALL["scenario"][key] for key in ("finance", "workload", "fine_tuning")},
    }
    expressions = ("cost('rag')", "cost('rag', 'wrong_answers')", "cost('rag', variant='counted')")
    example = read_example(
        write(
            scenario=wrong,
            variants={"counted": {"set": {"finance.consequences_in_tco": True}}},
            figures=[{"name": text, "expression": text, "expected": 0} for text in expressions],
        )
    )

    answers = 12 * 90_000 * (1 - 0.9)
    ours = [figure.ours for figure in example.figures()]
    assert ours == pytest.approx([12 * MONTH, answers, 12 * MONTH + answers])


def test_an_amount_that_is_a_figure_in_another_unit_is_no_answer(write):
    months = {"name": "Months", "unit": "months", "expression": "queries() / 90000", "published": 215}

    assert read_example(write(figures=[months])).figures()[0].ours == 12


def test_a_figure_reads_its_own_variant(read_off):
    assert read_off("rag.tco_usd", variant="double") == pytest.approx(2 * 12 * MONTH)
    assert read_off("queries(month=24)", variant="year") == 90_000


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("inputs.queries * 0.162", "reads no result of the model"),
        ("14580", "reads no result of the model"),
        ("net_present_value([inputs.once], 0.1)", "reads no result of the model"),
        ("rag.tco_usd * 0 + 14580", "comes to the same whatever the model's results are"),
        ("rag.tco_usd / rag.tco_usd * 14580", "comes to the same whatever the model's results are"),
        ("hybrid.tco_usd", "hybrid is not compared in variant 'base'"),
        ("rag.tco", "rag has no 'tco'; it has tco_usd"),
        ("runs.triple.rag.tco_usd", "there is no variant 'triple'; the variants are base, double, year"),
        ("cost('rags')", "architecture 'rags' is not compared"),
        ("cost('rag', 'generations')", "component 'generations' is no component of the ledger; use one of quote"),
        ("cost('rag', phase='monthly')", "phase 'monthly' is no phase; use one of one_time, recurring, event"),
        ("cost('rag', meter='tokens')", "meter 'tokens' is no meter"),
        ("cost('rag', driver='tokens')", "driver 'tokens' is no driver of these lines; use one of"),
        ("cost('rag', month=13)", "months 13 to 13 are not within 0 to 12, the horizon"),
        ("cost('rag', moth=1)", "moth"),
        ("cost('rag', variant='triple')", "there is no variant 'triple'"),
        ("quantity('fine_tuning')", "quantity would add up month and release and usd"),
        ("unit_price('rag', 'labels')", "unit_price finds no quantity"),
        ("break_even('rag', 'fine_tuning', 2)", "cross 1 times within the horizon"),
        ("crossover('rag', 'fine_tuning', 'workload.queries', 1, 2)", "is not a number of the scenario"),
        ("crossover('rag', 'fine_tuning', 'workload.query_tokens', 2, 1)", "give --low below --high"),
        ("rag.idle_share", "rag.idle_share is not known"),
        ("rag.tco_usd.real", "looks into a number"),
        ("__import__('os')", "calls '__import__', which is no function"),
    ],
)
def test_an_expression_that_cannot_be_is_refused_with_its_figure(refused, expression, words):
    told = refused(figures=[{"name": "it", "expression": expression, "expected": 14580}])

    assert "figures[0] 'it', expression: " in told
    assert words in told


def test_a_missing_price_is_named(refused):
    told = refused(prices=SMALL["prices"][:1])

    assert "rag.tco_usd is not known: the price published/model:output is missing" in told


# Verdicts


def verdict(write: Write, **figure: Any) -> tuple[str, str]:
    path = write()
    text = path.read_text(encoding="utf-8")
    as_written = ", ".join(f"{json.dumps(key)}: {value}" for key, value in figure.items())
    given = re.sub(r'"figures": \[.*\]', f'"figures": [{{"name": "it", {as_written}}}]', text)
    path.write_text(given, encoding="utf-8")
    result = read_example(path).figures()[0]
    return result.verdict, result.reason


A_QUERY = '"rag.cost_per_query_usd"'  # 0.0135
YEAR = '"rag.tco_usd"'  # 14580
TENTH = '"rag.tco_usd / 100000"'  # 0.1458


@pytest.mark.parametrize(
    ("expression", "published", "found"),
    [
        (A_QUERY, "0.0135", "reproduces"),
        (A_QUERY, "0.0134", "differs"),
        (A_QUERY, "0.014", "reproduces"),
        (A_QUERY, "0.0140", "differs"),
        (A_QUERY, "0.01", "reproduces"),
        (TENTH, "0.15", "reproduces"),
        (TENTH, "0.150", "differs"),
        (YEAR, "14580", "reproduces"),
        (YEAR, "14579", "differs"),
        (YEAR, "1.5e4", "reproduces"),
        (YEAR, "1.4e4", "differs"),
        (YEAR, "[14000, 15000]", "reproduces"),
        (YEAR, "[14581, 15000]", "differs"),
        (TENTH, "[0.15, 0.20]", "reproduces"),
        (TENTH, "[0.150, 0.200]", "differs"),
        ('"rag.tco_usd > 14000"', "true", "reproduces"),
        ('"rag.tco_usd > 14000"', "false", "differs"),
        (YEAR, "true", "differs"),
        ('"rag.tco_usd > 14000"', "1", "differs"),
    ],
)
def test_a_figure_reproduces_to_the_last_digit_that_was_printed(write, expression, published, found):
    assert verdict(write, expression=expression, published=published)[0] == found


@pytest.mark.parametrize(("decimals", "found"), [("-3", "reproduces"), ("-2", "differs"), ("0", "differs")])
def test_decimals_say_how_closely_when_the_number_does_not(write, decimals, found):
    assert verdict(write, expression=YEAR, published="15000", decimals=decimals)[0] == found


def test_where_nothing_was_published_the_expected_figure_is_compared(write):
    assert verdict(write, expression=YEAR, expected="14580")[0] == "reproduces"
    assert verdict(write, expression=YEAR, expected="14500") == (
        "differs",
        "ours, 14,580, is not the expected 14,500",
    )
    assert verdict(write, expression=YEAR, published="14580", expected="14500")[0] == "differs"


@pytest.mark.parametrize(
    ("published", "expected", "found"),
    [
        ("20000", "14580", ("contradicts_own_inputs", "adds VAT")),
        ("20000", "15000", ("differs", "ours, 14,580, is not the expected 15,000")),
        (
            "14580",
            "14580",
            ("differs", "ours, 14,580, agrees with what was published; the file says that it contradicts"),
        ),
    ],
)
def test_a_contradiction_is_one_only_when_ours_is_the_recomputed_figure(write, published, expected, found):
    claim = {"verdict": '"contradicts_own_inputs"', "reason": '"adds VAT"'}

    assert verdict(write, expression=YEAR, published=published, expected=expected, **claim) == found


def test_what_is_not_expressible_names_what_is_missing(write):
    claim = {"verdict": '"not_expressible"', "reason": '"carbon emissions"', "published": "3"}

    assert verdict(write, **claim) == ("not_expressible", "carbon emissions")


# Files


def without(entry: str) -> dict[str, Any]:
    return {key: value for key, value in SMALL.items() if key != entry}


def scenario(**changes: Any) -> dict[str, Any]:
    return {"scenario": {**SMALL["scenario"], **changes}}


def typed_in(**amount: Any) -> dict[str, Any]:
    extra = {"architecture": "rag", "component": "quote", "phase": "recurring", "months": [1, 12], **amount}
    return scenario(extra_costs=[extra])


def figure(**entries: Any) -> dict[str, Any]:
    return {"figures": [{"name": "it", "expression": "rag.tco_usd", "expected": 14580, **entries}]}


def price(**columns: Any) -> dict[str, Any]:
    return {"prices": [{**SMALL["prices"][0], **columns}, SMALL["prices"][1]]}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format_version": 2}, "format_version: 2 is refused"),
        ({"id": "a b"}, 'id: "a b" is refused'),
        ({"titel": "x"}, "titel: is no entry of an example file"),
        ({"source": "two\nlines"}, "source: holds line breaks"),
        ({"url": "example.com"}, "url: "),
        ({"figures": []}, "figures: "),
        (figure(published="~1M"), "figures[0].published: is a number, true or false, or left out"),
        (figure(published=[2, 1]), "figures[0].published: a list is a range, written [low, high]"),
        (figure(published=[1, 2, 3]), "figures[0].published: a list is a range"),
        (figure(published=1e300), "figures[0].published: a number is out of limits"),
        (figure(decimals=99), "figures[0].decimals: 99 is refused"),
        (figure(expected=None), "figures[0]: has nothing to compare with"),
        (figure(expression=None), "figures[0]: has no expression"),
        (figure(verdict="wrong"), "figures[0].verdict: "),
        (figure(verdict="contradicts_own_inputs"), "needs published, expected (recomputed) and a reason"),
        (figure(verdict="not_expressible", reason="x"), "not_expressible goes without an expression"),
        (figure(reason="rounded"), "has a reason but reproduces"),
        (figure(variant="triple"), "figures[0] 'it': variant 'triple' is not there; it has base, double, year"),
        ({"variants": {"base": {}}}, "variants.base: stands for the scenario itself"),
        ({"variants": {"Double": {}}}, "variants.Double"),
        ({"variants": {"more": {"inputs": {"querys": 1}}}}, "variants.more.inputs: 'querys' is no input"),
        ({"variants": {"more": {"set": {"rag.topk": 1}}}}, "variants.more: rag.topk: there is no such field"),
        ({"variants": {"more": {"set": {"name.x": 1}}}}, "variants.more: name"),
        (scenario(rag={"model": "published/model", "top_k": "= inputs.k"}), "scenario.rag.top_k: inputs has no 'k'"),
        (scenario(rag={"top_k": "= rag.tco_usd"}), "scenario.rag.top_k: reads 'rag', which is not there"),
        (scenario(rag={"top_k": "= inputs.once > 1"}), "scenario.rag.top_k: comes to true or false"),
        (scenario(rag={"top_k": "= inputs.once / 3"}), "scenario: rag.top_k: 666.66"),
        (scenario(rag={"model": "published/modle"}), "'published/modle' is not in the price book"),
        (scenario(price_edits=[]), "prices of an example stand in its list 'prices'"),
        (typed_in(usd_per_month=215), "extra_costs[0].usd_per_month: write it as an expression over the published"),
        (typed_in(usd_per_month="= 200 + 15"), "write it as an expression over the published inputs"),
        (typed_in(usd="= inputs.queries * 0.162"), "extra_costs[0].usd: is the figure 'A year' itself"),
        (typed_in(usd="= -7.29 * inputs.once"), "extra_costs[0].usd: is the figure 'A year' itself"),
        (typed_in(usd="= inputs.monthly", usd_per_month="= inputs.monthly"), "give exactly one of usd"),
        (price(meter="imput"), "prices[0]: meter: 'imput' is not a meter"),
        (price(price_usd=0), "prices[0]: price_usd: 0 needs the word 'free'"),
        (price(price_usd="= 1 / 0"), "prices[0].price_usd: divides by zero"),
        (price(effective_to="2027-01-01"), "prices[0].effective_to: is no column here; use group, provider"),
        (price(usd=3), "prices[0].usd: is no column here"),
        ({"prices": [SMALL["prices"][0]] * 2}, "is given twice: small.json prices[0] and small.json prices[1]"),
    ],
)
def test_a_file_that_cannot_be_is_refused_with_its_place(refused, changes, words):
    assert words in refused(**changes)


@pytest.mark.parametrize("entry", ["format_version", "id", "title", "source", "figures"])
def test_what_every_file_needs(tmp_path, entry):
    path = tmp_path / "small.json"
    path.write_text(json.dumps(without(entry)), encoding="utf-8")

    with pytest.raises(ExampleError, match=f"small.json, {entry}: is missing"):
        read_example(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "small.json line 1, column 1"),
        (b'{"id": "X1",\n "title" "x"}', "small.json line 2, column 10"),
        (b"[1, 2]", "small.json, "),
        (b'{"id": "X1", "id": "X2"}', "'id' stands twice in one object"),
        (b'{"inputs": {"x": NaN}}', "NaN is not a number that JSON knows"),
        (b'{"inputs": {"x": ' + b"9" * 5_000 + b"}}", "too many digits"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"title": "caf\xe9"}', "byte 14 is not UTF-8"),
        (b" " * 200_001, "larger than 200 kB"),
    ],
)
def test_a_file_that_is_no_json_is_refused_with_its_place(tmp_path, content, words):
    path = tmp_path / "small.json"
    path.write_bytes(content)

    with pytest.raises(ExampleError, match=re.escape(words)):
        read_example(path)


def test_a_folder_is_read_by_name_and_an_id_stands_once(write, tmp_path):
    write("b.json", id="X2")
    write("a.json", id="X3")
    (tmp_path / "README.md").write_text("not an example")

    assert [example.id for example in load_examples(tmp_path)] == ["X3", "X2"]

    write("c.json", id="X3")
    with pytest.raises(ExampleError, match=re.escape("c.json, id: X3 is the id of a.json already")):
        load_examples(tmp_path)


def test_a_folder_without_examples_says_so(tmp_path):
    with pytest.raises(ExampleError, match=re.escape("holds no .json file")):
        load_examples(tmp_path)
    with pytest.raises(ExampleError, match="cannot be read"):
        load_examples(tmp_path / "none")


def test_an_empty_start_month_does_not_depend_on_the_day(write):
    assert read_example(write()).scenario().finance.start_month == "2026-11"


def test_a_variant_changes_inputs_and_fields_and_nothing_else(write):
    example = read_example(write())

    assert example.scenario("double").workload.queries_per_month == 180_000
    assert example.scenario("double").finance.horizon_months == 12
    assert example.scenario("year").finance.horizon_months == 24
    assert example.scenario("year").name == "A small one (year)"


def test_prices_follow_the_inputs_of_their_variant(write):
    half = {"half": {"inputs": {"price": [1.5, 7.5]}}}
    ratio = [{"name": "half", "expression": "runs.half.rag.tco_usd / rag.tco_usd", "expected": 0.5}]
    example = read_example(write(variants=half, figures=ratio))

    assert example.figures()[0].ours == pytest.approx(0.5)
    assert [edit.price_usd for edit in example.opened("half").price_edits] == [1.5, 7.5]


def test_an_opened_example_holds_only_the_prices_that_it_uses_and_their_source(write):
    other = {**SMALL["prices"][0], "item": "other"}
    example = read_example(write(prices=[*SMALL["prices"], other]))

    edits = example.opened().price_edits
    assert {edit.item for edit in edits} == {"model"}
    assert {edit.reason for edit in edits} == {"as published: Jane Doe, What our bot costs"}


def test_the_documented_file_is_an_example_that_holds(tmp_path):
    documented = re.search(r"```json\n(.*?)```", (EXAMPLES / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert documented
    path = tmp_path / "documented.json"
    path.write_text(documented[1], encoding="utf-8")

    assert {figure.verdict for figure in read_example(path).figures()} == {"reproduces"}


def test_the_format_documents_every_entry_and_function():
    text = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    names = {
        *Content.model_fields,
        *Figure.model_fields,
        *Variant.model_fields,
        *RESULT_FUNCTIONS,
        *OTHER_FUNCTIONS,
        *FUNCTIONS,
        *CONSTANTS,
    }

    assert {name for name in names if not re.search(rf"\b{name}\b", text)} == set()
