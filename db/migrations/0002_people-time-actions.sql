CREATE TYPE "public"."link_status" AS ENUM('asked', 'refused', 'open', 'completed', 'rejected', 'withdrawn', 'terminated');--> statement-breakpoint
ALTER TYPE "public"."actor_kind" ADD VALUE 'matter';--> statement-breakpoint
ALTER TYPE "public"."participation" ADD VALUE 'reader';--> statement-breakpoint
ALTER TYPE "public"."task_kind" ADD VALUE 'advise';--> statement-breakpoint
ALTER TYPE "public"."task_status" ADD VALUE 'waiting' BEFORE 'done';--> statement-breakpoint
ALTER TYPE "public"."notice_kind" ADD VALUE 'escalated';--> statement-breakpoint
ALTER TYPE "public"."notice_kind" ADD VALUE 'clock-stopped';--> statement-breakpoint
ALTER TYPE "public"."notice_kind" ADD VALUE 'due-changed';--> statement-breakpoint
ALTER TYPE "public"."notice_kind" ADD VALUE 'intervened';--> statement-breakpoint
ALTER TYPE "public"."notice_kind" ADD VALUE 'replied';--> statement-breakpoint
CREATE TABLE "digests" (
	"person_id" text NOT NULL,
	"day" date NOT NULL,
	"deliver_at" timestamp (3) with time zone NOT NULL,
	"delivered_at" timestamp (3) with time zone,
	"items" jsonb NOT NULL,
	CONSTRAINT "digests_person_id_day_pk" PRIMARY KEY("person_id","day")
);
--> statement-breakpoint
CREATE TABLE "matter_links" (
	"matter_id" text NOT NULL,
	"link" text NOT NULL,
	"child_id" text NOT NULL,
	"no" text,
	"process_id" text NOT NULL,
	"status" "link_status" NOT NULL,
	CONSTRAINT "matter_links_matter_id_link_pk" PRIMARY KEY("matter_id","link")
);
--> statement-breakpoint
CREATE TABLE "opinion_drafts" (
	"task_id" text NOT NULL,
	"person_id" text NOT NULL,
	"opinion" text,
	"output" jsonb,
	"attachments" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "opinion_drafts_task_id_person_id_pk" PRIMARY KEY("task_id","person_id")
);
--> statement-breakpoint
ALTER TABLE "absences" ADD COLUMN "cover" text;--> statement-breakpoint
ALTER TABLE "people" ADD COLUMN "capabilities" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "matters" ADD COLUMN "parent_id" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "claimed_by" text;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "deliver_at" timestamp (3) with time zone;--> statement-breakpoint
UPDATE "outbox" SET "deliver_at" = "created_at";--> statement-breakpoint
ALTER TABLE "outbox" ALTER COLUMN "deliver_at" SET NOT NULL;--> statement-breakpoint
CREATE INDEX "digests_due" ON "digests" USING btree ("delivered_at","deliver_at");--> statement-breakpoint
CREATE INDEX "matter_links_child" ON "matter_links" USING btree ("child_id");--> statement-breakpoint
ALTER TABLE "absences" ADD CONSTRAINT "absences_cover_people_id_fk" FOREIGN KEY ("cover") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "matters_parent" ON "matters" USING btree ("parent_id");