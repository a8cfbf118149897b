"""What turns typed functions and rows of triggers into something that a cloud or a laptop can serve."""
