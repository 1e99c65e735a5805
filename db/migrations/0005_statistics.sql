-- Statistics kept as things happen. What one row counts for is said once, in `statistics_of_…`; triggers write the difference that a
-- change makes as deltas, so whoever writes the tables (a transition, a rebuild, a person) counts without knowing. Names are
-- qualified because a rebuild works with temporary tables of the same names in front. None of them is declared stable: PostgreSQL 18.0
-- cannot plan the query around one that it takes in (`variable not found in subplan target list`).
CREATE FUNCTION "statistic_month"("at" timestamptz) RETURNS date LANGUAGE sql IMMUTABLE AS $$
  SELECT date_trunc('month', "at" AT TIME ZONE 'Asia/Shanghai')::date
$$;
--> statement-breakpoint
-- The same as the machine's `bucketOf`: single minutes up to eight, then four classes to each doubling.
CREATE FUNCTION "statistic_bucket"("minutes" integer) RETURNS smallint LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN "minutes" < 8 THEN greatest("minutes", 0)
    ELSE 4 * (31 - position(B'1' IN "minutes"::bit(32))) + (("minutes" >> (30 - position(B'1' IN "minutes"::bit(32)))) & 3) END::smallint
$$;
--> statement-breakpoint
CREATE FUNCTION "statistics_of_matter"("m" public.matters) RETURNS TABLE ("measure" public.statistic_measure, "month" date, "process_id" text,
  "unit_id" text, "person_id" text, "step" text, "bucket" smallint, "count" integer) LANGUAGE sql AS $$
  SELECT counted.measure::public.statistic_measure, public.statistic_month(counted.at), m.process_id, m.unit_id, '', '', 0::smallint, 1
  FROM (
    SELECT 'received' AS measure, m.started_at AS at, true AS counts
    UNION ALL SELECT ended.measure, m.ended_at, ended.counts
      FROM (VALUES ('finished', true), ('on-time', m.overdue_from IS NULL), ('late', m.overdue_from IS NOT NULL),
        ('completed', m.status = 'completed'), ('rejected', m.status = 'rejected'), ('withdrawn', m.status = 'withdrawn'),
        ('returned', m.returns > 0), ('complete-at-once', m.corrections = 0)) AS ended (measure, counts)
      WHERE m.ended_at IS NOT NULL
    UNION ALL SELECT 'archived', m.ended_at, (SELECT count(*) = 2 FROM public.archive_ticks AS tick WHERE tick.matter_id = m.id)
      WHERE m.ended_at IS NOT NULL
    UNION ALL SELECT checked.measure, look.checked_at, checked.counts
      FROM public.archive_checks AS look, LATERAL (VALUES ('archive-checked', true), ('archive-accurate', look.accurate)) AS checked (measure, counts)
      WHERE look.matter_id = m.id
  ) AS counted WHERE counted.counts
$$;
--> statement-breakpoint
-- Each twice: under its step without a person, and under its person without a step, so that neither reads the other's rows.
CREATE FUNCTION "statistics_of_task"("t" public.tasks) RETURNS TABLE ("measure" public.statistic_measure, "month" date, "process_id" text,
  "unit_id" text, "person_id" text, "step" text, "bucket" smallint, "count" integer) LANGUAGE sql AS $$
  SELECT counted.measure::public.statistic_measure, public.statistic_month(t.closed_at), t.process_id, coalesce(t.doer_unit, ''),
    under.person, under.step, counted.bucket, 1
  FROM (VALUES ('done', 0::smallint, true), ('done-late', 0::smallint, t.closed_at > t.due_at),
      ('handling', public.statistic_bucket(t.work_minutes), t.work_minutes IS NOT NULL)) AS counted (measure, bucket, counts),
    (VALUES ('', t.step), (t.acted_by, '')) AS under (person, step)
  -- To hand a task on is not to do it, and nothing waits for who reads or advises.
  WHERE counted.counts AND t.status = 'done' AND t.acted_by IS NOT NULL AND t.action <> 'transfer' AND t.step NOT IN ('circulation', 'advice')
