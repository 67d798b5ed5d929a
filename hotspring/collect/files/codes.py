"""Numbers in the place of a column's values, so that each distinct value is read only once."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

MOST: Final = 1_000_000
"""Distinct values of a column that are numbered; with more it is kept as it is."""
MOST_BYTES: Final = 32 << 20
"""Of their texts."""
TRIED: Final = 200_000
"""Rows after which a column that hardly repeats is kept as it is."""
MISSING: Final = pa.array(
    ["", "NULL", "null", "NaN", "nan", "NaT", "<NA>", "(null)", r"\N", "#N/A"], pa.string()
)
"""Texts by which systems say that a cell is empty."""

Numbers = np.ndarray[Any, np.dtype[np.int32]]


class Codes:
    """The distinct values of one column, numbered from 1 on as they come; 0 is a missing one."""

    def __init__(self, kind: pa.DataType) -> None:
        self.kind = kind
        self._numbers: dict[Any, int] = {}
        self._rows = 0
        self._bytes = 0

    def encode(self, column: pa.Array) -> Numbers:
        """The numbers of these cells. Texts are taken without the blanks around them."""
        encoded = pc.dictionary_encode(column)
        cells = _plain(trimmed(encoded.dictionary))
        numbers, before = self._numbers, len(self._numbers)
        own = np.fromiter(
            (0 if cell is None else numbers.setdefault(cell, len(numbers) + 1) for cell in cells),
            np.int32,
            len(cells),
        )
        if is_text(self.kind) and len(numbers) > before:
            self._bytes += encoded.dictionary.nbytes
        self._rows += len(column)
        own = np.append(own, np.int32(0))
        places = pc.fill_null(encoded.indices, len(cells)).to_numpy(zero_copy_only=False)
        numbered: Numbers = own[places]
        return numbered

    @property
    def pays(self) -> bool:
        """Do values repeat, and are they few enough to be held?"""
        count = len(self._numbers)
        few = count <= MOST and self._bytes <= MOST_BYTES
        return few and (self._rows < TRIED or count * 2 < self._rows)

    def values(self) -> pa.Array:
        """The values by their number; the first is null."""
        cells = list(self._numbers)
        if is_text(self.kind):
            return pa.array([None, *cells], self.kind)
        whole = np.array([0, *cells], _bits(self.kind))
        none = np.arange(len(whole)) == 0
        return pa.array(whole, mask=none).view(self.kind)


def codable(kind: pa.DataType) -> bool:
    """Can values of this type be numbered?"""
    t = pa.types
    fixed = t.is_integer(kind) or t.is_float32(kind) or t.is_float64(kind) or t.is_timestamp(kind)
    return is_text(kind) or bool(fixed)


def is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def trimmed(column: pa.Array) -> pa.Array:
    """Texts without blanks around them, null where they only say that there is nothing.

    Of numbers there is one zero, whatever its sign.
    """
    if pa.types.is_float32(column.type) or pa.types.is_float64(column.type):
        return pc.add(column, pa.scalar(0, column.type))
    if not is_text(column.type):
        return column
    text = pc.utf8_trim_whitespace(column)
    nothing = pc.is_in(text, value_set=MISSING.cast(text.type))
    return pc.if_else(nothing, None, text) if nothing.true_count else text


def _plain(values: pa.Array) -> list[Any]:
    """Values that Python compares as their bits do."""
    if is_text(values.type):
        return list(values.to_pylist())
    bits = pa.from_numpy_dtype(_bits(values.type))
    return list(values.view(bits).to_pylist())


def _bits(kind: pa.DataType) -> np.dtype[Any]:
    if pa.types.is_integer(kind):
        whole: np.dtype[Any] = np.dtype(kind.to_pandas_dtype())
        return whole
    return np.dtype(np.int32 if pa.types.is_float32(kind) else np.int64)
