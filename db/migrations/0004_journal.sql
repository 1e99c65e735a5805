-- The access log goes on as the chain `access` of the journal, hashed as `journalHash` does, so that nothing of it is lost.
DO $$
DECLARE
  entry record;
  place integer := 0;
  head text := '';
  made text;
BEGIN
  FOR entry IN SELECT * FROM "access_log" ORDER BY "id" LOOP
    place := place + 1;
    made := encode(sha256(convert_to(head || E'\n' || '{"action":' || to_json(entry.action)::text
      || ',"at":' || to_json(to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))::text
      || ',"chain":"access","code":' || to_json(entry.code)::text || ',"facts":{},"person":'
      || coalesce(to_json(entry.person_id)::text, 'null') || ',"requestId":' || to_json(entry.request_id)::text
      || ',"sequence":' || place || ',"target":' || to_json(entry.target)::text || '}', 'UTF8')), 'hex');
    INSERT INTO "journal" ("chain", "sequence", "at", "person_id", "action", "target", "code", "request_id", "facts", "previous_hash", "hash")
    VALUES ('access', place, entry.at, entry.person_id, entry.action, entry.target, entry.code, entry.request_id, '{}', head, made);
    head := made;
  END LOOP;
END $$;--> statement-breakpoint
DROP TABLE "access_log" CASCADE;--> statement-breakpoint
-- Whoever ticked paper or an electronic file did so in a row that was made from the record; both are ticked anew, beside it.
ALTER TABLE "archive_entries" DROP COLUMN "paper";--> statement-breakpoint
ALTER TABLE "archive_entries" DROP COLUMN "electronic";
