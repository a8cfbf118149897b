"""GET /reports: which reports there are."""

from functions.data_warehouse.report import reports
from shared.http.models import Answer, Items


class ReportAnswer(Answer):
    """A report by the name under which it is asked for."""

    name: str
    title: str
    about: str


class Reports(Items):
    """All reports."""

    items: list[ReportAnswer]


def list_reports() -> Reports:
    """List the reports over the events, and reconciliation."""
    listed = [ReportAnswer(name=each.name, title=each.title, about=each.about) for each in reports().values()]
    reconciliation = ReportAnswer(
        name="reconciliation",
        title="Reconciliation",
        about="Whether every service's own documents add up to what the events say; what differs, by name.",
    )
    return Reports(items=sorted([*listed, reconciliation], key=lambda each: each.name))
