"""Comparing the contracts of two revisions: what breaks, and whom it hits."""
