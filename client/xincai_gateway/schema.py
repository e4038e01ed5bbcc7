"""The tables: what was enrolled, what came in, what was answered, and what the platform reads.

Rules: the office's id leads every key, so that a province may spread the tables over many nodes; ids come
from the clients; there are no sequences. Batches, outcomes and receipts are facts and never change (a batch
is settled once; a receipt whose key was revoked is signed again). The platform reads `records`, `answers`,
`attachments`, `objections` and `withdrawn`, and writes `read_status`, `read_at` and `read_note` of `records`
and `withdrawn`, nothing else; what a subject has withdrawn is deleted for good, and `withdrawn` says so.
Instants are text `2026-11-22T03:04:05Z` (UTC), digests 64 lower-case hex digits.

`about`, `register`, `library`, `administrators`, `sessions` and `attempts` belong to no office: small, read
everywhere (reference tables on a distributed engine).

Whoever changes a table here adds the step in `migrations/versions` that brings older databases to it.
"""

import sqlalchemy as sa

UNREAD = "待读取"
READ = "已读取"

metadata = sa.MetaData()

_Digest = sa.String(64)
_Stamp = sa.String(20)
_Office = sa.String(32)
_Id = sa.String(64)


def _column(name: str, kind: "sa.types.TypeEngine[str]", comment: str = "") -> "sa.Column[str]":
    return sa.Column(name, kind, nullable=False, comment=comment or None)


def _table(name: str, *parts: "sa.schema.SchemaItem", comment: str) -> sa.Table:
    return sa.Table(name, metadata, *parts, comment=comment)


def _office() -> "sa.Column[str]":
    return _column("office", _Office, "采集单位代码")


def _version_key() -> "list[sa.Column[str] | sa.Column[int]]":
    return [
        _office(),
        _column("record", _Id, "填报件编号（UUID）"),
        sa.Column("version", sa.BigInteger, nullable=False, comment="版本，从 1 起"),
    ]


about = _table(
    "about",
    sa.Column("name", sa.String(40), primary_key=True, comment="名目"),
    _column("value", sa.Text(), "值"),
    comment="本库的结构版本等",
)

register = _table(
    "register",
    sa.Column("code", sa.String(40), primary_key=True, comment="主体代码"),
    _column("name", sa.String(200), "登记名称"),
    _column("imported_at", _Stamp, "导入时间"),
    comment="平台的信息主体登记簿（核对名称与代码）",
)

library = _table(
    "library",
    _column("form_sm3", _Digest, "表单原文的摘要"),
    _column("name", sa.String(200), "文件名；form.xml 为表单原文，其余为代码表与媒体"),
    _column("sm3", _Digest, "文件摘要"),
    sa.Column("data", sa.LargeBinary, nullable=False, comment="文件原文"),
    sa.PrimaryKeyConstraint("form_sm3", "name"),
    comment="管理员发布或收下的表单，撤下之后仍受理用它填的；各台机器由此取用",
)

offices = _table(
    "offices",
    sa.Column("office", _Office, primary_key=True, comment="采集单位代码"),
    _column("name", sa.String(100), "名称"),
    _column("contact", sa.String(100), "联系人与电话；可空缺"),
    _column("noted_at", _Stamp, "登记或改动的时间"),
    sa.Column("closed_at", _Stamp, comment="停办时间；空为在办"),
    sa.Column("closed_by", sa.String(40), comment="谁停办的"),
    comment="采集单位的名称与联系方式；没有登记名称的单位也可以采集",
)

enrolment_codes = _table(
    "enrolment_codes",
    _office(),
    _column("code_sm3", _Digest, "一次性登记码的摘要"),
    _column("expires_at", _Stamp, "失效时间"),
    sa.Column("used_at", _Stamp, comment="使用时间；空为未用"),
    sa.Column("device", _Id, comment="用它登记的设备"),
    sa.PrimaryKeyConstraint("office", "code_sm3"),
    comment="登记码",
)

