extension Schema {
  /// Histograms merged and asked.
  static let histograms = """
    -- The lowest time of a bucket in microseconds: 128 buckets an octave.
    CREATE FUNCTION bucket_lower_bound(bucket int) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT CASE WHEN bucket < 128 THEN bucket ELSE (128 + bucket % 128)::bigint << (bucket / 128 - 1) END
    $$;

    -- The time that stands for all in the bucket: its middle, rounded down.
    CREATE FUNCTION bucket_middle(bucket int) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT CASE WHEN bucket < 128 THEN bucket
        ELSE ((128 + bucket % 128)::bigint << (bucket / 128 - 1)) + ((1::bigint << (bucket / 128 - 1)) - 1) / 2 END
    $$;

    -- All of them added up; NULLs are empty, and so is the result where nothing was counted.
    CREATE FUNCTION histogram_merge(histograms histogram[]) RETURNS histogram
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      WITH one AS MATERIALIZED (SELECT * FROM unnest(histograms)),
      merged AS (
        SELECT b.bucket, sum(b.n)::bigint AS n
        FROM one, unnest(one.buckets, one.counts) AS b (bucket, n) GROUP BY b.bucket
      )
      SELECT CASE WHEN count(*) > 0 THEN ROW(
        array_agg(bucket ORDER BY bucket), array_agg(n ORDER BY bucket),
        (SELECT least(sum(sum_us), 9223372036854775807)::bigint FROM one), (SELECT min(min_us) FROM one),
        (SELECT max(max_us) FROM one))::histogram END
      FROM merged
    $$;

    -- How many times were counted.
    CREATE FUNCTION histogram_count(h histogram) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT coalesce(sum(n), 0)::bigint FROM unnest((h).counts) AS n
    $$;

    -- Which of so many sorted times is the p-th percentile (nearest rank); p in whole millionths of a percent.
    CREATE FUNCTION percentile_rank_of(p numeric, n numeric) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT CASE WHEN n > 0 AND p >= 0 AND p <= 100
        THEN greatest(1, div(n * round(p * 1000000) + 99999999, 100000000)) END
    $$;

    """

  static let percentiles = """
    -- The p-th percentile in microseconds: the middle of the bucket in which it lies, kept within least and greatest.
    CREATE FUNCTION histogram_percentile(h histogram, p numeric) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      WITH running AS (
        SELECT bucket, sum(n) OVER (ORDER BY bucket) AS upto FROM unnest((h).buckets, (h).counts) AS b (bucket, n)
      )
      SELECT CASE
        WHEN percentile_rank_of(p, histogram_count(h)) IS NULL THEN NULL
        WHEN p = 0 THEN (h).min_us
        WHEN p = 100 THEN (h).max_us
        ELSE (
          SELECT greatest((h).min_us, least((h).max_us, bucket_middle(bucket))) FROM running
          WHERE upto >= percentile_rank_of(p, histogram_count(h)) ORDER BY bucket LIMIT 1)
        END
    $$;

    -- A figure that may be known only from below, because some requests were given up.
    CREATE TYPE reading AS (microseconds bigint, is_lower_bound boolean);

    -- The p-th percentile over accepted replies and given-up requests (known by their lower bounds): exact where it is
    -- the same with the given-up ones at their bounds and at infinity, else a lower bound.
    CREATE FUNCTION histogram_reading(accepted histogram, censored histogram, p numeric) RETURNS reading
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      WITH rungs AS (
        SELECT bucket, sum(a) AS a, sum(c) AS c FROM (
          SELECT bucket, n AS a, 0 AS c FROM unnest((accepted).buckets, (accepted).counts) AS b (bucket, n)
          UNION ALL
          SELECT bucket, 0, n FROM unnest((censored).buckets, (censored).counts) AS b (bucket, n)
        ) AS both_of GROUP BY bucket
      ), running AS (
        SELECT bucket, a, c, sum(a + c) OVER w AS all_upto, sum(a) OVER w AS accepted_upto FROM rungs
        WINDOW w AS (ORDER BY bucket)
      ), totals AS (
        SELECT coalesce(sum(a), 0) AS a, coalesce(sum(c), 0) AS c,
          percentile_rank_of(p, coalesce(sum(a + c), 0)) AS rank,
          least((accepted).min_us, (censored).min_us) AS least_us,
          greatest((accepted).max_us, (censored).max_us) AS greatest_us
        FROM rungs
      ), low AS (
        SELECT running.* FROM running, totals WHERE all_upto >= rank ORDER BY bucket LIMIT 1
      ), high AS (
        SELECT running.bucket FROM running, totals WHERE accepted_upto >= rank ORDER BY bucket LIMIT 1
      )
      SELECT CASE
        WHEN rank IS NULL THEN NULL
        WHEN p = 0 THEN ROW(least_us,
          NOT (a > 0 AND (c = 0 OR (accepted).buckets[1] <= (censored).buckets[1])))::reading
        WHEN p = 100 THEN ROW(greatest_us, c > 0)::reading
        WHEN rank <= a AND (SELECT bucket FROM high) = (SELECT bucket FROM low) THEN
          ROW((SELECT greatest(least_us, least((accepted).max_us, bucket_middle(bucket))) FROM low), false)::reading
        ELSE ROW((
          SELECT least(
            CASE WHEN low.a > 0 THEN CASE WHEN (accepted).buckets[1] = bucket THEN (accepted).min_us
              ELSE bucket_lower_bound(bucket) END END,
            CASE WHEN low.c > 0 THEN CASE WHEN (censored).buckets[1] = bucket THEN (censored).min_us
              ELSE bucket_lower_bound(bucket) END END)
          FROM low), true)::reading
        END
      FROM totals
    $$;

    """
}
