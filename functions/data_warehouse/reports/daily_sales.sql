-- title: Daily sales
-- about: Orders confirmed or approved per day and currency: how many, and what they charge.
-- columns: day, currency, orders, gross, tax, shipping, discount
SELECT
  day,
  JSON_VALUE(data, '$.order.currency') AS currency,
  COUNT(*) AS orders,
  SUM(CAST(JSON_VALUE(data, '$.order.total.amount') AS NUMERIC(20, 3))) AS gross,
  SUM(CAST(JSON_VALUE(data, '$.order.tax.amount') AS NUMERIC(20, 3))) AS tax,
  SUM(CAST(JSON_VALUE(data, '$.order.shipping.amount') AS NUMERIC(20, 3))) AS shipping,
  SUM(CAST(JSON_VALUE(data, '$.order.discount.amount') AS NUMERIC(20, 3))) AS discount
FROM events
WHERE type IN ('order.confirmed', 'order.approved') AND time <= @until
GROUP BY day, currency
ORDER BY day, currency
