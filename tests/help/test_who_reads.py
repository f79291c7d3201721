"""Who reads what is written here."""


def test_a_young_person_reads_that_officers_work_in_the_same_team(doors):
    assert "Some police officers and nurses work in the same team." in doors.young.get("/help/who-reads").main


def test_a_young_person_reads_that_parents_cannot_see_it(doors):
    assert "Your parents or carers can't see here" in doors.young.get("/help/who-reads").main


def test_a_parent_reads_that_the_two_sides_are_apart(doors):
    page = doors.family.get("/help/who-reads")
    assert "You can't see theirs here." in page.main
    assert "Your parents or carers" not in page.main


def test_the_three_reasons_to_tell_are_named(doors):
    page = doors.young.get("/help/who-reads")
    assert len(page.tree.findall(".//main//ul/li")) == 3


def test_it_is_a_page_for_families_only(doors):
    assert doors.public.get("/help/who-reads").status == 404
    assert doors.staff.get("/help/who-reads").status == 404
