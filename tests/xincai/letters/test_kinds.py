"""Every kind of letter, composed from a record that was really filled and sealed."""

import datetime
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from forms.filler import Filler, examples
from xincai import clock
from xincai.errors import Problem
from xincai.letters import Held, Issue, Letter, batch_slip, page_count, render, report, section, verify_letter
from xincai.letters.compose import KINDS, Kind, kinds_of
from xincai.letters.letter import Language, Signing, Table
from xincai.letters.template import letter_text, parse
from xincai.records import Attachment, Record, Subject, seal_record
from xincai.shelf import Shelf, Sources
from xincai.wire.suites import PrivateKey
from xincai.xforms import Form, Session

Filled = tuple[Record, Form]
Make = Callable[..., Letter]

AT = datetime.datetime(2026, 11, 22, 3, 4, 5, tzinfo=datetime.UTC)
FORMS = Path(__file__).parents[3] / "forms"
MADE_FROM: Mapping[Kind, tuple[str, str]] = {
    "commitment": ("commitment", "ENT"),
    "truth": ("commitment", "HH"),
    "authorisation": ("authorisation", "ENT"),
    "consent": ("consent", "HH"),
    "objection": ("objection", "ENT"),
    "repair": ("repair", "ENT"),
    "whitelist": ("visit", "ENT"),
    "withdrawal": ("withdrawal", "HH"),
    "summary": ("household", "HH"),
    "proxy": ("household", "HH"),
    "witness": ("household", "HH"),
    "receipt": ("household", "HH"),
}
ELEMENTS: Mapping[Kind, tuple[str, ...]] = {
    "commitment": ("信用承诺书", "违诺责任", "公开范围和有效期", "承诺编码", "受理单位代码"),
    "truth": ("自愿填报", "真实、准确、完整", "比对核验", "30日内更新", "随时更正", "撤回", "他人"),
    "authorisation": ("被授权机构", "授权信息范围", "使用目的", "授权期限", "风险告知", "撤回方式"),
    "consent": (
        "处理者",
        "保存期限",
        "您的权利",
        "身份证件号码",
        "收支、贷款",
        "婚姻状况",
        "向第三方提供",
        "监护人",
        "精确位置",
        "不同意的后果",
        "0375-1234567",
    ),
    "objection": (
        "信息类别",
        "来源单位",
        "异议类型",
        "异议理由",
        "申请更正为",
        "佐证材料",
        "异议信用承诺",
        "受理编号",
        "核查意见",
        "异议处理中",
        "罚款缴纳票据",
    ),
    "repair": (
        "决定书文书号",
        "认定单位",
        "失信程度",
        "义务履行和整改",
        "证明材料",
        "信用修复承诺",
        "信用中国",
        "法定代表人身份证明",
    ),
    "whitelist": (
        "合规持续经营",
        "固定经营场所",
        "真实融资需求",
        "信用状况良好",
        "依法合规",
        "300,000.00元",
        "人民币叁拾万元整",
        "12个月",
        "首贷户",
        "意向银行",
        "授权书",
        "县区专班意见",
        "银行反馈",
    ),
    "withdrawal": (
        "撤回对采集",
        "删除已经采集",
        "是否申请",
        "涉及的范围",
        "不影响办理任何政务服务",
        "办理结果",
    ),
    "summary": ("填报信息摘要签字页", "逐项核对", "签字（捺印）", "采集人签名", "家庭人口"),
    "proxy": ("委托人", "受托人", "委托事项", "不在委托范围", "转委托", "期限"),
    "witness": ("宣读人", "见证人", "逐句宣读", "捺印", "没有利害关系", "听懂"),
    "receipt": ("回执编号", "采集人", "摘要（SM3）", "更正", "撤回", "尚未报送平台"),
}
TYPES: Mapping[str, tuple[str, ...]] = {
    "1": ("审批替代型", "食品经营许可", "告知书", "2026年12月22日", "限期整改", "撤销许可决定"),
    "2": ("容缺受理型", "场所平面图", "2026年12月22日", "退回申请"),
    "3": ("证明事项型", "无房证明", "设定依据", "可以撤回本承诺", "承诺不实"),
    "4": ("信用修复型", "决定书文书号", "已经纠正失信行为", "最长公示期"),
    "5": ("行业自律型", "行业规约", "行业惩戒"),
    "6": ("主动型", "自愿填报信用信息", "停用融资推荐资格"),
    "0": ("其他", "自愿填报信用信息"),
}


