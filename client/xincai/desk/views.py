"""What the desk hands to the screen: plain frozen values, ready to be shown.

Names of people are masked in cards (lists); `RecordDetail` carries the answers themselves. Instants are UTC;
the screen shows them in local time. Status words are those of the vault's status view.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from xincai.errors import Problem

if TYPE_CHECKING:
    from xincai.letters import Difference, Wording
    from xincai.shelf import FormCard
    from xincai.wire.qr import LetterSeal

Door = Literal["first_run", "locked", "open"]
Language = Literal["zh", "en"]
TextSize = Literal["standard", "large", "larger"]
LockAfter = Literal[5, 10, 15, 30]
PersonRole = Literal["filer", "officer", "clerk", "reviewer", "administrator", "auditor"]
Role = PersonRole
Status = Literal["sealed", "waiting", "unknown", "received", "accepted", "returned", "practised"]
BatchState = Literal["batched", "unknown", "custody", "settled", "quarantined"]
LetterKind = Literal[
    "commitment",
    "truth",
    "authorisation",
    "consent",
    "objection",
    "repair",
    "whitelist",
    "withdrawal",
    "summary",
    "proxy",
    "witness",
    "receipt",
]

Proving = Literal["history", "attachments"]
PaperKind = Literal["scan", "report", "batch"]
"""What is shown as a letter and made from no one record: a scan, all on a subject, the slip of a batch."""


@dataclass(frozen=True)
class Village:
    """A village of the registry's list, or a whole town (`name` is empty); codes of 12 and of 9 digits."""

    code: str
    town: str
    name: str


@dataclass(frozen=True)
class Preferences:
    """What is known before the vault is open: language of the screen, size of the type, and after how many
    minutes without a key or the mouse the program locks.
    """

    language: Language = "zh"
    text_size: TextSize = "standard"
    lock_after: LockAfter = 15


@dataclass(frozen=True)
class Profile:
    """Who works here. `subject_kind` is set for a filer (ENT, SOLE, COOP, COLL, FARM)."""

    role: Role
    name: str
    office: str = ""
    subject_kind: str = ""


@dataclass(frozen=True)
class Strength:
    """How strong a passphrase is: guesses as a power of two, and why it is too weak (a Problem's code)."""

    bits: int
    weakness: str = ""
    words: str = ""
    """The passphrase itself, where it is one that is offered."""


@dataclass(frozen=True)
class PersonCard:
    """Somebody who has a key."""

    person_id: str
    name: str
    roles: tuple[PersonRole, ...]
    me: bool


@dataclass(frozen=True)
class Access:
    """Who has a key to the vault, and what else opens it. `escrow` is the id of the county's key."""

    people: tuple[PersonCard, ...]
    manages: bool
    four_eyes: bool
    escrow: str
    keychain: bool


@dataclass(frozen=True)
class Beginning:
    """What the first run asks."""

    profile: Profile
    passphrase: str


@dataclass(frozen=True)
class Connection:
    """The gateway this device is enrolled at."""

    url: str
    office: str
    device: str
    key_id: str
    practice: bool
    here: bool = False
    """The practice gateway that the program itself starts on this computer."""


@dataclass(frozen=True)
class ImportedForm:
    """A form that the person brought in and that is offered for new fillings."""

    form_sm3: str
    card: "FormCard"
    imported_at: datetime.datetime


@dataclass(frozen=True)
class DraftCard:
    """A filling that waits to be finished. `returned` is the platform's reason when it is a correction."""

    draft_id: str
    form_id: str
    form_title: Mapping[str, str]
    subject_name: str
    saved_at: datetime.datetime
    answered: int
    required: int
    version: int
    returned: str = ""


@dataclass(frozen=True)
class RecordCard:
    """A sealed record in a list; names are masked."""

    record_id: str
    version: int
    form_id: str
    form_title: Mapping[str, str]
    subject_name: str
    subject_code: str
    sealed_at: datetime.datetime
    status: Status
    erased: bool = False
    """Its content was erased after its receipt; only number, digest and receipt are left."""


@dataclass(frozen=True)
class Answer:
    """One answered question of a record. At level L3 and L4 `value` is empty, `masked` is shown instead."""

    ref: str
    label: str
    value: str
    masked: str
    level: str
    origin: str
    image: str = ""
    """Attachment name when the answer is a picture (`Desk.record_image`)."""


@dataclass(frozen=True)
class Section:
    """A group or one row of a repeat, with its answers."""

    title: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class LetterCard:
    """A printed letter that belongs to a record."""

    letter_id: str
    record_id: str
    kind: LetterKind | PaperKind
    """`scan`: a letter as it was signed on paper and scanned back."""
    number: str
    made_at: datetime.datetime
    pages: int
    sm3: str


@dataclass(frozen=True)
class LettersMade:
    """What making many letters came to: the letters, and for what records there is none, of `total`."""

    letters: tuple[LetterCard, ...]
    failed: tuple[tuple[str, Problem], ...]
    total: int
    cancelled: bool = False


@dataclass(frozen=True)
class PaperFinding:
    """One thing that was checked of a paper: its seal, its wording, whether the letter is here, its words,
    the record it stands for, whether that is the latest version, the signature drawn on it. `unknown`: not to
    be checked.
    """

    name: Literal["seal", "wording", "letter", "words", "record", "version", "signature"]
    state: Literal["good", "warn", "bad", "unknown"]
    problem: Problem | None = None


