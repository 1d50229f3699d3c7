extension Schema {
  /// The master's tables.
  static let fleet = """
    -- One row for each life of a master; only the newest term may write.
    CREATE TABLE master_term (
      term bigint PRIMARY KEY CHECK (term >= 1),
      master uuid NOT NULL,
      started_at timestamptz NOT NULL DEFAULT now(),
      ended_at timestamptz
    );

    -- What was submitted, and what became of it. The run has the same id.
    CREATE TABLE test (
      run uuid PRIMARY KEY,
      number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
      name text NOT NULL,
      state text NOT NULL CHECK (state IN ('queued', 'preparing', 'running', 'paused', 'draining', 'finished', 'stopped',
        'failed', 'expired')),
      -- As JSON; text, since jsonb holds no NUL. Secrets of its headers included.
      plan text NOT NULL,
      workers_wanted int CHECK (workers_wanted >= 1),
      submitted_by text NOT NULL,
      submitted_at timestamptz NOT NULL DEFAULT now(),
      state_since timestamptz NOT NULL DEFAULT now(),
      started_at timestamptz,
      ended_at timestamptz,
      reason text,
      idempotency_key text,
      epoch bigint NOT NULL DEFAULT 0,
      term bigint NOT NULL DEFAULT 0,
      UNIQUE (submitted_by, idempotency_key)
    );
    CREATE INDEX test_open ON test (number) WHERE ended_at IS NULL;
    CREATE INDEX test_state ON test (state, number);

    -- One row for each change of who sends what; committed before any worker hears of it.
    CREATE TABLE test_epoch (
      run uuid NOT NULL REFERENCES test,
      epoch bigint NOT NULL CHECK (epoch >= 1),
      term bigint NOT NULL,
      begun_at timestamptz NOT NULL DEFAULT now(),
      workers int NOT NULL,
      PRIMARY KEY (run, epoch)
    );

    -- One life of a worker in a test, written before it is told of it.
    CREATE TABLE test_worker (
      incarnation uuid PRIMARY KEY,
      run uuid NOT NULL REFERENCES test,
      worker text NOT NULL,
      process uuid,
      host text NOT NULL,
      share int NOT NULL,
      shares int NOT NULL,
      epoch bigint NOT NULL,
      state text NOT NULL CHECK (state IN ('preparing', 'ready', 'running', 'draining', 'ended', 'lost', 'released')),
      assigned_at timestamptz NOT NULL DEFAULT now(),
      ended_at timestamptz,
      records bigint,
      completed bigint,
      ended_reason text,
      problem text
    );
    CREATE INDEX test_worker_run ON test_worker (run);
    -- A worker has one test at a time.
    CREATE UNIQUE INDEX test_worker_busy ON test_worker (worker) WHERE ended_at IS NULL;

    -- Who did what.
    CREATE TABLE audit (
      number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      at timestamptz NOT NULL DEFAULT now(),
      who text NOT NULL,
      what text NOT NULL,
      object text,
      detail jsonb
    );

    -- What the master knows of a worker's life beside its records: 'lost' was given up, 'released' never sent anything.
    ALTER TABLE incarnation ADD COLUMN worker text, ADD COLUMN fate text CHECK (fate IN ('lost', 'released')),
      ADD COLUMN description jsonb;
    CREATE INDEX record_header_second ON record_header (run, second);

    """

  /// The ledger with the workers that the master knows of.
  static let fleetLedger = """
    CREATE OR REPLACE VIEW run_incarnation AS
      SELECT incarnation.run, incarnation.incarnation, incarnation.version,
        coalesce(h.records, 0) AS records, h.final_records, h.final_reason,
        greatest(coalesce(h.final_records, h.last_sequence, 0) - coalesce(h.within, 0), 0) AS missing_records,
        coalesce(h.records, 0) - coalesce(h.within, 0) AS records_beyond_final,
        coalesce(h.planned, 0) AS planned, coalesce(h.started, 0) AS started, coalesce(h.unsent, 0) AS unsent,
        coalesce(h.gap, 0) AS gap, coalesce(h.requests_started, 0) AS requests_started,
        coalesce(h.requests_completed, 0) AS requests_completed,
        CASE WHEN h.final_records IS NULL
          THEN greatest(coalesce(h.requests_started - h.requests_completed, 0), 0) ELSE 0 END AS unknown,
        coalesce(h.final_completed, h.requests_completed, 0) AS workers_completed, h.last_to_ns,
        incarnation.worker, incarnation.fate
      FROM incarnation LEFT JOIN LATERAL (
        SELECT count(*) AS records, max(sequence) AS last_sequence, final.final_records, final.final_reason,
          final.final_completed, count(*) FILTER (WHERE sequence <= coalesce(final.final_records, sequence)) AS within,
          sum(planned)::bigint AS planned, sum(started)::bigint AS started, sum(unsent)::bigint AS unsent,
          sum(gap)::bigint AS gap, sum(requests_started)::bigint AS requests_started,
          sum(requests_completed)::bigint AS requests_completed, max(to_ns) AS last_to_ns
        FROM record_header AS header LEFT JOIN LATERAL (
          SELECT final_records, final_reason, final_completed FROM record_header AS last
          WHERE last.run = incarnation.run AND last.incarnation = incarnation.incarnation
            AND last.final_records IS NOT NULL ORDER BY last.sequence DESC LIMIT 1
        ) AS final ON true
        WHERE header.run = incarnation.run AND header.incarnation = incarnation.incarnation
        GROUP BY final.final_records, final.final_reason, final.final_completed
      ) AS h ON true;

    -- As before; workers that were registered and never sent anything don't count, one that was lost is never complete.
    CREATE OR REPLACE VIEW run_ledger AS
      SELECT summed.run, incarnations, finals, records, missing_records, records_beyond_final, dead_letters, planned,
        started, unsent, gap, requests_started, requests_completed, unknown, workers_completed, stored_completed,
        planned - started - unsent - gap AS schedule_residual,
        requests_started - requests_completed - unknown AS requests_residual,
        workers_completed - stored_completed AS stored_residual,
        incarnations > 0 AND finals = incarnations AND missing_records = 0 AND records_beyond_final = 0
          AND dead_letters = 0 AND planned = started + unsent + gap
          AND requests_started = requests_completed + unknown AND workers_completed = stored_completed
          AND lost = 0 AS is_complete,
        lost
      FROM (
        SELECT run.run, count(i.incarnation) AS incarnations, count(i.final_records) AS finals,
          coalesce(sum(i.records), 0)::bigint AS records,
          coalesce(sum(i.missing_records), 0)::bigint AS missing_records,
          coalesce(sum(i.records_beyond_final), 0)::bigint AS records_beyond_final,
          (SELECT count(*) FROM dead_letter WHERE dead_letter.run = run.run) AS dead_letters,
          coalesce(sum(i.planned), 0)::bigint AS planned, coalesce(sum(i.started), 0)::bigint AS started,
          coalesce(sum(i.unsent), 0)::bigint AS unsent, coalesce(sum(i.gap), 0)::bigint AS gap,
          coalesce(sum(i.requests_started), 0)::bigint AS requests_started,
          coalesce(sum(i.requests_completed), 0)::bigint AS requests_completed,
          coalesce(sum(i.unknown), 0)::bigint AS unknown,
          coalesce(sum(i.workers_completed), 0)::bigint AS workers_completed,
          (SELECT coalesce(sum(completed), 0)::bigint FROM record_rollup
            WHERE record_rollup.run = run.run AND span_seconds = 0) AS stored_completed,
          count(*) FILTER (WHERE i.fate = 'lost') AS lost
        FROM run LEFT JOIN run_incarnation AS i
          ON i.run = run.run AND (i.fate IS DISTINCT FROM 'released' OR i.records > 0)
        GROUP BY run.run
      ) AS summed;

    """
}
