extension Schema {
  /// Sums over names; warm-up stands apart.
  static let names = """
    -- Adds up counts by key: {200,404} {9,1} and so on, as one JSON object.
    CREATE FUNCTION tally_object(keys text[], counts bigint[]) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT coalesce(jsonb_object_agg(key, n ORDER BY key), '{}') FROM (
        SELECT key, sum(n)::bigint AS n FROM unnest(keys, counts) AS t (key, n) WHERE key IS NOT NULL GROUP BY key
      ) AS summed
    $$;

    CREATE AGGREGATE array_chain(anycompatiblearray) (
      SFUNC = array_cat, STYPE = anycompatiblearray, INITCOND = '{}', PARALLEL = SAFE);

    CREATE VIEW name_sum AS
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
        histogram_merge(array_agg(connect)) AS connect, histogram_merge(array_agg(first_byte)) AS first_byte
      FROM record_rollup GROUP BY run, span_seconds, second, is_warm_up, name_key, name, tenant;

    CREATE VIEW run_endpoint AS
      SELECT run, name, tenant, is_warm_up, started, written, answered, completed, accepted,
        completed - accepted AS failed, resent, bytes_out, bytes_in, statuses, errors, custom,
        p50.microseconds AS p50_us, p50.is_lower_bound AS p50_is_lower_bound,
        p90.microseconds AS p90_us, p90.is_lower_bound AS p90_is_lower_bound,
        p99.microseconds AS p99_us, p99.is_lower_bound AS p99_is_lower_bound,
        p999.microseconds AS p999_us, p999.is_lower_bound AS p999_is_lower_bound,
        greatest_one.microseconds AS max_us, greatest_one.is_lower_bound AS max_is_lower_bound,
        response, service, failed AS failed_times, censored, censored_service, connect, first_byte
      FROM name_sum,
        histogram_reading(response, censored, 50) AS p50, histogram_reading(response, censored, 90) AS p90,
        histogram_reading(response, censored, 99) AS p99, histogram_reading(response, censored, 99.9) AS p999,
        histogram_reading(response, censored, 100) AS greatest_one
      WHERE span_seconds = 0;

    CREATE VIEW run_timeline AS
      SELECT run, second, is_warm_up, started, written, answered, completed, accepted, completed - accepted AS failed,
        bytes_out, bytes_in,
        p50.microseconds AS p50_us, p50.is_lower_bound AS p50_is_lower_bound,
        p90.microseconds AS p90_us, p90.is_lower_bound AS p90_is_lower_bound,
        p99.microseconds AS p99_us, p99.is_lower_bound AS p99_is_lower_bound,
        greatest_one.microseconds AS max_us, greatest_one.is_lower_bound AS max_is_lower_bound,
        response, censored
      FROM (
        SELECT run, second, is_warm_up, sum(started)::bigint AS started, sum(written)::bigint AS written,
          sum(answered)::bigint AS answered, sum(completed)::bigint AS completed, sum(accepted)::bigint AS accepted,
          sum(bytes_out)::bigint AS bytes_out, sum(bytes_in)::bigint AS bytes_in,
          histogram_merge(array_agg(response)) AS response, histogram_merge(array_agg(censored)) AS censored
        FROM record_rollup WHERE span_seconds = 10 GROUP BY run, second, is_warm_up
      ) AS summed,
        histogram_reading(response, censored, 50) AS p50, histogram_reading(response, censored, 90) AS p90,
        histogram_reading(response, censored, 99) AS p99, histogram_reading(response, censored, 100) AS greatest_one;

    """