devices = _table(
    "devices",
    _office(),
    _column("device", _Id, "设备编号"),
    _column("suite", sa.String(20), "签名算法"),
    _column("key_id", sa.String(16), "公钥编号"),
    _column("public_key", sa.Text(), "公钥（PEM）"),
    _column("token_sm3", _Digest, "令牌的摘要"),
    _column("enrolled_at", _Stamp, "登记时间"),
    sa.Column("revoked_at", _Stamp, comment="停用时间；空为在用"),
    sa.Column("revoked_by", sa.String(40), comment="谁停用的；空为没有记下"),
    sa.Column("sequence", sa.BigInteger, nullable=False, comment="已收到的最大批次序号"),
    sa.Column("manifest_sm3", _Digest, comment="该批次的清单摘要"),
    sa.Column("batches", sa.BigInteger, nullable=False, comment="已收到的批次数"),
    sa.Column("officer", sa.String(40), comment="谁在用它；空为没有登记"),
    sa.PrimaryKeyConstraint("office", "device"),
    sa.UniqueConstraint("office", "key_id"),
    comment="已登记的设备",
)

former_keys = _table(
    "former_keys",
    _office(),
    _column("key_id", sa.String(16), "公钥编号"),
    _column("device", _Id, "用过它的设备"),
    _column("suite", sa.String(20), "签名算法"),
    _column("public_key", sa.Text(), "公钥（PEM）"),
    _column("changed_at", _Stamp, "换下的时间"),
    sa.PrimaryKeyConstraint("office", "key_id"),
    comment="设备换下的公钥，用来核验此前收到的批次",
)

batches = _table(
    "batches",
    _office(),
    _column("manifest_sm3", _Digest, "清单摘要，即批次编号"),
    _column("device", _Id, "送来它的设备"),
    sa.Column("sequence", sa.BigInteger, nullable=False, comment="设备内序号"),
    sa.Column("previous", _Digest, comment="该设备上一批次的清单摘要"),
    _column("chain", sa.String(8), "next 相接；gap 缺号；fork 分叉（设备被复制或回退）"),
    _column("audit_head", _Digest, "保险库事件链的链首"),
    _column("created", _Stamp, "设备自报的制作时间"),
    _column("clock_state", sa.String(12), "设备时钟的状态"),
    _column("received_at", _Stamp, "收存时间"),
    sa.Column("position", sa.BigInteger, nullable=False, comment="该设备收到的第几批"),
    sa.Column("records", sa.Integer, nullable=False, comment="填报件数"),
    sa.Column("accepted", sa.Integer, nullable=False, comment="其中受理的件数"),
    sa.Column("settled_at", _Stamp, comment="逐件处理完毕的时间；空为已收存、待处理"),
    sa.Column("manifest", sa.LargeBinary, nullable=False, comment="清单原文"),
    sa.Column("signature", sa.LargeBinary, nullable=False, comment="签名原文"),
    sa.PrimaryKeyConstraint("office", "manifest_sm3"),
    sa.UniqueConstraint("office", "device", "position"),
    comment="收到的批次",
)

outcomes = _table(
    "outcomes",
    _office(),
    _column("manifest_sm3", _Digest, "所在批次"),
    *_version_key()[1:],
    _column("status", sa.String(10), "accepted 受理；rejected 退回"),
    _column("code", sa.String(8), "结果代码"),
    _column("path", sa.Text(), "题项"),
    _column("text", sa.Text(), "原因"),
    sa.Column("fixable", sa.Boolean, nullable=False, comment="填报人可以更正"),
    sa.Column("form", sa.String(100), comment="表单"),
    sa.PrimaryKeyConstraint("office", "manifest_sm3", "record", "version"),
    sa.ForeignKeyConstraint(["office", "manifest_sm3"], ["batches.office", "batches.manifest_sm3"]),
    comment="每个填报件的处理结果",
)

receipts = _table(
    "receipts",
    _office(),
    _column("manifest_sm3", _Digest, "所答批次"),
    _column("kind", sa.String(1), "A 收存；B 结果"),
    sa.Column("data", sa.LargeBinary, nullable=False, comment="回执原文"),
    sa.Column("signature", sa.LargeBinary, nullable=False, comment="签名原文"),
    sa.PrimaryKeyConstraint("office", "manifest_sm3", "kind"),
    sa.ForeignKeyConstraint(["office", "manifest_sm3"], ["batches.office", "batches.manifest_sm3"]),
    comment="已签发的回执，重发时逐字节相同；密钥作废的，取走前重新签名",
)

