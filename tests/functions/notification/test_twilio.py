"""Text messages in Twilio's own wire format."""

from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest
from requests import ConnectTimeout
from requests_mock import Mocker

from functions.notification.mailer import Refused
from functions.notification.texter import Texter
from functions.notification.twilio import Twilio
from shared.errors import Unavailable
from shared.settings import Settings

URL = "https://api.twilio.com/2010-04-01/Accounts/AC123/Messages.json"
CREATED = """{"account_sid": "AC123", "api_version": "2010-04-01", "body": "Your order is on its way",
 "date_created": "Fri, 20 Nov 2026 08:00:00 +0000", "date_sent": null, "direction": "outbound-api",
 "error_code": null, "error_message": null, "from": "+15017122661", "messaging_service_sid": null,
 "num_media": "0", "num_segments": "1", "price": null, "price_unit": null,
 "sid": "SM0123456789abcdef", "status": "queued", "to": "+31201234567", "uri": "/…/SM0123456789abcdef.json"}"""
LISTED = """{"end": 0, "first_page_uri": "/…", "messages": [%s], "next_page_uri": null, "page": 0, "page_size": 20,
 "previous_page_uri": null, "start": 0, "uri": "/…"}"""
NO_MOBILE = """{"code": 21614, "message": "'To' number is not a valid mobile number",
 "more_info": "https://www.twilio.com/docs/errors/21614", "status": 400}"""
TEXT, TO = "Your order is on its way", "+31201234567"
SINCE = datetime(2026, 11, 20, 8, 0, 0, 500, tzinfo=UTC)


@pytest.fixture
def twilio() -> Twilio:
    return Twilio("AC123", "secret", "+15017122661")


def test_a_text_is_posted_as_a_form_and_answers_with_its_sid(twilio: Twilio, requests_mock: Mocker) -> None:
    requests_mock.post(URL, text=CREATED, status_code=201)

    assert twilio.text("evt_1.sms@x", TO, TEXT, again_since=None) == "SM0123456789abcdef"

    [request] = requests_mock.request_history
    assert parse_qs(request.text) == {"From": ["+15017122661"], "To": [TO], "Body": [TEXT]}
    assert request.headers["Authorization"] == "Basic QUMxMjM6c2VjcmV0"


def test_a_messaging_service_may_send(requests_mock: Mocker) -> None:
    requests_mock.post(URL, text=CREATED, status_code=201)

    Twilio("AC123", "secret", "MG77").text("evt_1.sms@x", TO, TEXT, again_since=None)

    assert parse_qs(requests_mock.request_history[0].text)["MessagingServiceSid"] == ["MG77"]


def test_a_text_that_was_sent_before_the_crash_is_found_and_not_sent_again(
    twilio: Twilio, requests_mock: Mocker
) -> None:
    requests_mock.get(URL, text=LISTED % CREATED)

    assert twilio.text("evt_1.sms@x", TO, TEXT, again_since=SINCE) == "SM0123456789abcdef"

    [request] = requests_mock.request_history
    assert (request.method, request.qs["to"]) == ("GET", [TO])


@pytest.mark.parametrize(
    "listed",
    [
        "",
        CREATED.replace("on its way", "delivered"),
        CREATED.replace("Fri, 20 Nov 2026 08:00:00", "Fri, 20 Nov 2026 07:59:59"),
    ],
)
def test_a_text_that_is_not_found_is_sent(twilio: Twilio, requests_mock: Mocker, listed: str) -> None:
    requests_mock.get(URL, text=LISTED % listed)
    requests_mock.post(URL, text=CREATED, status_code=201)

    twilio.text("evt_1.sms@x", TO, TEXT, again_since=SINCE)

    assert [request.method for request in requests_mock.request_history] == ["GET", "POST"]


def test_a_number_that_is_no_mobile_is_refused_with_twilios_code(twilio: Twilio, requests_mock: Mocker) -> None:
    requests_mock.post(URL, text=NO_MOBILE, status_code=400)

    with pytest.raises(Refused) as refused:
        twilio.text("evt_1.sms@x", TO, TEXT, again_since=None)

    assert refused.value.code == "21614"


@pytest.mark.parametrize("answer", [{"status_code": 429}, {"status_code": 503}, {"exc": ConnectTimeout}])
def test_what_may_pass_is_tried_again(twilio: Twilio, requests_mock: Mocker, answer: dict[str, object]) -> None:
    requests_mock.post(URL, **answer)  # type: ignore[arg-type]

    with pytest.raises(Unavailable):
        twilio.text("evt_1.sms@x", TO, TEXT, again_since=None)


def test_it_is_chosen_by_its_account() -> None:
    chosen = Texter.connect(Settings(twilio_account="AC123", twilio_token="secret", twilio_sender="+1"))

    assert isinstance(chosen, Twilio)
    assert "secret" not in repr(Settings(twilio_token="secret"))
