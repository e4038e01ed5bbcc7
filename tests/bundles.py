"""Bundles for sticks, good and bad, and what two verifiers say of them: the gateway, and openssl alone."""

import contextlib
import random
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from pathlib import Path

import gateways
from archives import File, sins, zipped
from xincai import paths
from xincai.errors import Problem
from xincai.wire.container import container_pieces, container_size, shares
from xincai.wire.digest import sm3
from xincai.wire.envelope import seal_envelope
from xincai.wire.messages import EnrolRequest
from xincai.wire.suites import ED25519, SM2_SM3, PrivateKey, PublicKey
from xincai_gateway import sticks
from xincai_gateway.enrol import enrol, issue_code
from xincai_gateway.gateway import Gateway, Settings

SCRIPT = Path(sticks.__file__).with_name("verify-bundle.sh")
FORM = ("visit", "1", sm3(b"form"))


@dataclass(frozen=True)
class Bundle:
    """The files of one batch, whose device signed it, and whether it is as it should be."""

    files: tuple[bytes, ...]
    device: gateways.Device
    good: bool
    kind: str


@dataclass
class Yard:
    """A gateway at work with two enrolled devices, one of each suite, and a stranger."""

    folder: Path
    gateway: Gateway
    devices: tuple[gateways.Device, ...]
    stranger: gateways.Device

    @property
    def envelope(self) -> PublicKey:
        key = self.gateway.identity.envelope
        assert key is not None
        return key.public

    def batch(self, chance: random.Random, device: gateways.Device) -> gateways.Batch:
        """A batch of a few records, some with attachments, whose names try a reader's patience."""
        names = ("门头照.jpg", 'a"b.jpg', "{x}.jpg", 'size":1,"sm3":.jpg', "ü\u2028.jpg")
        made = []
        for _ in range(chance.randint(1, 3)):
            some = chance.sample(names, chance.randint(0, 3))
            files = {name: chance.randbytes(chance.randint(0, 4_000)) for name in some}
            made.append(gateways.record(FORM, chance.randbytes(chance.randint(1, 3_000)), files))
        blobs = {digest: data for _, files in made for digest, data in files.items()}
        return device.batch(*(each for each, _ in made), blobs=blobs)

    def sealed(self, container: bytes, key: PublicKey | None = None) -> bytes:
        """An envelope around a container."""
        file = BytesIO()
        seal_envelope([container], len(container), file, self.gateway.identity.gateway, key or self.envelope)
        return file.getvalue()

    def gateway_says(self, paths: tuple[Path, ...]) -> str:
        """What `xincai-gateway verify` would: the batch's name, or "bad"."""
        try:
            return sticks.verify(self.gateway, *paths).manifest
        except Problem:
            return "bad"

    def openssl_says(self, paths: tuple[Path, ...], device: gateways.Device) -> str:
        """What the script says, which knows neither our program nor its libraries."""
        pem = self.folder / "device.pem"
        pem.write_text(device.key.public.pem)
        command = ["sh", SCRIPT, "-d", pem, "-g", self.folder / "gateway" / "identity.json", *paths]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        word, _, rest = done.stdout.partition(" ")
        assert (word, done.returncode) in {("good", 0), ("bad:", 1)}, done.stdout + done.stderr
        return rest.split()[0] if word == "good" else "bad"

    def written(self, bundle: Bundle) -> tuple[Path, ...]:
        """The bundle's files on a disk."""
        folder = self.folder / "stick"
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        written = tuple(folder / f"{number}.zip" for number in range(len(bundle.files)))
        for path, data in zip(written, bundle.files, strict=True):
            path.write_bytes(data)
        return written


@contextlib.contextmanager
def yard(folder: Path) -> Iterator[Yard]:
    gateway = Gateway.open(Settings(folder / "gateway", forms=paths.forms()))
    try:
        devices = tuple(
            gateways.Device("", gateway.identity.gateway, key=PrivateKey.generate(suite))
            for suite in (SM2_SM3, ED25519, SM2_SM3)
        )
        for device in devices[:2]:
            code = issue_code(gateway.database, device.office, gateway.identity.key_id, practice=True)
            enrol(gateway.database, EnrolRequest.model_validate(device.enrolment(code)))
        yield Yard(folder, gateway, devices[:2], devices[2])
    finally:
        gateway.close()


