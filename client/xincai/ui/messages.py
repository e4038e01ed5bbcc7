"""Words that are the same on every page: statuses, times, sizes, kinds."""

import datetime

from PySide6.QtCore import QCoreApplication, QLocale, QObject

from xincai import errors
from xincai.errors import Problem
from xincai.ui import language
from xincai.ui.theme import Tone

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
        "returned": translate("messages", "平台说明了原因，请更正后重新封存。"),
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
        "authorisation": translate("messages", "信息查询授权书"),
        "receipt": translate("messages", "填报回执单"),
    }[name]


def role(name: str) -> str:
    """Who works here."""
    return {
        "officer": translate("messages", "采集员"),
        "filer": translate("messages", "填报人"),
        "clerk": translate("messages", "窗口人员"),
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


def step(name: str) -> str:
    """What a delivery is doing."""
    return {
        "connect": translate("messages", "正在连接平台"),
        "blobs": translate("messages", "正在上传资料"),
        "commit": translate("messages", "正在提交批次"),
        "receipt": translate("messages", "正在取回回执"),
    }[name]


def told(problem: Problem) -> str:
    """A problem in one line: what happened, and what to do."""
    words = errors.explain(problem, language.current())
    return f"{words.what}{words.next}" if language.current() == "zh" else f"{words.what} {words.next}"


def when(instant: datetime.datetime) -> str:
    """An instant in local time, to the minute."""
    return instant.astimezone().strftime("%Y-%m-%d %H:%M")


def rate(bytes_per_second: float) -> str:
    """Bytes per second, as people read them."""
    return f"{QLocale.c().formattedDataSize(round(bytes_per_second), 1)}/s"


def time_left(seconds: float) -> str:
    """How long it takes yet, roughly."""
    count = max(round(seconds), 1)
    return Counted().seconds_left(count) if count < 60 else Counted().minutes_left(round(count / 60))


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

    def records(self, count: int) -> str:
        """So many records."""
        return self.tr("%n 件", "", count)
