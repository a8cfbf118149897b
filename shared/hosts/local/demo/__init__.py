"""`make demo`: the whole estate in a throw-away folder, five orders followed to their end over HTTP, and a verdict."""
