-- title: Order lead time
-- about: Hours from placing an order to its first dispatch and its last delivery, by nearest rank among delivered orders.
-- columns: stage, orders, p50_hours, p90_hours, p99_hours
WITH placed AS (
  SELECT o.order_id, o.`order`.placed_at AS placed_at FROM order_confirmed AS o WHERE o.time <= @until
  UNION ALL
  SELECT o.order_id, o.`order`.placed_at FROM order_approved AS o WHERE o.time <= @until
),
dispatched AS (
  SELECT order_id, MIN(time) AS dispatched_at FROM shipment_dispatched WHERE time <= @until GROUP BY order_id
),
delivered AS (
  SELECT order_id, MAX(time) AS delivered_at FROM shipment_delivered WHERE time <= @until GROUP BY order_id
),
stages AS (
  SELECT 'placed to dispatched' AS stage, TIMESTAMP_DIFF(dispatched_at, placed_at, SECOND) AS seconds
  FROM placed JOIN dispatched ON dispatched.order_id = placed.order_id
  UNION ALL
  SELECT 'dispatched to delivered', TIMESTAMP_DIFF(delivered_at, dispatched_at, SECOND)
  FROM dispatched JOIN delivered ON delivered.order_id = dispatched.order_id
  UNION ALL
  SELECT 'placed to delivered', TIMESTAMP_DIFF(delivered_at, placed_at, SECOND)
  FROM placed JOIN delivered ON delivered.order_id = placed.order_id
),
ranked AS (
  SELECT
    stage,
    seconds,
    ROW_NUMBER() OVER (PARTITION BY stage ORDER BY seconds) AS place,
    COUNT(*) OVER (PARTITION BY stage) AS orders
  FROM stages
)
SELECT
  stage,
  MAX(orders) AS orders,
  CAST(ROUND(MIN(IF(place >= 0.5 * orders, seconds, NULL)) / 3600, 2) AS NUMERIC(20, 2)) AS p50_hours,
  CAST(ROUND(MIN(IF(place >= 0.9 * orders, seconds, NULL)) / 3600, 2) AS NUMERIC(20, 2)) AS p90_hours,
  CAST(ROUND(MIN(IF(place >= 0.99 * orders, seconds, NULL)) / 3600, 2) AS NUMERIC(20, 2)) AS p99_hours
FROM ranked
GROUP BY stage
ORDER BY stage
