-- Keys that are made once and never leave the vault: the one that the file of the chain's head is signed with,
-- and those that answers of level L4 are enclosed with.

CREATE TABLE secrets (
    name   TEXT PRIMARY KEY,
    secret BLOB NOT NULL
) STRICT;

-- Records from before answers of level L4 were enclosed; a row goes when its record has been seen to.
CREATE TABLE plain_records (
    seq INTEGER PRIMARY KEY REFERENCES records (seq)
) STRICT;

INSERT INTO plain_records (seq) SELECT seq FROM records;

-- A record's content is blanked beside its erasure, or its submission is enclosed once; nothing else changes.
DROP TRIGGER records_keep;
CREATE TRIGGER records_keep BEFORE UPDATE ON records
WHEN NOT (
         EXISTS (SELECT 1 FROM erasures WHERE erased_table = 'records' AND erased_row = OLD.seq)
         AND NEW.submission = x'' AND NEW.origins = '{}' AND NEW.title = ''
         AND NEW.subject_code = '' AND NEW.subject_name = ''
         OR EXISTS (SELECT 1 FROM plain_records WHERE seq = OLD.seq)
         AND NEW.origins IS OLD.origins AND NEW.title IS OLD.title
         AND NEW.subject_code IS OLD.subject_code AND NEW.subject_name IS OLD.subject_name
     )
     OR NEW.seq IS NOT OLD.seq OR NEW.record_id IS NOT OLD.record_id OR NEW.version IS NOT OLD.version
     OR NEW.form_id IS NOT OLD.form_id OR NEW.form_version IS NOT OLD.form_version
     OR NEW.form_sm3 IS NOT OLD.form_sm3 OR NEW.instance_id IS NOT OLD.instance_id
     OR NEW.subject_kind IS NOT OLD.subject_kind OR NEW.sealed_at IS NOT OLD.sealed_at
     OR NEW.submission_sm3 IS NOT OLD.submission_sm3 OR NEW.submission_sha256 IS NOT OLD.submission_sha256
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
