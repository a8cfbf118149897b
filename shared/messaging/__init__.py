"""The Publisher port, and the embedded broker with Pub/Sub's push semantics."""
