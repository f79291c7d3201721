"""The factual half of the privacy notices, with the periods of this hub."""


def test_each_notice_has_its_periods(doors, cast):
    page = doors.staff.sign_in_as(cast.priya).get("/kept/notices")
    for words in ("Young people", "Parents and carers", "Staff", "90 days more", "In charge: Manchester"):
        assert words in page.main
