"""The command line: the same answers as everywhere, and one clear line for anything that cannot be."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pandas as pd
import pytest

import cli
from costmodel import MODEL_VERSION, files
from costmodel.changes import resolved
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import run_scenario
from costmodel.scenario import FIELDS
from pricing.catalog import load_book

ROOT = Path(__file__).resolve().parent.parent
HEADER = "provider,item,meter,unit,price_usd\n"
ACME = f"{HEADER}acme,base,input,1M tokens,0.5\nacme,base,output,1M tokens,2\n"

Cli = Callable[..., tuple[int, str, str]]


@pytest.fixture
def crossover(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Runs a command and gives its exit status, output and complaints."""

    def run(*arguments: str) -> tuple[int, str, str]:
        try:
            status = cli.main(arguments)
        except SystemExit as end:
            status = int(end.code or 0)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.fixture
def answer(crossover: Cli) -> Callable[..., dict[str, Any]]:
    """The JSON of a run in November 2026."""

    def run(*arguments: str) -> dict[str, Any]:
        status, out, err = crossover("run", *arguments, "--date", "2026-11-14")
        assert (status, err) == (0, "")
        return dict(json.loads(out))

    return run


@pytest.fixture
def refusal(crossover: Cli) -> Callable[..., str]:
    """The one line that a bad command is answered with."""

    def run(*arguments: str) -> str:
        status, out, err = crossover(*arguments)
        assert (status, out) == (2, "")
        assert err.endswith("\n")
        assert len(err.splitlines()) == 1
        assert "Traceback" not in err
        return err.removesuffix("\n")

    return run


# The answers as JSON

TOP = [
    "model_version",
    "price_book",
    "scenario",
    "prices_as_of",
    "architectures",
    "prompting_reference",
    "cheapest",
    "excluded",
    "break_even_months",
    "warnings",
]
EACH = [
    "tco_usd",
    "present_value_usd",
    "one_time_usd",
    "recurring_usd",
    "event_usd",
    "cost_per_query_usd",
    "cost_per_correct_answer_usd",
    "run_rate_usd",
    "consequences_usd",
    "idle_share",
    "totals_usd",
    "monthly_usd",
    "cumulative_usd",
]


def test_the_default_run_has_exactly_these_keys(answer):
    found = answer()

    assert list(found) == TOP
    assert list(found["prices_as_of"]) == ["oldest", "newest", "undated", "typed_in"]
    assert list(found["architectures"]) == ["rag", "fine_tuning", "hybrid"]
    for numbers in found["architectures"].values():
        assert list(numbers) == EACH
        assert list(numbers["totals_usd"]) == ["12", "24", "36"]


def test_each_crossing_has_exactly_these_keys(answer):
    found = answer()["break_even_months"]

    assert found
    assert {tuple(each) for each in found} == {("a", "b", "month", "overtakes_in_month", "cheaper_after")}


@pytest.mark.parametrize("months", [1, 24, 40])
def test_months_and_sums_run_from_the_build_to_the_horizon(answer, months):
    found = answer("--set", f"finance.horizon_months={months}")["architectures"]["rag"]

    assert (len(found["monthly_usd"]), len(found["cumulative_usd"])) == (months + 1, months + 1)
    assert found["cumulative_usd"][-1] == pytest.approx(sum(found["monthly_usd"]))
    assert found["tco_usd"] == found["cumulative_usd"][-1]


def test_phases_add_up_to_the_total(answer):
    for found in answer()["architectures"].values():
        parts = found["one_time_usd"] + found["recurring_usd"] + found["event_usd"]
        assert parts == pytest.approx(found["tco_usd"])


def test_the_total_at_the_horizon_is_the_tco(answer):
    found = answer("--set", "finance.horizon_months=12")["architectures"]["rag"]

    assert found["totals_usd"]["12"] == pytest.approx(found["tco_usd"])


def test_the_scenario_is_complete_and_its_build_month_resolved(answer):
    found = answer()

    base = resolved(PRESETS[DEFAULT_PRESET].scenario, date(2026, 11, 14))
    assert found["model_version"] == MODEL_VERSION
    assert found["scenario"]["finance"]["start_month"] == "2026-11"
    assert files.read(json.dumps(found["scenario"]), "printed.json") == base


