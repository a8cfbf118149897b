import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from bench import client


class _Server(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(409 if body == b"5" else 201)
        self.send_header("Content-Length", str(len(body) * 40_000))
        self.end_headers()
        self.wfile.write(body * 40_000)

    def log_message(self, *_: object) -> None:
        pass


def _request(content: bytes) -> bytes:
    return b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b" % (len(content), content)


def test_every_request_is_answered_once_whatever_the_number_of_clients() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        outcome = client.run(server.server_port, [_request(b"%d" % number) for number in range(10)], clients=4)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

    assert outcome.statuses == {201: 9, 409: 1}
    assert sorted(body[:1] for body in outcome.bodies) == [b"%d" % number for number in range(10)]
    assert all(len(body) == 40_000 for body in outcome.bodies)
    assert len(outcome.latencies) == 10
    assert 0 < min(outcome.latencies) <= outcome.ended - outcome.began
