-- The people of a vault, who sealed what, and whose second look it had. The first person is in no row: a vault
-- of one keeps none.

CREATE TABLE people (
    seq       INTEGER PRIMARY KEY,
    person_id TEXT NOT NULL,
    name      TEXT NOT NULL,
    roles     TEXT NOT NULL,
    active    INTEGER NOT NULL CHECK (active IN (0, 1)),
    at        TEXT NOT NULL,
    by_person TEXT NOT NULL
) STRICT;

CREATE INDEX people_by_person ON people (person_id, seq);

-- Who sealed a version; the first person where there is no row.
CREATE TABLE sealers (
    seq       INTEGER PRIMARY KEY,
    record_id TEXT NOT NULL,
    version   INTEGER NOT NULL,
    person_id TEXT NOT NULL,
    UNIQUE (record_id, version),
    FOREIGN KEY (record_id, version) REFERENCES records (record_id, version)
) STRICT;

CREATE TABLE approvals (
    seq       INTEGER PRIMARY KEY,
    record_id TEXT NOT NULL,
    version   INTEGER NOT NULL,
    person_id TEXT NOT NULL,
    at        TEXT NOT NULL,
    UNIQUE (record_id, version),
    FOREIGN KEY (record_id, version) REFERENCES records (record_id, version)
) STRICT;

-- What stands now: the last row of each person.
CREATE VIEW people_now AS
SELECT seq, person_id, name, roles, active, at FROM people
WHERE seq = (SELECT max(seq) FROM people AS later WHERE later.person_id = people.person_id);

-- The device's key to be, until the gateway has acknowledged it. The key that signs stands in `device`.
CREATE TABLE next_device_key (
    only_one    INTEGER PRIMARY KEY CHECK (only_one = 1),
    device_id   TEXT NOT NULL,
    suite       TEXT NOT NULL,
    private_key BLOB NOT NULL,
    made_at     TEXT NOT NULL
) STRICT;

CREATE TRIGGER people_keep BEFORE UPDATE ON people BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER people_stay BEFORE DELETE ON people BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER sealers_keep BEFORE UPDATE ON sealers BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER sealers_stay BEFORE DELETE ON sealers BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER approvals_keep BEFORE UPDATE ON approvals BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER approvals_stay BEFORE DELETE ON approvals BEGIN SELECT RAISE(ABORT, 'append-only'); END;
