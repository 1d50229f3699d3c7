extension Schema {
  /// When the last outcome of a record came; and what a figure is at worst.
  static let verdictFigures = """
    -- The last outcome's instant, since the run's start, as the record's loops state it.
    ALTER TABLE record_header ADD COLUMN last_end_ns bigint;
    UPDATE record_header AS h SET last_end_ns = nullif((
      SELECT max((l.item->>'last_end_ns')::bigint) FROM record_worker AS w, jsonb_array_elements(w.loops) AS l (item)
      WHERE w.run = h.run AND w.second = h.second AND w.incarnation = h.incarnation AND w.sequence = h.sequence), 0);

    -- The p-th percentile in microseconds if every request that was given up had taken for ever; NULL where that is for
    -- ever too, and where nothing was counted.
    CREATE FUNCTION histogram_worst(accepted histogram, censored histogram, p numeric) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      WITH running AS (
        SELECT bucket, sum(n) OVER (ORDER BY bucket) AS upto
        FROM unnest((accepted).buckets, (accepted).counts) AS b (bucket, n)
      ), wanted AS (
        SELECT percentile_rank_of(p, histogram_count(accepted)::numeric + histogram_count(censored)) AS rank
      )
      SELECT CASE
        WHEN rank IS NULL OR rank > histogram_count(accepted) THEN NULL
        WHEN p = 0 THEN (accepted).min_us
        WHEN p = 100 THEN (accepted).max_us
        ELSE (
          SELECT greatest((accepted).min_us, least((accepted).max_us, bucket_middle(bucket))) FROM running
          WHERE upto >= rank ORDER BY bucket LIMIT 1)
        END
      FROM wanted
    $$;

    -- The mean, rounded to whole microseconds; a lower bound as soon as one request was given up.
    CREATE FUNCTION histogram_mean(accepted histogram, censored histogram) RETURNS reading
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT CASE WHEN n > 0 THEN ROW(
        least(round((coalesce((accepted).sum_us, 0)::numeric + coalesce((censored).sum_us, 0)) / n), 4294967295)::bigint,
        histogram_count(censored) > 0)::reading END
      FROM (SELECT histogram_count(accepted)::numeric + histogram_count(censored) AS n) AS counted
    $$;

    -- The measured time of a run: from the end of its warm-up to its last outcome.
    CREATE VIEW run_time AS
      SELECT run.run, coalesce(ended.last_end_ns, 0) AS last_end_ns,
        greatest(coalesce(ended.last_end_ns, 0) - warm.until_ns, 0) AS measured_ns
      FROM run
      CROSS JOIN LATERAL (
        SELECT max(last_end_ns) AS last_end_ns FROM (
          SELECT coalesce(max(h.last_end_ns), max(h.to_ns) FILTER (WHERE h.requests_completed > 0)) AS last_end_ns
          FROM record_header AS h WHERE h.run = run.run GROUP BY h.incarnation) AS each
      ) AS ended
      CROSS JOIN LATERAL (
        SELECT CASE WHEN coalesce(sum(started), 0) > 0
          THEN coalesce((run.description->>'warmUpUs')::bigint, 0) * 1000 ELSE 0 END AS until_ns
        FROM record_rollup AS r WHERE r.run = run.run AND span_seconds = 0 AND is_warm_up
      ) AS warm;

    """

  /// The ledger with the sum of iterations, and the summary with the very rate that reports show.
  static let verdictRuns = """
    CREATE OR REPLACE VIEW run_ledger AS
      SELECT summed.run, incarnations, finals, records, missing_records, records_beyond_final, dead_letters, planned,
        started, unsent, gap, requests_started, requests_completed, unknown, workers_completed, stored_completed,
        planned - started - unsent - gap AS schedule_residual,
        requests_started - requests_completed - unknown AS requests_residual,
        workers_completed - stored_completed AS stored_residual,
        incarnations > 0 AND finals = incarnations AND missing_records = 0 AND records_beyond_final = 0
          AND dead_letters = 0 AND planned = started + unsent + gap
          AND requests_started = requests_completed + unknown AND workers_completed = stored_completed
          AND stored_completed = accepted + errors + redirected + retried AND lost = 0
          AND iterations_started
            = iterations_completed + iterations_failed + iterations_cut + iterations_unknown AS is_complete,
        lost, accepted, errors, redirected, retried,
        stored_completed - accepted - errors - redirected - retried AS outcomes_residual,
        iterations_started, iterations_completed, iterations_failed, iterations_cut, iterations_unknown,
        iterations_started - iterations_completed - iterations_failed - iterations_cut - iterations_unknown
          AS iterations_residual
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
          count(*) FILTER (WHERE i.fate = 'lost') AS lost,
          coalesce(sum(p.started), 0)::bigint AS iterations_started,
          coalesce(sum(p.completed), 0)::bigint AS iterations_completed,
          coalesce(sum(p.failed), 0)::bigint AS iterations_failed,
          coalesce(sum(p.cut), 0)::bigint AS iterations_cut,
          -- Begun by a worker that was killed before it could tell how they went.
          coalesce(sum(greatest(p.started - p.completed - p.failed - p.cut, 0))
            FILTER (WHERE i.final_records IS NULL), 0)::bigint AS iterations_unknown
        FROM run LEFT JOIN run_incarnation AS i
          ON i.run = run.run AND (i.fate IS DISTINCT FROM 'released' OR i.records > 0)
        LEFT JOIN LATERAL (
          SELECT sum(started) AS started, sum(completed) AS completed, sum(failed) AS failed, sum(cut) AS cut
          FROM record_iteration AS e WHERE e.run = run.run AND e.incarnation = i.incarnation
        ) AS p ON true
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
        round(measured.completed * 1e9 / nullif(took.measured_ns, 0), 6) AS completed_per_second,
        p50.microseconds AS p50_us, p50.is_lower_bound AS p50_is_lower_bound,
        p90.microseconds AS p90_us, p90.is_lower_bound AS p90_is_lower_bound,
        p99.microseconds AS p99_us, p99.is_lower_bound AS p99_is_lower_bound,
        p999.microseconds AS p999_us, p999.is_lower_bound AS p999_is_lower_bound,
        greatest_one.microseconds AS max_us, greatest_one.is_lower_bound AS max_is_lower_bound,
        coalesce(measured.redirected, 0) AS redirected, coalesce(measured.retried, 0) AS retried,
        average.microseconds AS mean_us, average.is_lower_bound AS mean_is_lower_bound
      FROM run JOIN run_ledger AS ledger ON ledger.run = run.run JOIN run_time AS took ON took.run = run.run
      CROSS JOIN LATERAL (
        SELECT max(to_ns)::numeric AS to_ns FROM record_header WHERE record_header.run = run.run) AS last
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
        histogram_reading(measured.response, measured.censored, 100) AS greatest_one,
        histogram_mean(measured.response, measured.censored) AS average;

    -- What was due in the warm-up, by name: in no other figure of the run.
    CREATE VIEW run_warm_up AS
      SELECT run, name, tenant, started, completed, accepted, failed, redirected, retried, statuses, errors, checks,
        p50_us, p50_is_lower_bound, p90_us, p90_is_lower_bound, p99_us, p99_is_lower_bound, max_us, max_is_lower_bound
      FROM run_endpoint WHERE is_warm_up;

    """

  /// The thresholds with their verdicts, and the run's.
  static let verdicts = """
    -- What a run was to hold, what its sums say, and whether it holds: a time as it would be if every request that was
    -- given up had taken for ever, where that is the worse for the target. What was never measured holds nothing.
    CREATE OR REPLACE VIEW run_threshold AS
      SELECT t.run, t.place, t.threshold, t.name, t.measure, t.comparison, t.bound,
        CASE t.measure WHEN 'mean' THEN average.microseconds ELSE time.microseconds END AS found_us,
        CASE t.measure WHEN 'mean' THEN average.is_lower_bound ELSE time.is_lower_bound END AS is_lower_bound,
        CASE t.measure
          WHEN 'errors' THEN round((completed - accepted - redirected - retried)::numeric
            / nullif(completed - redirected - retried, 0), 6)
          WHEN 'checks' THEN round(passed::numeric / nullif(passed + failed, 0), 6) END AS share,
        CASE WHEN t.measure = 'rps' AND completed > 0
          THEN round(completed * 1e9 / nullif(took.measured_ns, 0), 6) END AS per_second,
        coalesce(CASE t.comparison
          WHEN '<' THEN exact.greatest_one < exact.bound WHEN '<=' THEN exact.greatest_one <= exact.bound
          WHEN '>' THEN exact.least_one > exact.bound WHEN '>=' THEN exact.least_one >= exact.bound END, false) AS holds
      FROM (
        SELECT run.run, e.place, e.item->>'threshold' AS threshold, e.item->>'name' AS name,
          e.item->>'measure' AS measure, (e.item->>'percentileMillionths')::numeric / 10000 AS percentile,
          e.item->>'comparison' AS comparison, (e.item->>'bound')::bigint AS bound
        FROM run, jsonb_array_elements(coalesce(run.description->'thresholds', '[]')) WITH ORDINALITY AS e (item, place)
      ) AS t
      JOIN run_time AS took ON took.run = t.run
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
        WHEN 'percentile' THEN t.percentile WHEN 'min' THEN 0 WHEN 'max' THEN 100 END) AS time ON true
      LEFT JOIN LATERAL histogram_mean(m.response, m.censored) AS average ON true
      -- Both readings of the figure and the bound, in the same unit and without a division.
      CROSS JOIN LATERAL (
        SELECT
          CASE t.measure
            WHEN 'percentile' THEN histogram_worst(m.response, m.censored, t.percentile)::numeric
            WHEN 'min' THEN histogram_worst(m.response, m.censored, 0)::numeric
            WHEN 'max' THEN CASE WHEN NOT time.is_lower_bound THEN time.microseconds END::numeric
            WHEN 'mean' THEN CASE WHEN NOT average.is_lower_bound THEN average.microseconds END::numeric
            ELSE parts.part END AS greatest_one,
          CASE t.measure WHEN 'mean' THEN average.microseconds::numeric
            WHEN 'errors' THEN parts.part WHEN 'checks' THEN parts.part WHEN 'rps' THEN parts.part
            ELSE time.microseconds::numeric END AS least_one,
          CASE WHEN t.measure IN ('errors', 'checks', 'rps') THEN greatest(t.bound, 0) * parts.whole
            ELSE t.bound::numeric END AS bound
        FROM (
          SELECT
            CASE t.measure WHEN 'errors' THEN (completed - accepted - redirected - retried)::numeric * 1000000
              WHEN 'checks' THEN passed::numeric * 1000000
              WHEN 'rps' THEN nullif(completed, 0)::numeric * 1000000 * 1000000000 END AS part,
            CASE t.measure WHEN 'errors' THEN nullif(completed - redirected - retried, 0)::numeric
              WHEN 'checks' THEN nullif(passed + failed, 0)::numeric
              WHEN 'rps' THEN nullif(took.measured_ns, 0)::numeric END AS whole
        ) AS parts
      ) AS exact;

    -- What the run tells whoever started it: the first of these that applies.
    CREATE VIEW run_verdict AS
      SELECT ledger.run, ended.end_reason, ledger.is_complete, held.thresholds, held.broken, said.verdict,
        CASE said.verdict WHEN 'passed' THEN 0 WHEN 'failed' THEN 2 WHEN 'incomplete' THEN 3 WHEN 'thresholds' THEN 99
          ELSE 105 END AS exit_code
      FROM run_ledger AS ledger
      CROSS JOIN LATERAL (
        SELECT (array_agg(final_reason ORDER BY array_position(
          ARRAY['failed', 'unreachable', 'aborted', 'stopped', 'plan_ended'], final_reason)))[1] AS end_reason
        FROM record_header AS h WHERE h.run = ledger.run AND h.final_records IS NOT NULL
      ) AS ended
      CROSS JOIN LATERAL (
        SELECT count(*) AS thresholds, count(*) FILTER (WHERE NOT holds) AS broken
        FROM run_threshold AS t WHERE t.run = ledger.run
      ) AS held
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(r.accepted), 0) AS accepted FROM record_rollup AS r
        WHERE r.run = ledger.run AND span_seconds = 0 AND NOT is_warm_up
      ) AS measured
      CROSS JOIN LATERAL (
        SELECT CASE WHEN ended.end_reason IN ('failed', 'unreachable') THEN 'failed'
          WHEN NOT ledger.is_complete THEN 'incomplete'
          WHEN ended.end_reason IN ('stopped', 'aborted') THEN 'stopped'
          WHEN measured.accepted = 0 THEN 'failed' WHEN held.broken > 0 THEN 'thresholds' ELSE 'passed' END AS verdict
      ) AS said;

    """
}
