"""How the gateway is: `/healthz` for whoever restarts it, `/metrics` for whoever watches it.

Rules: nothing here says anything about a person, a device or a record: counts by office, durations by route,
the queue. The text is Prometheus' own format 0.0.4. Whoever may not see how busy an office is must be kept
from `/metrics` by the proxy in front; counts of requests and of judging processes are this worker's own,
those of tables everybody's.
"""

import json
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from xincai import clock
from xincai.errors import Problem
from xincai_gateway.gateway import Gateway, Traffic
from xincai_gateway.schema import batches, devices, outcomes, records

BOUNDS = (0.01, 0.05, 0.25, 1.0, 5.0, 30.0)
LITTLE = 1 << 30
"""Bytes of disk below which the gateway calls itself unwell."""
_Series = Mapping[tuple[str, ...], float]


@dataclass
class Durations:
    """How long requests took, by route and status."""

    counts: dict[tuple[str, str], list[int]] = field(
        default_factory=lambda: defaultdict(lambda: [0] * (len(BOUNDS) + 1))
    )
    sums: dict[tuple[str, str], float] = field(default_factory=lambda: defaultdict(float))

    def note(self, route: str, status: int, seconds: float) -> None:
        bucket = sum(seconds > bound for bound in BOUNDS)
        self.counts[route, str(status)][bucket] += 1
        self.sums[route, str(status)] += seconds

    def lines(self) -> Iterable[str]:
        yield "# HELP xincai_request_seconds Time from a request's head to the end of its answer."
        yield "# TYPE xincai_request_seconds histogram"
        for (route, status), counts in sorted(self.counts.items()):
            labels = f'route="{_quoted(route)}",status="{status}"'
            total = 0
            for bound, count in zip((*map(str, BOUNDS), "+Inf"), counts, strict=True):
                total += count
                yield f'xincai_request_seconds_bucket{{{labels},le="{bound}"}} {total}'
            yield f"xincai_request_seconds_count{{{labels}}} {total}"
            yield f"xincai_request_seconds_sum{{{labels}}} {self.sums[route, status]:.6f}"


class Timed:
    """Notes how long each request took until it was answered, under the route's pattern, never its path, and
    how many are being answered.
    """

    def __init__(self, app: ASGIApp, durations: Durations, traffic: Traffic) -> None:
        self._app = app
        self._durations = durations
        self._traffic = traffic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status, open_ = clock.monotonic(), 500, True
        self._traffic.begin()

        def answered() -> None:
            nonlocal open_
            if open_:
                open_ = False
                self._traffic.end()
                self._durations.note(_pattern(scope), status, clock.monotonic() - begun)

        async def receiving() -> Message:
            if not open_:
                return await receive()
            self._traffic.end()
            try:
                return await receive()
            finally:
                self._traffic.begin()

        async def answering(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                answered()

        try:
            await self._app(scope, receiving, answering)
        finally:
            answered()


def health(gateway: Gateway) -> tuple[bool, bytes]:
    """Whether database, depot and disk can take anything in; and what is wrong, as JSON."""
    told: dict[str, object] = {"database": "ok", "storage": "ok"}
    try:
        gateway.database.row(sa.select(sa.literal(1)))
    except Problem as problem:
        told["database"] = problem.code
    try:
        gateway.blobs.depot.check()
    except Problem as problem:
        told["storage"] = problem.code
    left = shutil.disk_usage(gateway.settings.folder).free
    told["disk_left"] = left
    well = told["database"] == told["storage"] == "ok" and left >= LITTLE
    return well, json.dumps({"well": well, **told}).encode()


def text(gateway: Gateway, durations: Durations, restarts: int) -> str:
    """Everything that is measured, in Prometheus' text format."""
    lines: list[str] = []

    def add(name: str, kind: str, help_text: str, labels: tuple[str, ...], series: _Series) -> None:
        lines.extend((f"# HELP {name} {help_text}", f"# TYPE {name} {kind}"))
        for values, number in sorted(series.items()):
            told = ",".join(
                f'{label}="{_quoted(value)}"' for label, value in zip(labels, values, strict=True)
            )
            lines.append(f"{name}{{{told}}} {number:g}" if told else f"{name} {number:g}")

    add(
        "xincai_batches", "gauge", "Batches in custody.", ("office",),
        _counts(gateway, sa.select(batches.c.office), batches.c.office),
    )  # fmt: skip
    add(
        "xincai_open_batches", "gauge", "Batches in custody that are not judged yet.", ("office",),
        _counts(gateway, sa.select(batches.c.office).where(batches.c.settled_at.is_(None)), batches.c.office),
    )  # fmt: skip
    add(
        "xincai_outcomes", "gauge", "Outcomes of records.", ("office", "status", "code"),
        _counts(
            gateway,
            sa.select(outcomes.c.office, outcomes.c.status, outcomes.c.code),
            outcomes.c.office, outcomes.c.status, outcomes.c.code,
        ),
    )  # fmt: skip
    add(
        "xincai_records", "gauge", "Accepted records, by whether the platform has read them.",
        ("office", "read_status"),
        _counts(
            gateway,
            sa.select(records.c.office, records.c.read_status), records.c.office, records.c.read_status,
        ),
    )  # fmt: skip
    add(
        "xincai_devices", "gauge", "Devices that may deliver.", ("office",),
        _counts(gateway, sa.select(devices.c.office).where(devices.c.revoked_at.is_(None)), devices.c.office),
    )  # fmt: skip
    add(
        "xincai_judging_restarts_total", "counter", "Judging processes of this worker that died.", (),
        {(): restarts},
    )  # fmt: skip
    left = float(shutil.disk_usage(gateway.settings.folder).free)
    add("xincai_disk_left_bytes", "gauge", "Free space where the data folder stands.", (), {(): left})
    return "\n".join([*lines, *durations.lines()]) + "\n"


def _counts(
    gateway: Gateway, query: "sa.Select[tuple[str, ...]]", *groups: "sa.ColumnElement[str]"
) -> _Series:
    counted = query.add_columns(sa.func.count().label("n")).group_by(*groups)
    return {tuple(map(str, row.values()))[:-1]: row["n"] for row in gateway.database.rows(counted)}


def _quoted(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _pattern(scope: Scope) -> str:
    route = scope.get("route")
    return str(getattr(route, "path", "")) or "other"
