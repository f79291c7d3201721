"""GOV.UK Notify, by its own client against a stand-in on this machine: taken once, and every refusal is understood."""

import json
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from portal.config import Settings
from portal.gateway_settings import GatewaySettings
from portal.notify.by_route import gateway_of
from portal.notify.gateways import EMAIL, TEXT, NeverTaken, NotTaken, Outgoing
from portal.notify.govuk_notify import GovukNotify

KEY = "rowan-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0"
TEMPLATE, SENDER = UUID(int=1), UUID(int=2)
A_TEXT = Outgoing("ab" * 32, TEXT, "07700 900123", "Something new", "Something new is waiting for you.")
A_MAIL = Outgoing("cd" * 32, EMAIL, "sam@hub.example", "Something new", "Something new is waiting for you.")


class NotifyStub(ThreadingHTTPServer):
    """What Notify does as far as we ask it: takes, refuses with its own words, says what it has."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Answers)
        self.took, self.asked = [], Counter[str]()
        self.refuses, self.loses, self.status = None, False, "sending"


class _Answers(BaseHTTPRequestHandler):
    server: NotifyStub

    def log_message(self, *_):
        pass

    def do_POST(self):
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked["send"] += 1
        if self.server.refuses:
            return self._say(*self.server.refuses)
        self.server.took.append((urlsplit(self.path).path, said))
        if self.server.loses:
            self.close_connection = True
            return None
        return self._say(201, {"id": "x"})

    def do_GET(self):
        self.server.asked["ask"] += 1
        if self.server.refuses:
            return self._say(*self.server.refuses)
        wanted = parse_qs(urlsplit(self.path).query).get("reference", [""])[0]
        found = [
            {"status": self.server.status} for _, said in self.server.took if said["reference"] == wanted
        ]
        return self._say(200, {"notifications": found})

    def _say(self, status, answer):
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def refusal(status, error, message):
    return status, {"status_code": status, "errors": [{"error": error, "message": message}]}


@pytest.fixture
def stub():
    server = NotifyStub()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def chosen(stub):
    return {
        "email_gateway": "notify", "text_gateway": "notify", "notify_key": KEY, "notify_email_template": TEMPLATE,
        "notify_text_template": TEMPLATE, "notify_text_sender": SENDER,
        "notify_url": f"http://127.0.0.1:{stub.server_port}",
    }  # fmt: skip


@pytest.fixture
def notify(chosen):
    return GovukNotify(GatewaySettings(**chosen), TEXT)


def test_a_text_leaves_from_the_number_that_can_be_answered_and_has_no_words_but_ours(stub, notify):
    notify.send(A_TEXT)
    assert stub.took == [
        ("/v2/notifications/sms", {
            "phone_number": "07700 900123", "template_id": str(TEMPLATE), "reference": "ab" * 32,
            "sms_sender_id": str(SENDER),
            "personalisation": {"subject": "Something new", "text": "Something new is waiting for you."},
        })
    ]  # fmt: skip


def test_a_mail_goes_to_the_address(stub, notify):
    notify.send(A_MAIL)
    ((path, said),) = stub.took
    assert (path, said["email_address"]) == ("/v2/notifications/email", "sam@hub.example")


@pytest.mark.parametrize(
    "refused",
    [
        refusal(400, "ValidationError", "phone_number Number is not valid – double check it"),
        refusal(400, "InvalidPhoneError", "Not enough digits"),
        refusal(400, "ValidationError", "email_address Not a valid email address"),
    ],
    ids=["letters", "short", "mail"],
)
def test_an_address_that_is_none_is_never_taken(stub, notify, refused):
    stub.refuses = refused
    with pytest.raises(NeverTaken):
        notify.send(A_TEXT)


@pytest.mark.parametrize(
    "refused",
    [
        refusal(400, "BadRequestError", "Can't send to this recipient using a team-only API key"),
        refusal(400, "BadRequestError", "Template not found"),
        refusal(400, "ValidationError", "template_id is not a valid UUID"),
        refusal(403, "AuthError", "Invalid token: API key not found"),
        refusal(429, "RateLimitError", "Exceeded rate limit"),
        refusal(500, "Exception", "Internal server error"),
        (503, {}),
    ],
    ids=["team only", "template", "template id", "key", "too many", "fault", "away"],
)
def test_what_can_be_mended_on_our_side_or_theirs_is_tried_again(stub, notify, refused):
    stub.refuses = refused
    with pytest.raises(NotTaken) as fault:
        notify.send(A_TEXT)
    assert not isinstance(fault.value, NeverTaken)


def test_one_that_is_not_there_is_tried_again(chosen):
    away = chosen | {"notify_url": "http://127.0.0.1:9"}
    with pytest.raises(NotTaken):
        GovukNotify(GatewaySettings(**away), TEXT).send(A_TEXT)


def test_a_receipt_that_was_lost_doubles_nothing(stub, notify):
    """Seen red without the question by reference: Notify took it twice."""
    stub.loses = True
    with pytest.raises(NotTaken):
        notify.send(A_TEXT)
    stub.loses = False
    notify.send(Outgoing(A_TEXT.reference, TEXT, A_TEXT.to, A_TEXT.subject, A_TEXT.text, again=True))
    assert len(stub.took) == 1


def test_what_notify_itself_could_not_send_is_handed_over_again(stub, notify):
    stub.status = "technical-failure"
    notify.send(A_TEXT)
    notify.send(Outgoing(A_TEXT.reference, TEXT, A_TEXT.to, A_TEXT.subject, A_TEXT.text, again=True))
    assert len(stub.took) == 2


def test_the_first_time_nothing_is_asked(stub, notify):
    notify.send(A_TEXT)
    assert stub.asked == {"send": 1}


def test_looking_whether_it_would_work_sends_nothing(stub, notify):
    notify.check()
    assert stub.took == []
    stub.refuses = refusal(403, "AuthError", "Invalid token")
    with pytest.raises(NotTaken):
        notify.check()


def test_the_settings_choose_it_for_each_route(stub, chosen, settings):
    gateway = gateway_of(Settings(**settings | chosen | {"email_gateway": "folder"}))
    gateway.send(A_TEXT)
    gateway.send(A_MAIL)
    assert [path for path, _ in stub.took] == ["/v2/notifications/sms"]
    assert len(list(settings["messages"].glob("*.json"))) == 1
