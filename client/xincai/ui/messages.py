"""Words that are the same on every page: statuses, times, sizes, kinds."""

import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale, QObject

from xincai import errors
from xincai.errors import Problem
from xincai.ui import language
from xincai.ui.theme import Tone

if TYPE_CHECKING:
    from xincai.desk import Remark

translate = QCoreApplication.translate


def status(name: str) -> str:
    """A record's status in one word."""
    return {
        "draft": translate("messages", "草稿"),
        "sealed": translate("messages", "已封存"),
        "waiting": translate("messages", "待发送"),
        "unknown": translate("messages", "结果未知"),
        "received": translate("messages", "已收讫"),
        "accepted": translate("messages", "已受理"),
        "returned": translate("messages", "退回更正"),
        "practised": translate("messages", "演练"),
        "erased": translate("messages", "已清除"),
    }[name]


def status_next(name: str) -> str:
    """What happens next to a record of this status."""
    return {
        "draft": translate("messages", "还没有封存，可以继续填写；每答一题都会自动保存。"),
        "sealed": translate("messages", "内容不再改变，等待签名装批。"),
        "waiting": translate("messages", "已签名装批，联网后投递。"),
        "unknown": translate("messages", "已开始发送，但还没有收到回执；再次投递不会重复。"),
        "received": translate("messages", "平台已收到，正在逐件审核。"),
        "accepted": translate("messages", "平台已受理，无需再做什么。"),
        "returned": translate("messages", "已说明退回的原因，请更正后重新封存。"),
        "practised": translate("messages", "演练时填的，不会报送；要报送请正式填报。"),
        "erased": translate("messages", "平台已受理并满保留期限，内容已清除；编号、核对码和回执还在。"),
    }[name]


def status_tone(name: str) -> Tone:
    """A status' one colour."""
    tones: dict[str, Tone] = {
        "draft": "muted",
        "sealed": "info",
        "waiting": "warn",
        "unknown": "warn",
        "received": "info",
        "accepted": "good",
        "returned": "bad",
        "practised": "muted",
        "erased": "muted",
    }
    return tones[name]


def batch_state(name: str) -> str:
    """A batch's state in plain words."""
    return {
        "batched": translate("messages", "待发送"),
        "unknown": translate("messages", "结果未知"),
        "custody": translate("messages", "已收讫"),
        "settled": translate("messages", "已有结果"),
        "quarantined": translate("messages", "已搁置"),
    }[name]


def aside(reason: str) -> str:
    """Why a batch is set aside."""
    if reason == "practice":
        return translate("messages", "演练批次，不报送")
    if reason.startswith("vault."):
        return translate("messages", "有内容已损坏，已拆开另发")
    return translate("messages", "平台不收（%1），已拆开另发").replace("%1", reason) if reason else ""


def batch_next(name: str) -> str:
    """What happens next to a batch of this state."""
    return {
        "batched": translate("messages", "联网后点“投递”，或导出到U盘交给平台。"),
        "unknown": translate("messages", "没有收到回执；再投递一次即可，不会重复。"),
        "custody": translate("messages", "已有收讫回执；稍后再投递一次，取回逐件结果。"),
        "settled": translate("messages", "平台已逐件答复，结果见回执。"),
        "quarantined": translate("messages", "这一批有问题，已单独放开，不影响其他批次；请联系平台。"),
    }[name]


def outcome(accepted: int, rejected: int) -> str:
    """What the platform answered to a batch."""
    if not rejected:
        return translate("messages", "受理 %1 件").replace("%1", str(accepted))
    words = translate("messages", "受理 %1 件，退回 %2 件")
    return words.replace("%1", str(accepted)).replace("%2", str(rejected))


def batch_tone(name: str) -> Tone:
    """A batch's one colour."""
    tones: dict[str, Tone] = {
        "batched": "warn",
        "unknown": "warn",
        "custody": "info",
        "settled": "good",
        "quarantined": "bad",
    }
    return tones[name]


