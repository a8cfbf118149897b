"""What functions-framework loads: the pricing service."""

from shared.hosts.cloud_run import function

pricing = function("pricing")