def contained(batch: gateways.Batch, share: tuple[str, ...] | None = None, **changes: bytes) -> bytes:
    """A batch's container, or one part of it."""
    data = changes.get("data", batch.data)
    signatures = {batch.key_id: changes.get("signature", batch.signature)}
    wanted = tuple(batch.blobs) if share is None else share
    made = b"".join(container_pieces(data, signatures, wanted, batch.blobs.__getitem__))
    assert len(made) == container_size(data, signatures, wanted)
    return made


def files_of(container: bytes) -> list[File]:
    """The entries of a good container."""
    with zipfile.ZipFile(BytesIO(container)) as archive:
        return [File(info.filename.encode(), archive.read(info)) for info in archive.infolist()]


def good(place: Yard, chance: random.Random) -> Bundle:
    """A good bundle: open or enveloped, in one file or in parts in any order."""
    device = chance.choice(place.devices)
    batch = place.batch(chance, device)
    largest = max(map(len, batch.blobs.values()))
    limit = len(batch.data) + largest + chance.randint(1_000, 5_000)
    parts = [contained(batch, share) for share in shares(batch.data, limit=limit)]
    chance.shuffle(parts)
    kind = chance.choice(("open", "enveloped"))
    files = parts if chance.random() < 0.5 else [contained(batch)]
    made = files if kind == "open" else [place.sealed(each) for each in files]
    return Bundle(tuple(made), device, True, f"{kind} in {len(made)}")


def bad(place: Yard, chance: random.Random) -> Bundle:
    """A bundle with something wrong, deep inside or on the outside."""
    whole = good(place, chance)
    batch = place.batch(chance, whole.device)
    kind, make = chance.choice(list(_WRONGS.items()))
    files = make(place, chance, whole, batch)
    return Bundle(files, whole.device, False, kind)


Wrong = Callable[[Yard, random.Random, Bundle, gateways.Batch], tuple[bytes, ...]]


def _flipped(place: Yard, chance: random.Random, whole: Bundle, batch: gateways.Batch) -> tuple[bytes, ...]:
    number = chance.randrange(len(whole.files))
    data = bytearray(whole.files[number])
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return (*whole.files[:number], bytes(data), *whole.files[number + 1 :])


def _cut(place: Yard, chance: random.Random, whole: Bundle, batch: gateways.Batch) -> tuple[bytes, ...]:
    return (*whole.files[:-1], whole.files[-1][: chance.randrange(len(whole.files[-1]))])


def _spliced(place: Yard, chance: random.Random, whole: Bundle, batch: gateways.Batch) -> tuple[bytes, ...]:
    data = bytearray(whole.files[0])
    begin = chance.randrange(len(data))
    data[begin : begin + chance.randint(1, 64)] = chance.randbytes(chance.randint(1, 64))
    return (bytes(data), *whole.files[1:]) if bytes(data) != whole.files[0] else (b"",)


def _sinned(place: Yard, chance: random.Random, whole: Bundle, batch: gateways.Batch) -> tuple[bytes, ...]:
    sin = chance.choice(sorted(sins()))
    made = sins()[sin](files_of(contained(batch)))
    return (place.sealed(made) if chance.random() < 0.3 else made,)


def _missing(place: Yard, chance: random.Random, whole: Bundle, batch: gateways.Batch) -> tuple[bytes, ...]:
    parts = shares(batch.data, limit=len(batch.data) + 5_500)
    if len(parts) == 1:
        return (zipped(files_of(contained(batch))[:2]),)
    kept = list(parts)
    kept.pop(chance.randrange(len(kept)))
    return tuple(contained(batch, share) for share in kept)


def _mixed(place: Yard, chance: random.Random, whole: Bundle, batch: gateways.Batch) -> tuple[bytes, ...]:
    return (*whole.files, contained(batch))


def _foreign_key(
    place: Yard, chance: random.Random, whole: Bundle, batch: gateways.Batch
) -> tuple[bytes, ...]:
    """Signed by a stranger, under the device's name or its own."""
    theirs = place.stranger.key.sign(batch.data)
    if chance.random() < 0.5:
        return (contained(batch, signature=theirs),)
    return (contained(place.batch(chance, replace(place.stranger, device=whole.device.device))),)


