"""What the tests take for granted of their browser and their PostgreSQL."""

import http.server
import threading

import psycopg
import pytest

from tests.machine import fresh_database, template_database
from tests.machine.postgres import LOGIN, postgres_server


class TwoPages(http.server.BaseHTTPRequestHandler):
    """`/first` leads to `/second`."""

    def do_GET(self):
        body = f"<!doctype html><title>A page</title><h1>{self.path}</h1><a href=/second>on</a>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def two_pages():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), TwoPages)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def signed_in(url):
    """A connection for a SQLAlchemy address."""
    return psycopg.connect(url.replace("+psycopg", "", 1))


@pytest.mark.usefixtures("keeps_pages")
def test_the_browser_keeps_a_page_that_was_left(page, two_pages):
    page.goto(f"{two_pages}/first")
    page.evaluate("document.querySelector('h1').textContent = 'changed by hand'")
    page.get_by_role("link").click()
    page.wait_for_url("**/second")
    page.go_back(wait_until="commit")
    page.wait_for_function("document.querySelector('h1').textContent == 'changed by hand'")


def test_the_browser_draws_letters(page):
    page.set_content(
        "<span style='font-size:20px'>iiiiii</span><br><span style='font-size:20px'>WWWWWW</span>"
    )
    narrow, wide = (page.locator("span").nth(i).bounding_box()["width"] for i in (0, 1))
    assert 0 < narrow < wide


def test_the_login_role_may_nothing_special():
    query = "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = %(r)s"
    assert postgres_server().execute(query, r=LOGIN) == [(False, False, False, False)]


def test_the_login_role_owns_no_table_and_may_make_none():
    with fresh_database() as database, signed_in(database.app_url) as connection:
        refused = pytest.raises(psycopg.errors.InsufficientPrivilege)
        with refused:
            connection.execute("CREATE TABLE mine (id int)")


def test_a_fresh_database_is_a_copy_of_its_template():
    def build(database):
        with signed_in(database.owner_url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")

    copy = fresh_database(template_database("a table", build))
    with copy as database, signed_in(database.owner_url) as connection:
        assert connection.execute("SELECT number FROM kept").fetchall() == [(7,)]
