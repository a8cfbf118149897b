"""checkov finds nothing in terraform/ that is not meant so, with a reason; and it does find."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.checkov import Checked, checked
from tests.environments import NotMade

OPEN = """
resource "azurerm_storage_account" "open" {
  name                     = "open"
  resource_group_name      = "here"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "LRS"
  min_tls_version          = "TLS1_0"
}
"""


@pytest.fixture(scope="module")
def said(require: Callable[[Any, str], None]) -> Checked:
    """What checkov says of terraform/."""
    try:
        return checked()
    except NotMade as reason:
        require(False, str(reason))
        raise


def test_nothing_is_found(said: Checked) -> None:
    assert said.failed == []
    assert said.passed > 80


def test_what_is_meant_so_has_a_reason(said: Checked) -> None:
    assert {name: reason for name, reason in said.skipped.items() if len(reason.strip()) < 15} == {}


def test_it_finds_what_is_open(said: Checked, tmp_path: Path) -> None:
    (tmp_path / "open.tf").write_text(OPEN)

    assert "CKV_AZURE_44 azurerm_storage_account.open" in {each.partition(":")[0] for each in checked(tmp_path).failed}
