"""Links, files and uploads are data: nothing in the product evaluates, unpickles or hands to a shell what comes in."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_architecture import faults, imports, inside, product_files, tree

RUNS = ("eval", "exec", "compile", "__import__", "breakpoint")
UNPACKS = ("pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "yaml", "jsonpickle")
PARSERS = ("xml", "xmlrpc")
"""Of the standard library; they expand entities."""
SHELLS = ("system", "popen", "getoutput", "getstatusoutput", "spawnl", "spawnv", "execv", "execl")
READS = ("read_pickle", "to_pickle", "read_xml", "loadtxt", "genfromtxt", "fromfile")
OF_TEXT = ("eval", "query")
"""Methods of tables that run a text: it is a constant of ours."""
OWN_LANGUAGE = "costmodel/expressions.py"
"""The figures of published examples have a language of their own, which is not Python's."""


def runs_data(module: ast.Module, file: Path) -> list[str]:
    """What in a file could run what it was handed."""
    found = [name for name in imports(module, file) if any(inside(name, each) for each in (*UNPACKS, *PARSERS))]
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            found += _in_call(node, file)
    return found


def _in_call(call: ast.Call, file: Path) -> Iterator[str]:
    match call.func:
        case ast.Name(id=name) if name in RUNS:
            yield name
        case ast.Attribute(attr=name) if name in (*SHELLS, *READS):
            yield name
        case ast.Attribute(value=ast.Name(id="builtins"), attr=name):
            yield name
        case ast.Attribute(attr=name) if name in OF_TEXT and file.as_posix() != OWN_LANGUAGE:
            texts = [*call.args, *(each.value for each in call.keywords)]
            yield from (name for text in texts if not isinstance(text, ast.Constant))
    for keyword in call.keywords:
        on = not (isinstance(keyword.value, ast.Constant) and keyword.value.value in (False, None))
        if keyword.arg in ("shell", "allow_pickle", "resolve_entities", "huge_tree", "unsafe_allow_javascript") and on:
            yield f"{keyword.arg}="


def test_nothing_in_the_product_runs_what_it_is_handed():
    assert faults(lambda file: runs_data(tree(file), file), product_files()) == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("eval(text)", ["eval"]),
        ("re.compile(text)", []),
        ("compile(text, 'x', 'exec')", ["compile"]),
        ("import pickle\npickle.loads(data)", ["pickle"]),
        ("from yaml import load", ["yaml.load"]),
        ("def late():\n    import shelve", ["shelve"]),
        ("from xml.etree import ElementTree", ["xml.etree.ElementTree"]),
        ("from lxml import etree", []),
        ("subprocess.run(text, shell=True)", ["shell="]),
        ("subprocess.run(words, shell=wanted)", ["shell="]),
        ("subprocess.run(words, shell=False)", []),
        ("os.system(text)", ["system"]),
        ("np.load(file, allow_pickle=True)", ["allow_pickle="]),
        ("pd.read_pickle(file)", ["read_pickle"]),
        ("builtins.exec(text)", ["exec"]),
        ("table.query('usd != 0')", []),
        ("table.query(words)", ["query"]),
        ("table.eval(f'{name} > 0')", ["eval"]),
        ("state.query()", []),
        ("json.loads(text)", []),
        ("etree.XMLParser(resolve_entities=True)", ["resolve_entities="]),
    ],
)
def test_what_would_run_it_is_seen(source, found):
    assert runs_data(ast.parse(source), Path("costmodel/one.py")) == found


def test_the_language_of_published_figures_has_a_room_of_its_own():
    assert runs_data(ast.parse("walker.eval(text)"), Path(OWN_LANGUAGE)) == []
    assert runs_data(ast.parse("eval(text)"), Path(OWN_LANGUAGE)) == ["eval"]
