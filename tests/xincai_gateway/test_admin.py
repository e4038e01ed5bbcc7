"""The administrator's pages, over real HTTP: who may see them, what they do, what they never let through."""

import csv
import io
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import lxml.html
import pytest
import requests
import sqlalchemy as sa

import gateways
from gateways import OFFICE
from offices import PASSPHRASE, VILLAGE, Office, opened, person, serving
from xincai import paths
from xincai.errors import Problem
from xincai.wire.messages import EnrolRequest
from xincai.wire.published import Assignment, Given, NoticeText, Visit
from xincai_gateway import judging, offices, publishing, schema
from xincai_gateway.accepted import plain
from xincai_gateway.admin.pages import PAGES
from xincai_gateway.administrators import FREE, log_in, set_passphrase
from xincai_gateway.enrol import enrol, issue_code
from xincai_gateway.outgoing import Consignment, Result, deliver

HTML = paths.resources() / "admin"


@dataclass
class Visitor:
    """A browser without scripts."""

    url: str
    office: Office
    session: requests.Session = field(default_factory=requests.Session)

    def get(self, page: str) -> requests.Response:
        return self.session.get(f"{self.url}/admin/{page}", timeout=20)

    def tree(self, page: str) -> lxml.html.HtmlElement:
        return lxml.html.fromstring(self.get(page).content.decode())

    def post(self, act: str, headers: "dict[str, str] | None" = None, **fields: str) -> requests.Response:
        return self.session.post(f"{self.url}/admin/{act}", data=fields, headers=headers, timeout=20)

    def mark(self) -> str:
        return str(self.tree("devices").xpath("//input[@name='csrf']/@value")[0])

    def log_in(self) -> None:
        assert "停用" in self.post("login", name="admin", passphrase=PASSPHRASE).text


@pytest.fixture(scope="module")
def visitor(
    backend: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Visitor]:
    folder = tmp_path_factory.mktemp("admin")
    url = "" if backend == "embedded" else request.getfixturevalue("pg").database()
    with opened(folder, url) as office, serving(folder, url) as address:
        office.files = {"a.jpg": b"field"}
        office.deliver(
            person(1, photo="a.jpg", note="=cmd|' /C calc'!A0"),
            person(2, photo="a.jpg", note="<script>alert(1)</script>", income="-5"),
            person(3, area="-1"),
        )
        yield Visitor(address, office)


@pytest.fixture
def inside(visitor: Visitor) -> Visitor:
    fresh = Visitor(visitor.url, visitor.office)
    fresh.log_in()
    return fresh


@pytest.mark.parametrize("page", [*PAGES, "nothing"])
def test_no_page_is_shown_to_a_stranger(visitor: Visitor, page: str) -> None:
    reply = requests.get(f"{visitor.url}/admin/{page}", timeout=20, allow_redirects=False)
    assert (reply.status_code, reply.headers["Location"]) == (303, "/admin/login")
    act = requests.post(f"{visitor.url}/admin/revoke", data={}, timeout=20, allow_redirects=False)
    assert act.headers["Location"] == "/admin/login"


@pytest.mark.parametrize("page", [page for page in PAGES if page != "flag"])
def test_every_page_is_whole_in_both_languages_and_reaches_nothing_else(inside: Visitor, page: str) -> None:
    chinese, english = inside.get(page), inside.get(f"{page}?lang=en")
    for reply in (chinese, english):
        assert reply.status_code == 200
        assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
        assert reply.headers["Cache-Control"] == "no-store"
        tree = lxml.html.fromstring(reply.content.decode())
        assert not tree.xpath("//script | //@style | //@onclick | //img")
        assert all(
            link.startswith(("/admin/", "?lang=", "#")) for link in tree.xpath("//@href | //@src | //@action")
        )
    data = {"测试", "甲", "丙", "中文", "演练前置机"}
    words = lxml.html.fromstring(english.content.decode()).xpath("//main//h1/text() | //nav//text()")
    assert not [word for word in words if re.search("[一-鿿]", word) and word not in data]
    inside.get(f"{page}?lang=zh")


