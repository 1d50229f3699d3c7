extension Schema {
  /// Checks, iterations, redirects and retries.
  static let stepTables = """
    ALTER TABLE record_name ADD COLUMN redirected bigint NOT NULL DEFAULT 0, ADD COLUMN retried bigint NOT NULL DEFAULT 0,
      ADD COLUMN check_names text[] NOT NULL DEFAULT '{}', ADD COLUMN check_passed bigint[] NOT NULL DEFAULT '{}',
      ADD COLUMN check_failed bigint[] NOT NULL DEFAULT '{}';
    ALTER TABLE record_rollup ADD COLUMN redirected bigint NOT NULL DEFAULT 0,
      ADD COLUMN retried bigint NOT NULL DEFAULT 0, ADD COLUMN check_names text[] NOT NULL DEFAULT '{}',
      ADD COLUMN check_passed bigint[] NOT NULL DEFAULT '{}', ADD COLUMN check_failed bigint[] NOT NULL DEFAULT '{}';

    -- What a record says of one scenario's iterations.
    CREATE TABLE record_iteration (
      run uuid NOT NULL,
      incarnation uuid NOT NULL,
      sequence bigint NOT NULL,
      second bigint NOT NULL,
      is_warm_up boolean NOT NULL,
      place int NOT NULL,
      scenario text NOT NULL,
      started bigint NOT NULL,
      completed bigint NOT NULL,
      failed bigint NOT NULL,
      cut bigint NOT NULL,
      duration histogram
    );
    CREATE INDEX ON record_iteration (run, second);

    """

  /// The views with what is new; a redirect that was followed and a try that another followed are no failures.
  static let stepNames = """
    -- What each check said: {"status 200": {"passed": 9, "failed": 1}} and so on.
    CREATE FUNCTION check_object(names text[], passed bigint[], failed bigint[]) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT coalesce(jsonb_object_agg(name, jsonb_build_object('passed', p, 'failed', f) ORDER BY name), '{}') FROM (
        SELECT name, sum(p)::bigint AS p, sum(f)::bigint AS f FROM unnest(names, passed, failed) AS t (name, p, f)
        WHERE name IS NOT NULL GROUP BY name
      ) AS summed
    $$;

    CREATE OR REPLACE VIEW name_sum AS
      SELECT run, span_seconds, second, is_warm_up, name, tenant,
        sum(started)::bigint AS started, sum(written)::bigint AS written, sum(answered)::bigint AS answered,
        sum(completed)::bigint AS completed, sum(accepted)::bigint AS accepted, sum(resent)::bigint AS resent,
        sum(bytes_out)::bigint AS bytes_out, sum(bytes_in)::bigint AS bytes_in,
        tally_object(array_chain(statuses)::text[], array_chain(status_counts)) AS statuses,
        tally_object(array_chain(errors), array_chain(error_counts)) AS errors,
        tally_object(array_chain(custom_keys)::text[], array_chain(custom_values)) AS custom,
        histogram_merge(array_agg(response)) AS response, histogram_merge(array_agg(service)) AS service,
        histogram_merge(array_agg(failed)) AS failed, histogram_merge(array_agg(censored)) AS censored,
        histogram_merge(array_agg(censored_service)) AS censored_service,
        histogram_merge(array_agg(connect)) AS connect, histogram_merge(array_agg(first_byte)) AS first_byte,
        sum(redirected)::bigint AS redirected, sum(retried)::bigint AS retried,
        check_object(array_chain(check_names), array_chain(check_passed), array_chain(check_failed)) AS checks
      FROM record_rollup GROUP BY run, span_seconds, second, is_warm_up, name_key, name, tenant;

    CREATE OR REPLACE VIEW run_endpoint AS
      SELECT run, name, tenant, is_warm_up, started, written, answered, completed, accepted,
        completed - accepted - redirected - retried AS failed, resent, bytes_out, bytes_in, statuses, errors, custom,
        p50.microseconds AS p50_us, p50.is_lower_bound AS p50_is_lower_bound,
        p90.microseconds AS p90_us, p90.is_lower_bound AS p90_is_lower_bound,
        p99.microseconds AS p99_us, p99.is_lower_bound AS p99_is_lower_bound,
        p999.microseconds AS p999_us, p999.is_lower_bound AS p999_is_lower_bound,
        greatest_one.microseconds AS max_us, greatest_one.is_lower_bound AS max_is_lower_bound,
        response, service, failed AS failed_times, censored, censored_service, connect, first_byte,
        redirected, retried, checks
      FROM name_sum,
        histogram_reading(response, censored, 50) AS p50, histogram_reading(response, censored, 90) AS p90,
        histogram_reading(response, censored, 99) AS p99, histogram_reading(response, censored, 99.9) AS p999,
        histogram_reading(response, censored, 100) AS greatest_one
      WHERE span_seconds = 0;

    CREATE OR REPLACE VIEW run_timeline AS
      SELECT run, second, is_warm_up, started, written, answered, completed, accepted,
        completed - accepted - redirected - retried AS failed, bytes_out, bytes_in,
        p50.microseconds AS p50_us, p50.is_lower_bound AS p50_is_lower_bound,
        p90.microseconds AS p90_us, p90.is_lower_bound AS p90_is_lower_bound,
        p99.microseconds AS p99_us, p99.is_lower_bound AS p99_is_lower_bound,
        greatest_one.microseconds AS max_us, greatest_one.is_lower_bound AS max_is_lower_bound,
        response, censored, redirected, retried
      FROM (
        SELECT run, second, is_warm_up, sum(started)::bigint AS started, sum(written)::bigint AS written,
          sum(answered)::bigint AS answered, sum(completed)::bigint AS completed, sum(accepted)::bigint AS accepted,
          sum(bytes_out)::bigint AS bytes_out, sum(bytes_in)::bigint AS bytes_in,
          sum(redirected)::bigint AS redirected, sum(retried)::bigint AS retried,
          histogram_merge(array_agg(response)) AS response, histogram_merge(array_agg(censored)) AS censored
        FROM record_rollup WHERE span_seconds = 10 GROUP BY run, second, is_warm_up
      ) AS summed,
        histogram_reading(response, censored, 50) AS p50, histogram_reading(response, censored, 90) AS p90,
        histogram_reading(response, censored, 99) AS p99, histogram_reading(response, censored, 100) AS greatest_one;

    CREATE VIEW run_check AS
      SELECT run, name, tenant, is_warm_up, c.check_name, sum(c.passed)::bigint AS passed, sum(c.failed)::bigint AS failed
      FROM record_rollup, unnest(check_names, check_passed, check_failed) AS c (check_name, passed, failed)
      WHERE span_seconds = 0 GROUP BY run, name, tenant, is_warm_up, c.check_name;

    CREATE VIEW run_iteration AS
      SELECT run, scenario, is_warm_up, sum(started)::bigint AS started, sum(completed)::bigint AS completed,
        sum(failed)::bigint AS failed, sum(cut)::bigint AS cut,
        histogram_percentile(histogram_merge(array_agg(duration)), 50) AS p50_us,
        histogram_percentile(histogram_merge(array_agg(duration)), 99) AS p99_us,
        histogram_percentile(histogram_merge(array_agg(duration)), 100) AS max_us,
        histogram_merge(array_agg(duration)) AS duration
      FROM record_iteration GROUP BY run, scenario, is_warm_up;

    -- The warm-up, and the parts of the load's shape.
    CREATE VIEW run_phase AS
      SELECT run, phase, phase_name, is_warm_up, min(from_ns) AS from_ns, max(to_ns) AS to_ns,
        sum(planned)::bigint AS offered, sum(requests_started)::bigint AS started,
        sum(requests_completed)::bigint AS completed
      FROM record_header GROUP BY run, phase, phase_name, is_warm_up;

    """

  /// The ledger with its fourth sum, the summary, and the thresholds held against the sums.
  static let stepRuns = """
    CREATE OR REPLACE VIEW run_ledger AS
      SELECT summed.run, incarnations, finals, records, missing_records, records_beyond_final, dead_letters, planned,
        started, unsent, gap, requests_started, requests_completed, unknown, workers_completed, stored_completed,
        planned - started - unsent - gap AS schedule_residual,
        requests_started - requests_completed - unknown AS requests_residual,
        workers_completed - stored_completed AS stored_residual,
        incarnations > 0 AND finals = incarnations AND missing_records = 0 AND records_beyond_final = 0
          AND dead_letters = 0 AND planned = started + unsent + gap
          AND requests_started = requests_completed + unknown AND workers_completed = stored_completed
          AND stored_completed = accepted + errors + redirected + retried AND lost = 0 AS is_complete,
        lost, accepted, errors, redirected, retried,
        stored_completed - accepted - errors - redirected - retried AS outcomes_residual
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
          count(*) FILTER (WHERE i.fate = 'lost') AS lost
        FROM run LEFT JOIN run_incarnation AS i
          ON i.run = run.run AND (i.fate IS DISTINCT FROM 'released' OR i.records > 0)
        GROUP BY run.run
      ) AS summed
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(completed), 0)::bigint AS stored_completed, coalesce(sum(accepted), 0)::bigint AS accepted,
          coalesce(sum(redirected), 0)::bigint AS redirected, coalesce(sum(retried), 0)::bigint AS retried,
          coalesce(sum((SELECT sum(n) FROM unnest(error_counts) AS e (n))), 0)::bigint AS errors
        FROM record_rollup WHERE record_rollup.run = summed.run AND span_seconds = 0
      ) AS stored;

    CREATE OR REPLACE VIEW run_summary AS
      SELECT run.run, run.name, run.started_at, run.first_stored_at,
        ledger.is_complete, ledger.incarnations AS workers,
        round(last.to_ns / 1e9, 3) AS seconds,
        coalesce(measured.started, 0) AS started, coalesce(measured.completed, 0) AS completed,
        coalesce(measured.accepted, 0) AS accepted,
        coalesce(measured.completed - measured.accepted - measured.redirected - measured.retried, 0) AS failed,
        coalesce(measured.bytes_out, 0) AS bytes_out, coalesce(measured.bytes_in, 0) AS bytes_in,
        CASE WHEN last.to_ns > last.warm_ns THEN round(measured.completed / ((last.to_ns - last.warm_ns) / 1e9), 3) END
          AS completed_per_second,
        p50.microseconds AS p50_us, p50.is_lower_bound AS p50_is_lower_bound,
        p90.microseconds AS p90_us, p90.is_lower_bound AS p90_is_lower_bound,
        p99.microseconds AS p99_us, p99.is_lower_bound AS p99_is_lower_bound,
        p999.microseconds AS p999_us, p999.is_lower_bound AS p999_is_lower_bound,
        greatest_one.microseconds AS max_us, greatest_one.is_lower_bound AS max_is_lower_bound,
        coalesce(measured.redirected, 0) AS redirected, coalesce(measured.retried, 0) AS retried
      FROM run JOIN run_ledger AS ledger ON ledger.run = run.run
      CROSS JOIN LATERAL (
        SELECT max(to_ns)::numeric AS to_ns, CASE WHEN bool_or(is_warm_up)
          THEN coalesce((run.description->>'warmUpUs')::numeric, 0) * 1000 ELSE 0 END AS warm_ns
        FROM record_header WHERE record_header.run = run.run) AS last
      CROSS JOIN LATERAL (
        SELECT sum(started)::bigint AS started, sum(completed)::bigint AS completed, sum(accepted)::bigint AS accepted,
          sum(bytes_out)::bigint AS bytes_out, sum(bytes_in)::bigint AS bytes_in,
          sum(redirected)::bigint AS redirected, sum(retried)::bigint AS retried,
          histogram_merge(array_agg(response)) AS response, histogram_merge(array_agg(censored)) AS censored
        FROM record_rollup WHERE record_rollup.run = run.run AND span_seconds = 0 AND NOT is_warm_up
      ) AS measured,
        histogram_reading(measured.response, measured.censored, 50) AS p50,
        histogram_reading(measured.response, measured.censored, 90) AS p90,
        histogram_reading(measured.response, measured.censored, 99) AS p99,
        histogram_reading(measured.response, measured.censored, 99.9) AS p999,
        histogram_reading(measured.response, measured.censored, 100) AS greatest_one;

    -- What a run was to hold, and what its sums say: found_us of percentiles, least and greatest, share of errors and
    -- checks. The verdict is the program's.
    CREATE VIEW run_threshold AS
      SELECT t.run, t.place, t.threshold, t.name, t.measure, t.comparison, t.bound, time.microseconds AS found_us,
        time.is_lower_bound,
        CASE t.measure
          WHEN 'errors' THEN round((completed - accepted - redirected - retried)::numeric
            / nullif(completed - redirected - retried, 0), 6)
          WHEN 'checks' THEN round(passed::numeric / nullif(passed + failed, 0), 6) END AS share
      FROM (
        SELECT run.run, e.place, e.item->>'threshold' AS threshold, e.item->>'name' AS name,
          e.item->>'measure' AS measure, (e.item->>'percentileMillionths')::numeric / 10000 AS percentile,
          e.item->>'comparison' AS comparison, (e.item->>'bound')::bigint AS bound
        FROM run, jsonb_array_elements(coalesce(run.description->'thresholds', '[]')) WITH ORDINALITY AS e (item, place)
      ) AS t
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(completed), 0) AS completed, coalesce(sum(accepted), 0) AS accepted,
          coalesce(sum(redirected), 0) AS redirected, coalesce(sum(retried), 0) AS retried,
          coalesce(sum((SELECT sum(n) FROM unnest(check_passed) AS c (n))), 0) AS passed,
          coalesce(sum((SELECT sum(n) FROM unnest(check_failed) AS c (n))), 0) AS failed,
          histogram_merge(array_agg(response)) AS response, histogram_merge(array_agg(censored)) AS censored
        FROM record_rollup AS r WHERE r.run = t.run AND span_seconds = 0 AND NOT is_warm_up
          AND (t.name IS NULL OR r.name = t.name)
      ) AS m
      LEFT JOIN LATERAL histogram_reading(m.response, m.censored, CASE t.measure
        WHEN 'percentile' THEN t.percentile WHEN 'min' THEN 0 WHEN 'max' THEN 100 END) AS time ON true;

    """
}
