-- Rows of lists as records sealed here left them, until the platform publishes newer ones. They may change, and
-- go with the content of the record they come from.

CREATE TABLE entities (
    dataset   TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    cells     TEXT NOT NULL,
    record_id TEXT NOT NULL,
    PRIMARY KEY (dataset, entity_id)
) STRICT;

CREATE TRIGGER entities_go AFTER INSERT ON erasures WHEN NEW.erased_table = 'records'
BEGIN DELETE FROM entities WHERE record_id = NEW.record_id; END;
