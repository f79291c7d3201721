"""E-mail through a relay of this machine that speaks TLS: whole, neutral, and never in the clear."""

import asyncio
import ssl
import time
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from portal.config import TELLING
from portal.gateway_settings import GatewaySettings
from portal.notify.gateways import EMAIL, NeverTaken, NotTaken, Outgoing
from portal.notify.smtp import SECONDS, Smtp
from tests.proofs.processes import free_port

A_MAIL = Outgoing("cd" * 32, EMAIL, "sam@hub.example", "Something new", "Something new is waiting for you.")


class Relay:
    """A relay that keeps what it took; *answers* is what it says to a recipient, *parts* at the end."""

    def __init__(self):
        self.took, self.answers, self.parts = [], "250 OK", "221 Bye"
        self.lingers = 0.0  # seconds before it parts

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - the server names it so
        if self.answers.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answers

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - likewise
        self.took.append((session.ssl is not None, envelope))
        return "250 OK"

    async def handle_QUIT(self, server, session, envelope):  # noqa: N802 - likewise
        await asyncio.sleep(self.lingers)
        return self.parts


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for this machine, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path_factory.mktemp("tls") / "relay.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def relay():
    return Relay()


@pytest.fixture
def serve(relay, certificate):
    """`serve()`: the relay listens; the settings that reach it."""
    running = []

    def begin(*, tls=True, login=False):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        more: dict[str, Any] = {"tls_context": context, "require_starttls": True} if tls else {}
        if login:
            more |= {"auth_required": True, "authenticator": _knows_one}
        controller = Controller(relay, hostname="127.0.0.1", port=free_port(), **more)
        controller.start()
        running.append(controller)
        chosen = {"smtp_host": "localhost", "smtp_port": controller.port, "smtp_from": "notes@mail.example"}
        return GatewaySettings(email_gateway="smtp", smtp_ca=certificate, **chosen)

    yield begin
    for controller in running:
        controller.stop()


def _knows_one(server: SMTP, session, envelope, mechanism, given):
    return AuthResult(success=(given.login, given.password) == (b"portal", b"a word that is long"))


def test_a_mail_arrives_whole_over_tls(relay, serve):
    Smtp(serve()).send(A_MAIL)
    ((encrypted, envelope),) = relay.took
    letter = message_from_bytes(envelope.content)
    assert encrypted
    assert (letter["From"], letter["To"], letter["Subject"]) == (
        "notes@mail.example", "sam@hub.example", "Something new",
    )  # fmt: skip
    assert letter.get_payload().strip() == "Something new is waiting for you."


def test_its_head_tells_nothing(relay, serve):
    Smtp(serve()).send(A_MAIL)
    head = relay.took[0][1].content.split(b"\r\n\r\n")[0].decode().replace("sam@hub.example", "").lower()
    assert not [word for word in TELLING if word in head]


def test_the_same_mail_again_has_the_same_id(relay, serve):
    own = Smtp(serve())
    own.send(A_MAIL)
    own.send(A_MAIL)
    assert len({message_from_bytes(envelope.content)["Message-ID"] for _, envelope in relay.took}) == 1


def test_a_relay_without_tls_hears_no_address(relay, serve):
    """Seen red with `starttls` left out: the relay took it in the clear."""
    with pytest.raises(NotTaken):
        Smtp(serve(tls=False)).send(A_MAIL)
    assert relay.took == []


def test_a_relay_that_cannot_show_who_it_is_hears_no_address(relay, serve):
    unknown = serve().model_copy(update={"smtp_ca": None})
    with pytest.raises((NotTaken, OSError)):
        Smtp(unknown).send(A_MAIL)
    assert relay.took == []


def test_it_signs_in_where_the_relay_asks_for_it(relay, serve):
    own = serve(login=True)
    right = {"smtp_user": "portal", "smtp_password": "a word that is long"}
    Smtp(own.model_copy(update=right)).send(A_MAIL)
    assert len(relay.took) == 1
    with pytest.raises(NotTaken):
        Smtp(own.model_copy(update=right | {"smtp_password": "another"})).send(A_MAIL)


@pytest.mark.parametrize(("answer", "never"), [("550 No such user", True), ("451 Try later", False)])
def test_no_such_address_is_never_and_a_busy_relay_is_later(relay, serve, answer, never):
    relay.answers = answer
    with pytest.raises(NotTaken) as fault:
        Smtp(serve()).send(A_MAIL)
    assert isinstance(fault.value, NeverTaken) is never


def test_what_the_relay_took_is_taken_however_it_parts(relay, serve):
    """Seen red with smtplib's own parting: each try was taken, and each was tried again."""
    relay.parts = "421 Closing"
    Smtp(serve()).send(A_MAIL)
    assert len(relay.took) == 1


def test_nobody_waits_for_a_relay_that_does_not_part(relay, serve):
    """Seen red with the patience for an answer: a mail that was taken counted as not taken in time."""
    relay.lingers = SECONDS - 1
    begun = time.monotonic()
    Smtp(serve()).send(A_MAIL)
    assert time.monotonic() - begun < relay.lingers
    assert len(relay.took) == 1


def test_how_the_relay_parts_does_not_hide_that_there_is_no_such_address(relay, serve):
    relay.answers, relay.parts = "550 No such user", "421 Closing"
    with pytest.raises(NeverTaken):
        Smtp(serve()).send(A_MAIL)


def test_a_relay_that_is_not_there_is_tried_again(certificate):
    nobody = GatewaySettings(
        email_gateway="smtp", smtp_ca=certificate, smtp_host="localhost", smtp_port=free_port(),
        smtp_from="notes@mail.example",
    )  # fmt: skip
    with pytest.raises((NotTaken, OSError)):
        Smtp(nobody).send(A_MAIL)


def test_looking_whether_it_would_work_sends_nothing(relay, serve):
    Smtp(serve()).check()
    assert relay.took == []
