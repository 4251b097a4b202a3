SELECT * FROM (
WITH "__fs_produced" AS (
  SELECT * FROM (
    SELECT "txn", "card", "event_time", "label", "amount", "count_60s", "card_average", "card_blocked", "transactions__event_time", "cards__event_time", CASE WHEN "event_time" IS NULL THEN CAST(CAST('The spine''s label time is null' AS BIGINT) AS VARCHAR) ELSE to_iso8601(CAST("event_time" AS TIMESTAMP(9) WITH TIME ZONE) AT TIME ZONE 'UTC') END AS "__fs_time",
      CASE WHEN "txn" IS NULL THEN NULL WHEN typeof("txn") IN ('double', 'real') OR typeof("txn") LIKE 'decimal%' THEN CAST(CAST('The spine''s key "txn" is not a whole number or text' AS BIGINT) AS VARCHAR) ELSE CAST("txn" AS VARCHAR) END AS "__fs_key0",
      CASE WHEN "card" IS NULL THEN NULL WHEN typeof("card") IN ('double', 'real') THEN CASE WHEN CAST("card" AS DOUBLE) = floor(CAST("card" AS DOUBLE)) THEN coalesce(TRY_CAST(CAST("card" AS DOUBLE) AS BIGINT), CAST('The spine''s key "card" is not a whole number' AS BIGINT)) ELSE CAST('The spine''s key "card" is not a whole number' AS BIGINT) END WHEN regexp_like(CAST("card" AS VARCHAR), '^-?[0-9]+(\.0+)?$') THEN coalesce(TRY_CAST(split_part(CAST("card" AS VARCHAR), '.', 1) AS BIGINT), CAST('The spine''s key "card" is not a whole number' AS BIGINT)) ELSE CAST('The spine''s key "card" is not a whole number' AS BIGINT) END AS "__fs_key1"
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
      CASE WHEN "event_ts" IS NULL THEN NULL WHEN regexp_like("event_ts", '^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,9})?Z\z') THEN substr("event_ts", 1, 19) || '.' || rpad(replace(substr("event_ts", 21), 'Z', ''), 9, '0') || 'Z' ELSE CAST(CAST('The event time of feature group ''transactions'' is not a UTC time such as 2025-01-31T23:59:59.123Z' AS BIGINT) AS VARCHAR) END AS k,
      NOT coalesce(is_deleted, false) AS live,
      to_iso8601(CAST(api_invocation_time AS TIMESTAMP(9) WITH TIME ZONE) AT TIME ZONE 'UTC' + INTERVAL '1.000' SECOND) AS a,
      api_invocation_time AS api,
      write_time AS written,
      "amount" AS f0,
      "count_60s" AS f1
    FROM "offline"."transactions"
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
      CASE WHEN "updated_at" IS NULL THEN NULL WHEN regexp_like("updated_at", '^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,9})?Z\z') THEN substr("updated_at", 1, 19) || '.' || rpad(replace(substr("updated_at", 21), 'Z', ''), 9, '0') || 'Z' ELSE CAST(CAST('The event time of feature group ''cards'' is not a UTC time such as 2025-01-31T23:59:59.123Z' AS BIGINT) AS VARCHAR) END AS k,
      NOT coalesce(is_deleted, false) AS live,
      greatest(coalesce(to_iso8601(CAST(api_invocation_time AS TIMESTAMP(9) WITH TIME ZONE) AT TIME ZONE 'UTC' + INTERVAL '0.000' SECOND), ''), coalesce(CASE WHEN "arrived_at" IS NULL THEN NULL WHEN regexp_like("arrived_at", '^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,9})?Z\z') THEN substr("arrived_at", 1, 19) || '.' || rpad(replace(substr("arrived_at", 21), 'Z', ''), 9, '0') || 'Z' ELSE CAST(CAST('The arrival time of feature group ''cards'' is not a UTC time such as 2025-01-31T23:59:59.123Z' AS BIGINT) AS VARCHAR) END, to_iso8601(CAST(api_invocation_time AS TIMESTAMP(9) WITH TIME ZONE) AT TIME ZONE 'UTC' + INTERVAL '1.000' SECOND))) AS a,
      api_invocation_time AS api,
      write_time AS written,
      "average" AS f0,
      "blocked" AS f1
    FROM "offline"."cards"
  WHERE coalesce("origin", 'live') = 'live'
  ) AS h ON h.id = q.id AND h.a <= q.t AND h.k IS NOT NULL
),
"__fs_right1" AS (
  SELECT *, row_number() OVER (PARTITION BY id, t ORDER BY k) AS n, count(*) OVER (PARTITION BY id, t) AS ties
  FROM (
    SELECT DISTINCT id, t, k, a, f0, f1
    FROM "__fs_ranked1"
    WHERE place = 1 AND live AND CAST(date_diff('second', CAST(replace(substr(k, 1, 19), 'T', ' ') AS TIMESTAMP(0)), CAST(replace(substr(t, 1, 19), 'T', ' ') AS TIMESTAMP(0))) AS DECIMAL(38, 0)) * 1000000000 + CAST(substr(t, 21, 9) AS BIGINT) - CAST(substr(k, 21, 9) AS BIGINT) <= CAST('2592000000000000' AS DECIMAL(38, 0)) AND CAST(date_diff('second', CAST(replace(substr(k, 1, 19), 'T', ' ') AS TIMESTAMP(0)), CAST(replace(substr(t, 1, 19), 'T', ' ') AS TIMESTAMP(0))) AS DECIMAL(38, 0)) * 1000000000 + CAST(substr(t, 21, 9) AS BIGINT) - CAST(substr(k, 21, 9) AS BIGINT) < CAST('7776000000000000' AS DECIMAL(38, 0))
  ) AS d
)
SELECT l."txn",
  l."card",
  l."event_time",
  l."label",
  CASE WHEN l."transactions__event_time" IS NOT DISTINCT FROM r0.k
      AND (coalesce(r0.ties, 1) > 1 OR (l."amount" IS NOT DISTINCT FROM r0.f0 AND l."count_60s" IS NOT DISTINCT FROM coalesce(r0.f1, CAST('0' AS BIGINT)))) THEN NULL WHEN r0.id IS NULL THEN 'UNEXPECTED' WHEN l."transactions__event_time" IS NULL THEN 'MISSING' WHEN l."transactions__event_time" > r0.k THEN 'LATER' WHEN l."transactions__event_time" < r0.k THEN 'EARLIER' ELSE 'VALUES' END AS "__fs_finding0",
  CASE WHEN l."cards__event_time" IS NOT DISTINCT FROM r1.k
      AND (coalesce(r1.ties, 1) > 1 OR (l."card_average" IS NOT DISTINCT FROM coalesce(r1.f0, CAST('-1.0' AS DOUBLE)) AND l."card_blocked" IS NOT DISTINCT FROM r1.f1)) THEN NULL WHEN r1.id IS NULL THEN 'UNEXPECTED' WHEN l."cards__event_time" IS NULL THEN 'MISSING' WHEN l."cards__event_time" > r1.k THEN 'LATER' WHEN l."cards__event_time" < r1.k THEN 'EARLIER' ELSE 'VALUES' END AS "__fs_finding1"
FROM "__fs_produced" AS l
LEFT JOIN "__fs_right0" AS r0 ON r0.id = l."__fs_key0" AND r0.t = l."__fs_time" AND r0.n = 1
LEFT JOIN "__fs_right1" AS r1 ON r1.id = l."__fs_key1" AND r1.t = l."__fs_time" AND r1.n = 1
) AS f
WHERE "__fs_finding0" IS NOT NULL OR "__fs_finding1" IS NOT NULL
