WITH "__fs_labels0" AS (
  SELECT * FROM (
    SELECT "txn", "card", "event_time", "label", CASE WHEN "event_time" IS NULL THEN CAST(CAST('The spine''s label time is null' AS BIGINT) AS VARCHAR) ELSE to_iso8601(CAST("event_time" AS TIMESTAMP(9) WITH TIME ZONE) AT TIME ZONE 'UTC') END AS "__fs_time",
      CASE WHEN "txn" IS NULL THEN NULL WHEN typeof("txn") IN ('double', 'real') OR typeof("txn") LIKE 'decimal%' THEN CAST(CAST('The spine''s key "txn" is not a whole number or text' AS BIGINT) AS VARCHAR) ELSE CAST("txn" AS VARCHAR) END AS "__fs_key0",
      CASE WHEN "card" IS NULL THEN NULL WHEN typeof("card") IN ('double', 'real') THEN CASE WHEN CAST("card" AS DOUBLE) = floor(CAST("card" AS DOUBLE)) THEN coalesce(TRY_CAST(CAST("card" AS DOUBLE) AS BIGINT), CAST('The spine''s key "card" is not a whole number' AS BIGINT)) ELSE CAST('The spine''s key "card" is not a whole number' AS BIGINT) END WHEN regexp_like(CAST("card" AS VARCHAR), '^-?[0-9]+(\.0+)?$') THEN coalesce(TRY_CAST(split_part(CAST("card" AS VARCHAR), '.', 1) AS BIGINT), CAST('The spine''s key "card" is not a whole number' AS BIGINT)) ELSE CAST('The spine''s key "card" is not a whole number' AS BIGINT) END AS "__fs_key1"
    FROM "lake"."labels"
  ) AS l
),
"__fs_gaps0" AS (
  SELECT *, lag("__fs_until", 1, TIMESTAMP '0001-01-01 00:00:00') OVER (PARTITION BY "__fs_key0", "__fs_apart" ORDER BY "__fs_until") AS "__fs_after", row_number() OVER (PARTITION BY "__fs_key0", "__fs_apart" ORDER BY "__fs_until") AS "__fs_place"
  FROM (
    SELECT l.*, coalesce(TRY_CAST(replace(substr(l."__fs_time", 1, 26), 'T', ' ') AS TIMESTAMP(6)), CAST(CAST(CAST('The spine''s label time is not a UTC time such as 2025-01-31T23:59:59.123Z' AS BIGINT) AS VARCHAR) AS TIMESTAMP(6))) AS "__fs_until", CASE WHEN "__fs_key0" IS NULL THEN "__fs_time" END AS "__fs_apart"
    FROM "__fs_labels0" AS l CROSS JOIN UNNEST(ARRAY[0]) AS u("__fs_once")
  )
),
"__fs_history0" AS (
  SELECT CAST("transaction_id" AS VARCHAR) AS id,
    "event_ts" AS k,
    NOT coalesce(is_deleted, false) AS live,
    CAST(CAST(api_invocation_time AS TIMESTAMP(6) WITH TIME ZONE) AT TIME ZONE 'UTC' AS TIMESTAMP(6)) + INTERVAL '1.000' SECOND AS a,
    api_invocation_time AS api,
    write_time AS written,
    "amount" AS f0,
    "count_60s" AS f1
  FROM "offline"."transactions"
),
"__fs_met0" AS (
  SELECT *, row_number() OVER (PARTITION BY "__fs_key0", "__fs_apart", "__fs_place" ORDER BY "__fs_k" DESC NULLS LAST, "__fs_live" DESC, "__fs_api" DESC NULLS LAST, "__fs_written" DESC NULLS LAST) AS "__fs_rank"
  FROM (
    SELECT l.*, CASE WHEN h.k IS NULL THEN NULL WHEN regexp_like(h.k, '^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,9})?Z\z') THEN trim(TRAILING '.0Z' FROM h.k) ELSE CAST(CAST('The event time of feature group ''transactions'' is not a UTC time such as 2025-01-31T23:59:59.123Z' AS BIGINT) AS VARCHAR) END AS "__fs_k", h.live AS "__fs_live", h.a AS "__fs_a", h.a AS "__fs_api", h.written AS "__fs_written", h.f0 AS "__fs_f0", h.f1 AS "__fs_f1"
    FROM "__fs_gaps0" AS l LEFT JOIN "__fs_history0" AS h ON h.id = l."__fs_key0"
      AND h.a > l."__fs_after" AND h.a <= l."__fs_until"
  )
),
"__fs_labels1" AS (
  SELECT "txn", "card", "event_time", "label",
    "__fs_time",
    "__fs_key0",
    "__fs_key1",
    nth_value("__fs_f0", "__fs_from") OVER (PARTITION BY "__fs_key0", "__fs_apart" ORDER BY "__fs_place") AS "__fs_row0_f0",
    nth_value("__fs_f1", "__fs_from") OVER (PARTITION BY "__fs_key0", "__fs_apart" ORDER BY "__fs_place") AS "__fs_row0_f1"
  FROM (
    SELECT *, CASE WHEN "__fs_latest" IS NOT NULL THEN "__fs_latest" END AS "__fs_from"
    FROM (
      SELECT *, max_by(CASE WHEN "__fs_live" THEN "__fs_place" END, "__fs_order") OVER (PARTITION BY "__fs_key0", "__fs_apart" ORDER BY "__fs_place") AS "__fs_latest",
        max_by("__fs_k", "__fs_order") OVER (PARTITION BY "__fs_key0", "__fs_apart" ORDER BY "__fs_place") AS "__fs_latest_k"
      FROM (
        SELECT *, "__fs_k" || ' ' || CAST("__fs_live" AS VARCHAR) || lpad(CAST("__fs_place" AS VARCHAR), 19, '0') AS "__fs_order"
        FROM "__fs_met0"
        WHERE "__fs_rank" = 1
      )
    ) AS l
  )
),
"__fs_gaps1" AS (
  SELECT *, lag("__fs_until", 1, '') OVER (PARTITION BY "__fs_key1", "__fs_apart" ORDER BY "__fs_until") AS "__fs_after", row_number() OVER (PARTITION BY "__fs_key1", "__fs_apart" ORDER BY "__fs_until") AS "__fs_place"
  FROM (
    SELECT l.*, l."__fs_time" AS "__fs_until", CASE WHEN "__fs_key1" IS NULL THEN "__fs_time" END AS "__fs_apart"
    FROM "__fs_labels1" AS l CROSS JOIN UNNEST(ARRAY[0]) AS u("__fs_once")
  )
),
"__fs_history1" AS (
  SELECT CAST("card_id" AS BIGINT) AS id,
    "updated_at" AS k,
    NOT coalesce(is_deleted, false) AS live,
    greatest(coalesce(to_iso8601(CAST(api_invocation_time AS TIMESTAMP(9) WITH TIME ZONE) AT TIME ZONE 'UTC' + INTERVAL '0.000' SECOND), ''), coalesce(CASE WHEN "arrived_at" IS NULL THEN NULL WHEN regexp_like("arrived_at", '^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,9})?Z\z') THEN substr("arrived_at", 1, 19) || '.' || rpad(replace(substr("arrived_at", 21), 'Z', ''), 9, '0') || 'Z' ELSE CAST(CAST('The arrival time of feature group ''cards'' is not a UTC time such as 2025-01-31T23:59:59.123Z' AS BIGINT) AS VARCHAR) END, to_iso8601(CAST(api_invocation_time AS TIMESTAMP(9) WITH TIME ZONE) AT TIME ZONE 'UTC' + INTERVAL '1.000' SECOND))) AS a,
    api_invocation_time AS api,
    write_time AS written,
    "average" AS f0,
    "blocked" AS f1
  FROM "offline"."cards"
  WHERE coalesce("origin", 'live') = 'live'
),
"__fs_met1" AS (
  SELECT *, row_number() OVER (PARTITION BY "__fs_key1", "__fs_apart", "__fs_place" ORDER BY "__fs_k" DESC NULLS LAST, "__fs_live" DESC, "__fs_a" DESC NULLS LAST, "__fs_api" DESC NULLS LAST, "__fs_written" DESC NULLS LAST) AS "__fs_rank"
  FROM (
    SELECT l.*, CASE WHEN h.k IS NULL THEN NULL WHEN regexp_like(h.k, '^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,9})?Z\z') THEN trim(TRAILING '.0Z' FROM h.k) ELSE CAST(CAST('The event time of feature group ''cards'' is not a UTC time such as 2025-01-31T23:59:59.123Z' AS BIGINT) AS VARCHAR) END AS "__fs_k", h.live AS "__fs_live", h.a AS "__fs_a", h.api AS "__fs_api", h.written AS "__fs_written", h.f0 AS "__fs_f0", h.f1 AS "__fs_f1"
    FROM "__fs_gaps1" AS l LEFT JOIN "__fs_history1" AS h ON h.id = l."__fs_key1"
      AND h.a > l."__fs_after" AND h.a <= l."__fs_until"
  )
),
"__fs_labels2" AS (
  SELECT "txn", "card", "event_time", "label",
    "__fs_time",
    "__fs_key0",
    "__fs_key1",
    "__fs_row0_f0",
    "__fs_row0_f1",
    nth_value("__fs_f0", "__fs_from") OVER (PARTITION BY "__fs_key1", "__fs_apart" ORDER BY "__fs_place") AS "__fs_row1_f0",
    nth_value("__fs_f1", "__fs_from") OVER (PARTITION BY "__fs_key1", "__fs_apart" ORDER BY "__fs_place") AS "__fs_row1_f1"
  FROM (
    SELECT *, CASE WHEN "__fs_latest" IS NOT NULL AND CAST(date_diff('second', CAST(replace(substr(rpad("__fs_latest_k", 19, '0') || '.' || rpad(substr("__fs_latest_k", 21), 9, '0') || 'Z', 1, 19), 'T', ' ') AS TIMESTAMP(0)), CAST(replace(substr(l."__fs_time", 1, 19), 'T', ' ') AS TIMESTAMP(0))) AS DECIMAL(38, 0)) * 1000000000 + CAST(substr(l."__fs_time", 21, 9) AS BIGINT) - CAST(substr(rpad("__fs_latest_k", 19, '0') || '.' || rpad(substr("__fs_latest_k", 21), 9, '0') || 'Z', 21, 9) AS BIGINT) <= CAST('2592000000000000' AS DECIMAL(38, 0)) AND CAST(date_diff('second', CAST(replace(substr(rpad("__fs_latest_k", 19, '0') || '.' || rpad(substr("__fs_latest_k", 21), 9, '0') || 'Z', 1, 19), 'T', ' ') AS TIMESTAMP(0)), CAST(replace(substr(l."__fs_time", 1, 19), 'T', ' ') AS TIMESTAMP(0))) AS DECIMAL(38, 0)) * 1000000000 + CAST(substr(l."__fs_time", 21, 9) AS BIGINT) - CAST(substr(rpad("__fs_latest_k", 19, '0') || '.' || rpad(substr("__fs_latest_k", 21), 9, '0') || 'Z', 21, 9) AS BIGINT) < CAST('7776000000000000' AS DECIMAL(38, 0)) THEN "__fs_latest" END AS "__fs_from"
    FROM (
      SELECT *, max_by(CASE WHEN "__fs_live" THEN "__fs_place" END, "__fs_order") OVER (PARTITION BY "__fs_key1", "__fs_apart" ORDER BY "__fs_place") AS "__fs_latest",
        max_by("__fs_k", "__fs_order") OVER (PARTITION BY "__fs_key1", "__fs_apart" ORDER BY "__fs_place") AS "__fs_latest_k"
      FROM (
        SELECT *, "__fs_k" || ' ' || CAST("__fs_live" AS VARCHAR) || lpad(CAST("__fs_place" AS VARCHAR), 19, '0') AS "__fs_order"
        FROM "__fs_met1"
        WHERE "__fs_rank" = 1
      )
    ) AS l
  )
)
SELECT l."txn",
  l."card",
  l."event_time",
  l."label",
  l."__fs_row0_f0" AS "amount",
  coalesce(l."__fs_row0_f1", CAST('0' AS BIGINT)) AS "count_60s",
  coalesce(l."__fs_row1_f0", CAST('-1.0' AS DOUBLE)) AS "card_average",
  l."__fs_row1_f1" AS "card_blocked"
FROM "__fs_labels2" AS l
