"""Small immutable types without I/O: money, address, identifiers, time."""
