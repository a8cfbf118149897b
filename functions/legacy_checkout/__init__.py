"""A drop-in for what the old GKE checkout calls: seven addresses and a raw message, answered in their old shapes.

Owns what was heard of each of that checkout's orders, by call and by message, until it is one order of ours; and, in
shadow mode, what differed between the old services' answers and ours. Never touches stock, money or customers itself:
checkout takes the order in, and every figure it shows is asked of the service whose figure it is.
"""
