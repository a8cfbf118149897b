"""Card numbers have no business here (PCI DSS 4.0, requirement 3): what looks like one is refused, never kept."""

import re

_DIGITS = re.compile(r"\d(?:[ .-]?\d){11,18}")
"""12 to 19 digits, the lengths of ISO/IEC 7812-1, with the separators that people type."""


def looks_like_card_number(text: str) -> bool:
    """Say whether text holds 12 to 19 digits that pass the Luhn check of ISO/IEC 7812-1."""
    runs = _DIGITS.findall(text)
    if not runs:
        return False
    from stdnum import luhn  # noqa: PLC0415  (hardly any request holds such a run, so hardly any process needs it)

    return any(luhn.is_valid(re.sub(r"\D", "", run)) for run in runs)