def letter_kind(name: str) -> str:
    """A letter's kind."""
    return {
        "commitment": translate("messages", "信用承诺书"),
        "truth": translate("messages", "真实性承诺书"),
        "authorisation": translate("messages", "信息查询授权书"),
        "consent": translate("messages", "告知同意书"),
        "objection": translate("messages", "异议申请表"),
        "repair": translate("messages", "信用修复申请表"),
        "whitelist": translate("messages", "白名单申报表"),
        "withdrawal": translate("messages", "撤回与删除申请表"),
        "summary": translate("messages", "填报信息签字页"),
        "proxy": translate("messages", "委托书"),
        "witness": translate("messages", "宣读见证单"),
        "report": translate("messages", "主体信息报告"),
        "batch": translate("messages", "批次交接单"),
        "receipt": translate("messages", "填报回执单"),
        "scan": translate("messages", "纸质签署扫描件"),
    }[name]


def check_state(name: str) -> str:
    """How one thing stands that was checked of a paper."""
    return {
        "good": translate("messages", "相符"),
        "warn": translate("messages", "注意"),
        "bad": translate("messages", "不符"),
        "unknown": translate("messages", "未核对"),
    }[name]


def check_words(name: str, state: str) -> str:
    """What was checked of a paper, where no Problem tells it."""
    return {
        ("seal", "good"): translate("messages", "二维码的签名有效，编号、主体和数据摘要没有改动。"),
        ("wording", "good"): translate("messages", "文书用的文本就是本机现有的版本。"),
        ("letter", "good"): translate("messages", "本机存有这份文书的原件。"),
        ("letter", "unknown"): translate(
            "messages", "本机没有这份文书，内容未能核对；请到出具的电脑上核验。"
        ),
        ("words", "good"): translate("messages", "文字与原件逐字相同，版面没有改动。"),
        ("words", "unknown"): translate("messages", "扫描件和照片不能逐字比对，请打开原件对照着看。"),
        ("record", "good"): translate("messages", "填报件与文书上的数据摘要相符。"),
        ("signature", "good"): translate("messages", "屏幕手写签名与签署声明相符；它不是可靠的电子签名。"),
        ("signature", "unknown"): translate("messages", "没有屏幕手写签名，以纸面的签名、盖章为准。"),
    }[name, state]


def role(name: str) -> str:
    """Who works here."""
    return {
        "officer": translate("messages", "采集员"),
        "filer": translate("messages", "填报人"),
        "clerk": translate("messages", "窗口人员"),
        "reviewer": translate("messages", "复核员"),
        "administrator": translate("messages", "管理员"),
        "auditor": translate("messages", "审计员"),
    }[name]


def subject_kind(name: str) -> str:
    """What kind of subject somebody is."""
    return {
        "ENT": translate("messages", "企业"),
        "SOLE": translate("messages", "个体工商户"),
        "COOP": translate("messages", "农民专业合作社"),
        "COLL": translate("messages", "农村集体经济组织"),
        "FARM": translate("messages", "家庭农场"),
        "HH": translate("messages", "农户"),
    }[name]


def category(name: str) -> str:
    """A shelf of forms, by the kind of matter."""
    return {
        "declare": translate("messages", "自主申报"),
        "collect": translate("messages", "现场采集"),
        "letter": translate("messages", "承诺与授权"),
    }.get(name, name)


def form_place(remark: "Remark") -> str:
    """Where in a form something stands: sheet, row and column, with Excel's name of the cell."""
    place, column = remark.place, remark.column
    if place is None or not place.sheet:
        return place.file if place else ""
    words = [translate("messages", "%1 表").replace("%1", place.sheet)]
    if place.row:
        words.append(translate("messages", "第 %1 行").replace("%1", str(place.row)))
    if column:
        cell = place.cell(column)
        named = translate("messages", "%1 列").replace("%1", column)
        words.append(f"{named} ({cell})" if cell else named)
    return "  ·  ".join([place.file, *words])


