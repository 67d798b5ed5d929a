"""Rows as an Excel workbook or a Parquet file: made in a file of its own, then sent."""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any, Final
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.parquet as pq
from fastapi.responses import StreamingResponse

from hotspring.errors import BadRequest
from hotspring.web.api.sheets import Rows, inert

MEDIA: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
MOST_LINES: Final = 1_048_576
"""Of one sheet, its heading included: more no spreadsheet opens."""
LONGEST: Final = 32_767
"""Characters of a cell."""
PIECE: Final = 1 << 20
KINDS: Final = {"temperature": pa.float64(), "known": pa.bool_()}
"""Columns of Parquet that are no texts."""
_PART: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_NAMES: Final = "http://schemas.openxmlformats.org"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PARTS: Final = {
    "[Content_Types].xml": f"""<Types xmlns="{_NAMES}/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{_PART}.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_PART}.worksheet+xml"/></Types>""",
    "_rels/.rels": f"""<Relationships xmlns="{_NAMES}/package/2006/relationships">
<Relationship Id="rId1" Target="xl/workbook.xml"
 Type="{_NAMES}/officeDocument/2006/relationships/officeDocument"/></Relationships>""",
    "xl/workbook.xml": f"""<workbook xmlns="{_NAMES}/spreadsheetml/2006/main"
 xmlns:r="{_NAMES}/officeDocument/2006/relationships">
<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>""",
    "xl/_rels/workbook.xml.rels": f"""<Relationships xmlns="{_NAMES}/package/2006/relationships">
<Relationship Id="rId1" Target="worksheets/sheet1.xml"
 Type="{_NAMES}/officeDocument/2006/relationships/worksheet"/></Relationships>""",
}
"""All of a workbook but its one sheet (ECMA-376, part 1, 18.3)."""
_UNSAID: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot say."""


def book(
    portions: Rows,
    form: str,
    name: str,
    columns: Sequence[str],
    cells: Callable[[dict[str, Any]], dict[str, Any]],
) -> StreamingResponse:
    """The rows as a file called `name`, whole before the first of it is sent."""
    write = _workbook if form == "xlsx" else _parquet
    return _file(lambda out: write(out, portions, columns, cells), form, name)


def relation(table: pa.Table, name: str) -> StreamingResponse:
    """A table as a Parquet file called `name`, with the types that it has."""
    return _file(lambda out: pq.write_table(table, out, compression="zstd"), "parquet", name)


def _file(write: Callable[[IO[bytes]], None], form: str, name: str) -> StreamingResponse:
    out = tempfile.TemporaryFile()  # noqa: SIM115 - closed by who sends it
    try:
        write(out)
    except BaseException:
        out.close()
        raise
    out.seek(0)
    called = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return StreamingResponse(_sent(out), media_type=MEDIA[form], headers=called)


def _sent(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


def _workbook(out: IO[bytes], portions: Rows, columns: Sequence[str], cells: Any) -> None:
    lines = 1
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for place, text in PARTS.items():
            archive.writestr(place, _HEAD + text)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            begin = f'<worksheet xmlns="{_NAMES}/spreadsheetml/2006/main"><sheetData>'
            sheet.write((_HEAD + begin + _line(columns)).encode())
            for rows in portions:
                lines += len(rows)
                if lines > MOST_LINES:
                    raise BadRequest(
                        f"a workbook holds {MOST_LINES - 1:,} rows at most; take CSV or Parquet"
                    )
                told = (cells(row) for row in rows)
                sheet.write("".join(_line([one[c] for c in columns]) for one in told).encode())
            sheet.write(b"</sheetData></worksheet>")


def _line(values: Sequence[Any]) -> str:
    return f"<row>{''.join(_cell(value) for value in values)}</row>"


def _cell(value: Any) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f"<c><v>{value}</v></c>"
    text = escape(_UNSAID.sub("", str(inert(value)))[:LONGEST])
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _parquet(out: IO[bytes], portions: Rows, columns: Sequence[str], cells: Any) -> None:
    schema = pa.schema([(name, KINDS.get(name, pa.string())) for name in columns])
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        for rows in portions:
            told = [cells(row) for row in rows]
            writer.write_table(pa.Table.from_pylist(told, schema))
