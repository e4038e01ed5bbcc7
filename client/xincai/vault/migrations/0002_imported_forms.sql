-- Forms that the person brought in, and whether they are still offered for new fillings. The forms themselves
-- are facts (form_sources); drafts and records find theirs there, offered or not.

CREATE TABLE imported_forms (
    form_sm3    TEXT PRIMARY KEY REFERENCES form_sources (form_sm3),
    card        TEXT NOT NULL,
    imported_at TEXT NOT NULL,
    offered     INTEGER NOT NULL CHECK (offered IN (0, 1))
) STRICT;