def _signature(place: Yard, chance: random.Random, whole: Bundle, batch: gateways.Batch) -> tuple[bytes, ...]:
    """A signature in another form, or of other bytes."""
    old = batch.signature
    shapes = (
        old + b"\0",
        old[:-1],
        b"",
        whole.device.key.sign(batch.data + b" "),
        b"\x30\x81" + old[1:],
        b"\x30\x06\x02\x01\x01\x02\x01\x01",
        b"\x30\x06\x02\x01\x00\x02\x01\x00",
    )
    return (contained(batch, signature=chance.choice(shapes)),)


def _manifest(place: Yard, chance: random.Random, whole: Bundle, batch: gateways.Batch) -> tuple[bytes, ...]:
    """A list that the device itself has signed, and that says what none may say."""
    data = batch.data
    number = b'"sequence":%d' % whole.device.sequence
    others = (
        data + b"\n",
        data + b" ",
        data.replace(b'","', b'", "', 1),
        data.replace(number, b'"sequence":0'),
        data.replace(number, number + b".0"),
        data.replace(number, b'"sequence":1e3'),
        data.replace(number, b'"sequence":' + b"9" * 17),
        data.replace(number, number + b"," + number),
        data.replace(b"xincai-manifest-1", b"xincai-manifest-2"),
        data.replace(b'"clock_state":"unverified",', b""),
        data.replace(b'"unverified"', b'"sure"'),
        data.replace(b'"audit_head":"', b'"audit_head":"A'),
        data.replace(b'"office"', b'"officer":"x","office"'),
        data.replace(b'"office"', b'"\\u006fffice"'),
        data.replace(b'"form":"visit"', b'"form":"\xff"'),
        data.replace(b'"form":"visit"', b'"form":"\x01"'),
        data.replace(b'"form":"visit"', b'"form":"\\/"'),
        data.replace(batch.key_id.encode(), b"0" * 16),
        data.replace(b'"previous":', b'"previous":"",'),
        data.replace(b'"version":1}', b'"version":"1"}'),
        b"\xef\xbb\xbf" + data,
        b"[" + data + b"]",
        b"",
        b"{}",
    )
    data = chance.choice([other for other in others if other != batch.data])
    signature = whole.device.key.sign(data)
    files = files_of(contained(batch))
    return (zipped([replace(files[0], data=data), replace(files[1], data=signature), *files[2:]]),)


def _envelope(place: Yard, chance: random.Random, whole: Bundle, batch: gateways.Batch) -> tuple[bytes, ...]:
    """An envelope to another gateway, with something wrong around or in it."""
    container = contained(batch)
    letter, content = (place.sealed(container) for _ in range(2))
    one, two = files_of(letter), files_of(content)
    text = one[1].data
    letters = (
        two[1].data,
        text + b" ",
        text.replace(b"-1", b"-2", 1),
        text.replace(place.envelope.key_id.encode(), b"0" * 16),
        text.replace(b'"recipient":"', b'"recipient":"A'),
        text.replace(b'"wrapped":"', b'"wrapped":"A'),
        text.replace(b'"wrapped":"', b'"wrapped":"AAAA'),
        text.replace(b'"}', b'=="}'),
        b"{}",
    )
    others: list[Callable[[], bytes]] = [
        lambda: place.sealed(container, PrivateKey.generate().public),
        lambda: place.sealed(place.sealed(container)),
        lambda: zipped([one[1], one[0]]),
        lambda: zipped([one[0], one[1], File(b"more", b"")]),
        lambda: zipped([one[0]]),
        lambda: zipped([replace(one[0], data=one[0].data[:-1]), one[1]]),
        lambda: zipped([replace(one[0], data=b"short"), one[1]]),
        *(partial(zipped, [one[0], replace(one[1], data=other)]) for other in letters),
    ]
    return (chance.choice(others)(),)


def _noise(place: Yard, chance: random.Random, whole: Bundle, batch: gateways.Batch) -> tuple[bytes, ...]:
    return (chance.choice((b"", b"PK\3\4", b"%PDF-1.7", chance.randbytes(3_000))),)


_WRONGS: dict[str, Wrong] = {
    "flipped": _flipped,
    "cut": _cut,
    "spliced": _spliced,
    "sin": _sinned,
    "missing": _missing,
    "mixed": _mixed,
    "foreign key": _foreign_key,
    "signature": _signature,
    "manifest": _manifest,
    "envelope": _envelope,
    "noise": _noise,
}
