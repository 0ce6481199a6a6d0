"""Charts and reports at plain addresses: what they answer, what they refuse, and what they keep."""

from __future__ import annotations

import asyncio
import io
import threading
from datetime import date
from xml.etree import ElementTree

import pandas as pd
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from addresses import asked, routes
from addresses.asked import Asked, Refused
from addresses.files import File
from addresses.kept import Kept
from addresses.routes import Addresses
from costmodel import MODEL_VERSION, link
from costmodel.changes import changed, resolved
from costmodel.made_with import book_of
from costmodel.other import Other, packed
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import run_scenario
from pricing.catalog import load_book
from report import embed, gallery
from report.converter import PictureProblem
from report.headed import LEAST_WIDTH, MOST_WIDTH

TODAY = date(2026, 11, 21)
PRESET = resolved(PRESETS[DEFAULT_PRESET].scenario, TODAY)
WORD = link.encoded(PRESET)
SVG = "{http://www.w3.org/2000/svg}"


def client_of(addresses: Addresses) -> TestClient:
    return TestClient(Starlette(routes=addresses.routes()), base_url="http://crossover.example")


def word_of(values: dict[str, object], view: dict[str, str] | None = None) -> str:
    return link.encoded(changed(PRESET, values), view)


@pytest.fixture(scope="module")
def client() -> TestClient:
    return client_of(Addresses("'self'", today=lambda: TODAY))


@pytest.fixture
def counted() -> tuple[TestClient, list[Asked]]:
    """A client, and what its server has made so far."""
    made: list[Asked] = []

    def make(wanted: Asked, today: date, base_url: str) -> File:
        made.append(wanted)
        return File(f"{wanted} {today} {base_url}".encode(), "text/plain", "a.txt", inline=True)

    return client_of(Addresses("'self'", make=make, today=lambda: TODAY)), made


# What is answered


def test_a_chart_comes_as_svg_that_says_what_it_assumes(client):
    answer = client.get("/chart/cumulative.svg", params={"s": WORD})
    words = " ".join("".join(each.itertext()) for each in ElementTree.fromstring(answer.content).iter(f"{SVG}text"))

    assert answer.headers["content-type"] == "image/svg+xml; charset=utf-8"
    assert PRESET.name in words
    assert f"model {MODEL_VERSION}" in words
    assert book_of(run_scenario(PRESET, load_book())) in words


@pytest.mark.parametrize(("scale", "width"), [(1, 800), (2, 800), (1, LEAST_WIDTH), (1, MOST_WIDTH)])
def test_a_png_has_as_many_pixels_as_were_asked_for(client, scale, width):
    answer = client.get("/chart/components.png", params={"s": WORD, "scale": scale, "width": width})
    picture = Image.open(io.BytesIO(answer.content))

    assert answer.headers["content-type"] == "image/png"
    assert picture.format == "PNG"
    assert picture.width == scale * width


def test_light_and_dark_differ_in_their_paper(client):
    paper = {
        theme: Image.open(io.BytesIO(client.get("/chart/components.png", params={"s": WORD, "theme": theme}).content))
        .convert("RGB")
        .getpixel((2, 2))
        for theme in ("light", "dark")
    }

    assert paper == {"light": (255, 255, 255), "dark": (16, 19, 24)}


def test_a_page_of_its_own_is_saved_and_not_opened_at_this_server(client):
    answer = client.get("/chart/cumulative.html", params={"s": WORD})

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment; ")


