"""What turns typed functions and rows of triggers into something that a cloud or a laptop can serve."""

import shared.settings  # noqa: F401  (before anything imports pydantic: it sets how that starts)
