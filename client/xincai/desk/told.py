"""What a letter tells beyond the answers it names: a record section by section, and how its delivery went."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from xincai import clock, letters
from xincai.desk import dossier
from xincai.desk.views import Answer, Language
from xincai.letters import values
from xincai.letters.template import Fields, Part
from xincai.records import MASKED, Record
from xincai.vault import Vault
from xincai.wire import manifest
from xincai.wire.receipt import Outcome, decode_receipt
from xincai.xforms import Session

_DELICATE = "L4"
_WORDS: Mapping[Language, Mapping[str, str]] = {
    "zh": {
        "accepted": "已受理",
        "rejected": "已退回",
        "sealed": "已封存，未报送",
        "waiting": "已装批，待报送",
        "unknown": "已发送，未收到回执",
        "received": "平台已收讫，审核中",
        "returned": "已退回，待更正",
        "practised": "演练",
        "number": "第{}批",
    },
    "en": {
        "accepted": "accepted",
        "rejected": "returned",
        "sealed": "sealed, not delivered",
        "waiting": "in a batch, not delivered",
        "unknown": "sent, no receipt yet",
        "received": "received, under review",
        "returned": "returned for correction",
        "practised": "practice",
        "number": "No. {}",
    },
}


def words(language: Language, name: str) -> str:
    """A status or an outcome, as a letter words it."""
    return _WORDS[language].get(name, name)


def sections(session: Session, origins: Mapping[str, str], hides: Callable[[Answer], bool]) -> Sequence[Part]:
    """A record's answers section by section; those that are hidden show little of themselves."""
    return [
        letters.section(
            each.title,
            [
                (
                    answer.label,
                    answer.masked if hides(answer) else answer.value or dossier.full(session, answer.ref),
                )
                for answer in each.answers
            ],
        )
        for each in dossier.sections(session, origins)
    ]


def masked(answer: Answer) -> bool:
    """What the screen masks as well."""
    return answer.level in MASKED


def nothing(answer: Answer) -> bool:
    """Nothing is hidden."""
    del answer
    return False


def numbers(answer: Answer) -> bool:
    """Numbers of identity and of accounts; what the subject has to check stands there in full."""
    return answer.level == _DELICATE and not answer.image and "*" in answer.masked[6:-4]


def delivery(vault: Vault, record: Record, language: Language) -> Mapping[str, str]:
    """The second part of a receipt: the batch of a record, and what the platform answered."""
    found = list(deliveries(vault, record.record_id, record.version, language))
    if not found:
        return {}
    last = found[-1]
    status = words(language, vault.status(record.record_id, record.version))
    return {
        "batch": last["batch"],
        "batch_digest": last["digest"],
        "receipt_no": last["receipt_no"],
        "receipt_time": last["time"],
        "outcome": last["outcome"] or status,
        "outcome_note": last["note"],
    }


def deliveries(vault: Vault, record_id: str, version: int, language: Language) -> Iterator[Fields]:
    """Every batch that a version is in, and what its latest receipt says of it."""
    for name in vault.batches_of(record_id, version):
        sequence = manifest.decode(vault.batch(name).manifest).sequence
        row = next(iter(vault.receipts(name)), None)
        outcome = _outcome(row.body, record_id, version) if row else None
        said = "received" if row else ""
        yield {
            "batch": words(language, "number").format(sequence),
            "digest": name,
            "receipt_no": row.receipt_id if row else "",
            "time": values.moment(clock.parse_stamp(row.platform_time), language) if row else "",
            "outcome": words(language, outcome.status if outcome else said),
            "note": outcome.text if outcome and outcome.status == "rejected" else "",
        }


def _outcome(body: bytes, record_id: str, version: int) -> Outcome | None:
    told = decode_receipt(body).outcomes
    return next((each for each in told if (each.record, each.version) == (record_id, version)), None)
