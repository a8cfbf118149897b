"""GET /customers/{customer_id}/consents: what a customer said of how they are told and what they agree to."""

from typing import Annotated

from pydantic import Field

from functions.crm.identity import known
from functions.crm.preferences import Consent, Subject
from shared.http.models import Answer, Items
from shared.storage import Database
from shared.values.clock import Timestamp
from shared.values.identifiers import CustomerId
from shared.values.personal import PersonalText


class ConsentSaid(Answer):
    """What was said of what, when, and where we have it from."""

    what: Subject
    said: str
    source: PersonalText
    at: Timestamp


class Consents(Items):
    """A page of what was said."""

    items: list[ConsentSaid]


def list_consents(
    customer_id: CustomerId,
    db: Database,
    cursor: str | None = None,
    limit: Annotated[int, Field(ge=1, le=200)] = 50,
) -> Consents:
    """List it newest first, that of records merged into this one included; NotFound for an unknown customer."""
    owner = known(db, customer_id).customer_id
    page = db.query(Consent, order_by="at", descending=True, limit=limit, cursor=cursor, customer_id=owner)
    items = [ConsentSaid(what=each.what, said=each.said, source=each.source, at=each.at) for each in page.items]
    return Consents(items=items, next_cursor=page.next_cursor)
