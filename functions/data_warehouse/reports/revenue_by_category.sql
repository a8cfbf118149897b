-- title: Revenue by category and channel
-- about: Goods delivered less goods returned, net of tax, by a product's first category and the way the order came in.
-- columns: category, channel, currency, pieces, revenue
WITH sold AS (
  SELECT o.order_id, o.`order`.channel AS channel, line.sku AS sku, line.categories[SAFE_OFFSET(0)] AS category
  FROM order_confirmed AS o, UNNEST(o.`order`.lines) AS line
  WHERE o.time <= @until
  UNION ALL
  SELECT o.order_id, o.`order`.channel, line.sku, line.categories[SAFE_OFFSET(0)]
  FROM order_approved AS o, UNNEST(o.`order`.lines) AS line
  WHERE o.time <= @until
),
known AS (
  SELECT order_id, sku, MAX(channel) AS channel, MAX(category) AS category
  FROM sold
  GROUP BY order_id, sku
),
moved AS (
  SELECT s.order_id, line.sku AS sku, line.quantity AS pieces, line.net.currency AS currency, line.net.amount AS net
  FROM shipment_delivered AS s, UNNEST(s.lines) AS line
  WHERE s.time <= @until
  UNION ALL
  SELECT s.order_id, line.sku, -line.quantity, line.net.currency, -line.net.amount
  FROM shipment_returned AS s, UNNEST(s.lines) AS line
  WHERE s.time <= @until
)
SELECT
  COALESCE(known.category, 'unknown') AS category,
  COALESCE(known.channel, 'unknown') AS channel,
  moved.currency AS currency,
  SUM(moved.pieces) AS pieces,
  SUM(moved.net) AS revenue
FROM moved
LEFT JOIN known ON known.order_id = moved.order_id AND known.sku = moved.sku
GROUP BY category, channel, currency
ORDER BY category, channel, currency
