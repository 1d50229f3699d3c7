extension Schema {
  /// Why requests failed, in words; and by which version of HTTP replies came.
  static let causes = """
    -- Kind, reason and count of failures side by side; an empty reason stands for those beyond what is told apart.
    ALTER TABLE record_name ADD COLUMN cause_kinds text[] NOT NULL DEFAULT '{}',
      ADD COLUMN cause_texts text[] NOT NULL DEFAULT '{}', ADD COLUMN cause_counts bigint[] NOT NULL DEFAULT '{}';
    ALTER TABLE record_rollup ADD COLUMN cause_kinds text[] NOT NULL DEFAULT '{}',
      ADD COLUMN cause_texts text[] NOT NULL DEFAULT '{}', ADD COLUMN cause_counts bigint[] NOT NULL DEFAULT '{}';

    CREATE VIEW run_cause AS
      SELECT run, name, tenant, is_warm_up, c.kind AS error, nullif(c.reason, '') AS reason,
        sum(c.failures)::bigint AS failures
      FROM record_rollup, unnest(cause_kinds, cause_texts, cause_counts) AS c (kind, reason, failures)
      WHERE span_seconds = 0 GROUP BY run, name, tenant, is_warm_up, c.kind, c.reason;

    -- Replies by HTTP/2, as the record's loops state them; loops do not tell the warm-up's apart.
    ALTER TABLE record_header ADD COLUMN http2 bigint NOT NULL DEFAULT 0;
    UPDATE record_header AS h SET http2 = w.http2 FROM (
      SELECT run, incarnation, sequence, least(sum((l.item->>'http2')::numeric), 9223372036854775807)::bigint AS http2
      FROM record_worker, jsonb_array_elements(loops) AS l (item) GROUP BY run, incarnation, sequence
    ) AS w
    WHERE w.run = h.run AND w.incarnation = h.incarnation AND w.sequence = h.sequence AND w.http2 > 0;

    CREATE VIEW run_protocol AS
      SELECT run, sum(requests_answered)::bigint AS answered,
        (sum(requests_answered) - sum(http2))::bigint AS http1, sum(http2)::bigint AS http2
      FROM record_header GROUP BY run;

    """
}
