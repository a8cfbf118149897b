"""Which function answers a method and a path: the rows of triggers, matched by literal first."""

import re
from urllib.parse import unquote

from shared.errors import MethodNotAllowed, NotFound
from shared.manifest import FunctionRow

_PARAMETER = re.compile(r"\{([a-z_]+)\}")


class Router:
    """Finds the function of a request; built once from a service's rows."""

    def __init__(self, functions: dict[str, FunctionRow]) -> None:
        self._literal: dict[tuple[str, str], str] = {}
        self._templates: list[tuple[str, re.Pattern[str], str]] = []
        self._methods: dict[str, set[str]] = {}
        for name, row in functions.items():
            if not row.http:
                continue
            if "{" in row.path:
                pattern = _PARAMETER.sub(r"(?P<\1>[^/]+)", row.path.replace(".", r"\."))
                self._templates.append((row.method, re.compile(pattern), name))
            else:
                self._literal[row.method, row.path] = name

    def find(self, method: str, path: str) -> tuple[str, dict[str, str]]:
        """Return the function's name and the path's parameters; NotFound or MethodNotAllowed otherwise."""
        literal = self._literal.get((method, path))
        if literal:
            return literal, {}
        others = {known for known, route in self._literal if route == path}
        for known, pattern, name in self._templates:
            match = pattern.fullmatch(path)
            if match and known == method:
                return name, {key: unquote(value) for key, value in match.groupdict().items()}
            if match:
                others.add(known)
        if others:
            allowed = sorted(others | ({"HEAD"} if "GET" in others else set()))
            raise MethodNotAllowed(f"{path} answers {', '.join(allowed)}", allow=allowed)
        raise NotFound(f"there is no route {method} {path}")
