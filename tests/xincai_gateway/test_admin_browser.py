"""The administrator's pages in a real browser, where Chromium and its driver are installed."""

import base64
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from offices import PASSPHRASE, opened, person, serving

DRIVER, BROWSER = shutil.which("chromedriver"), shutil.which("chromium")
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


@dataclass
class Browser:
    """A browser, spoken to by the WebDriver standard."""

    url: str

    def say(self, method: str, path: str, **body: object) -> object:
        reply = requests.request(method, f"{self.url}{path}", json=body or {}, timeout=60).json()["value"]
        assert not (isinstance(reply, dict) and "error" in reply), reply
        return reply

    def open(self, url: str) -> None:
        self.say("POST", "/url", url=url)

    def find(self, css: str) -> str:
        found = self.say("POST", "/element", using="css selector", value=css)
        assert isinstance(found, dict)
        return f"/element/{found[ELEMENT]}"

    def type(self, css: str, text: str) -> None:
        self.say("POST", f"{self.find(css)}/value", text=text)

    def click(self, css: str) -> None:
        self.say("POST", f"{self.find(css)}/click")

    def text(self, css: str) -> str:
        return str(requests.get(f"{self.url}{self.find(css)}/text", timeout=60).json()["value"])

    def picture(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(requests.get(f"{self.url}/screenshot", timeout=60).json()["value"]))

    def complaints(self) -> list[str]:
        """What the browser's own log says against the page."""
        told = self.say("POST", "/se/log", type="browser")
        assert isinstance(told, list)
        return [entry["message"] for entry in told if "favicon" not in entry["message"]]


@pytest.fixture
def browser() -> Iterator[Browser]:
    if not DRIVER or not BROWSER:
        pytest.skip("chromium and chromedriver are not installed")
    driver = subprocess.Popen([DRIVER, "--port=0"], stdout=subprocess.PIPE, text=True)
    assert driver.stdout is not None
    try:
        port = next(line for line in driver.stdout if "started successfully on port" in line)
        number = port.strip().rstrip(".").rpartition(" ")[2]
        url = f"http://127.0.0.1:{number}/session"
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1366,900"]
        wanted = {
            "alwaysMatch": {
                "browserName": "chrome",
                "goog:chromeOptions": {"binary": BROWSER, "args": arguments},
                "goog:loggingPrefs": {"browser": "ALL"},
            }
        }
        session = requests.post(url, json={"capabilities": wanted}, timeout=60).json()["value"]
        yield Browser(f"{url}/{session['sessionId']}")
        requests.delete(f"{url}/{session['sessionId']}", timeout=60)
    finally:
        driver.terminate()
        driver.wait(20)
        driver.stdout.close()


def test_an_administrator_works_through_the_pages(tmp_path: Path, browser: Browser) -> None:
    with opened(tmp_path) as office, serving(tmp_path, "") as url:
        office.files = {"a.jpg": b"field"}
        office.deliver(person(1, photo="a.jpg"), person(2, photo="a.jpg"), person(3, area="-1"))
        browser.open(f"{url}/admin")
        browser.type("input[name=name]", "admin")
        browser.type("input[name=passphrase]", PASSPHRASE)
        browser.click("main button")
        assert browser.text("h1") == "设备"
        assert office.device.device in browser.text("tbody")
        for page, there in {
            "batches": "相接",
            "rejects": "/data/area",
            "quality": "66.7%",
            "data": "office_test",
            "accesses": "还没有访问。",
            "objections": "没有异议。",
            "subject": "用途",
        }.items():
            browser.click(f"nav a[href='/admin/{page}']")
            assert there in browser.text("main")
            browser.picture(tmp_path / f"{page}.png")
        browser.click("nav a[href='/admin/flags']")
        browser.click("main form button")
        assert "不同主体用同一张照片" in browser.text("tbody")
        browser.type("input[name=note]", "同一仓库")
        browser.click("button[value=无问题]")
        assert "同一仓库" in browser.text("tbody")
        browser.click("nav a[href='/admin/subject']")
        browser.type("input[name=code]", person(1)["code"])
        browser.type("input[name=purpose]", "主体来函")
        browser.click("main button")
        assert person(1)["name"] in browser.text("main")
        browser.picture(tmp_path / "report.png")
        browser.type(".danger input[name=reason]", "主体来函")
        browser.type(".danger input[name=again]", person(1)["code"])
        browser.click(".danger button")
        assert browser.text(".done") == "数据已删除。"
        browser.click(".switch")
        assert browser.text("h1") == "Accesses"
        browser.picture(tmp_path / "english.png")
        assert browser.complaints() == []
        browser.click("header form button")
        assert browser.text("h1") == "Log in"
