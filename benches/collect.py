"""How fast is the door's reading and judging? Ratios against a bare decode, in one run.

python benches/collect.py [ROUNDS]
"""

from __future__ import annotations

import base64
import gzip
import json
import random
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import msgspec

from hotspring.collect import Judge, SourceFacts
from hotspring.delivery import columns_of
from hotspring.settings import Settings

EVENTS = 100
NOW = 1_795_336_100_000
LIMIT = 10 << 20
NAMES = [f"Event {n}" for n in range(19)] + ["Order Completed"]


class _Call(msgspec.Struct, rename="camel", gc=False):
    type: str
    event: str
    message_id: str
    user_id: str
    timestamp: str
    properties: msgspec.Raw
    context: msgspec.Raw


class _Body(msgspec.Struct):
    batch: list[_Call]


def call(chance: random.Random) -> dict[str, Any]:
    """A track call of about 430 bytes."""
    name = chance.choice(NAMES)
    clock = f"{chance.randrange(20, 28)}:{chance.randrange(10, 60)}.{chance.randrange(100, 1000)}"
    made = {
        "type": "track",
        "event": name,
        "messageId": str(uuid.UUID(int=chance.getrandbits(128))),
        "userId": f"user-{chance.randrange(10**6):07}",
        "timestamp": f"2026-11-22T08:{clock}Z",
        "properties": {
            "product_id": f"sku-{chance.randrange(1000)}",
            "name": "热泉 cup",
            "price": 12.5,
            "quantity": 2,
            "url": "https://shop.example/p/12345",
        },
        "context": {
            "library": {"name": "analytics-python", "version": "2.4.0"},
            "campaign": {"source": "wechat", "medium": "social"},
        },
    }
    if name == "Order Completed":
        made["properties"] |= {"revenue": 25.0, "currency": "CNY"}
    return made


def best(call: Callable[[], Any], rounds: int) -> float:
    """Microseconds per event in the fastest of many rounds."""
    took = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        took.append(time.perf_counter() - start)
    return min(took) / EVENTS * 1e6


def main() -> None:
    """Print the figures."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    chance = random.Random(1)
    bodies = [
        json.dumps(
            {"batch": [call(chance) for _ in range(EVENTS)], "sentAt": "2026-11-22T08:28:20Z"},
            ensure_ascii=False,
            separators=(",", ":"),
        ).encode()
        for _ in range(50)
    ]
    judge, source = Judge(Settings()), SourceFacts("shop")
    segment, sensors = judge.protocols["/v1/batch"], judge.protocols["/sa"]
    bare = msgspec.json.Decoder(_Body).decode
    pick = iter(lambda: chance.choice(bodies), None)

    def read(body: bytes) -> Any:
        envelope = segment.decode("/v1/batch", b"", {}, body, LIMIT)
        return judge.columns(envelope, source, NOW)

    def long_way(body: bytes) -> Any:
        envelope = segment.decode("/v1/batch", b"", {}, body, LIMIT)
        return columns_of(judge.judge(envelope, source, NOW)[0])

    records = [
        {"type": "track", "event": "A", "time": NOW, "distinct_id": f"u-{n}", "_track_id": n,
         "properties": {"$lib": "MiniProgram", "price": 3, "name": "热泉"}}
        for n in range(EVENTS)
    ]  # fmt: skip
    packed = base64.b64encode(gzip.compress(json.dumps(records).encode()))
    form = b"data_list=" + quote(packed, safe="").encode() + b"&gzip=1"

    decode_only = best(lambda: bare(next(pick)), rounds)
    whole = best(lambda: read(next(pick)), rounds)
    general = best(lambda: long_way(next(pick)), rounds // 4)
    zipped = [gzip.compress(body) for body in bodies]
    unzipped = best(lambda: read(chance.choice(zipped)), rounds)
    broken = bodies[0].replace(b'"price":12.5', b'"price":NaN', 1)
    mended = best(lambda: read(broken), rounds // 10)
    told = best(
        lambda: judge.judge(sensors.decode("/sa", b"", {}, form, LIMIT), source, NOW), rounds // 10
    )
    print(f"{len(bodies[0]) / EVENTS:.0f} bytes an event, {EVENTS} events a body; µs per event:")
    for name, took in (
        ("bare typed decode", decode_only),
        ("decoded, judged, in columns", whole),
        ("the same, an event at a time", general),
        ("the same, gzipped", unzipped),
        ("one event of the body broken", mended),
        ("Sensors records", told),
    ):
        print(f"  {name:30} {took:6.2f}   {took / decode_only:5.1f} x")


if __name__ == "__main__":
    main()
