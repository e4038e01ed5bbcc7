"""Made-up views of every kind, for pages that are rendered without a desk."""

import datetime

from xincai.desk import (
    Answer,
    BatchCard,
    Connection,
    CorrectionCard,
    DraftCard,
    FormCard,
    LetterCard,
    Overview,
    Profile,
    ReceiptCard,
    RecordCard,
    RecordDetail,
    Section,
)
from xincai.desk.views import BatchState, Status

AT = datetime.datetime(2026, 3, 15, 2, 30, tzinfo=datetime.UTC)
TITLE = {"zh": "家庭农场信息采集表", "en": "Family farm"}
STATUSES: tuple[Status, ...] = ("sealed", "waiting", "unknown", "received", "accepted", "returned")
STATES: tuple[BatchState, ...] = ("batched", "unknown", "custody", "settled", "quarantined")
CORRECTION = CorrectionCard("r1", 1, "ff", TITLE, "A**", "3002", "/data/subject/subject_name", "Name differs")
PRACTICE = Connection("http://127.0.0.1:1", "410499", "device", "0123456789abcdef", practice=True)
LETTER = LetterCard("l1", "r1", "commitment", "XC-1", AT, 2, "ab" * 32)
RECEIPTS = (
    ReceiptCard("a", "1" * 64, "A", AT, "gateway", "k", 0, 0),
    ReceiptCard("b", "1" * 64, "B", AT, "gateway", "k", 2, 1),
)
BATCHES = tuple(
    BatchCard(str(number) * 64, number, AT, 3, state, 2, 1, "", "reason" if state == "quarantined" else "")
    for number, state in enumerate(STATES, start=1)
)
FORM = FormCard("ff", "1", TITLE, {"zh": "入户采集", "en": "On site"}, ("FARM", "HH"), 12, "collect", "ab")


def record(number: int = 1, status: Status = "sealed") -> RecordCard:
    """A card of a record."""
    return RecordCard(f"r{number}", 1, "ff", TITLE, "A**", "410499********1234", AT, status)


def draft(number: int = 1) -> DraftCard:
    """A card of a draft."""
    return DraftCard(f"d{number}", "ff", TITLE, "A**", AT, 3, 18, 1)


def overview() -> Overview:
    """Something of everything."""
    return Overview(
        drafts=(draft(1), draft(2)),
        corrections=(CORRECTION,),
        waiting=2,
        undelivered=1,
        accepted=5,
        records=9,
        connection=PRACTICE,
        profile=Profile("officer", "Li", "Office"),
    )


def detail(status: Status = "returned") -> RecordDetail:
    """A record with a delicate answer, a picture and a letter."""
    answers = (
        Answer("/data/name", "Name", "Qinghe", "", "L1", ""),
        Answer("/data/code", "Code", "", "934104********FD1Y", "L3", ""),
        Answer("/data/photo", "Photo", "p.png", "", "L1", "", image="p.png"),
    )
    return RecordDetail(
        card=record(1, status),
        sections=(Section("Basics", answers),),
        versions=(1, 2),
        letters=(LETTER,),
        letter_kinds=("commitment", "receipt"),
        sm3="ab12cd34" * 8,
        returned="Name differs",
        returned_ref="/data/name",
    )
