"""The prices on the command line: listed, shown, checked, compared, and put back from a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import cli
from costmodel import MODEL_VERSION, files
from costmodel.changes import changed, resolved
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import run_scenario
from costmodel.scenario import Scenario
from pricing.book import Price, PriceBook
from pricing.catalog import TABLES, book_id, load_book
from pricing.exporting import edits_csv
from pricing.row_reader import parse

DAY = "2026-11-21"
HEADER = "provider,item,meter,unit,price_usd"
MODEL = "openai/gpt-6.1-sol"
SCENARIO = resolved(PRESETS[DEFAULT_PRESET].scenario, date(2026, 11, 21))

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
def told(crossover: Cli) -> Callable[..., str]:
    """What `prices` prints when it works."""

    def run(*arguments: str) -> str:
        status, out, err = crossover("prices", *arguments)
        assert (status, err) == (0, "")
        return out

    return run


@pytest.fixture
def refusal(crossover: Cli) -> Callable[..., str]:
    """The one line that a bad command is answered with."""

    def run(*arguments: str) -> str:
        status, out, err = crossover(*arguments)
        assert (status, out) == (2, "")
        assert len(err.splitlines()) == 1
        assert "Traceback" not in err
        return err.removesuffix("\n")

    return run


def written(path: Path, *lines: str, header: str = HEADER) -> str:
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return str(path)


# List and show


def test_every_row_of_the_book_is_listed(told):
    rows = json.loads(told("list", "--format", "json"))

    assert sorted(row["price_id"] for row in rows) == sorted(row.price_id for row in load_book().rows)


def test_a_group_and_words_narrow_the_list(told):
    rows = json.loads(told("list", "--group", "llm", "--search", "OPENAI/gpt-6.1-sol deprecat", "--format", "json"))
    some = json.loads(told("list", "--group", "llm", "--search", "OPENAI/gpt-6.1-sol batch", "--format", "json"))

    assert rows == []
    assert {row["group"] for row in some} == {"llm"}
    assert all("openai/gpt-6.1-sol:batch" in row["price_id"] for row in some)


def test_the_list_as_csv_is_a_price_file_of_the_same_book(told):
    rows = parse(told("list", "--format", "csv").encode(), "book.csv").rows

    prices = {(row.key, row.price_usd, row.unit, row.source, row.as_of) for row in load_book().rows}
    assert {(row.key, row.price_usd, row.unit, row.source, row.as_of) for row in rows} == prices


def test_the_list_for_people_has_a_line_for_each_row(told):
    out = told("list", "--group", "reranker")

    rows = [row for row in load_book().rows if row.group == "reranker"]
    assert all(any(line.startswith(row.price_id) for line in out.splitlines()) for row in rows)
    assert f"{len(rows)} rows" in out


def test_a_list_of_nothing_says_so(told):
    assert told("list", "--search", "no such words") == "No price fits.\n"


def test_no_cell_of_the_list_starts_a_formula(told, tmp_path):
    ours = written(tmp_path / "x.csv", '=cmd,@x,input,token,1,"=1+1"', header=f"{HEADER},note")

    rows = csv.reader(io.StringIO(told("list", "--prices", ours, "--search", "cmd", "--format", "csv")))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "@", "+", "-"))]


@pytest.mark.parametrize("named", ["openai/gpt-4o", "openai/gpt-4o:input"])
def test_a_price_is_shown_with_dates_source_age_and_use(told, named):
    out = told("show", named, "--date", DAY)

    for words in (
        "openai/gpt-4o:input\n  2.5 USD per 1M tokens, always",
        "retires_on 2027-01-14, successor openai/gpt-6-luna",
        "checked in the genai-prices 0.2.3 release of 9 Nov 2026, 12 days ago; confidence high",
        "source: https://developers.openai.com/api/docs/pricing (genai-prices 0.2.3)",
        "Can be: rag.model, prompting.model",
    ):
        assert words in out
    assert ("openai/gpt-4o:output" in out) == (named == "openai/gpt-4o")


def test_all_dates_of_a_price_are_shown_and_the_next_change_is_named(told, tmp_path):
    ours = written(
        tmp_path / "ours.csv",
        "acme,m,input,1M tokens,1,2026-01-01",
        "acme,m,input,1M tokens,2,2027-01-01",
        "acme,m,input,1M tokens,3,2028-01-01",
        header=f"{HEADER},effective_from",
    )

    found = json.loads(told("show", "acme/m:input", "--prices", ours, "--date", DAY, "--format", "json"))
    assert [row["price_usd"] for row in found["rows"]] == [1, 2, 3]
    assert [row["origin"] for row in found["rows"]] == [f"price file ours.csv line {line}" for line in (2, 3, 4)]
    assert (found["next_change"], found["rows"][0]["sourced"], found["rows"][0]["age_days"]) == (
        "2027-01-01",
        False,
        None,
    )
    assert "undated" in told("show", "acme/m:input", "--prices", ours)


@pytest.mark.parametrize(
    ("ref", "field"),
    [
        (MODEL, "rag.model"),
        ("openai/text-embedding-3-small", "rag.embedding_model"),
        ("cohere/rerank-v5.0-pro", "rag.reranker"),
        ("pinecone/serverless standard aws us-east-1", "rag.vector_store"),
        ("azure/gpt-oss-20b global", "fine_tuning.model"),
    ],
)
def test_who_could_use_a_plan_and_which_presets_do(told, ref, field):
    found = json.loads(told("show", ref, "--format", "json"))

    assert field in found["fields"]
    assert f"{DEFAULT_PRESET} ({field})" in found["presets"]


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("openai/gpt-9", "'openai/gpt-9' is not in the price book; near it: openai/gpt-"),
        (f"{MODEL}:embedding", f"is not in the price book; near it: {MODEL}:input"),
        ("nonsense", "'nonsense' is not in the price book"),
        ("", "'' is not in the price book"),
        ("\ud800", "is not in the price book"),
    ],
)
def test_an_unknown_price_is_refused_with_what_is_near(refusal, named, words):
    assert words in refusal("prices", "show", named)


# Check


def test_the_shipped_book_passes_the_check(told):
    out = told("check", "--date", DAY)

    lines = out.splitlines()
    assert lines[0] == f"Price book {book_id()}: {len(load_book().rows):,} rows of {len(load_book().refs()):,} plans"
    assert "No problem found." in lines
    undated = [row.price_id for row in load_book().rows if row.as_of is None]
    assert f"Undated: {len(undated)} rows" in lines
    assert set(undated[:40]) <= {line.strip() for line in lines}
    assert any(line.split() == ["undated", str(len(undated))] for line in lines)


def test_the_check_as_json(told):
    found = json.loads(told("check", "--date", DAY, "--max-age", "365", "--format", "json"))

    assert (found["sound"], found["problems"], found["price_book"]) == (True, [], book_id())
    assert (found["max_age_days"], found["date"]) == (365, DAY)
    assert sum(each["rows"] for each in (*found["ages"], *found["releases"])) + len(found["undated"]) == found["rows"]


@pytest.mark.parametrize(
    ("line", "kind", "words"),
    [
        ("acme,m,lunch,token,1,,,", "meter", "'lunch' is not a meter"),
        ("acme,m,input,bushel,1,,,", "unit", "'bushel' is not a unit of input"),
        ("acme,m,input,token,-1,,,", "negative", "-1 is out of limits; use 0 to 1,000,000,000 USD"),
        ("acme,m,input,token,0,,,", "free", "needs the word 'free'"),
        ("acme,m,input,token,1,quote 2026,,\nacme,m,input,token,2,quote 2026,,", "duplicate", "keep one"),
        ("acme,m,input,token,1,hearsay,high,", "source", "is no URL and no named, dated document"),
        ("acme,m,input,token,1,quote 2026,,acme/gone", "id", "'acme/gone' has no price"),
        ("acme,m,input,token,1,,high,", "source", "it has no source"),
        ("openai,gpt-6.1-sol,input,token,1,,,", "source", "rests on it, and its confidence is low"),
    ],
)
def test_a_row_that_nobody_should_rely_on_fails_the_check(crossover, tmp_path, line, kind, words):
    ours = written(tmp_path / "ours.csv", *line.split("\n"), header=f"{HEADER},source,confidence,successor")

    status, out, err = crossover("prices", "check", "--prices", ours, "--date", DAY)
    assert (status, err) == (1, "")
    assert words in out
    status, out, _ = crossover("prices", "check", "--prices", ours, "--date", DAY, "--format", "json")
    found = json.loads(out)
    assert (status, found["sound"]) == (1, False)
    assert {problem["kind"] for problem in found["problems"]} == {kind}


@pytest.mark.parametrize(
    ("retires", "successor", "status"),
    [("2028-11-30", "", 1), ("2028-12-01", "", 0), ("2027-06-01", "openai/gpt-5.4", 0), ("2026-01-01", "", 1)],
)
def test_a_default_that_retires_without_a_successor_fails_the_check(crossover, tmp_path, retires, successor, status):
    ours = written(
        tmp_path / "ours.csv",
        f"openai,gpt-6.1-sol,input,1M tokens,2,https://a.example,medium,{retires},{successor}",
        header=f"{HEADER},source,confidence,retires_on,successor",
    )

    found, out, _ = crossover("prices", "check", "--prices", ours, "--date", DAY)
    assert found == status
    assert ("names no successor" in out) == (status == 1)


def test_all_mistakes_of_all_files_are_told_at_once(crossover, tmp_path):
    one = written(tmp_path / "one.csv", "acme,a,input,token,x", "acme,b,input,token,1")
    two = written(tmp_path / "two.csv", "acme,c,lunch,token,1", "acme,b,input,token,2")

    status, out, _ = crossover("prices", "check", "--prices", one, "--prices", two)
    assert status == 1
    assert "4 problems:" in out
    for place in (
        "price file one.csv line 3",
        "one.csv line 2, price_usd",
        "two.csv line 2, meter",
        "price file two.csv line 3",
    ):
        assert place in out


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (bytes(range(256)), "is not UTF-8"),
        (b"provider;item;meter;unit;price_usd\n", "not separated by commas"),
        (b"x" * 10_000_001, "larger than 10 MB"),
    ],
    ids=["empty", "bytes", "semicolons", "large"],
)
def test_a_file_that_cannot_be_read_is_bad_input_and_no_finding(refusal, tmp_path, content, words):
    (tmp_path / "ours.csv").write_bytes(content)

    assert words in refusal("prices", "check", "--prices", str(tmp_path / "ours.csv"))


@pytest.mark.parametrize(
    "arguments",
    [
        ("prices",),
        ("prices", "bogus"),
        ("prices", "list", "--group", "bogus"),
        ("prices", "list", "--format", "xml"),
        ("prices", "list", "--prices", "missing.csv"),
        ("prices", "show"),
        ("prices", "check", "--max-age", "-1"),
        ("prices", "check", "--max-age", "1.5"),
        ("prices", "check", "--max-age", "x"),
        ("prices", "check", "--date", "soon"),
        ("prices", "check", "--prices", "missing.csv"),
        ("prices", "diff", "current"),
        ("prices", "diff", "current", "missing.csv"),
        ("prices", "diff", "current", "missing.json"),
        ("prices", "diff", "current", ""),
        ("prices", "diff", "current", "missing", "more"),
    ],
    ids=" ".join,
)
def test_a_command_that_cannot_be_is_refused_in_one_line(refusal, arguments):
    assert refusal(*arguments).startswith("cli.py")


# Diff


def test_the_book_does_not_differ_from_itself_or_from_its_tables(told):
    assert "Nothing differs" in told("diff", "current", "current")
    assert "Nothing differs" in told("diff", str(TABLES), "current")


def test_a_dump_of_the_book_is_a_book(told, tmp_path):
    dump = tmp_path / "before.csv"
    dump.write_text(told("list", "--format", "csv"), encoding="utf-8")

    assert "Nothing differs" in told("diff", str(dump), "current")
    text = dump.read_text(encoding="utf-8")
    old = "llm,openai,gpt-6.1-sol,input,1M tokens,2,0,"
    assert text.count(old) == 1
    dump.write_text(text.replace(old, old.replace(",2,0,", ",2.5,0,")), encoding="utf-8")
    found = json.loads(told("diff", str(dump), "current", "--format", "json"))
    assert [(each["price_id"], each["old_usd"], each["new_usd"], each["ratio"]) for each in found["changed"]] == [
        (f"{MODEL}:input", 2.5, 2, 0.8)
    ]
    assert (found["added"], found["removed"], found["moved"]) == ([], [], [])


def test_a_price_file_is_compared_over_common_plans_when_asked(told, tmp_path):
    ours = written(tmp_path / "ours.csv", "openai,gpt-6.1-sol,input,1M tokens,3", "acme,m,input,token,1")

    every = json.loads(told("diff", "current", ours, "--format", "json"))
    common = json.loads(told("diff", "current", ours, "--common", "--format", "json"))
    assert len(every["removed"]) == len(load_book().rows) - 1
    assert [row["price_id"] for row in every["added"]] == ["acme/m:input"]
    assert common["added"] == []
    assert {row["item"] for row in common["removed"]} == {"gpt-6.1-sol"}
    assert every["changed"] == common["changed"]
    assert "more; --common compares only plans that both have" in told("diff", "current", ours)


def test_a_folder_of_other_tables_shows_what_they_change(told, tmp_path):
    for path in TABLES.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    table = tmp_path / "rerankers.csv"
    text = table.read_text(encoding="utf-8")
    line = next(each for each in text.splitlines() if "rerank-v5.0-pro" in each and each.startswith("reranker,cohere"))
    table.write_text(text.replace(line, line.replace("2026-11", "2026-12", 1)), encoding="utf-8")

    found = json.loads(told("diff", "current", str(tmp_path), "--common", "--format", "json"))
    assert (found["added"], found["removed"], found["changed"]) == ([], [], [])
    (dated,) = (each for each in found["moved"] if each["column"] == "as_of")
    assert (dated["old"], dated["new"], dated["rows"]) == ("2026-11", "2026-12", 1)


def test_a_folder_that_is_no_book_is_refused(refusal, tmp_path):
    assert "a folder without tables" in refusal("prices", "diff", "current", str(tmp_path))


# A file that was made under another book


def made_under(book: PriceBook, path: Path, scenario: Scenario = SCENARIO) -> str:
    path.write_text(files.written(scenario, book), encoding="utf-8")
    return str(path)


def other_book(price_usd: float = 4.0) -> PriceBook:
    row = Price(
        provider="openai", item="gpt-6.1-sol", meter="input", unit="1M tokens", price_usd=price_usd, source="x 2026"
    )
    return load_book().with_rows([row])


def total(book: PriceBook) -> float:
    return run_scenario(SCENARIO, book).answers["rag"].tco_usd


def test_a_scenario_file_with_prices_is_a_book_of_its_plans(told, tmp_path):
    plan = made_under(other_book(), tmp_path / "plan.json")

    found = json.loads(told("diff", plan, "current", "--format", "json"))
    assert [(each["price_id"], each["old_usd"], each["new_usd"]) for each in found["changed"]] == [
        (f"{MODEL}:input", 4, 2)
    ]
    assert (found["added"], found["removed"]) == ([], [])


def test_a_scenario_file_without_prices_is_no_book(refusal, tmp_path):
    (tmp_path / "plan.json").write_text(files.written(SCENARIO), encoding="utf-8")

    assert "carries no price rows" in refusal("prices", "diff", "current", str(tmp_path / "plan.json"))


def test_a_file_of_this_book_opens_without_a_word(crossover, tmp_path):
    plan = made_under(load_book(), tmp_path / "plan.json")

    status, out, err = crossover("run", plan)
    assert (status, err) == (0, "")
    assert json.loads(out)["architectures"]["rag"]["tco_usd"] == total(load_book())


@pytest.mark.parametrize("command", ["run", "ledger"])
def test_a_file_of_another_book_shows_both_totals(crossover, tmp_path, command):
    plan = made_under(other_book(), tmp_path / "plan.json")

    status, out, err = crossover(command, plan, "--format", "json")
    assert (status, len(err.splitlines())) == (0, 1)
    assert err.startswith(f"cli.py {command}: Made with price book genai-prices-0.2.3+")
    assert f"(here {book_id()})" in err
    assert f"RAG then ${total(other_book()):,.2f}, now ${total(load_book()):,.2f}" in err
    assert "Fine-tuning $" in err
    assert err.rstrip().endswith("--restore-prices brings the prices of the file back.")
    assert json.loads(out)


def test_the_totals_of_then_are_those_of_the_file_whatever_is_set(crossover, tmp_path):
    plan = made_under(load_book(), tmp_path / "plan.json")

    assert crossover("run", plan, "--set", "workload.queries_per_month=1")[2] == ""


def test_the_prices_of_a_file_are_restored_when_asked(crossover, tmp_path):
    plan = made_under(other_book(), tmp_path / "plan.json")

    status, out, err = crossover("run", plan, "--restore-prices")
    assert (status, err) == (0, "")
    assert json.loads(out)["architectures"]["rag"]["tco_usd"] == total(other_book())


def test_a_price_file_goes_on_top_of_what_is_restored(crossover, tmp_path):
    plan = made_under(other_book(), tmp_path / "plan.json")
    ours = written(tmp_path / "ours.csv", "openai,gpt-6.1-sol,input,1M tokens,1")

    _, out, _ = crossover("run", plan, "--restore-prices", "--prices", ours)
    assert json.loads(out)["architectures"]["rag"]["tco_usd"] == total(other_book(1.0))


def test_another_model_version_is_told_with_restored_prices_too(crossover, tmp_path):
    plan = tmp_path / "plan.json"
    data = json.loads(files.written(SCENARIO, other_book()))
    data["made_with"]["model_version"] = "1.0.0"
    plan.write_text(json.dumps(data), encoding="utf-8")

    _, _, err = crossover("run", str(plan), "--restore-prices")
    assert f"model 1.0.0 (here {MODEL_VERSION})" in err
    assert "The totals are the same to the cent" in err


def test_a_plan_that_went_away_comes_back_with_the_file(crossover, refusal, tmp_path):
    row = Price(provider="acme", item="m", meter="input", unit="1M tokens", price_usd=1)
    book = load_book().with_rows([row, row.model_copy(update={"meter": "output"})])
    plan = made_under(book, tmp_path / "plan.json", changed(SCENARIO, {"rag.model": "acme/m"}))

    said = refusal("run", plan)
    assert "rag.model: 'acme/m' is not in the price book" in said
    assert said.endswith("the file has prices of its own: --restore-prices")
    status, out, err = crossover("run", plan, "--restore-prices")
    assert (status, err, json.loads(out)["excluded"]) == (0, "", {})


@pytest.mark.parametrize("named", [DEFAULT_PRESET, "plan.json"])
def test_without_prices_in_the_file_there_is_nothing_to_restore(refusal, tmp_path, monkeypatch, named):
    monkeypatch.chdir(tmp_path)
    Path("plan.json").write_text(files.written(SCENARIO), encoding="utf-8")

    assert refusal("run", named, "--restore-prices").endswith("carries no price rows, so there are none to restore")


def test_exported_edits_are_a_price_file(crossover, tmp_path):
    edited = changed(SCENARIO, {f"price:{MODEL}:input": 4.0}, load_book())
    ours = tmp_path / "edits.csv"
    ours.write_text(edits_csv(edited.price_edits, load_book()), encoding="utf-8")

    _, out, _ = crossover("run", "--prices", str(ours), "--date", DAY)
    assert json.loads(out)["architectures"]["rag"]["tco_usd"] == total(other_book())


def test_the_schema_knows_what_a_file_carries(crossover):
    _, out, _ = crossover("schema")
    schema: dict[str, Any] = json.loads(out)
    checked = jsonschema.validators.validator_for(schema)
    checked.check_schema(schema)

    data = json.loads(files.written(SCENARIO, load_book()))
    checked(schema).validate(data)
    assert not checked(schema).is_valid(data | {"prices": [{"provider": "acme"}]})
    assert not checked(schema).is_valid(data | {"made_with": {"price_book": 1, "model_version": "1"}})
    assert not checked(schema).is_valid(data | {"price": []})


NOT_SOUND = "provider,item,meter,unit,price_usd,as_of,source,confidence,note"


@pytest.mark.parametrize(
    ("line", "kind", "words"),
    [
        ("acme,b,input,token,1,2026-11-01,a colleague,high,", "source", "is no URL and no named, dated document"),
        ("acme,b,input,token,1,,https://acme.example,high,", "date", "nobody says when it was checked"),
        ("acme,b,input,token,1,2036-11-01,https://acme.example,high,", "date", "2036-11-01 is after today"),
        ("acme,b,input,token,0,2026-11-01,https://acme.example,high,not free", "free", "needs the word 'free'"),
    ],
)
def test_the_check_names_what_nobody_should_rely_on(crossover, tmp_path, line, kind, words):
    ours = written(tmp_path / "ours.csv", line, header=NOT_SOUND)

    status, out, _ = crossover("prices", "check", "--prices", ours, "--format", "json")
    (problem,) = json.loads(out)["problems"]
    assert (status, problem["kind"]) == (1, kind)
    assert words in problem["words"]


def test_a_model_that_follows_itself_is_refused(crossover, tmp_path):
    ours = written(
        tmp_path / "ours.csv",
        "acme,b,input,token,1,https://a.example,medium,2027-01-01,acme/b",
        header=f"{HEADER},source,confidence,retires_on,successor",
    )

    status, out, _ = crossover("prices", "check", "--prices", ours)
    assert status == 1
    assert "ours.csv line 2, successor: 'acme/b' is the model itself; name another one or leave it blank" in out


def test_a_past_day_for_today_makes_no_problem_of_what_was_checked_since(crossover):
    status, out, _ = crossover("prices", "check", "--date", "2020-01-01", "--format", "json")
    found = json.loads(out)

    assert (status, found["ages"][0]["words"]) == (0, "after that day")
    assert found["ages"][0]["rows"] > 400


def test_books_without_a_common_plan_are_said_to_have_none(crossover, tmp_path):
    ours = written(tmp_path / "ours.csv", "acme,base,input,1M tokens,2")

    status, out, _ = crossover("prices", "diff", ours, "current", "--common")
    assert (status, out.splitlines()[1]) == (0, "The two have no plan in common: nothing is compared.")


def test_one_is_not_many(crossover, tmp_path):
    ours = written(tmp_path / "ours.csv", "acme,base,input,1M tokens,x", "acme,base,output,1M tokens,x")

    assert "(and 1 more row with a mistake)" in crossover("run", "--prices", ours)[2]
    assert "Checked more than 1 day ago" in crossover("prices", "check", "--max-age", "1")[1]
    assert "\n1 row; a date" in crossover("prices", "list", "--prices", ours_good(tmp_path), "--search", "acme/good")[1]


def ours_good(tmp_path):
    return written(tmp_path / "good.csv", "acme,good,input,1M tokens,2")
