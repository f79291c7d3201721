"""Who looks after a young person: linked with an end, let go of, and kept apart where there is to be no contact."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.links import placement_ended
from portal.accounts.models import Link, Person, join_adult
from portal.accounts.no_contact import NoContact
from portal.audit import AuditEvent
from portal.db import session
from portal.outbox import OutboxMessage
from tests.factories import a_parents_voice, a_return, safe_home


@pytest.fixture
def sam(doors, cast):
    return doors.staff.sign_in_as(cast.sam)


@pytest.fixture
def home(at_work, cast, clock):
    """Amara came back, and Ruth's form about it stands at her door."""
    with at_work():
        a_return(cast.amara, hours_ago=30)
        safe_home(cast.ruth, cast.amara, cast.sam).home_safe_at = clock() - timedelta(days=2)


def does(sam, cast, act, **more):
    sam.get(f"/young-people/{cast.amara}/adults")
    return sam.post(f"/young-people/{cast.amara}/adults", {"act": act, **more})


def links(child_id, adult_name):
    found = session.scalars(select(Link).where(Link.child_id == child_id)).all()
    return [one for one in found if session.get_one(Person, one.adult_id).name == adult_name]


def ruths_page(at_door, cast):
    return at_door("family").sign_in_as(cast.ruth).get("/").main


def test_a_foster_carer_is_linked_until_a_day(sam, cast, at_work):
    more = {"link-kind": "foster carer", "link-name": "Fay Oster", "link-ends": "2026-12-24"}
    page = sam.follow(does(sam, cast, "link", **more))
    assert "Fay Oster" in page.main
    with at_work():
        (link,) = links(cast.amara, "Fay Oster")
        assert (link.kind, f"{link.ends_at:%Y-%m-%d}") == ("foster carer", "2026-12-25")


@pytest.fixture
def fay(at_work, cast):
    """Fay Oster looks after Jo, who is Lee's."""
    with at_work():
        person = Person.enter("adult", "Fay Oster", roles=("parent or carer",), phone="07700 900461")
        join_adult(person.id, cast.jo, "foster carer")
        return person.id


FAY = {"link-kind": "foster carer", "link-name": "fay oster", "link-phone": "07700 900461"}


def linked_to(cast, at_work, adult_id):
    with at_work():
        return set(session.scalars(select(Link.child_id).where(Link.adult_id == adult_id)))


def test_who_looks_after_somebody_elses_child_is_not_linked_by_a_worker(sam, cast, fay, at_work):
    """Seen red with `link` in place of `link_as`: Sam gives Fay a way in, and reads as her what is Jo's."""
    page = does(sam, cast, "link", **FAY)
    assert (page.status, "Only a manager can link this person" in page.main) == (422, True)
    assert linked_to(cast, at_work, fay) == {cast.jo}


def test_nor_is_who_once_looked_after_somebody_elses_child(sam, cast, fay, at_work, clock):
    """Seen red with links that run alone: Sam gives Fay a way in, and reads as her what she once said of Jo."""
    with at_work():
        session.scalars(select(Link).where(Link.adult_id == fay)).one().end(clock(), "said")
    clock.forward(minutes=1)
    page = does(sam, cast, "link", **FAY)
    assert (page.status, "Only a manager can link this person" in page.main) == (422, True)
    assert linked_to(cast, at_work, fay) == {cast.jo}


def test_nor_is_a_homes_staff_who_looks_after_somebody_elses_child(sam, cast, at_work):
    with at_work():
        join_adult(cast.carol, cast.jo, "residential")
    page = does(sam, cast, "link", **{"link-kind": "residential", "link-staff": str(cast.carol)})
    assert (page.status, linked_to(cast, at_work, cast.carol)) == (422, {cast.jo})


def test_a_manager_links_them(doors, cast, fay, at_work):
    does(doors.staff.sign_in_as(cast.priya), cast, "link", **FAY)
    assert linked_to(cast, at_work, fay) == {cast.jo, cast.amara}


def test_a_link_that_runs_here_gets_its_new_end_from_the_worker(sam, cast, fay, at_work):
    with at_work():
        join_adult(fay, cast.amara, "foster carer")
    assert does(sam, cast, "link", **FAY, **{"link-ends": "2026-12-24"}).status == 303


def test_who_is_entered_already_is_found_by_their_number(sam, cast, at_work):
    with at_work():
        known = Person.enter("adult", "Fay Oster", roles=("parent or carer",), phone="07700 900461").id
    does(sam, cast, "link", **FAY)
    assert linked_to(cast, at_work, known) == {cast.amara}


def test_another_name_with_that_number_says_nothing_of_whom_a_worker_does_not_know(sam, cast, fay, at_work):
    """Seen red with the answer given to everybody: who is known here could be asked, number by number."""
    sent = {"link-kind": "parent", "link-name": "Olu Obi"}
    known = does(sam, cast, "link", **sent, **{"link-phone": "07700 900461"})
    unknown = does(sam, cast, "link", **sent, **{"link-phone": "07700 900462"})
    assert (known.status, known.location) == (unknown.status, unknown.location) == (303, unknown.location)
    assert linked_to(cast, at_work, fay) == {cast.jo}