def test_the_printed_scenario_gives_the_same_answers(answer, tmp_path):
    first = answer("--set", "workload.queries_per_month=123456")
    file = tmp_path / "again.json"
    file.write_text(json.dumps(first["scenario"]), encoding="utf-8")

    assert answer(str(file)) == first


@pytest.mark.parametrize("preset", PRESETS)
def test_the_command_line_gives_the_model_s_own_answers(answer, preset):
    run = run_scenario(resolved(PRESETS[preset].scenario, date(2026, 11, 14)), load_book())

    found = answer(preset)
    assert found["cheapest"] == run.cheapest
    assert {key: each["tco_usd"] for key, each in found["architectures"].items()} == {
        key: each.tco_usd for key, each in run.answers.items()
    }


def test_the_cheapest_is_the_smallest_total(answer):
    found = answer()
    totals = {key: each["tco_usd"] for key, each in found["architectures"].items()}

    assert found["cheapest"] == min(totals, key=lambda key: totals[key])


def test_only_what_is_compared_is_answered(answer):
    found = answer("--set", 'finance.compared=["hybrid", "rag"]')

    assert list(found["architectures"]) == ["rag", "hybrid"]


def test_a_missing_price_is_null_and_named(answer):
    found = answer("--set", "rag.model=null")

    assert found["architectures"]["rag"]["tco_usd"] is None
    assert found["architectures"]["rag"]["cost_per_query_usd"] is None
    assert "rag" in found["excluded"]
    assert found["cheapest"] == "fine_tuning"


def test_without_queries_there_is_no_cost_per_query(answer):
    found = answer("--set", "workload.queries_per_month=0")

    assert found["architectures"]["rag"]["cost_per_query_usd"] is None


@pytest.mark.parametrize(
    "setting",
    ["workload.queries_per_month=1e-320", "fine_tuning.retrain_every_months=1e-310", "corpus.updates_per_month=1e-310"],
)
def test_a_number_next_to_nothing_is_answered_or_refused(crossover, setting):
    status, out, err = crossover("run", "--set", setting, "--date", "2026-11-14")

    assert status in (0, 2)
    assert "Traceback" not in err
    assert status == 2 or json.loads(out)["cheapest"]


# Settings


def test_settings_change_fields_in_order(answer):
    found = answer("support-bot", "--set", "workload.query_tokens=60", "--set", "workload.query_tokens=61")

    assert found["scenario"]["workload"]["query_tokens"] == 61


def test_a_setting_may_be_text_a_list_or_nothing(answer):
    found = answer(
        "--set", "name=Q4 plan", "--set", 'finance.already_built=["rag"]', "--set", "finance.budget_usd=null"
    )["scenario"]

    assert (found["name"], found["finance"]["already_built"], found["finance"]["budget_usd"]) == (
        "Q4 plan",
        ["rag"],
        None,
    )


def test_a_price_can_be_set_and_is_named_as_edited(answer):
    found = answer("--set", "price:openai/gpt-6.1-sol:input=1.5")

    (edit,) = found["scenario"]["price_edits"]
    assert (edit["provider"], edit["item"], edit["meter"], edit["price_usd"]) == ("openai", "gpt-6.1-sol", "input", 1.5)
    assert any("openai/gpt-6.1-sol:input" in warning for warning in found["warnings"])


def test_more_queries_cost_more(answer):
    few = answer("--set", "workload.queries_per_month=1000")["architectures"]["rag"]["tco_usd"]
    many = answer("--set", "workload.queries_per_month=100000")["architectures"]["rag"]["tco_usd"]

    assert few < many


# The date


@pytest.mark.parametrize(
    ("day", "month"), [("2026-11-01", "2026-11"), ("2026-11-30", "2026-11"), ("2026-12-01", "2026-12")]
)
def test_the_date_sets_the_build_month(crossover, day, month):
    _, out, _ = crossover("run", "--date", day)

    assert json.loads(out)["scenario"]["finance"]["start_month"] == month


def test_a_build_month_of_the_scenario_stays(answer):
    found = answer("--set", "finance.start_month=2027-05")

    assert found["scenario"]["finance"]["start_month"] == "2027-05"


# Prices of one's own


