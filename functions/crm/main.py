"""What functions-framework loads: the crm service."""

from shared.hosts.cloud_run import function

crm = function("crm")
