"""A person decides on a page: the service that owns the order decides whether that may be."""

import pytest
from requests_mock import ANY, Mocker

from functions.backoffice.approve_order import ApproveOrder, approve_order
from functions.backoffice.estate_operations import EstateOperations
from functions.backoffice.record_repayment import RecordRepayment, record_repayment
from functions.backoffice.reject_order import RejectOrder, reject_order
from functions.backoffice.replay_dead_letter import ReplayDeadLetter, replay_dead_letter
from shared.errors import CallFailed, CustomerBlocked, IllegalTransition
from shared.http.models import Caller
from shared.settings import Settings
from tests.functions.backoffice.answers import AT, ORDER_ID, order
from tests.scripted_calls import ScriptedCalls

ESTATE = "http://127.0.0.1:8080"
APPROVE = ("POST", f"/order_management/orders/{ORDER_ID}/approve")
REPAY = ("POST", "/payment/repayments")
DEBT = {"currency": "USD", "amount": "57.96"}
REJECT = ("POST", f"/order_management/orders/{ORDER_ID}/reject")


def test_approves_in_the_persons_name_and_goes_back_to_the_order():
    calls = ScriptedCalls({APPROVE: order()})
    came = approve_order(ORDER_ID, ApproveOrder(reason="known customer"), Caller("operator", "ada@example.com"), calls)
    assert came.see_other == f"../{ORDER_ID}?notice=approved"
    assert calls.made == [(*APPROVE, {"by": "ada@example.com", "reason": "known customer"})]


def test_rejects_in_the_role_where_people_are_not_told_apart():
    calls = ScriptedCalls({REJECT: order(status="rejected")})
    came = reject_order(ORDER_ID, RejectOrder(reason="five cards"), Caller("operator"), calls)
    assert came.notice == "rejected"
    assert calls.made == [(*REJECT, {"by": "operator", "reason": "five cards"})]


def test_says_so_if_somebody_else_was_first():
    calls = ScriptedCalls({APPROVE: IllegalTransition("it is cancelled")})
    came = approve_order(ORDER_ID, ApproveOrder(reason="known customer"), Caller("operator"), calls)
    assert came.see_other == f"../{ORDER_ID}?notice=illegal_transition"


def test_another_refusal_stays_one():
    calls = ScriptedCalls({APPROVE: CustomerBlocked()})
    with pytest.raises(CustomerBlocked):
        approve_order(ORDER_ID, ApproveOrder(reason="known customer"), Caller("operator"), calls)


def test_notes_a_repayment_in_the_persons_name():
    calls = ScriptedCalls({REPAY: {"type": "refund", "amount": DEBT, "status": "refunded", "at": AT}})
    form = RecordRepayment(cause="cancelled", currency="USD", amount="57.96", reference="re_8841")
    came = record_repayment(ORDER_ID, form, Caller("operator", "ada@example.com"), calls)
    assert came.see_other == f"../{ORDER_ID}?notice=repaid"
    told = {"order_id": ORDER_ID, "cause": "cancelled", "amount": DEBT, "reference": "re_8841", "by": "ada@example.com"}
    assert calls.made == [(*REPAY, told)]


def test_says_so_if_a_repayment_was_noted_under_another_number():
    calls = ScriptedCalls({REPAY: IllegalTransition("it was given back already, as re_1")})
    form = RecordRepayment(cause="cancelled", currency="USD", amount="57.96", reference="re_8841")
    assert record_repayment(ORDER_ID, form, Caller("operator"), calls).notice == "repaid_before"


def test_sends_a_dead_letter_again_as_the_operator(requests_mock: Mocker):
    identity = f"{ESTATE}/computeMetadata/v1/instance/service-accounts/operator/identity"
    requests_mock.get(identity, text="token", request_headers={"Metadata-Flavor": "Google"})
    requests_mock.post(
        f"{ESTATE}/-/dead-letters/replay", json={"replayed": 1}, request_headers={"Authorization": "Bearer token"}
    )
    came = replay_dead_letter("17", ReplayDeadLetter(), EstateOperations(Settings(estate=ESTATE)))
    assert came.see_other == "../../?notice=replayed"
    assert requests_mock.last_request.json() == {"ids": ["17"]}


def test_says_so_if_the_letter_is_gone(requests_mock: Mocker):
    requests_mock.get(ANY, text="token")
    requests_mock.post(f"{ESTATE}/-/dead-letters/replay", json={"replayed": 0})
    came = replay_dead_letter("17", ReplayDeadLetter(), EstateOperations(Settings(estate=ESTATE)))
    assert came.notice == "not_replayed"


def test_an_estate_that_refuses_is_a_failed_call(requests_mock: Mocker):
    requests_mock.get(ANY, text="token")
    requests_mock.post(f"{ESTATE}/-/dead-letters/replay", status_code=403)
    with pytest.raises(CallFailed, match="403"):
        replay_dead_letter("17", ReplayDeadLetter(), EstateOperations(Settings(estate=ESTATE)))