def sealed(form_id: str, kind: str, language: str = "", **chosen: str) -> Filled:
    """A record of a form in which everything that it asks is answered."""
    form = Shelf().open(form_id)
    with clock.fixed(AT, seed=f"{form_id}{chosen}"):
        session = Session.new(form, properties={"username": "李测试", "deviceid": "TEST"})
        Filler(session, examples(form, Sources.read(FORMS).rules), kind).fill(full=True, **chosen)
        files = {
            value for ref, value, _ in session.leaves() if value and session.entry(ref).control == "upload"
        }
        held = [Attachment(name, "ab" * 32, 100, "image/png") for name in sorted(files)]
        record_id = "3f6c9c1e-6f8e-4e29-9a61-0b8d3a7f3d11"
        return seal_record(form, session, record_id=record_id, form_sm3="0" * 64, attachments=held), form


@pytest.fixture(scope="module")
def filled() -> Callable[..., Filled]:
    made: dict[tuple[Any, ...], Filled] = {}

    def once(form_id: str, kind: str, **chosen: str) -> Filled:
        name = (form_id, kind, *sorted(chosen.items()))
        if name not in made:
            made[name] = sealed(form_id, kind, **chosen)
        return made[name]

    return once


@pytest.fixture(scope="module")
def issue(key: PrivateKey) -> Issue:
    return Issue("BG-410499-20261122-110405", "测试县融资信用服务中心", AT, key.sign, key.public.key_id)


def pages_of(pdf: bytes, folder: Path) -> list[str]:
    path = folder / "letter.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, text=True, check=True)
    return done.stdout.split("\f")[:-1]


def flat(text: str) -> str:
    return "".join(text.split())


def sections() -> list[Any]:
    return [section("家庭人口", [("**户主**姓名", "王测䶮"), ("备注", "")])]


def letter_of(kind: Kind, make: Make, filled: Callable[..., Filled], language: Language = "zh") -> Letter:
    extra = {"parts": sections()} if kind == "summary" else {}
    return make(kind, filled(*MADE_FROM[kind], signer_kind="3"), language=language, **extra)


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_holds_its_elements(
    kind: Kind, make: Make, filled: Callable[..., Filled], tmp_path: Path
) -> None:
    pages = pages_of(render(letter_of(kind, make, filled)), tmp_path)
    text = flat("".join(pages))
    assert [word for word in ELEMENTS[kind] if word not in text] == []
    assert not re.search(r"\{[a-z_]+|\*\*户主|<br|\\n", text)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_no_page_holds_only_a_signature_or_small_print(
    kind: Kind, language: Language, make: Make, filled: Callable[..., Filled], tmp_path: Path
) -> None:
    letter = letter_of(kind, make, filled, language)
    assert letter.title.isascii() == (language == "en")
    signing = [block for block in letter.blocks if isinstance(block, Signing)]
    assert signing
    for page in pages_of(render(letter), tmp_path):
        lines = [line for line in page.splitlines() if line.strip()]
        words = [
            line
            for line in lines
            if not re.match(r"^(— \d|校验码|文书编号|扫描|Check code|Letter 4|The QR)", line)
        ]
        assert len(words) >= 4, (kind, page)


