import pytest
from pydantic import TypeAdapter, ValidationError

from shared.values.personal import Email, PersonalName

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


@pytest.mark.parametrize("line", ["Ada", "Zoë 🎉", "王小明", "O'Brien-Smith"])
def test_a_name_is_any_text(line: str) -> None:
    assert TypeAdapter(PersonalName).validate_python(line) == line


@pytest.mark.parametrize("line", ["a\0b", "Ada\r\nBcc: eve@example.com", "a\x1b[2J", "a\x85b", "a\u2028b"])
def test_a_name_moves_no_cursor(line: str) -> None:
    with pytest.raises(ValidationError, match="without line breaks"):
        TypeAdapter(PersonalName).validate_python(line)
