WITH __fs_random AS (
  SELECT rand() AS r
),
__fs_twice AS (
  SELECT a.r <> b.r AS is_pasted
  FROM __fs_random AS a CROSS JOIN __fs_random AS b
),
__fs_labels0 AS (
  SELECT struct(*) AS l, rand(0) AS once
  FROM (
    SELECT *
    FROM (
      SELECT * FROM (
    SELECT `txn`, `card`, `event_time`, `label`, CASE WHEN `event_time` IS NULL THEN CAST(raise_error(CAST(X'546865207370696e652773206c6162656c2074696d65206973206e756c6c' AS STRING)) AS STRING) ELSE CASE WHEN `event_time` IS NULL THEN NULL WHEN (endswith(`event_time`, 'Z') AND `event_time` RLIKE '^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,9})?Z$') THEN substr(`event_time`, 1, 19) || '.' || rpad(replace(substr(`event_time`, 21), 'Z', ''), 9, '0') || 'Z' ELSE CAST(raise_error(CAST(X'546865207370696e652773206c6162656c2074696d65206973206e6f742061205554432074696d65207375636820617320323032352d30312d33315432333a35393a35392e3132335a' AS STRING)) AS STRING) END END AS `__fs_time`,
      CASE WHEN `txn` IS NULL THEN NULL WHEN typeof(`txn`) IN ('double', 'float') OR typeof(`txn`) LIKE 'decimal%' THEN CAST(raise_error(CAST(X'546865207370696e652773206b6579202274786e22206973206e6f7420612077686f6c65206e756d626572206f722074657874' AS STRING)) AS STRING) ELSE CAST(`txn` AS STRING) END AS `__fs_key0`,
      CASE WHEN `card` IS NULL THEN NULL WHEN typeof(`card`) IN ('double', 'float') THEN CASE WHEN CAST(`card` AS DOUBLE) = floor(CAST(`card` AS DOUBLE)) AND abs(CAST(`card` AS DOUBLE)) < 9.2e18 THEN CAST(CAST(`card` AS DOUBLE) AS BIGINT) ELSE CAST(raise_error(CAST(X'546865207370696e652773206b657920226361726422206973206e6f7420612077686f6c65206e756d626572' AS STRING)) AS BIGINT) END WHEN CAST(`card` AS STRING) RLIKE '^-?[0-9]+([.]0+)?$' THEN coalesce(TRY_CAST(substring_index(CAST(`card` AS STRING), '.', 1) AS BIGINT), CAST(raise_error(CAST(X'546865207370696e652773206b657920226361726422206973206e6f7420612077686f6c65206e756d626572' AS STRING)) AS BIGINT)) ELSE CAST(raise_error(CAST(X'546865207370696e652773206b657920226361726422206973206e6f7420612077686f6c65206e756d626572' AS STRING)) AS BIGINT) END AS `__fs_key1`
    FROM (VALUES ('t1', CAST('1' AS BIGINT), '2026-03-01T12:00:00.000000001Z', true),
      ('t2', NULL, '2026-03-01T12:00:00.000000000Z', false)) AS r(`txn`, `card`, `event_time`, `label`)
  ) AS l
  WHERE l.`__fs_time` >= '2026-03-01T12:00:00.000000000Z' AND l.`__fs_time` < '2026-03-02T12:00:00.000000000Z'
    ) AS l
  )
),
__fs_known0 AS (
  SELECT l.`__fs_key0` AS id, max(l.`__fs_time`) AS until
  FROM __fs_labels0
  GROUP BY l.`__fs_key0`
),
__fs_history0 AS (
  SELECT id, k AS t, live, api, written, struct(live, e AS k, a, f0, f1) AS h
  FROM (
    SELECT h.*, h.k AS e
    FROM (
      SELECT CAST(`transaction_id` AS STRING) AS id,
        CASE WHEN `event_ts` IS NULL THEN NULL WHEN (endswith(`event_ts`, 'Z') AND `event_ts` RLIKE '^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,9})?Z$') THEN trim(TRAILING '.0Z' FROM `event_ts`) ELSE CAST(raise_error(CAST(X'546865206576656e742074696d65206f6620666561747572652067726f757020277472616e73616374696f6e7327206973206e6f742061205554432074696d65207375636820617320323032352d30312d33315432333a35393a35392e3132335a' AS STRING)) AS STRING) END AS k,
        NOT coalesce(is_deleted, false) AS live,
        overlay('0000-00-00T00:00:00.000000000Z' PLACING replace(CAST(TIMESTAMP_NTZ '1970-01-01 00:00:00' + INTERVAL '0.000001' SECOND * (unix_micros(api_invocation_time) + 0) AS STRING), ' ', 'T') FROM 1) AS a,
        api_invocation_time AS api,
        write_time AS written,
        `amount` AS f0,
        `count_60s` AS f1
      FROM `offline`.`transactions`
  WHERE `event_ts` <= '2026-03-02T12:00:00Z'
    ) AS h
    LEFT JOIN __fs_known0 AS n ON n.id = h.id
    WHERE coalesce(h.k, '~') <= n.until OR h.id IS NOT NULL AND h.k IS NOT NULL AND (SELECT is_pasted FROM __fs_twice)
  )
),
__fs_stream0 AS (
  SELECT xxhash64(id) AS b, id, t, false AS n, live, api, written, h, NULL AS l
  FROM __fs_history0
  UNION ALL
  SELECT CASE WHEN l.`__fs_key0` IS NULL THEN xxhash64(l.`__fs_time`) ELSE xxhash64(l.`__fs_key0`) END, l.`__fs_key0`, l.`__fs_time`, true, NULL, NULL, NULL, NULL, l
  FROM __fs_labels0
),
__fs_labels1 AS (
  SELECT l, CASE WHEN h.live THEN h END AS v0
  FROM (
    SELECT l, n, last_value(h) IGNORE NULLS OVER (PARTITION BY b, id ORDER BY t, n, live, api, written ROWS UNBOUNDED PRECEDING) AS h
    FROM (
      SELECT *, lead(n) OVER (PARTITION BY b, id ORDER BY t, n, live, api, written) AS is_before_label
      FROM __fs_stream0
    )
    WHERE n OR is_before_label
  )
  WHERE n
),
__fs_known1 AS (
  SELECT l.`__fs_key1` AS id, max(l.`__fs_time`) AS until
  FROM __fs_labels0
  GROUP BY l.`__fs_key1`
),
__fs_history1 AS (
  SELECT id, k AS t, live, a, api, written, struct(live, e AS k, a, f0, f1) AS h
  FROM (
    SELECT h.*, h.k AS e
    FROM (
      SELECT CAST(`card_id` AS BIGINT) AS id,
        CASE WHEN `updated_at` IS NULL THEN NULL WHEN (endswith(`updated_at`, 'Z') AND `updated_at` RLIKE '^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,9})?Z$') THEN trim(TRAILING '.0Z' FROM `updated_at`) ELSE CAST(raise_error(CAST(X'546865206576656e742074696d65206f6620666561747572652067726f75702027636172647327206973206e6f742061205554432074696d65207375636820617320323032352d30312d33315432333a35393a35392e3132335a' AS STRING)) AS STRING) END AS k,
        NOT coalesce(is_deleted, false) AS live,
        greatest(overlay('0000-00-00T00:00:00.000000000Z' PLACING replace(CAST(TIMESTAMP_NTZ '1970-01-01 00:00:00' + INTERVAL '0.000001' SECOND * (unix_micros(api_invocation_time) + 0) AS STRING), ' ', 'T') FROM 1), coalesce(CASE WHEN `arrived_at` IS NULL THEN NULL WHEN (endswith(`arrived_at`, 'Z') AND `arrived_at` RLIKE '^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,9})?Z$') THEN substr(`arrived_at`, 1, 19) || '.' || rpad(replace(substr(`arrived_at`, 21), 'Z', ''), 9, '0') || 'Z' ELSE CAST(raise_error(CAST(X'546865206172726976616c2074696d65206f6620666561747572652067726f75702027636172647327206973206e6f742061205554432074696d65207375636820617320323032352d30312d33315432333a35393a35392e3132335a' AS STRING)) AS STRING) END, overlay('0000-00-00T00:00:00.000000000Z' PLACING replace(CAST(TIMESTAMP_NTZ '1970-01-01 00:00:00' + INTERVAL '0.000001' SECOND * (unix_micros(api_invocation_time) + 0) AS STRING), ' ', 'T') FROM 1))) AS a,
        api_invocation_time AS api,
        write_time AS written,
        `average` AS f0,
        `blocked` AS f1
      FROM `offline`.`cards`
  WHERE `updated_at` >= '2026-01-30T12:00:00' AND `updated_at` <= '2026-03-02T12:00:00Z'
    ) AS h
    LEFT JOIN __fs_known1 AS n ON n.id = h.id
    WHERE coalesce(h.k, '~') <= n.until OR h.id IS NOT NULL AND h.k IS NOT NULL AND (SELECT is_pasted FROM __fs_twice)
  )
),
__fs_stream1 AS (
  SELECT xxhash64(id) AS b, id, t, false AS n, live, a, api, written, h, NULL AS l, NULL AS v0
  FROM __fs_history1
  UNION ALL
  SELECT CASE WHEN l.`__fs_key1` IS NULL THEN xxhash64(l.`__fs_time`) ELSE xxhash64(l.`__fs_key1`) END, l.`__fs_key1`, l.`__fs_time`, true, NULL, NULL, NULL, NULL, NULL, l, v0
  FROM __fs_labels1
),
__fs_labels2 AS (
  SELECT l, v0, CASE WHEN h.live AND CAST((unix_seconds(CAST(substr(l.`__fs_time`, 1, 19) || 'Z' AS TIMESTAMP)) - unix_seconds(CAST(substr(rpad(h.k, 19, '0') || '.' || rpad(substr(h.k, 21), 9, '0') || 'Z', 1, 19) || 'Z' AS TIMESTAMP))) AS DECIMAL(38, 0)) * 1000000000 + CAST(substr(l.`__fs_time`, 21, 9) AS BIGINT) - CAST(substr(rpad(h.k, 19, '0') || '.' || rpad(substr(h.k, 21), 9, '0') || 'Z', 21, 9) AS BIGINT) <= CAST('2592000000000000' AS DECIMAL(38, 0)) AND CAST((unix_seconds(CAST(substr(l.`__fs_time`, 1, 19) || 'Z' AS TIMESTAMP)) - unix_seconds(CAST(substr(rpad(h.k, 19, '0') || '.' || rpad(substr(h.k, 21), 9, '0') || 'Z', 1, 19) || 'Z' AS TIMESTAMP))) AS DECIMAL(38, 0)) * 1000000000 + CAST(substr(l.`__fs_time`, 21, 9) AS BIGINT) - CAST(substr(rpad(h.k, 19, '0') || '.' || rpad(substr(h.k, 21), 9, '0') || 'Z', 21, 9) AS BIGINT) < CAST('7776000000000000' AS DECIMAL(38, 0)) THEN h END AS v1
  FROM (
    SELECT l, n, v0, last_value(h) IGNORE NULLS OVER (PARTITION BY b, id ORDER BY t, n, live, a, api, written ROWS UNBOUNDED PRECEDING) AS h
    FROM (
      SELECT *, lead(n) OVER (PARTITION BY b, id ORDER BY t, n, live, a, api, written) AS is_before_label
      FROM __fs_stream1
    )
    WHERE n OR is_before_label
  )
  WHERE n
)
SELECT l.`txn`,
  l.`card`,
  l.`event_time`,
  l.`label`,
  v0.f0 AS `amount`,
  coalesce(v0.f1, CAST('0' AS BIGINT)) AS `count_60s`,
  coalesce(v1.f0, CAST('-1.0' AS DOUBLE)) AS `card_average`,
  v1.f1 AS `card_blocked`,
  rpad(v0.k, 19, '0') || '.' || rpad(substr(v0.k, 21), 9, '0') || 'Z' AS `transactions__event_time`,
  rpad(v1.k, 19, '0') || '.' || rpad(substr(v1.k, 21), 9, '0') || 'Z' AS `cards__event_time`,
  v0.a AS `transactions__arrival_time`,
  v1.a AS `cards__arrival_time`,
  CAST(CAST((unix_seconds(CAST(substr(l.`__fs_time`, 1, 19) || 'Z' AS TIMESTAMP)) - unix_seconds(CAST(substr(rpad(v0.k, 19, '0') || '.' || rpad(substr(v0.k, 21), 9, '0') || 'Z', 1, 19) || 'Z' AS TIMESTAMP))) AS DECIMAL(38, 0)) * 1000000000 + CAST(substr(l.`__fs_time`, 21, 9) AS BIGINT) - CAST(substr(rpad(v0.k, 19, '0') || '.' || rpad(substr(v0.k, 21), 9, '0') || 'Z', 21, 9) AS BIGINT) AS DOUBLE) / 1e9 AS `transactions__age_seconds`,
  CAST(CAST((unix_seconds(CAST(substr(l.`__fs_time`, 1, 19) || 'Z' AS TIMESTAMP)) - unix_seconds(CAST(substr(rpad(v1.k, 19, '0') || '.' || rpad(substr(v1.k, 21), 9, '0') || 'Z', 1, 19) || 'Z' AS TIMESTAMP))) AS DECIMAL(38, 0)) * 1000000000 + CAST(substr(l.`__fs_time`, 21, 9) AS BIGINT) - CAST(substr(rpad(v1.k, 19, '0') || '.' || rpad(substr(v1.k, 21), 9, '0') || 'Z', 21, 9) AS BIGINT) AS DOUBLE) / 1e9 AS `cards__age_seconds`
FROM __fs_labels2