@pytest.mark.parametrize("kind", KINDS)
def test_both_languages_say_the_same_things(kind: Kind, make: Make, filled: Callable[..., Filled]) -> None:
    shapes = []
    for language in ("zh", "en"):
        blocks = letter_of(kind, make, filled, language).blocks  # type: ignore[arg-type]
        tables = [len(block.rows) for block in blocks if isinstance(block, Table)]
        shapes.append((tables, [len(block.lines) for block in blocks if isinstance(block, Signing)]))
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_tells_which_wording_it_was(
    kind: Kind, make: Make, filled: Callable[..., Filled], key: PrivateKey
) -> None:
    letter = letter_of(kind, make, filled)
    verdict = verify_letter(render(letter), {key.public.key_id: key.public})
    assert verdict.valid
    assert verdict.seal is not None
    assert verdict.seal.text == letter_text(kind, "zh").sm3[:16] != letter_text(kind, "en").sm3[:16]


def test_one_changed_word_is_another_wording() -> None:
    text = "---\nversion: 1\ntitle: 题\n---\n愿意承担责任。\n"
    assert parse(text).sm3 != parse(text.replace("愿意", "不愿")).sm3


@pytest.mark.parametrize("code", TYPES)
def test_a_commitment_of_each_official_type(
    code: str, make: Make, filled: Callable[..., Filled], tmp_path: Path
) -> None:
    letter = make("commitment", filled("commitment", "ENT", cm_type=code))
    text = flat("".join(pages_of(render(letter), tmp_path)))
    assert [word for word in TYPES[code] if word not in text] == []
    others = {words[0] for other, words in TYPES.items() if other not in (code, "0")}
    assert not [word for word in others if f"（{word}）" in text]


def test_a_refusal_stands_in_the_consent_as_a_no(
    make: Make, filled: Callable[..., Filled], tmp_path: Path
) -> None:
    letter = make("consent", filled("consent", "HH", pc_finance="0", pc_marital="0"))
    table = next(block for block in letter.blocks if isinstance(block, Table) and block.heading)
    said = {row[0][0].text[:4]: (row[1][0].text, row[2][0].text) for row in table.rows[1:]}
    assert said["收支、贷"] == said["婚姻状况"] == ("—", "√")
    assert said["身份证件"] == ("√", "—")


def test_a_receipt_after_delivery_has_a_second_part(
    make: Make, filled: Callable[..., Filled], tmp_path: Path
) -> None:
    arrived = {
        "batch": "第3批",
        "batch_digest": "cd" * 32,
        "receipt_no": "R-77",
        "receipt_time": "今天",
        "outcome": "已受理",
    }
    letter = make("receipt", filled("household", "HH", signer_kind="1"), extra=arrived)
    text = flat("".join(pages_of(render(letter), tmp_path)))
    assert all(word in text for word in ("平台受理情况", "R-77", "第3批", "已受理", "cdcdcdcd"))
    assert "尚未报送" not in text


def test_a_form_of_others_gives_a_receipt_alone(make: Make, filled: Callable[..., Filled]) -> None:
    record, form = filled("withdrawal", "HH")
    assert kinds_of(form) == ("withdrawal", "proxy", "witness", "receipt")
    with pytest.raises(Problem, match="wrong_form"):
        make("summary", (record, form))


def test_everything_that_a_form_can_hold_prints(
    make: Make, filled: Callable[..., Filled], tmp_path: Path
) -> None:
    clause = "不" * 3990 + "䶮𬭚甲乙丙丁结束"
    held = [section("长", [("条款", clause), ("姓名", "阿卜杜热合曼测试·买买提样例样"), ("备注", "好😀")])]
    letter = make("summary", filled("household", "HH", signer_kind="3"), parts=held)
    text = flat("".join(pages_of(render(letter), tmp_path)))
    assert "䶮𬭚甲乙丙丁结束" in text
    assert "阿卜杜热合曼测试·买买提样例样" in text
    assert "好〔grinningface〕" in text


