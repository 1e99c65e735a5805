CREATE TYPE "public"."archive_form" AS ENUM('paper', 'electronic');--> statement-breakpoint
CREATE TYPE "public"."package_status" AS ENUM('waiting', 'made', 'stuck');--> statement-breakpoint
CREATE TYPE "public"."journal_chain" AS ENUM('access', 'office');--> statement-breakpoint
CREATE TYPE "public"."delivery_status" AS ENUM('waiting', 'sent', 'dead');--> statement-breakpoint
CREATE TYPE "public"."notice_channel" AS ENUM('console', 'email', 'webhook');--> statement-breakpoint
CREATE TYPE "public"."notice_wish" AS ENUM('at-once', 'digest', 'off');--> statement-breakpoint
CREATE TYPE "public"."statistic_measure" AS ENUM('received', 'finished', 'on-time', 'late', 'completed', 'rejected', 'withdrawn', 'returned', 'complete-at-once', 'archived', 'archive-checked', 'archive-accurate', 'rated', 'stars', 'done', 'done-late', 'handling');--> statement-breakpoint
CREATE TYPE "public"."accountability_measure" AS ENUM('reminder', 'interview', 'public-criticism', 'accountability');--> statement-breakpoint
CREATE TYPE "public"."bulletin_kind" AS ENUM('supervision', 'key-work');--> statement-breakpoint
CREATE TYPE "public"."bulletin_status" AS ENUM('draft', 'published');--> statement-breakpoint
CREATE TYPE "public"."inspection_kind" AS ENUM('round', 'spot-check');--> statement-breakpoint
CREATE TYPE "public"."inspection_result" AS ENUM('pending', 'passed', 'failed', 'excused');--> statement-breakpoint
CREATE TYPE "public"."supervision_source" AS ENUM('meeting-resolution', 'leader-instruction', 'key-work', 'incoming-document', 'mailbox', 'special-topic', 'other');--> statement-breakpoint
ALTER TYPE "public"."notice_kind" ADD VALUE 'inspected';--> statement-breakpoint
ALTER TYPE "public"."notice_kind" ADD VALUE 'bulletin';--> statement-breakpoint
ALTER TYPE "public"."notice_kind" ADD VALUE 'rating-asked';--> statement-breakpoint
ALTER TYPE "public"."notice_kind" ADD VALUE 'office';--> statement-breakpoint
CREATE TABLE "archive_checks" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"matter_id" text NOT NULL,
	"accurate" boolean NOT NULL,
	"finding" text,
	"checked_by" text NOT NULL,
	"checked_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "archive_hand_overs" (
	"id" text PRIMARY KEY NOT NULL,
	"year" integer NOT NULL,
	"unit_id" text NOT NULL,
	"count" integer NOT NULL,
	"hash" text NOT NULL,
	"given_by" text NOT NULL,
	"taken_by" text,
	"given_at" timestamp (3) with time zone NOT NULL,
	"taken_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "archive_packages" (
	"matter_id" text PRIMARY KEY NOT NULL,
	"status" "package_status" NOT NULL,
	"attempts" integer NOT NULL,
	"next_attempt_at" timestamp (3) with time zone NOT NULL,
	"fault" text,
	"sha256" text,
	"size" integer,
	"made_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "archive_ticks" (
	"matter_id" text NOT NULL,
	"form" "archive_form" NOT NULL,
	"ticked_by" text,
	"ticked_at" timestamp (3) with time zone NOT NULL,
	"place" text,
	CONSTRAINT "archive_ticks_matter_id_form_pk" PRIMARY KEY("matter_id","form")
);
--> statement-breakpoint
CREATE TABLE "audit_heads" (
	"chain" text NOT NULL,
	"no" text,
	"sequence" integer NOT NULL,
	"hash" text NOT NULL,
	"root" integer NOT NULL,
	CONSTRAINT "audit_heads_chain_sequence_pk" PRIMARY KEY("chain","sequence")
);
--> statement-breakpoint
CREATE TABLE "audit_roots" (
	"number" integer PRIMARY KEY NOT NULL,
	"day" date NOT NULL,
	"made_at" timestamp (3) with time zone NOT NULL,
	"heads" integer NOT NULL,
	"previous_root" text NOT NULL,
	"root" text NOT NULL,
	CONSTRAINT "audit_roots_day_unique" UNIQUE("day")
);
--> statement-breakpoint
CREATE TABLE "journal" (
	"chain" "journal_chain" NOT NULL,
	"sequence" integer NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"person_id" text,
	"action" text NOT NULL,
	"target" text NOT NULL,
	"code" text NOT NULL,
	"request_id" text,
	"facts" jsonb NOT NULL,
	"previous_hash" text NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "journal_chain_sequence_pk" PRIMARY KEY("chain","sequence")
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"channel" "notice_channel" NOT NULL,
	"person_id" text NOT NULL,
	"notice_id" bigint,
	"digest_day" date,
	"digest_from" integer,
	"digest_to" integer,
	"webhook_id" text,
	"status" "delivery_status" NOT NULL,
	"attempts" integer NOT NULL,
	"next_attempt_at" timestamp (3) with time zone NOT NULL,
	"fault" text,
	"sent_at" timestamp (3) with time zone,
	CONSTRAINT "deliveries_once" UNIQUE NULLS NOT DISTINCT("channel","person_id","notice_id","digest_day","digest_from","webhook_id")
);
--> statement-breakpoint
CREATE TABLE "notice_settings" (
	"person_id" text NOT NULL,
	"kind" "notice_kind" NOT NULL,
	"channel" "notice_channel" NOT NULL,
	"wish" "notice_wish" NOT NULL,
	CONSTRAINT "notice_settings_person_id_kind_channel_pk" PRIMARY KEY("person_id","kind","channel")
);
--> statement-breakpoint
CREATE TABLE "webhooks" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"url" text NOT NULL,
	"secret" text NOT NULL,
	"kinds" "notice_kind"[] NOT NULL,
	"active" boolean NOT NULL
);
--> statement-breakpoint
CREATE UNLOGGED TABLE "matter_changes" (
	"xact" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"no" text NOT NULL,
	"people" text[] NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "stream_tickets" (
	"hash" text PRIMARY KEY NOT NULL,
	"person_id" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"session_ends_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ratings" (
	"matter_id" text PRIMARY KEY NOT NULL,
	"no" text NOT NULL,
	"process_id" text NOT NULL,
	"units" text[] NOT NULL,
	"person_id" text NOT NULL,
	"stars" smallint NOT NULL,
	"manner" smallint,
	"timeliness" smallint,
	"completeness" smallint,
	"text" text,
	"at" timestamp (3) with time zone NOT NULL,
	"case_id" text,
	"case_no" text
);
--> statement-breakpoint
CREATE TABLE "statistic_counters" (
	"measure" "statistic_measure" NOT NULL,
	"month" date NOT NULL,
	"process_id" text NOT NULL,
	"unit_id" text NOT NULL,
	"person_id" text NOT NULL,
	"step" text NOT NULL,
	"bucket" smallint NOT NULL,
	"count" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "statistic_deltas" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"measure" "statistic_measure" NOT NULL,
	"month" date NOT NULL,
	"process_id" text NOT NULL,
	"unit_id" text NOT NULL,
	"person_id" text NOT NULL,
	"step" text NOT NULL,
	"bucket" smallint NOT NULL,
	"count" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "accountabilities" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"inspection_id" text NOT NULL,
	"matter_id" text NOT NULL,
	"unit_id" text NOT NULL,
	"person_id" text NOT NULL,
	"measure" "accountability_measure" NOT NULL,
	"text" text NOT NULL,
	"decided_by" text NOT NULL,
	"decided_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bulletins" (
	"kind" "bulletin_kind" NOT NULL,
	"month" text NOT NULL,
	"status" "bulletin_status" NOT NULL,
	"year" integer,
	"number" integer,
	"figures" jsonb NOT NULL,
	"words" jsonb NOT NULL,
	"revision" integer NOT NULL,
	"drafted_at" timestamp (3) with time zone NOT NULL,
	"edited_by" text,
	"published_by" text,
	"published_at" timestamp (3) with time zone,
	"hash" text,
	CONSTRAINT "bulletins_kind_month_pk" PRIMARY KEY("kind","month")
);
--> statement-breakpoint
CREATE TABLE "inspection_files" (
	"file_id" text NOT NULL,
	"matter_id" text NOT NULL,
	CONSTRAINT "inspection_files_file_id_matter_id_pk" PRIMARY KEY("file_id","matter_id")
);
--> statement-breakpoint
CREATE TABLE "inspection_items" (
	"inspection_id" text NOT NULL,
	"matter_id" text NOT NULL,
	"no" text NOT NULL,
	"lead_unit" text,
	"result" "inspection_result" NOT NULL,
	"finding" text,
	"evidence" jsonb NOT NULL,
	"checked_by" text,
	"checked_at" timestamp (3) with time zone,
	"failures_on_end" integer NOT NULL,
	"objection" text,
	"objected_by" text,
	"objected_at" timestamp (3) with time zone,
	"objection_upheld" boolean,
	"objection_answer" text,
	"objection_decided_by" text,
	"objection_decided_at" timestamp (3) with time zone,
	CONSTRAINT "inspection_items_inspection_id_matter_id_pk" PRIMARY KEY("inspection_id","matter_id")
);
--> statement-breakpoint
CREATE TABLE "inspections" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" "inspection_kind" NOT NULL,
	"title" text NOT NULL,
	"topic_id" text,
	"round" integer NOT NULL,
	"criteria" jsonb NOT NULL,
	"seed" text,
	"population" jsonb NOT NULL,
	"sample_size" integer,
	"opened_by" text,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"due_on" date NOT NULL,
	"reminded_at" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "ledger" (
	"matter_id" text PRIMARY KEY NOT NULL,
	"no" text NOT NULL,
	"process_id" text NOT NULL,
	"title" text NOT NULL,
	"content" text NOT NULL,
	"source" "supervision_source" NOT NULL,
	"source_ref" text,
	"lead_unit" text,
	"assist_units" text[] NOT NULL,
	"responsible" text,
	"leader" text,
	"level" text,
	"status" "matter_status" NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"due_at" timestamp (3) with time zone NOT NULL,
	"yellow_at" timestamp (3) with time zone NOT NULL,
	"orange_at" timestamp (3) with time zone NOT NULL,
	"overdue_from" timestamp (3) with time zone,
	"stopped_at" timestamp (3) with time zone,
	"feedback_due_at" timestamp (3) with time zone,
	"feedback_missed" integer NOT NULL,
	"extensions" integer NOT NULL,
	"percent" integer,
	"progress" text,
	"progress_at" timestamp (3) with time zone,
	"checker" text,
	"checked_at" timestamp (3) with time zone,
	"result" text,
	"reported_to" text,
	"reported_at" timestamp (3) with time zone,
	"adjustment" text,
	"delay_reason" text
);
--> statement-breakpoint
CREATE TABLE "matter_search" (
	"matter_id" text PRIMARY KEY NOT NULL,
	"text" text NOT NULL,
	"pairs" text[] NOT NULL
);
--> statement-breakpoint
CREATE TABLE "progress_reports" (
	"matter_id" text NOT NULL,
	"sequence" integer NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"step" text NOT NULL,
	"person_id" text NOT NULL,
	"percent" integer NOT NULL,
	"text" text NOT NULL,
	"attachments" jsonb NOT NULL,
	CONSTRAINT "progress_reports_matter_id_sequence_pk" PRIMARY KEY("matter_id","sequence")
);
--> statement-breakpoint
CREATE TABLE "topic_matters" (
	"topic_id" text NOT NULL,
	"matter_id" text NOT NULL,
	"added_by" text NOT NULL,
	"added_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "topic_matters_topic_id_matter_id_pk" PRIMARY KEY("topic_id","matter_id")
);
--> statement-breakpoint
CREATE TABLE "topics" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"supervisor" text NOT NULL,
	"basis" text NOT NULL,
	"started_on" date NOT NULL,
	"closed_on" date,
	"inspect_every_months" integer,
	"next_inspection_on" date,
	"milestones" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "urges" (
	"matter_id" text NOT NULL,
	"sequence" integer NOT NULL,
	"person_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"urged_by" text NOT NULL,
	"text" text,
	CONSTRAINT "urges_matter_id_sequence_person_id_pk" PRIMARY KEY("matter_id","sequence","person_id")
);
--> statement-breakpoint
CREATE TABLE "watches" (
	"person_id" text NOT NULL,
	"matter_id" text NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "watches_person_id_matter_id_pk" PRIMARY KEY("person_id","matter_id")
);
--> statement-breakpoint
ALTER TABLE "outbox" ALTER COLUMN "matter_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "outbox" ALTER COLUMN "sequence" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "people" ADD COLUMN "email" text;--> statement-breakpoint
ALTER TABLE "matters" ADD COLUMN "overdue_from" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "matters" ADD COLUMN "kept_out" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "matters" ADD COLUMN "corrections" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "matters" ADD COLUMN "returns" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "matters" ADD COLUMN "listed" jsonb;--> statement-breakpoint
UPDATE "matters" SET "overdue_from" = CASE WHEN "status" = 'open' THEN "due_at"
  WHEN "due_at" < coalesce("ended_at", ("state"->'suspensions'->-1->>'from')::timestamptz) THEN "due_at" END,
  "corrections" = coalesce(("state"->'counts'->>'corrections')::int, 0), "returns" = coalesce(("state"->'counts'->>'returns')::int, 0),
  "listed" = jsonb_build_object('applicant', "state"->'applicant', 'unitName', "state"->'unitName', 'ending', "state"->'ending',
    'suspendedSince', CASE WHEN "status" = 'suspended' THEN "state"->'suspensions'->-1->'from' END);--> statement-breakpoint
ALTER TABLE "matters" ALTER COLUMN "listed" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "overdue_from" timestamp (3) with time zone;--> statement-breakpoint
UPDATE "tasks" SET "overdue_from" = least("tasks"."due_at", "matters"."overdue_from") FROM "matters"
  WHERE "matters"."id" = "tasks"."matter_id" AND "tasks"."status" NOT IN ('done', 'closed') AND "tasks"."step" NOT IN ('circulation', 'advice');--> statement-breakpoint
ALTER TABLE "task_people" ADD COLUMN "overdue_from" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "task_people" ADD COLUMN "claimed_by" text;--> statement-breakpoint
UPDATE "task_people" SET "overdue_from" = "tasks"."overdue_from", "claimed_by" = "tasks"."claimed_by" FROM "tasks" WHERE "tasks"."id" = "task_people"."task_id";--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "doer_unit" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "work_minutes" integer;--> statement-breakpoint
UPDATE "tasks" SET "doer_unit" = "people"."unit" FROM "people" WHERE "people"."id" = "tasks"."acted_by";--> statement-breakpoint
DROP INDEX "tasks_open_due";--> statement-breakpoint
DROP INDEX "task_people_box";--> statement-breakpoint
DROP INDEX "matter_people_person";--> statement-breakpoint
CREATE INDEX "matters_started" ON "matters" USING btree ("started_at","id");--> statement-breakpoint
CREATE INDEX "matter_people_person" ON "matter_people" USING btree ("person_id","started_at","matter_id");--> statement-breakpoint
CREATE INDEX "tasks_overdue" ON "tasks" USING btree ("overdue_from","id") WHERE status = 'open' and overdue_from is not null;--> statement-breakpoint
CREATE INDEX "tasks_overdue_unit" ON "tasks" USING btree ("unit_id","overdue_from","id") WHERE status = 'open' and overdue_from is not null;--> statement-breakpoint
CREATE INDEX "tasks_overdue_process" ON "tasks" USING btree ("process_id","overdue_from","id") WHERE status = 'open' and overdue_from is not null;--> statement-breakpoint
CREATE INDEX "task_people_todo" ON "task_people" USING btree ("person_id","due_at","task_id") WHERE closed_at is null and kind <> 'read';--> statement-breakpoint
CREATE INDEX "task_people_read" ON "task_people" USING btree ("person_id","due_at","task_id") WHERE closed_at is null and kind = 'read';--> statement-breakpoint
CREATE INDEX "task_people_done" ON "task_people" USING btree ("person_id","closed_at","task_id") WHERE closed_at is not null;--> statement-breakpoint
CREATE INDEX "task_people_overdue" ON "task_people" USING btree ("person_id","overdue_from","task_id") WHERE status = 'open' and overdue_from is not null;--> statement-breakpoint
CREATE INDEX "task_people_own" ON "task_people" USING btree ("person_id") WHERE status = 'open' and kind <> 'read' and (claimed_by is null or claimed_by = person_id);--> statement-breakpoint
ALTER TABLE "archive_entries" ADD COLUMN "process_id" text;--> statement-breakpoint
UPDATE "archive_entries" SET "process_id" = matters.process_id FROM "matters" WHERE "matters"."id" = "archive_entries"."matter_id";--> statement-breakpoint
ALTER TABLE "archive_entries" ALTER COLUMN "process_id" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "archive_entries" ADD COLUMN "unit_id" text;--> statement-breakpoint
UPDATE "archive_entries" SET "unit_id" = matters.unit_id FROM "matters" WHERE "matters"."id" = "archive_entries"."matter_id";--> statement-breakpoint
ALTER TABLE "archive_entries" ALTER COLUMN "unit_id" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "archive_entries" ADD COLUMN "year" integer;--> statement-breakpoint
UPDATE "archive_entries" SET "year" = extract(year from archive_entries.archived_at at time zone 'Asia/Shanghai')::int FROM "matters" WHERE "matters"."id" = "archive_entries"."matter_id";--> statement-breakpoint
ALTER TABLE "archive_entries" ALTER COLUMN "year" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "link" text;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "xact" "xid8" DEFAULT pg_current_xact_id() NOT NULL;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "read_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "inspection_items" ADD CONSTRAINT "inspection_items_inspection_id_inspections_id_fk" FOREIGN KEY ("inspection_id") REFERENCES "public"."inspections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inspections" ADD CONSTRAINT "inspections_topic_id_topics_id_fk" FOREIGN KEY ("topic_id") REFERENCES "public"."topics"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "topic_matters" ADD CONSTRAINT "topic_matters_topic_id_topics_id_fk" FOREIGN KEY ("topic_id") REFERENCES "public"."topics"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "archive_checks_matter" ON "archive_checks" USING btree ("matter_id");--> statement-breakpoint
CREATE INDEX "archive_packages_due" ON "archive_packages" USING btree ("status","next_attempt_at");--> statement-breakpoint
CREATE INDEX "audit_heads_root" ON "audit_heads" USING btree ("root","chain" collate "C");--> statement-breakpoint
CREATE INDEX "journal_time" ON "journal" USING btree ("at");--> statement-breakpoint
CREATE INDEX "journal_person" ON "journal" USING btree ("person_id","at");--> statement-breakpoint
CREATE INDEX "journal_target" ON "journal" USING btree ("target","at");--> statement-breakpoint
CREATE INDEX "deliveries_due" ON "deliveries" USING btree ("status","next_attempt_at");--> statement-breakpoint
CREATE INDEX "ratings_time" ON "ratings" USING btree ("at");--> statement-breakpoint
CREATE UNIQUE INDEX "statistic_counters_key" ON "statistic_counters" USING btree ("measure","person_id","month","process_id","unit_id","step","bucket");--> statement-breakpoint
CREATE INDEX "accountabilities_unit" ON "accountabilities" USING btree ("unit_id","decided_at");--> statement-breakpoint
CREATE UNIQUE INDEX "bulletins_number" ON "bulletins" USING btree ("kind","year","number");--> statement-breakpoint
CREATE INDEX "inspection_items_matter" ON "inspection_items" USING btree ("matter_id");--> statement-breakpoint
CREATE INDEX "inspections_opened" ON "inspections" USING btree ("opened_at");--> statement-breakpoint
CREATE UNIQUE INDEX "inspections_round" ON "inspections" USING btree ("topic_id","kind","round");--> statement-breakpoint
CREATE INDEX "ledger_order" ON "ledger" USING btree ((ended_at is not null),(case when ended_at is null then least(overdue_from, due_at) end),"ended_at" DESC NULLS FIRST,"matter_id");--> statement-breakpoint
CREATE INDEX "ledger_due" ON "ledger" USING btree ("status","due_at");--> statement-breakpoint
CREATE INDEX "ledger_lead" ON "ledger" USING btree ("lead_unit","due_at");--> statement-breakpoint
CREATE INDEX "ledger_leader" ON "ledger" USING btree ("leader","due_at");--> statement-breakpoint
CREATE INDEX "ledger_started" ON "ledger" USING btree ("started_at");--> statement-breakpoint
CREATE INDEX "ledger_assist" ON "ledger" USING gin ("assist_units");--> statement-breakpoint
CREATE INDEX "matter_search_pairs" ON "matter_search" USING gin ("pairs");--> statement-breakpoint
CREATE INDEX "urges_at" ON "urges" USING btree ("at");--> statement-breakpoint
CREATE INDEX "topic_matters_matter" ON "topic_matters" USING btree ("matter_id");--> statement-breakpoint
CREATE INDEX "archive_entries_year" ON "archive_entries" USING btree ("year","unit_id");--> statement-breakpoint
CREATE INDEX "archive_entries_time" ON "archive_entries" USING btree ("archived_at");--> statement-breakpoint
CREATE INDEX "outbox_unread" ON "outbox" USING btree ("person_id") WHERE read_at is null;--> statement-breakpoint
CREATE INDEX "outbox_due" ON "outbox" USING btree ("deliver_at") WHERE delivered_at is null;--> statement-breakpoint
CREATE INDEX "outbox_xact" ON "outbox" USING btree ("xact");--> statement-breakpoint
CREATE INDEX "outbox_later" ON "outbox" USING btree ("deliver_at") WHERE deliver_at > created_at;--> statement-breakpoint
CREATE INDEX "matters_kept_out" ON "matters" USING gin ("kept_out") WHERE kept_out <> '{}';--> statement-breakpoint
CREATE INDEX "matter_changes_xact" ON "matter_changes" USING btree ("xact");--> statement-breakpoint
ALTER TABLE "digests" ADD COLUMN "told" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
DROP INDEX "digests_due";--> statement-breakpoint
CREATE INDEX "digests_due" ON "digests" USING btree ("deliver_at") WHERE delivered_at is null;--> statement-breakpoint
-- What was written before there were deliveries is history; nobody is told of it now.
UPDATE "outbox" SET "delivered_at" = "deliver_at" WHERE "deliver_at" <= now();--> statement-breakpoint
UPDATE "digests" SET "delivered_at" = "deliver_at", "told" = jsonb_array_length("items") WHERE "deliver_at" <= now();--> statement-breakpoint
-- What was archived before there were packages gets one too.
INSERT INTO "archive_packages" ("matter_id", "status", "attempts", "next_attempt_at") SELECT "matter_id", 'waiting', 0, "archived_at" FROM "archive_entries";
