SELECT * FROM (
WITH "__fs_produced" AS (
  SELECT * FROM (
    SELECT "txn", "card", "event_time", "label", "amount", "count_60s", "card_average", "card_blocked", "transactions__event_time", "cards__event_time", CASE WHEN "event_time" IS NULL THEN error('The spine''s label time is null') ELSE epoch_ns("event_time")::HUGEINT END AS "__fs_time",
      CASE WHEN typeof("txn") IN ('DOUBLE', 'FLOAT') OR typeof("txn") LIKE 'DECIMAL%' THEN error('The spine''s key "txn" is not a whole number or text') ELSE CAST("txn" AS VARCHAR) END AS "__fs_key0",
      CASE WHEN "card" IS NULL THEN NULL WHEN regexp_full_match(CAST("card" AS VARCHAR), '-?\d+(\.0+)?') THEN coalesce(TRY_CAST(CAST("card" AS VARCHAR) AS BIGINT), error('The spine''s key "card" is not a whole number')) ELSE error('The spine''s key "card" is not a whole number') END AS "__fs_key1"
    FROM "lake"."training_set"
  ) AS l
),
"__fs_asked0" AS (
  SELECT DISTINCT "__fs_key0" AS id, "__fs_time" AS t FROM "__fs_produced" WHERE "__fs_key0" IS NOT NULL
),
"__fs_ranked0" AS (
  SELECT q.t, h.*, rank() OVER (PARTITION BY q.id, q.t ORDER BY h.k DESC, h.live DESC, h.a DESC NULLS LAST, h.api DESC NULLS LAST, h.written DESC NULLS LAST) AS place
  FROM "__fs_asked0" AS q JOIN (
    SELECT CAST("transaction_id" AS VARCHAR) AS id,
      CASE WHEN "event_ts" IS NULL THEN NULL WHEN regexp_full_match("event_ts", '\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z') THEN coalesce(epoch_us(TRY_CAST("event_ts" AS TIMESTAMP)), error('The event time of feature group ''transactions'' is not a UTC time such as 2025-01-31T23:59:59.123Z'))::HUGEINT * 1000 + CASE WHEN length("event_ts") > 27 THEN CAST(rpad(substr("event_ts", 27, length("event_ts") - 27), 3, '0') AS INTEGER) ELSE 0 END ELSE error('The event time of feature group ''transactions'' is not a UTC time such as 2025-01-31T23:59:59.123Z') END AS k,
      NOT coalesce(is_deleted, false) AS live,
      epoch_us(api_invocation_time)::HUGEINT * 1000 + 1000000000::HUGEINT AS a,
      api_invocation_time AS api,
      write_time AS written,
      "amount" AS f0,
      "count_60s" AS f1
    FROM read_parquet('/data/transactions/**/*.parquet', union_by_name = true, hive_partitioning = false, filename = '__fs_file')
  ) AS h ON h.id = q.id AND h.a <= q.t AND h.k IS NOT NULL
),
"__fs_right0" AS (
  SELECT *, row_number() OVER (PARTITION BY id, t ORDER BY k) AS n, count(*) OVER (PARTITION BY id, t) AS ties
  FROM (
    SELECT DISTINCT id, t, k, a, f0, f1
    FROM "__fs_ranked0"
    WHERE place = 1 AND live
  ) AS d
),
"__fs_asked1" AS (
  SELECT DISTINCT "__fs_key1" AS id, "__fs_time" AS t FROM "__fs_produced" WHERE "__fs_key1" IS NOT NULL
),
"__fs_ranked1" AS (
  SELECT q.t, h.*, rank() OVER (PARTITION BY q.id, q.t ORDER BY h.k DESC, h.live DESC, h.a DESC NULLS LAST, h.api DESC NULLS LAST, h.written DESC NULLS LAST) AS place
  FROM "__fs_asked1" AS q JOIN (
    SELECT CAST("card_id" AS BIGINT) AS id,
      CASE WHEN "updated_at" IS NULL THEN NULL WHEN regexp_full_match("updated_at", '\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z') THEN coalesce(epoch_us(TRY_CAST("updated_at" AS TIMESTAMP)), error('The event time of feature group ''cards'' is not a UTC time such as 2025-01-31T23:59:59.123Z'))::HUGEINT * 1000 + CASE WHEN length("updated_at") > 27 THEN CAST(rpad(substr("updated_at", 27, length("updated_at") - 27), 3, '0') AS INTEGER) ELSE 0 END ELSE error('The event time of feature group ''cards'' is not a UTC time such as 2025-01-31T23:59:59.123Z') END AS k,
      NOT coalesce(is_deleted, false) AS live,
      greatest(epoch_us(api_invocation_time)::HUGEINT * 1000, coalesce(CASE WHEN "arrived_at" IS NULL THEN NULL WHEN regexp_full_match("arrived_at", '\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z') THEN coalesce(epoch_us(TRY_CAST("arrived_at" AS TIMESTAMP)), error('The arrival time of feature group ''cards'' is not a UTC time such as 2025-01-31T23:59:59.123Z'))::HUGEINT * 1000 + CASE WHEN length("arrived_at") > 27 THEN CAST(rpad(substr("arrived_at", 27, length("arrived_at") - 27), 3, '0') AS INTEGER) ELSE 0 END ELSE error('The arrival time of feature group ''cards'' is not a UTC time such as 2025-01-31T23:59:59.123Z') END, epoch_us(api_invocation_time)::HUGEINT * 1000 + 1000000000::HUGEINT)) AS a,
      api_invocation_time AS api,
      write_time AS written,
      "average" AS f0,
      "blocked" AS f1
    FROM read_parquet('/data/cards/**/*.parquet', union_by_name = true, hive_partitioning = false, filename = '__fs_file')
  WHERE coalesce("origin", 'live') = 'live'
  ) AS h ON h.id = q.id AND h.a <= q.t AND h.k IS NOT NULL
),
"__fs_right1" AS (
  SELECT *, row_number() OVER (PARTITION BY id, t ORDER BY k) AS n, count(*) OVER (PARTITION BY id, t) AS ties
  FROM (
    SELECT DISTINCT id, t, k, a, f0, f1
    FROM "__fs_ranked1"
    WHERE place = 1 AND live AND t - k <= 2592000000000000::HUGEINT AND t - k < 7776000000000000::HUGEINT
  ) AS d
)
SELECT l."txn",
  l."card",
  l."event_time",
  l."label",
  CASE WHEN l."transactions__event_time" IS NOT DISTINCT FROM strftime(make_timestamp(CAST((r0.k - ((r0.k % 1000 + 1000) % 1000)) // 1000 AS BIGINT)), '%Y-%m-%dT%H:%M:%S.%f') || lpad(CAST(((r0.k % 1000 + 1000) % 1000) AS VARCHAR), 3, '0') || 'Z'
      AND (coalesce(r0.ties, 1) > 1 OR (l."amount" IS NOT DISTINCT FROM r0.f0 AND l."count_60s" IS NOT DISTINCT FROM coalesce(r0.f1, CAST('0' AS BIGINT)))) THEN NULL WHEN r0.id IS NULL THEN 'UNEXPECTED' WHEN l."transactions__event_time" IS NULL THEN 'MISSING' WHEN l."transactions__event_time" > strftime(make_timestamp(CAST((r0.k - ((r0.k % 1000 + 1000) % 1000)) // 1000 AS BIGINT)), '%Y-%m-%dT%H:%M:%S.%f') || lpad(CAST(((r0.k % 1000 + 1000) % 1000) AS VARCHAR), 3, '0') || 'Z' THEN 'LATER' WHEN l."transactions__event_time" < strftime(make_timestamp(CAST((r0.k - ((r0.k % 1000 + 1000) % 1000)) // 1000 AS BIGINT)), '%Y-%m-%dT%H:%M:%S.%f') || lpad(CAST(((r0.k % 1000 + 1000) % 1000) AS VARCHAR), 3, '0') || 'Z' THEN 'EARLIER' ELSE 'VALUES' END AS "__fs_finding0",
  CASE WHEN l."cards__event_time" IS NOT DISTINCT FROM strftime(make_timestamp(CAST((r1.k - ((r1.k % 1000 + 1000) % 1000)) // 1000 AS BIGINT)), '%Y-%m-%dT%H:%M:%S.%f') || lpad(CAST(((r1.k % 1000 + 1000) % 1000) AS VARCHAR), 3, '0') || 'Z'
      AND (coalesce(r1.ties, 1) > 1 OR (l."card_average" IS NOT DISTINCT FROM coalesce(r1.f0, CAST('-1.0' AS DOUBLE)) AND l."card_blocked" IS NOT DISTINCT FROM r1.f1)) THEN NULL WHEN r1.id IS NULL THEN 'UNEXPECTED' WHEN l."cards__event_time" IS NULL THEN 'MISSING' WHEN l."cards__event_time" > strftime(make_timestamp(CAST((r1.k - ((r1.k % 1000 + 1000) % 1000)) // 1000 AS BIGINT)), '%Y-%m-%dT%H:%M:%S.%f') || lpad(CAST(((r1.k % 1000 + 1000) % 1000) AS VARCHAR), 3, '0') || 'Z' THEN 'LATER' WHEN l."cards__event_time" < strftime(make_timestamp(CAST((r1.k - ((r1.k % 1000 + 1000) % 1000)) // 1000 AS BIGINT)), '%Y-%m-%dT%H:%M:%S.%f') || lpad(CAST(((r1.k % 1000 + 1000) % 1000) AS VARCHAR), 3, '0') || 'Z' THEN 'EARLIER' ELSE 'VALUES' END AS "__fs_finding1"
FROM "__fs_produced" AS l
LEFT JOIN "__fs_right0" AS r0 ON r0.id = l."__fs_key0" AND r0.t = l."__fs_time" AND r0.n = 1
LEFT JOIN "__fs_right1" AS r1 ON r1.id = l."__fs_key1" AND r1.t = l."__fs_time" AND r1.n = 1
) AS f
WHERE "__fs_finding0" IS NOT NULL OR "__fs_finding1" IS NOT NULL
