"""Pictures as files, read back with readers of their own: Pillow, an XML parser, Vega-Lite's schema, an HTML parser."""

from __future__ import annotations

import hashlib
import io
import json
import re
import struct
import subprocess
import sys
from base64 import b64encode
from dataclasses import replace
from datetime import date
from functools import cache
from html.parser import HTMLParser
from xml.etree import ElementTree

import altair
import pytest
from PIL import Image, ImageFont

from costmodel.changes import changed, resolved
from costmodel.presets import PRESETS
from costmodel.results import Run, run_scenario
from pricing.catalog import load_book
from report import letters, render
from report.gallery import NAMES, Picture, Wanted, picture
from report.headed import headed
from report.imprint import Imprint, imprint
from report.palette import ARCHITECTURES, NEUTRALS

DAY = date(2026, 11, 21)
ADDRESS = "https://crossover.example"
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = {
    "script": "</script><script>alert(1)</script>",
    "attribute": "\" onload='x' & <b>",
    "markdown": "](javascript:alert(1)) =cmd|' /C calc'!A0",
    "leftward": "\u202eשלום\u2067 עולם",
    "forbidden in XML": "a\x00b\x08c\x0bd\x1be\x7ff\ufffeg",
    "line separators": "one\u2028two\u2029three\nfour\tfive",
    "emoji": "Angebote 😀👩‍👩‍👧 日本",
    "mark of a name": "{rag} {Fine_tuning}",
    "expression": "${1}'+alert(1)+'",
}


@cache
def run_of(name: str = "Sales chat") -> Run:
    book = load_book()
    scenario = changed(resolved(PRESETS["pricing-brand-voice"].scenario, DAY), {"name": name}, book)
    return run_scenario(scenario, book)


@cache
def picture_of(name: str, scenario: str = "Sales chat") -> Picture:
    return picture(name, run_of(scenario), Wanted(draws=8 if name == "odds_map" else 256, other=run_of("Support bot")))


@cache
def stamp_of(scenario: str = "Sales chat") -> Imprint:
    return imprint(run_of(scenario), DAY, base_url=ADDRESS)


def image(drawn: bytes) -> Image.Image:
    found = Image.open(io.BytesIO(drawn))
    found.load()
    return found


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour.removeprefix("#")))


def words(root: ElementTree.Element) -> str:
    """Everything that is drawn as text, line after line."""
    return " ".join(" ".join(" ".join(each.itertext()).split()) for each in root.iter(f"{SVG}text"))


# PNG


@pytest.mark.parametrize("name", NAMES)
def test_a_png_is_as_wide_as_asked_and_in_the_colours_of_the_screen(name):
    found = image(render.png(picture_of(name), stamp_of(), scale=1, width=720)).convert("RGB")
    colours = {colour for _, colour in found.getcolors(found.width * found.height) or []}

    assert found.width == 720
    assert {found.getpixel(corner) for corner in ((0, 0), (719, 0), (719, found.height - 1))} == {(255, 255, 255)}
    assert rgb(NEUTRALS["ink"][0]) in colours
    if name in ("cumulative", "monthly", "components", "waterfall", "months", "crossover", "fan", "probability"):
        assert {rgb(ARCHITECTURES[key].light) for key in ("rag", "fine_tuning")} <= colours


def test_two_pixels_to_each_make_the_same_picture_twice_as_large():
    once, twice = (image(render.png(picture_of("cumulative"), stamp_of(), scale=scale)) for scale in (1, 2))

    assert once.width == 960
    assert twice.size == (2 * once.width, 2 * once.height)


def test_a_dark_picture_stands_on_the_dark_paper_in_the_dark_colours():
    found = image(render.png(picture_of("cumulative"), stamp_of(), scale=2, dark=True)).convert("RGB")
    colours = {colour for _, colour in found.getcolors(found.width * found.height) or []}

    assert found.getpixel((0, 0)) == rgb(NEUTRALS["paper"][1])
    assert {rgb(ARCHITECTURES[key].dark) for key in ("rag", "fine_tuning", "hybrid")} <= colours


