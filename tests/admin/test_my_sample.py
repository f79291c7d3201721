"""What an auditor sees of those in their sample, for as long as it runs."""

from datetime import timedelta

import pytest

from portal.admin.samples import AuditSample


@pytest.fixture
def sample(at_work, cast, clock):
    with at_work():
        AuditSample.name_for(
            cast.aud, [cast.amara], "The yearly audit", clock() + timedelta(days=3), cast.priya
        )


def test_it_names_those_in_it_alone(staff, cast, sample):
    page = staff(cast.aud).get("/sample").main
    assert ("Amara Obi" in page, "Jo Birch" in page, "The yearly audit" in page) == (True, False, True)


def test_after_its_time_it_is_empty(staff, cast, sample, clock):
    clock.forward(days=3)
    assert "No sample is open to you now" in staff(cast.aud).get("/sample").main


def test_nobody_names_a_sample_for_themselves(at_work, cast, clock):
    with at_work(), pytest.raises(ValueError):
        AuditSample.name_for(cast.priya, [cast.amara], "Mine", clock() + timedelta(days=3), cast.priya)
