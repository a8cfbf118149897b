"""The whole estate on one machine."""
