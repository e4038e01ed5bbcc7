-- Record versions sealed or batched in practice: they go to no other platform.
CREATE TABLE practised (
    record_id TEXT NOT NULL,
    version   INTEGER NOT NULL,
    PRIMARY KEY (record_id, version),
    FOREIGN KEY (record_id, version) REFERENCES records (record_id, version)
) STRICT, WITHOUT ROWID;

INSERT INTO practised (record_id, version)
SELECT DISTINCT record_id, version FROM batch_records JOIN batches USING (manifest_id)
WHERE device IN (SELECT json_extract(facts, '$.device') FROM events
                 WHERE kind = 'device' AND json_extract(facts, '$.practice') = 1);

-- Whose hands a draft went through, under the version it becomes: none of them gives it the second look.
CREATE TABLE hands (
    record_id TEXT NOT NULL,
    version   INTEGER NOT NULL,
    person_id TEXT NOT NULL,
    PRIMARY KEY (record_id, version, person_id)
) STRICT, WITHOUT ROWID;

-- What the second look found wrong: the filler gets it back as a correction.
CREATE TABLE refusals (
    seq       INTEGER PRIMARY KEY,
    record_id TEXT NOT NULL,
    version   INTEGER NOT NULL,
    person_id TEXT NOT NULL,
    reason    TEXT NOT NULL,
    at        TEXT NOT NULL,
    UNIQUE (record_id, version),
    FOREIGN KEY (record_id, version) REFERENCES records (record_id, version)
) STRICT;

CREATE TRIGGER practised_keep BEFORE UPDATE ON practised BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER practised_stay BEFORE DELETE ON practised BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER refusals_keep BEFORE UPDATE ON refusals BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER refusals_stay BEFORE DELETE ON refusals BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- Until this device is enrolled for work, a record stands where practice has brought it; then it was practice.
DROP VIEW record_states;
CREATE VIEW record_states AS
SELECT records.record_id, records.version,
       coalesce(
           (SELECT 'practised' FROM practised
            WHERE practised.record_id = records.record_id AND practised.version = records.version
              AND EXISTS (SELECT 1 FROM device WHERE practice = 0)),
           (SELECT CASE latest_outcomes.status WHEN 'accepted' THEN 'accepted' ELSE 'returned' END
            FROM latest_outcomes
            WHERE latest_outcomes.record_id = records.record_id AND latest_outcomes.version = records.version),
           (SELECT 'returned' FROM refusals
            WHERE refusals.record_id = records.record_id AND refusals.version = records.version),
           (SELECT CASE batch_states.state
                       WHEN 'batched' THEN 'waiting' WHEN 'unknown' THEN 'unknown' ELSE 'received' END
            FROM batch_records JOIN batch_states USING (manifest_id)
            WHERE batch_records.record_id = records.record_id AND batch_records.version = records.version
              AND batch_states.state <> 'quarantined'
            ORDER BY batch_records.rowid DESC LIMIT 1),
           'sealed'
       ) AS status
FROM records;
