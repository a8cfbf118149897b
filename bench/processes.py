"""What the kernel says of a tree of processes: CPU time and memory, from /proc (Linux)."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_MIB = 1024 * 1024


@dataclass(frozen=True)
class Usage:
    """CPU seconds in user and kernel mode so far, and memory in MiB now (pss: None where it is not told)."""

    user_s: float
    system_s: float
    rss_mib: float
    pss_mib: float | None
    processes: int

    @property
    def cpu_s(self) -> float:
        """User and kernel mode together."""
        return self.user_s + self.system_s


def family(root: int) -> list[int]:
    """Return a process and all that descend from it, the root first."""
    children: dict[int, list[int]] = {}
    for pid, fields in _all():
        children.setdefault(int(fields[1]), []).append(pid)
    found = [root]
    for pid in found:
        found.extend(children.get(pid, ()))
    return found


def usage(root: int, *, alone: bool = False) -> Usage:
    """Return what a process and its living descendants used; time of children that ended counts with their parent.

    `alone`: what it used without its descendants.
    """
    user = system = rss = pss = 0.0
    known = True
    pids = [root] if alone else family(root)
    for pid in pids:
        try:
            fields = _stat(pid)
            share = _pss_kib(pid)
        except (FileNotFoundError, ProcessLookupError):
            continue
        user += (int(fields[11]) + int(fields[13])) / _TICKS
        system += (int(fields[12]) + int(fields[14])) / _TICKS
        rss += int(fields[21]) * _PAGE / _MIB
        known = known and share is not None
        pss += (share or 0) / 1024
    return Usage(user, system, rss, pss if known else None, len(pids))


def busy_s() -> float:
    """Return the CPU seconds that all of this machine's processes together used since it started."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()
    user, nice, system, _, _, interrupt, soft, stolen = (int(field) for field in fields[1:9])
    return (user + nice + system + interrupt + soft + stolen) / _TICKS


def command(pid: int) -> str:
    """Return a process's command line."""
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()


def folder_mib(folder: Path) -> float:
    """Return the space that a folder's files take on the disk."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_blocks * 512
        except FileNotFoundError:
            continue
    return total / _MIB


def _all() -> Iterator[tuple[int, list[str]]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                yield int(entry.name), _stat(int(entry.name))
            except (FileNotFoundError, ProcessLookupError):
                continue


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/<pid>/stat after the name: 0 state, 1 parent, 11-14 times, 21 resident pages."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _pss_kib(pid: int) -> int | None:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except (PermissionError, OSError):
        return None
    return None
