"""GET /credit-notes/{credit_note_id}/document: a credit note as the customer gets it, JSON, HTML or PDF by Accept."""

from functions.accounting.credit_notes import CreditNote, CreditNoteId
from functions.accounting.document import Document, credit_note_document
from shared.errors import NotFound
from shared.storage import Database


def get_credit_note_document(credit_note_id: CreditNoteId, db: Database) -> Document:
    """Return the document of a return's credit note; NotFound for an unknown one."""
    note = db.get(CreditNote, credit_note_id)
    if note is None:
        raise NotFound(f"no credit note {credit_note_id}")
    return credit_note_document(note)
