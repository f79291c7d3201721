"""A parent or carer at the families' door, going through the form about one young person."""

from __future__ import annotations

OFFERED = "Tell your side"


class AtHome:
    """Somebody at the families' door with the form about one young person."""

    def __init__(self, comes_in, link_id):
        self.comes_in, self.browser, self.path = comes_in, comes_in(), f"/side/{link_id}"
        self.episode = None  # the return that the form is about

    def again(self):
        """Come in anew: another sitting."""
        return AtHome(self.comes_in, self.path.rsplit("/", 1)[1])

    def front(self):
        return self.browser.get("/")

    def sees(self):
        return self.browser.get(self.path)

    def presses(self, **form):
        page = self.browser.page
        if page.tree is None or page.tree.find(".//input[@name='screen']") is None:
            page = self.sees()
        kept = {"screen": page.field("screen")}
        kept |= {name: page.field(name) for name in ("form_key", "version") if f'name="{name}"' in page.html}
        answer = self.browser.post(self.path, kept | form)
        return self.browser.get(answer.location) if answer.status == 303 else answer

    def begins(self):
        self.sees()
        self.presses(go="on")
        return self.presses(go="on")

    def goes_to(self, question):
        """Skip until that question is on the screen."""
        page = self.begins()
        while page.field("screen") != question:
            page = self.presses(go="skip")
        return page

    def sends(self):
        page = self.sees()
        while page.field("screen") != "check":
            page = self.presses(go="skip")
        return self.presses(go="send")
