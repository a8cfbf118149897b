"""Azure's host: a function per row, and requests that reach the edge whole, by the real azure.functions objects."""

import io
import json
import logging
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import azure.functions as func
import pytest
from azure.functions.http import HttpRequestConverter
from azure.functions.meta import Datum

from shared.hosts.azure import answer, environ_of, function_app
from shared.hosts.local.azure import wsgi
from shared.manifest import service_row

FRAUD = Path(__file__).parents[3] / "functions" / "fraud"
HOST = json.loads((FRAUD / "host.json").read_text())


class Edge:
    """A small WSGI callable that remembers what it was asked and answers what it was told to."""

    def __init__(self, status: str = "200 OK", body: bytes = b"{}", **headers: str) -> None:
        self.status, self.body = status, body
        self.headers = [(name.replace("_", "-"), value) for name, value in headers.items()]
        self.asked: list[dict[str, Any]] = []

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        self.asked.append({**environ, "body": environ["wsgi.input"].read()})
        start_response(self.status, [("Content-Length", str(len(self.body))), *self.headers])
        return [self.body]


def call(
    app: Any, method: str, path: str, body: bytes = b"", query: str = "", **headers: str
) -> tuple[str, dict, bytes]:
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8080",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        **({"CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": "application/json"} if body else {}),
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
    }
    told: list[Any] = []
    answered = b"".join(app(environ, lambda status, headers, exc_info=None: told.extend((status, dict(headers)))))
    return told[0], told[1], answered


def served(edge: Any) -> Any:
    return wsgi(function_app("fraud", lambda: edge), HOST)


def test_registers_a_function_per_row_and_own_route() -> None:
    found = {
        function.get_function_name(): (
            function.get_trigger().route,
            [method.value for method in function.get_trigger().methods],
            function.get_trigger().auth_level.value,
            function.get_trigger().name,
        )
        for function in function_app("fraud", Edge).get_functions()
    }
    assert found == {
        "score_order": ("score", ["POST"], "anonymous", "req"),
        "record_transaction": ("transactions", ["POST"], "anonymous", "req"),
        "record_outcome": ("outcomes", ["POST"], "anonymous", "req"),
        "backtest_rules": ("backtests", ["POST"], "anonymous", "req"),
        "purge_history": ("purges", ["POST"], "anonymous", "req"),
        "report_control_totals": ("control-totals", ["GET", "HEAD"], "anonymous", "req"),
        "health": ("health", ["GET", "HEAD"], "anonymous", "req"),
        "openapi": ("openapi.json", ["GET", "HEAD"], "anonymous", "req"),
        "outstanding": ("outstanding", ["GET", "HEAD"], "anonymous", "req"),
    }
    assert found.keys() > service_row("fraud").functions.keys()


def test_functions_are_typed_as_the_worker_demands() -> None:
    for function in function_app("fraud", Edge).get_functions():
        assert function.get_user_function().__annotations__ == {"req": func.HttpRequest, "return": func.HttpResponse}


def test_refuses_rows_that_azure_cannot_fire() -> None:
    with pytest.raises(ValueError, match="HTTP functions only"):
        function_app("payment", Edge)


def test_the_edge_is_made_at_the_first_request_and_once() -> None:
    made: list[Edge] = []

    def edge() -> Edge:
        made.append(Edge())
        return made[-1]

    app = wsgi(function_app("fraud", edge), HOST)
    assert made == []
    call(app, "GET", "/api/control-totals")
    call(app, "GET", "/api/control-totals")
    assert len(made) == 1


def test_many_that_ask_at_once_wait_for_one_edge() -> None:
    made: list[Edge] = []

    def edge() -> Edge:
        time.sleep(0.05)
        made.append(Edge())
        return made[-1]

    app = wsgi(function_app("fraud", edge), HOST)
    asking = [Thread(target=call, args=(app, "GET", "/api/control-totals")) for _ in range(4)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert len(made) == 1


def test_a_request_reaches_the_edge_whole() -> None:
    edge = Edge()
    call(
        served(edge),
        "POST",
        "/api/score",
        b'{"order_id":"\xc3\xa9"}',
        "a=1&b=%2F%20&a=",
        authorization="Bearer t",
        idempotency_key="k1",
        traceparent="00-1",
        host="fraud.example",
    )
    [asked] = edge.asked
    assert {name: asked[name] for name in asked if name.isupper() and not name.startswith("SERVER")} == {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/api/score",
        "QUERY_STRING": "a=1&b=%2F%20&a=",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": "17",
        "HTTP_AUTHORIZATION": "Bearer t",
        "HTTP_IDEMPOTENCY_KEY": "k1",
        "HTTP_TRACEPARENT": "00-1",
        "HTTP_HOST": "fraud.example",
    }
    assert asked["body"] == b'{"order_id":"\xc3\xa9"}'
    assert asked["SERVER_NAME"] == "fraud.example"


def test_an_answer_of_the_edge_leaves_whole() -> None:
    problem = b'{"code":"in_progress"}'
    edge = Edge("409 Conflict", problem, Content_Type="application/problem+json", Retry_After="3")
    status, headers, body = call(served(edge), "POST", "/api/score", b"{}")
    assert (status, body) == ("409 Conflict", problem)
    assert {name.lower(): value for name, value in headers.items()} == {
        "content-type": "application/problem+json",
        "retry-after": "3",
        "content-length": "22",
    }


@pytest.mark.parametrize("status", ["500 Internal Server Error", "503 Service Unavailable"])
def test_the_body_of_a_failure_is_not_lost(status: str) -> None:
    edge = Edge(status, b'{"code":"internal"}', Content_Type="application/problem+json")
    assert call(served(edge), "GET", "/api/control-totals")[::2] == (status, b'{"code":"internal"}')


def test_an_empty_answer_stays_empty() -> None:
    assert call(served(Edge("204 No Content", b"")), "POST", "/api/score", b"{}")[::2] == ("204 No Content", b"")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/score"),
        ("POST", "/score"),
        ("POST", "/api"),
        ("POST", "/"),
        ("POST", "/api/score/x"),
        ("GET", "/health"),
    ],
)
def test_what_no_function_answers_is_404_by_the_host(method: str, path: str) -> None:
    edge = Edge()
    status, headers, body = call(served(edge), method, path, b"{}")
    assert (status, headers["content-type"]) == ("404 Not Found", "application/problem+json")
    assert json.loads(body)["code"] == "not_found"
    assert edge.asked == []


