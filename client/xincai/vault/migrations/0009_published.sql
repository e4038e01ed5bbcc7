-- What the platform publishes to this office, as its signed index names it: files come in pieces, and stay
-- while the index in use names them.
CREATE TABLE published_pieces (
    sm3   TEXT NOT NULL,
    start INTEGER NOT NULL,
    data  BLOB NOT NULL,
    PRIMARY KEY (sm3, start)
) STRICT, WITHOUT ROWID;

-- Which draft, and under the same id which record, was begun for a visit of an assignment.
CREATE TABLE visits (
    assignment TEXT NOT NULL,
    ref        TEXT NOT NULL,
    form_id    TEXT NOT NULL,
    draft_id   TEXT NOT NULL,
    PRIMARY KEY (assignment, ref, form_id)
) STRICT, WITHOUT ROWID;