@dataclass(frozen=True)
class PaperCheck:
    """What a check of a paper came to; `letter` is the letter that this device holds of it, `wording` the
    text it was made with, where this program has it.
    """

    seal: "LetterSeal | None"
    findings: tuple[PaperFinding, ...]
    differences: tuple["Difference", ...] = ()
    letter: LetterCard | None = None
    wording: "Wording | None" = None

    @property
    def valid(self) -> bool:
        """Whether nothing speaks against it."""
        return self.seal is not None and all(each.state != "bad" for each in self.findings)


@dataclass(frozen=True)
class RecordDetail:
    """Everything about one version of a record."""

    card: RecordCard
    sections: tuple[Section, ...]
    versions: tuple[int, ...]
    letters: tuple[LetterCard, ...]
    letter_kinds: tuple[LetterKind, ...]
    sm3: str
    returned: str = ""
    returned_ref: str = ""
    erased_at: datetime.datetime | None = None
    """Set when the content is erased; then there are no sections, and `receipt` names what confirmed it."""
    receipt: str = ""
    encrypted: bool = False
    """Whether the form's own key alone may open it outside: it is exported, never delivered."""


@dataclass(frozen=True)
class CorrectionCard:
    """A returned record: what is said of it and where, by the platform or by the second look."""

    record_id: str
    version: int
    form_id: str
    form_title: Mapping[str, str]
    subject_name: str
    code: str
    ref: str
    text: str
    draft_id: str = ""
    """Set when the correction has been started."""


@dataclass(frozen=True)
class BatchCard:
    """A signed batch in the outbox."""

    manifest_id: str
    sequence: int
    created: datetime.datetime
    records: int
    state: BatchState
    accepted: int = 0
    rejected: int = 0
    receipt: str = ""
    reason: str = ""


@dataclass(frozen=True)
class ReceiptCard:
    """A verified receipt. `kind` A: custody; B: outcome per record."""

    receipt_id: str
    manifest_id: str
    kind: Literal["A", "B"]
    platform_time: datetime.datetime
    gateway: str
    signer: str
    accepted: int
    rejected: int


@dataclass(frozen=True)
class Step:
    """Progress of a delivery. `name`: connect, blobs, commit, receipt, pull."""

    name: Literal["connect", "blobs", "commit", "receipt", "pull"]
    done: int
    total: int
    bytes_per_second: float = 0.0


@dataclass(frozen=True)
class LineCard:
    """How the platform is reached: the proxy and its user, whether the county's own authorities are trusted
    alone, and whether this office shows a certificate; how many KB a second are sent at most (0: no bound),
    whether deliveries begin by themselves, and whether also where the network is paid for by volume.
    """

    proxy: str = ""
    user: str = ""
    own_authorities: bool = False
    certificate: bool = False
    limit: int = 0
    automatic: bool = True
    metered: bool = False


@dataclass(frozen=True)
class Delivery:
    """What a delivery came to."""

    settled: int
    unknown: int
    accepted: int
    rejected: int
    cancelled: bool = False


@dataclass(frozen=True)
class EventFilter:
    """Which events: of one kind, or all; from an instant on, before another."""

    kind: str = ""
    since: datetime.datetime | None = None
    until: datetime.datetime | None = None


@dataclass(frozen=True)
class EventCard:
    """Something that happened; `facts` are ids and counts, never answers; `note` is a person's words."""

    seq: int
    at: datetime.datetime
    kind: str
    facts: tuple[tuple[str, str], ...]
    note: str
    person: str
    sm3: str


@dataclass(frozen=True)
class HistoryState:
    """Whether the history adds up. `code` names the Problem that holds the vault until somebody decides."""

    code: str = ""
    places: tuple[str, ...] = ()
    head_missing: bool = False
    """`head.json` was gone and has been made anew."""
    verified_at: datetime.datetime | None = None
    """When all of it was proven, in this session."""


@dataclass(frozen=True)
class Overview:
    """Home: what waits for me."""

    drafts: tuple[DraftCard, ...]
    corrections: tuple[CorrectionCard, ...]
    waiting: int
    """Sealed records that are in no batch yet."""
    undelivered: int
    """Batches without a settling receipt."""
    accepted: int
    records: int
    connection: Connection | None
    profile: Profile


@dataclass(frozen=True)
class Leaving:
    """A record whose content will be erased: from which day on, and whether the person keeps it."""

    record_id: str
    form_title: Mapping[str, str]
    subject_name: str
    subject_code: str
    confirmed_at: datetime.datetime
    erased_on: datetime.datetime
    kept: bool


@dataclass(frozen=True)
class Upkeep:
    """How the vault is looked after. Days of 0 mean never."""

    last_backup: datetime.datetime | None
    days_since_backup: int
    """Since the last backup, or since the vault was made."""
    remind_after: int
    backup_due: bool
    erase_after: int
    leaving: tuple[Leaving, ...]
    """What is erased within the notice, the first one first; also what the person keeps."""
    place: Problem | None
    """What speaks against the vault's place."""
    read_only: bool
    scarce: bool
    """The disk is nearly full: there is no reserve left for what is being typed."""


@dataclass(frozen=True)
class Restored:
    """A vault was restored. `aside`: where the old vault's folder is kept now; "" when there was none."""

    aside: str


@dataclass(frozen=True)
class Saving:
    """Progress of a backup or a restoring. `name`: copy, check."""

    name: Literal["copy", "check"]
    done: int
    total: int
