"""The administrator's pages in a real browser, where Chromium and its driver are installed."""

import base64
import csv
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet
import pypdfium2
import pytest
import requests

import gateways
from gateways import OFFICE
from offices import PASSPHRASE, TOLD, Office, opened, person, serving, told
from xincai import clock
from xincai.desk import Beginning, Desk, Profile
from xincai.vault import KdfParams
from xincai_gateway import enrol, flags, offices, rights, schema
from xincai_gateway.accesses import Asking
from xincai_gateway.admin.pages import PAGES
from xincai_gateway.outgoing import Consignment, Result, deliver

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
        """An element, waited for: a page may still be on its way."""
        found = self.say("POST", "/element", using="css selector", value=css)
        assert isinstance(found, dict)
        return f"/element/{found[ELEMENT]}"

    def type(self, css: str, text: str) -> None:
        self.say("POST", f"{self.find(css)}/value", text=text)

    def click(self, css: str) -> None:
        self.say("POST", f"{self.find(css)}/click")

    def follow(self, css: str) -> None:
        """Click what leads to another page, and wait until this one is left: the next click would meet the
        old page, and one of the two ways be lost.
        """
        page, until = self.find("html"), clock.monotonic() + 20
        self.click(css)
        while isinstance(requests.get(f"{self.url}{page}/name", timeout=60).json()["value"], str):
            assert clock.monotonic() < until, css
            clock.pause(0.02)

    def text(self, css: str) -> str:
        while True:
            found = requests.get(f"{self.url}{self.find(css)}/text", timeout=60).json()["value"]
            if isinstance(found, str):  # else the page was left meanwhile
                return found

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
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1366,768"]
        wanted = {
            "alwaysMatch": {
                "browserName": "chrome",
                "goog:chromeOptions": {"binary": BROWSER, "args": arguments},
                "goog:loggingPrefs": {"browser": "ALL"},
                "timeouts": {"implicit": 20_000},
            }
        }
        session = requests.post(url, json={"capabilities": wanted}, timeout=60).json()["value"]
        yield Browser(f"{url}/{session['sessionId']}")
        requests.delete(f"{url}/{session['sessionId']}", timeout=60)
    finally:
        driver.terminate()
        driver.wait(20)
        driver.stdout.close()


WIDTHS = "return [document.documentElement.scrollWidth, window.innerWidth]"
"""How wide the page is and how wide what one sees of it."""


def log_in(browser: Browser, passphrase: str = PASSPHRASE) -> None:
    browser.type("input[name=name]", "admin")
    browser.type("input[name=passphrase]", passphrase)
    browser.follow("main button")


def look_at(browser: Browser, picture: Path) -> None:
    """Nothing sticks out to the side at 1366 pixels, and the browser finds nothing to complain about."""
    wide, seen = browser.say("POST", "/execute/sync", script=WIDTHS, args=[])  # type: ignore[misc]
    browser.picture(picture)
    assert wide <= seen, picture.name
    assert browser.complaints() == [], picture.name


@pytest.mark.parametrize("state", ["empty", "full"])
def test_every_page_stands_in_both_languages(tmp_path: Path, browser: Browser, state: str) -> None:
    with opened(tmp_path) as office, serving(tmp_path, "") as url:
        if state == "full":
            fill(office)
        for language in ("zh", "en"):
            browser.open(f"{url}/admin/login?lang={language}")
            look_at(browser, tmp_path / f"{language}-login.png")
            log_in(browser)
            for page in PAGES:
                if page == "flag":
                    continue
                browser.open(f"{url}/admin/{page}")
                look_at(browser, tmp_path / f"{language}-{page}.png")
            if state == "full":
                for page in ("flags", "deliveries"):
                    browser.open(f"{url}/admin/{page}")
                    browser.follow("tbody a")
                    assert browser.text("tbody tr")
                    look_at(browser, tmp_path / f"{language}-{page}-one.png")
            browser.follow("header form button")


