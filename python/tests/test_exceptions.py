"""Exceptions: their tree, their attributes, and that they keep both across processes."""

import copy
import multiprocessing
import pickle
from concurrent.futures import ProcessPoolExecutor

import pytest

import digicert_contacts
import faults
import work
from digicert_contacts import (
    ApiError,
    AuthenticationError,
    Client,
    ConnectionFailedError,
    Contact,
    DigicertContactsError,
    Failure,
    InputError,
    PermissionDeniedError,
    PlanStoppedError,
    Problem,
    RateLimitError,
    RequestError,
    RequestInfo,
    RequestTimeoutError,
    ValidationError,
    Violation,
)
from digicert_contacts.testing import Sandbox

CLASSES = [
    value
    for value in (getattr(digicert_contacts, name) for name in dir(digicert_contacts))
    if isinstance(value, type) and issubclass(value, Exception)
]
JANE = Contact("Jane", "Doe", "jane.doe@example.com")


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_every_exception_is_in_one_tree_and_documented(cls: type[Exception]) -> None:
    assert issubclass(cls, DigicertContactsError)
    assert cls.__doc__


def test_a_timeout_is_a_failed_connection_and_401_and_403_are_separate() -> None:
    assert issubclass(RequestTimeoutError, ConnectionFailedError)
    assert not issubclass(PermissionDeniedError, AuthenticationError)
    assert not issubclass(AuthenticationError, PermissionDeniedError)


@pytest.mark.parametrize("cls", [c for c in CLASSES if issubclass(c, RequestError)])
def test_every_failed_request_has_the_same_attributes(cls: type[RequestError]) -> None:
    error = cls("m")
    assert (error.status_code, error.errors, error.codes) == (None, (), ())
    assert (error.outcome, error.request, error.retry_after) == ("unknown", None, None)
    request = RequestInfo("PUT", "https://a.example/order/certificate/1/contact")
    errors = (ApiError("not_found|order", "x"), ApiError("", "y"))
    error = cls(
        "m",
        status_code=404,
        errors=errors,
        outcome="rejected",
        attempts=2,
        retry_after=1.5,
        request=request,
    )
    assert error.codes == ("not_found|order",)
    for copied in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):  # noqa: S301 - made here
        assert type(copied) is cls
        assert (str(copied), vars(copied)) == (str(error), vars(error))
        assert copied.request == request


@pytest.mark.parametrize(
    "error",
    [
        ValidationError("m", violations=(Violation("email", "too-long", "x"),)),
        InputError("m", problems=(Problem(None, None, 0, "email", "required", "x", 1, (0,)),)),
        PlanStoppedError("m", failure=Failure("key-rejected", "rejected", ("a|b",), "x")),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_exception_pickles_with_its_attributes(error: DigicertContactsError) -> None:
    for copied in (pickle.loads(pickle.dumps(error)), copy.copy(error)):  # noqa: S301 - made here
        assert type(copied) is type(error)
        assert (str(copied), vars(copied)) == (str(error), vars(error))


def test_an_exception_of_another_process_arrives_as_it_was(sandbox: Sandbox) -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        call = pool.submit(work.fail, sandbox.base_url, sandbox.api_key)
        error = call.exception(timeout=60)
    assert isinstance(error, RequestError)
    assert (type(error).__name__, error.status_code) == ("OrderNotFoundError", 404)
    assert (error.codes, error.attempts) == (("not_found|order",), 1)
    assert error.request == ("GET", f"{sandbox.base_url}/order/certificate/7")


def test_the_request_of_an_exception_is_that_which_failed() -> None:
    with faults.Server(faults.unavailable(3)) as server:
        client = Client("Marker-Key", base_url=server.base_url, max_retries=0)
        url = server.base_url
        for call, request in (
            (
                lambda: client.update_contacts(7, technical=JANE),
                ("PUT", f"{url}/order/certificate/7/contact"),
            ),
            (lambda: client.order(7), ("GET", f"{url}/order/certificate/7")),
            (lambda: next(client.orders(search="Marker")), ("GET", f"{url}/order/certificate")),
            (client.whoami, ("GET", f"{url}/user/me")),
            (client.order_report, ("GET", f"{url}/report/order")),
        ):
            with pytest.raises(RequestError) as caught:
                call()
            error = caught.value
            assert error.request is not None
            assert (error.request.method, error.request.url) == request
            assert (error.status_code, error.retry_after) == (503, 3.0)
            assert "Marker" not in f"{vars(error)}"


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (401, "access_denied", AuthenticationError),
        (401, "session_expired", AuthenticationError),
        (403, "access_denied|access_denied_invalid_key", AuthenticationError),
        (403, "access_denied|missing_permission", PermissionDeniedError),
        (403, "order_locked", PermissionDeniedError),
        (429, "request_limit_exceeded", RateLimitError),
        (400, "bad_request", RequestError),
    ],
)
def test_the_class_says_what_the_status_means(
    sandbox: Sandbox, client: Client, status: int, code: str, expected: type[RequestError]
) -> None:
    body = f'{{"errors": [{{"code": "{code}", "message": "No."}}]}}'
    sandbox.add_fault("status", status=status, body=body, content_type="application/json")
    with pytest.raises(RequestError) as caught:
        client.update_contacts(100000001, technical=JANE, max_retries=0)
    assert type(caught.value) is expected
    assert (caught.value.status_code, caught.value.codes) == (status, (code,))
    assert caught.value.outcome == "rejected"
