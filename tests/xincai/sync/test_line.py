"""Proxies that want a password, a county's own authorities, certificates of ours: real sockets, real TLS."""

import datetime
import ssl
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from proxy_here import proxy_to
from strange_server import reply, say, strange

from xincai.errors import Problem, explain
from xincai.sync import Line, line_of, set_line
from xincai.sync.platform import Patience, Platform
from xincai.sync.trouble import Trouble
from xincai.vault import Vault

HOST = "gateway.test"
KNOWN = say(reply(200, service="xincai-gateway", versions=["v1"], gateway="g", time="t"))
QUICK = Patience(connect=2, silence=3, whole=6)


@dataclass
class Paper:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def both(self) -> str:
        plain = serialization.NoEncryption()
        private = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain
        ).decode()
        return self.pem + private


def _issue(name: str, by: Paper | None = None) -> Paper:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
    )
    return Paper(builder.sign(by.key if by else key, hashes.SHA256()), key)


@pytest.fixture(scope="module")
def county() -> Paper:
    return _issue("county.test")


def _server(folder: Path, paper: Paper, clients: Paper | None = None) -> ssl.SSLContext:
    (folder / "both.pem").write_text(paper.both)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    if clients:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(cadata=clients.pem)
    return context


def _refused(url: str, line: Line) -> str:
    with Platform(url, "token", line=line, patience=QUICK) as platform, pytest.raises(Trouble) as caught:
        platform.wellknown()
    explain(caught.value)
    return caught.value.code


def test_a_proxy_that_wants_a_password_gets_it_and_nobody_else_does(tmp_path: Path, county: Paper) -> None:
    context = _server(tmp_path, _issue(HOST, county))
    with strange(KNOWN, context) as server, proxy_to(server.port, "用户", "p@:/ss") as proxy:
        url, known = f"https://{HOST}", Line(proxy.url, authorities=county.pem)
        assert _refused(url, known) == "sync.proxy_login"
        assert _refused(url, Line(proxy.url, "用户", "wrong", county.pem)) == "sync.proxy_login"
        assert server.heard == []
        with Platform(url, line=Line(proxy.url, "用户", "p@:/ss", county.pem), patience=QUICK) as platform:
            assert platform.wellknown().gateway == "g"
        assert b"roxy-" not in server.heard[0]
        assert {line.rpartition(" ")[0] for line in proxy.asked} == {f"CONNECT {HOST}:443"}


def test_the_systems_proxy_is_taken_when_none_is_set_and_gets_the_password_given_for_it_alone(
    tmp_path: Path, county: Paper
) -> None:
    context = _server(tmp_path, _issue(HOST, county))
    url, asked = f"https://{HOST}", list[str]()
    with strange(KNOWN, context) as server, proxy_to(server.port, "u", "geheim-7") as proxy:

        def system(address: str) -> str:
            asked.append(address)
            return proxy.url

        def code(line: Line) -> str:
            with Platform(url, line=line, system_proxy=system, patience=QUICK) as platform:
                try:
                    return platform.wellknown().gateway
                except Trouble as trouble:
                    return trouble.code

        login = Line(user="u", password="geheim-7", authorities=county.pem, login_at=proxy.url)
        assert code(Line(authorities=county.pem)) == "sync.proxy_login"
        assert code(login) == "g"
        assert code(replace(login, login_at="http://10.1.2.3:8080")) == "sync.proxy_login"
        assert code(replace(login, proxy="http://127.0.0.1:9")) == "sync.proxy_unreachable"
    assert asked == [url] * 3


def test_a_system_without_a_proxy_is_reached_straight_whatever_the_environment_says(
    tmp_path: Path, county: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    line = Line(authorities=county.pem)
    assert _refused(f"https://{HOST}", line) == "sync.proxy_unreachable"
    with Platform(f"https://{HOST}", line=line, system_proxy=lambda _: "", patience=QUICK) as platform:
        with pytest.raises(Trouble) as caught:
            platform.wellknown()
        assert caught.value.code == "sync.unreachable"


def test_a_proxy_that_is_gone_is_said() -> None:
    assert _refused(f"https://{HOST}", Line("http://127.0.0.1:9")) == "sync.proxy_unreachable"


def test_where_authorities_are_named_these_alone_are_trusted(tmp_path: Path, county: Paper) -> None:
    context = _server(tmp_path, _issue("localhost", county))
    with strange(KNOWN, context) as server:
        assert _refused(server.url, Line()) == "sync.bad_certificate"
        assert _refused(server.url, Line(authorities=_issue("other.test").pem)) == "sync.bad_certificate"
        assert server.heard == []
        with Platform(server.url, line=Line(authorities=county.pem)) as platform:
            assert platform.wellknown().gateway == "g"
    with pytest.MonkeyPatch.context() as patch:
        usual = tmp_path / "usual.pem"
        usual.write_text(county.pem)
        patch.setattr("requests.utils.DEFAULT_CA_BUNDLE_PATH", str(usual))
        patch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(usual))
        with strange(KNOWN, context) as server:
            with Platform(server.url) as platform:
                assert platform.wellknown().gateway == "g"
            assert _refused(server.url, Line(authorities=_issue("other.test").pem)) == "sync.bad_certificate"


def test_a_gateway_that_wants_our_certificate_gets_it(tmp_path: Path, county: Paper) -> None:
    context = _server(tmp_path, _issue("localhost", county), clients=county)
    ours, foreign = _issue("office.test", county), _issue("office.test")
    with strange(KNOWN, context) as server:
        said = {"sync.client_certificate", "sync.cut"}  # the end of the line may overtake the alert
        assert _refused(server.url, Line(authorities=county.pem)) in said
        told = _refused(server.url, Line(authorities=county.pem, certificate=foreign.both))
        assert told in said
        assert server.heard == []
        line = Line(authorities=county.pem, certificate=ours.both)
        with Platform(server.url, line=line) as platform:
            assert platform.wellknown().gateway == "g"


def test_the_line_is_kept_in_the_vault_and_checked_first(
    new_vault: Callable[[], Vault], county: Paper
) -> None:
    vault, line = new_vault(), Line("http://10.1.2.3:8080", "u", "geheim-7", county.pem, county.both)
    assert line_of(vault) == Line()
    set_line(vault, line)
    assert line_of(vault) == line
    for wrong, code in (
        (Line("10.1.2.3:8080"), "sync.bad_proxy"),
        (Line("http://10.1.2.3"), "sync.bad_proxy"),
        (Line("http://u:p@10.1.2.3:8080"), "sync.bad_proxy"),
        (Line("http://10.1.2.3:99999"), "sync.bad_proxy"),
        (Line(authorities="no certificate"), "sync.bad_authorities"),
        (Line(certificate=county.pem), "sync.bad_client_certificate"),
        (
            Line(certificate=county.both.replace(county.pem, _issue("x.test").pem)),
            "sync.bad_client_certificate",
        ),
    ):
        with pytest.raises(Problem, match=code.replace(".", r"\.")) as caught:
            set_line(vault, wrong)
        explain(caught.value)
    assert line_of(vault) == line
