"""The gateway and a script with openssl alone say the same of a bundle, as `campaign_bundles.py` by lot."""

import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import bundles

pytestmark = pytest.mark.skipif(
    not (shutil.which("openssl") and shutil.which("basenc")), reason="openssl and coreutils are needed"
)


@pytest.fixture
def yard(tmp_path: Path) -> Iterator[bundles.Yard]:
    with bundles.yard(tmp_path) as place:
        yield place


@pytest.mark.parametrize("seed", range(2))
def test_the_gateway_and_openssl_agree(yard: bundles.Yard, seed: int) -> None:
    chance = random.Random(seed)
    for make in (bundles.good, bundles.bad) * 4:
        bundle = make(yard, chance)
        paths = yard.written(bundle)
        said = yard.gateway_says(paths)
        assert (said != "bad") == bundle.good, bundle.kind
        assert yard.openssl_says(paths, bundle.device) == said, bundle.kind


def test_the_script_refuses_another_devices_key(yard: bundles.Yard) -> None:
    bundle = bundles.good(yard, random.Random(1))
    paths = yard.written(bundle)
    other = next(device for device in yard.devices if device is not bundle.device)
    assert yard.openssl_says(paths, other) == "bad"


def test_nothing_may_follow_the_longest_signature(yard: bundles.Yard) -> None:
    """`openssl dgst` reads 72 bytes of a signature file and no more."""
    device = yard.devices[0]
    batch = yard.batch(random.Random(2), device)
    signature = next(made for made in iter(lambda: device.key.sign(batch.data), b"") if len(made) == 72)
    for added, verdict in ((b"", batch.name), (b"\0", "bad")):
        data = bundles.contained(batch, signature=signature + added)
        paths = yard.written(bundles.Bundle((data,), device, not added, "signature"))
        assert yard.openssl_says(paths, device) == yard.gateway_says(paths) == verdict


def test_the_script_says_how_it_is_used() -> None:
    done = subprocess.run(["sh", bundles.SCRIPT], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert "DEVICE.pem" in done.stderr
