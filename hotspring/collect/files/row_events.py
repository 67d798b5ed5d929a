"""Files whose every row is one event: what the presets `events` and `profiles` share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from hotspring.collect.files.preset import PLACES, Terms, event, identified, located, value
from hotspring.collect.files.stage import Stage
from hotspring.event import Event

PLACE_NAMES: Final = tuple(f.name for f in PLACES)


def judge_rows(
    stage: Stage, terms: Terms, facts: Mapping[str, str], reasons: str, body: str
) -> None:
    """Writes the table `lines`: `facts` are SQL by name, `reasons` what may speak against a row.

    `body` names the fact that holds the JSON; a row whose body is larger than an event may be is
    refused.
    """
    joins, count, no_identifier = identified(stage, terms)
    typed = [
        f"{no_identifier} as identity_reason",
        *(f"i{n}.text as id{n}" for n in range(count)),
        *(f"{sql} as {name}" for name, sql in facts.items()),
        *(f"({value(stage, terms, name)})::varchar as {name}" for name in PLACE_NAMES),
        f"{stage.digest()} as digest",
    ]
    limit = terms.settings.max_event_kilobytes * 1024
    stage.con.execute(f"""
        create table lines as
        with typed as (select row, {", ".join(typed)} from cells {joins})
        select *, case when identity_reason is not null then identity_reason {reasons}
            when strlen({body}) > {limit} then 'event too large' end as reason
        from typed
    """)
    texts = ", ".join(f"id{n}" for n in range(count)) or "null as id0"
    stage.con.execute(f"create view who as select {texts} from lines where reason is null")
    # Equal rows are distinct events; which of them is which does not matter, they are equal.
    stage.con.execute("""
        create table repeats as
        select row, row_number() over (partition by digest order by row) - 1 as occurrence
        from lines where reason is null and digest in (
            select digest from lines where reason is null group by digest having count(*) > 1)
    """)


def row_events(
    stage: Stage, terms: Terms, size: int, kind: str, prefix: str
) -> Iterator[list[Event]]:
    """The events of judged rows, in the order of the file."""
    count = len(terms.columns.identifiers())
    ids = "".join(f"l.id{n}, " for n in range(count))
    rows = stage.con.cursor().execute(f"""
        select l.digest, coalesce(r.occurrence, 0) as occurrence, l.message_id, l.name, l.ms,
            l.dated, l.properties, l.traits, l.amount::double as amount, l.currency,
            {", ".join(f"l.{name}" for name in PLACE_NAMES)}, {ids} l.row
        from lines l left join repeats r on l.row = r.row
        where l.reason is null order by l.row
    """)
    for batch in rows.to_arrow_reader(size):
        columns = [column.to_pylist() for column in batch.columns]
        facts = zip(*columns[:10], strict=True)
        places = list(zip(*columns[10 : 10 + len(PLACE_NAMES)], strict=True))
        people = list(zip(*columns[10 + len(PLACE_NAMES) : -1], strict=True))
        portion = []
        for n, (digest, nth, own, name, ms, dated, properties, traits, amount, cur) in enumerate(
            facts
        ):
            place = {k: v for k, v in zip(PLACE_NAMES, places[n], strict=True) if v}
            portion.append(
                event(
                    own or f"{prefix}:{digest}" + (f":{nth}" if nth else ""),
                    name,
                    terms.now_ms if ms is None else ms,
                    tuple(text for text in people[n] if text),
                    kind=kind,
                    properties=properties,
                    traits=traits,
                    amount=amount,
                    currency=cur or "",
                    place=located(terms, place),
                    dated=dated,
                )
            )
        yield portion
