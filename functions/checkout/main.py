"""What functions-framework loads: the checkout service."""

from shared.hosts.cloud_run import function

checkout = function("checkout")