$$;
--> statement-breakpoint
-- Once for the matter, without a unit; and in class 1 once for each unit that handled it.
CREATE FUNCTION "statistics_of_rating"("r" public.ratings) RETURNS TABLE ("measure" public.statistic_measure, "month" date, "process_id" text,
  "unit_id" text, "person_id" text, "step" text, "bucket" smallint, "count" integer) LANGUAGE sql AS $$
  SELECT counted.measure::public.statistic_measure, public.statistic_month(r.at), r.process_id, under.unit, '', '', under.bucket, counted.count
  FROM (VALUES ('rated', 1), ('stars', r.stars::integer)) AS counted (measure, count),
    (SELECT '' AS unit, 0::smallint AS bucket UNION ALL SELECT DISTINCT unit, 1::smallint FROM unnest(r.units) AS unit) AS under
$$;
--> statement-breakpoint
CREATE FUNCTION "count_matter"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.statistic_deltas (measure, month, process_id, unit_id, person_id, step, bucket, count)
  SELECT measure, month, process_id, unit_id, person_id, step, bucket, sum(count) FROM (
    SELECT * FROM public.statistics_of_matter(NEW) WHERE TG_OP <> 'DELETE'
    UNION ALL SELECT measure, month, process_id, unit_id, person_id, step, bucket, -count FROM public.statistics_of_matter(OLD) WHERE TG_OP <> 'INSERT'
  ) AS changed GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING sum(count) <> 0;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION "count_task"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.statistic_deltas (measure, month, process_id, unit_id, person_id, step, bucket, count)
  SELECT measure, month, process_id, unit_id, person_id, step, bucket, sum(count) FROM (
    SELECT * FROM public.statistics_of_task(NEW) WHERE TG_OP <> 'DELETE'
    UNION ALL SELECT measure, month, process_id, unit_id, person_id, step, bucket, -count FROM public.statistics_of_task(OLD) WHERE TG_OP <> 'INSERT'
  ) AS changed GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING sum(count) <> 0;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION "count_rating"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.statistic_deltas (measure, month, process_id, unit_id, person_id, step, bucket, count)
  SELECT measure, month, process_id, unit_id, person_id, step, bucket, sum(count) FROM (
    SELECT * FROM public.statistics_of_rating(NEW) WHERE TG_OP <> 'DELETE'
    UNION ALL SELECT measure, month, process_id, unit_id, person_id, step, bucket, -count FROM public.statistics_of_rating(OLD) WHERE TG_OP <> 'INSERT'
  ) AS changed GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING sum(count) <> 0;
  RETURN NULL;
END $$;
--> statement-breakpoint
-- A matter is archived when both its forms are ticked. It may end, or be rebuilt, at the same moment, or get its other tick: the
-- matter's own lock, which every transition takes too, makes one see the other.
CREATE FUNCTION "count_archived"("matter" text, "before" bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  after bigint;
BEGIN
  SELECT count(*) INTO after FROM public.archive_ticks WHERE matter_id = matter;
  INSERT INTO public.statistic_deltas (measure, month, process_id, unit_id, person_id, step, bucket, count)
  SELECT 'archived', public.statistic_month(m.ended_at), m.process_id, m.unit_id, '', '', 0, CASE WHEN after = 2 THEN 1 ELSE -1 END
  FROM public.matters AS m WHERE m.id = matter AND m.ended_at IS NOT NULL AND (after = 2) <> (before = 2);
END $$;
--> statement-breakpoint
CREATE FUNCTION "count_ticks"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  one record;
  standing bigint;
BEGIN
  FOR one IN SELECT matter_id, count(*) AS many FROM changed GROUP BY matter_id ORDER BY matter_id LOOP
    PERFORM pg_advisory_xact_lock(hashtextextended(one.matter_id, 0));
    SELECT count(*) INTO standing FROM public.archive_ticks WHERE matter_id = one.matter_id;
    PERFORM public.count_archived(one.matter_id, standing + CASE WHEN TG_OP = 'INSERT' THEN -one.many ELSE one.many END);
  END LOOP;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION "count_check"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(coalesce(NEW.matter_id, OLD.matter_id), 0));
  INSERT INTO public.statistic_deltas (measure, month, process_id, unit_id, person_id, step, bucket, count)
  SELECT looked.measure::public.statistic_measure, public.statistic_month(looked.at), m.process_id, m.unit_id, '', '', 0, looked.count
  FROM (VALUES ('archive-checked', NEW.matter_id, NEW.checked_at, true, 1), ('archive-accurate', NEW.matter_id, NEW.checked_at, NEW.accurate, 1),
      ('archive-checked', OLD.matter_id, OLD.checked_at, true, -1), ('archive-accurate', OLD.matter_id, OLD.checked_at, OLD.accurate, -1)
    ) AS looked (measure, matter, at, counts, count)
  JOIN public.matters AS m ON m.id = looked.matter
  WHERE looked.counts AND (looked.count = 1 OR TG_OP <> 'INSERT') AND (looked.count = -1 OR TG_OP <> 'DELETE');
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "matters_count" AFTER INSERT OR DELETE ON "matters" FOR EACH ROW EXECUTE FUNCTION "count_matter"();
--> statement-breakpoint
CREATE TRIGGER "matters_recount" AFTER UPDATE ON "matters" FOR EACH ROW WHEN (
  (OLD.process_id, OLD.unit_id, OLD.started_at, OLD.ended_at) IS DISTINCT FROM (NEW.process_id, NEW.unit_id, NEW.started_at, NEW.ended_at)
  OR (NEW.ended_at IS NOT NULL AND (OLD.status, OLD.overdue_from, OLD.returns, OLD.corrections)
    IS DISTINCT FROM (NEW.status, NEW.overdue_from, NEW.returns, NEW.corrections))) EXECUTE FUNCTION "count_matter"();
