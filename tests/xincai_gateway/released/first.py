"""The tables: what was enrolled, what came in, what was answered, and what the platform reads.

Rules: the office's id leads every key, so that a province may spread the tables over many nodes; ids come
from the clients; there are no sequences. Batches, outcomes and receipts are facts and never change. The
platform reads `records`, `answers` and `attachments` and writes `records.read_status`, `read_at` and
`read_note`, nothing else. Instants are text `2026-11-22T03:04:05Z` (UTC), digests 64 lower-case hex
digits.

`about` and `register` belong to no office: small, read everywhere (reference tables on a distributed engine).
"""

import sqlalchemy as sa

VERSION = 1
UNREAD = "待读取"
READ = "已读取"

metadata = sa.MetaData()

_Digest = sa.String(64)
_Stamp = sa.String(20)
_Office = sa.String(32)
_Id = sa.String(64)


def _column(name: str, kind: "sa.types.TypeEngine[str]", comment: str = "") -> "sa.Column[str]":
    return sa.Column(name, kind, nullable=False, comment=comment or None)


def _office() -> "sa.Column[str]":
    return _column("office", _Office, "采集单位代码")


def _version_key() -> "list[sa.Column[str] | sa.Column[int]]":
    return [
        _office(),
        _column("record", _Id, "填报件编号（UUID）"),
        sa.Column("version", sa.BigInteger, nullable=False, comment="版本，从 1 起"),
    ]


about = sa.Table(
    "about",
    metadata,
    sa.Column("name", sa.String(40), primary_key=True),
    _column("value", sa.Text()),
    comment="本库的结构版本等",
)

register = sa.Table(
    "register",
    metadata,
    sa.Column("code", sa.String(40), primary_key=True, comment="主体代码"),
    _column("name", sa.String(200), "登记名称"),
    _column("imported_at", _Stamp),
    comment="平台的信息主体登记簿（核对名称与代码）",
)

enrolment_codes = sa.Table(
    "enrolment_codes",
    metadata,
    _office(),
    _column("code_sm3", _Digest, "一次性入网码的摘要"),
    _column("expires_at", _Stamp),
    sa.Column("used_at", _Stamp, comment="使用时间；空为未用"),
    sa.Column("device", _Id),
    sa.PrimaryKeyConstraint("office", "code_sm3"),
    comment="入网码",
)

devices = sa.Table(
    "devices",
    metadata,
    _office(),
    _column("device", _Id),
    _column("suite", sa.String(20)),
    _column("key_id", sa.String(16)),
    _column("public_key", sa.Text(), "公钥（PEM）"),
    _column("token_sm3", _Digest, "令牌的摘要"),
    _column("enrolled_at", _Stamp),
    sa.Column("revoked_at", _Stamp, comment="停用时间；空为在用"),
    sa.Column("sequence", sa.BigInteger, nullable=False, comment="已收到的最大批次序号"),
    sa.Column("manifest_sm3", _Digest, comment="该批次的清单摘要"),
    sa.Column("batches", sa.BigInteger, nullable=False, comment="已收到的批次数"),
    sa.PrimaryKeyConstraint("office", "device"),
    sa.UniqueConstraint("office", "key_id"),
    comment="已入网的设备",
)

batches = sa.Table(
    "batches",
    metadata,
    _office(),
    _column("manifest_sm3", _Digest, "清单摘要，即批次编号"),
    _column("device", _Id),
    sa.Column("sequence", sa.BigInteger, nullable=False, comment="设备内序号"),
    sa.Column("previous", _Digest, comment="该设备上一批次的清单摘要"),
    _column("chain", sa.String(8), "next 相接；gap 缺号；fork 分叉（设备被复制或回退）"),
    _column("audit_head", _Digest, "保险库事件链的链首"),
    _column("created", _Stamp, "设备自报的制作时间"),
    _column("clock_state", sa.String(12)),
    _column("received_at", _Stamp),
    sa.Column("position", sa.BigInteger, nullable=False, comment="该设备收到的第几批"),
    sa.Column("records", sa.Integer, nullable=False),
    sa.Column("accepted", sa.Integer, nullable=False),
    sa.Column("manifest", sa.LargeBinary, nullable=False, comment="清单原文"),
    sa.Column("signature", sa.LargeBinary, nullable=False, comment="签名原文"),
    sa.PrimaryKeyConstraint("office", "manifest_sm3"),
    sa.UniqueConstraint("office", "device", "position"),
    comment="收到的批次",
)

