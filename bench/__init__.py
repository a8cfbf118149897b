"""The benchmarks: the whole estate, unchanged, under load; what an order costs; how fast a function starts."""
