-- title: Stock turns
-- about: Cost of goods that left within 365 days, less returned ones, over the mean of stock value then and now; in USD.
-- columns: sku, currency, pieces_sold, cost_sold, on_hand, stock_value, turns
WITH moved AS (
  SELECT sku, time, 'received' AS kind, quantity AS pieces, unit_cost.amount * quantity AS value
  FROM inventory_received
  UNION ALL
  SELECT sku, time, 'received', quantity, unit_cost.amount * quantity
  FROM furniture_received
  UNION ALL
  SELECT line.sku, i.time, 'sold', -line.quantity, -line.unit_cost.amount * line.quantity
  FROM inventory_committed AS i, UNNEST(i.lines) AS line
  UNION ALL
  SELECT line.sku, f.time, 'sold', -line.quantity, -line.unit_cost.amount * line.quantity
  FROM furniture_committed AS f, UNNEST(f.lines) AS line
  UNION ALL
  SELECT line.sku, i.time, 'sold', line.quantity, line.unit_cost.amount * line.quantity
  FROM inventory_returned AS i, UNNEST(i.lines) AS line
  UNION ALL
  SELECT line.sku, f.time, 'sold', line.quantity, line.unit_cost.amount * line.quantity
  FROM furniture_returned AS f, UNNEST(f.lines) AS line
  UNION ALL
  SELECT line.sku, i.time, 'adjusted', line.delta, line.value.amount
  FROM inventory_adjusted AS i, UNNEST(i.lines) AS line
  UNION ALL
  SELECT line.sku, f.time, 'adjusted', line.delta, line.value.amount
  FROM furniture_adjusted AS f, UNNEST(f.lines) AS line
),
summed AS (
  SELECT
    sku,
    -SUM(IF(kind = 'sold' AND time > TIMESTAMP_SUB(@until, INTERVAL 365 DAY), pieces, 0)) AS pieces_sold,
    -SUM(IF(kind = 'sold' AND time > TIMESTAMP_SUB(@until, INTERVAL 365 DAY), value, 0)) AS cost_sold,
    SUM(pieces) AS on_hand,
    SUM(value) AS stock_value,
    SUM(IF(time <= TIMESTAMP_SUB(@until, INTERVAL 365 DAY), value, 0)) AS value_then
  FROM moved
  WHERE time <= @until
  GROUP BY sku
)
SELECT
  sku,
  'USD' AS currency,
  pieces_sold,
  CAST(cost_sold AS NUMERIC(20, 3)) AS cost_sold,
  on_hand,
  CAST(stock_value AS NUMERIC(20, 3)) AS stock_value,
  CAST(ROUND(2 * cost_sold / NULLIF(stock_value + value_then, 0), 3) AS NUMERIC(20, 3)) AS turns
FROM summed
ORDER BY sku
