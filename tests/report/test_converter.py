"""What draws pictures in a process of its own: the same bytes, one picture at a time, and no process left behind."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from report import converter
from report.converter import PictureProblem

ROOT = Path(__file__).resolve().parent.parent.parent
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


def bars(*heights: float, words: str = "Größe 日本 😀") -> dict[str, object]:
    values = [{"bar": number, "height": height} for number, height in enumerate(heights)]
    return {
        "$schema": SCHEMA,
        "title": words,
        "data": {"values": values},
        "mark": "bar",
        "encoding": {"x": {"field": "bar", "type": "ordinal"}, "y": {"field": "height", "type": "quantitative"}},
    }


def drawn(*heights: float) -> tuple[str, bytes]:
    made = converter.svg(bars(*heights))
    return made, converter.png(made, 2)


@pytest.fixture
def apart():
    with converter.apart():
        yield converter._apart


def running(code: str) -> subprocess.Popen[bytes]:
    """Another program in place of the one that draws."""
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe)


# What comes of it


def test_a_picture_drawn_apart_is_the_same_to_the_byte():
    heights = (0.1 + 0.2, 1e-9, 1 / 3, 12_345_678.9)
    here, script = drawn(*heights), converter.bundle("window.drawChart = vegaEmbed;")
    with converter.apart():
        there, script_there = drawn(*heights), converter.bundle("window.drawChart = vegaEmbed;")

    assert there == here
    assert script_there == script


def test_a_process_that_has_its_pictures_drawn_apart_does_not_load_what_draws():
    code = (
        "import sys; from report import converter\n"
        f"with converter.apart(): converter.svg({bars(1, 2)!r})\n"
        "print('vl_convert' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert ran.stdout == "False\n"


def test_whoever_asks_at_the_same_moment_gets_his_own_picture(apart):
    wanted = [(1.0,), (1.0, 2.0), (3.0, 2.0, 1.0)]
    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(lambda heights: converter.svg(bars(*heights)), wanted * 4))

    assert found == [converter.svg(bars(*heights)) for heights in wanted] * 4
    assert len({*found}) == len(wanted)


def test_a_spec_that_is_none_is_refused_in_the_same_words_and_the_next_one_is_drawn():
    with pytest.raises(ValueError, match=r"\S") as here:
        converter.svg({"$schema": SCHEMA, "mark": 3})
    with converter.apart():
        before = converter._apart._process
        with pytest.raises(ValueError, match=r"\S") as there:
            converter.svg({"$schema": SCHEMA, "mark": 3})
        after = converter.svg(bars(1)), converter._apart._process

    assert str(there.value) == str(here.value)
    assert after == (converter.svg(bars(1)), before)


# When it goes wrong


def test_a_process_that_was_killed_is_replaced_by_another_one(apart):
    first = apart._process
    first.kill()
    first.wait()

    assert converter.svg(bars(1)).startswith("<svg")
    assert apart._process.pid != first.pid


def test_one_that_ends_while_it_draws_is_replaced_too(apart, monkeypatch):
    proper = converter._started
    several = iter([lambda: running("import sys; sys.stdin.readline()"), proper])
    monkeypatch.setattr(converter, "_started", lambda: next(several)())
    apart._end()

    assert converter.svg(bars(1)).startswith("<svg")


def test_one_that_ends_again_and_again_is_a_problem_that_is_said_and_no_endless_loop(apart, monkeypatch):
    started = []
    monkeypatch.setattr(converter, "_started", lambda: started.append(running("")) or started[-1])
    apart._end()
    with pytest.raises(PictureProblem, match="has ended twice"):
        converter.svg(bars(1))

    assert len(started) == 2
    assert all(each.poll() is not None for each in started)


def test_a_picture_that_takes_too_long_is_given_up_and_the_next_one_is_drawn(apart, monkeypatch):
    with monkeypatch.context() as slow:
        slow.setattr(converter, "_started", lambda: running("import sys; sys.stdin.read()"))
        slow.setattr(converter, "LONGEST", 0.05)
        apart._end()
        with pytest.raises(PictureProblem, match="not drawn within"):
            converter.svg(bars(1))

    assert converter.svg(bars(1)).startswith("<svg")


def test_who_waits_too_long_for_the_pictures_of_others_is_told(apart, monkeypatch):
    monkeypatch.setattr(converter, "LONGEST", 0.05)
    with apart._turn, pytest.raises(PictureProblem, match="try again in a few seconds"):
        converter.svg(bars(1))


# What is left


def test_nothing_runs_any_more_after_the_block_even_if_it_failed():
    with pytest.raises(ZeroDivisionError), converter.apart():
        (process := converter._apart._process).pid / 0

    assert process.poll() is not None
    assert converter._apart is None


@pytest.mark.skipif(os.name == "nt", reason="there is no such way to be killed")
def test_it_ends_with_a_server_that_was_killed():
    code = "from report import converter\nwith converter.apart(): print(flush=True); input()"
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe) as server:
        server.stdout.readline()
        server.send_signal(signal.SIGKILL)
        said = server.stderr.read()  # both write to it: it has an end when both have ended

    assert said == b""


def test_each_question_is_a_line_and_each_answer_says_how_long_it_is():
    asked = [{"what": "svg", "spec": bars(1)}, {"what": "svg", "spec": {"mark": 3}}, {"what": "svg", "spec": bars(2)}]
    answers = io.BytesIO()
    converter.serve(io.BytesIO(b"".join(json.dumps(each).encode() + b"\n" for each in asked)), answers)
    answers.seek(0)

    assert answers.read(json.loads(answers.readline())["size"]).decode() == converter.svg(bars(1))
    assert set(json.loads(answers.readline())) == {"refused"}
    assert answers.read(json.loads(answers.readline())["size"]).decode() == converter.svg(bars(2))
    assert answers.read() == b""
