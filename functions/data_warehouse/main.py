"""What functions-framework loads: the data_warehouse service."""

from shared.hosts.cloud_run import function

data_warehouse = function("data_warehouse")
