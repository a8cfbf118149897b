"""POST /dead-letters/{letter_id}/replay: the form by which a person on duty sends a dead letter again."""

from typing import Annotated

from pydantic import Field

from functions.backoffice.decision import Decided, Notice
from functions.backoffice.operations import Operations
from shared.http.models import Form

LetterId = Annotated[str, Field(pattern=r"^[0-9]{1,18}$")]


class ReplayDeadLetter(Form):
    """Nothing more is asked: the address names the letter."""


def replay_dead_letter(letter_id: LetterId, form: ReplayDeadLetter, operations: Operations) -> Decided:
    """Send it to its subscription alone; its function's records make sure that nothing is done twice."""
    replayed = operations.replay([letter_id])
    notice: Notice = "replayed" if replayed else "not_replayed"
    return Decided(notice=notice, see_other=f"../../?notice={notice}")
