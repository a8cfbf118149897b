"""A day in the data warehouse: the hour is checked, and the checks are read."""

from tests.in_process import InProcess


def live(estate: InProcess) -> None:
    """Ask every route of data_warehouse that no other service asks."""
    estate.run("data_warehouse", "check_control_totals")
    estate.get("/data_warehouse/checks")
    estate.get("/data_warehouse/archive?limit=5")
    estate.get("/data_warehouse/content-hash")
