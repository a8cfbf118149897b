"""Requests that a service's own document allows and forbids, and what is wrong with the answers."""

import base64
import json
import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import APIOperation, Case, GenerationMode, Response
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from shared.calls.transport import Wsgi, in_process
from shared.manifest import topics

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SAMPLES = {path.stem: json.loads(path.read_text("utf-8")) for path in Path("shared/events/samples").glob("*.json")}
JUNK: list[Any] = [{"junk": []}, [[]], {}, [None]]
"""What no field of an event is: events are refused, or a service would believe what nobody else heard."""
_KEPT = 40


class Known:
    """Values that the estate has answered with, by field: what a caller would send who has read it."""

    def __init__(self) -> None:
        self._values: dict[str, deque[Any]] = {}

    def learn(self, found: Any) -> None:
        """Keep strings and numbers of an answer by their field."""
        if isinstance(found, list):
            for each in found[:20]:
                self.learn(each)
        elif isinstance(found, dict):
            for name, value in found.items():
                if isinstance(value, (str, int)) and not isinstance(value, bool):
                    values = self._values.setdefault(name, deque(maxlen=_KEPT))
                    if value not in values:
                        values.append(value)
                else:
                    self.learn(value)

    def put_into(self, given: Any, random: Random) -> Any:
        """Return the input with most of its values that have a known field replaced by known ones."""
        if isinstance(given, list):
            return [self.put_into(each, random) for each in given]
        if not isinstance(given, dict):
            return given
        return {name: self._instead(name, value, random) for name, value in given.items()}

    def _instead(self, name: str, value: Any, random: Random) -> Any:
        values = self._values.get(name)
        if values and not isinstance(value, (dict, list)) and random.random() < 0.7:
            return random.choice(values)
        return self.put_into(value, random)


@dataclass(frozen=True)
class Sent:
    """A request that somebody sent in earnest."""

    path: str
    query: dict[str, str]
    body: Any


class Earnest:
    """What was sent to each operation before: bodies that mean something, to be changed in one place."""

    def __init__(self) -> None:
        self._sent: dict[tuple[str, str], deque[Sent]] = {}

    def note(self, service: str, method: str, sent: Sent) -> None:
        """Keep a request; the latest of a service and method are enough."""
        self._sent.setdefault((service, method), deque(maxlen=2000)).append(sent)

    def like(self, service: str, operation: APIOperation) -> list[tuple[dict[str, str], Sent]]:
        """Return what was sent to this operation, with its path's parameters."""
        template = re.compile(re.sub(r"{([a-z_]+)}", r"(?P<\1>[^/]+)", operation.path))
        sent = self._sent.get((service, operation.method.upper()), ())
        return [(match.groupdict(), each) for each in sent if (match := template.fullmatch(each.path))]


