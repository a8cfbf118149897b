"""What functions-framework loads: the backoffice."""

from shared.hosts.cloud_run import function

backoffice = function("backoffice")
