-- title: Cohort repeat rate
-- about: Customers by the month of their first order: how many ordered again within 30 and 90 days.
-- columns: cohort, customers, again_30_days, again_90_days, rate_90_days_percent
WITH placed AS (
  SELECT o.`order`.customer.id AS customer_id, o.order_id AS order_id, o.`order`.placed_at AS placed_at
  FROM order_confirmed AS o
  WHERE o.time <= @until
  UNION ALL
  SELECT o.`order`.customer.id, o.order_id, o.`order`.placed_at
  FROM order_approved AS o
  WHERE o.time <= @until
),
numbered AS (
  SELECT
    customer_id,
    placed_at,
    ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY placed_at, order_id) AS place
  FROM placed
),
firsts AS (SELECT customer_id, placed_at AS first_at FROM numbered WHERE place = 1),
seconds AS (SELECT customer_id, placed_at AS second_at FROM numbered WHERE place = 2),
customers AS (
  SELECT
    FORMAT_TIMESTAMP('%Y-%m', firsts.first_at) AS cohort,
    TIMESTAMP_DIFF(seconds.second_at, firsts.first_at, SECOND) AS after
  FROM firsts
  LEFT JOIN seconds ON seconds.customer_id = firsts.customer_id
)
SELECT
  cohort,
  COUNT(*) AS customers,
  SUM(IF(after <= 30 * 86400, 1, 0)) AS again_30_days,
  SUM(IF(after <= 90 * 86400, 1, 0)) AS again_90_days,
  CAST(ROUND(100 * SUM(IF(after <= 90 * 86400, 1, 0)) / COUNT(*), 1) AS NUMERIC(20, 1)) AS rate_90_days_percent
FROM customers
GROUP BY cohort
ORDER BY cohort
