"""What functions-framework loads: the furniture service."""

from shared.hosts.cloud_run import function

furniture = function("furniture")
