"""The front door of the estate: `/<service>/…` to the services, `/-/…` and the identity route to the estate itself."""

import io
import logging
import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING

from shared.errors import BoutiqueError, NotFound
from shared.hosts.local.admin import Admin
from shared.hosts.local.estate import Estate
from shared.hosts.local.identity import serve_identity
from shared.hosts.local.precedence import Precedence
from shared.hosts.local.publishing import PublishDoor
from shared.hosts.local.sign_in import SignIn
from shared.http.problem import internal, problem
from shared.http.request import MAX_BODY, Environ, Request, Response, StartResponse

if TYPE_CHECKING:
    from shared.hosts.local.pushes import Pushes

log = logging.getLogger(__name__)


class Front:
    """A WSGI callable over the whole estate."""

    def __init__(
        self,
        estate: Estate,
        admin: Admin,
        publishing: PublishDoor,
        precedence: Precedence,
        pushes: "Pushes | None" = None,
    ) -> None:
        self._estate, self._admin, self._publishing, self._precedence = estate, admin, publishing, precedence
        self._pushes = pushes
        self._sign_in = SignIn(estate.signer, estate.settings)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        path = environ["PATH_INFO"]
        end = path.find("/", 1)
        name = path[1:end] if end > 0 else path[1:]
        service = self._estate.services.get(name)
        _receive(environ)
        if service is None:
            request = Request(environ)
            return self._own(request).send(start_response, with_body=request.wants_body)
        below = path[end:] if end > 0 else "/"
        if self._pushes and self._pushes.admits(environ, below):
            return self._pushes.take(environ, start_response)
        first = self._sign_in.before(name, below, environ)
        if first is not None:
            return first.send(start_response)
        with self._precedence.answering():
            return service({**environ, "SCRIPT_NAME": f"/{name}", "PATH_INFO": below}, start_response)

    def _own(self, request: Request) -> Response:
        try:
            if (signed := self._sign_in.answer(request)) is not None:
                return signed
            if request.path.startswith("/-/"):
                return self._admin.answer(request)
            if request.path.startswith("/v1/"):
                return self._publishing.answer(request)
            if request.path.startswith("/computeMetadata/"):
                return serve_identity(request, self._estate.signer)
            raise NotFound(f"there is no service at {request.path}; GET /-/services lists them")
        except BoutiqueError as error:
            return problem(error)
        except Exception:
            reference = secrets.token_hex(8)
            log.exception("the estate's own %s failed (%s)", request.method, reference)
            return internal(reference)


def _receive(environ: Environ) -> None:
    """Read the body, whatever becomes of the request.

    Where an answer comes before the body was read, the server closes the connection, and the client's next request
    on it is lost. A body that is too large is left where it is.
    """
    length = environ.get("CONTENT_LENGTH") or ""
    chunked = "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "")
    if chunked or (length.isdecimal() and 0 < int(length) <= MAX_BODY):
        whole = environ["wsgi.input"].read(MAX_BODY + 1 if chunked else int(length))
        environ["wsgi.input"] = io.BytesIO(whole)
