"""What the tests of several foundations stand on."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
import structlog

from portal import logs


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged while the test runs."""
    root, stream = logging.getLogger(), io.StringIO()
    before = root.handlers[:], root.level
    logs.begin(stream)
    yield stream
    root.handlers[:], root.level = before[0], before[1]
    structlog.reset_defaults()
