extension Schema {
  /// What is stored; docs/sql.md describes it.
  static let tables = """
    -- Counted times in microseconds: used buckets ascending, how many in each, and their exact sum, least and greatest.
    CREATE TYPE histogram AS (buckets smallint[], counts bigint[], sum_us bigint, min_us bigint, max_us bigint);

    CREATE TABLE run (
      run uuid PRIMARY KEY,
      name text,
      started_at timestamptz,
      description jsonb,
      first_stored_at timestamptz NOT NULL DEFAULT now()
    );

    CREATE TABLE incarnation (
      run uuid NOT NULL,
      incarnation uuid NOT NULL,
      version text,
      -- SHA-256 of what it said of its run; NULL until it has.
      digest bytea,
      first_stored_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (run, incarnation)
    );

    -- Where in each partition the next record to be stored stands, and what became of those before.
    CREATE TABLE consumer_offset (
      source int GENERATED ALWAYS AS IDENTITY UNIQUE,
      cluster_id text NOT NULL,
      topic text NOT NULL,
      partition int NOT NULL,
      next_offset bigint NOT NULL,
      stored bigint NOT NULL DEFAULT 0,
      repeated bigint NOT NULL DEFAULT 0,
      dead bigint NOT NULL DEFAULT 0,
      changed_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (cluster_id, topic, partition)
    );

    CREATE TABLE dead_letter (
      source int NOT NULL,
      record_offset bigint NOT NULL,
      reason text NOT NULL,
      sqlstate text,
      run uuid,
      incarnation uuid,
      sequence numeric(20),
      key bytea,
      value bytea,
      stored_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (source, record_offset)
    );
    CREATE INDEX dead_letter_run ON dead_letter (run) WHERE run IS NOT NULL;

    -- One row a record; whoever inserts it stores the rest of the record in the same transaction.
    CREATE TABLE record_header (
      run uuid NOT NULL,
      incarnation uuid NOT NULL,
      sequence bigint NOT NULL CHECK (sequence >= 1),
      digest bytea NOT NULL,
      source int NOT NULL,
      record_offset bigint NOT NULL,
      stored_at timestamptz NOT NULL DEFAULT now(),
      epoch bigint NOT NULL,
      second bigint NOT NULL,
      from_ns bigint NOT NULL,
      to_ns bigint NOT NULL,
      phase int NOT NULL,
      phase_name text NOT NULL,
      is_warm_up boolean NOT NULL,
      planned bigint NOT NULL,
      started bigint NOT NULL,
      unsent bigint NOT NULL,
      gap bigint NOT NULL,
      requests_started bigint NOT NULL,
      requests_written bigint NOT NULL,
      requests_answered bigint NOT NULL,
      requests_completed bigint NOT NULL,
      final_records bigint,
      final_completed bigint,
      final_reason text,
      PRIMARY KEY (run, incarnation, sequence)
    );
    CREATE INDEX record_header_place ON record_header (source, record_offset);

    -- What a record says of its worker.
    CREATE TABLE record_worker (
      stored_on date NOT NULL,
      run uuid NOT NULL,
      incarnation uuid NOT NULL,
      sequence bigint NOT NULL,
      second bigint NOT NULL,
      loops jsonb NOT NULL,
      cpus int NOT NULL,
      steal_ns bigint NOT NULL,
      throttled_ns bigint NOT NULL,
      cpu_ns bigint NOT NULL,
      memory bigint NOT NULL,
      lateness histogram,
      from_woke histogram,
      response histogram
    ) PARTITION BY RANGE (stored_on);
    CREATE INDEX ON record_worker (run, second);

    -- What a record says of one name (and tenant).
    CREATE TABLE record_name (
      stored_on date NOT NULL,
      run uuid NOT NULL,
      incarnation uuid NOT NULL,
      sequence bigint NOT NULL,
      second bigint NOT NULL,
      is_warm_up boolean NOT NULL,
      name text NOT NULL,
      tenant text NOT NULL,
      started bigint NOT NULL,
      written bigint NOT NULL,
      answered bigint NOT NULL,
      completed bigint NOT NULL,
      accepted bigint NOT NULL,
      resent bigint NOT NULL,
      bytes_out bigint NOT NULL,
      bytes_in bigint NOT NULL,
      statuses int[] NOT NULL,
      status_counts bigint[] NOT NULL,
      errors text[] NOT NULL,
      error_counts bigint[] NOT NULL,
      custom_keys int[] NOT NULL,
      custom_values bigint[] NOT NULL,
      response histogram,
      service histogram,
      failed histogram,
      censored histogram,
      censored_service histogram,
      connect histogram,
      first_byte histogram,
      top_users jsonb
    ) PARTITION BY RANGE (stored_on);
    CREATE INDEX ON record_name (run, second);

    -- Sums of record_name, kept by the transaction that stores the records: over 10 seconds, and over the whole run
    -- (span_seconds 0, second 0). One row for each partition it came from, so that consumers never wait for each other.
    CREATE TABLE record_rollup (
      run uuid NOT NULL,
      span_seconds smallint NOT NULL,
      second bigint NOT NULL,
      source int NOT NULL,
      is_warm_up boolean NOT NULL,
      name_key uuid NOT NULL,
      name text NOT NULL,
      tenant text NOT NULL,
      started bigint NOT NULL,
      written bigint NOT NULL,
      answered bigint NOT NULL,
      completed bigint NOT NULL,
      accepted bigint NOT NULL,
      resent bigint NOT NULL,
      bytes_out bigint NOT NULL,
      bytes_in bigint NOT NULL,
      statuses int[] NOT NULL,
      status_counts bigint[] NOT NULL,
      errors text[] NOT NULL,
      error_counts bigint[] NOT NULL,
      custom_keys int[] NOT NULL,
      custom_values bigint[] NOT NULL,
      response histogram,
      service histogram,
      failed histogram,
      censored histogram,
      censored_service histogram,
      connect histogram,
      first_byte histogram,
      PRIMARY KEY (run, span_seconds, second, source, is_warm_up, name_key)
    ) WITH (autovacuum_vacuum_scale_factor = 0.05);

    """

  /// Tables of seconds are cut by the day on which they were stored, so that a day can be dropped at once.
  static let partitions = """
    CREATE TABLE record_name_other PARTITION OF record_name DEFAULT;
    CREATE TABLE record_worker_other PARTITION OF record_worker DEFAULT;

    -- Makes the partitions of today and the two days after; what comes without one goes to the default partition.
    CREATE FUNCTION make_partitions() RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
      parent text;
      day date;
      part text;
    BEGIN
      PERFORM pg_advisory_xact_lock(hashtextextended('stampede.partitions', 0));
      FOREACH parent IN ARRAY ARRAY['record_name', 'record_worker'] LOOP
        FOR ahead IN 0..2 LOOP
          day := current_date + ahead;
          part := parent || '_' || to_char(day, 'YYYYMMDD');
          IF to_regclass(part) IS NULL THEN
            BEGIN
              EXECUTE format(
                'CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', part, parent, day, day + 1);
            EXCEPTION WHEN check_violation THEN
              -- Rows of that day lie in the default partition already and stay there.
              NULL;
            END;
          END IF;
        END LOOP;
      END LOOP;
    END $$;

    """
}