def test_routes_match_in_any_case_and_the_edge_sees_the_path_as_sent() -> None:
    edge = Edge()
    call(served(edge), "POST", "/API/Score", b"{}")
    assert edge.asked[0]["PATH_INFO"] == "/API/Score"


def test_without_content_length_the_body_is_empty_as_on_azure() -> None:
    edge = Edge()
    app = served(edge)
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/api/score",
        "SERVER_NAME": "h",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(b"{}"),
        "HTTP_TRANSFER_ENCODING": "chunked",
    }
    app(environ, lambda *_: None)
    assert edge.asked[0]["body"] == b""
    assert "HTTP_TRANSFER_ENCODING" not in edge.asked[0]


def test_a_function_that_raises_is_500_and_says_nothing_of_it(caplog: pytest.LogCaptureFixture) -> None:
    def broken(environ: Any, start_response: Any) -> Any:
        raise RuntimeError("secret")

    with caplog.at_level(logging.ERROR):
        status, headers, body = call(served(broken), "POST", "/api/score", b"{}")
    assert (status, headers["content-type"]) == ("500 Internal Server Error", "application/problem+json")
    assert json.loads(body)["code"] == "internal"
    assert b"secret" not in body


def test_serves_parameters_cookies_text_and_coroutines_like_the_host() -> None:
    app = func.FunctionApp()

    @app.route("things/{thing}", methods=["GET"])
    def thing(req: func.HttpRequest) -> func.HttpResponse:
        said = json.dumps([req.route_params["thing"], req.params["q"], req.url])
        return func.HttpResponse(said, headers={"Set-Cookie": "a=1; Path=/"})

    @app.route("things/all")
    async def everything(req: func.HttpRequest) -> str:
        return f"all by {req.method}"

    served = wsgi(app, {})
    status, headers, body = call(served, "GET", "/api/things/x%20y".replace("%20", " "), query="q=1")
    assert (status, json.loads(body)) == ("200 OK", ["x y", "1", "http://127.0.0.1:8080/api/things/x%20y?q=1"])
    assert headers["Set-Cookie"] == "a=1; Path=/"
    assert call(served, "DELETE", "/api/things/all")[::2] == ("200 OK", b"all by DELETE")


def test_takes_a_request_as_the_worker_decodes_it() -> None:
    text = {
        name: Datum(value, "string")
        for name, value in {"method": "post", "url": "https://f.example/api/score?x=1"}.items()
    }
    headers = {"content-type": Datum("application/json", "string"), "x-forwarded-for": Datum("203.0.113.7", "string")}
    wire = Datum({**text, "headers": headers, "query": {}, "params": {}, "body": Datum(b'{"a":1}', "bytes")}, "http")
    environ = environ_of(HttpRequestConverter.decode(wire, trigger_metadata=None))
    assert environ["REQUEST_METHOD"] == "POST"
    assert (environ["PATH_INFO"], environ["QUERY_STRING"]) == ("/api/score", "x=1")
    assert (environ["SERVER_NAME"], environ["SERVER_PORT"], environ["wsgi.url_scheme"]) == ("f.example", "443", "https")
    assert (environ["HTTP_X_FORWARDED_FOR"], environ["CONTENT_TYPE"]) == ("203.0.113.7", "application/json")
    assert environ["wsgi.input"].read() == b'{"a":1}'


def test_an_answer_is_azures_own_object() -> None:
    request = func.HttpRequest("GET", "https://f.example/api/health", body=b"")
    given = answer(request, Edge("200 OK", b'{"status":"ok"}', Content_Type="application/json"))
    assert isinstance(given, func.HttpResponse)
    assert (given.status_code, given.get_body(), given.headers["content-type"]) == (
        200,
        b'{"status":"ok"}',
        "application/json",
    )


def test_the_fraud_app_is_what_a_worker_looks_for() -> None:
    source = (FRAUD / "function_app.py").read_text()
    assert len(source.splitlines()) < 10
    space: dict[str, Any] = {}
    exec(compile(source, "function_app.py", "exec"), space)
    assert [value for value in space.values() if isinstance(value, func.FunctionApp)] == [space["app"]]


def test_host_and_settings_files_fit() -> None:
    assert HOST["version"] == "2.0"
    assert HOST["extensions"]["http"]["routePrefix"] == "api"
    example = json.loads((FRAUD / "local.settings.example.json").read_text())
    assert example["Values"]["FUNCTIONS_WORKER_RUNTIME"] == "python"
    assert not [name for name in example["Values"] if "KEY" in name or "SECRET" in name]


def test_the_zip_pins_what_the_root_pins() -> None:
    def pins(path: Path) -> set[str]:
        lines = (line.split("#")[0].split(";")[0].strip() for line in path.read_text().splitlines())
        return {line for line in lines if line}

    assert pins(FRAUD / "requirements.txt") <= pins(FRAUD.parents[1] / "requirements.txt")
