"""A day in accounting, for the suite that reads every answer."""

from tests.in_process import InProcess


def live(estate: InProcess) -> None:
    estate.get("/accounting/chart-of-accounts")
    estate.get("/accounting/trial-balance?entity=ob-eu")
    estate.ask("operator", "GET", "/accounting/trial-balance?entity=ob-nowhere")