def test_every_word_of_the_pages_has_its_english() -> None:
    known = tomllib.loads((HTML / "en.toml").read_text("utf-8"))
    said: set[str] = set()
    for file in HTML.glob("*.html"):
        text = file.read_text("utf-8")
        bare = re.sub(
            r"t\((?:'[^']*'|\{.*?\}\[.*?\])\)|\{% set title = '[^']*' %\}|lang == 'en' else '中文'", "", text
        )
        said |= set(re.findall(r"'([^']*[一-鿿][^']*)'", text))
        outside = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", bare)
        assert not re.search(r"[一-鿿]", outside), file.name
    assert said - {"中文"} <= known.keys(), sorted(said - known.keys())
    assert all(not re.search("[一-鿿]", english) for english in known.values())


def test_devices_batches_and_rejects_are_shown_as_they_are(inside: Visitor) -> None:
    device = inside.office.device.device
    assert device in inside.get("devices").text
    row = inside.tree("batches").xpath("//tbody/tr[1]/td/text()")
    assert "相接" in row
    rejects = inside.tree("rejects").xpath("//tbody/tr/td/text()")
    assert {"/data/area", "2002"} <= set(rejects)
    assert "66.7%" in inside.get(f"quality?office={OFFICE}").text


def test_what_is_published_is_listed_and_withdrawn(inside: Visitor) -> None:
    gateway = inside.office.gateway
    publishing.publish_notice(gateway, NoticeText("meeting", "2026-11-22T00:00:00Z", "开会", ""), OFFICE)
    publishing.publish_notice(gateway, NoticeText("<b>all", "2026-11-22T00:00:00Z", "开会", ""))
    rows = [" ".join(row.itertext()) for row in inside.tree("published").xpath("//tbody/tr")]
    assert len(rows) == 2
    assert "所有单位" in rows[0]
    assert "<b>all" in rows[0]
    assert OFFICE in rows[1]
    for form in inside.tree("published").xpath("//form[@action='/admin/unpublish']"):
        fields = {each.get("name"): each.get("value") for each in form.xpath(".//input")}
        assert "已撤下" in inside.post("unpublish", **fields).text
        assert inside.post("unpublish", **fields).status_code == 400
    assert publishing.standing(gateway) == []


def test_offices_are_named_where_their_codes_stand(inside: Visitor) -> None:
    name = "柳河镇便民服务中心<b>"
    offices.describe(inside.office.gateway.database, OFFICE, name)
    for page in ("devices", "batches", "rejects", "quality"):
        assert name in inside.tree(page).xpath("//tbody//td/span/text()"), page
    for page in ("quality", "flags", "data"):
        (option,) = inside.tree(page).xpath(f"//select[@name='office']/option[@value='{OFFICE}']/text()")
        assert option == f"{OFFICE} {name}"
    assert inside.tree("devices").xpath(f"//datalist/option[@value='{OFFICE}']/text()") == [name]


def test_a_page_that_there_is_not_is_told_so(inside: Visitor) -> None:
    for reply in (inside.get("nothing"), inside.post("nothing", csrf=inside.mark())):
        assert (reply.status_code, "没有这个页面" in reply.text) == (404, True)


def test_what_people_wrote_is_text_and_nothing_else(inside: Visitor) -> None:
    reply = inside.post("report", csrf=inside.mark(), code=person(2)["code"], purpose="主体来函")
    tree = lxml.html.fromstring(reply.content.decode())
    assert not tree.xpath("//script")
    assert "<script>alert(1)</script>" in tree.xpath("//td/text()")
    assert person(2)["code"][:6] in inside.get("accesses").text
    assert person(2)["code"] not in inside.get("accesses").text


def test_a_form_without_the_sessions_mark_or_from_elsewhere_changes_nothing(inside: Visitor) -> None:
    fields = {"office": OFFICE, "device": inside.office.device.device}
    assert inside.post("revoke", csrf="0" * 32, **fields).status_code == 403
    assert inside.post("revoke", **fields).status_code == 403
    elsewhere = {"Origin": "http://elsewhere.example"}
    assert inside.post("revoke", elsewhere, csrf=inside.mark(), **fields).status_code == 403
    crossing = {"Sec-Fetch-Site": "cross-site"}
    assert inside.post("revoke", crossing, csrf=inside.mark(), **fields).status_code == 403
    assert inside.post("login", elsewhere, name="admin", passphrase=PASSPHRASE).status_code == 403
    (device,) = inside.office.gateway.database.rows(schema.devices.select())
    assert device["revoked_at"] is None


def test_a_code_is_issued_and_its_device_shut_out(inside: Visitor) -> None:
    reply = inside.post("code", csrf=inside.mark(), office=OFFICE)
    assert re.search(OFFICE + r"-\w{4}-\w{4}-\w{4}\.[0-9a-f]{16}", reply.text)
    done = inside.post("revoke", csrf=inside.mark(), office=OFFICE, device="nobody")
    assert done.status_code == 400
    assert lxml.html.fromstring(done.text).xpath("//*[@role='alert']")


