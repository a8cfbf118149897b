"""What functions-framework loads: the warehouse service."""

from shared.hosts.cloud_run import function

warehouse = function("warehouse")