def test_another_name_with_that_number_is_asked_about(sam, cast, fay, at_work):
    with at_work():
        join_adult(fay, cast.amara, "foster carer")
    page = does(
        sam, cast, "link", **{"link-kind": "parent", "link-name": "Olu Obi", "link-phone": "07700 900461"}
    )
    assert (page.status, page.field("link-name")) == (422, "Olu Obi")
    assert "entered under another name" in page.main


def test_a_homes_staff_are_chosen(sam, cast, at_work):
    does(sam, cast, "link", **{"link-kind": "residential", "link-staff": str(cast.carol)})
    with at_work():
        assert [one.kind for one in links(cast.amara, "Carol Home")] == ["residential"]


def test_the_same_form_twice_links_once(sam, cast, at_work):
    for _ in range(2):
        does(sam, cast, "link", **{"link-kind": "residential", "link-staff": str(cast.carol)})
    with at_work():
        assert len(links(cast.amara, "Carol Home")) == 1


def test_a_placement_does_not_end_behind_the_calendar(sam, cast):
    """Seen red with the day after the last one there is."""
    page = does(sam, cast, "placement", **{"placement-on": "9999-12-31"})
    assert (page.status, "within thirty years" in page.main) == (422, True)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({}, "Choose what they are"),
        ({"link-kind": "parent"}, "Enter their name"),
        ({"link-kind": "residential", "link-staff": "nobody"}, "Choose who of the home"),
        (
            {"link-kind": "parent", "link-name": "Olu", "link-ends": "2020-01-01"},
            "Enter today or a later day",
        ),
        ({"link-kind": "parent", "link-name": "Olu", "link-ends": "9999-12-31"}, "within thirty years"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(sam, cast, wrong, said):
    page = does(sam, cast, "link", **wrong)
    assert (page.status, said in page.main) == (422, True)


def test_an_ended_link_shows_nothing_from_then_on(sam, cast, home, at_door, at_work):
    assert "Amara" in ruths_page(at_door, cast)
    with at_work():
        (link,) = links(cast.amara, "Ruth Obi")
    does(sam, cast, "end", which=str(link.id))
    assert "Amara" not in ruths_page(at_door, cast)


def test_the_day_a_placement_ends_is_its_carers_last(sam, cast, at_work, clock):
    """Seen red with the parent's link ended along with the carers'."""
    with at_work():
        join_adult(cast.carol, cast.amara, "residential")
    does(sam, cast, "placement", **{"placement-on": "2026-11-25"})
    with at_work():
        (carer,), (parent,) = links(cast.amara, "Carol Home"), links(cast.amara, "Ruth Obi")
        assert (f"{carer.ends_at:%m-%d %H:%M}", carer.ended_because) == ("11-26 00:00", "placement")
        assert parent.ends_at is None


def test_a_placement_that_ended_before_today_ends_now(cast, at_work, clock):
    with at_work():
        join_adult(cast.carol, cast.amara, "residential")
        assert placement_ended(cast.amara, clock().date() - timedelta(days=3)) == 1
        assert links(cast.amara, "Carol Home")[0].ends_at == clock()


def order(sam, cast, **more):
    return does(
        sam,
        cast,
        "order",
        **{"order-adult": str(cast.ruth), "order-reason": "Family court, 3 November", **more},
    )


def test_under_an_order_nothing_shows_and_nothing_is_offered(sam, cast, home, at_door, at_work):
    """Seen red without the orders in `Link.visible_to`, and without them in `Voice.visible_to`."""
    with at_work():
        voice = a_parents_voice(cast.ruth, cast.amara)
        voice.answer("We read it. She lives at her nan's now.", cast.sam)
        voice_id = voice.id
    order(sam, cast)
    ruth = at_door("family").sign_in_as(cast.ruth)
    assert "Amara" not in ruth.get("/").main
    assert "Read it" not in ruth.get("/").main
    assert ruth.post(f"/answer/{voice_id}").status == 404
    assert ruth.get(f"/went/{voice_id}").status == 404
    with at_work():
        (link,) = links(cast.amara, "Ruth Obi")
        link_id = link.id
    assert ruth.get(f"/side/{link_id}").status == 404


def test_staff_see_it_where_they_would_contact_them(sam, cast):
    order(sam, cast)
    page = sam.get(f"/young-people/{cast.amara}").main
    assert "No contact with Ruth Obi." in page
    assert "Ruth Obi" not in sam.get(f"/young-people/{cast.amara}/home").main


def test_an_order_ends_by_itself_or_is_lifted(sam, cast, home, at_door, at_work, clock):
    order(sam, cast, **{"order-ends": "2026-11-24"})
    assert "Amara" not in ruths_page(at_door, cast)
    clock.forward(days=1)
    assert "Amara" in ruths_page(at_door, cast)
    with at_work():
        standing = NoContact.begin(cast.amara, cast.ruth, "Another", cast.sam).id
    assert "Amara" not in ruths_page(at_door, cast)
    sam = at_door("staff").sign_in_as(cast.sam)
    lifts(sam, cast, standing, "The court ended it on 24 November")
    assert "Amara" in ruths_page(at_door, cast)


def lifts(sam, cast, order_id, reason):
    return does(sam, cast, "lift", which=str(order_id), **{f"lift-{order_id}-reason": reason})


@pytest.fixture
def running(at_work, cast):
    """The id of an order that runs about Ruth and Amara."""
    with at_work():
        return NoContact.begin(cast.amara, cast.ruth, "Family court, 3 November", cast.sam).id


def test_an_order_is_not_lifted_without_a_reason(sam, cast, running, at_work):
    """Seen red with the form not asked whether it is whole."""
    page = lifts(sam, cast, running, "")
    assert (page.status, "Enter why it is over" in page.main) == (422, True)
    with at_work():
        assert len(NoContact.running_of(cast.amara)) == 1


def test_the_managers_are_told_that_an_order_was_lifted(sam, cast, running, at_work):
    """Seen red with `order.end` in place of `links.lift`."""
    for _ in range(2):
        lifts(sam, cast, running, "The court ended it")
    with at_work():
        told = session.scalars(
            select(OutboxMessage.recipient_id).where(OutboxMessage.kind == "no_contact.lifted")
        )
        assert list(told) == [cast.priya]


def test_a_manager_finds_the_order_that_was_lifted(sam, cast, running, at_door):
    """Seen red without the orders on the page of who opened what."""
    lifts(sam, cast, running, "The court ended it")
    page = at_door("staff").sign_in_as(cast.priya).get("/accesses")
    assert f"/young-people/{cast.amara}/adults" in [e.get("href") for e in page.tree.iter("a")]


def test_why_an_order_was_lifted_and_by_whom_stays_on_the_page(sam, cast, running):
    page = sam.follow(lifts(sam, cast, running, "The court ended it on 24 November"))
    assert "The court ended it on 24 November" in page.main
    assert "lifted by Sam Okoro" in page.main


def test_a_link_that_gets_another_end_says_so_in_the_audit_once(sam, cast, at_work):
    """Seen red without the audit's line."""
    with at_work():
        person = Person.enter("adult", "Fay Oster", roles=("parent or carer",), phone="07700 900461")
        join_adult(person.id, cast.amara, "foster carer")
    for _ in range(2):
        does(sam, cast, "link", **FAY, **{"link-ends": "2026-12-24"})
    with at_work():
        found = session.scalars(select(AuditEvent).where(AuditEvent.act == "link.end_changed")).all()
        assert [(one.actor_id, one.subject_id) for one in found] == [(cast.sam, cast.amara)]


def test_whoever_changes_something_here_is_asked_once_more_who_they_are(sam, cast, running, at_work, clock):
    """Seen red without `step_up` at `change_adults`; to read the page nothing is asked."""
    clock.forward(minutes=10)
    assert sam.get(f"/young-people/{cast.amara}/adults").status == 200
    assert lifts(sam, cast, running, "The court ended it").status == 403
    with at_work():
        assert len(NoContact.running_of(cast.amara)) == 1


@pytest.mark.parametrize(
    ("first", "again", "ends"),
    [
        ("2026-11-24", "2026-12-24", "12-25"),
        ("2026-11-24", "", None),
        ("2026-12-24", "2026-11-24", "12-25"),
        ("", "2026-12-24", None),
    ],
)
def test_an_order_made_again_ends_when_the_later_one_does(sam, cast, at_work, first, again, ends):
    """Seen red with `begin` that hands back the order which runs as it is."""
    order(sam, cast, **{"order-ends": first})
    order(sam, cast, **{"order-ends": again, "order-reason": "Crown court, 20 November"})
    with at_work():
        (running,) = NoContact.running_of(cast.amara)
        assert (running.ends_at and f"{running.ends_at:%m-%d}") == ends


def test_an_order_made_again_keeps_both_reasons_each_once(sam, cast, at_work):
    """Seen red with the new reason left out."""
    for said in ("Family court, 3 November", "Crown court, 20 November", "Crown court, 20 November"):
        order(sam, cast, **{"order-reason": said})
    with at_work():
        (running,) = NoContact.running_of(cast.amara)
        assert running.reason == "Family court, 3 November\n\nCrown court, 20 November"


def test_another_child_of_theirs_is_not_touched(cast, home, at_door, at_work, clock):
    with at_work():
        a_return(cast.jo, hours_ago=30, number="MFH9")
        safe_home(cast.ruth, cast.jo, cast.lee).home_safe_at = clock() - timedelta(days=2)
        NoContact.begin(cast.amara, cast.ruth, "Family court", cast.sam)
    page = ruths_page(at_door, cast)
    assert ("Jo" in page, "Amara" in page) == (True, False)


def test_another_worker_finds_nothing(doors, cast):
    assert doors.staff.sign_in_as(cast.lee).get(f"/young-people/{cast.amara}/adults").status == 404
