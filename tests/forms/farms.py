"""Two stories told in answers: a family farm an officer visits, and a firm that declares itself.

Nothing here is real (`synthetic`). A story maps a form to the steps that fill it, in the order a person takes
them. A repeat begins with one row; `AddRow` adds the next. Pictures are marked with `Attach`; who plays a
story brings the bytes. Dates that the form offers by itself (visit, commitment, authorisation) are left as
offered.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from synthetic import TOWN, VILLAGE, Synthetic

OFFICER = "刘测员"
OFFICE = "测试县柳河镇人民政府"
HOTLINE = "0375-1234567"


@dataclass(frozen=True)
class Answer:
    """Answer a question."""

    ref: str
    value: str


@dataclass(frozen=True)
class AddRow:
    """Add a row to a repeat."""

    ref: str


@dataclass(frozen=True)
class Attach:
    """Answer a question with a picture: a photograph or a drawn signature."""

    ref: str
    kind: Literal["photo", "signature"]


Step = Answer | AddRow | Attach


@dataclass(frozen=True)
class Subject:
    """Whom a story is about."""

    kind: str
    name: str
    uscc: str
    person: str
    person_id: str
    phone: str


Maker = Callable[[Subject, int], list[Step]]


def farm(seed: int = 11) -> Subject:
    """A registered family farm."""
    source = Synthetic(seed)
    return Subject(
        "FARM", "测试县柳河测一家庭农场", source.uscc("91"), "王测䶮", source.resident(), source.phone()
    )


def firm(seed: int = 12) -> Subject:
    """A small company."""
    source = Synthetic(seed)
    return Subject(
        "ENT",
        "测试县禾田测试农产品有限公司",
        source.uscc("91"),
        "阿依·古丽",
        source.resident(),
        source.phone(),
    )


def farm_story(seed: int = 11) -> dict[str, list[Step]]:
    """Everything an officer collects from one farm, then its commitment and its authorisation."""
    subject = farm(seed)
    makers = (ff_collect, land_transfer, agri_insurance, subsidy, commitment, authorisation)
    return {maker.__name__: maker(subject, seed) for maker in makers}


def firm_story(seed: int = 12) -> dict[str, list[Step]]:
    """What a firm declares about itself, its commitment and its authorisation."""
    subject = firm(seed)
    makers = (ent_basic, commitment, authorisation)
    return {maker.__name__: maker(subject, seed) for maker in makers}


def play(steps: list[Step], session: object, attach: Callable[[Attach], str]) -> None:
    """Tell a story to a session of the engine; `attach` keeps a picture and returns its name."""
    answer = getattr(session, "answer")  # noqa: B009 - any session will do, also a desk's filling
    add = getattr(session, "add_repeat", None) or getattr(session, "add_row")  # noqa: B009
    for step in steps:
        match step:
            case Answer(ref, value):
                answer(ref, value)
            case AddRow(ref):
                add(ref)
            case Attach(ref):
                answer(ref, attach(step))


def _subject(subject: Subject) -> list[Step]:
    code: list[Step] = []
    if subject.kind in {"FARM", "HH"}:
        code.append(Answer("/data/subject/code_kind", "USCC"))
    return [
        Answer("/data/subject/subject_kind", subject.kind),
        Answer("/data/subject/subject_name", subject.name),
        *code,
        Answer("/data/subject/uscc", subject.uscc),
    ]


def _consent(*parts: str) -> list[Step]:
    asked = ("pc_general", *(f"pc_{part}" for part in parts))
    return [
        Answer("/data/consent/pc_handler", OFFICE),
        Answer("/data/consent/pc_hotline", HOTLINE),
        Answer("/data/consent/pc_read", "1"),
        *(Answer(f"/data/consent/{name}", "1") for name in asked),
    ]


def _person(subject: Subject) -> tuple[str, ...]:
    """The separate consent to an identity number, which only a person is asked for."""
    return ("id",) if subject.kind in {"FARM", "HH"} else ()


def _place(address: str) -> list[Step]:
    """Province, city and county stand: the list holds the towns of one county only."""
    return [
        Answer("/data/place/region_town", TOWN),
        Answer("/data/place/region_village", VILLAGE),
        Answer("/data/place/address", address),
    ]


def _identity(stem: str, subject: Subject) -> list[Step]:
    return [Answer(f"{stem}_id_type", "111"), Answer(f"{stem}_id", subject.person_id)]


def _collector(source: Synthetic) -> list[Step]:
    latitude, longitude = source.point()
    group = "/data/collector_group"
    return [
        Answer(f"{group}/collector", OFFICER),
        Answer(f"{group}/org", OFFICE),
        Answer(f"{group}/site_point", f"{latitude:.7f} {longitude:.7f} 96.0 8.0"),
        Attach(f"{group}/site_photo", "photo"),
    ]


def _signature(name: str = "subject_sign") -> list[Step]:
    return [Attach(f"/data/signature_group/{name}", "signature")]


def ff_collect(subject: Subject, seed: int) -> list[Step]:
    source = Synthetic(seed)
    owner, operation, site = "/data/owner", "/data/operation", "/data/site"
    return [
        *_subject(subject),
        *_consent("id", "finance", "location"),
        Answer(f"{owner}/farm_owner_name", subject.person),
        *_identity(f"{owner}/farm_owner", subject),
        Answer(f"{owner}/owner_phone", subject.phone),
        Answer(f"{owner}/farm_demo_level", "4"),
        *_place("柳河村第三村民小组18号"),
        Answer(f"{operation}/farm_type", "1 6"),
        *_rows(
            f"{operation}/product",
            {"farm_product": "wheat", "farm_scale": "186.5", "farm_scale_unit": "mu", "farm_yield": "88500"},
            {"farm_product": "peanut", "farm_scale": "32", "farm_scale_unit": "mu", "farm_yield": "9600"},
            {"farm_product": "sheep", "farm_scale": "46", "farm_scale_unit": "head"},
        ),
        Answer(f"{operation}/farm_workers", "2"),
        Answer(f"{operation}/farm_income", "327600.53"),
        Answer(f"{operation}/farm_cost", "214300"),
        Answer(f"{site}/farm_boundary", source.field(216)),
        Attach(f"{site}/farm_photo", "photo"),
        Attach(f"{site}/farm_photo2", "photo"),
        *_collector(source),
        *_signature(),
    ]


def land_transfer(subject: Subject, seed: int) -> list[Step]:
    source = Synthetic(seed + 100)
    areas = ("86.2", "71.35", "28.95", "0.01")
    parcels = [
        {
            "lt_parcel_code": source.parcel(),
            "lt_transferor": ("测试县柳河村股份经济合作社", "赵测堃", "古丽·测试", "孙测二")[number],
            "lt_area": area,
            "lt_mode": "1",
            "lt_from": "2024-10-01",
            "lt_to": "2029-09-30",
            "lt_fee": ("850", "800", "780.5", "800")[number],
            "lt_shape": source.field(float(area) * 1.02) if number < 3 else "",
            "lt_contract_no": f"LH-2024-{number + 1:03d}",
        }
        for number, area in enumerate(areas)
    ]
    return [
        *_subject(subject),
        *_consent("finance", "location"),
        Answer("/data/transfer/lt_role", "IN"),
        *_rows("/data/transfer/parcel", *parcels),
        Attach("/data/transfer/lt_contract_photo", "photo"),
        *_collector(source),
        *_signature(),
    ]


def agri_insurance(subject: Subject, seed: int) -> list[Step]:
    source = Synthetic(seed + 200)
    group = "/data/insurance"
    wheat = {
        "ins_policy_no": "PTEST2025410499000123",
        "ins_company": "test",
        "ins_kind": "12",
        "ins_scale": "186.5",
        "ins_scale_unit": "mu",
        "ins_from": "2024-10-20",
        "ins_to": "2025-06-20",
        "ins_sum": "186500",
        "ins_premium": "7460",
        "ins_premium_self": "1492",
        "ins_has_claim": "1",
        "claim[1]/claim_date": "2025-05-17",
        "claim[1]/claim_cause": "wind",
        "claim[1]/claim_scale": "21.3",
        "claim[1]/claim_paid": "8520",
    }
    peanut = {
        "ins_policy_no": "PTEST2025410499000877",
        "ins_company": "test",
        "ins_kind": "11",
        "ins_scale": "32",
        "ins_scale_unit": "mu",
        "ins_from": "2025-05-10",
        "ins_to": "2025-10-10",
        "ins_sum": "22400",
        "ins_premium": "1344",
        "ins_premium_self": "268.8",
        "ins_has_claim": "0",
    }
    return [
        *_subject(subject),
        *_consent("id", "finance", "location"),
        *_identity(f"{group}/ins", subject),
        Answer(f"{group}/ins_yes", "1"),
        Answer(f"{group}/ins_farm_area", "218.5"),
        *_rows(f"{group}/policy", wheat, peanut),
        *_collector(source),
        *_signature(),
    ]


def subsidy(subject: Subject, seed: int) -> list[Step]:
    source = Synthetic(seed + 300)
    group = "/data/subsidies"
    rows = (
        {"sub_year": "2024", "sub_kind": "01", "sub_area": "186.5", "sub_unit": "mu", "sub_amount": "17904"},
        {"sub_year": "2025", "sub_kind": "01", "sub_area": "186.5", "sub_unit": "mu", "sub_amount": "17904"},
        {"sub_year": "2025", "sub_kind": "05", "sub_area": "1", "sub_unit": "set", "sub_amount": "36800.05"},
    )
    return [
        *_subject(subject),
        *_consent("id", "finance", "location"),
        *_identity(f"{group}/sub", subject),
        Answer(f"{group}/sub_yes", "1"),
        Answer(f"{group}/sub_account", source.card()),
        *_rows(f"{group}/subsidy_row", *rows),
        *_collector(source),
        *_signature(),
    ]


def ent_basic(subject: Subject, seed: int) -> list[Step]:
    source = Synthetic(seed + 400)
    registration, people = "/data/registration", "/data/people"
    holders = (
        {
            "sh_kind": "1",
            "sh_name": subject.person,
            "sh_id": subject.person_id,
            "sh_amount": "120",
            "sh_ratio": "60",
            "sh_date": "2021-06-30",
        },
        {
            "sh_kind": "1",
            "sh_name": "欧阳测𬭚",
            "sh_id": source.resident(),
            "sh_amount": "50",
            "sh_ratio": "25",
        },
        {
            "sh_kind": "3",
            "sh_name": "测试县柳河村股份经济合作社",
            "sh_uscc": source.uscc("N2"),
            "sh_amount": "30",
            "sh_ratio": "15",
        },
    )
    return [
        *_subject(subject),
        *_consent("id"),
        Answer(f"{registration}/reg_date", "2021-03-18"),
        Answer(f"{registration}/reg_capital", "200"),
        Answer(f"{registration}/reg_status", "1"),
        Answer(f"{registration}/industry_section", "C"),
        Answer(f"{registration}/reg_industry", "C13"),
        Answer(f"{registration}/reg_size", "3"),
        Answer(f"{registration}/reg_staff", "18"),
        Answer(f"{registration}/reg_scope", "粮食加工；农产品收购、储存与销售（演练）"),
        *_place("柳河镇工业路6号"),
        Answer(f"{people}/legal_rep_name", subject.person),
        Answer(f"{people}/contact_name", source.name()),
        Answer(f"{people}/contact_phone", subject.phone),
        *_rows("/data/shareholders/shareholder", *holders),
        *_signature(),
    ]


def commitment(subject: Subject, seed: int) -> list[Step]:
    group = "/data/commitment_group"
    modules = "ent_basic" if subject.kind == "ENT" else "ff_collect land_transfer agri_insurance subsidy"
    return [
        *_subject(subject),
        *_consent(*_person(subject)),
        Answer(f"{group}/cm_legal_rep", subject.person),
        Answer(f"{group}/cm_type", "6"),
        Answer(f"{group}/cm_public", "1" if subject.kind == "ENT" else "2"),
        Answer(f"{group}/cm_org", "测试县融资信用服务中心"),
        Answer(f"{group}/cm_org_code", Synthetic(seed + 500).uscc("12")),
        Answer("/data/truth/tr_modules", modules),
        Answer("/data/truth/tr_agree", "1"),
        *_signature(),
    ]


def authorisation(subject: Subject, seed: int) -> list[Step]:
    group = "/data/authorisation_group"
    return [
        *_subject(subject),
        *_consent(*_person(subject)),
        Answer(f"{group}/au_legal_rep", subject.person),
        Answer(f"{group}/au_grantee", "410499314 410499501"),
        Answer(f"{group}/au_scope", "1 2 3 7 16" if subject.kind == "ENT" else "11 12 16"),
        Answer(f"{group}/au_purpose", "1"),
        Answer(f"{group}/au_use", "query verify"),
        Answer("/data/risk/au_risk_read", "1"),
        Answer("/data/risk/au_revoke_contact", "0375-1234567"),
        *_signature("au_sign"),
    ]


def _rows(repeat: str, *rows: Mapping[str, str]) -> list[Step]:
    steps: list[Step] = []
    for number, row in enumerate(rows, start=1):
        if number > 1:
            steps.append(AddRow(repeat))
        steps += [Answer(f"{repeat}[{number}]/{name}", value) for name, value in row.items() if value]
    return steps