def test_a_report_reads_as_the_form_asked(tmp_path: Path, browser: Browser) -> None:
    with opened(tmp_path, asks=TOLD) as office, serving(tmp_path, "") as url:
        told(office, **{"house.jpg": b"house" * 1000})
        for language, words in (("zh", "小麦、玉米 wheat maize"), ("en", "Wheat, Maize wheat maize")):
            browser.open(f"{url}/admin/login?lang={language}")
            log_in(browser)
            browser.open(f"{url}/admin/subject")
            browser.type("input[name=code]", person(1)["code"])
            browser.type("input[name=purpose]", "主体来函")
            browser.follow("main button")
            assert words in browser.text("tbody")
            assert "house.jpg 5 KB" in browser.text("main ul")
            look_at(browser, tmp_path / f"{language}-report.png")
            browser.follow("header a")
            look_at(browser, tmp_path / f"{language}-report-in-other.png")
            browser.follow("header a")
            browser.follow("header form button")


def fill(office: Office) -> None:
    """Something for every page, with words as long as they come."""
    database = office.gateway.database
    office.files = {"a.jpg": b"field"}
    spot = "33.12345 113.54321 0 0"
    office.deliver(*(person(n, photo="a.jpg", spot=spot, note="备注" * 40) for n in range(8)))
    office.deliver(*(person(20 + n, area="-1") for n in range(3)))
    offices.describe(
        database, OFFICE, "示例县柳河镇便民服务中心（农业农村综合服务站）", "李示例 0375-0000000"
    )
    offices.set_officer(database, OFFICE, office.device.device, "王示例")
    offices.describe(database, "410499102", "示例县杏花镇便民服务中心")
    offices.close(database, "410499102", "admin")
    deliver(office.gateway, Refusing())
    flags.look(database, OFFICE)
    (first, *_) = database.rows(schema.records.select())
    rights.object_to(database, OFFICE, str(first["record"]), "面积与实际承包的不一致，" * 10, "admin")
    rights.report(office.gateway, person(1)["code"], Asking("admin", "主体来函要求查询" * 8))


class Refusing:
    """A destination with a long name that refuses everything in many words."""

    name = "https://financing-credit.platform.county.example/exchange/v1/receive/agriculture"

    def send(self, consignment: Consignment, _: Callable[[], None]) -> Result:
        return Result("3006", "不在管辖范围，请核对区划代码与单位代码是否一致。" * 5)


def test_what_is_downloaded_is_the_file(tmp_path: Path, browser: Browser) -> None:
    out = tmp_path / "down"
    out.mkdir()
    with opened(tmp_path) as office, serving(tmp_path, "") as url:
        office.deliver(person(1), person(2))
        allowed = {"behavior": "allow", "downloadPath": str(out)}
        browser.say("POST", "/goog/cdp/execute", cmd="Browser.setDownloadBehavior", params=allowed)
        browser.open(f"{url}/admin/data")
        log_in(browser)
        browser.open(f"{url}/admin/data")
        for kind in ("csv", "parquet"):
            browser.click(f"select[name=kind] option[value={kind}]")
            browser.type("input[name=purpose]", "季度核对")
            browser.click("main button")
            file, until = out / f"office_test.{kind}", clock.monotonic() + 30
            while not file.exists() and clock.monotonic() < until:
                clock.pause(0.05)
            assert file.exists(), kind
        rows = list(csv.DictReader((out / "office_test.csv").read_text("utf-8-sig").splitlines()))
        assert [row["subject_name"] for row in rows] == ["测**", "测**"]
        assert pyarrow.parquet.read_table(out / "office_test.parquet").num_rows == 2
        browser.open(f"{url}/admin/accesses")
        assert browser.text("tbody").count("季度核对") >= 2


FOCUSED = "return document.activeElement.outerHTML"
TAB = {
    "type": "key",
    "id": "keys",
    "actions": [{"type": way, "value": "\ue004"} for way in ("keyDown", "keyUp")],
}


def test_a_page_is_reached_by_keys_and_prints_as_a_list(tmp_path: Path, browser: Browser) -> None:
    with opened(tmp_path) as office, serving(tmp_path, "") as url:
        fill(office)
        browser.open(f"{url}/admin/login")
        log_in(browser)
        assert browser.text("h1") == "设备"
        browser.say("POST", "/actions", actions=[TAB])
        focused = browser.say("POST", "/execute/sync", script=FOCUSED, args=[])
        assert 'href="#main"' in str(focused)
        printed = browser.say("POST", "/print", orientation="portrait")
        with pypdfium2.PdfDocument(base64.b64decode(str(printed))) as document:
            text = "".join(page.get_textpage().get_text_bounded() for page in document)
        assert office.device.device.replace("-", "") in re.sub(r"[-\s\x02\ufffe]", "", text)
        assert "柳河镇便民服务中心" in text.replace("\r\n", "")
        for button in ("签发登记码", "停用", "退出", "主体查询"):
            assert button not in text, button


