"""Children looked after by another authority: it is told, and who interviews is written down."""


def test_the_placing_authority_is_told_and_who_interviews_is_written_down(a_return, task_of, doors, cast):
    task_id = a_return(of=cast.jo, living="other authority")
    cory = doors.staff.sign_in_as(cast.cory)
    assert "They were told" in cory.get(f"/returns/{task_id}").main
    page = cory.follow(cory.post(f"/returns/{task_id}/authority", {"interviewer": "Salford's own team"}))
    assert "Who interviews: Salford's own team." in page.main
    assert task_of(task_id).told_authority_at is not None


def test_they_may_be_told_before_it_is_known_who_interviews(a_return, task_of, doors, cast, clock):
    task_id = a_return(of=cast.jo, living="other authority")
    cory = doors.staff.sign_in_as(cast.cory)
    cory.post(f"/returns/{task_id}/authority")
    told_at = task_of(task_id).told_authority_at
    clock.forward(minutes=10)
    cory.post(f"/returns/{task_id}/authority", {"interviewer": "An agency"})
    assert (task_of(task_id).told_authority_at, task_of(task_id).interviewer) == (told_at, "An agency")


def test_our_own_children_have_no_such_part(a_return, doors, cast):
    page = doors.staff.sign_in_as(cast.cory).get(f"/returns/{a_return(of=cast.jo)}")
    assert "The placing authority" not in page.main


def test_who_may_not_does_not_find_the_way(a_return, doors, cast):
    task_id = a_return(of=cast.jo, living="other authority")
    assert doors.staff.sign_in_as(cast.ade).post(f"/returns/{task_id}/authority").status == 404
