"""What functions-framework loads: the notification service."""

from shared.hosts.cloud_run import function

notification = function("notification")
