"""GET /customers/{customer_id}/standing: how a customer stood, who said so and why, newest first."""

from typing import Annotated

from pydantic import Field

from functions.crm.customer import Standing
from functions.crm.identity import known
from functions.crm.standings import StandingChange
from shared.http.models import Answer, Items
from shared.storage import Database
from shared.values.clock import Timestamp
from shared.values.identifiers import CustomerId


class StandingChanged(Answer):
    """One change."""

    before: Standing
    after: Standing
    by: str
    reason: str
    at: Timestamp


class StandingChanges(Items):
    """A page of changes."""

    items: list[StandingChanged]


def list_standing_changes(
    customer_id: CustomerId,
    db: Database,
    cursor: str | None = None,
    limit: Annotated[int, Field(ge=1, le=200)] = 50,
) -> StandingChanges:
    """List the changes, those of records that were merged into this one included; NotFound."""
    owner = known(db, customer_id).customer_id
    page = db.query(StandingChange, order_by="at", descending=True, limit=limit, cursor=cursor, customer_id=owner)
    items = [
        StandingChanged(before=each.before, after=each.after, by=each.by, reason=each.reason, at=each.at)
        for each in page.items
    ]
    return StandingChanges(items=items, next_cursor=page.next_cursor)