def test_the_text_fields_of_a_png_say_where_it_comes_from():
    fields = image(render.png(picture_of("cumulative"), stamp_of(), scale=1)).text

    assert fields["Title"] == picture_of("cumulative").finding
    assert fields["Source"] == stamp_of().source_line
    assert fields["Link"].startswith(f"{ADDRESS}/?s=")
    assert fields["Not Included"].startswith("taxes")
    assert fields["Model Version"] == stamp_of().model_version
    assert fields["Price Book"] == stamp_of().price_book


@pytest.mark.parametrize("scale", [0, 3, -1])
def test_another_scale_is_refused(scale):
    with pytest.raises(ValueError, match="use 1 or 2"):
        render.png(picture_of("cumulative"), stamp_of(), scale=scale)


@pytest.mark.parametrize(("width", "taken"), [(479, False), (480, True), (1600, True), (1601, False)])
def test_a_width_beyond_the_limits_is_refused(width, taken):
    if taken:
        assert f'width="{width}"' in render.svg(picture_of("cumulative"), stamp_of(), width=width)[:400]
    else:
        with pytest.raises(ValueError, match=r"use 480 to 1,600"):
            render.svg(picture_of("cumulative"), stamp_of(), width=width)


# SVG


@pytest.mark.parametrize("name", NAMES)
def test_an_svg_says_its_finding_its_caption_and_its_source_as_text_and_holds_no_script(name):
    found = picture_of(name)
    root = ElementTree.fromstring(render.svg(found, stamp_of()))
    said = words(root)

    assert (root.get("width"), root.get("viewBox", "").split()[2]) == ("960", "960")
    for part in (found.finding, found.caption, found.note, *stamp_of().source_line.split(" · ")):
        assert " ".join(part.split()) in said
    assert root.findtext(f"{SVG}title") == found.finding
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= {
        "svg", "g", "path", "text", "tspan", "rect", "line", "circle", "title", "desc", "metadata"
    }  # fmt: skip
    attributes = {name for each in root.iter() for name in each.attrib}
    assert not [each for each in attributes if "href" in each or each.startswith("on") or each in ("id", "style")]


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_a_scenario_is_called_its_svg_is_xml_and_shows_the_name(name):
    scenario = HOSTILE[name]
    root = ElementTree.fromstring(render.svg(picture_of("cumulative", scenario), stamp_of(scenario)))
    shown = re.sub("[\x00-\x1f\x7f\u2028\u2029\u202e\u2066-\u2069\ufffd\ufffe]+", " ", scenario)

    for part in shown.split():
        assert part in words(root).replace("\ufffd", " ")
    assert not [each for each in root.iter() if "script" in each.tag]


def test_a_name_of_ten_thousand_characters_is_cut_and_the_picture_keeps_its_width():
    long = "Wörterbuch " * 909
    found = render.svg(picture_of("cumulative", long), stamp_of(long), width=480)
    root = ElementTree.fromstring(found)

    assert root.get("width") == "480"
    assert "Wörterbuch" in words(root)
    assert "…" in words(root)
    assert int(root.get("height", "0")) < 700


def test_long_words_of_the_other_scenario_wrap_inside_a_narrow_picture():
    other = run_of("Donaudampfschifffahrtsgesellschaftskapitän " * 20)
    found = picture("compare", run_of(), Wanted(other=other))
    spec = headed(found, stamp_of(), width=480)
    lines = [line for layer in spec["layer"] if "mark" in layer for line in layer["mark"].get("text", [])]

    assert max(map(len, lines)) < 90
    assert " ".join(lines).count("Donaudampf") >= 1


def test_a_picture_keeps_no_room_free_for_rows_that_are_not_there():
    found = picture_of("difference")
    (panel,) = found.panels
    roomy = replace(found, panels=(replace(panel, used=None),))
    last = max(row["middle"] for row in panel.datasets["bars"].to_pylist())
    assert panel.used is not None

    assert last < panel.used < panel.height
    assert headed(roomy, stamp_of())["height"] - headed(found, stamp_of())["height"] == panel.height - panel.used


# Vega-Lite


@pytest.mark.parametrize("name", NAMES)
def test_the_json_is_vega_lite_with_its_data_in_it(name):
    spec = json.loads(render.vega(picture_of(name), stamp_of()))
    few = {name: rows[:2] for name, rows in spec["datasets"].items()}  # the schema says nothing of rows
    altair.Chart.from_dict({**spec, "datasets": few}, validate=True)

    assert not re.search(r'"url"\s*:', json.dumps(spec))
    assert all(isinstance(rows, list) for rows in spec["datasets"].values())
    assert spec["usermeta"]["scenario"] == "Sales chat"


