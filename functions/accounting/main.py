"""What functions-framework loads: the accounting service."""

from shared.hosts.cloud_run import function

accounting = function("accounting")