def test_prices_of_a_made_up_provider_are_used(answer, tmp_path):
    file = tmp_path / "acme.csv"
    file.write_text(ACME, encoding="utf-8")
    month = "--set", "finance.horizon_months=1"
    tokens = "--set", 'finance.compared=["rag"]', "--set", "rag.model=acme/base", "--set", "rag.vector_store=null"
    cheap = answer("--prices", str(file), *tokens, *month)["architectures"]["rag"]["recurring_usd"]
    file.write_text(ACME.replace("0.5", "1.5"), encoding="utf-8")

    dear = answer("--prices", str(file), *tokens, *month)["architectures"]["rag"]["recurring_usd"]

    # 200,000 queries, a tenth from the cache, 2 % retried; 800 + 140 + 70 tokens and 5 chunks of 512;
    # 1 USD more for a million
    assert dear - cheap == pytest.approx(200_000 * 0.9 * 1.02 * (800 + 140 + 70 + 5 * 512) / 1e6)


def test_a_price_of_the_book_is_replaced(answer, tmp_path):
    file = tmp_path / "ours.csv"
    file.write_text(f"{HEADER}openai,gpt-6.1-sol,input,1M tokens,0.01\n", encoding="utf-8")

    assert (
        answer("--prices", str(file))["architectures"]["rag"]["tco_usd"] < answer()["architectures"]["rag"]["tco_usd"]
    )


def test_several_price_files_add_up(answer, tmp_path):
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    one.write_text(f"{HEADER}acme,base,input,1M tokens,0.5\n", encoding="utf-8")
    other.write_text(f"{HEADER}acme,base,output,1M tokens,2\n", encoding="utf-8")

    found = answer("--prices", str(one), "--prices", str(other), "--set", "rag.model=acme/base")

    assert found["excluded"] == {}


def test_undated_prices_are_counted(answer, tmp_path):
    file = tmp_path / "acme.csv"
    file.write_text(ACME, encoding="utf-8")

    found = answer("--prices", str(file), "--set", "rag.model=acme/base")

    assert found["prices_as_of"]["undated"] == answer()["prices_as_of"]["undated"] + 2


# Other forms


def test_the_csv_is_the_monthly_summary(crossover):
    status, out, _ = crossover("run", "--date", "2026-11-14", "--format", "csv")

    rows = pd.read_csv(io.StringIO(out), comment="#")
    run = run_scenario(resolved(PRESETS[DEFAULT_PRESET].scenario, date(2026, 11, 14)), load_book())
    assert status == 0
    assert rows.groupby("architecture")["cost_usd"].sum().to_dict() == pytest.approx(
        {key: each.tco_usd for key, each in run.answers.items()}
    )


def test_the_table_opens_with_the_verdict_and_has_a_line_for_each_architecture(crossover):
    _, out, _ = crossover("run", "--date", "2026-11-14", "--format", "table")

    lines = out.splitlines()
    run = run_scenario(resolved(PRESETS[DEFAULT_PRESET].scenario, date(2026, 11, 14)), load_book())
    assert lines[0].startswith("Over 24 months ")
    for name, key in (("RAG", "rag"), ("Fine-tuning", "fine_tuning"), ("Hybrid", "hybrid")):
        (line,) = (line for line in lines if line.startswith(f"{name}  "))
        assert f"${run.answers[key].tco_usd:,.2f}" in line


def test_the_table_stays_readable_with_large_totals(crossover):
    _, out, _ = crossover(
        "run", "--format", "table", "--set", "workload.queries_per_month=1e9", "--set", "workload.query_tokens=1e6"
    )

    (line,) = (line for line in out.splitlines() if line.startswith("RAG "))
    assert len(line.split("$")) == 1 + 4
    assert all(column.endswith(" ") for column in line.split("$")[:-1])


def test_the_presets_are_listed(crossover):
    status, out, _ = crossover("presets")

    assert status == 0
    assert [preset["id"] for preset in json.loads(out)] == list(PRESETS)
    assert {tuple(preset) for preset in json.loads(out)} == {("id", "name", "reason", "advice", "advises")}


def test_the_presets_are_listed_for_people_too(crossover):
    _, out, _ = crossover("presets", "--format", "table")

    assert all(key in out and preset.name in out for key, preset in PRESETS.items())


