"""A few cases of every target; `make fuzz` runs them by the thousand. And the counting itself: it sees what fails."""

from __future__ import annotations

import json

import pytest
from hypothesis import strategies as st

from tests.fuzz import commands, documents, files, links, pages, price_cells, price_files
from tests.fuzz.counted import ACCEPTED, REFUSED, Broken, Target, counted
from tests.fuzz.promises import in_plain_words
from tests.fuzz.table import as_markdown, as_table

SMOKE = [
    (links.TARGET, 60),
    (files.TARGET, 50),
    (price_files.TARGET, 60),
    (price_cells.TARGET, 80),
    (documents.TARGET, 8),
    (commands.TARGET, 40),
    (pages.TARGET, 4),
]


@pytest.mark.parametrize(("target", "cases"), SMOKE, ids=[target.name for target, _ in SMOKE])
def test_whatever_comes_in_is_accepted_and_holds_or_is_refused_in_words(target, cases):
    found = counted(target, 0, cases=cases, timed=False)

    assert found.failures == []
    assert found.cases == found.accepted + found.refused >= cases
    assert found.accepted > 0


# The counting


NUMBERS = st.integers(0, 1_000)


def judged(judge, many=200, **more):
    return counted(Target("one", NUMBERS, judge, **more), 1, cases=many)


def test_what_is_accepted_and_what_is_refused_is_counted():
    found = judged(lambda number: ACCEPTED if number % 2 else REFUSED)

    assert (found.cases, found.accepted + found.refused, found.failures) == (200, 200, [])
    assert min(found.accepted, found.refused) > 20


def test_an_exception_is_a_failure_with_its_smallest_case():
    def judge(number):
        if number > 500:
            raise KeyError(number)
        return ACCEPTED

    found = judged(judge)
    (failure,) = found.failures
    assert failure.case == "501"
    assert (failure.said, failure.kind) == ("KeyError: 501", "KeyError in test_fuzz.py, judge")
    assert found.cases == 200


def test_two_kinds_of_failure_are_told_apart_and_counted():
    def judge(number):
        if number > 900:
            raise Broken(f"too much: {number}")
        if number < 100:
            raise Broken(f"too little: {number}")
        return REFUSED

    found = judged(judge, many=600)
    assert {(each.kind, each.case) for each in found.failures} == {("too much", "901"), ("too little", "0")}
    assert all(each.count > 10 for each in found.failures)


def test_a_slow_case_is_a_failure_once_and_a_fast_one_is_none():
    def judge(number):
        return ACCEPTED if sum(range(number % 2 * 2_000_000)) else REFUSED

    slow = judged(judge, many=20, limit_seconds=0.005)
    assert [each.kind for each in slow.failures] == ["slower than 0.005 s"]
    assert judged(judge, many=20, limit_seconds=60).failures == []


def test_the_same_seed_gives_the_same_cases():
    seen: list[list[int]] = [[], []]
    for each in seen:
        judged(lambda number, each=each: each.append(number) or ACCEPTED)

    assert seen[0] == seen[1]
    assert len(set(seen[0])) > 50


def test_a_refusal_without_words_or_in_those_of_a_machine_is_broken():
    in_plain_words(["workload.query_tokens: -1 is out of limits; use 0 to 1,000,000 tokens"])
    for words in ([], [""], ["x" * 2_000], ["\ud800"], ["1 validation error for Scenario"], ["'NoneType' object"]):
        with pytest.raises(Broken):
            in_plain_words(words)


def test_the_table_counts_together_and_names_what_failed():
    ours = judged(lambda number: ACCEPTED).as_dict() | {"slowest_ms": 1_234.4}
    theirs = judged(lambda number: 1 / 0).as_dict()
    result = {"date": "2026-11-22", "model_version": "1", "seed": 3, "minutes": 10, "targets": [ours, theirs]}

    assert as_table(json.loads(json.dumps(result))).count("ZeroDivisionError") == 2
    last = as_markdown(result).splitlines()[-3]
    assert last == "| together | 400 | 200 | 0 | 1,234 |  | 1 |"
    assert "make fuzz MINUTES=10 SEED=3" in as_markdown(result)
