"""The gateway of each route, as the settings name them; and a message on two routes at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from portal.config import Settings
from portal.notify.gateways import (
    EMAIL,
    MOST_HANGING,
    TEXT,
    Folder,
    Gateway,
    NeverTaken,
    NoAnswer,
    NotTaken,
    Outgoing,
    Patient,
)
from portal.notify.govuk_notify import GovukNotify
from portal.notify.smtp import Smtp


class ByRoute:
    """Each route with a gateway of its own, so that one that hangs or is away holds up only its own."""

    def __init__(self, gateways: Mapping[str, Gateway]) -> None:
        self.gateways = gateways

    def send(self, message: Outgoing) -> None:
        """Send on the message's own route; a route without a gateway never takes anything."""
        if (gateway := self.gateways.get(message.route)) is None:
            raise NeverTaken("no gateway for this route")
        gateway.send(message)

    def check(self) -> None:
        """Have each gateway look."""
        for gateway in self.gateways.values():
            gateway.check()


def gateway_of(settings: Settings, most_hanging: int = MOST_HANGING) -> Gateway:
    """The gateways that the settings name; each has at most *most_hanging* messages in hand at the same moment."""
    return ByRoute(
        {
            route: Patient(made, most_hanging=most_hanging)
            for route in (EMAIL, TEXT)
            if (made := _made(route, settings))
        }
    )


def _made(route: str, settings: Settings) -> Gateway | None:
    named = settings.email_gateway if route == EMAIL else settings.text_gateway
    if named == "smtp":
        return Smtp(settings)
    if named == "notify":
        return GovukNotify(settings, route)
    return Folder(settings.messages) if named == "folder" else None


@dataclass
class Fared:
    """How one message fared, by route: who took it, who never will, who may later; of these, who was silent."""

    taken: set[str] = field(default_factory=set)
    never: set[str] = field(default_factory=set)
    later: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    faults: dict[str, str] = field(default_factory=dict)


def send_at_once(messages: Sequence[Outgoing], gateway: Gateway) -> Fared:
    """Hand one message over on all its routes at the same moment: none waits for another."""
    fared = Fared()
    if len(messages) <= 1:
        faults = [_fault(message, gateway) for message in messages]
    else:
        with ThreadPoolExecutor(len(messages)) as both:
            faults = list(both.map(lambda message: _fault(message, gateway), messages))
    for message, fault in zip(messages, faults, strict=True):
        if fault is None:
            fared.taken.add(message.route)
            continue
        fared.faults[message.route] = type(fault).__name__
        (fared.never if isinstance(fault, NeverTaken) else fared.later).add(message.route)
        if isinstance(fault, NoAnswer):
            fared.silent.add(message.route)
    return fared


def _fault(message: Outgoing, gateway: Gateway) -> Exception | None:
    try:
        gateway.send(message)
    except (NotTaken, OSError) as fault:
        return fault
    return None
