"""What serves the edge: Cloud Run, Azure Functions, and the whole estate on one machine."""
