import datetime
import gzip
import itertools
import resource
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from strange_server import Answer, http, reply, say, strange

from xincai import clock
from xincai.errors import Problem, explain
from xincai.sync.line import Line
from xincai.sync.platform import Patience, Platform
from xincai.sync.trouble import Trouble
from xincai.sync.upload import Uploader
from xincai.wire.codes import Help
from xincai.wire.digest import sm3
from xincai.wire.series import read_series_head

QUICK = Patience(connect=1, silence=0.6, whole=1.2)
PORTAL = b"<html><body>please log in</body></html>"


def _trouble(answer: Answer, patience: Patience = QUICK) -> Trouble:
    with (
        strange(answer) as server,
        Platform(server.url, "token", patience=patience) as platform,
        pytest.raises(Trouble) as caught,
    ):
        platform.batch_receipts("0" * 64)
    explain(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("answer", "code", "helps"),
    [
        (http(200, PORTAL, "text/html; charset=utf-8"), "sync.captive_portal", Help.PORTAL),
        (http(302, b"", Location="http://login.example/"), "sync.captive_portal", Help.PORTAL),
        (http(511, PORTAL, "text/html"), "sync.captive_portal", Help.PORTAL),
        (http(403, PORTAL, "text/html"), "sync.captive_portal", Help.PORTAL),
        (http(407, PORTAL, "text/html"), "sync.proxy_login", Help.PORTAL),
        (http(502, PORTAL, "text/html"), "sync.busy", Help.RETRY),
        (http(503, b""), "sync.busy", Help.RETRY),
        (reply(429, code="4290"), "sync.busy", Help.RETRY),
        (reply(423, code="4003"), "sync.busy", Help.RETRY),
        (reply(401, code="1005"), "sync.not_authorised", Help.AUTHENTICATE),
        (http(401), "sync.not_authorised", Help.AUTHENTICATE),
        (reply(403, code="1007"), "sync.not_authorised", Help.AUTHENTICATE),
        (reply(413, code="4002"), "sync.refused", Help.SHRINK),
        (http(413), "sync.refused", Help.SHRINK),
        (reply(422, code="3006"), "sync.refused", Help.CORRECT),
        (reply(422, code="1001"), "sync.refused", Help.QUARANTINE),
        (http(400), "sync.refused", Help.QUARANTINE),
        (http(410), "sync.refused", Help.QUARANTINE),
        (http(415), "sync.refused", Help.QUARANTINE),
        (http(200, b"not json"), "sync.bad_reply", Help.RETRY),
        (http(200, b'{"receipts":[],"receipts":[]}'), "sync.bad_reply", Help.RETRY),
        (http(200, b'{"receipts":NaN}'), "sync.bad_reply", Help.RETRY),
        (http(200, b'{"receipts":"many"}'), "sync.bad_reply", Help.RETRY),
        (http(200, b'{"receipts":[{"data":"*","signature":""}]}'), "sync.bad_reply", Help.RETRY),
        (http(200, b'{"receipts":' + b"[" * 90000 + b"]" * 90000 + b"}"), "sync.bad_reply", Help.RETRY),
        (http(200, b'{"receipts":' + b"9" * 1_000_000 + b"}"), "sync.bad_reply", Help.RETRY),
        (http(200, b"x" * 10, Content_Encoding="gzip"), "sync.bad_reply", Help.RETRY),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{}", "sync.cut", Help.RETRY),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b'{"receipts":[]}', "sync.cut", Help.RETRY),
        (b"HTTP/1.1 201 Created\r\nContent-Le", "sync.cut", Help.RETRY),
        (b"HTTP/1.1 2", "sync.cut", Help.RETRY),
        (b"SSH-2.0-OpenSSH\r\n", "sync.cut", Help.RETRY),
        (b"", "sync.cut", Help.RETRY),
    ],
    ids=range(33),
)
def test_each_strange_answer_has_a_name_and_a_cure(answer: bytes, code: str, helps: Help) -> None:
    trouble = _trouble(say(answer), Patience(2, 5, 10))
    assert (trouble.code, trouble.help) == (code, helps)


def test_a_success_cut_at_any_byte_is_no_success() -> None:
    whole = reply(201, receipts=[{"data": "AAAA", "signature": "AAAA"}])
    with strange(say(whole)) as server, Platform(server.url) as platform:
        assert len(platform.commit("0" * 64, b"{}", "0" * 16, b"s")) == 1
        for length in range(len(whole)):
            server.answer = say(whole[:length])
            with pytest.raises(Trouble):
                platform.commit("0" * 64, b"{}", "0" * 16, b"s")