def test_flags_are_looked_for_and_reviewed(inside: Visitor) -> None:
    inside.post("look", csrf=inside.mark(), office=OFFICE)
    (form,) = inside.tree("flags").xpath("//form[@action='/admin/review']")
    fields = {each.get("name"): each.get("value") for each in form.xpath(".//input")}
    reply = inside.session.post(
        f"{inside.url}/admin/review", data={**fields, "note": "同一仓库", "verdict": "无问题"}, timeout=20
    )
    assert "无问题 · admin · 同一仓库" in reply.text


def test_a_flag_names_its_records_and_nobody(inside: Visitor) -> None:
    inside.post("look", csrf=inside.mark(), office=OFFICE)
    (address,) = inside.tree("flags").xpath("//tbody//a/@href")
    page = inside.tree(address.removeprefix("/admin/"))
    held = inside.office.gateway.database.rows(schema.flagged.select())
    assert sorted(page.xpath("//tbody/tr/td[1]/code/text()")) == sorted(row["record"] for row in held)
    assert "410499********0001" in page.xpath("//tbody//td/text()")
    assert inside.get(f"flag?office={OFFICE}&flag=nothing").status_code == 400


def test_an_office_has_a_name_and_is_closed_with_its_devices(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office, serving(tmp_path, db_url) as url:
        inside = Visitor(url, office)
        inside.log_in()
        mark = inside.mark()
        named = {"csrf": mark, "office": OFFICE, "name": "柳河镇便民服务中心", "contact": "李示例"}
        assert "柳河镇便民服务中心" in inside.post("name", **named).text
        device = office.device.device
        told = inside.post("officer", csrf=mark, office=OFFICE, device=device, officer="王示例")
        assert lxml.html.fromstring(told.text).xpath("//input[@name='officer']/@value") == ["王示例"]
        assert (
            inside.post("officer", csrf=mark, office=OFFICE, device="nobody", officer="x").status_code == 400
        )
        assert inside.post("name", csrf=mark, office=OFFICE, name=" ").status_code == 400
        assert "单位已停办" in inside.post("close_office", csrf=mark, office=OFFICE).text
        (row,) = office.gateway.database.rows(schema.devices.select())
        assert row["revoked_at"]
        assert inside.post("code", csrf=mark, office=OFFICE).status_code == 400
        assert inside.post("reopen", csrf=mark, office=OFFICE).status_code == 200
        assert inside.post("reopen", csrf=mark, office=OFFICE).status_code == 400
        assert OFFICE + "-" in inside.post("code", csrf=mark, office=OFFICE).text
        (row,) = office.gateway.database.rows(schema.devices.select())
        assert row["revoked_at"], "a device that was shut out stays out"


def test_an_unused_code_of_a_closed_office_is_worth_nothing(tmp_path: Path) -> None:
    with opened(tmp_path) as office:
        database = office.gateway.database
        code = issue_code(database, OFFICE, "0" * 16, practice=True)
        offices.describe(database, OFFICE, "柳河镇便民服务中心")
        assert offices.name_of(database, OFFICE) == "柳河镇便民服务中心"
        with pytest.raises(Problem, match="office_unknown"):
            offices.close(database, "410499777", "admin")
        assert [row["office"] for row in offices.standing(database)] == [OFFICE]
        offices.close(database, OFFICE, "admin")
        (row,) = offices.standing(database)
        assert (row["closed_by"], bool(row["closed_at"])) == ("admin", True)
        with pytest.raises(Problem, match="office_closed_before"):
            offices.close(database, OFFICE, "another")
        other = gateways.Device("", office.gateway.identity.gateway)
        with pytest.raises(Problem, match="bad_code"):
            enrol(database, EnrolRequest.model_validate(other.enrolment(code)))


def test_what_was_refused_is_sent_again_by_the_page(tmp_path: Path) -> None:
    class Refusing:
        name = "https://platform.example/api"

        def send(self, consignment: Consignment, _: Callable[[], None]) -> Result:
            return Result("3006", "不在管辖范围")

    with opened(tmp_path) as office, serving(tmp_path, "") as url:
        office.deliver(person(1))
        deliver(office.gateway, Refusing())
        inside = Visitor(url, office)
        inside.log_in()
        (form,) = inside.tree("deliveries").xpath("//form[@action='/admin/resend']")
        fields = {each.get("name"): each.get("value") or "" for each in form.xpath(".//input")}
        address = inside.tree("deliveries").xpath("//tbody//a/@href")[0]
        assert "3006" in inside.get(address.removeprefix("/admin/")).text
        assert inside.post("resend", **fields).status_code == 400, "without a reason nothing goes"
        told = inside.post("resend", **{**fields, "reason": "辖区已更正"})
        assert "admin · 辖区已更正" in told.text
        assert not lxml.html.fromstring(told.text).xpath("//form[@action='/admin/resend']")
        states = [row["status"] for row in office.gateway.database.rows(schema.deliveries.select())]
        assert sorted(states) == ["失败", "待上报"]


def test_data_are_taken_away_masked_and_the_access_is_noted(inside: Visitor) -> None:
    fields = {"csrf": inside.mark(), "form": "office_test", "office": "", "kind": "csv"}
    assert inside.post("download", **fields, level="L2", purpose="").status_code == 400
    reply = inside.post("download", **fields, level="L2", purpose="季度核对")
    assert reply.headers["Content-Disposition"] == 'attachment; filename="office_test.csv"'
    first, second = csv.DictReader(io.StringIO(reply.content.decode("utf-8-sig")))
    by_name = sorted((first, second), key=lambda row: row["/data/note"])
    assert by_name[0]["/data/note"] == "'=cmd|' /C calc'!A0"
    assert {row["subject_name"] for row in by_name} == {"测**"}
    assert {row["subject_code"] for row in by_name} == {"410499********0001", "410499********0002"}
    assert by_name[1]["/data/income"] == "***"
    assert by_name[1]["/data/place/village"] == person(2)["village"]
    assert {row["region"] for row in by_name} == {person(2)["village"]}
    assert person(1)["code"] not in reply.content.decode()
    public = inside.post("download", **fields, level="L1", purpose="季度核对").content.decode("utf-8-sig")
    assert {row["region"] for row in csv.DictReader(io.StringIO(public))} == {"***"}
    assert person(2)["village"] not in public
    whole = inside.post("download", **fields, level="L4", purpose="主体来函").content.decode("utf-8-sig")
    assert person(1)["code"] in whole
    assert "-5" in whole
    noted = inside.office.gateway.database.rows(schema.accesses.select())
    assert {("季度核对", "L2", 2), ("主体来函", "L4", 2)} <= {
        (row["purpose"], row["level"], row["records"]) for row in noted
    }


def test_a_download_that_is_cut_is_noted_all_the_same(inside: Visitor) -> None:
    fields = {"csrf": inside.mark(), "form": "office_test", "office": "", "level": "L2", "kind": "csv"}
    with inside.session.post(
        f"{inside.url}/admin/download", data={**fields, "purpose": "只看开头"}, stream=True, timeout=20
    ) as reply:
        assert reply.raw.read(3) == b"\xef\xbb\xbf"
    noted = inside.office.gateway.database.rows(schema.accesses.select())
    assert [row["records"] for row in noted if row["purpose"] == "只看开头"] == [2]


def test_parquet_holds_what_the_csv_holds(inside: Visitor) -> None:
    import pyarrow.parquet

    fields = {"csrf": inside.mark(), "form": "office_test", "office": OFFICE, "level": "L3"}
    data = inside.post("download", **fields, kind="parquet", purpose="季度核对").content
    table = pyarrow.parquet.read_table(io.BytesIO(data)).to_pylist()
    text = inside.post("download", **fields, kind="csv", purpose="季度核对").content.decode("utf-8-sig")
    assert [{key: plain(value) for key, value in row.items()} for row in table] == list(
        csv.DictReader(io.StringIO(text))
    )


def test_wrong_passphrases_are_made_to_wait_and_are_not_told_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begun: list[sa.Connection] = []
    begin = begun.append
    with opened(tmp_path) as office:
        database = office.gateway.database
        with pytest.raises(Problem, match="short_passphrase"):
            set_passphrase(database, "admin", "short")
        set_passphrase(database, "admin", PASSPHRASE)
        (row,) = database.rows(schema.administrators.select())
        assert row["passphrase"].startswith("$argon2id$")
        for name in ("admin", "nobody"):
            for _ in range(FREE):
                with pytest.raises(Problem, match="bad_passphrase"):
                    log_in(database, name, "a wrong passphrase", begin)
            with pytest.raises(Problem, match="wait_to_log_in"):
                log_in(database, name, PASSPHRASE, begin)
        set_passphrase(database, "admin", PASSPHRASE)
        log_in(database, "admin", PASSPHRASE, begin)
        assert len(begun) == 1


def test_a_new_passphrase_and_logging_out_end_a_session(inside: Visitor) -> None:
    mark = inside.mark()
    kept = dict(inside.session.cookies)
    assert "口令" in inside.post("logout", csrf=mark).text
    back = requests.get(f"{inside.url}/admin/devices", cookies=kept, timeout=20, allow_redirects=False)
    assert back.status_code == 303


def test_a_subject_objects_and_withdraws_by_the_pages(inside: Visitor) -> None:
    code = person(7)["code"]
    ((record, _, _),) = inside.office.deliver(person(7))
    mark = inside.mark()
    assert (
        "面积不对" in inside.post("object", csrf=mark, office=OFFICE, record=record, reason="面积不对").text
    )
    asked = {"csrf": mark, "code": code, "reason": "主体来函"}
    assert inside.post("withdraw", **asked, again="other").status_code == 400
    assert inside.office.gateway.database.row(
        schema.records.select().where(schema.records.c.record == record)
    )
    assert "撤回删除" in inside.post("withdraw", **asked, again=code).text
    assert inside.post("report", csrf=mark, code=code, purpose="主体来函").status_code == 400


def test_the_pages_tell_what_was_returned_what_waits_and_which_rosters_name_a_subject(
    inside: Visitor,
) -> None:
    office, code = inside.office, person(8)["code"]
    office.deliver(person(8, area="-1"))
    office.keep(office._record(dict(person(8, note="尚未处理")), {}))
    visit = Visit("v1", "HH", code, "测试8", VILLAGE, "柳河村", (Given("office_test", "note", "原有的话"),))
    assignment = Assignment("a8", "秋季走访", "2026-12-31", ("office_test",), (visit,))
    publishing.publish_assignment(office.gateway, assignment, OFFICE)
    asked = {"csrf": inside.mark(), "code": code}
    page = inside.post("report", **asked, purpose="主体来函").text
    for words in ("已退回", "为何退回", "面积：填写的内容", "待处理", "尚未处理", "秋季走访", "原有的话"):
        assert words in page
    assert 'action="/admin/object"' not in page, "nothing is accepted"
    page = inside.post("withdraw", **asked, reason="主体来函", again=code).text
    assert "从名单中去掉这一行" in page
    assert "秋季走访" in page
    assert not office.gateway.database.rows(
        schema.returned.select().where(schema.returned.c.subject_code == code)
    )
    judging.settle_open(office.gateway)
    assert not office.holds(code.encode())
    page = inside.post("withdraw", **asked, reason="主体来函", again=code).text
    assert "没有删除任何填报件" in page
    assert "数据已删除" not in page


@pytest.mark.parametrize(("header", "status"), [("Origin", 403), ("Referer", 400)])
def test_an_address_that_is_none_is_foreign_and_no_fault(inside: Visitor, header: str, status: int) -> None:
    fields = {"csrf": inside.mark(), "office": OFFICE, "record": "x", "reason": ""}
    assert inside.post("object", {header: "http://["}, **fields).status_code == status
    assert inside.get("devices").status_code == 200


def test_a_character_that_cannot_be_kept_is_told(visitor: Visitor, inside: Visitor) -> None:
    stranger = requests.post(
        f"{visitor.url}/admin/login", data={"name": "a\0", "passphrase": "b"}, timeout=20
    )
    mark = inside.mark()
    for reply in (
        stranger,
        inside.get("rejects?office=%00"),
        inside.post("report", csrf=mark, code="4104\0", purpose="来函"),
    ):
        assert (reply.status_code, "不能保存的字符" in reply.text) == (400, True)


def test_a_fault_of_ours_is_told_in_words(inside: Visitor) -> None:
    def name(old: str, new: str) -> None:
        statement = sa.text(f"ALTER TABLE {old} RENAME TO {new}")
        inside.office.gateway.database.write(lambda connection: connection.execute(statement))

    name("outcomes", "elsewhere")
    try:
        reply = inside.get("rejects")
    finally:
        name("elsewhere", "outcomes")
    told = "前置机内部出错" in reply.text, "elsewhere" in reply.text, "outcomes" in reply.text
    assert (reply.status_code, *told) == (500, True, False, False)
