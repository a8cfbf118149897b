"""python -m tests.terraform.reachability: write docs/reachability.md from the plans of both stacks."""

from tests.terraform.offline.terraform import ROOT
from tests.terraform.reachability.page import page
from tests.terraform.reachability.planned import workshop

PAGE = ROOT / "docs" / "reachability.md"


def main() -> None:
    """Plan prod and write the page."""
    with workshop() as planned:
        PAGE.write_text(page(planned()), encoding="utf-8")
    print(PAGE.relative_to(ROOT))


if __name__ == "__main__":
    main()
