CREATE TYPE "public"."day_kind" AS ENUM('off', 'work');--> statement-breakpoint
CREATE TYPE "public"."post_role" AS ENUM('party-secretary', 'president', 'vice-leader', 'unit-head', 'unit-deputy', 'unit-clerk', 'office-director', 'office-deputy-director', 'office-clerk', 'seal-keeper', 'seal-witness', 'fleet-captain', 'fleet-dispatcher', 'driver', 'finance-reviewer', 'audit-reviewer', 'legal-adviser', 'contract-clerk', 'supervisor', 'archivist', 'process-administrator');--> statement-breakpoint
CREATE TYPE "public"."resource_kind" AS ENUM('vehicle', 'driver', 'seal', 'room');--> statement-breakpoint
CREATE TYPE "public"."unit_kind" AS ENUM('leadership', 'department', 'college', 'affiliated');--> statement-breakpoint
CREATE TYPE "public"."actor_kind" AS ENUM('person', 'clock');--> statement-breakpoint
CREATE TYPE "public"."matter_status" AS ENUM('open', 'suspended', 'completed', 'rejected', 'withdrawn', 'terminated');--> statement-breakpoint
CREATE TYPE "public"."participation" AS ENUM('applicant', 'assignee', 'handler', 'concerned');--> statement-breakpoint
CREATE TYPE "public"."task_kind" AS ENUM('approve', 'handle', 'read', 'correct');--> statement-breakpoint
CREATE TYPE "public"."task_status" AS ENUM('open', 'done', 'closed');--> statement-breakpoint
CREATE TYPE "public"."notice_kind" AS ENUM('task-opened', 'task-warned', 'task-overdue', 'matter-overdue', 'report-due', 'matter-ended', 'urged', 'commented', 'returned');--> statement-breakpoint
CREATE TYPE "public"."retention" AS ENUM('permanent', '30-years', '10-years', '5-years', '3-years', '1-year');--> statement-breakpoint
CREATE TABLE "absences" (
	"person" text NOT NULL,
	"from" timestamp (3) with time zone NOT NULL,
	"to" timestamp (3) with time zone NOT NULL,
	"reason" text NOT NULL,
	CONSTRAINT "absences_person_from_pk" PRIMARY KEY("person","from")
);
--> statement-breakpoint
CREATE TABLE "campuses" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "covers" (
	"post" text NOT NULL,
	"person" text NOT NULL,
	"rank" integer NOT NULL,
	CONSTRAINT "covers_post_person_pk" PRIMARY KEY("post","person")
);
--> statement-breakpoint
CREATE TABLE "holidays" (
	"date" date PRIMARY KEY NOT NULL,
	"kind" "day_kind" NOT NULL,
	"name" text NOT NULL,
	"source" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "people" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"unit" text NOT NULL,
	"phone" text NOT NULL,
	"active" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "post_holdings" (
	"post" text NOT NULL,
	"person" text NOT NULL,
	"first_day" date NOT NULL,
	"last_day" date,
	CONSTRAINT "post_holdings_post_person_first_day_pk" PRIMARY KEY("post","person","first_day")
);
--> statement-breakpoint
CREATE TABLE "posts" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"role" "post_role" NOT NULL,
	"unit" text NOT NULL,
	"campus" text
);
--> statement-breakpoint
CREATE TABLE "published_years" (
	"year" integer PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE "resources" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" "resource_kind" NOT NULL,
	"name" text NOT NULL,
	"campus" text NOT NULL,
	"attributes" jsonb NOT NULL,
	"active" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"process_id" text NOT NULL,
	"key" text NOT NULL,
	"value" jsonb NOT NULL,
	"basis" text NOT NULL,
	CONSTRAINT "settings_process_id_key_pk" PRIMARY KEY("process_id","key")
);
--> statement-breakpoint
CREATE TABLE "units" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"short_name" text NOT NULL,
	"kind" "unit_kind" NOT NULL,
	"campus" text NOT NULL,
	"parent" text,
	"leader_post" text
);
--> statement-breakpoint
CREATE TABLE "world_version" (
	"id" integer PRIMARY KEY NOT NULL,
	"version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "commands" (
	"id" text PRIMARY KEY NOT NULL,
	"matter_id" text NOT NULL,
	"type" text NOT NULL,
	"person_id" text,
	"body_hash" text,
	"last_sequence" integer NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "events" (
	"matter_id" text NOT NULL,
	"sequence" integer NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"type" text NOT NULL,
	"actor_kind" "actor_kind" NOT NULL,
	"actor_id" text,
	"command_id" text NOT NULL,
	"facts" jsonb NOT NULL,
	"previous_hash" text NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "events_matter_id_sequence_pk" PRIMARY KEY("matter_id","sequence")
);
--> statement-breakpoint
CREATE TABLE "matter_people" (
	"matter_id" text NOT NULL,
	"person_id" text NOT NULL,
	"participation" "participation" NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "matter_people_matter_id_person_id_participation_pk" PRIMARY KEY("matter_id","person_id","participation")
);
--> statement-breakpoint
CREATE TABLE "matters" (
	"id" text PRIMARY KEY NOT NULL,
	"no" text NOT NULL,
	"process_id" text NOT NULL,
	"version" integer NOT NULL,
	"title" text NOT NULL,
	"applicant_id" text NOT NULL,
	"unit_id" text NOT NULL,
	"status" "matter_status" NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"due_at" timestamp (3) with time zone NOT NULL,
	"yellow_at" timestamp (3) with time zone NOT NULL,
	"orange_at" timestamp (3) with time zone NOT NULL,
	"supervised" boolean NOT NULL,
	"register" jsonb NOT NULL,
	"sequence" integer NOT NULL,
	"last_hash" text NOT NULL,
	"state" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "numbers" (
	"series" text NOT NULL,
	"year" integer NOT NULL,
	"last" integer NOT NULL,
	CONSTRAINT "numbers_series_year_pk" PRIMARY KEY("series","year")
);
--> statement-breakpoint
CREATE TABLE "task_people" (
	"task_id" text NOT NULL,
	"person_id" text NOT NULL,
	"status" "task_status" NOT NULL,
	"kind" "task_kind" NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	CONSTRAINT "task_people_task_id_person_id_pk" PRIMARY KEY("task_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "tasks" (
	"id" text PRIMARY KEY NOT NULL,
	"matter_id" text NOT NULL,
	"process_id" text NOT NULL,
	"unit_id" text NOT NULL,
	"step" text NOT NULL,
	"name" text NOT NULL,
	"round" integer NOT NULL,
	"kind" "task_kind" NOT NULL,
	"status" "task_status" NOT NULL,
	"assignees" jsonb NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"due_at" timestamp (3) with time zone NOT NULL,
	"yellow_at" timestamp (3) with time zone NOT NULL,
	"orange_at" timestamp (3) with time zone NOT NULL,
	"explanation" jsonb NOT NULL,
	"acted_by" text,
	"action" text
);
--> statement-breakpoint
CREATE TABLE "access_log" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"person_id" text,
	"action" text NOT NULL,
	"target" text NOT NULL,
	"code" text NOT NULL,
	"request_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "archive_entries" (
	"matter_id" text PRIMARY KEY NOT NULL,
	"no" text NOT NULL,
	"class" text NOT NULL,
	"retention" "retention" NOT NULL,
	"title" text NOT NULL,
	"archived_at" timestamp (3) with time zone NOT NULL,
	"paper" boolean NOT NULL,
	"electronic" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bookings" (
	"matter_id" text NOT NULL,
	"step" text NOT NULL,
	"resource" text NOT NULL,
	"during" "tstzrange" NOT NULL,
	CONSTRAINT "bookings_matter_id_step_resource_pk" PRIMARY KEY("matter_id","step","resource")
);
--> statement-breakpoint
CREATE TABLE "bulletin_queue" (
	"matter_id" text NOT NULL,
	"step" text NOT NULL,
	"topic" text NOT NULL,
	"entry" jsonb NOT NULL,
	"queued_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "bulletin_queue_matter_id_step_pk" PRIMARY KEY("matter_id","step")
);
--> statement-breakpoint
CREATE TABLE "drafts" (
	"id" text PRIMARY KEY NOT NULL,
	"person_id" text NOT NULL,
	"process_id" text NOT NULL,
	"form" jsonb NOT NULL,
	"attachments" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "file_contents" (
	"sha256" text PRIMARY KEY NOT NULL,
	"content" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "files" (
	"id" text PRIMARY KEY NOT NULL,
	"owner_id" text,
	"name" text NOT NULL,
	"type" text NOT NULL,
	"size" integer NOT NULL,
	"sha256" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "intents" (
	"id" text PRIMARY KEY NOT NULL,
	"person_id" text NOT NULL,
	"matter_id" text NOT NULL,
	"body_hash" text NOT NULL,
	"payload" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"settled_at" timestamp (3) with time zone,
	"refusal" jsonb
);
--> statement-breakpoint
CREATE TABLE "matter_files" (
	"matter_id" text NOT NULL,
	"file_id" text NOT NULL,
	CONSTRAINT "matter_files_file_id_matter_id_pk" PRIMARY KEY("file_id","matter_id")
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"matter_id" text NOT NULL,
	"sequence" integer NOT NULL,
	"kind" "notice_kind" NOT NULL,
	"person_id" text NOT NULL,
	"task_id" text,
	"text" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"delivered_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "worker_heartbeats" (
	"worker" text PRIMARY KEY NOT NULL,
	"task_queue" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "absences" ADD CONSTRAINT "absences_person_people_id_fk" FOREIGN KEY ("person") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "covers" ADD CONSTRAINT "covers_post_posts_id_fk" FOREIGN KEY ("post") REFERENCES "public"."posts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "covers" ADD CONSTRAINT "covers_person_people_id_fk" FOREIGN KEY ("person") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "people" ADD CONSTRAINT "people_unit_units_id_fk" FOREIGN KEY ("unit") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "post_holdings" ADD CONSTRAINT "post_holdings_post_posts_id_fk" FOREIGN KEY ("post") REFERENCES "public"."posts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "post_holdings" ADD CONSTRAINT "post_holdings_person_people_id_fk" FOREIGN KEY ("person") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "posts" ADD CONSTRAINT "posts_unit_units_id_fk" FOREIGN KEY ("unit") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "units" ADD CONSTRAINT "units_campus_campuses_id_fk" FOREIGN KEY ("campus") REFERENCES "public"."campuses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "post_holdings_person" ON "post_holdings" USING btree ("person");--> statement-breakpoint
CREATE INDEX "matter_people_person" ON "matter_people" USING btree ("person_id","started_at");--> statement-breakpoint
CREATE UNIQUE INDEX "matters_no" ON "matters" USING btree ("no");--> statement-breakpoint
CREATE INDEX "matters_process" ON "matters" USING btree ("process_id","started_at");--> statement-breakpoint
CREATE INDEX "matters_unit" ON "matters" USING btree ("unit_id","started_at");--> statement-breakpoint
CREATE INDEX "matters_applicant" ON "matters" USING btree ("applicant_id","started_at");--> statement-breakpoint
CREATE INDEX "matters_due" ON "matters" USING btree ("status","due_at");--> statement-breakpoint
CREATE INDEX "task_people_box" ON "task_people" USING btree ("person_id","status","due_at");--> statement-breakpoint
CREATE INDEX "tasks_matter" ON "tasks" USING btree ("matter_id");--> statement-breakpoint
CREATE INDEX "tasks_open_due" ON "tasks" USING btree ("status","due_at");--> statement-breakpoint
CREATE INDEX "tasks_step" ON "tasks" USING btree ("process_id","step");--> statement-breakpoint
CREATE INDEX "access_log_time" ON "access_log" USING btree ("at");--> statement-breakpoint
CREATE INDEX "access_log_person" ON "access_log" USING btree ("person_id","at");--> statement-breakpoint
CREATE INDEX "bulletin_queue_time" ON "bulletin_queue" USING btree ("queued_at");--> statement-breakpoint
CREATE INDEX "drafts_person" ON "drafts" USING btree ("person_id","updated_at");--> statement-breakpoint
CREATE INDEX "files_owner" ON "files" USING btree ("owner_id","created_at");--> statement-breakpoint
CREATE INDEX "intents_open" ON "intents" USING btree ("settled_at","created_at");--> statement-breakpoint
CREATE INDEX "outbox_person" ON "outbox" USING btree ("person_id","id");--> statement-breakpoint
CREATE INDEX "outbox_matter" ON "outbox" USING btree ("matter_id");