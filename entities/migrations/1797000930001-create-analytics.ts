import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What browsers tell of visits, and the figures of each day (docs/analytics.md). */
export class CreateAnalytics1797000930001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE tracking_events (
        day date NOT NULL,
        event_id uuid NOT NULL,
        session varchar(32) NOT NULL,
        name varchar(20) NOT NULL,
        props jsonb NOT NULL,
        at timestamptz NOT NULL,
        weight integer NOT NULL,
        CONSTRAINT pk_tracking_events PRIMARY KEY (day, event_id),
        CONSTRAINT ck_tracking_events_weight CHECK (weight >= 1)
      ) PARTITION BY RANGE (day);

      CREATE TABLE tracking_salts (
        day date CONSTRAINT pk_tracking_salts PRIMARY KEY,
        salt bytea NOT NULL,
        CONSTRAINT ck_tracking_salts_salt CHECK (length(salt) = 32)
      );

      CREATE TABLE tracking_present (
        minute timestamptz NOT NULL,
        session varchar(32) NOT NULL,
        weight integer NOT NULL,
        CONSTRAINT pk_tracking_present PRIMARY KEY (minute, session),
        CONSTRAINT ck_tracking_present_weight CHECK (weight >= 1)
      );

      CREATE TABLE analytics_days (
        figure varchar(20) NOT NULL,
        day date NOT NULL,
        hour smallint NOT NULL,
        dimension varchar(40) NOT NULL,
        value bigint NOT NULL,
        counted_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_analytics_days PRIMARY KEY (figure, day, hour, dimension),
        CONSTRAINT ck_analytics_days_hour CHECK (hour BETWEEN -1 AND 23),
        CONSTRAINT ck_analytics_days_value CHECK (value >= 0)
      );

      CREATE TABLE analytics_sources (
        source varchar(10) CONSTRAINT pk_analytics_sources PRIMARY KEY,
        complete_from date NOT NULL,
        rolled_to date,
        again_at timestamptz,
        rebuild_from date,
        present_day date,
        present_xid bigint,
        present_at timestamptz,
        CONSTRAINT ck_analytics_sources_source CHECK (source IN ('orders', 'sms', 'tracking')),
        CONSTRAINT ck_analytics_sources_present CHECK (num_nulls(present_day, present_xid, present_at) IN (0, 3))
      );

      CREATE TABLE analytics_failed_days (
        source varchar(10) NOT NULL,
        day date NOT NULL,
        failures integer NOT NULL,
        retry_at timestamptz NOT NULL,
        CONSTRAINT pk_analytics_failed_days PRIMARY KEY (source, day),
        CONSTRAINT ck_analytics_failed_days_source CHECK (source IN ('orders', 'sms', 'tracking')),
        CONSTRAINT ck_analytics_failed_days_failures CHECK (failures >= 1)
      );
    `);
    // The shop's role owns no table. These two functions make and drop partitions for it, and can do nothing else. Without `pg_temp`
    // at the end of the path, tables and types of the caller's temporary schema would be found first.
    await runner.query(String.raw`
      CREATE SCHEMA tracking;

      CREATE FUNCTION make_tracking_partition(wanted date) RETURNS boolean
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
      DECLARE
        today date := (now() AT TIME ZONE 'Asia/Tehran')::date;
        name text := 'events_' || to_char(wanted, 'YYYYMMDD');
      BEGIN
        IF wanted NOT BETWEEN today - 2 AND today + 30 THEN
          RAISE EXCEPTION '% is too far from today', wanted USING ERRCODE = 'datetime_field_overflow';
        END IF;
        PERFORM pg_advisory_xact_lock(hashtextextended('tracking_partitions', 0));
        IF to_regclass('tracking.' || name) IS NOT NULL THEN RETURN false; END IF;
        -- Attaching an empty table keeps nobody from reading or writing; PARTITION OF would.
        EXECUTE format('CREATE TABLE tracking.%I (LIKE public.tracking_events INCLUDING ALL)', name);
        EXECUTE format('ALTER TABLE public.tracking_events ATTACH PARTITION tracking.%I FOR VALUES FROM (%L) TO (%L)',
          name, wanted, wanted + 1);
        RETURN true;
      END $$;

      CREATE FUNCTION drop_tracking_partitions(before date) RETURNS integer
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
      DECLARE
        today date := (now() AT TIME ZONE 'Asia/Tehran')::date;
        name text;
        dropped integer := 0;
      BEGIN
        IF before > today - 2 THEN
          RAISE EXCEPTION 'events still come for days before %', before USING ERRCODE = 'datetime_field_overflow';
        END IF;
        PERFORM pg_advisory_xact_lock(hashtextextended('tracking_partitions', 0));
        FOR name IN
          SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
          WHERE i.inhparent = 'public.tracking_events'::regclass AND c.relname < 'events_' || to_char(before, 'YYYYMMDD')
        LOOP
          EXECUTE format('DROP TABLE tracking.%I', name);
          dropped := dropped + 1;
        END LOOP;
        RETURN dropped;
      END $$;

      REVOKE EXECUTE ON FUNCTION make_tracking_partition, drop_tracking_partitions FROM PUBLIC;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION drop_tracking_partitions;
      DROP FUNCTION make_tracking_partition;
      DROP TABLE analytics_failed_days;
      DROP TABLE analytics_sources;
      DROP TABLE analytics_days;
      DROP TABLE tracking_present;
      DROP TABLE tracking_salts;
      DROP TABLE tracking_events;
      DROP SCHEMA tracking;
    `);
  }
}
