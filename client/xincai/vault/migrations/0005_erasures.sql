-- What was erased after its receipt. The row that stood in the chain is gone; its digest, and that of the row
-- left in its place, stay, so that the chain still closes.

CREATE TABLE erasures (
    seq          INTEGER PRIMARY KEY,
    erased_table TEXT NOT NULL CHECK (erased_table IN ('records', 'letters')),
    erased_row   INTEGER NOT NULL,
    record_id    TEXT NOT NULL,
    version      INTEGER NOT NULL,
    receipt_id   TEXT NOT NULL REFERENCES receipts (receipt_id),
    before       TEXT NOT NULL,
    after        TEXT NOT NULL,
    at           TEXT NOT NULL,
    UNIQUE (erased_table, erased_row),
    FOREIGN KEY (record_id, version) REFERENCES records (record_id, version)
) STRICT;

CREATE INDEX erasures_by_record ON erasures (record_id, version);

-- Records whose erasing has been announced, and those that the person keeps. May change.
CREATE TABLE retention (
    record_id    TEXT PRIMARY KEY,
    announced_at TEXT NOT NULL,
    kept         INTEGER NOT NULL CHECK (kept IN (0, 1))
) STRICT;

ALTER TABLE record_list ADD COLUMN erased INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER erasures_keep BEFORE UPDATE ON erasures BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER erasures_stay BEFORE DELETE ON erasures BEGIN SELECT RAISE(ABORT, 'append-only'); END;

DROP TRIGGER records_keep;
CREATE TRIGGER records_keep BEFORE UPDATE ON records
WHEN NOT EXISTS (SELECT 1 FROM erasures WHERE erased_table = 'records' AND erased_row = OLD.seq)
     OR NEW.submission <> x'' OR NEW.origins <> '{}' OR NEW.title <> ''
     OR NEW.subject_code <> '' OR NEW.subject_name <> ''
     OR NEW.seq IS NOT OLD.seq OR NEW.record_id IS NOT OLD.record_id OR NEW.version IS NOT OLD.version
     OR NEW.form_id IS NOT OLD.form_id OR NEW.form_version IS NOT OLD.form_version
     OR NEW.form_sm3 IS NOT OLD.form_sm3 OR NEW.instance_id IS NOT OLD.instance_id
     OR NEW.subject_kind IS NOT OLD.subject_kind OR NEW.sealed_at IS NOT OLD.sealed_at
     OR NEW.submission_sm3 IS NOT OLD.submission_sm3 OR NEW.submission_sha256 IS NOT OLD.submission_sha256
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

DROP TRIGGER letters_keep;
CREATE TRIGGER letters_keep BEFORE UPDATE ON letters
WHEN NOT EXISTS (SELECT 1 FROM erasures WHERE erased_table = 'letters' AND erased_row = OLD.seq)
     OR NEW.pdf <> x''
     OR NEW.seq IS NOT OLD.seq OR NEW.letter_id IS NOT OLD.letter_id OR NEW.record_id IS NOT OLD.record_id
     OR NEW.version IS NOT OLD.version OR NEW.kind IS NOT OLD.kind OR NEW.number IS NOT OLD.number
     OR NEW.pages IS NOT OLD.pages OR NEW.made_at IS NOT OLD.made_at OR NEW.sm3 IS NOT OLD.sm3
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
