-- title: Control totals
-- about: What every service's own documents should add up to, by the events; amounts in minor units.
-- columns: service, total, amount
-- An amount has exactly its currency's minor digits, so without its point it is a whole number of minor units.
WITH counts AS (
  SELECT type, COUNT(*) AS times
  FROM events
  WHERE time <= @until
  GROUP BY type
),
amounts AS (
  SELECT
    type,
    JSON_VALUE(amount, '$.currency') AS currency,
    SUM(CAST(REPLACE(JSON_VALUE(amount, '$.amount'), '.', '') AS INT64)) AS minor
  FROM (
    SELECT
      type,
      CASE
        WHEN type IN ('order.confirmed', 'order.held', 'order.approved') THEN JSON_QUERY(data, '$.order.total')
        WHEN type IN ('shipment.dispatched', 'invoice.issued') THEN JSON_QUERY(data, '$.total')
        ELSE JSON_QUERY(data, '$.amount')
      END AS amount
    FROM events
    WHERE time <= @until AND type IN (
      'order.confirmed', 'order.held', 'order.approved', 'shipment.dispatched', 'invoice.issued',
      'payment.authorized', 'payment.captured', 'payment.voided')
  ) AS priced
  GROUP BY type, currency
),
postings AS (
  SELECT
    JSON_VALUE(posting, '$.debit.currency') AS currency,
    SUM(CAST(REPLACE(JSON_VALUE(posting, '$.debit.amount'), '.', '') AS INT64)) AS debit,
    SUM(CAST(REPLACE(JSON_VALUE(posting, '$.credit.amount'), '.', '') AS INT64)) AS credit
  FROM (SELECT data FROM events WHERE type = 'journal.posted' AND time <= @until) AS posted,
    UNNEST(JSON_QUERY_ARRAY(data, '$.postings')) AS posting
  GROUP BY currency
),
receipts AS (
  SELECT type, subject AS sku, SUM(CAST(JSON_VALUE(data, '$.quantity') AS INT64)) AS pieces
  FROM events
  WHERE type IN ('inventory.received', 'furniture.received') AND time <= @until
  GROUP BY type, sku
),
issues AS (
  SELECT type, JSON_VALUE(line, '$.sku') AS sku, SUM(CAST(JSON_VALUE(line, '$.quantity') AS INT64)) AS pieces
  FROM (
    SELECT type, data FROM events WHERE type IN ('inventory.committed', 'furniture.committed') AND time <= @until
  ) AS committed, UNNEST(JSON_QUERY_ARRAY(data, '$.lines')) AS line
  GROUP BY type, sku
),
order_pieces AS (
  SELECT
    order_id,
    SUM(IF(type = 'shipment.delivered', 0, CAST(JSON_VALUE(line, '$.quantity') AS INT64))) AS ordered,
    SUM(IF(type = 'shipment.delivered', CAST(JSON_VALUE(line, '$.quantity') AS INT64), 0)) AS delivered
  FROM (
    SELECT
      type,
      order_id,
      IF(type = 'shipment.delivered', JSON_QUERY(data, '$.lines'), JSON_QUERY(data, '$.order.lines')) AS goods
    FROM events
    WHERE type IN ('order.confirmed', 'order.held', 'shipment.delivered') AND time <= @until
  ) AS moved, UNNEST(JSON_QUERY_ARRAY(goods, '$')) AS line
  GROUP BY order_id
),
named AS (
  SELECT 'order.confirmed' AS type, 'checkout' AS service, 'orders' AS name UNION ALL
  SELECT 'order.held', 'checkout', 'orders' UNION ALL
  SELECT 'order.refused', 'checkout', 'refused' UNION ALL
  SELECT 'customer.registered', 'crm', 'customers' UNION ALL
  SELECT 'payment.captured', 'payment', 'captured' UNION ALL
  SELECT 'order.confirmed', 'fraud', 'transactions' UNION ALL
  SELECT 'order.approved', 'fraud', 'transactions' UNION ALL
  SELECT 'order.confirmed', 'order_management', 'orders' UNION ALL
  SELECT 'order.held', 'order_management', 'orders' UNION ALL
  SELECT 'order.approved', 'order_management', 'approved' UNION ALL
  SELECT 'order.rejected', 'order_management', 'rejected' UNION ALL
  SELECT 'shipment.planned', 'warehouse', 'planned' UNION ALL
  SELECT 'shipment.dispatched', 'warehouse', 'dispatched' UNION ALL
  SELECT 'shipment.delivered', 'warehouse', 'delivered' UNION ALL
  SELECT 'journal.posted', 'accounting', 'entries' UNION ALL
  SELECT 'invoice.issued', 'accounting', 'invoices_issued' UNION ALL
  SELECT 'notification.sent', 'notification', 'sent'
),
priced AS (
  SELECT 'order.confirmed' AS type, 'checkout' AS service, 'orders.total' AS name UNION ALL
  SELECT 'order.held', 'checkout', 'orders.total' UNION ALL
  SELECT 'payment.authorized', 'payment', 'authorized' UNION ALL
  SELECT 'payment.captured', 'payment', 'captured' UNION ALL
  SELECT 'payment.voided', 'payment', 'voided' UNION ALL
  SELECT 'order.confirmed', 'fraud', 'transactions.total' UNION ALL
  SELECT 'order.approved', 'fraud', 'transactions.total' UNION ALL
  SELECT 'order.confirmed', 'order_management', 'orders.total' UNION ALL
  SELECT 'order.held', 'order_management', 'orders.total' UNION ALL
  SELECT 'shipment.dispatched', 'warehouse', 'dispatched.total' UNION ALL
  SELECT 'invoice.issued', 'accounting', 'invoices_issued.total'
),
totals AS (
  SELECT service, name || '.count' AS total, times AS part
  FROM named JOIN counts ON counts.type = named.type
  UNION ALL
  SELECT service, name || '.' || currency, minor FROM priced JOIN amounts ON amounts.type = priced.type
  UNION ALL
  SELECT 'accounting', 'debit.' || currency, debit FROM postings
  UNION ALL
  SELECT 'accounting', 'credit.' || currency, credit FROM postings
  UNION ALL
  SELECT SPLIT(type, '.')[OFFSET(0)], 'movements.' || sku, pieces FROM receipts
  UNION ALL
  SELECT SPLIT(type, '.')[OFFSET(0)], 'movements.' || sku, -pieces FROM issues
  UNION ALL
  SELECT 'order_management', 'delivered.count', COUNT(*) FROM order_pieces WHERE ordered > 0 AND delivered >= ordered
)
SELECT service, total, SUM(part) AS amount
FROM totals
GROUP BY service, total
HAVING SUM(part) <> 0
ORDER BY service, total
