SELECT * FROM (
WITH "__fs_spine" AS MATERIALIZED (
  SELECT * FROM (
    SELECT "txn", "card", "event_time", "label", row_number() OVER () AS "__fs_row", CASE WHEN "event_time" IS NULL THEN error('The spine''s label time is null') ELSE epoch_ns("event_time")::HUGEINT END AS "__fs_time",
      CASE WHEN typeof("txn") IN ('DOUBLE', 'FLOAT') OR typeof("txn") LIKE 'DECIMAL%' THEN error('The spine''s key "txn" is not a whole number or text') ELSE CAST("txn" AS VARCHAR) END AS "__fs_key0",
      CASE WHEN "card" IS NULL THEN NULL WHEN regexp_full_match(CAST("card" AS VARCHAR), '-?\d+(\.0+)?') THEN coalesce(TRY_CAST(CAST("card" AS VARCHAR) AS BIGINT), error('The spine''s key "card" is not a whole number')) ELSE error('The spine''s key "card" is not a whole number') END AS "__fs_key1"
    FROM "lake"."labels"
  ) AS l
),
"__fs_ids0" AS (
  SELECT "__fs_key0" AS "__fs_id", min("__fs_row")::UINTEGER AS "__fs_n", max("__fs_time") AS "__fs_last" FROM "__fs_spine" GROUP BY ALL
),
"__fs_keys0" AS (
  SELECT * FROM (SELECT "__fs_last", "__fs_n" AS n, CASE WHEN "event_ts" IS NULL THEN NULL WHEN regexp_full_match("event_ts", '\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z') THEN coalesce(epoch_us(TRY_CAST("event_ts" AS TIMESTAMP)), error('The event time of feature group ''transactions'' is not a UTC time such as 2025-01-31T23:59:59.123Z'))::HUGEINT * 1000 + CASE WHEN length("event_ts") > 27 THEN CAST(rpad(substr("event_ts", 27, length("event_ts") - 27), 3, '0') AS INTEGER) ELSE 0 END ELSE error('The event time of feature group ''transactions'' is not a UTC time such as 2025-01-31T23:59:59.123Z') END AS k, NOT coalesce(is_deleted, false) AS live,
    coalesce(epoch_us(api_invocation_time), -9223372036854775808) AS api, coalesce(epoch_us(write_time), -9223372036854775808) AS written,
    hash("__fs_file") AS file, file_row_number AS r
  FROM read_parquet('/data/transactions/**/*.parquet', union_by_name = true, hive_partitioning = false, filename = '__fs_file') JOIN "__fs_ids0" ON "__fs_id" = CAST("transaction_id" AS VARCHAR))
  WHERE k <= "__fs_last"
),
"__fs_seen0" AS (
  SELECT l."__fs_row", h.file, h.r, h.k
  FROM (SELECT * FROM "__fs_spine" JOIN "__fs_ids0" ON "__fs_id" = "__fs_key0") AS l ASOF JOIN "__fs_keys0" AS h ON l."__fs_n" % 8 = h.n % 8
    AND row(l."__fs_n", l."__fs_time", true, 9223372036854775807, 9223372036854775807) >= row(h.n, h.k, h.live, h.api, h.written)
  WHERE h.n = l."__fs_n" AND h.live
),
"__fs_values0" AS (
  SELECT h."__fs_row", w."amount" AS f0, w."count_60s" AS f1, h.k
  FROM "__fs_seen0" AS h JOIN read_parquet('/data/transactions/**/*.parquet', union_by_name = true, hive_partitioning = false, filename = '__fs_file') AS w ON hash(w."__fs_file") = h.file AND w.file_row_number = h.r
),
"__fs_ids1" AS (
  SELECT "__fs_key1" AS "__fs_id", min("__fs_row")::UINTEGER AS "__fs_n", max("__fs_time") AS "__fs_last" FROM "__fs_spine" GROUP BY ALL
),
"__fs_keys1" AS (
  SELECT * FROM (SELECT "__fs_last", "__fs_n" AS n, CASE WHEN "updated_at" IS NULL THEN NULL WHEN regexp_full_match("updated_at", '\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z') THEN coalesce(epoch_us(TRY_CAST("updated_at" AS TIMESTAMP)), error('The event time of feature group ''cards'' is not a UTC time such as 2025-01-31T23:59:59.123Z'))::HUGEINT * 1000 + CASE WHEN length("updated_at") > 27 THEN CAST(rpad(substr("updated_at", 27, length("updated_at") - 27), 3, '0') AS INTEGER) ELSE 0 END ELSE error('The event time of feature group ''cards'' is not a UTC time such as 2025-01-31T23:59:59.123Z') END AS k, NOT coalesce(is_deleted, false) AS live,
    coalesce(greatest(epoch_us(api_invocation_time)::HUGEINT * 1000, coalesce(CASE WHEN "arrived_at" IS NULL THEN NULL WHEN regexp_full_match("arrived_at", '\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z') THEN coalesce(epoch_us(TRY_CAST("arrived_at" AS TIMESTAMP)), error('The arrival time of feature group ''cards'' is not a UTC time such as 2025-01-31T23:59:59.123Z'))::HUGEINT * 1000 + CASE WHEN length("arrived_at") > 27 THEN CAST(rpad(substr("arrived_at", 27, length("arrived_at") - 27), 3, '0') AS INTEGER) ELSE 0 END ELSE error('The arrival time of feature group ''cards'' is not a UTC time such as 2025-01-31T23:59:59.123Z') END, epoch_us(api_invocation_time)::HUGEINT * 1000 + 0::HUGEINT)), -9223372036854775808) AS a,
    coalesce(epoch_us(api_invocation_time), -9223372036854775808) AS api, coalesce(epoch_us(write_time), -9223372036854775808) AS written,
    hash("__fs_file") AS file, file_row_number AS r
  FROM read_parquet('/data/cards/**/*.parquet', union_by_name = true, hive_partitioning = false, filename = '__fs_file') JOIN "__fs_ids1" ON "__fs_id" = CAST("card_id" AS BIGINT))
  WHERE k <= "__fs_last"
),
"__fs_seen1" AS (
  SELECT l."__fs_row", h.file, h.r, h.k, h.a
  FROM (SELECT * FROM "__fs_spine" JOIN "__fs_ids1" ON "__fs_id" = "__fs_key1") AS l ASOF JOIN "__fs_keys1" AS h ON l."__fs_n" % 8 = h.n % 8
    AND row(l."__fs_n", l."__fs_time", true, 170141183460469231731687303715884105727, 9223372036854775807, 9223372036854775807) >= row(h.n, h.k, h.live, h.a, h.api, h.written)
  WHERE h.n = l."__fs_n" AND h.live AND l."__fs_time" - h.k <= 2592000000000000::HUGEINT AND l."__fs_time" - h.k < 7776000000000000::HUGEINT
),
"__fs_values1" AS (
  SELECT h."__fs_row", w."average" AS f0, w."blocked" AS f1, h.k, h.a
  FROM "__fs_seen1" AS h JOIN read_parquet('/data/cards/**/*.parquet', union_by_name = true, hive_partitioning = false, filename = '__fs_file') AS w ON hash(w."__fs_file") = h.file AND w.file_row_number = h.r
),
"__fs_ids2" AS (
  SELECT "__fs_key0" AS "__fs_id", min("__fs_row")::UINTEGER AS "__fs_n", max("__fs_time") AS "__fs_last" FROM "__fs_spine" GROUP BY ALL
),
"__fs_keys2" AS (
  SELECT * FROM (SELECT "__fs_last", "__fs_n" AS n, CASE WHEN "event_ts" IS NULL THEN NULL WHEN regexp_full_match("event_ts", '\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z') THEN coalesce(epoch_us(TRY_CAST("event_ts" AS TIMESTAMP)), error('The event time of feature group ''transactions'' is not a UTC time such as 2025-01-31T23:59:59.123Z'))::HUGEINT * 1000 + CASE WHEN length("event_ts") > 27 THEN CAST(rpad(substr("event_ts", 27, length("event_ts") - 27), 3, '0') AS INTEGER) ELSE 0 END ELSE error('The event time of feature group ''transactions'' is not a UTC time such as 2025-01-31T23:59:59.123Z') END AS k, NOT coalesce(is_deleted, false) AS live,
    epoch_us(api_invocation_time)::HUGEINT * 1000 + 1000000000::HUGEINT AS a,
    coalesce(epoch_us(api_invocation_time), -9223372036854775808) AS api, coalesce(epoch_us(write_time), -9223372036854775808) AS written,
    hash("__fs_file") AS file, file_row_number AS r
  FROM read_parquet('/data/transactions/**/*.parquet', union_by_name = true, hive_partitioning = false, filename = '__fs_file') JOIN "__fs_ids2" ON "__fs_id" = CAST("transaction_id" AS VARCHAR))
  WHERE a <= "__fs_last"
),
"__fs_applied2" AS (
  SELECT * FROM "__fs_keys2"
  QUALIFY k * 2 + live::INTEGER >= max(k * 2 + live::INTEGER) OVER (PARTITION BY n ORDER BY a)
),
"__fs_seen2" AS (
  SELECT l."__fs_row", h.file, h.r, h.k, h.a
  FROM (SELECT * FROM "__fs_spine" JOIN "__fs_ids2" ON "__fs_id" = "__fs_key0") AS l ASOF JOIN "__fs_applied2" AS h ON l."__fs_n" % 8 = h.n % 8
    AND row(l."__fs_n", l."__fs_time", 170141183460469231731687303715884105727, true, 9223372036854775807) >= row(h.n, h.a, h.k, h.live, h.written)
  WHERE h.n = l."__fs_n" AND h.live
),
"__fs_values2" AS (
  SELECT h."__fs_row", w."amount" AS f0, w."count_60s" AS f1, h.k, h.a
  FROM "__fs_seen2" AS h JOIN read_parquet('/data/transactions/**/*.parquet', union_by_name = true, hive_partitioning = false, filename = '__fs_file') AS w ON hash(w."__fs_file") = h.file AND w.file_row_number = h.r
),
"__fs_ids3" AS (
  SELECT "__fs_key1" AS "__fs_id", min("__fs_row")::UINTEGER AS "__fs_n", max("__fs_time") AS "__fs_last" FROM "__fs_spine" GROUP BY ALL
),
"__fs_keys3" AS (
  SELECT * FROM (SELECT "__fs_last", "__fs_n" AS n, CASE WHEN "updated_at" IS NULL THEN NULL WHEN regexp_full_match("updated_at", '\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z') THEN coalesce(epoch_us(TRY_CAST("updated_at" AS TIMESTAMP)), error('The event time of feature group ''cards'' is not a UTC time such as 2025-01-31T23:59:59.123Z'))::HUGEINT * 1000 + CASE WHEN length("updated_at") > 27 THEN CAST(rpad(substr("updated_at", 27, length("updated_at") - 27), 3, '0') AS INTEGER) ELSE 0 END ELSE error('The event time of feature group ''cards'' is not a UTC time such as 2025-01-31T23:59:59.123Z') END AS k, NOT coalesce(is_deleted, false) AS live,
    greatest(epoch_us(api_invocation_time)::HUGEINT * 1000, coalesce(CASE WHEN "arrived_at" IS NULL THEN NULL WHEN regexp_full_match("arrived_at", '\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z') THEN coalesce(epoch_us(TRY_CAST("arrived_at" AS TIMESTAMP)), error('The arrival time of feature group ''cards'' is not a UTC time such as 2025-01-31T23:59:59.123Z'))::HUGEINT * 1000 + CASE WHEN length("arrived_at") > 27 THEN CAST(rpad(substr("arrived_at", 27, length("arrived_at") - 27), 3, '0') AS INTEGER) ELSE 0 END ELSE error('The arrival time of feature group ''cards'' is not a UTC time such as 2025-01-31T23:59:59.123Z') END, epoch_us(api_invocation_time)::HUGEINT * 1000 + 1000000000::HUGEINT)) AS a,
    coalesce(epoch_us(api_invocation_time), -9223372036854775808) AS api, coalesce(epoch_us(write_time), -9223372036854775808) AS written,
    hash("__fs_file") AS file, file_row_number AS r
  FROM read_parquet('/data/cards/**/*.parquet', union_by_name = true, hive_partitioning = false, filename = '__fs_file') JOIN "__fs_ids3" ON "__fs_id" = CAST("card_id" AS BIGINT)
  WHERE coalesce("origin", 'live') = 'live')
  WHERE a <= "__fs_last"
),
"__fs_applied3" AS (
  SELECT * FROM "__fs_keys3"
  QUALIFY k * 2 + live::INTEGER >= max(k * 2 + live::INTEGER) OVER (PARTITION BY n ORDER BY a)
),
"__fs_seen3" AS (
  SELECT l."__fs_row", h.file, h.r, h.k, h.a
  FROM (SELECT * FROM "__fs_spine" JOIN "__fs_ids3" ON "__fs_id" = "__fs_key1") AS l ASOF JOIN "__fs_applied3" AS h ON l."__fs_n" % 8 = h.n % 8
    AND row(l."__fs_n", l."__fs_time", 170141183460469231731687303715884105727, true, 9223372036854775807, 9223372036854775807) >= row(h.n, h.a, h.k, h.live, h.api, h.written)
  WHERE h.n = l."__fs_n" AND h.live AND l."__fs_time" - h.k <= 2592000000000000::HUGEINT AND l."__fs_time" - h.k < 7776000000000000::HUGEINT
),
"__fs_values3" AS (
  SELECT h."__fs_row", w."average" AS f0, w."blocked" AS f1, h.k, h.a
  FROM "__fs_seen3" AS h JOIN read_parquet('/data/cards/**/*.parquet', union_by_name = true, hive_partitioning = false, filename = '__fs_file') AS w ON hash(w."__fs_file") = h.file AND w.file_row_number = h.r
)
SELECT l."txn",
  l."card",
  l."event_time",
  l."label",
  CASE WHEN v0.k IS DISTINCT FROM v2.k OR v0.f0 IS DISTINCT FROM v2.f0 OR coalesce(v0.f1, CAST('0' AS BIGINT)) IS DISTINCT FROM coalesce(v2.f1, CAST('0' AS BIGINT)) THEN CASE WHEN v0.f0 IS DISTINCT FROM v2.f0 THEN '0,' ELSE '' END || CASE WHEN coalesce(v0.f1, CAST('0' AS BIGINT)) IS DISTINCT FROM coalesce(v2.f1, CAST('0' AS BIGINT)) THEN '1,' ELSE '' END END AS "__fs_finding0",
  CASE WHEN v1.k IS DISTINCT FROM v3.k OR coalesce(v1.f0, CAST('-1.0' AS DOUBLE)) IS DISTINCT FROM coalesce(v3.f0, CAST('-1.0' AS DOUBLE)) OR v1.f1 IS DISTINCT FROM v3.f1 THEN CASE WHEN coalesce(v1.f0, CAST('-1.0' AS DOUBLE)) IS DISTINCT FROM coalesce(v3.f0, CAST('-1.0' AS DOUBLE)) THEN '0,' ELSE '' END || CASE WHEN v1.f1 IS DISTINCT FROM v3.f1 THEN '1,' ELSE '' END END AS "__fs_finding1"
FROM "__fs_spine" AS l
LEFT JOIN "__fs_values0" AS v0 ON v0."__fs_row" = l."__fs_row"
LEFT JOIN "__fs_values1" AS v1 ON v1."__fs_row" = l."__fs_row"
LEFT JOIN "__fs_values2" AS v2 ON v2."__fs_row" = l."__fs_row"
LEFT JOIN "__fs_values3" AS v3 ON v3."__fs_row" = l."__fs_row"
) AS f
WHERE "__fs_finding0" IS NOT NULL OR "__fs_finding1" IS NOT NULL
