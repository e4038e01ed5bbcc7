"""What Qt says of the network and of the system's proxies."""

import sys

import pytest
from PySide6.QtWidgets import QApplication

from xincai.desk import Network
from xincai.ui.network import NetworkWatch, system_proxy

_NAMES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy in the environment."""
    for name in _NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_the_network_is_told_at_once_and_to_whoever_listens(qapp: QApplication) -> None:
    watch = NetworkWatch(qapp)
    told: list[Network] = []
    watch.changed.connect(told.append)
    assert isinstance(watch.now(), Network)
    watch._tell()
    assert told == [watch.now()]
    watch.deleteLater()


@pytest.mark.skipif(sys.platform != "linux", reason="the environment is the system's setting on Linux alone")
@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("", ""),
        ("http://10.1.2.3:8080", "http://10.1.2.3:8080"),
        ("http://u:p%40ss@proxy.test:3128", "http://u:p%40ss@proxy.test:3128"),
        ("socks5://10.1.2.3:1080", ""),
    ],
)
def test_the_systems_proxy_is_found(monkeypatch: pytest.MonkeyPatch, setting: str, expected: str) -> None:
    monkeypatch.setenv("http_proxy", setting)
    monkeypatch.setenv("https_proxy", setting)
    assert system_proxy("https://gateway.test/v1") == expected


@pytest.mark.skipif(sys.platform != "linux", reason="the environment is the system's setting on Linux alone")
def test_what_the_system_exempts_is_reached_straight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://10.1.2.3:8080")
    monkeypatch.setenv("https_proxy", "http://10.1.2.3:8080")
    monkeypatch.setenv("no_proxy", "gateway.test")
    assert system_proxy("https://gateway.test/v1") == ""
    assert system_proxy("https://other.test/v1") == "http://10.1.2.3:8080"
