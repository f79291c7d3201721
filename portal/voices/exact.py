"""The exact words of a voice, from the room in which they were said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from uuid import UUID

from portal.contact import incoming
from portal.contact import models as asks
from portal.returns import about_worker, conversation, said, write_up
from portal.returns import models as forms
from portal.trail.models import ABOUT_STAFF, ASK, ASK_MANAGER, TEXT_MESSAGE, Voice

_ROOMS: Mapping[str, Callable[[UUID], list[tuple[str, str]]]] = MappingProxyType(
    {
        ASK: asks.exact_words,
        ASK_MANAGER: asks.exact_words,
        TEXT_MESSAGE: incoming.exact_words,
        ABOUT_STAFF: about_worker.exact_words,
        conversation.KIND: said.conversation_words,
        write_up.KIND: said.correction_words,
    }
)


def exact_words_of(voice: Voice) -> list[tuple[str, str]]:
    """What was asked and what was said to it; the caller has looked whether the reader may see it."""
    return _ROOMS.get(voice.kind, forms.exact_words)(voice.source_id)
