"""What the Azure Functions worker loads: the fraud service, one function per row."""

from shared.hosts.azure import function_app

app = function_app("fraud")
