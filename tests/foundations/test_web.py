"""What every answer carries, whatever the room."""


def test_an_unknown_page_is_a_plain_not_found_page(doors):
    page = doors.young.get("/nothing-here")
    assert page.status == 404
    assert "no-store" in page.headers["Cache-Control"]


def test_an_unknown_host_is_told_nothing(app):
    answer = app.test_client().get("/", base_url="http://elsewhere.example")
    assert (answer.status_code, answer.text) == (404, "There is nothing here.\n")


def test_health_answers_at_any_host(app):
    assert app.test_client().get("/healthz", base_url="http://127.0.0.1:9").status_code == 200
