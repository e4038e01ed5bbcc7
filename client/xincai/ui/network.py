"""What Qt knows of the network: whether there is one, whether it is paid for by volume, and which proxy the
system, or its PAC file, names for an address.
"""

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtNetwork import QNetworkInformation, QNetworkProxy, QNetworkProxyFactory, QNetworkProxyQuery

from xincai.desk import Network

_HTTP = {QNetworkProxy.ProxyType.HttpProxy, QNetworkProxy.ProxyType.HttpCachingProxy}


class NetworkWatch(QObject):
    """Tells when the network changes; where Qt cannot say, there is one and it costs nothing."""

    changed = Signal(object)
    """Network"""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._information = None
        if QNetworkInformation.loadDefaultBackend():
            self._information = QNetworkInformation.instance()
            self._information.reachabilityChanged.connect(self._tell)
            self._information.isMeteredChanged.connect(self._tell)

    def now(self) -> Network:
        """The network as it is."""
        if self._information is None:
            return Network()
        gone = self._information.reachability() == QNetworkInformation.Reachability.Disconnected
        return Network(online=not gone, metered=self._information.isMetered())

    def _tell(self) -> None:
        self.changed.emit(self.now())


def system_proxy(address: str) -> str:
    """The HTTP proxy that the system names for an address, "" where it names none. May take a while where a
    PAC file decides: not for the screen's thread.
    """
    for proxy in QNetworkProxyFactory.systemProxyForQuery(QNetworkProxyQuery(QUrl(address))):
        if proxy.type() == QNetworkProxy.ProxyType.NoProxy:
            return ""
        if proxy.type() in _HTTP and proxy.hostName():
            place = QUrl()
            place.setScheme("http")
            place.setHost(proxy.hostName())
            place.setPort(proxy.port())
            if proxy.user():
                place.setUserName(proxy.user())
                place.setPassword(proxy.password())
            return place.toString(QUrl.ComponentFormattingOption.FullyEncoded)
    return ""
