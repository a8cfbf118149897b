-- title: Fraud outcomes
-- about: What became of scored orders, by decision and reason; an order with several reasons counts under each.
-- columns: decision, reason, orders, approved, rejected, refused, charged_back
WITH scored AS (
  SELECT f.order_id, f.fraud.decision AS decision, reason.code AS reason
  FROM fraud_scored AS f, UNNEST(f.fraud.reasons) AS reason
  WHERE f.time <= @until
  UNION ALL
  SELECT f.order_id, f.fraud.decision, 'none'
  FROM fraud_scored AS f
  WHERE f.time <= @until AND COALESCE(ARRAY_LENGTH(f.fraud.reasons), 0) = 0
),
approved AS (SELECT DISTINCT order_id FROM order_approved WHERE time <= @until),
rejected AS (SELECT DISTINCT order_id FROM order_rejected WHERE time <= @until),
refused AS (SELECT DISTINCT order_id FROM order_refused WHERE time <= @until),
charged_back AS (SELECT DISTINCT order_id FROM payment_charged_back WHERE time <= @until)
SELECT
  scored.decision AS decision,
  scored.reason AS reason,
  COUNT(*) AS orders,
  COUNT(approved.order_id) AS approved,
  COUNT(rejected.order_id) AS rejected,
  COUNT(refused.order_id) AS refused,
  COUNT(charged_back.order_id) AS charged_back
FROM scored
LEFT JOIN approved ON approved.order_id = scored.order_id
LEFT JOIN rejected ON rejected.order_id = scored.order_id
LEFT JOIN refused ON refused.order_id = scored.order_id
LEFT JOIN charged_back ON charged_back.order_id = scored.order_id
GROUP BY decision, reason
ORDER BY decision, reason
