"""Other shops, measured on the same machine in the same way: a whole checkout of three products by their own API."""