records = _table(
    "records",
    *_version_key(),
    _column("manifest_sm3", _Digest, "所在批次"),
    _column("device", _Id, "送来它的设备"),
    _column("form", sa.String(100), "表单"),
    _column("form_version", sa.String(100), "表单版本"),
    _column("form_sm3", _Digest, "表单原文的摘要"),
    _column("subject_kind", sa.String(10), "主体类型"),
    _column("subject_code", sa.Text(), "主体代码；可空缺"),
    _column("subject_name", sa.Text(), "主体名称"),
    sa.Column("region", sa.Text, comment="主体所在地区代码（到村为12位）；空为表单不问"),
    sa.Column("started_at", _Stamp, comment="开始填报的时间（设备自报）；空为表单不记"),
    sa.Column("ended_at", _Stamp, comment="最后改动的时间（设备自报）；空为表单不记"),
    _column("content_sm3", _Digest, "表单、原文与附件合起来的摘要：同一内容重复送达时认得出"),
    _column("submission_sm3", _Digest, "填报件原文的摘要，原文在文件库中"),
    _column("submission_sha256", _Digest, "同一原文的 SHA-256"),
    sa.Column("submission_size", sa.BigInteger, nullable=False, comment="原文字节数"),
    sa.Column("authorisation", sa.String(200), comment="授权书编号"),
    _column("accepted_at", _Stamp, "受理时间"),
    _column("read_status", sa.String(10), f"{UNREAD}／{READ}"),
    sa.Column("read_at", _Stamp, comment="平台读取的时间"),
    sa.Column("read_note", sa.Text, comment="平台的备注"),
    sa.PrimaryKeyConstraint("office", "record", "version"),
    sa.ForeignKeyConstraint(["office", "manifest_sm3"], ["batches.office", "batches.manifest_sm3"]),
    sa.Index("records_to_read", "office", "read_status"),
    sa.Index("records_of_subject", "office", "subject_code"),
    sa.Index("records_by_code", "subject_code"),
    comment="已受理的填报件，供平台读取",
)

packed = _table(
    "packed",
    _office(),
    _column("sm3", _Digest, "小文件的摘要"),
    _column("pack", _Digest, "送来时所在的压缩包，存放它的文件也是压缩的；空为没有压缩"),
    _column("body", _Digest, "文件库中存放它的文件"),
    sa.Column("start", sa.BigInteger, nullable=False, comment="在该文件中的起点"),
    sa.Column("size", sa.BigInteger, nullable=False, comment="字节数"),
    sa.PrimaryKeyConstraint("office", "sm3"),
    sa.Index("packed_by_body", "office", "body"),
    comment="合在一起送来的小文件，各在何处",
)

_RECORD = [records.c.office, records.c.record, records.c.version]

answers = _table(
    "answers",
    *_version_key(),
    _column("ref", sa.Text(), "题项"),
    _column("value", sa.Text(), "值（原样）"),
    _column("origin", sa.Text(), "来源：自报、现场所见、证件所载、平台核验"),
    _column("level", sa.Text(), "敏感级别 L1-L4"),
    _column("item", sa.Text(), "目录项"),
    sa.Column("kind", sa.String(20), comment="数据类型：string、int、decimal、date、geopoint、binary 等"),
    sa.PrimaryKeyConstraint("office", "record", "version", "ref"),
    sa.ForeignKeyConstraint(["office", "record", "version"], _RECORD),
    comment="已受理填报件的答案，一题一行",
)

attachments = _table(
    "attachments",
    *_version_key(),
    _column("name", sa.String(200), "附件名"),
    _column("sm3", _Digest, "附件摘要，原文在文件库中"),
    sa.Column("size", sa.BigInteger, nullable=False, comment="字节数"),
    sa.PrimaryKeyConstraint("office", "record", "version", "name"),
    sa.ForeignKeyConstraint(["office", "record", "version"], _RECORD),
    comment="已受理填报件的附件",
)

returned = _table(
    "returned",
    _office(),
    _column("manifest_sm3", _Digest, "所在批次"),
    *_version_key()[1:],
    sa.Column("subject_code", sa.Text, comment="主体代码；空为读不出"),
    _column("subject_name", sa.Text(), "主体名称"),
    _column("region", sa.Text(), "主体所在地区代码"),
    _column("returned_at", _Stamp, "退回时间"),
    sa.PrimaryKeyConstraint("office", "manifest_sm3", "record", "version"),
    sa.Index("returned_by_code", "subject_code"),
    comment="退回的填报件是谁的：主体查询与撤回时要找到它，满期清理",
)

