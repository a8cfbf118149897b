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
        WHEN type IN (
          'shipment.dispatched', 'invoice.issued', 'invoice.credited', 'order.reduced', 'order.return_refunded',
          'shipment.returned') THEN JSON_QUERY(data, '$.total')
        WHEN type = 'payment.paid_out' THEN JSON_QUERY(data, '$.net')
        ELSE JSON_QUERY(data, '$.amount')
      END AS amount
    FROM events
    WHERE time <= @until AND type IN (
      'order.confirmed', 'order.held', 'order.approved', 'shipment.dispatched', 'invoice.issued',
      'payment.authorized', 'payment.captured', 'payment.voided', 'invoice.credited', 'order.reduced',
      'order.return_refunded', 'shipment.returned', 'payment.paid_out', 'payment.refunded', 'payment.expired',
      'payment.charged_back', 'payment.prepaid', 'payment.owed_back', 'payment.repaid')
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
moves AS (
  SELECT
    type,
    JSON_VALUE(line, '$.sku') AS sku,
    SUM(CAST(COALESCE(JSON_VALUE(line, '$.delta'), JSON_VALUE(line, '$.quantity')) AS INT64)) AS pieces
  FROM (
    SELECT type, data
    FROM events
    WHERE time <= @until AND type IN (
      'inventory.committed', 'furniture.committed', 'inventory.returned', 'furniture.returned', 'inventory.adjusted',
      'furniture.adjusted')
  ) AS moved, UNNEST(JSON_QUERY_ARRAY(data, '$.lines')) AS line
  GROUP BY type, sku
),
order_pieces AS (
  SELECT
    order_id,
    SUM(CASE type
      WHEN 'shipment.delivered' THEN 0
      WHEN 'order.reduced' THEN -CAST(JSON_VALUE(line, '$.quantity') AS INT64)
      ELSE CAST(JSON_VALUE(line, '$.quantity') AS INT64)
    END) AS ordered,
    SUM(IF(type = 'shipment.delivered', CAST(JSON_VALUE(line, '$.quantity') AS INT64), 0)) AS delivered
  FROM (
    SELECT
      type,
      order_id,
      IF(type IN ('shipment.delivered', 'order.reduced'), JSON_QUERY(data, '$.lines'), JSON_QUERY(data, '$.order.lines'))
        AS goods
    FROM events
    WHERE type IN ('order.confirmed', 'order.held', 'order.reduced', 'shipment.delivered') AND time <= @until
  ) AS moved, UNNEST(JSON_QUERY_ARRAY(goods, '$')) AS line
  GROUP BY order_id
),
named AS (
  SELECT 'order.confirmed' AS type, 'checkout' AS service, 'orders' AS name UNION ALL
  SELECT 'order.held', 'checkout', 'orders' UNION ALL
  SELECT 'order.refused', 'checkout', 'refused' UNION ALL
  SELECT 'customer.registered', 'crm', 'customers' UNION ALL
  SELECT 'payment.captured', 'payment', 'captured' UNION ALL
  SELECT 'payment.prepaid', 'payment', 'prepaid' UNION ALL
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
  SELECT 'notification.sent', 'notification', 'sent' UNION ALL
  SELECT 'notification.failed', 'notification', 'failed' UNION ALL
  SELECT 'order.cancelled', 'order_management', 'cancelled' UNION ALL
  SELECT 'order.reduced', 'order_management', 'reduced' UNION ALL
  SELECT 'order.return_requested', 'order_management', 'returns_requested' UNION ALL
  SELECT 'order.return_refunded', 'order_management', 'returns_refunded' UNION ALL
  SELECT 'shipment.shorted', 'warehouse', 'shorted' UNION ALL
  SELECT 'shipment.returned', 'warehouse', 'returned' UNION ALL
  SELECT 'shipment.return_lapsed', 'warehouse', 'returns_lapsed' UNION ALL
  SELECT 'payment.refunded', 'payment', 'refunded' UNION ALL
  SELECT 'customer.tier_changed', 'crm', 'tier_changes' UNION ALL
  SELECT 'customer.standing_changed', 'crm', 'standing_changes' UNION ALL
  SELECT 'customer.merged', 'crm', 'merged' UNION ALL
  SELECT 'invoice.credited', 'accounting', 'credit_notes'
),
priced AS (
  SELECT 'order.confirmed' AS type, 'checkout' AS service, 'orders.total' AS name UNION ALL
  SELECT 'order.held', 'checkout', 'orders.total' UNION ALL
  SELECT 'payment.authorized', 'payment', 'authorized' UNION ALL
  SELECT 'payment.captured', 'payment', 'captured' UNION ALL
  SELECT 'payment.prepaid', 'payment', 'prepaid' UNION ALL
  SELECT 'payment.owed_back', 'payment', 'owed_back' UNION ALL
  SELECT 'payment.repaid', 'payment', 'repaid' UNION ALL
  SELECT 'payment.voided', 'payment', 'voided' UNION ALL
  SELECT 'order.confirmed', 'fraud', 'transactions.total' UNION ALL
  SELECT 'order.approved', 'fraud', 'transactions.total' UNION ALL
  SELECT 'order.confirmed', 'order_management', 'orders.total' UNION ALL
  SELECT 'order.held', 'order_management', 'orders.total' UNION ALL
  SELECT 'shipment.dispatched', 'warehouse', 'dispatched.total' UNION ALL
  SELECT 'invoice.issued', 'accounting', 'invoices_issued.total' UNION ALL
  SELECT 'invoice.credited', 'accounting', 'credit_notes' UNION ALL
  SELECT 'order.reduced', 'order_management', 'reduced.total' UNION ALL
  SELECT 'order.return_refunded', 'order_management', 'returns_refunded.total' UNION ALL
  SELECT 'shipment.returned', 'warehouse', 'returned.total' UNION ALL
  SELECT 'payment.refunded', 'payment', 'refunded' UNION ALL
  SELECT 'payment.paid_out', 'payment', 'paid_out' UNION ALL
  SELECT 'payment.expired', 'payment', 'expired' UNION ALL
  SELECT 'payment.charged_back', 'payment', 'charged_back'
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
  SELECT
    SPLIT(type, '.')[OFFSET(0)],
    'movements.' || sku,
    IF(type IN ('inventory.committed', 'furniture.committed'), -pieces, pieces)
  FROM moves
  UNION ALL
  SELECT 'order_management', 'delivered.count', COUNT(*) FROM order_pieces WHERE ordered > 0 AND delivered >= ordered
)
SELECT service, total, SUM(part) AS amount
FROM totals
GROUP BY service, total
HAVING SUM(part) <> 0
ORDER BY service, total
