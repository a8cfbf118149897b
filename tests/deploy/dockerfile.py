"""A Dockerfile's steps without Docker: stages are folders, absolute paths lie in them, RUN is run by the shell here."""

import fnmatch
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

KNOWN = {"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "ENTRYPOINT"}


@dataclass
class Stage:
    """What a stage has come to: its root, where its commands run, its variables, user and entry."""

    base: str
    root: Path
    workdir: str = "/"
    variables: dict[str, str] = field(default_factory=dict)
    user: str = "root"
    entry: list[str] = field(default_factory=list)


def instructions(text: str) -> list[tuple[str, str]]:
    """Return each instruction with what follows it, continued lines joined; ValueError for one that is not known."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    found = [(word, rest) for word, _, rest in (line.partition(" ") for line in joined.splitlines() if line.strip())]
    unknown = {word for word, _ in found} - KNOWN
    if unknown:
        raise ValueError(f"not understood: {', '.join(sorted(unknown))}")
    return found


def build(dockerfile: Path, into: Path) -> Stage:
    """Go through all instructions and return the last stage; CalledProcessError where a RUN fails."""
    stages: dict[str, Stage] = {}
    context = dockerfile.parent
    stage = Stage("", into)
    for word, rest in instructions(dockerfile.read_text("utf-8")):
        if word == "FROM":
            base, _, name = rest.partition(" AS ")
            stage = stages[name or "last"] = Stage(base, into / (name or "last"))
            (stage.root / "tmp").mkdir(parents=True)
        elif word == "COPY":
            _copy(rest, stage, stages, context)
        elif word == "RUN":
            _run(rest, stage)
        else:
            _note(word, rest, stage)
    return stage


def _note(word: str, rest: str, stage: Stage) -> None:
    if word == "WORKDIR":
        stage.workdir = rest
        inside(stage, rest).mkdir(parents=True, exist_ok=True)
    elif word == "ENV":
        stage.variables |= dict(each.split("=", 1) for each in shlex.split(rest))
    elif word == "USER":
        stage.user = rest
    else:
        stage.entry = json.loads(rest)


def inside(stage: Stage, path: str) -> Path:
    """Return where a path of the image is here."""
    return stage.root / (path if path.startswith("/") else f"{stage.workdir}/{path}").lstrip("/")


def _run(command: str, stage: Stage) -> None:
    """Run a command with the paths that the Dockerfile itself names put below the stage's root."""
    command = re.sub(r"(?<=\s)/(?=(packages|app)\b)", f"{stage.root}/", command)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    place = inside(stage, stage.workdir)
    subprocess.run(["/bin/sh", "-ec", command], cwd=place, env={**clean, "PATH": path}, check=True)


def _copy(rest: str, stage: Stage, stages: dict[str, Stage], context: Path) -> None:
    *sources, target = shlex.split(rest)
    origin = stages[sources.pop(0).removeprefix("--from=")] if sources[0].startswith("--from=") else None
    for source in sources:
        to = inside(stage, target)
        found = inside(origin, source) if origin else context / source
        if target.endswith("/"):
            to = to / found.name
        if found.is_dir():
            shutil.copytree(found, to, dirs_exist_ok=True, ignore=None if origin else _leaving_out(excluded(context)))
        else:
            shutil.copy(found, to)


def _leaving_out(paths: set[Path]) -> Callable[[str, list[str]], set[str]]:
    return lambda folder, names: {name for name in names if Path(folder) / name in paths}


def excluded(context: Path) -> set[Path]:
    """Return what .dockerignore keeps out of the build's context, by its rules in turn: the last that fits decides."""
    rules = [
        line
        for line in (context / ".dockerignore").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    tracked = [path for top in sorted(context.iterdir()) if top.name[0] != "." for path in [top, *_below(top)]]
    return {path for path in tracked if _is_out(path.relative_to(context).as_posix(), rules)}


def _below(top: Path) -> list[Path]:
    return list(top.rglob("*")) if top.name in ("functions", "shared", "triggers") else []


def _is_out(name: str, rules: list[str]) -> bool:
    out = False
    parts = name.split("/")
    ways = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    for rule in rules:
        pattern = rule.removeprefix("!")
        if any(_fits(way, pattern) for way in ways):
            out = not rule.startswith("!")
    return out


def _fits(name: str, pattern: str) -> bool:
    if pattern.startswith("**/"):
        return any(
            fnmatch.fnmatch(rest, pattern[3:])
            for rest in (name, *(name[i + 1 :] for i, c in enumerate(name) if c == "/"))
        )
    return name.count("/") == pattern.count("/") and fnmatch.fnmatch(name, pattern)
