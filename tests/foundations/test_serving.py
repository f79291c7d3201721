"""The real web server."""

from __future__ import annotations

import os

from portal import serving


def test_there_is_a_process_for_each_core_that_this_one_may_use(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {1, 4, 5}, raising=False)
    assert serving.cores() == 3


def test_where_a_system_does_not_say_which_cores_it_counts_them(monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert serving.cores() == 1