def test_the_version_is_the_model_s(crossover):
    status, out, _ = crossover("--version")

    assert (status, out) == (0, f"model {MODEL_VERSION}\n")


# The schema


def test_the_schema_is_a_schema_and_every_preset_satisfies_it(crossover):
    _, out, _ = crossover("schema")

    schema = json.loads(out)
    checked = jsonschema.validators.validator_for(schema)
    checked.check_schema(schema)
    for preset in PRESETS.values():
        checked(schema).validate(json.loads(files.written(preset.scenario)))


@pytest.mark.parametrize(
    "broken",
    [
        {"workload": {"query_tokens": -1}},
        {"workload": {"query_tokens": "5"}},
        {"workload": {"nothing": 1}},
        {"finance": {"horizon_months": 121}},
        {"hybrid": {"kind": "other"}},
        {"nothing": 1},
    ],
    ids=json.dumps,
)
def test_the_schema_refuses_what_the_reader_refuses(crossover, broken):
    _, out, _ = crossover("schema")

    schema = json.loads(out)
    checked = jsonschema.validators.validator_for(schema)
    assert not checked(schema).is_valid(broken)


def test_the_schema_names_every_field_with_its_limits(crossover):
    _, out, _ = crossover("schema")

    groups = json.loads(out)["$defs"]
    names = {name for group in groups.values() for name in group.get("properties", {})}
    assert {path.rsplit(".", 1)[-1] for path in FIELDS if "." in path} <= names
    horizon = groups["Finance"]["properties"]["horizon_months"]
    assert (horizon["minimum"], horizon["maximum"]) == (1, 120)


# Refused: options and settings


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "COMMAND"),
        (("bogus",), "'bogus'"),
        (("run", "--bogus"), "--bogus"),
        (("run", "a", "b"), "b"),
        (("run", "--set"), "--set"),
        (("run", "--format", "xml"), "'xml'"),
        (("presets", "--format", "csv"), "'csv'"),
        (("schema", "--bogus"), "--bogus"),
        (("run", "--date", "2026-13-01"), "'2026-13-01'"),
        (("run", "--date", "2026-02-30"), "'2026-02-30'"),
        (("run", "--date", "tomorrow"), "'tomorrow'"),
        (("run", "--date", ""), "''"),
        (("run", "--date", "9999-12-31"), "9999-12-31"),
        (("run", "--date", "0001-01-01"), "0001-01-01"),
        (("run", "nonsense"), "'nonsense'"),
        (("run", ""), "preset"),
    ],
)
def test_a_command_that_cannot_be_is_refused_and_named(refusal, arguments, words):
    assert words in refusal(*arguments)


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("workload.query_tokenz=3", "did you mean workload.query_tokens?"),
        ("workload.query_tokens=-1", "0 to 1,000,000 tokens"),
        ("workload.query_tokens=1000001", "0 to 1,000,000 tokens"),
        ("workload.query_tokens=1e308", "0 to 1,000,000 tokens"),
        ("workload.query_tokens=1e999", "0 to 1,000,000 tokens"),
        ("workload.query_tokens=NaN", "0 to 1,000,000 tokens"),
        ("workload.query_tokens=true", "0 to 1,000,000 tokens"),
        ("workload.query_tokens=", "0 to 1,000,000 tokens"),
        ('workload.query_tokens="5"', "0 to 1,000,000 tokens"),
        ("workload.query_tokens=" + "9" * 5_000, "workload.query_tokens"),
        ("workload.query_tokens=" + "[" * 50_000, "--set"),
        ("finance.horizon_months=24.5", "1 to 120 months"),
        ("workload.queries_by_month=1," + "[" * 50_000, "nested too deeply"),
        ("workload.queries_by_month=1,many", '"many"'),
        ("workload.seasonality=1,2", "has not 12 factors; give one for each month"),
        ("workload.seasonality=1,1,1,1,1,1,1,1,1,1,1,1,1", "has not 12 factors; give one for each month"),
        ("finance.compared=[]", "finance.compared"),
        ('finance.compared=["bogus"]', "bogus"),
        ("rag.model=openai/nonsense", "is not in the price book"),
        ("rag.model=nonsense", "provider/item"),
        ("rag.model=", "provider/item"),
        ("fine_tuning.hosting=cloud", "use one of serverless, dedicated, self_hosted"),
        ("price:openai/nonsense:input=1", "no such price"),
        ("price:openai/gpt-6.1-sol:input=-1", "0 to 1,000,000,000"),
        ("price:openai/gpt-6.1-sol:input=1e308", "0 to 1,000,000,000"),
        ("preset=nonsense", "preset"),
        ("extra_costs=[{}]", "extra_costs.0"),
        ("extra_costs=" + "[" * 500 + "]" * 500, "extra_costs.0"),
        ("requirements=5", "requirements"),
        ("novalue", "write it as path=value"),
        ("=5", "write it as path=value"),
        ("", "write it as path=value"),
    ],
    ids=lambda value: value[:40],
)
def test_a_setting_that_cannot_be_is_refused_with_the_way_out(refusal, setting, words):
    assert words in refusal("run", "--set", setting)


