"""What functions-framework loads: the order management service."""

from shared.hosts.cloud_run import function

order_management = function("order_management")
