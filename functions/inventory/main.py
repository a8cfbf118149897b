"""What functions-framework loads: the inventory service."""

from shared.hosts.cloud_run import function

inventory = function("inventory")
