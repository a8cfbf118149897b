"""VAT identification numbers: whether one is of the form, and has the check digits, that its country gives out."""

from typing import Any

from shared.errors import Invalid

_SEPARATORS = str.maketrans("", "", " .-/")


def vat_id_of(text: str) -> str:
    """Return a VAT id without separators: of the Union (and XI), GB, CHE or NO. Invalid for what is none.

    Says nothing about whether it was given to anybody: only the register of its country knows that.
    """
    from stdnum.exceptions import ValidationError  # noqa: PLC0415  (only needed when somebody sets a billing profile)

    compact = text.upper().translate(_SEPARATORS)
    prefix = compact[:2] if compact.startswith(("GB", "NO")) else ""
    try:
        return prefix + str(_registry(compact).validate(compact.removeprefix(prefix)))
    except ValidationError:
        raise Invalid(("vat_id", "expected a VAT id with its country's prefix, such as DE136695976")) from None


def _registry(compact: str) -> Any:
    from stdnum.ch import vat as swiss  # noqa: PLC0415
    from stdnum.eu import vat as union  # noqa: PLC0415
    from stdnum.gb import vat as british  # noqa: PLC0415
    from stdnum.no import mva as norwegian  # noqa: PLC0415

    by_prefix = {"CHE": swiss, "GB": british, "NO": norwegian}
    return next((module for prefix, module in by_prefix.items() if compact.startswith(prefix)), union)
