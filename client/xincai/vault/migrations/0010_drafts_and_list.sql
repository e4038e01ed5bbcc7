-- A seal writes fewer pages: drafts and the narrow list have no index beside them. A record's row in the list
-- is found through `records`. And a draft tells itself whose hands it went through, as a list of their ids, so
-- that neither can be put back without the other.

CREATE TABLE listed (
    seq          INTEGER PRIMARY KEY,
    record_id    TEXT NOT NULL,
    version      INTEGER NOT NULL,
    form_id      TEXT NOT NULL,
    form_version TEXT NOT NULL,
    title        TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_code TEXT NOT NULL,
    subject_name TEXT NOT NULL,
    sealed_at    TEXT NOT NULL,
    erased       INTEGER NOT NULL DEFAULT 0,
    words        TEXT NOT NULL
) STRICT;

INSERT INTO listed (seq, record_id, version, form_id, form_version, title, subject_kind, subject_code,
                    subject_name, sealed_at, erased, words)
SELECT seq, record_id, version, form_id, form_version, title, subject_kind, subject_code,
       subject_name, sealed_at, erased, words
FROM record_list ORDER BY seq;

DROP TABLE record_list;
ALTER TABLE listed RENAME TO record_list;

CREATE TABLE open_drafts (
    draft_id     TEXT PRIMARY KEY,
    form_id      TEXT NOT NULL,
    form_version TEXT NOT NULL,
    form_sm3     TEXT NOT NULL,
    subject_name TEXT NOT NULL,
    record_id    TEXT,
    version      INTEGER NOT NULL,
    answered     INTEGER NOT NULL,
    required     INTEGER NOT NULL,
    saved_at     TEXT NOT NULL,
    hands        TEXT NOT NULL,
    copied       TEXT NOT NULL,
    xml          BLOB NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO open_drafts (draft_id, form_id, form_version, form_sm3, subject_name, record_id, version, answered,
                         required, saved_at, hands, copied, xml)
SELECT draft_id, form_id, form_version, form_sm3, subject_name, record_id, version, answered,
       required, saved_at,
       (SELECT json_group_array(person_id) FROM hands
        WHERE hands.record_id = coalesce(drafts.record_id, drafts.draft_id) AND hands.version = drafts.version),
       copied, xml
FROM drafts;

DELETE FROM hands WHERE EXISTS (
    SELECT 1 FROM drafts
    WHERE hands.record_id = coalesce(drafts.record_id, drafts.draft_id) AND hands.version = drafts.version
);

DROP TABLE drafts;
ALTER TABLE open_drafts RENAME TO drafts;
CREATE INDEX drafts_by_record ON drafts (record_id, version) WHERE record_id IS NOT NULL;

-- From here on the hands that a sealed version went through, its sealer's apart; its event tells them too.
CREATE TRIGGER hands_keep BEFORE UPDATE ON hands BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER hands_stay BEFORE DELETE ON hands BEGIN SELECT RAISE(ABORT, 'append-only'); END;
