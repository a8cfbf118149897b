"""What functions-framework loads: the legacy_checkout service."""

from shared.hosts.cloud_run import function

legacy_checkout = function("legacy_checkout")