@pytest.mark.parametrize(
    "settings",
    [
        ("requirements=5", "requirements.gap=both"),
        ("finance.discount_share=5", "finance.discount_share.openai=0.1"),
        ("price_edits=5", "price:openai/gpt-6.1-sol:input=1"),
        ("price_edits=[{}]", "price:openai/gpt-6.1-sol:input=1"),
    ],
    ids=lambda settings: settings[0],
)
def test_settings_that_contradict_each_other_are_refused(refusal, settings):
    said = refusal("run", *(part for setting in settings for part in ("--set", setting)))

    assert said.startswith("cli.py run: ")


# Refused: scenario files


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "line 1, column 1"),
        (b'{"name": }', "line 1, column 10"),
        (b'{"name": "a",\n  "rag": {]}', "line 2, column 11"),
        (bytes(range(256)), "UTF-8"),
        ('{"name": "ü"}'.encode("utf-16"), "UTF-8"),
        ('{"name": "ü"}'.encode("latin-1"), "UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b"[]", "one object"),
        (b"null", "one object"),
        (b'{"workload": {"query_tokens": NaN}}', "NaN"),
        (b'{"workload": {"query_tokens": 1e308}}', "0 to 1,000,000 tokens"),
        (b'{"workload": {"query_tokens": ' + b"9" * 5_000 + b"}}", "plan.json"),
        (b'{"format_version": 2}', "format_version"),
        (b'{"preset": "nonsense"}', "support-bot"),
        (b'{"preset": []}', "support-bot"),
        (b'{"rag": null}', "rag"),
        (b'{"nothing": 1}', "nothing"),
        (b'{"name": "' + b"x" * 2_000_001 + b'"}', "2 MB"),
        (b'{"rag": {"model": "acme/nonsense"}}', "is not in the price book"),
    ],
    ids=lambda value: repr(value[:24]),
)
def test_a_scenario_file_that_cannot_be_is_refused_with_its_place(refusal, tmp_path, content, words):
    file = tmp_path / "plan.json"
    file.write_bytes(content)

    assert words in refusal("run", str(file))


@pytest.mark.parametrize(
    "name", ["missing.json", "missing", "folder", "folder.json", "x" * 5_000, "x" * 5_000 + ".json"]
)
def test_a_scenario_file_that_cannot_be_opened_is_refused(refusal, tmp_path, name):
    for folder in ("folder", "folder.json"):
        (tmp_path / folder).mkdir()

    said = refusal("run", str(tmp_path / name))

    assert said.startswith("cli.py run: ")
    assert len(said) < 1_000


