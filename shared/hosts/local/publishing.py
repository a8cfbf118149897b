"""Publishing over HTTP: Pub/Sub's own route for services in processes of their own; `/-/topics/…` shares its body.

A service may publish to the topics of the events that its file lists, and to the dead-letter topics of its own
subscriptions, as IAM has it in the cloud.
"""

import base64
import binascii
import json
import re

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.errors import Forbidden, Invalid, NotFound
from shared.hosts.local.desk import Desk
from shared.http.authentication import Authenticator
from shared.http.problem import invalid
from shared.http.request import Request, Response
from shared.manifest import manifest
from shared.messaging.publisher import Message
from shared.settings import Settings
from shared.values.clock import utc_now

_ROUTE = re.compile(r"/v1/projects/[a-z0-9-]+/topics/([A-Za-z0-9._-]+):publish")


class _Published(BaseModel):
    model_config = ConfigDict(extra="forbid", defer_build=True)

    data: str = ""
    attributes: dict[str, str] = {}
    orderingKey: str = ""  # noqa: N815  (Pub/Sub's name)


class _Publish(BaseModel):
    model_config = ConfigDict(extra="forbid", defer_build=True)

    messages: list[_Published] = Field(min_length=1, max_length=1000)


class PublishDoor:
    """Answers `POST /v1/projects/{project}/topics/{topic}:publish` of services."""

    def __init__(self, broker: Desk, settings: Settings) -> None:
        self._broker = broker
        self._authenticate = Authenticator("v1", settings, utc_now)

    def answer(self, request: Request) -> Response:
        """Publish, if the caller's file lists an event of this topic; Forbidden otherwise."""
        match = _ROUTE.fullmatch(request.path)
        if match is None or request.method != "POST":
            raise NotFound(f"there is no route {request.method} {request.path}")
        rows = manifest()
        caller = self._authenticate.caller(request.header("authorization"), tuple(rows.services)).name
        topic = match[1]
        listed = {rows.topics.of(event_type) for event_type in rows.services[caller].publishes}
        if topic not in listed and not topic.startswith(f"{caller}."):
            raise Forbidden(f"{caller} publishes no event of {topic}")
        return publish(self._broker, topic, request)


def publish(broker: Desk, topic: str, request: Request) -> Response:
    """Publish the messages of a Pub/Sub publish body; NotFound for an unknown topic."""
    try:
        body = _Publish.model_validate_json(request.body() or b"{}")
        messages = [
            Message(topic, base64.b64decode(each.data, validate=True), each.attributes, each.orderingKey)
            for each in body.messages
        ]
        return Response(200, json.dumps({"messageIds": broker.publish(messages)}).encode())
    except ValidationError as failure:
        raise invalid(failure) from None
    except binascii.Error as error:
        raise Invalid(("messages.data", "expected base64")) from error
    except LookupError as error:
        raise NotFound(f"there is no topic {topic}") from error