  /// What is there and what is not.
  static let ledger = """
    -- One life of a worker: are its records 1 to N all there?
    CREATE VIEW run_incarnation AS
      SELECT incarnation.run, incarnation.incarnation, incarnation.version,
        coalesce(h.records, 0) AS records, h.final_records, h.final_reason,
        greatest(coalesce(h.final_records, h.last_sequence, 0) - coalesce(h.within, 0), 0) AS missing_records,
        coalesce(h.records, 0) - coalesce(h.within, 0) AS records_beyond_final,
        coalesce(h.planned, 0) AS planned, coalesce(h.started, 0) AS started, coalesce(h.unsent, 0) AS unsent,
        coalesce(h.gap, 0) AS gap, coalesce(h.requests_started, 0) AS requests_started,
        coalesce(h.requests_completed, 0) AS requests_completed,
        CASE WHEN h.final_records IS NULL
          THEN greatest(coalesce(h.requests_started - h.requests_completed, 0), 0) ELSE 0 END AS unknown,
        coalesce(h.final_completed, h.requests_completed, 0) AS workers_completed, h.last_to_ns
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

    -- The three equations with what is left over of each, and whether the run is complete.
    CREATE VIEW run_ledger AS
      SELECT summed.*,
        planned - started - unsent - gap AS schedule_residual,
        requests_started - requests_completed - unknown AS requests_residual,
        workers_completed - stored_completed AS stored_residual,
        incarnations > 0 AND finals = incarnations AND missing_records = 0 AND records_beyond_final = 0
          AND dead_letters = 0 AND planned = started + unsent + gap
          AND requests_started = requests_completed + unknown AND workers_completed = stored_completed AS is_complete
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
            WHERE record_rollup.run = run.run AND span_seconds = 0) AS stored_completed
        FROM run LEFT JOIN run_incarnation AS i ON i.run = run.run GROUP BY run.run
      ) AS summed;

    """

  static let runs = """
    -- One row a run, warm-up left out of the figures.
    CREATE VIEW run_summary AS
      SELECT run.run, run.name, run.started_at, run.first_stored_at,
        ledger.is_complete, ledger.incarnations AS workers,
        round(last.to_ns / 1e9, 3) AS seconds,
        coalesce(measured.started, 0) AS started, coalesce(measured.completed, 0) AS completed,
        coalesce(measured.accepted, 0) AS accepted,
        coalesce(measured.completed - measured.accepted, 0) AS failed,
        coalesce(measured.bytes_out, 0) AS bytes_out, coalesce(measured.bytes_in, 0) AS bytes_in,
        CASE WHEN last.to_ns > 0 THEN round(measured.completed / (last.to_ns / 1e9), 3) END AS completed_per_second,
        p50.microseconds AS p50_us, p50.is_lower_bound AS p50_is_lower_bound,
        p90.microseconds AS p90_us, p90.is_lower_bound AS p90_is_lower_bound,
        p99.microseconds AS p99_us, p99.is_lower_bound AS p99_is_lower_bound,
        p999.microseconds AS p999_us, p999.is_lower_bound AS p999_is_lower_bound,
        greatest_one.microseconds AS max_us, greatest_one.is_lower_bound AS max_is_lower_bound
      FROM run JOIN run_ledger AS ledger ON ledger.run = run.run
      CROSS JOIN LATERAL (
        SELECT max(to_ns)::numeric AS to_ns FROM record_header WHERE record_header.run = run.run) AS last
      CROSS JOIN LATERAL (
        SELECT sum(started)::bigint AS started, sum(completed)::bigint AS completed, sum(accepted)::bigint AS accepted,
          sum(bytes_out)::bigint AS bytes_out, sum(bytes_in)::bigint AS bytes_in,
          histogram_merge(array_agg(response)) AS response, histogram_merge(array_agg(censored)) AS censored
        FROM record_rollup WHERE record_rollup.run = run.run AND span_seconds = 0 AND NOT is_warm_up
      ) AS measured,
        histogram_reading(measured.response, measured.censored, 50) AS p50,
        histogram_reading(measured.response, measured.censored, 90) AS p90,
        histogram_reading(measured.response, measured.censored, 99) AS p99,
        histogram_reading(measured.response, measured.censored, 99.9) AS p999,
        histogram_reading(measured.response, measured.censored, 100) AS greatest_one;

    -- What became of the records of each partition: next_offset = stored + repeated + dead where its log begins at 0.
    CREATE VIEW partition_ledger AS
      SELECT cluster_id, topic, partition, next_offset, stored, repeated, dead,
        next_offset - stored - repeated - dead AS never_seen, changed_at
      FROM consumer_offset;

    """
}