objections = _table(
    "objections",
    _office(),
    _column("objection", _Id, "异议编号（UUID）"),
    _column("record", _Id, "有异议的填报件"),
    _column("reason", sa.Text(), "主体的说法"),
    _column("raised_at", _Stamp, "提出时间"),
    _column("raised_by", sa.String(40), "登记人"),
    sa.Column("closed_at", _Stamp, comment="办结时间；空为处理中"),
    sa.Column("closed_by", sa.String(40), comment="办结人"),
    sa.Column("result", sa.Text, comment="处理结果"),
    sa.PrimaryKeyConstraint("office", "objection"),
    sa.Index("objections_to_records", "office", "record"),
    comment="主体对填报件的异议；处理中的，使用时须标注",
)

withdrawn = _table(
    "withdrawn",
    *_version_key(),
    _column("form", sa.String(100), "表单"),
    _column("withdrawal", _Id, "撤回编号（UUID），一次撤回的各件相同"),
    _column("withdrawn_at", _Stamp, "删除时间"),
    _column("withdrawn_by", sa.String(40), "办理人"),
    _column("reason", sa.Text(), "理由"),
    _column("read_status", sa.String(10), f"{UNREAD}／{READ}：平台据此删除自己的一份"),
    sa.Column("read_at", _Stamp, comment="平台读取的时间"),
    sa.Column("read_note", sa.Text, comment="平台的备注"),
    sa.PrimaryKeyConstraint("office", "record", "version"),
    comment="主体撤回、已在本机删除的填报件；不留主体信息",
)

erasing = _table(
    "erasing",
    _office(),
    _column("sm3", _Digest, "还须从文件库抹去的文件的摘要"),
    sa.PrimaryKeyConstraint("office", "sm3"),
    comment="撤回之后待抹去的原文与附件",
)

flags = _table(
    "flags",
    _office(),
    _column("flag", _Digest, "疑点编号：同一疑点再查仍是它"),
    _column("signal", sa.String(20), "photo 同一照片；point 同一定位；haste 填得过快；chance 数值像随机"),
    _column("device", _Id, "设备；可空缺"),
    _column("region", sa.Text(), "地区；可空缺"),
    _column("form", sa.String(100), "表单；可空缺"),
    _column("about", sa.Text(), "照片摘要、题项等；定位不写出"),
    sa.Column("records", sa.Integer, nullable=False, comment="涉及件数"),
    _column("raised_at", _Stamp, "首次发现的时间"),
    _column("status", sa.String(10), "待核查／无问题／有问题"),
    sa.Column("reviewed_at", _Stamp, comment="核查时间"),
    sa.Column("reviewed_by", sa.String(40), comment="核查人"),
    sa.Column("note", sa.Text, comment="核查意见"),
    sa.PrimaryKeyConstraint("office", "flag"),
    comment="给复核员看的疑点，从不自动退回",
)

flagged = _table(
    "flagged",
    *_version_key(),
    _column("flag", _Digest, "疑点编号"),
    sa.PrimaryKeyConstraint("office", "record", "version", "flag"),
    sa.ForeignKeyConstraint(["office", "flag"], ["flags.office", "flags.flag"]),
    sa.Index("flagged_by_flag", "office", "flag"),
    comment="疑点涉及的填报件",
)

published = _table(
    "published",
    _office(),
    _column("kind", sa.String(10), "form 表单；assignment 采集任务；notice 通知"),
    _column("document", sa.String(100), "编号"),
    _column("files", sa.Text(), "所含文件：名称、摘要、字节数"),
    _column("published_at", _Stamp, "发布时间"),
    sa.Column("device", _Id, comment="只发给这台设备；空为单位的全部设备"),
    sa.PrimaryKeyConstraint("office", "kind", "document"),
    comment="向采集单位发布的内容；单位为空即发给所有单位",
)

published_files = _table(
    "published_files",
    _office(),
    _column("sm3", _Digest, "文件摘要"),
    sa.Column("data", sa.LargeBinary, nullable=False, comment="文件原文"),
    sa.PrimaryKeyConstraint("office", "sm3"),
    comment="发布内容的文件",
)