def step(name: str) -> str:
    """What a delivery is doing."""
    return {
        "connect": translate("messages", "正在连接平台"),
        "blobs": translate("messages", "正在上传资料"),
        "commit": translate("messages", "正在提交批次"),
        "receipt": translate("messages", "正在取回回执"),
        "pull": translate("messages", "正在取回表单、名录和任务"),
    }[name]


def told(problem: Problem) -> str:
    """A problem in one line: what happened, and what to do."""
    words = errors.explain(problem, language.current())
    return f"{words.what}{words.next}" if language.current() == "zh" else f"{words.what} {words.next}"


def when(instant: datetime.datetime) -> str:
    """An instant in local time, to the minute."""
    return instant.astimezone().strftime("%Y-%m-%d %H:%M")


def size(count: int) -> str:
    """So many bytes, as people read them."""
    return QLocale.c().formattedDataSize(count, 1)


def rate(bytes_per_second: float) -> str:
    """Bytes per second, as people read them."""
    return f"{size(round(bytes_per_second))}/s"


def time_left(seconds: float) -> str:
    """How long it takes yet, roughly."""
    count = max(round(seconds), 1)
    return Counted().seconds_left(count) if count < 60 else Counted().minutes_left(round(count / 60))


def about(seconds: float) -> str:
    """A span of time, roughly."""
    count = max(round(seconds), 1)
    return Counted().about_seconds(count) if count < 60 else Counted().about_minutes(round(count / 60))


def count_of_records(count: int) -> str:
    """So many records."""
    return Counted().records(count)


class Counted(QObject):
    """Words that bend with their number; only `tr` of an object knows how."""

    def seconds_left(self, count: int) -> str:
        """So many seconds."""
        return self.tr("约剩 %n 秒", "", count)

    def minutes_left(self, count: int) -> str:
        """So many minutes."""
        return self.tr("约剩 %n 分钟", "", count)

    def about_seconds(self, count: int) -> str:
        """So many seconds, as a span."""
        return self.tr("约 %n 秒", "", count)

    def about_minutes(self, count: int) -> str:
        """So many minutes, as a span."""
        return self.tr("约 %n 分钟", "", count)

    def records(self, count: int) -> str:
        """So many records."""
        return self.tr("%n 件", "", count)


def reveal_reasons() -> tuple[tuple[str, str], ...]:
    """Why somebody may look at a masked answer, as the desk knows it and in words."""
    return (
        ("verify", translate("messages", "核对身份或证件")),
        ("correct", translate("messages", "处理更正")),
        ("print", translate("messages", "核对文书")),
        ("dispute", translate("messages", "主体查询或异议")),
        ("other", translate("messages", "其他（请说明）")),
    )


def withheld_reasons() -> tuple[tuple[str, str], ...]:
    """Why somebody may not give what a form asks of the device, as the desk knows it and in words."""
    return (
        ("unwilling", translate("messages", "不愿提供")),
        ("unable", translate("messages", "没有条件")),
        ("needless", translate("messages", "不需要")),
    )


def event_kind(kind: str) -> str:
    """What happened, in a few words; the kind itself where there are none."""
    return _event_kinds().get(kind, kind)


def event_facts(facts: tuple[tuple[str, str], ...], note: str = "") -> str:
    """What an event tells, in words."""
    names = fact_names()
    reasons = dict((*reveal_reasons(), *withheld_reasons(), ("filling", translate("messages", "填写时查看"))))
    told = [f"{names.get(name, name)} {reasons.get(value, value)}" for name, value in facts]
    return "；".join([*told, *filter(None, (note,))])


