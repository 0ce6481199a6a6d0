"""Arithmetic written in data files, evaluated safely: given names, a closed list of functions, nothing else.

An expression is checked in full before any of it is computed, node by node against a list of what is allowed.
`simpleeval` then walks it; it is given operators and functions that take numbers only.
"""

from __future__ import annotations

import ast
import math
import operator
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import simpleeval  # type: ignore[import-untyped]

MAX_LENGTH: Final = 1_000
FORGIVEN: Final = 1e-9
"""floor and ceil forgive this much, so that 3.0000000001 is 3."""

Function = Callable[..., Any]

_OPERATORS: Final[Mapping[type[ast.AST], Function]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: math.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_ALLOWED: Final = (
    ast.Expression,
    ast.BinOp,
    ast.UnaryOp,
    ast.Compare,
    ast.Call,
    ast.keyword,
    ast.Name,
    ast.Attribute,
    ast.Subscript,
    ast.List,
    ast.Constant,
    ast.Load,
    *_OPERATORS,
)

CONSTANTS: Final[Mapping[str, float]] = MappingProxyType(
    {
        "thousand": 1e3,
        "million": 1e6,
        "billion": 1e9,
        "GB": 1e9,
        "GiB": 2.0**30,
        "hours_per_day": 24.0,
        "hours_per_year": 8760.0,
        "days_per_year": 365.0,
        "weeks_per_year": 52.0,
        "months_per_year": 12.0,
    }
)
"""Numbers for unit conversions that every expression may name; GB and GiB are bytes."""


class ExpressionError(ValueError):
    """An expression that cannot be read or computed; the message says why and what to do instead."""


class Tree:
    """Numbers by name and position: all that an expression can look into.

    `read` turns what is found at a path into the number that the expression gets (or refuses it).
    """

    __slots__ = ("_at", "_path", "_read")

    def __init__(self, at: Any, path: str, read: Callable[[str, Any], float]) -> None:
        self._at, self._path, self._read = at, path, read

    def __getitem__(self, key: Any) -> Any:
        """What stands under a name (of an object) or at a position (of a list, from 0; -1 is the last)."""
        at = self._at
        if isinstance(at, Mapping):
            name = str(int(key)) if isinstance(key, int | float) and key == int(key) else key
            if name not in at:
                raise ExpressionError(f"{self._path} has no {name!r}; it has {_listed(at)}")
            return self._found(at[name], f"{self._path}.{name}")
        if not isinstance(key, int | float) or key != int(key):
            raise ExpressionError(f"{self._path} is a list; {key!r} is no position in it, the first is [0]")
        if not -len(at) <= key < len(at):
            raise ExpressionError(f"{self._path}[{int(key)}] is beyond the list; its last value is [{len(at) - 1}]")
        return self._found(at[int(key)], f"{self._path}[{int(key)}]")

    def __iter__(self) -> Iterator[Any]:
        """The values, in order."""
        keys = self._at if isinstance(self._at, Mapping) else range(len(self._at))
        return (self[key] for key in keys)

    def _found(self, value: Any, path: str) -> Any:
        return Tree(value, path, self._read) if isinstance(value, Mapping | list | tuple) else self._read(path, value)


def number_at(path: str, value: Any) -> float:
    """The number that stands at a path; ExpressionError when something else does."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ExpressionError(f"{path} is {'empty' if value is None else repr(value)[:40]}, not a number")
    return float(value)


def _listed(names: Iterable[str]) -> str:
    known = list(names)
    return ", ".join(known[:20]) + (", ..." if len(known) > 20 else "") if known else "nothing"


def numbers(values: Iterable[Any]) -> list[float]:
    """The numbers in values and in lists of values, in order."""
    found: list[float] = []
    for value in values:
        if isinstance(value, Tree | list):
            found += numbers(value)
        else:
            found.append(number_at("a value", value))
    return found


def _several(name: str, reduce: Callable[[list[float]], float]) -> Function:
    def of(*values: Any) -> float:
        found = numbers(values)
        if not found:
            raise ExpressionError(f"{name} needs at least one number")
        return reduce(found)

    return of


def _one(name: str, of: Callable[[float], float]) -> Function:
    def of_one(*values: Any) -> float:
        if len(values) != 1:
            raise ExpressionError(f"{name} takes one number, {len(values)} are given")
        return of(number_at(f"what {name} is given", values[0]))

    return of_one


def _round(value: Any, digits: Any = 0) -> float:
    return round(number_at("what round is given", value), int(number_at("digits", digits)))


FUNCTIONS: Final[Mapping[str, Function]] = MappingProxyType(
    {
        "abs": _one("abs", abs),
        "ceil": _one("ceil", lambda value: math.ceil(value - FORGIVEN)),
        "exp": _one("exp", math.exp),
        "floor": _one("floor", lambda value: math.floor(value + FORGIVEN)),
        "log": _one("log", math.log),
        "max": _several("max", max),
        "min": _several("min", min),
        "round": _round,
        "sqrt": _one("sqrt", math.sqrt),
        "sum": _several("sum", math.fsum),
    }
)
"""Functions of numbers that every expression may call."""


@dataclass(frozen=True)
class Expression:
    """A checked expression: which names it looks into and which functions it calls."""

    text: str
    body: ast.expr
    names: frozenset[str]
    calls: frozenset[str]

    def value(self, names: Mapping[str, Any], functions: Mapping[str, Function]) -> float | bool:
        """The number (or the truth of a comparison) that it comes to. ExpressionError when it comes to none."""
        walker = simpleeval.EvalWithCompoundTypes(
            operators={kind: _of_numbers(each) for kind, each in _OPERATORS.items()},
            functions={**FUNCTIONS, **functions},
            names={**CONSTANTS, **names},
            allowed_attrs={Tree: {node.attr for node in ast.walk(self.body) if isinstance(node, ast.Attribute)}},
        )
        try:
            found = walker.eval(self.text, previously_parsed=self.body)
            found = float(found) if type(found) is int else found
        except ExpressionError:
            raise
        except ZeroDivisionError:
            raise ExpressionError("divides by zero") from None
        except OverflowError:
            raise ExpressionError("comes to a number that is too large") from None
        except RecursionError:
            raise ExpressionError("is nested too deeply; write it in fewer brackets") from None
        except simpleeval.FeatureNotAvailable:
            raise ExpressionError("looks into a number; nothing stands inside it") from None
        except (TypeError, ValueError, simpleeval.InvalidExpression) as error:
            raise ExpressionError(f"cannot be computed ({' '.join(str(error).split())[:200]})") from None
        if isinstance(found, bool):
            return found
        if not isinstance(found, float):
            raise ExpressionError("comes to a list, not to a number; name one of its values, or use sum, min or max")
        if not math.isfinite(found):
            raise ExpressionError("comes to no finite number")
        return found


def _of_numbers(of: Function) -> Function:
    def checked(*values: Any) -> Any:
        for value in values:
            if not isinstance(value, int | float):
                raise ExpressionError("computes with a list; name one of its values, or use sum, min or max")
        return of(*values)

    return checked


def parsed(text: str, names: Iterable[str], functions: Iterable[str]) -> Expression:
    """The expression in `text`, which may look into `names` and call `functions` besides those of this file.

    Allowed: numbers, + - * / **, comparisons, brackets, names, `.name`, `[position]`, calls by name, lists, and
    quoted texts as what a function is given or a position is called. ExpressionError for anything else.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"has {len(text):,} characters, {MAX_LENGTH:,} are the limit; write it as two figures")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's advice on style, on standard error
            whole = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        reason = error.msg if isinstance(error, SyntaxError) else "nested too deeply, or not text"
        raise ExpressionError(f"is no arithmetic expression ({reason})") from None
    known = {*names, *CONSTANTS}
    callable_ = {*functions, *FUNCTIONS}
    called, read = set(), set()
    texts: set[int] = set()
    heads: set[int] = set()
    for node in ast.walk(whole):
        if not isinstance(node, _ALLOWED):
            raise ExpressionError(
                f"holds {_shown(text, node)}, which is not allowed; use numbers, + - * / **, comparisons, "
                "names and the functions of the list"
            )
        match node:
            case ast.Call(func=ast.Name(id=name) as head, args=given, keywords=named):
                if name not in callable_:
                    raise ExpressionError(f"calls {name!r}, which is no function; use {_listed(sorted(callable_))}")
                if any(each.arg is None for each in named):
                    raise ExpressionError(f"gives {name} its arguments by **; name them")
                called.add(name)
                heads.add(id(head))
                texts |= {id(each) for each in (*given, *(each.value for each in named))}
            case ast.Call():
                raise ExpressionError(f"calls {_shown(text, node.func)}; call a function by its name alone")
            case ast.Subscript(value=ast.Name() | ast.Attribute() | ast.Subscript(), slice=position):
                texts.add(id(position))
            case ast.Attribute(value=ast.Name() | ast.Attribute() | ast.Subscript(), attr=name):
                if name.startswith("_"):
                    raise ExpressionError(f"looks for {name!r}; names do not begin with _")
            case ast.Subscript() | ast.Attribute():
                raise ExpressionError(f"looks into {_shown(text, node.value)}; only names can be looked into")
            case ast.Name(id=name) if id(node) not in heads:
                if name not in known:
                    raise ExpressionError(f"reads {name!r}, which is not there; use {_listed(sorted(known))}")
                read.add(name)
            case ast.Constant(value=found) if type(found) not in (int, float, str):
                raise ExpressionError(f"holds {_shown(text, node)}, which is not a number")
            case ast.Constant(value=str()) if id(node) not in texts:
                raise ExpressionError(f"computes with the text {_shown(text, node)}; a text can only be an argument")
    return Expression(text, whole.body, frozenset(read), frozenset(called))


def _shown(text: str, node: ast.AST) -> str:
    piece = ast.get_source_segment(text.strip(), node) or type(node).__name__
    return repr(piece if len(piece) <= 40 else f"{piece[:37]}...")