deliveries = _table(
    "deliveries",
    _office(),
    _column("delivery", _Id, "送出编号（UUID），也是文件名与批次号"),
    _column("destination", sa.String(100), "送往何处"),
    sa.Column("records", sa.Integer, nullable=False, comment="件数，含撤回"),
    _column("status", sa.String(10), "待上报／已放妥／成功／失败"),
    _column("made_at", _Stamp, "组成时间"),
    sa.Column("tries", sa.Integer, nullable=False, comment="已试次数"),
    sa.Column("done_at", _Stamp, comment="有结果的时间"),
    sa.Column("code", sa.String(8), comment="对方的结果代码"),
    sa.Column("message", sa.Text, comment="失败原因"),
    sa.Column("follows", _Id, comment="重新送出：其中的件取自这一批；空为初次送出"),
    sa.Column("ordered_by", sa.String(40), comment="谁让重新送出"),
    sa.Column("reason", sa.Text, comment="为何重新送出"),
    sa.PrimaryKeyConstraint("office", "delivery"),
    sa.Index("deliveries_open", "destination", "status"),
    comment="送往别处的批次",
)

delivered = _table(
    "delivered",
    *_version_key(),
    _column("destination", sa.String(100), "送往何处"),
    _column("action", sa.String(10), "put 送交；withdraw 告知撤回"),
    _column("delivery", _Id, "所在的送出批次"),
    sa.Column("code", sa.String(8), comment="对方对这一件的结果代码；0 为成功，空为待定"),
    sa.Column("message", sa.Text, comment="对方的说明"),
    sa.PrimaryKeyConstraint("office", "record", "version", "destination", "action"),
    sa.ForeignKeyConstraint(["office", "delivery"], ["deliveries.office", "deliveries.delivery"]),
    sa.Index("delivered_in", "office", "delivery"),
    comment="送出批次中的每一件：同一件送往同一处只有一次",
)

accesses = _table(
    "accesses",
    _office(),
    _column("access", _Id, "编号（UUID）"),
    _column("at", _Stamp, "时间"),
    _column("who", sa.String(40), "谁"),
    _column("purpose", sa.Text(), "用途"),
    _column("what", sa.String(20), "download 下载；blob 取出原文或附件；report 查看主体；withdraw 撤回"),
    _column("about", sa.Text(), "表单、文件摘要的开头或主体代码（遮盖）"),
    _column("level", sa.String(4), "不遮盖的最高敏感级别"),
    sa.Column("records", sa.Integer, nullable=False, comment="件数"),
    sa.PrimaryKeyConstraint("office", "access"),
    comment="对已受理数据的查看与下载，逐次记录",
)

acts = _table(
    "acts",
    _office(),
    _column("act", _Id, "编号（UUID）"),
    _column("at", _Stamp, "时间"),
    _column("who", sa.String(40), "谁"),
    _column("what", sa.String(20), "做了什么，见 acts.py"),
    _column("about", sa.Text(), "设备、发布的编号、登录名等"),
    sa.PrimaryKeyConstraint("office", "act"),
    comment="管理员改动了什么，逐次记录；单位为空即不只关一个单位",
)

administrators = _table(
    "administrators",
    sa.Column("name", sa.String(40), primary_key=True, comment="登录名"),
    _column("passphrase", sa.Text(), "口令的 Argon2id 摘要"),
    _column("changed_at", _Stamp, "设定时间"),
    comment="县级管理员",
)

sessions = _table(
    "sessions",
    sa.Column("token_sm3", _Digest, primary_key=True, comment="浏览器所持令牌的摘要"),
    _column("name", sa.String(40), "登录名"),
    _column("csrf", sa.String(32), "表单须带回的标记"),
    _column("begun_at", _Stamp, "登录时间"),
    _column("seen_at", _Stamp, "最近一次打开页面"),
    comment="管理页面上的登录，各进程共用",
)

attempts = _table(
    "attempts",
    sa.Column("name", sa.String(40), primary_key=True, comment="登录名，有没有这个人都记"),
    sa.Column("failed", sa.Integer, nullable=False, comment="接连输错的次数"),
    _column("until", _Stamp, "输错多次后，到此时方可再试"),
    comment="管理页面登录时输错口令的次数",
)