def test_a_bomb_is_not_inflated() -> None:
    bomb = gzip.compress(bytes(200_000_000))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert _trouble(say(http(200, bomb, Content_Encoding="gzip"))).code == "sync.bad_reply"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def _endless(_: bytes) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    while True:
        yield b"10000\r\n" + b" " * 65536 + b"\r\n"


def test_an_endless_body_is_left() -> None:
    trouble = _trouble(_endless, Patience(2, 5, 10))
    assert (trouble.code, trouble.facts["limit"]) == ("sync.reply_too_large", 8 * 1024 * 1024)


def _drip(_: bytes) -> Iterator[bytes]:
    for byte in http(200, b'{"receipts":[]}', X_Padding="x" * 1000):
        clock.pause(0.02)
        yield bytes([byte])


def test_a_drip_ends_at_the_deadline() -> None:
    began = time.monotonic()
    assert _trouble(_drip).code == "sync.timeout"
    assert time.monotonic() - began < 3


def _silence(_: bytes) -> Iterator[bytes]:
    clock.pause(2)
    yield b""


def test_silence_ends_at_the_deadline() -> None:
    began = time.monotonic()
    assert _trouble(_silence).code == "sync.timeout"
    assert time.monotonic() - began < 3.5


def test_waiting_can_be_cancelled() -> None:
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > 3

    with (
        strange(_silence) as server,
        Platform(server.url, cancelled=cancelled) as platform,
        pytest.raises(Problem, match=r"sync\.cancelled"),
    ):
        platform.wellknown()


def test_what_is_sent_asks_for_no_compression_and_follows_no_stranger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine localhost login somebody password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with strange(say(http(302, b"", Location="http://127.0.0.1:9/"))) as server:
        with Platform(server.url, "token") as platform, pytest.raises(Trouble, match=r"sync\.captive_portal"):
            platform.head()
        (request,) = server.heard
    assert b"\r\nAccept-Encoding: identity\r\n" in request
    assert b"\r\nAuthorization: Bearer token\r\n" in request


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("5", 5), ("99999999999999", 3600), ("-5", None), ("soon", None), ("", None), ("1.5", None)],
)
def test_retry_after_is_kept_within_an_hour(text: str, seconds: float | None) -> None:
    assert _trouble(say(http(503, b"", Retry_After=text))).wait == seconds


def test_retry_after_may_be_a_date() -> None:
    with clock.fixed(datetime.datetime(2026, 11, 22, 3, 0, tzinfo=datetime.UTC)):
        for text, seconds in (("Sun, 22 Nov 2026 03:01:00 GMT", 60), ("Sun, 22 Nov 2020 03:01:00 GMT", 0)):
            assert _trouble(say(http(503, b"", Retry_After=text))).wait == seconds


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://xincai.example.cn", "sync.insecure_address"),
        ("http://127.0.0.1.example.cn", "sync.insecure_address"),
        ("ftp://localhost", "sync.bad_address"),
        ("https://", "sync.bad_address"),
        ("https://user@example.cn", "sync.bad_address"),
        ("https://example.cn/?x=1", "sync.bad_address"),
        ("https://example.cn:port", "sync.bad_address"),
        ("https://[", "sync.bad_address"),
        ("", "sync.bad_address"),
    ],
)
def test_an_address_that_is_not_safe_is_refused(url: str, code: str) -> None:
    with pytest.raises(Problem, match=code):
        Platform(url)


def test_a_proxy_that_knows_no_patch_or_head_is_met_with_post() -> None:
    def answer(request: bytes) -> Iterator[bytes]:
        if not request.startswith(b"POST"):
            yield http(405)
            return
        wanted = b"X-HTTP-Method-Override: HEAD" in request or b"X-HTTP-Method-Override: PATCH" in request
        yield http(200 if wanted else 500, b"", Upload_Offset="10", Upload_Complete="?1")

    with strange(answer) as server, Platform(server.url) as platform:
        assert platform.stored("0" * 64).complete
        assert platform.put_blob("0" * 64, b"12345", 5, 10).complete
        assert len(server.heard) == 3


@pytest.mark.parametrize("offset", ["", "-1", "x", "1" * 13, "١"])
def test_a_senseless_offset_is_a_bad_reply(offset: str) -> None:
    answer = http(200, b"", Upload_Offset="@").replace(b"@", offset.encode())
    with (
        strange(say(answer)) as server,
        Platform(server.url) as platform,
        pytest.raises(Trouble, match=r"sync\.bad_reply"),
    ):
        platform.stored("0" * 64)


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"service": "something else"}, "sync.other_version"),
        ({"versions": ["v9"]}, "sync.other_version"),
        ({"gateway": 1}, "sync.bad_reply"),
    ],
)
def test_another_service_is_not_a_gateway(members: dict[str, object], code: str) -> None:
    facts = {"service": "xincai-gateway", "versions": ["v1"], "gateway": "g", "time": "t", **members}
    with (
        strange(say(reply(200, **facts))) as server,
        Platform(server.url) as platform,
        pytest.raises(Trouble, match=code),
    ):
        platform.wellknown()


