"""Copies of the configuration, their state beside them: what init finds and a test spoils stays out of the project."""

import shutil
from pathlib import Path

from tests.terraform.offline.terraform import ROOT

LOCAL_STATE = 'terraform {\n  backend "local" {}\n}\n'
GIVEN = {"gcp": {"image": f"europe-docker.pkg.dev/online-boutique/boutique/services@sha256:{'5a' * 32}"}}
"""What is no environment's and is given by who applies: the image that the pipeline has built."""
READ = ("triggers", "docs", "functions/data_warehouse/reports", "shared/manifest.py")
"""What the configuration reads beside itself."""


def copied(to: Path) -> Path:
    """Copy what the stacks are made of; their state is kept locally. Returns the folder of the copy."""
    hidden = shutil.ignore_patterns(".terraform*", "*.tfstate*", "*.tfplan")
    shutil.copytree(ROOT / "terraform", to / "terraform", ignore=hidden)
    for each in READ:
        if (ROOT / each).exists():
            (to / each).parent.mkdir(parents=True, exist_ok=True)
            (to / each).symlink_to(ROOT / each)
    for stack in ("gcp", "azure"):
        if (to / "terraform" / stack).is_dir():
            (to / "terraform" / stack / "backend_override.tf").write_text(LOCAL_STATE)
    return to
