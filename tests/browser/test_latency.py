"""The measurement from slider to pixels sees what it says it sees: on the Overview, on other pages and in a drag."""

from __future__ import annotations

from benchmarks import latency
from benchmarks.latency import pages, walked


def test_key_presses_and_drags_are_measured_against_the_bare_page(browser):
    with pages(browser, positions=9) as opened:
        found = latency.overview(opened, rounds=1, warm_up=1)
        found += latency.others(opened, rounds=1, named=[("Compare", "pages/compare.py")], warm_up=0)
        found += latency.drags(opened, times=1, seconds=0.5, warm_up=0)

    over, p95, without, compare, verdicts, ends = found
    assert all(0 < each.value < 100 for each in (over, p95, without, compare, verdicts))
    assert ends.value == 1.0
    assert [each.name.split(":")[0] for each in (over, compare, verdicts)] == [
        "Key press to painted",
        "Key press to painted",
        "New verdicts during a drag",
    ]


def test_the_lever_turns_at_both_ends_of_its_walk():
    assert walked(7, 1, 9) == (8, 1)
    assert walked(8, 1, 9) == (7, -1)
    assert walked(0, -1, 9) == (1, 1)