def fact_names() -> dict[str, str]:
    """What the facts of an event are called."""
    return {
        "record": translate("messages", "填报件"),
        "version": translate("messages", "版本"),
        "ref": translate("messages", "题项"),
        "reason": translate("messages", "原因"),
        "manifest": translate("messages", "批次"),
        "sequence": translate("messages", "批次序号"),
        "receipt": translate("messages", "回执"),
        "receipt_kind": translate("messages", "回执种类"),
        "draft": translate("messages", "草稿"),
        "form": translate("messages", "表单"),
        "letter": translate("messages", "文书"),
        "number": translate("messages", "编号"),
        "kind": translate("messages", "种类"),
        "way": translate("messages", "途径"),
        "device": translate("messages", "设备"),
        "key": translate("messages", "密钥编号"),
        "revision": translate("messages", "修订"),
        "whom": translate("messages", "对谁"),
        "count": translate("messages", "数量"),
        "code": translate("messages", "问题"),
        "places": translate("messages", "位置"),
        "on": translate("messages", "启用"),
        "days": translate("messages", "天数"),
        "from": translate("messages", "从"),
        "to": translate("messages", "到"),
        "vault": translate("messages", "保险库"),
        "sm3": translate("messages", "摘要"),
        "size": translate("messages", "字节数"),
        "statement": translate("messages", "签署声明"),
        "extent": translate("messages", "范围"),
    }


def _event_kinds() -> dict[str, str]:
    return {
        "created": translate("messages", "建立保险库"),
        "sealed": translate("messages", "封存填报件"),
        "sealer": translate("messages", "记下封存人"),
        "form": translate("messages", "收存表单"),
        "published": translate("messages", "取得平台发布的内容"),
        "form_offered": translate("messages", "启用导入的表单"),
        "form_withdrawn": translate("messages", "停用导入的表单"),
        "letter": translate("messages", "出具文书"),
        "report": translate("messages", "出具主体信息报告"),
        "signature": translate("messages", "绑定手写签名"),
        "batched": translate("messages", "签名装批"),
        "sending": translate("messages", "开始投递"),
        "receipt": translate("messages", "收到回执"),
        "quarantine": translate("messages", "批次被搁置"),
        "enrolled": translate("messages", "设备登记"),
        "device": translate("messages", "设备登记"),
        "passphrase": translate("messages", "更换口令"),
        "guesses": translate("messages", "输错口令或恢复码"),
        "recovery": translate("messages", "更换恢复码"),
        "slot": translate("messages", "增加开锁方式"),
        "people": translate("messages", "人员变动"),
        "key_made": translate("messages", "生成设备密钥"),
        "key_changed": translate("messages", "更换设备密钥"),
        "approved": translate("messages", "复核通过"),
        "refused": translate("messages", "复核退回"),
        "four_eyes": translate("messages", "复核要求变动"),
        "escrow": translate("messages", "县级托管变动"),
        "keychain": translate("messages", "启用系统钥匙串"),
        "keychain_off": translate("messages", "停用系统钥匙串"),
        "revealed": translate("messages", "查看完整内容"),
        "withheld": translate("messages", "未提供位置或录音"),
        "handed_over": translate("messages", "交还主体填写"),
        "taken_back": translate("messages", "收回电脑"),
        "backup": translate("messages", "备份"),
        "restored": translate("messages", "从备份恢复"),
        "retention": translate("messages", "保存期限变动"),
        "erased": translate("messages", "到期清除内容"),
        "content_kept": translate("messages", "内容改为保留"),
        "content_released": translate("messages", "内容不再保留"),
        "clock_jump": translate("messages", "电脑时间跳动"),
        "events_exported": translate("messages", "导出操作记录"),
        "head_missing": translate("messages", "核对文件 head.json 不见了，已重新生成"),
        "header_put_back": translate("messages", "钥匙文件被换成了旧的，已恢复"),
        "history_doubt": translate("messages", "发现历史对不上"),
        "history_accepted": translate("messages", "决定按现状继续"),
    }