@pytest.mark.parametrize(
    ("host", "begins", "ends", "trusted", "code"),
    [
        ("localhost", -1, 1, True, ""),
        ("localhost", -1, 1, False, "sync.bad_certificate"),
        ("other.example", -1, 1, True, "sync.bad_certificate"),
        ("localhost", -2, -1, True, "sync.bad_certificate"),
        ("localhost", 1, 2, True, "sync.clock_wrong"),
    ],
    ids=["good", "self-signed", "other host", "expired", "not yet"],
)
def test_only_a_trusted_certificate_is_spoken_to(  # noqa: PLR0917 - one row of the table above
    tmp_path: Path, host: str, begins: int, ends: int, trusted: bool, code: str
) -> None:
    context, authority = _certificate(tmp_path, host, begins, ends)
    answer = say(reply(200, service="xincai-gateway", versions=["v1"], gateway="g", time="t"))
    with strange(answer, context) as server:
        with Platform(
            server.url, "token", line=Line(authorities=authority.read_text()) if trusted else None
        ) as platform:
            if not code:
                assert platform.wellknown().gateway == "g"
                return
            with pytest.raises(Trouble, match=code) as caught:
                platform.wellknown()
        assert server.heard == []
    explain(caught.value)


def _certificate(folder: Path, host: str, begins: int, ends: int) -> tuple[ssl.SSLContext, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now + datetime.timedelta(days=begins))
        .not_valid_after(now + datetime.timedelta(days=ends))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    plain = serialization.NoEncryption()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, plain
    )
    (folder / "cert.pem").write_bytes(pem)
    (folder / "both.pem").write_bytes(pem + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context, folder / "cert.pem"


def parted(body: bytes) -> list[bytes]:
    """The blobs of a series."""
    line, _, rest = body.partition(b"\n")
    sizes = [size for _, size in read_series_head(line, len(body))]
    starts = itertools.accumulate(sizes, initial=0)
    return [rest[start : start + size] for start, size in zip(starts, sizes, strict=False)]


def test_large_blobs_travel_in_series_and_shorter_ones_where_a_proxy_takes_small_bodies_only() -> None:
    blobs = {sm3(data): data for data in (clock.random_bytes(70_000) for _ in range(30))}
    taken: list[list[bytes]] = []

    def answer(request: bytes) -> Iterator[bytes]:
        body = request.partition(b"\r\n\r\n")[2]
        if len(body) > 1_200_000:
            yield http(413)
            return
        taken.append(parted(body))
        yield http(201)

    told: list[int] = []
    sizes = {digest: len(data) for digest, data in blobs.items()}
    with strange(answer) as server, Platform(server.url) as platform:
        uploader = Uploader(platform, lambda done, *_: told.append(done))
        uploader.expect(sum(sizes.values()))
        with pytest.raises(Trouble, match=r"sync\.refused"):
            uploader.put_many(sizes, lambda digest: iter([blobs[digest]]))
        assert uploader.shrink()
        uploader.expect(sum(sizes.values()))
        uploader.put_many(sizes, lambda digest: iter([blobs[digest][:9], blobs[digest][9:]]))
    assert [len(each) for each in taken] == [14, 14, 2]
    assert [data for each in taken for data in each] == list(blobs.values())
    assert told[-1] == uploader.arrived == sum(sizes.values())


def test_pieces_shrink_where_a_proxy_takes_small_ones_only() -> None:
    held = bytearray()

    def answer(request: bytes) -> Iterator[bytes]:
        body = request.partition(b"\r\n\r\n")[2]
        if len(body) > 40_000:
            yield http(413)
            return
        held.extend(body)
        yield http(201, b"", Upload_Offset=str(len(held)), Upload_Complete="?0")

    data = clock.random_bytes(100_000)
    with strange(answer) as server, Platform(server.url) as platform:
        uploader = Uploader(platform, lambda *_: None)
        for _ in range(2):
            with pytest.raises(Trouble, match=r"sync\.refused"):
                uploader.put("0" * 64, data)
            assert uploader.shrink()
        uploader.put("0" * 64, data)
    assert bytes(held) == data
