"""Numbers as people type them: a decimal point and nothing else, so that none is read as another one."""

from __future__ import annotations

import re
from typing import Final

_NUMBER: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?")
_GROUPED: Final = re.compile(
    r"([+-]?)([0-9]{1,3}(?:([ ,.'_\u00a0\u2009\u202f\u2019])[0-9]{3})(?:\3[0-9]{3})*)([.,][0-9]+)?"
)
_DECIMAL_COMMA: Final = re.compile(r"([+-]?[0-9]*),([0-9]+)")


def number(text: str) -> float:
    """The number that a text says, blanks at its ends aside: 1200, 0.15, .5, 1e-7.

    Raises ValueError with the way out: "1,5" has a decimal comma, "1,200" may be 1.2 or 1200.
    """
    typed = text.strip()
    if _NUMBER.fullmatch(typed):
        return float(typed)
    shown = repr(typed if len(typed) <= 40 else f"{typed[:37]}...")
    grouped, comma = _GROUPED.fullmatch(typed), _DECIMAL_COMMA.fullmatch(typed)
    if comma and not (grouped and not grouped[4] and not typed.lstrip("+-").startswith("0")):
        raise ValueError(f"{shown} has a decimal comma; write {comma[1] or '0'}.{comma[2]}")
    if grouped:
        digits = re.sub(r"[^0-9]", "", grouped[2])
        whole = f"{grouped[1]}{digits}{(grouped[4] or '').replace(',', '.')}"
        if comma:
            raise ValueError(f"{shown} can be read two ways; write {comma[1]}.{comma[2]} or {whole}")
        raise ValueError(f"{shown} has thousands separators; write {whole}")
    raise ValueError(f"{shown} is not a number; write digits and a decimal point only, e.g. 1200 or 0.15")