def test_a_character_without_a_face_is_refused_by_name(make: Make, filled: Callable[..., Filled]) -> None:
    letter = make(
        "summary", filled("household", "HH", signer_kind="3"), parts=[section("甲", [("乙", "\U0001e900")])]
    )
    with pytest.raises(Problem) as refused:
        render(letter)
    assert "U+1E900" in str(refused.value) or "\U0001e900" in str(refused.value)


def held(count: int) -> list[Held]:
    rows = [("姓名", "王测䶮"), ("收入", "1**"), ("备注", "好")] * count
    letters = [{"kind": "信用承诺书", "letter_no": "410499", "made": "今天"}]
    receipts = [{"batch": "第1批", "receipt_no": "R-1", "outcome": "已受理", "time": "今天"}]
    files = [{"name": "photo.jpg", "size": "1.2 MB", "head": "abababab cdcdcdcd"}]
    parts = [section("家庭", rows)]
    return [
        Held("农户信息", "r-1", 1, AT, "已退回", "ab" * 32, parts, files, letters, receipts),
        Held("农户信息", "r-1", 2, AT, "已受理", "cd" * 32, parts, (), (), receipts),
        Held("补贴", "r-2", 1, AT, "已受理", "ef" * 32, (), (), (), receipts, AT),
    ]


def test_a_report_holds_all_that_is_kept(issue: Issue, tmp_path: Path, key: PrivateKey) -> None:
    subject = Subject("HH", "LH-023", "王测䶮")
    drafts = [{"label": "走访", "saved": "昨天"}]
    letter = report(subject, held(1), issue, officer="李测试", in_full=False, drafts=drafts)
    pdf = render(letter)
    text = flat("".join(pages_of(pdf, tmp_path)))
    for words in (
        "2件，共3版",
        "第2版",
        "按期清除",
        "photo.jpg",
        "R-1",
        "410499",
        "尚未封存的草稿",
        "您的权利",
    ):
        assert words in text
    assert verify_letter(pdf, {key.public.key_id: key.public}).valid
    other = report(subject, held(1)[:2], issue, officer="李测试", in_full=False)
    assert other.code != letter.code


def test_a_long_table_has_its_head_on_every_page(issue: Issue, tmp_path: Path) -> None:
    receipts = [
        {"batch": f"第{n}批", "receipt_no": f"R-{n}", "outcome": "已受理", "time": "今天"} for n in range(90)
    ]
    one = Held("农户信息", "r-1", 1, AT, "已受理", "ab" * 32, (), (), (), receipts)
    letter = report(Subject("HH", "LH-023", "王测䶮"), [one], issue, officer="李测试", in_full=True)
    pages = [flat(page) for page in pages_of(render(letter), tmp_path)]
    rows = [page for page in pages if re.search(r"R-\d", page)]
    assert len(rows) >= 3
    assert all("平台回执号" in page for page in rows)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_batch_slip_names_nobody(language: Language, key: PrivateKey, tmp_path: Path) -> None:
    issue = Issue("JJ-1", "测试县", AT, key.sign, key.public.key_id, language=language)
    facts = {
        "sequence": "7",
        "created": "今天",
        "device": "d-1",
        "recipient": "gw",
        "key": "k",
        "count": "12",
    }
    letter = batch_slip(
        "ab" * 32, facts | {"files": "3"}, [{"no": "1", "label": "household", "count": "12"}], issue
    )
    pdf = render(letter)
    text = flat("".join(pages_of(pdf, tmp_path)))
    assert page_count(pdf) == 1
    assert "abababab" * 4 in text
    assert "household" in text
    verdict = verify_letter(pdf, {key.public.key_id: key.public}, sm3="ab" * 32)
    assert verdict.valid


def test_the_same_report_is_the_same_bytes(issue: Issue) -> None:
    subject = Subject("HH", "LH-023", "王测䶮")
    letters = [report(subject, held(9), issue, officer="李测试", in_full=True) for _ in range(1)]
    assert render(letters[0]) == render(letters[0])
