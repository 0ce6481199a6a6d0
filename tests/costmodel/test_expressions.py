"""Arithmetic from data files: what it comes to, and what it is refused for."""

from __future__ import annotations

import math

import pytest

from costmodel.expressions import FUNCTIONS, MAX_LENGTH, ExpressionError, Tree, number_at, parsed

INPUTS = {
    "fee": 25,
    "tokens": [2_000, 500],
    "price": {"base": [3, 15]},
    "by_month": {"12": 7},
    "word": "x",
    "none": None,
}


def value(text: str) -> float | bool:
    return parsed(text, ["inputs"], []).value({"inputs": Tree(INPUTS, "inputs", number_at)}, {})


def refusal(text: str) -> str:
    with pytest.raises(ExpressionError) as error:
        value(text)
    return str(error.value)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("inputs.fee * 12", 25 * 12),
        ("inputs.tokens[0] / thousand * inputs.price.base[1]", 2_000 / 1_000 * 15),
        ("inputs.tokens[-1] - inputs['fee']", 500 - 25),
        ("inputs.by_month[12]", 7),
        ("-(2 + 3) ** 2 / +5", -5),
        ("4 * GiB / GB", 4 * 2**30 / 1e9),
        ("sum(inputs.tokens, [1, 2], 3)", 2_506),
        ("max(inputs.tokens) - min(4, 7)", 1_996),
        ("ceil(3.0000000001) + floor(2.9999999999)", 3 + 3),
        ("round(abs(-1.236), 2)", 1.24),
        ("log(exp(2)) + sqrt(9)", 2 + 3),
        ("(inputs.fee > 20) * 5", 5),
    ],
)
def test_an_expression_comes_to_a_number(text, number):
    assert value(text) == pytest.approx(number)


@pytest.mark.parametrize(("text", "truth"), [("inputs.fee < 26", True), ("2 == 3", False), ("1 < 2 < 3", True)])
def test_a_comparison_is_true_or_false(text, truth):
    assert value(text) is truth


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is no arithmetic expression"),
        ("1 +", "is no arithmetic expression"),
        ("1; 2", "is no arithmetic expression"),
        ("fee", "reads 'fee', which is not there; use GB"),
        ("inputs.fees", "inputs has no 'fees'; it has fee, tokens"),
        ("inputs.tokens[2]", "inputs.tokens[2] is beyond the list; its last value is [1]"),
        ("inputs.tokens.fee", "inputs.tokens is a list; 'fee' is no position"),
        ("inputs.tokens", "comes to a list"),
        ("inputs.tokens * 2", "computes with a list"),
        ("inputs.word", "inputs.word is 'x', not a number"),
        ("inputs.none", "inputs.none is empty, not a number"),
        ("inputs.fee.real", "looks into a number"),
        ("'a' * 3", "a text can only be an argument"),
        ("True", "'True', which is not a number"),
        ("1j", "'1j', which is not a number"),
        ("1 if 2 else 3", "which is not allowed"),
        ("1 and 2", "which is not allowed"),
        ("7 // 2", "which is not allowed"),
        ("max()", "max needs at least one number"),
        ("ceil(1, 2)", "ceil takes one number, 2 are given"),
        ("sqrt('a')", "what sqrt is given is 'a', not a number"),
        ("ceil", "reads 'ceil', which is not there"),
        ("1 / 0", "divides by zero"),
        ("sqrt(-1)", "cannot be computed"),
        ("(-8) ** 0.5", "cannot be computed"),
        ("1e999", "comes to no finite number"),
        ("9 ** 9 ** 9 ** 9", "comes to a number that is too large"),
        ("9" * 900, "comes to a number that is too large"),
        ("1" * (MAX_LENGTH + 1), "has 1,001 characters, 1,000 are the limit"),
        ("(" * 300 + "1" + ")" * 300, "is no arithmetic expression"),
        ("-" * 900 + "1", "is nested too deeply"),
    ],
)
def test_what_cannot_be_computed_says_why(text, words):
    assert words in refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "().__class__.__bases__[0].__subclasses__()",
        "inputs.__class__",
        "inputs._at",
        "inputs.fee.__class__",
        "inputs.keys()",
        "inputs.tokens.append(1)",
        "'{0.__class__}'.format(inputs)",
        "f'{inputs}'",
        "(lambda: 1)()",
        "[each for each in inputs.tokens]",
        "open('/etc/passwd')",
        "eval('1')",
        "sum(*[1])",
        "sum(**{'a': 1})",
        "(found := 3)",
        "inputs.tokens[0:1]",
        "[1] * 1000000000",
        "list([1])",
    ],
)
def test_nothing_but_arithmetic_is_computed(text):
    with pytest.raises(ExpressionError):
        value(text)


def test_an_expression_knows_what_it_reads_and_calls():
    expression = parsed("max(rag.tco_usd, cost('rag', phase='event')) / million", ["rag", "inputs"], ["cost"])

    assert (expression.names, expression.calls) == ({"rag", "million"}, {"max", "cost"})


def test_a_function_that_is_given_is_called_with_its_words_and_numbers():
    def cost(name: str, *, month: float) -> float:
        return len(name) * month

    assert parsed("cost('rag', month=6)", [], ["cost"]).value({}, {"cost": cost}) == 3 * 6


def test_every_function_is_refused_without_numbers():
    for name in FUNCTIONS:
        with pytest.raises(ExpressionError):
            value(f"{name}('x')")


def test_a_number_that_is_not_finite_never_comes_out():
    for text in ("1e308 * 10", "1e999 - 1e999", "exp(1e9)"):
        with pytest.raises(ExpressionError):
            value(text)
    assert math.isfinite(float(value("1e308")))
