-- title: Cohort repeat rate
-- about: Customers by the month of their first order: how many ordered again within 30 and 90 days; merged ones are one.
-- columns: cohort, customers, again_30_days, again_90_days, rate_90_days_percent
WITH merged AS (
  SELECT m.merged_id AS merged_id, m.customer_id AS kept_id FROM customer_merged AS m WHERE m.time <= @until
),
owner AS (
  SELECT once.merged_id AS merged_id, COALESCE(thrice.kept_id, twice.kept_id, once.kept_id) AS customer_id
  FROM merged AS once
  LEFT JOIN merged AS twice ON twice.merged_id = once.kept_id
  LEFT JOIN merged AS thrice ON thrice.merged_id = twice.kept_id
),
placed AS (
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
    COALESCE(owner.customer_id, placed.customer_id) AS customer_id,
    placed.placed_at AS placed_at,
    ROW_NUMBER() OVER (
      PARTITION BY COALESCE(owner.customer_id, placed.customer_id) ORDER BY placed.placed_at, placed.order_id
    ) AS place
  FROM placed
  LEFT JOIN owner ON owner.merged_id = placed.customer_id
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
