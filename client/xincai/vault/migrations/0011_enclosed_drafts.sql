-- What a draft took over may be enclosed as a whole, so the record it came from stands beside it. A draft from
-- before is enclosed when it is saved next.

ALTER TABLE drafts ADD COLUMN copied_from TEXT NOT NULL DEFAULT '';
UPDATE drafts SET copied_from = json_extract(copied, '$.record') WHERE copied <> '';
