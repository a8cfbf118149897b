"""The closed tree of errors. Each has a stable `code`, an HTTP `status` and says whether a retry can help.

    BoutiqueError
    ├── Unauthenticated            401 unauthenticated
    ├── Forbidden                  403 forbidden
    ├── NotFound                   404 not_found
    ├── Invalid                    422 invalid (errors: [{field, message}])
    ├── InProgress                 409 in_progress (Retry-After)       retry helps
    ├── Unavailable                503 unavailable                     retry helps
    │   ├── Contention             503 contention
    │   └── CallFailed             503 call_failed (time-out, connection, 5xx, open breaker)
    └── Refusal                    a business answer: stored and given again
        └── one class per code, below

`docs/errors.md` is generated from this module.
"""

from typing import Any, ClassVar


class BoutiqueError(Exception):
    """Whatever a function may raise on purpose; anything else is a defect and answers 500 `internal`."""

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    retryable: ClassVar[bool] = False

    def __init__(self, detail: str = "", **extra: Any) -> None:
        super().__init__(detail or (type(self).__doc__ or self.code).splitlines()[0])
        self.detail = str(self)
        self.extra = extra


class BadRequest(BoutiqueError):
    """The request is not HTTP or JSON that this route understands."""

    code, status = "bad_request", 400


class Unauthenticated(BoutiqueError):
    """No bearer token, or one that doesn't verify."""

    code, status = "unauthenticated", 401


class Forbidden(BoutiqueError):
    """The caller is known, and no row lets it call this route."""

    code, status = "forbidden", 403


class NotFound(BoutiqueError):
    """There is nothing under this name."""

    code, status = "not_found", 404


class MethodNotAllowed(BoutiqueError):
    """The path exists, with another method."""

    code, status = "method_not_allowed", 405


class TooLarge(BoutiqueError):
    """The body is larger than this route takes."""

    code, status = "too_large", 413


class UnsupportedMediaType(BoutiqueError):
    """The body is not JSON."""

    code, status = "unsupported_media_type", 415


class Invalid(BoutiqueError):
    """The input breaks a rule; `errors` names each field and what would be right."""

    code, status = "invalid", 422

    def __init__(self, *errors: tuple[str, str]) -> None:
        super().__init__(
            "; ".join(f"{field}: {message}" for field, message in errors),
            errors=[{"field": field, "message": message} for field, message in errors],
        )


class IdempotencyKeyMissing(BoutiqueError):
    """This route needs an Idempotency-Key header (1 to 200 visible characters)."""

    code, status = "idempotency_key_missing", 400


class IdempotencyKeyReused(BoutiqueError):
    """This Idempotency-Key came before with another body."""

    code, status = "idempotency_key_reused", 422


class InProgress(BoutiqueError):
    """The outcome is not known yet; ask again with the same key after `retry_after` seconds."""

    code, status, retryable = "in_progress", 409, True

    def __init__(self, detail: str = "", *, retry_after: int = 1, **extra: Any) -> None:
        super().__init__(detail, **extra)
        self.retry_after = retry_after


class Unavailable(BoutiqueError):
    """Not now; the same request may succeed later."""

    code, status, retryable = "unavailable", 503, True


class Contention(Unavailable):
    """Too many writers met at one document."""

    code = "contention"


class CallFailed(Unavailable):
    """Another service did not answer: time-out, connection, 5xx or an open breaker."""

    code = "call_failed"


class PaymentUnavailable(Unavailable):
    """The payment gateway cannot process now; nothing was charged and nothing is held."""

    code = "payment_unavailable"


class Refusal(BoutiqueError):
    """A business answer: stored under the request's key and given again. Retrying cannot help."""

    status = 409


class IllegalTransition(Refusal):
    """The thing is not in a state that allows this."""

    code = "illegal_transition"


class StepCancelled(Refusal):
    """This step was compensated before it arrived; its tombstone refuses it."""

    code = "step_cancelled"


class OutOfStock(Refusal):
    """Less is left than asked for; `lines` says what: [{sku, requested, available}]."""

    code = "out_of_stock"


class PriceChanged(Refusal):
    """The total differs from `expected_total`; `total` is the current one."""

    code = "price_changed"


class ReservationExpired(Refusal):
    """The goods were held too long without payment and are for sale again."""

    code = "reservation_expired"


class SlotTaken(Refusal):
    """No capacity is left in this delivery slot; `next_slot_id` is free."""

    code = "slot_taken"


class PaymentDeclined(Refusal):
    """The card was declined; `decline_code` is what the gateway says may be told."""

    code, status = "payment_declined", 402


class PaymentRefused(Refusal):
    """The payment cannot be accepted."""

    code, status = "payment_refused", 402


class CustomerBlocked(Refusal):
    """This customer may not order."""

    code, status = "customer_blocked", 403


class UnknownSku(Refusal):
    """No product has this SKU; `skus` lists them."""

    code, status = "unknown_sku", 422


class CurrencyNotAccepted(Refusal):
    """New orders cannot be placed in this currency."""

    code, status = "currency_not_accepted", 422


class CardNumberRefused(Refusal):
    """The request holds what looks like a card number; send the gateway's token instead."""

    code, status = "card_number_refused", 422


class Undeliverable(BoutiqueError):
    """An event that no retry can help: dead-lettered with this detail."""

    code, status = "undeliverable", 422


def refusal(code: str, detail: str, **extra: Any) -> Refusal:
    """Rebuild the refusal that another service answered, by its code; Refusal itself if the code is unknown here."""
    known = {kind.code: kind for kind in Refusal.__subclasses__()}
    return known.get(code, Refusal)(detail, **extra)
