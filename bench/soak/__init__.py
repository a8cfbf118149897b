"""Many customers and random `kill -9` of our processes, then every invariant: `python -m bench.soak`."""
