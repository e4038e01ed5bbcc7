-- The first vault. Facts are append-only by trigger; states are views over facts.

CREATE TABLE migrations (
    number     INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,
    sm3        TEXT NOT NULL,
    applied_at TEXT NOT NULL
) STRICT;

CREATE TABLE identity (
    only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
    vault_id TEXT NOT NULL,
    name     TEXT NOT NULL,
    created  TEXT NOT NULL
) STRICT;

-- what may change ------------------------------------------------------------------------------------------

CREATE TABLE settings (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE device (
    only_one     INTEGER PRIMARY KEY CHECK (only_one = 1),
    device_id    TEXT NOT NULL,
    office       TEXT NOT NULL,
    suite        TEXT NOT NULL,
    private_key  BLOB NOT NULL,
    gateway_url  TEXT NOT NULL,
    token        TEXT NOT NULL,
    gateway_keys TEXT NOT NULL,
    recipient    TEXT NOT NULL,
    practice     INTEGER NOT NULL
) STRICT;

CREATE TABLE drafts (
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
    xml          BLOB NOT NULL
) STRICT;

CREATE INDEX drafts_by_record ON drafts (record_id, version) WHERE record_id IS NOT NULL;

CREATE TABLE draft_attachments (
    draft_id   TEXT NOT NULL,
    name       TEXT NOT NULL,
    sm3        TEXT NOT NULL REFERENCES blobs (sm3),
    media_type TEXT NOT NULL,
    PRIMARY KEY (draft_id, name)
) STRICT;

CREATE INDEX draft_attachments_by_blob ON draft_attachments (sm3);

-- The narrow list: the latest version of each record, as lists show and search it.
CREATE TABLE record_list (
    record_id    TEXT PRIMARY KEY,
    version      INTEGER NOT NULL,
    seq          INTEGER NOT NULL UNIQUE,
    form_id      TEXT NOT NULL,
    form_version TEXT NOT NULL,
    title        TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_code TEXT NOT NULL,
    subject_name TEXT NOT NULL,
    sealed_at    TEXT NOT NULL,
    words        TEXT NOT NULL
) STRICT;

-- bytes, named by their digest -----------------------------------------------------------------------------

CREATE TABLE blobs (
    blob_id INTEGER PRIMARY KEY,
    sm3     TEXT NOT NULL UNIQUE,
    size    INTEGER NOT NULL
) STRICT;

CREATE TABLE chunks (
    blob_id INTEGER NOT NULL REFERENCES blobs (blob_id) ON DELETE CASCADE,
    number  INTEGER NOT NULL,
    data    BLOB NOT NULL,
    PRIMARY KEY (blob_id, number)
) STRICT;

-- facts, which never change --------------------------------------------------------------------------------

CREATE TABLE events (
    seq   INTEGER PRIMARY KEY,
    at    TEXT NOT NULL,
    kind  TEXT NOT NULL,
    facts TEXT NOT NULL,
    prev  TEXT NOT NULL,
    sm3   TEXT NOT NULL
) STRICT;

CREATE TABLE form_sources (
    seq          INTEGER PRIMARY KEY,
    form_sm3     TEXT NOT NULL UNIQUE,
    form_id      TEXT NOT NULL,
    form_version TEXT NOT NULL,
    xml_sm3      TEXT NOT NULL REFERENCES blobs (sm3)
) STRICT;

CREATE TABLE form_files (
    form_sm3 TEXT NOT NULL REFERENCES form_sources (form_sm3),
    name     TEXT NOT NULL,
    sm3      TEXT NOT NULL REFERENCES blobs (sm3),
    PRIMARY KEY (form_sm3, name)
) STRICT;

CREATE INDEX form_files_by_blob ON form_files (sm3);

CREATE TABLE records (
    seq               INTEGER PRIMARY KEY,
    record_id         TEXT NOT NULL,
    version           INTEGER NOT NULL CHECK (version >= 1),
    form_id           TEXT NOT NULL,
    form_version      TEXT NOT NULL,
    form_sm3          TEXT NOT NULL,
    instance_id       TEXT NOT NULL,
    subject_kind      TEXT NOT NULL,
    subject_code      TEXT NOT NULL,
    subject_name      TEXT NOT NULL,
    title             TEXT NOT NULL,
    sealed_at         TEXT NOT NULL,
    origins           TEXT NOT NULL,
    submission_sm3    TEXT NOT NULL,
    submission_sha256 TEXT NOT NULL,
    submission        BLOB NOT NULL,
    UNIQUE (record_id, version)
) STRICT;

CREATE TABLE record_attachments (
    record_id  TEXT NOT NULL,
    version    INTEGER NOT NULL,
    name       TEXT NOT NULL,
    sm3        TEXT NOT NULL REFERENCES blobs (sm3),
    size       INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    PRIMARY KEY (record_id, version, name),
    FOREIGN KEY (record_id, version) REFERENCES records (record_id, version)
) STRICT;

CREATE INDEX record_attachments_by_blob ON record_attachments (sm3);

CREATE TABLE batches (
    seq         INTEGER PRIMARY KEY,
    manifest_id TEXT NOT NULL UNIQUE,
    device      TEXT NOT NULL,
    sequence    INTEGER NOT NULL,
    signer      TEXT NOT NULL,
    created     TEXT NOT NULL,
    signature   BLOB NOT NULL,
    manifest    BLOB NOT NULL,
    UNIQUE (device, sequence)
) STRICT;

CREATE TABLE batch_records (
    manifest_id TEXT NOT NULL REFERENCES batches (manifest_id),
    record_id   TEXT NOT NULL,
    version     INTEGER NOT NULL,
    PRIMARY KEY (manifest_id, record_id, version),
    FOREIGN KEY (record_id, version) REFERENCES records (record_id, version)
) STRICT;

CREATE INDEX batch_records_by_record ON batch_records (record_id, version);

CREATE TABLE sendings (
    seq         INTEGER PRIMARY KEY,
    manifest_id TEXT NOT NULL REFERENCES batches (manifest_id),
    way         TEXT NOT NULL CHECK (way IN ('http', 'stick')),
    begun_at    TEXT NOT NULL,
    UNIQUE (manifest_id, way)
) STRICT;

CREATE TABLE receipts (
    seq           INTEGER PRIMARY KEY,
    receipt_id    TEXT NOT NULL UNIQUE,
    manifest_id   TEXT NOT NULL REFERENCES batches (manifest_id),
    kind          TEXT NOT NULL CHECK (kind IN ('A', 'B')),
    platform_time TEXT NOT NULL,
    gateway       TEXT NOT NULL,
    signer        TEXT NOT NULL,
    added_at      TEXT NOT NULL,
    signature     BLOB NOT NULL,
    body          BLOB NOT NULL
) STRICT;

CREATE INDEX receipts_by_batch ON receipts (manifest_id, kind);

CREATE TABLE outcomes (
    receipt_id TEXT NOT NULL REFERENCES receipts (receipt_id),
    record_id  TEXT NOT NULL,
    version    INTEGER NOT NULL,
    status     TEXT NOT NULL CHECK (status IN ('accepted', 'rejected')),
    code       TEXT NOT NULL,
    path       TEXT NOT NULL,
    text       TEXT NOT NULL,
    fixable    INTEGER NOT NULL,
    PRIMARY KEY (receipt_id, record_id, version),
    FOREIGN KEY (record_id, version) REFERENCES records (record_id, version)
) STRICT;

CREATE INDEX outcomes_by_record ON outcomes (record_id, version);

CREATE TABLE quarantines (
    seq         INTEGER PRIMARY KEY,
    manifest_id TEXT NOT NULL UNIQUE REFERENCES batches (manifest_id),
    reason      TEXT NOT NULL,
    at          TEXT NOT NULL
) STRICT;

CREATE TABLE letters (
    seq       INTEGER PRIMARY KEY,
    letter_id TEXT NOT NULL UNIQUE,
    record_id TEXT NOT NULL,
    version   INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    number    TEXT NOT NULL,
    pages     INTEGER NOT NULL,
    made_at   TEXT NOT NULL,
    sm3       TEXT NOT NULL,
    pdf       BLOB NOT NULL,
    FOREIGN KEY (record_id, version) REFERENCES records (record_id, version)
) STRICT;

CREATE INDEX letters_by_record ON letters (record_id, version);

-- states, which follow from the facts ----------------------------------------------------------------------

CREATE VIEW batch_states AS
SELECT batches.manifest_id,
       CASE
           WHEN EXISTS (SELECT 1 FROM receipts WHERE manifest_id = batches.manifest_id AND kind = 'B') THEN 'settled'
           WHEN EXISTS (SELECT 1 FROM quarantines WHERE manifest_id = batches.manifest_id) THEN 'quarantined'
           WHEN EXISTS (SELECT 1 FROM receipts WHERE manifest_id = batches.manifest_id AND kind = 'A') THEN 'custody'
           WHEN EXISTS (SELECT 1 FROM sendings WHERE manifest_id = batches.manifest_id) THEN 'unknown'
           ELSE 'batched'
       END AS state
FROM batches;

-- The outcome of the latest receipt that names a record version.
CREATE VIEW latest_outcomes AS
SELECT outcomes.record_id, outcomes.version, outcomes.status, outcomes.code, outcomes.path, outcomes.text,
       outcomes.fixable, receipts.seq
FROM outcomes JOIN receipts USING (receipt_id)
WHERE NOT EXISTS (
    SELECT 1 FROM outcomes AS later JOIN receipts AS later_receipts USING (receipt_id)
    WHERE later.record_id = outcomes.record_id AND later.version = outcomes.version
      AND later_receipts.seq > receipts.seq
);

CREATE VIEW record_states AS
SELECT records.record_id, records.version,
       coalesce(
           (SELECT CASE latest_outcomes.status WHEN 'accepted' THEN 'accepted' ELSE 'returned' END
            FROM latest_outcomes
            WHERE latest_outcomes.record_id = records.record_id AND latest_outcomes.version = records.version),
           (SELECT CASE batch_states.state
                       WHEN 'batched' THEN 'waiting' WHEN 'unknown' THEN 'unknown' ELSE 'received' END
            FROM batch_records JOIN batch_states USING (manifest_id)
            WHERE batch_records.record_id = records.record_id AND batch_records.version = records.version
              AND batch_states.state <> 'quarantined'
            ORDER BY batch_records.rowid DESC LIMIT 1),
           'sealed'
       ) AS status
FROM records;

-- append-only ----------------------------------------------------------------------------------------------

CREATE TRIGGER migrations_keep BEFORE UPDATE ON migrations BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER migrations_stay BEFORE DELETE ON migrations BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER identity_keep BEFORE UPDATE ON identity BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER identity_stay BEFORE DELETE ON identity BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER events_keep BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER events_stay BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER form_sources_keep BEFORE UPDATE ON form_sources BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER form_sources_stay BEFORE DELETE ON form_sources BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER form_files_keep BEFORE UPDATE ON form_files BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER form_files_stay BEFORE DELETE ON form_files BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER records_keep BEFORE UPDATE ON records BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER records_stay BEFORE DELETE ON records BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER record_attachments_keep BEFORE UPDATE ON record_attachments
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER record_attachments_stay BEFORE DELETE ON record_attachments
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER batches_keep BEFORE UPDATE ON batches BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER batches_stay BEFORE DELETE ON batches BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER batch_records_keep BEFORE UPDATE ON batch_records BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER batch_records_stay BEFORE DELETE ON batch_records BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER sendings_keep BEFORE UPDATE ON sendings BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER sendings_stay BEFORE DELETE ON sendings BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER receipts_keep BEFORE UPDATE ON receipts BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER receipts_stay BEFORE DELETE ON receipts BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER outcomes_keep BEFORE UPDATE ON outcomes BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER outcomes_stay BEFORE DELETE ON outcomes BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER quarantines_keep BEFORE UPDATE ON quarantines BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER quarantines_stay BEFORE DELETE ON quarantines BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER letters_keep BEFORE UPDATE ON letters BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER letters_stay BEFORE DELETE ON letters BEGIN SELECT RAISE(ABORT, 'append-only'); END;