# Refused: price files


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            f"{HEADER}acme,base,input,bushel,1\n",
            "'bushel' is not a unit of input; use one of token, 1k tokens, 1M tokens",
        ),
        (f"{HEADER}acme,base,lunch,1M tokens,1\n", "'lunch'"),
        (f"{HEADER}acme,base,input,1M tokens,-1\n", "line 2, price_usd: -1"),
        (f"{HEADER}acme,base,input,1M tokens,1e308\n", "line 2, price_usd"),
        (f"{HEADER}acme,base,input,1M tokens,NaN\n", "line 2, price_usd"),
        (f"{HEADER}acme,base,input,1M tokens,0\n", "free"),
        (f"{HEADER}acme,base,input,1M tokens,1\nacme,base,input,1M tokens,2\n", "line 3"),
        (HEADER + "".join(f"acme,m{n},input,1M tokens,1\n" for n in range(200_000)), "20,000"),
        ("provider,item,meter,unit,price_usd,colour\nacme,base,input,1M tokens,1,red\n", "'colour' is not a column"),
        ("provider;item;meter;unit;price_usd\n", "commas"),
        ("provider,item\nacme,base\n", "meter"),
        (HEADER, "no price"),
        ("", "empty"),
        (f"{HEADER}acme,base,input,1M tokens\n", "line 2"),
        (f'{HEADER}acme,"base,input\n', "line 2"),
        (f"{HEADER}acme,b\0se,input,1M tokens,1\n", "line 2"),
        (f"{HEADER}acmé,base,input,1M tokens,1\n".encode("latin-1"), "UTF-8"),
        (f"{HEADER}acme,base,input,1M tokens,1\n".encode("utf-16"), "UTF-8"),
        (bytes(range(256)), "UTF-8"),
    ],
    ids=lambda value: repr(value[-30:]),
)
def test_a_price_file_that_cannot_be_is_refused_with_its_place(refusal, tmp_path, content, words):
    file = tmp_path / "ours.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())

    said = refusal("run", "--prices", str(file))

    assert "ours.csv" in said
    assert words in said


@pytest.mark.parametrize("name", ["missing.csv", "folder", ""])
def test_a_price_file_that_cannot_be_opened_is_refused(refusal, tmp_path, name):
    (tmp_path / "folder").mkdir()

    said = refusal("run", "--prices", str(tmp_path / name) if name else "")

    assert said.startswith("cli.py run: ")


def test_the_same_price_in_two_files_is_refused_and_names_both(refusal, tmp_path):
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    for file in (one, other):
        file.write_text(ACME, encoding="utf-8")

    said = refusal("run", "--prices", str(one), "--prices", str(other))

    assert "one.csv" in said
    assert "other.csv" in said


# As a program


def program(*arguments: str | bytes, **more: Any) -> subprocess.CompletedProcess[bytes]:
    """The command line as people start it, with a plain environment."""
    command = [sys.executable, "-W", "error", str(ROOT / "cli.py"), *arguments]
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", **more.pop("env", {})}
    return subprocess.run(command, capture_output=True, cwd=more.pop("cwd", ROOT), env=environment, check=False, **more)


def test_the_program_answers_from_any_folder(tmp_path):
    done = program("run", "--date", "2026-11-14", cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["cheapest"]


def test_the_program_writes_utf_8_wherever_it_runs():
    done = program("run", "--set", 'name="\\u00dcberblick \\ud83d\\ude80"', env={"PYTHONIOENCODING": "ascii"})

    assert json.loads(done.stdout.decode("utf-8"))["scenario"]["name"] == "Überblick 🚀"


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "--set", b"name=\xff"),
        ("run", "--set", b"na\xffme=1"),
        ("run", "--set", b"rag.model=a/\xff"),
        ("run", b"\xff.json"),
        ("run", b"\xff"),
        ("run", "--prices", b"\xff.csv"),
        ("run", b"--\xff"),
        ("run", "--date", b"\xff"),
        ("run", "--set", 'name="\\ud800"'),
    ],
    ids=repr,
)
def test_bytes_that_are_no_text_are_refused_in_one_line(arguments):
    done = program(*arguments)

    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.count(b"\n") == 1
    assert b"Traceback" not in done.stderr


def test_a_reader_that_stops_early_is_no_error():
    command = f'"{sys.executable}" cli.py run --date 2026-11-14 | head -c 10'

    done = subprocess.run(command, shell=True, capture_output=True, cwd=ROOT, check=False)

    assert (done.returncode, len(done.stdout), done.stderr) == (0, 10, b"")


def test_the_csv_of_the_program_has_one_table():
    done = program("run", "--date", "2026-11-14", "--format", "csv")

    rows = list(csv.reader(line for line in done.stdout.decode("utf-8").splitlines() if not line.startswith("#")))
    assert len({len(row) for row in rows}) == 1
    assert len(rows) == 1 + 3 * 25
