"""POST /cards/lookup: what the gateway tells of the card behind a token. No money moves."""

from pydantic import Field

from functions.payment.gateway import Gateway, GatewayError, UnknownToken
from shared.errors import CardNumberRefused, Invalid, PaymentUnavailable
from shared.http.models import Answer, Command
from shared.values.card_number import looks_like_card_number
from shared.values.personal import Email, PersonalText


class LookUpCard(Command):
    """A token of the gateway and the e-mail address of whoever pays with it."""

    token: PersonalText = Field(min_length=1, max_length=200)
    email: Email


class CardAnswer(Answer):
    """The card: `fingerprint` is the same whenever the same card and e-mail come, `country` is the issuer's."""

    fingerprint: str
    brand: str
    country: str


def look_up_card(command: LookUpCard, gateway: Gateway) -> CardAnswer:
    """Describe the card; CardNumberRefused, Invalid for an unknown token, PaymentUnavailable without an answer."""
    if looks_like_card_number(command.token):
        raise CardNumberRefused
    try:
        card = gateway.look_up(command.token, command.email)
    except UnknownToken:
        raise Invalid(("payment.token", "expected a token that the gateway gave out")) from None
    except GatewayError:
        raise PaymentUnavailable from None
    return CardAnswer(fingerprint=card.fingerprint, brand=card.brand, country=card.country)