class Asked:
    """Sends requests to one service and notes every answer that its document doesn't have."""

    def __init__(self, app: Wsgi, service: str, token: Callable[[str], str], known: Known, earnest: Earnest) -> None:
        self._service, self._token, self._known, self._earnest = service, token, known, earnest
        self.statuses: Counter[int] = Counter()
        """How often each was answered."""
        self.wrong: dict[str, str] = {}
        """Operation and what is wrong -> a request that shows it."""
        document = json.loads(in_process(app, "GET", _document_of(service), {}, None, {}, 60).body)
        kept = {name: part for name, part in document.items() if name not in ("security", "servers")}
        self._schema = schemathesis.openapi.from_dict(kept)
        self._schema.app = app

    def operations(self) -> Iterator[APIOperation]:
        """Every operation of the document."""
        for each in self._schema.get_all_operations():
            yield each.ok()

    def ask_any(self, operation: APIOperation, mode: GenerationMode, times: int) -> None:
        """Send so many drawn requests; the same ones in every run if the profile says so."""
        earnest = self._earnest.like(self._service, operation)

        @settings(max_examples=times, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
        @given(operation.as_strategy(generation_mode=mode), st.integers(0, 2**32))
        def drawn(case: Case, seed: int) -> None:
            random = Random(seed)  # not Hypothesis's: what is known depends on what was answered before
            if earnest and random.random() < 0.5:
                self._ask(_changed(case, *random.choice(earnest), random), random)
            else:
                self._ask(self._realistic(case, random), random)

        with suppress(Unsatisfiable):  # an operation without input, say, can't be given a wrong one
            drawn()

    def _realistic(self, case: Case, random: Random) -> Case:
        case.path_parameters = self._known.put_into(case.path_parameters, random)
        case.query = self._known.put_into(case.query, random)
        if "x-events" in case.operation.definition.raw and random.random() < 0.7:
            case.body = _broken_push(self._service, case.operation, random)
        elif isinstance(case.body, (dict, list)):
            case.body = self._known.put_into(case.body, random)
        return case

    def _ask(self, case: Case, random: Random) -> None:
        callers = case.operation.definition.raw.get("x-callers") or ["operator"]
        headers = {"Authorization": f"Bearer {self._token(random.choice(callers))}"}
        answer = case.call(headers=headers)
        self.statuses[answer.status_code] += 1
        try:
            case.validate_response(answer, checks=CHECKS[1:] if _is_the_gateways(answer) else CHECKS)
        except FailureGroup as group:
            for failure in group.exceptions:
                what = f"{case.operation.label} {answer.status_code}: {failure.title}"
                self.wrong.setdefault(what, _shown(case, answer, str(failure)))
        if answer.status_code < 300 and "json" in (answer.headers.get("content-type") or [""])[0]:
            self._known.learn(answer.json())


def _changed(case: Case, parameters: dict[str, str], sent: Sent, random: Random) -> Case:
    """Return an earnest request again, with at most one field of its body as it was drawn."""
    drawn, case.path_parameters, case.query = case.body, dict(parameters), dict(sent.query)
    case.body = json.loads(json.dumps(sent.body))
    if isinstance(case.body, dict) and case.body and random.random() < 0.7:
        name = random.choice(list(case.body))
        odd = [*JUNK, None, "", -1, 0, 10**30, "\x00", "9" * 5000, *(drawn.values() if isinstance(drawn, dict) else ())]
        case.body[name] = random.choice(odd)
    return case


def _document_of(service: str) -> str:
    return "/api/openapi.json" if service == "fraud" else "/openapi.json"


def _is_the_gateways(answer: Response) -> bool:
    """Whether this tells that the payment gateway is out of order, as `tok_processing_error` asks it to be."""
    return answer.status_code == 503 and b'"code": "payment_unavailable"' in answer.content


def _shown(case: Case, answer: Response, failure: str) -> str:
    sent = f"{case.path_parameters} {case.query} {case.headers} {case.media_type} {case.body!r}"
    return f"{sent[:1500]}\n    -> {answer.content[:300]!r}\n    {failure[:600]}"


def _broken_push(service: str, operation: APIOperation, random: Random) -> dict[str, Any]:
    """Return a push of an event of the route of which one field is junk."""
    kinds = operation.definition.raw["x-events"]
    kind = random.choice([each for each in kinds if each in SAMPLES] or sorted(SAMPLES))
    event = json.loads(json.dumps(SAMPLES[kind]))
    if "*" in kinds:  # whoever keeps all events looks at their envelopes only
        event[random.choice([name for name in event if name != "data"])] = random.choice(JUNK)
    else:
        _break_a_leaf(event, random)
    function, topic = operation.path.removeprefix("/events/"), topics().of(kind)
    return {
        "message": {
            "data": base64.b64encode(json.dumps(event).encode()).decode(),
            "attributes": {"ce-type": kind, "ce-id": "evt_broken"},
            "messageId": "1",
        },
        "subscription": f"projects/local/subscriptions/{service}.{function}.{topic}",
        "deliveryAttempt": random.randint(1, 6),
    }


def _break_a_leaf(event: dict[str, Any], random: Random) -> None:
    part: Any = event
    while True:
        key = random.choice(list(part) if isinstance(part, dict) else range(len(part)))
        if not isinstance(part[key], (dict, list)) or not part[key]:
            part[key] = random.choice(JUNK)
            return
        part = part[key]