outcomes = sa.Table(
    "outcomes",
    metadata,
    _office(),
    _column("manifest_sm3", _Digest),
    *_version_key()[1:],
    _column("status", sa.String(10), "accepted 受理；rejected 退回"),
    _column("code", sa.String(8), "结果代码"),
    _column("path", sa.Text(), "题项"),
    _column("text", sa.Text(), "原因"),
    sa.Column("fixable", sa.Boolean, nullable=False, comment="填报人可以更正"),
    sa.PrimaryKeyConstraint("office", "manifest_sm3", "record", "version"),
    sa.ForeignKeyConstraint(["office", "manifest_sm3"], ["batches.office", "batches.manifest_sm3"]),
    comment="每个填报件的处理结果",
)

receipts = sa.Table(
    "receipts",
    metadata,
    _office(),
    _column("manifest_sm3", _Digest),
    _column("kind", sa.String(1), "A 收存；B 结果"),
    sa.Column("data", sa.LargeBinary, nullable=False, comment="回执原文"),
    sa.Column("signature", sa.LargeBinary, nullable=False),
    sa.PrimaryKeyConstraint("office", "manifest_sm3", "kind"),
    sa.ForeignKeyConstraint(["office", "manifest_sm3"], ["batches.office", "batches.manifest_sm3"]),
    comment="已签发的回执，重发时逐字节相同",
)

records = sa.Table(
    "records",
    metadata,
    *_version_key(),
    _column("manifest_sm3", _Digest, "所在批次"),
    _column("device", _Id),
    _column("form", sa.String(100)),
    _column("form_version", sa.String(100)),
    _column("form_sm3", _Digest),
    _column("subject_kind", sa.String(10), "主体类型"),
    _column("subject_code", sa.Text(), "主体代码；可空缺"),
    _column("subject_name", sa.Text(), "主体名称"),
    _column("content_sm3", _Digest, "表单、原文与附件合起来的摘要：同一内容重复送达时认得出"),
    _column("submission_sm3", _Digest, "填报件原文的摘要，原文在文件库中"),
    _column("submission_sha256", _Digest),
    sa.Column("submission_size", sa.BigInteger, nullable=False),
    sa.Column("authorisation", sa.String(200), comment="授权书编号"),
    _column("accepted_at", _Stamp),
    _column("read_status", sa.String(10), f"{UNREAD}／{READ}"),
    sa.Column("read_at", _Stamp),
    sa.Column("read_note", sa.Text),
    sa.PrimaryKeyConstraint("office", "record", "version"),
    sa.ForeignKeyConstraint(["office", "manifest_sm3"], ["batches.office", "batches.manifest_sm3"]),
    sa.Index("records_to_read", "office", "read_status"),
    sa.Index("records_of_subject", "office", "subject_code"),
    comment="已受理的填报件，供平台读取",
)

_RECORD = [records.c.office, records.c.record, records.c.version]

answers = sa.Table(
    "answers",
    metadata,
    *_version_key(),
    _column("ref", sa.Text(), "题项"),
    _column("value", sa.Text(), "值（原样）"),
    _column("origin", sa.Text(), "来源：自报、现场所见、证件所载、平台核验"),
    _column("level", sa.Text(), "敏感级别 L1-L4"),
    _column("item", sa.Text(), "目录项"),
    sa.PrimaryKeyConstraint("office", "record", "version", "ref"),
    sa.ForeignKeyConstraint(["office", "record", "version"], _RECORD),
    comment="已受理填报件的答案，一题一行",
)

attachments = sa.Table(
    "attachments",
    metadata,
    *_version_key(),
    _column("name", sa.String(200), "附件名"),
    _column("sm3", _Digest, "附件摘要，原文在文件库中"),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.PrimaryKeyConstraint("office", "record", "version", "name"),
    sa.ForeignKeyConstraint(["office", "record", "version"], _RECORD),
    comment="已受理填报件的附件",
)
