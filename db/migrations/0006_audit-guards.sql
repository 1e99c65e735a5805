-- What the schema language cannot say: a journal and roots that nobody changes.
CREATE TRIGGER "journal_is_final" BEFORE UPDATE OR DELETE OR TRUNCATE ON "journal" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change_of_record"();
--> statement-breakpoint
CREATE TRIGGER "audit_roots_are_final" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_roots" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change_of_record"();
--> statement-breakpoint
CREATE TRIGGER "audit_heads_are_final" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_heads" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change_of_record"();
--> statement-breakpoint
CREATE TRIGGER "published_bulletins_are_final" BEFORE UPDATE OR DELETE ON "bulletins" FOR EACH ROW WHEN (OLD."status" = 'published') EXECUTE FUNCTION "refuse_change_of_record"();
--> statement-breakpoint
CREATE TRIGGER "bulletins_are_kept" BEFORE TRUNCATE ON "bulletins" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change_of_record"();
