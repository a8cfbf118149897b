"""Bodies of the estate's own routes, read strictly."""

from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from shared.errors import BoutiqueError
from shared.http.problem import invalid
from shared.http.request import Request


class Form(BaseModel):
    """A body; unknown fields are refused by name."""

    model_config = ConfigDict(extra="forbid", defer_build=True)


F = TypeVar("F", bound=Form)


def read_form(kind: type[F], request: Request) -> F:
    """Read a body, a missing one as {}; Invalid by field."""
    try:
        return kind.model_validate_json(request.body() or b"{}")
    except ValidationError as failure:
        error: BoutiqueError = invalid(failure)
        raise error from None
