"""GET /chart-of-accounts: every account with its number, type and normal side."""

from functions.accounting.accounts import CHART, AccountType, Side
from shared.http.models import Answer, Items


class AccountRow(Answer):
    """An account, or with a part in braces a family of them: `sales_tax:{state}`."""

    account: str
    number: int
    type: AccountType
    normal_side: Side
    about: str


class ChartOfAccounts(Items):
    """All accounts, by number."""

    items: list[AccountRow]


def get_chart_of_accounts() -> ChartOfAccounts:
    """List the accounts."""
    return ChartOfAccounts(
        items=[
            AccountRow(account=row.name, number=row.number, type=row.type, normal_side=row.normal, about=row.about)
            for row in sorted(CHART, key=lambda row: row.number)
        ]
    )
