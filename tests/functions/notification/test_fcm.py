"""Push notifications in Firebase's own wire format."""

import pytest
from requests import ConnectTimeout
from requests_mock import Mocker

from functions.notification.fcm import Fcm
from functions.notification.mailer import Refused
from functions.notification.push_service import PushService
from shared.errors import Unavailable
from shared.settings import Settings

URL = "https://fcm.googleapis.com/v1/projects/boutique/messages:send"
TOKEN_URL = "http://metadata.test/computeMetadata/v1/instance/service-accounts/default/token"
SENT = '{"name": "projects/boutique/messages/0:1500415314455276%31bd1c9631bd1c96"}'
GONE = """{"error": {"code": 404, "message": "Requested entity was not found.", "status": "NOT_FOUND", "details": [
 {"@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": "UNREGISTERED"}]}}"""
BAD = '{"error": {"code": 400, "message": "Invalid JSON payload received.", "status": "INVALID_ARGUMENT"}}'


@pytest.fixture
def fcm(requests_mock: Mocker) -> Fcm:
    requests_mock.get(TOKEN_URL, text='{"access_token": "ya29.c", "expires_in": 3599, "token_type": "Bearer"}')
    return Fcm("boutique", "http://metadata.test")


def push(fcm: Fcm) -> str:
    return fcm.push("evt_1.push@online-boutique.example", "device-1", "Online Boutique", "It is on its way")


def test_a_device_shows_one_notification_per_message(fcm: Fcm, requests_mock: Mocker) -> None:
    requests_mock.post(URL, text=SENT)

    assert push(fcm) == "projects/boutique/messages/0:1500415314455276%31bd1c9631bd1c96"

    token, request = requests_mock.request_history
    assert token.headers["Metadata-Flavor"] == "Google"
    assert request.headers["Authorization"] == "Bearer ya29.c"
    assert request.json() == {
        "message": {
            "token": "device-1",
            "notification": {"title": "Online Boutique", "body": "It is on its way"},
            "data": {"message_id": "evt_1.push@online-boutique.example"},
            "android": {"notification": {"tag": "evt_1.push@online-boutique.example"}},
            "apns": {"headers": {"apns-collapse-id": "evt_1.push@online-boutique.example"}},
        }
    }


@pytest.mark.parametrize(("status", "body", "code"), [(404, GONE, "UNREGISTERED"), (400, BAD, "INVALID_ARGUMENT")])
def test_what_firebase_never_takes_is_refused(
    fcm: Fcm, requests_mock: Mocker, status: int, body: str, code: str
) -> None:
    requests_mock.post(URL, status_code=status, text=body)

    with pytest.raises(Refused) as refused:
        push(fcm)

    assert refused.value.code == code


@pytest.mark.parametrize(
    "answer", [{"status_code": 429}, {"status_code": 503}, {"status_code": 401}, {"exc": ConnectTimeout}]
)
def test_what_may_pass_is_tried_again(fcm: Fcm, requests_mock: Mocker, answer: dict[str, object]) -> None:
    requests_mock.post(URL, **answer)  # type: ignore[arg-type]

    with pytest.raises(Unavailable):
        push(fcm)


def test_without_a_token_nothing_is_sent(requests_mock: Mocker) -> None:
    requests_mock.get(TOKEN_URL, status_code=503)

    with pytest.raises(Unavailable):
        push(Fcm("boutique", "http://metadata.test"))

    assert len(requests_mock.request_history) == 1


def test_it_is_chosen_by_its_project() -> None:
    assert isinstance(PushService.connect(Settings(firebase_project="boutique")), Fcm)
