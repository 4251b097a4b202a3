SELECT * FROM (
WITH "__fs_labels0" AS (
  SELECT * FROM (
    SELECT "txn", "card", "event_time", "label", CASE WHEN "event_time" IS NULL THEN CAST(CAST('The spine''s label time is null' AS BIGINT) AS VARCHAR) ELSE to_iso8601(CAST("event_time" AS TIMESTAMP(9) WITH TIME ZONE) AT TIME ZONE 'UTC') END AS "__fs_time",
      CASE WHEN "txn" IS NULL THEN NULL WHEN typeof("txn") IN ('double', 'real') OR typeof("txn") LIKE 'decimal%' THEN CAST(CAST('The spine''s key "txn" is not a whole number or text' AS BIGINT) AS VARCHAR) ELSE CAST("txn" AS VARCHAR) END AS "__fs_key0",
      CASE WHEN "card" IS NULL THEN NULL WHEN typeof("card") IN ('double', 'real') THEN CASE WHEN CAST("card" AS DOUBLE) = floor(CAST("card" AS DOUBLE)) THEN coalesce(TRY_CAST(CAST("card" AS DOUBLE) AS BIGINT), CAST('The spine''s key "card" is not a whole number' AS BIGINT)) ELSE CAST('The spine''s key "card" is not a whole number' AS BIGINT) END WHEN regexp_like(CAST("card" AS VARCHAR), '^-?[0-9]+(\.0+)?$') THEN coalesce(TRY_CAST(split_part(CAST("card" AS VARCHAR), '.', 1) AS BIGINT), CAST('The spine''s key "card" is not a whole number' AS BIGINT)) ELSE CAST('The spine''s key "card" is not a whole number' AS BIGINT) END AS "__fs_key1"
    FROM "lake"."labels"
  ) AS l
),
"__fs_history0" AS (
  SELECT CAST("transaction_id" AS VARCHAR) AS id,
    CASE WHEN "event_ts" IS NULL THEN NULL WHEN length("event_ts") >= 20 AND length("event_ts") <> 21 AND translate("event_ts", '123456789', '000000000') = substr('0000-00-00T00:00:00.000000000', 1, length("event_ts") - 1) || 'Z' AND substr("event_ts", 6, 2) BETWEEN '01' AND '12' AND substr("event_ts", 9, 2) BETWEEN '01' AND '31' AND substr("event_ts", 12, 2) <= '23' AND substr("event_ts", 15, 2) <= '59' AND substr("event_ts", 18, 2) <= '59' THEN substr("event_ts", 1, 19) || '.' || rpad(replace(substr("event_ts", 21), 'Z', ''), 9, '0') || 'Z' ELSE CAST(CAST('The event time of feature group ''transactions'' is not a UTC time such as 2025-01-31T23:59:59.123Z' AS BIGINT) AS VARCHAR) END AS k,
    NOT coalesce(is_deleted, false) AS live,
    api_invocation_time AS api,
    write_time AS written,
    "amount" AS f0,
    "count_60s" AS f1
  FROM "offline"."transactions"
),
"__fs_versions0" AS (
  SELECT *, k AS since, lead(k, 1, '~') OVER (PARTITION BY id ORDER BY k, live, api NULLS FIRST, written NULLS FIRST) AS until
  FROM "__fs_history0"
),
"__fs_labels1" AS (
  SELECT l.*, h.f0 AS "__fs_feature0_0", h.f1 AS "__fs_feature0_1", h.k AS "__fs_event0"
  FROM "__fs_versions0" AS h RIGHT JOIN "__fs_labels0" AS l ON h.id = l."__fs_key0"
    AND l."__fs_time" >= h.since AND l."__fs_time" < h.until AND h.live
),
"__fs_history1" AS (
  SELECT CAST("card_id" AS BIGINT) AS id,
    CASE WHEN "updated_at" IS NULL THEN NULL WHEN length("updated_at") >= 20 AND length("updated_at") <> 21 AND translate("updated_at", '123456789', '000000000') = substr('0000-00-00T00:00:00.000000000', 1, length("updated_at") - 1) || 'Z' AND substr("updated_at", 6, 2) BETWEEN '01' AND '12' AND substr("updated_at", 9, 2) BETWEEN '01' AND '31' AND substr("updated_at", 12, 2) <= '23' AND substr("updated_at", 15, 2) <= '59' AND substr("updated_at", 18, 2) <= '59' THEN substr("updated_at", 1, 19) || '.' || rpad(replace(substr("updated_at", 21), 'Z', ''), 9, '0') || 'Z' ELSE CAST(CAST('The event time of feature group ''cards'' is not a UTC time such as 2025-01-31T23:59:59.123Z' AS BIGINT) AS VARCHAR) END AS k,
    NOT coalesce(is_deleted, false) AS live,
    greatest(coalesce(to_iso8601(from_unixtime_nanos((CAST(floor(to_unixtime(api_invocation_time)) AS DECIMAL(38, 0)) * 1000000 + CAST(round((to_unixtime(api_invocation_time) - floor(to_unixtime(api_invocation_time))) * 1e6) AS BIGINT)) * 1000 + 0)), ''), coalesce(CASE WHEN "arrived_at" IS NULL THEN NULL WHEN length("arrived_at") >= 20 AND length("arrived_at") <> 21 AND translate("arrived_at", '123456789', '000000000') = substr('0000-00-00T00:00:00.000000000', 1, length("arrived_at") - 1) || 'Z' AND substr("arrived_at", 6, 2) BETWEEN '01' AND '12' AND substr("arrived_at", 9, 2) BETWEEN '01' AND '31' AND substr("arrived_at", 12, 2) <= '23' AND substr("arrived_at", 15, 2) <= '59' AND substr("arrived_at", 18, 2) <= '59' THEN substr("arrived_at", 1, 19) || '.' || rpad(replace(substr("arrived_at", 21), 'Z', ''), 9, '0') || 'Z' ELSE CAST(CAST('The arrival time of feature group ''cards'' is not a UTC time such as 2025-01-31T23:59:59.123Z' AS BIGINT) AS VARCHAR) END, to_iso8601(from_unixtime_nanos((CAST(floor(to_unixtime(api_invocation_time)) AS DECIMAL(38, 0)) * 1000000 + CAST(round((to_unixtime(api_invocation_time) - floor(to_unixtime(api_invocation_time))) * 1e6) AS BIGINT)) * 1000 + 0)))) AS a,
    api_invocation_time AS api,
    write_time AS written,
    "average" AS f0,
    "blocked" AS f1
  FROM "offline"."cards"
),
"__fs_versions1" AS (
  SELECT *, k AS since, lead(k, 1, '~') OVER (PARTITION BY id ORDER BY k, live, a NULLS FIRST, api NULLS FIRST, written NULLS FIRST) AS until
  FROM "__fs_history1"
),
"__fs_labels2" AS (
  SELECT l.*, h.f0 AS "__fs_feature1_0", h.f1 AS "__fs_feature1_1", h.k AS "__fs_event1", h.a AS "__fs_arrival1"
  FROM "__fs_versions1" AS h RIGHT JOIN "__fs_labels1" AS l ON h.id = l."__fs_key1"
    AND l."__fs_time" >= h.since AND l."__fs_time" < h.until AND h.live AND CAST(date_diff('second', CAST(replace(substr(h.k, 1, 19), 'T', ' ') AS TIMESTAMP(0)), CAST(replace(substr(l."__fs_time", 1, 19), 'T', ' ') AS TIMESTAMP(0))) AS DECIMAL(38, 0)) * 1000000000 + CAST(substr(l."__fs_time", 21, 9) AS BIGINT) - CAST(substr(h.k, 21, 9) AS BIGINT) <= CAST('2592000000000000' AS DECIMAL(38, 0)) AND CAST(date_diff('second', CAST(replace(substr(h.k, 1, 19), 'T', ' ') AS TIMESTAMP(0)), CAST(replace(substr(l."__fs_time", 1, 19), 'T', ' ') AS TIMESTAMP(0))) AS DECIMAL(38, 0)) * 1000000000 + CAST(substr(l."__fs_time", 21, 9) AS BIGINT) - CAST(substr(h.k, 21, 9) AS BIGINT) < CAST('7776000000000000' AS DECIMAL(38, 0))
),
"__fs_history2" AS (
  SELECT CAST("transaction_id" AS VARCHAR) AS id,
    CASE WHEN "event_ts" IS NULL THEN NULL WHEN length("event_ts") >= 20 AND length("event_ts") <> 21 AND translate("event_ts", '123456789', '000000000') = substr('0000-00-00T00:00:00.000000000', 1, length("event_ts") - 1) || 'Z' AND substr("event_ts", 6, 2) BETWEEN '01' AND '12' AND substr("event_ts", 9, 2) BETWEEN '01' AND '31' AND substr("event_ts", 12, 2) <= '23' AND substr("event_ts", 15, 2) <= '59' AND substr("event_ts", 18, 2) <= '59' THEN substr("event_ts", 1, 19) || '.' || rpad(replace(substr("event_ts", 21), 'Z', ''), 9, '0') || 'Z' ELSE CAST(CAST('The event time of feature group ''transactions'' is not a UTC time such as 2025-01-31T23:59:59.123Z' AS BIGINT) AS VARCHAR) END AS k,
    NOT coalesce(is_deleted, false) AS live,
    to_iso8601(from_unixtime_nanos((CAST(floor(to_unixtime(api_invocation_time)) AS DECIMAL(38, 0)) * 1000000 + CAST(round((to_unixtime(api_invocation_time) - floor(to_unixtime(api_invocation_time))) * 1e6) AS BIGINT)) * 1000 + 1000000000)) AS a,
    api_invocation_time AS api,
    write_time AS written,
    "amount" AS f0,
    "count_60s" AS f1
  FROM "offline"."transactions"
),
"__fs_arrived2" AS (
  SELECT *, max(k || CAST(live AS VARCHAR)) OVER (PARTITION BY id ORDER BY a) AS greatest
  FROM "__fs_history2"
  WHERE a IS NOT NULL
),
"__fs_versions2" AS (
  SELECT *, a AS since, lead(a, 1, '~') OVER (PARTITION BY id ORDER BY a, api NULLS FIRST, written NULLS FIRST) AS until
  FROM "__fs_arrived2"
  WHERE k || CAST(live AS VARCHAR) >= greatest
),
"__fs_labels3" AS (
  SELECT l.*, h.f0 AS "__fs_feature2_0", h.f1 AS "__fs_feature2_1", h.k AS "__fs_event2", h.a AS "__fs_arrival2"
  FROM "__fs_versions2" AS h RIGHT JOIN "__fs_labels2" AS l ON h.id = l."__fs_key0"
    AND l."__fs_time" >= h.since AND l."__fs_time" < h.until AND h.live
),
"__fs_history3" AS (
  SELECT CAST("card_id" AS BIGINT) AS id,
    CASE WHEN "updated_at" IS NULL THEN NULL WHEN length("updated_at") >= 20 AND length("updated_at") <> 21 AND translate("updated_at", '123456789', '000000000') = substr('0000-00-00T00:00:00.000000000', 1, length("updated_at") - 1) || 'Z' AND substr("updated_at", 6, 2) BETWEEN '01' AND '12' AND substr("updated_at", 9, 2) BETWEEN '01' AND '31' AND substr("updated_at", 12, 2) <= '23' AND substr("updated_at", 15, 2) <= '59' AND substr("updated_at", 18, 2) <= '59' THEN substr("updated_at", 1, 19) || '.' || rpad(replace(substr("updated_at", 21), 'Z', ''), 9, '0') || 'Z' ELSE CAST(CAST('The event time of feature group ''cards'' is not a UTC time such as 2025-01-31T23:59:59.123Z' AS BIGINT) AS VARCHAR) END AS k,
    NOT coalesce(is_deleted, false) AS live,
    greatest(coalesce(to_iso8601(from_unixtime_nanos((CAST(floor(to_unixtime(api_invocation_time)) AS DECIMAL(38, 0)) * 1000000 + CAST(round((to_unixtime(api_invocation_time) - floor(to_unixtime(api_invocation_time))) * 1e6) AS BIGINT)) * 1000 + 0)), ''), coalesce(CASE WHEN "arrived_at" IS NULL THEN NULL WHEN length("arrived_at") >= 20 AND length("arrived_at") <> 21 AND translate("arrived_at", '123456789', '000000000') = substr('0000-00-00T00:00:00.000000000', 1, length("arrived_at") - 1) || 'Z' AND substr("arrived_at", 6, 2) BETWEEN '01' AND '12' AND substr("arrived_at", 9, 2) BETWEEN '01' AND '31' AND substr("arrived_at", 12, 2) <= '23' AND substr("arrived_at", 15, 2) <= '59' AND substr("arrived_at", 18, 2) <= '59' THEN substr("arrived_at", 1, 19) || '.' || rpad(replace(substr("arrived_at", 21), 'Z', ''), 9, '0') || 'Z' ELSE CAST(CAST('The arrival time of feature group ''cards'' is not a UTC time such as 2025-01-31T23:59:59.123Z' AS BIGINT) AS VARCHAR) END, to_iso8601(from_unixtime_nanos((CAST(floor(to_unixtime(api_invocation_time)) AS DECIMAL(38, 0)) * 1000000 + CAST(round((to_unixtime(api_invocation_time) - floor(to_unixtime(api_invocation_time))) * 1e6) AS BIGINT)) * 1000 + 1000000000)))) AS a,
    api_invocation_time AS api,
    write_time AS written,
    "average" AS f0,
    "blocked" AS f1
  FROM "offline"."cards"
  WHERE coalesce("origin", 'live') = 'live'
),
"__fs_arrived3" AS (
  SELECT *, max(k || CAST(live AS VARCHAR)) OVER (PARTITION BY id ORDER BY a) AS greatest
  FROM "__fs_history3"
  WHERE a IS NOT NULL
),
"__fs_versions3" AS (
  SELECT *, a AS since, lead(a, 1, '~') OVER (PARTITION BY id ORDER BY a, api NULLS FIRST, written NULLS FIRST) AS until
  FROM "__fs_arrived3"
  WHERE k || CAST(live AS VARCHAR) >= greatest
),
"__fs_labels4" AS (
  SELECT l.*, h.f0 AS "__fs_feature3_0", h.f1 AS "__fs_feature3_1", h.k AS "__fs_event3", h.a AS "__fs_arrival3"
  FROM "__fs_versions3" AS h RIGHT JOIN "__fs_labels3" AS l ON h.id = l."__fs_key1"
    AND l."__fs_time" >= h.since AND l."__fs_time" < h.until AND h.live AND CAST(date_diff('second', CAST(replace(substr(h.k, 1, 19), 'T', ' ') AS TIMESTAMP(0)), CAST(replace(substr(l."__fs_time", 1, 19), 'T', ' ') AS TIMESTAMP(0))) AS DECIMAL(38, 0)) * 1000000000 + CAST(substr(l."__fs_time", 21, 9) AS BIGINT) - CAST(substr(h.k, 21, 9) AS BIGINT) <= CAST('2592000000000000' AS DECIMAL(38, 0)) AND CAST(date_diff('second', CAST(replace(substr(h.k, 1, 19), 'T', ' ') AS TIMESTAMP(0)), CAST(replace(substr(l."__fs_time", 1, 19), 'T', ' ') AS TIMESTAMP(0))) AS DECIMAL(38, 0)) * 1000000000 + CAST(substr(l."__fs_time", 21, 9) AS BIGINT) - CAST(substr(h.k, 21, 9) AS BIGINT) < CAST('7776000000000000' AS DECIMAL(38, 0))
)
SELECT l."txn",
  l."card",
  l."event_time",
  l."label",
  CASE WHEN l."__fs_event0" IS DISTINCT FROM l."__fs_event2" OR l."__fs_feature0_0" IS DISTINCT FROM l."__fs_feature2_0" OR coalesce(l."__fs_feature0_1", CAST('0' AS BIGINT)) IS DISTINCT FROM coalesce(l."__fs_feature2_1", CAST('0' AS BIGINT)) THEN CASE WHEN l."__fs_feature0_0" IS DISTINCT FROM l."__fs_feature2_0" THEN '0,' ELSE '' END || CASE WHEN coalesce(l."__fs_feature0_1", CAST('0' AS BIGINT)) IS DISTINCT FROM coalesce(l."__fs_feature2_1", CAST('0' AS BIGINT)) THEN '1,' ELSE '' END END AS "__fs_finding0",
  CASE WHEN l."__fs_event1" IS DISTINCT FROM l."__fs_event3" OR coalesce(l."__fs_feature1_0", CAST('-1.0' AS DOUBLE)) IS DISTINCT FROM coalesce(l."__fs_feature3_0", CAST('-1.0' AS DOUBLE)) OR l."__fs_feature1_1" IS DISTINCT FROM l."__fs_feature3_1" THEN CASE WHEN coalesce(l."__fs_feature1_0", CAST('-1.0' AS DOUBLE)) IS DISTINCT FROM coalesce(l."__fs_feature3_0", CAST('-1.0' AS DOUBLE)) THEN '0,' ELSE '' END || CASE WHEN l."__fs_feature1_1" IS DISTINCT FROM l."__fs_feature3_1" THEN '1,' ELSE '' END END AS "__fs_finding1"
FROM "__fs_labels4" AS l
) AS f
WHERE "__fs_finding0" IS NOT NULL OR "__fs_finding1" IS NOT NULL
