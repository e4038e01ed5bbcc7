-- What a draft took over from an earlier record of the same subject, as JSON; empty when nothing was.
ALTER TABLE drafts ADD COLUMN copied TEXT NOT NULL DEFAULT '';
