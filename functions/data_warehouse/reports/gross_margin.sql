-- title: Gross margin
-- about: Delivered goods less returned ones by SKU: net revenue in USD at the order's rate, what they had cost, the margin.
-- columns: sku, currency, pieces, revenue, cost, margin, margin_percent
WITH moved AS (
  SELECT
    s.shipment_id AS cause,
    line.sku AS sku,
    line.quantity AS pieces,
    ROUND(line.net.amount / CAST(COALESCE(s.exchange_rate.rate, '1') AS NUMERIC(29, 9)), 2) AS revenue
  FROM shipment_delivered AS s, UNNEST(s.lines) AS line
  WHERE s.time <= @until
  UNION ALL
  SELECT
    s.return_id,
    line.sku,
    -line.quantity,
    -ROUND(line.net.amount / CAST(COALESCE(s.exchange_rate.rate, '1') AS NUMERIC(29, 9)), 2)
  FROM shipment_returned AS s, UNNEST(s.lines) AS line
  WHERE s.time <= @until
),
revenues AS (
  SELECT sku, SUM(pieces) AS pieces, SUM(CAST(revenue AS NUMERIC(20, 3))) AS revenue
  FROM moved
  GROUP BY sku
),
costs AS (
  SELECT i.shipment_id AS cause, line.sku AS sku, line.unit_cost.amount * line.quantity AS cost
  FROM inventory_committed AS i, UNNEST(i.lines) AS line
  UNION ALL
  SELECT f.shipment_id, line.sku, line.unit_cost.amount * line.quantity
  FROM furniture_committed AS f, UNNEST(f.lines) AS line
  UNION ALL
  SELECT i.return_id, line.sku, -line.unit_cost.amount * line.quantity
  FROM inventory_returned AS i, UNNEST(i.lines) AS line
  UNION ALL
  SELECT f.return_id, line.sku, -line.unit_cost.amount * line.quantity
  FROM furniture_returned AS f, UNNEST(f.lines) AS line
),
spent AS (
  SELECT sku, SUM(cost) AS cost
  FROM costs
  WHERE cause IN (SELECT cause FROM moved)
  GROUP BY sku
)
SELECT
  revenues.sku AS sku,
  'USD' AS currency,
  revenues.pieces AS pieces,
  revenues.revenue AS revenue,
  CAST(COALESCE(spent.cost, 0) AS NUMERIC(20, 3)) AS cost,
  CAST(revenues.revenue - COALESCE(spent.cost, 0) AS NUMERIC(20, 3)) AS margin,
  CAST(ROUND(100 * (revenues.revenue - COALESCE(spent.cost, 0)) / NULLIF(revenues.revenue, 0), 1) AS NUMERIC(20, 1))
    AS margin_percent
FROM revenues
LEFT JOIN spent ON spent.sku = revenues.sku
ORDER BY sku
