"""python -m deploy.stack plan|apply gcp|azure: Terraform's commands in their order; what was planned is applied."""

import argparse
import sys
from pathlib import Path

from deploy.handover import path as given_by_the_other
from deploy.running import BUILT, Command, built_image, run

BACKENDS = {"gcp": "gcs", "azure": "azurerm"}


def commands(step: str, stack: str, environment: str, image: str | None, handed: bool = False) -> list[Command]:
    """Return the commands of a step. Google's stack wants the image by digest, Azure's has none.

    `handed`: whether the other stack has left its variables for this one.
    """
    terraform = ["terraform", f"-chdir=terraform/{stack}"]
    saved = f"{environment}.tfplan"
    if step == "apply":
        return [[*terraform, "apply", "-input=false", saved]]
    backend = f"-backend-config=environments/{environment}.{BACKENDS[stack]}.tfbackend"
    given = [f"-var-file=environments/{given_by_the_other(stack, environment).name}"] if handed else []
    given += [f"-var=image={image}"] if stack == "gcp" else []
    return [
        [*terraform, "init", "-input=false", "-reconfigure", backend],
        [
            *(*terraform, "plan", "-input=false", f"-var-file=environments/{environment}.tfvars"),
            *(*given, f"-out={saved}"),
        ],
    ]


def main() -> None:
    """Plan or apply a stack of an environment."""
    parser = argparse.ArgumentParser(prog="python -m deploy.stack")
    parser.add_argument("step", choices=["plan", "apply"])
    parser.add_argument("stack", choices=sorted(BACKENDS))
    parser.add_argument("--environment", required=True, choices=["dev", "staging", "prod"])
    parser.add_argument("--built", type=Path, default=BUILT, help="the file that names the image by digest")
    asked = parser.parse_args()
    image = built_image(asked.built) if (asked.step, asked.stack) == ("plan", "gcp") else None
    handed = given_by_the_other(asked.stack, asked.environment).is_file()
    for command in commands(asked.step, asked.stack, asked.environment, image, handed):
        sys.stdout.write(run(command))


if __name__ == "__main__":
    main()