def test_vega_lite_comes_as_json_with_its_data(client):
    spec = client.get("/chart/cumulative.json", params={"s": WORD}).json()

    assert spec["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
    assert any(spec["datasets"].values())


@pytest.mark.parametrize("present", [False, True])
def test_the_report_has_the_totals_of_the_model_and_the_link(client, present):
    word = word_of({"workload.queries_per_month": 50_000.0}, {"value": "present"} if present else None)
    answer = client.get("/report.csv", params={"s": word})
    table = pd.read_csv(io.StringIO(answer.text), comment="#")
    run = run_scenario(changed(PRESET, {"workload.queries_per_month": 50_000.0}), load_book())

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert f"http://crossover.example/?s={word}" in answer.text
    for key, part in table.groupby("architecture"):
        assert part["cost_usd"].sum() == pytest.approx(run.answers[key].tco_usd)


def test_the_ledger_adds_up_to_the_totals_of_the_model(client):
    table = pd.read_csv(io.StringIO(client.get("/ledger.csv", params={"s": WORD}).text), comment="#")
    run = run_scenario(PRESET, load_book())
    sums = table[table["scope"] == "bill"].groupby("architecture")["cost_usd"].sum()

    assert dict(sums) == pytest.approx({key: answer.tco_usd for key, answer in run.answers.items()})


@pytest.mark.parametrize("ending", sorted(asked.REPORTS))
def test_every_kind_of_report_has_an_address_and_a_plain_name(client, ending):
    answer = client.get(f"/report.{ending}", params={"s": WORD})

    assert answer.status_code == 200
    assert answer.content
    assert f'.{ending}"' in answer.headers["content-disposition"]


@pytest.mark.parametrize("name", [each for each in gallery.NAMES if each not in ("compare", "difference", "odds_map")])
def test_every_chart_has_an_address(client, name):
    answer = client.get(f"/chart/{name}.svg", params={"s": WORD})

    assert answer.status_code == 200, answer.text
    assert ElementTree.fromstring(answer.content).tag == f"{SVG}svg"


@pytest.mark.parametrize("name", ["compare", "difference"])
def test_a_comparison_is_drawn_from_the_link_that_carries_both(client, name):
    other = Other(changed(PRESET, {"workload.queries_per_month": 20_000.0, "name": "The other"}))
    word = link.encoded(PRESET, None, None, packed(other, PRESET))

    assert client.get(f"/chart/{name}.svg", params={"s": word}).status_code == 200


def test_a_link_without_a_word_gives_the_default_preset_as_the_pages_do(client):
    assert PRESET.name in client.get("/report.csv").text


def test_a_link_without_a_start_month_starts_as_on_the_pages(client):
    bare = link.encoded(PRESETS[DEFAULT_PRESET].scenario)
    answer = client.get("/report.csv", params={"s": bare})

    assert answer.status_code == 200
    assert PRESET.finance.start_month in answer.text


def test_nothing_that_was_opened_can_run_or_be_framed_elsewhere():
    addresses = client_of(Addresses("'self' https://wiki.example.com", today=lambda: TODAY))
    policies = [
        addresses.get(path).headers["content-security-policy"]
        for path in ("/chart/components.svg", "/chart/nothing.svg", "/report.csv")
    ]

    assert all("default-src 'none'" in policy and "script-src" not in policy for policy in policies)
    assert all("frame-ancestors 'self' https://wiki.example.com" in policy for policy in policies)


@pytest.mark.parametrize("folder", ["tools/crossover", "/tools/crossover/"])
def test_a_server_below_a_path_answers_below_it_and_links_there(folder):
    client = client_of(Addresses("'self'", folder, today=lambda: TODAY))
    answer = client.get("/tools/crossover/report.csv", params={"s": WORD})

    assert f"http://crossover.example/tools/crossover/?s={WORD}" in answer.text
    assert client.get("/report.csv").status_code == 404


# What is refused


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/chart/nothing.svg", 404, "cumulative"),
        ("/chart/cumulative.gif", 404, ".svg"),
        ("/report.gif", 404, ".csv"),
        ("/ledger.xlsx", 404, ".csv"),
        ("/chart/cumulative.svg?them=dark", 400, "'them'"),
        ("/chart/cumulative.svg?scale=2", 400, "'scale'"),
        ("/report.csv?theme=dark", 400, "'theme'"),
        ("/chart/cumulative.svg?theme=pink", 400, "light or dark"),
        ("/chart/cumulative.svg?theme=dark&theme=light", 400, "more than once"),
        ("/chart/cumulative.png?scale=3", 400, "1 or 2"),
        (f"/chart/cumulative.png?width={LEAST_WIDTH - 1}", 400, f"{LEAST_WIDTH} to {MOST_WIDTH:,}"),
        (f"/chart/cumulative.png?width={MOST_WIDTH + 1}", 400, f"{LEAST_WIDTH} to {MOST_WIDTH:,}"),
        ("/chart/cumulative.png?width=wide", 400, "whole number"),
        ("/chart/cumulative.png?width=%D9%A8%D9%A0%D9%A0", 400, "whole number"),
        (f"/chart/cumulative.svg?s={WORD}&k=0123456789abcdef0123", 422, "kept in the browser"),
        ("/chart/compare.svg", 422, "Compare page"),
        ("/chart/difference.svg", 422, "Compare page"),
        ("/report.csv?s=", 422, "format"),
        ("/report.csv?s=hello", 422, "format"),
        (f"/report.csv?s={WORD[:-6]}", 422, "copy it again"),
        ("/chart/cumulative.svg?s=<script>alert(1)</script>", 422, "format"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_one_plain_line(client, path, status, words):
    answer = client.get(path)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text.count("\n") == 1
    assert words in answer.text


def test_a_scenario_that_cannot_be_run_is_refused_with_the_reason(client):
    word = link.encoded(PRESET.model_copy(update={"rag": PRESET.rag.model_copy(update={"model": "nobody/nothing"})}))
    answer = client.get("/chart/cumulative.svg", params={"s": word})

    assert answer.status_code == 422
    assert "nobody/nothing" in answer.text


@pytest.mark.parametrize(("spare", "status"), [(0, 422), (1, 414)])
def test_the_longest_query_is_read_and_a_longer_one_is_not(client, spare, status):
    answer = client.get(f"/report.csv?s={'a' * (asked.MAX_QUERY - 2 + spare)}")

    assert answer.status_code == status
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_but_reading_is_possible(client, method):
    assert client.request(method, "/report.csv").status_code == 405


# What is kept


def test_what_was_made_is_not_made_again(counted):
    client, made = counted
    first, second = (client.get("/chart/cumulative.svg", params={"s": WORD}) for _ in range(2))

    assert len(made) == 1
    assert first.content == second.content
    assert first.headers["cache-control"] == "private, max-age=3600"


@pytest.mark.parametrize("sent", ["{etag}", '"other", {etag}', "*"])
def test_who_has_it_already_gets_no_body(counted, sent):
    client, _ = counted
    etag = client.get("/report.csv").headers["etag"]
    answer = client.get("/report.csv", headers={"If-None-Match": sent.format(etag=etag)})

    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == etag


def test_who_has_another_one_gets_this_one(counted):
    client, _ = counted

    assert client.get("/report.csv", headers={"If-None-Match": 'W/"other"'}).status_code == 200


def test_a_head_is_answered_like_a_get(counted):
    client, _ = counted
    head, get = client.head("/report.csv"), client.get("/report.csv")

    assert head.status_code == 200
    assert {name: head.headers[name] for name in ("etag", "content-type", "content-length")} == {
        name: get.headers[name] for name in ("etag", "content-type", "content-length")
    }


@pytest.mark.parametrize(
    "host", ["evil.example/path", "a b", "evil.example?x", "user@evil.example", "evil.example:99999999", ""]
)
def test_a_forged_host_is_in_no_link(counted, host):
    client, _ = counted

    assert client.get("/report.csv", headers={"Host": host}).content.endswith(f"{TODAY} ".encode())


def test_another_host_gets_its_own_answer(counted):
    client, made = counted
    answers = {client.get("/report.csv", headers={"Host": host}).content for host in ("a.example", "b.example")}

    assert len(answers) == len(made) == 2


def test_tomorrow_is_made_anew():
    made, day = [], [TODAY]

    def make(wanted: Asked, today: date, base_url: str) -> File:
        made.append(today)
        return File(b"", "text/plain", "a.txt", inline=True)

    client = client_of(Addresses("'self'", make=make, today=lambda: day[0]))
    client.get("/report.csv")
    day[0] = date(2026, 11, 22)
    client.get("/report.csv")

    assert made == [TODAY, date(2026, 11, 22)]


def test_old_answers_give_way_when_there_are_too_many():
    kept: Kept[str, bytes] = Kept(2, 100)
    for key in "abc":
        kept.keep(key, b"1")
        kept.get("a")

    assert [kept.get(key) for key in "abc"] == [b"1", None, b"1"]


@pytest.mark.parametrize(("length", "left"), [(50, 2), (51, 1), (100, 1), (101, 1)])
def test_old_answers_give_way_when_they_are_too_long(length, left):
    kept: Kept[str, bytes] = Kept(10, 100)
    kept.keep("a", bytes(50))
    kept.keep("b", bytes(length))

    assert len(kept) == left
    assert kept.length == sum(len(kept.get(key) or b"") for key in "ab") <= 100


# How many at once


def test_only_a_few_are_made_at_once_and_too_many_are_sent_away(monkeypatch):
    waiting = 2 * routes.AT_ONCE
    monkeypatch.setattr(routes, "WAITING", waiting)
    abreast, lock = threading.Barrier(routes.AT_ONCE, timeout=30), threading.Lock()
    running, most = 0, 0

    def make(wanted: Asked, today: date, base_url: str) -> File:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        abreast.wait()  # goes on only when as many as may are here together
        with lock:
            running -= 1
        return File(b"x", "text/plain", "a.txt", inline=True)

    addresses = Addresses("'self'", make=make, today=lambda: TODAY)

    async def all_at_once() -> list[int]:
        questions = [Asked("csv", str(number), kind="csv") for number in range(routes.AT_ONCE + waiting + 2)]
        asking = [addresses._answer(each, TODAY, "") for each in questions]
        answers = await asyncio.gather(*asking, return_exceptions=True)
        return [each.status if isinstance(each, Refused) else 200 for each in answers]

    assert asyncio.run(all_at_once()) == [200] * (routes.AT_ONCE + waiting) + [503] * 2
    assert most == routes.AT_ONCE


def test_who_is_sent_away_is_told_when_to_come_back():
    answer = Addresses("'self'")._refusal(Refused(503, embed.BUSY))

    assert answer.headers["retry-after"] == str(routes.RETRY_SECONDS)


def test_a_picture_that_cannot_be_drawn_now_is_refused_with_the_reason_and_not_kept():
    def broken(wanted: Asked, today: date, base_url: str) -> File:
        raise PictureProblem("The picture was not drawn within 30 s; ask for a smaller one.")

    client = client_of(Addresses("'self'", make=broken, today=lambda: TODAY))
    answer = client.get("/chart/cumulative.png")

    assert answer.status_code == 503
    assert answer.text == "The picture was not drawn within 30 s; ask for a smaller one.\n"
    assert answer.headers["cache-control"] == "no-store"
