"""The arrows between the rooms of the house, kept by reading the imports of every file."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Room -> the rooms it may look into: pricing, then costmodel, then report, then the screens.
MAY_IMPORT = {
    "pricing": {"pricing"},
    "costmodel": {"costmodel", "pricing"},
    "report": {"report", "costmodel", "pricing"},
    "pages": {"pages", "report", "costmodel", "pricing"},
    "app": {"pages", "report", "costmodel", "pricing"},
    "addresses": {"addresses", "pages", "report", "costmodel", "pricing"},
    "server": {"addresses", "pages", "report", "costmodel", "pricing"},
    "cli": {"commands", "report", "costmodel", "pricing"},
    "commands": {"commands", "report", "costmodel", "pricing"},
}

# Library -> the only places of the product that may import it.
LIVES_IN = {
    "streamlit": ("app.py", "server.py", "pages/"),
    "starlette": ("server.py", "addresses/"),
    "altair": ("report/",),
    "tiktoken": ("costmodel/tokens.py",),
    "genai_prices": ("pricing/",),
    "simpleeval": ("costmodel/expressions.py",),
    "vl_convert": ("report/converter.py",),
    "xlsxwriter": ("report/workbook/",),
    "docx": ("costmodel/extract.py", "report/memo/"),
    "jinja2": ("report/memo/",),
}

PRODUCT = ("pricing", "costmodel", "report", "commands", "pages", "addresses")
SOURCES = (*PRODUCT, "tests", "benchmarks", "scripts", "deploy")


def project_files() -> list[Path]:
    """Every Python file of the project, relative to its root."""
    found = [*ROOT.glob("*.py"), *(file for folder in SOURCES for file in (ROOT / folder).rglob("*.py"))]
    return sorted(file.relative_to(ROOT) for file in found)


def product_files() -> list[Path]:
    """The files that are the product itself: its rooms and its entry points."""
    return [file for file in project_files() if room_of(file) in MAY_IMPORT]


def room_of(file: Path) -> str:
    return file.parts[0].removesuffix(".py")


def tree(file: Path) -> ast.Module:
    return ast.parse((ROOT / file).read_text(encoding="utf-8"), filename=str(file))


def imports(module: ast.Module, file: Path) -> Iterator[str]:
    """Full dotted name of everything a file imports, wherever and however it does so."""
    for node in ast.walk(module):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=source, names=names, level=level):
                above = file.parts[: len(file.parts) - level] if level else ()
                origin = ".".join([*above, *([source] if source else [])])
                yield from (f"{origin}.{name.name}" if origin else name.name for name in names)
            case ast.Call(
                func=ast.Name(id="__import__" | "import_module") | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield name


def inside(name: str, package: str) -> bool:
    """Whether a dotted name is the package or something in it."""
    return name == package or name.startswith(f"{package}.")


def wrong_arrows(module: ast.Module, file: Path) -> list[str]:
    """Imports that run uphill."""
    allowed = MAY_IMPORT[room_of(file)]
    return [
        name for name in imports(module, file) if (room := name.split(".")[0]) in MAY_IMPORT and room not in allowed
    ]


def strangers(module: ast.Module, file: Path) -> list[str]:
    """Imports of libraries that live elsewhere."""
    return [
        name
        for name in imports(module, file)
        for library, homes in LIVES_IN.items()
        if inside(name, library) and not file.as_posix().startswith(homes)
    ]


def broad_excepts(module: ast.Module) -> list[int]:
    """Lines that would swallow a mistake of ours along with the error they expect."""
    lines = []
    for node in ast.walk(module):
        match node:
            case ast.ExceptHandler(type=None):
                lines.append(node.lineno)
            case ast.ExceptHandler(type=ast.expr() as caught) if names_everything(caught):
                lines.append(node.lineno)
            case ast.Call(func=ast.Name(id="suppress") | ast.Attribute(attr="suppress"), args=several):
                lines.extend(caught.lineno for caught in several if names_everything(caught))
    return lines


def names_everything(caught: ast.expr) -> bool:
    match caught:
        case ast.Name(id="Exception" | "BaseException") | ast.Attribute(attr="Exception" | "BaseException"):
            return True
        case ast.Tuple(elts=several):
            return any(map(names_everything, several))
    return False


def oracle_secrets(module: ast.Module, file: Path = Path("tests/oracle/one.py")) -> list[str]:
    """What the oracle takes from the model it is there to check; only the assumptions are allowed."""
    names = imports(module, file)
    return [name for name in names if inside(name, "costmodel") and not inside(name, "costmodel.scenario")]


def faults(check, files: list[Path]) -> dict[str, list]:
    """File -> what is wrong in it, for the files in which something is."""
    found = {file.as_posix(): check(file) for file in files}
    return {file: wrong for file, wrong in found.items() if wrong}


# The house


def test_imports_run_downhill_only():
    uphill = faults(lambda file: wrong_arrows(tree(file), file), product_files())

    assert uphill == {}


def test_each_library_stays_in_its_room():
    astray = faults(lambda file: strangers(tree(file), file), product_files())

    assert astray == {}


def test_no_file_catches_every_exception():
    broad = faults(lambda file: broad_excepts(tree(file)), project_files())

    assert broad == {}


def test_the_oracle_takes_only_the_assumptions_from_the_model():
    parts = sorted(path.relative_to(ROOT) for path in (ROOT / "tests/oracle").glob("*.py"))
    secrets = faults(lambda file: oracle_secrets(tree(file), file), parts)

    assert parts
    assert secrets == {}


# The rules themselves: each pair is one step on either side of the line


@pytest.mark.parametrize(
    ("file", "source", "uphill"),
    [
        ("pricing/book.py", "from costmodel.inputs import Inputs", ["costmodel.inputs.Inputs"]),
        ("costmodel/inputs.py", "from pricing.book import Price", []),
        ("costmodel/rag.py", "import report.text as words", ["report.text"]),
        ("report/text.py", "import costmodel.crossover", []),
        ("report/memo.py", "from pages.ui import layout", ["pages.ui.layout"]),
        ("pages/2_Prices.py", "from report import charts", []),
        ("pages/ui/state.py", "import app", ["app"]),
        ("cli.py", "from pages.ui.cached import results", ["pages.ui.cached.results"]),
        ("costmodel/rag.py", "from . import components", []),
        ("costmodel/rag.py", "from ..report import text", ["report.text"]),
        ("costmodel/rag.py", "def late():\n    import report", ["report"]),
        ("costmodel/rag.py", "import importlib\nimportlib.import_module('report.text')", ["report.text"]),
        ("costmodel/rag.py", "import reportlab", []),
    ],
)
def test_an_uphill_import_is_seen_however_it_is_written(file, source, uphill):
    found = wrong_arrows(ast.parse(source), Path(file))

    assert found == uphill


@pytest.mark.parametrize(
    ("file", "source", "astray"),
    [
        ("app.py", "import streamlit as st", []),
        ("pages/ui/layout.py", "import streamlit as st", []),
        ("report/charts.py", "import streamlit as st", ["streamlit"]),
        ("cli.py", "from streamlit.testing.v1 import AppTest", ["streamlit.testing.v1.AppTest"]),
        ("report/charts.py", "import altair as alt", []),
        ("pages/1_Volume.py", "import altair as alt", ["altair"]),
        ("costmodel/tokens.py", "import tiktoken", []),
        ("costmodel/components.py", "import tiktoken", ["tiktoken"]),
        ("pricing/catalog.py", "from genai_prices import calc_price", []),
        ("costmodel/inputs.py", "from genai_prices import calc_price", ["genai_prices.calc_price"]),
    ],
)
def test_a_library_outside_its_room_is_seen(file, source, astray):
    found = strangers(ast.parse(source), Path(file))

    assert found == astray


@pytest.mark.parametrize(
    ("handler", "lines"),
    [
        ("except:", [3]),
        ("except Exception:", [3]),
        ("except (ValueError, BaseException) as error:", [3]),
        ("except builtins.Exception:", [3]),
        ("except ValueError:", []),
        ("except (KeyError, ValueError):", []),
    ],
)
def test_a_broad_except_is_seen(handler, lines):
    found = broad_excepts(ast.parse(f"try:\n    work()\n{handler}\n    pass"))

    assert found == lines


def test_suppressing_everything_is_a_broad_except():
    found = broad_excepts(ast.parse("with contextlib.suppress(Exception):\n    work()"))

    assert found == [1]


@pytest.mark.parametrize(
    ("source", "secrets"),
    [
        ("from costmodel.scenario import Scenario", []),
        ("from costmodel import scenario", []),
        ("from costmodel import components", ["costmodel.components"]),
        ("import costmodel", ["costmodel"]),
        ("from costmodel.scenario_tools import guess", ["costmodel.scenario_tools.guess"]),
        ("from pricing.book import PriceBook", []),
    ],
)
def test_an_oracle_that_copies_the_model_is_seen(source, secrets):
    found = oracle_secrets(ast.parse(source))

    assert found == secrets
