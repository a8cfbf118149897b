"""What functions-framework loads: the payment service."""

from shared.hosts.cloud_run import function

payment = function("payment")