def test_trouble_is_told_where_it_happened(tmp_path: Path, browser: Browser) -> None:
    with opened(tmp_path), serving(tmp_path, "") as url:
        browser.open(f"{url}/admin")
        log_in(browser, "not the passphrase")
        assert "登录名或口令不对" in browser.text("[role=alert]")
        log_in(browser)
        assert browser.text("h1") == "设备"
        browser.type("input[name=office]", "不对")
        browser.follow("main form.row button")
        assert "采集单位代码应为" in browser.text("[role=alert]")
        browser.follow("main a")
        assert browser.text("h1") == "设备"


def test_an_administrator_works_through_the_pages(tmp_path: Path, browser: Browser) -> None:
    with opened(tmp_path) as office, serving(tmp_path, "") as url:
        office.files = {"a.jpg": b"field"}
        office.deliver(person(1, photo="a.jpg"), person(2, photo="a.jpg"), person(3, area="-1"))
        browser.open(f"{url}/admin")
        log_in(browser)
        assert browser.text("h1") == "设备"
        assert office.device.device in browser.text("tbody")
        for page, there in {
            "batches": "相接",
            "rejects": "/data/area",
            "quality": "66.7%",
            "data": "走访 · 2 件",
            "published": "还没有发布过。",
            "accesses": "还没有访问。",
            "objections": "没有异议。",
            "subject": "用途",
        }.items():
            browser.follow(f"nav a[href='/admin/{page}']")
            assert there in browser.text("main")
            browser.picture(tmp_path / f"{page}.png")
        browser.follow("nav a[href='/admin/flags']")
        browser.follow("main form button")
        assert "不同主体用同一张照片" in browser.text("tbody")
        browser.type("input[name=note]", "同一仓库")
        browser.follow("button[value=无问题]")
        assert "同一仓库" in browser.text("tbody")
        browser.follow("nav a[href='/admin/subject']")
        browser.type("input[name=code]", person(1)["code"])
        browser.type("input[name=purpose]", "主体来函")
        browser.follow("main button")
        assert person(1)["name"] in browser.text("main")
        browser.picture(tmp_path / "report.png")
        browser.type(".danger input[name=reason]", "主体来函")
        browser.type(".danger input[name=again]", person(1)["code"])
        browser.follow(".danger button")
        assert browser.text(".done") == "数据已删除。"
        browser.follow(".switch")
        assert browser.text("h1") == "Activity"
        browser.picture(tmp_path / "english.png")
        assert browser.complaints() == []
        browser.follow("nav a[href='/admin/devices']")
        browser.click("summary")
        browser.follow("button.grave")
        assert browser.text(".done") == "The device is shut out."
        browser.follow("header form button")
        assert browser.text("h1") == "Log in"


def test_a_slip_on_the_page_is_read_at_the_desk_and_lets_the_device_in(
    tmp_path: Path, browser: Browser
) -> None:
    """From the administrator's page to a picture of it, to the desk's fields, to the gateway over HTTP."""
    with opened(tmp_path) as office, serving(tmp_path, "") as url:
        with gateways.running(tmp_path / "data", tmp_path / "forms") as running:
            for language in ("zh", "en"):
                browser.open(f"{url}/admin/login?lang={language}")
                log_in(browser)
                browser.open(f"{url}/admin/devices")
                browser.type("input[name=office]", OFFICE)
                if language == "zh":  # it is remembered
                    browser.type("input[name=address]", running.url)
                browser.follow("main form.row button")
                assert running.url in browser.text(".slip")
                look_at(browser, tmp_path / f"{language}-slip.png")
                browser.follow("header form button")
                desk = Desk(tmp_path / language, kdf=KdfParams.for_tests())
                try:
                    desk.begin(Beginning(Profile("officer", "李秀兰", "柳河镇农业服务中心"), PASSPHRASE))
                    slip = desk.read_enrolment_slip(tmp_path / f"{language}-slip.png")
                    assert desk.enrol(slip.address, slip.code).url == running.url
                finally:
                    desk.close()
        assert len(enrol.standing(office.gateway.database)) == 3
