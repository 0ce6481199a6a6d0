"""How a field of the scenario is declared: its type, limits, unit, words and source, in one place.

The form, the link, the command line, the report and the docs read these declarations; nothing repeats them.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.fields import FieldInfo

MAX_TEXT = 200


def _whole(value: object) -> object:
    """24.0 is a whole number in a JSON file; 24.5 and "24" are refused by the field itself."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


Whole = Annotated[int, BeforeValidator(_whole)]


def _facts(unit: str, label: str, help_: str, source: str) -> dict[str, Any]:
    return {"unit": unit, "label": label, "help": help_, "source": source}


def number(
    default: float | None,
    low: float,
    high: float,
    unit: str,
    label: str,
    help_: str = "",
    *,
    source: str = "",
) -> Any:
    """A numeric field [unit] with inclusive limits."""
    return Field(
        default=default,
        ge=low,
        le=high,
        allow_inf_nan=False,
        strict=True,
        json_schema_extra=_facts(unit, label, help_, source),
    )


def flag(default: bool, label: str, help_: str = "") -> Any:
    """A yes/no field."""
    return Field(default=default, strict=True, json_schema_extra=_facts("", label, help_, ""))


def choice(default: Any, label: str, help_: str = "", *, source: str = "") -> Any:
    """A field whose values are a closed list (given by its type)."""
    return Field(default=default, json_schema_extra=_facts("", label, help_, source))


def reference(label: str, help_: str, meters: tuple[str, ...]) -> Any:
    """A reference `provider/item` to a plan of the price book that has all `meters`; null = none."""
    facts = _facts("", label, help_, "") | {"meters": list(meters)}
    return Field(default=None, min_length=3, max_length=MAX_TEXT, pattern=r"^[^/\s][^/]*/.+$", json_schema_extra=facts)


def unique(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """The values, if each is named once; ValueError if not."""
    if len(set(values)) != len(values):
        raise ValueError("names something twice; name each once")
    return values


class Group(BaseModel):
    """A group of fields: immutable, nothing unknown accepted, numbers never guessed from text."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=False)


Kind = Literal["number", "whole", "flag", "choice", "reference", "text", "list"]


@dataclass(frozen=True)
class FieldFacts:
    """What is declared about one field; `low` and `high` are inclusive, `options` is the closed list of a choice."""

    path: str
    kind: Kind
    default: Any
    label: str
    unit: str
    help: str
    source: str
    low: float | None
    high: float | None
    nullable: bool
    options: tuple[str, ...]
    meters: tuple[str, ...]

    @property
    def group(self) -> str:
        """First part of the path."""
        return self.path.split(".")[0]

    @property
    def numeric(self) -> bool:
        """Whether a lever, a range or a driver can be put on it."""
        return self.kind in ("number", "whole")


def _unwrapped(annotation: Any) -> tuple[Any, bool]:
    """The annotation without None and without Annotated, and whether None was allowed."""
    if get_origin(annotation) is Annotated:
        return _unwrapped(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        parts = [part for part in get_args(annotation) if part is not type(None)]
        return _unwrapped(parts[0])[0], len(parts) < len(get_args(annotation))
    return annotation, False


def _limit(field: FieldInfo, name: str) -> float | None:
    for item in field.metadata:
        if hasattr(item, name):
            return float(getattr(item, name))
    return None


def _kind(annotation: Any, extra: dict[str, Any]) -> Kind:
    if "meters" in extra:
        return "reference"
    kinds: dict[Any, Kind] = {float: "number", int: "whole", bool: "flag", str: "text"}
    if get_origin(annotation) is Literal:
        return "choice"
    return kinds.get(annotation, "list")


def _is_group(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Group)


def describe(model: type[BaseModel], prefix: str = "") -> dict[str, FieldFacts]:
    """Facts of every declared field of `model` and of the groups in it, by path."""
    found: dict[str, FieldFacts] = {}
    for name, field in model.model_fields.items():
        path = f"{prefix}{name}"
        annotation, nullable = _unwrapped(field.annotation)
        extra = field.json_schema_extra
        if isinstance(extra, dict):
            found[path] = FieldFacts(
                path=path,
                kind=_kind(annotation, extra),
                default=field.default,
                label=str(extra["label"]),
                unit=str(extra["unit"]),
                help=str(extra["help"]),
                source=str(extra["source"]),
                low=_limit(field, "ge"),
                high=_limit(field, "le"),
                nullable=nullable,
                options=tuple(get_args(annotation)) if get_origin(annotation) is Literal else (),
                meters=tuple(str(meter) for meter in extra.get("meters", ())),  # type: ignore[union-attr]
            )
        elif _is_group(annotation):
            found |= describe(annotation, f"{path}.")
    return found


def value_at(model: BaseModel, path: str) -> Any:
    """The value at `path` (`group.name`); None below a group that is null."""
    value: Any = model
    for name in path.split("."):
        value = None if value is None else getattr(value, name)
    return value
