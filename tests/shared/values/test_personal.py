import pytest
from pydantic import TypeAdapter, ValidationError

from shared.values.personal import Email

emails = TypeAdapter(Email)


@pytest.mark.parametrize("written", ["ada@example.com", " Ada@Example.COM ", "ADA@EXAMPLE.COM"])
def test_an_address_is_found_however_it_was_written(written: str) -> None:
    assert emails.validate_python(written) == "ada@example.com"


@pytest.mark.parametrize(
    "wrong", ["", "ada", "@example.com", "ada@", "ada@com", "a da@example.com", "ada@exam\nple.com", "ada@.com."]
)
def test_refuses_what_is_no_address(wrong: str) -> None:
    with pytest.raises(ValidationError):
        emails.validate_python(wrong)