--> statement-breakpoint
CREATE TRIGGER "tasks_count" AFTER INSERT ON "tasks" FOR EACH ROW WHEN (NEW.status = 'done') EXECUTE FUNCTION "count_task"();
--> statement-breakpoint
CREATE TRIGGER "tasks_uncount" AFTER DELETE ON "tasks" FOR EACH ROW WHEN (OLD.status = 'done') EXECUTE FUNCTION "count_task"();
--> statement-breakpoint
CREATE TRIGGER "tasks_recount" AFTER UPDATE ON "tasks" FOR EACH ROW WHEN ((OLD.status = 'done' OR NEW.status = 'done') AND
  (OLD.status, OLD.process_id, OLD.step, OLD.acted_by, OLD.action, OLD.closed_at, OLD.due_at, OLD.doer_unit, OLD.work_minutes) IS DISTINCT FROM
  (NEW.status, NEW.process_id, NEW.step, NEW.acted_by, NEW.action, NEW.closed_at, NEW.due_at, NEW.doer_unit, NEW.work_minutes))
  EXECUTE FUNCTION "count_task"();
--> statement-breakpoint
CREATE TRIGGER "ratings_count" AFTER INSERT OR UPDATE OR DELETE ON "ratings" FOR EACH ROW EXECUTE FUNCTION "count_rating"();
--> statement-breakpoint
CREATE TRIGGER "archive_ticks_count" AFTER INSERT ON "archive_ticks" REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "count_ticks"();
--> statement-breakpoint
CREATE TRIGGER "archive_ticks_uncount" AFTER DELETE ON "archive_ticks" REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "count_ticks"();
--> statement-breakpoint
CREATE TRIGGER "archive_checks_count" AFTER INSERT OR UPDATE OR DELETE ON "archive_checks" FOR EACH ROW EXECUTE FUNCTION "count_check"();
--> statement-breakpoint
-- Counters and what is not yet folded into them: exact at every moment.
CREATE VIEW "statistics" AS
  SELECT measure, month, process_id, unit_id, person_id, step, bucket, count FROM public.statistic_counters
  UNION ALL SELECT measure, month, process_id, unit_id, person_id, step, bucket, count FROM public.statistic_deltas;
--> statement-breakpoint
-- What the tables say, counted from them: to begin with, and to compare.
CREATE VIEW "statistics_counted" AS
  SELECT measure, month, process_id, unit_id, person_id, step, bucket, sum(count)::integer AS count FROM (
    SELECT counted.* FROM public.matters AS m, LATERAL public.statistics_of_matter(m) AS counted
    UNION ALL SELECT counted.* FROM public.tasks AS t, LATERAL public.statistics_of_task(t) AS counted
    UNION ALL SELECT counted.* FROM public.ratings AS r, LATERAL public.statistics_of_rating(r) AS counted
  ) AS every GROUP BY 1, 2, 3, 4, 5, 6, 7;
--> statement-breakpoint
INSERT INTO "statistic_counters" (measure, month, process_id, unit_id, person_id, step, bucket, count)
  SELECT measure, month, process_id, unit_id, person_id, step, bucket, count FROM "statistics_counted";