def test_the_lines_in_the_json_end_at_the_totals_of_the_answer():
    spec = json.loads(render.vega(picture_of("cumulative"), stamp_of()))
    for key, answer in run_of().answers.items():
        last = max((row for row in spec["datasets"]["curves"] if row["ink"] == key), key=lambda row: row["month"])

        assert last["usd"] == pytest.approx(answer.tco_usd)


def test_a_width_that_a_page_gives_is_a_number_in_a_picture():
    spec = headed(picture_of("fan"), stamp_of(), width=960)

    assert spec["width"] == 960
    assert not re.search(r'"expr": "[^"]*\b(width|height|foot)\b', json.dumps(spec["layer"]))


# HTML


class Tags(HTMLParser):
    """Every tag with its attributes, and the text inside each kind of tag."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: dict[str, list[str]] = {}
        self._open = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))
        self._open = tag

    def handle_data(self, data: str) -> None:
        self.inside.setdefault(self._open, []).append(data)


def read(page: str) -> Tags:
    found = Tags()
    found.feed(page)
    return found


def test_a_page_is_whole_and_names_its_language_title_and_source():
    found = read(render.html(picture_of("cumulative"), stamp_of()))
    tags = dict(found.tags)

    assert tags["html"]["lang"] == "en"
    assert "".join(found.inside["title"]).strip() == picture_of("cumulative").finding
    assert [each for each in found.inside["p"] if stamp_of().scenario in each]
    assert tags["a"]["href"] == stamp_of().link


def test_only_the_page_s_own_script_may_run_and_nothing_may_be_fetched():
    page = render.html(picture_of("map"), stamp_of())
    found = read(page)
    policy = next(tag[1]["content"] for tag in found.tags if "http-equiv" in tag[1]) or ""
    scripts = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)

    assert len(scripts) == 1
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode() in policy
    assert "unsafe-eval" not in policy
    assert not [tag for tag in found.tags if tag[0] in ("link", "img", "iframe", "object") or "src" in tag[1]]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_is_markup_stays_a_name_in_a_page(name):
    scenario = HOSTILE[name]
    harmless, found = (
        read(render.html(picture("compare", run_of(), Wanted(other=run_of(each))), stamp_of(each)))
        for each in ("Support bot", scenario)
    )

    assert [tag for tag, _ in found.tags] == [tag for tag, _ in harmless.tags]
    assert all(json.loads(each) for each in found.inside["script"][:1])


def test_data_in_a_page_is_no_markup():
    page = render.html(picture_of("cumulative", HOSTILE["script"]), stamp_of(HOSTILE["script"]))
    data = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', page, flags=re.DOTALL)

    assert len(data) == 1
    assert not re.search(r"[<>&\u2028\u2029]", data[0])
    assert set(json.loads(data[0])) == {"spec", "renderer"}


# The same again


def made() -> list[str]:
    """Digests of one picture of each kind of file."""
    stamp = stamp_of()
    files: list[str | bytes] = [
        render.svg(picture_of("fan"), stamp),
        render.vega(picture_of("map"), stamp),
        render.html(picture_of("cumulative"), stamp),
        render.png(picture_of("months"), stamp),
    ]
    return [hashlib.sha256(each.encode() if isinstance(each, str) else each).hexdigest() for each in files]


def test_the_same_question_gives_the_same_bytes_in_another_process():
    script = "import sys; sys.path.insert(0, '.'); from tests.report.test_render import made; print(*made())"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert ran.stdout.split() == made()


def test_the_letters_in_a_page_are_those_of_the_pictures():
    for _, _, file in letters.IN_PAGES:
        (path,) = [folder / file for folder in letters.folders() if (folder / file).exists()]
        packed = letters.woff(path.read_bytes())
        original, read_back = (ImageFont.truetype(io.BytesIO(each), 40) for each in (path.read_bytes(), packed))

        assert len(packed) < 0.5 * path.stat().st_size
        assert packed[:4] == b"wOFF"
        assert struct.unpack(">I", packed[8:12])[0] == len(packed)
        assert read_back.getname() == original.getname()
        assert read_back.getlength("Fine-tuning $291K") == original.getlength("Fine-tuning $291K")
