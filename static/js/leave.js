// Leaving at once, and leaving nothing behind. Without this script the button still works:
// it is a plain form. The script adds Shift three times, and empties the page.
(function () {
  "use strict";
  var form = document.querySelector(".leave");
  var presses = [];

  function emptyPage() {
    document.body.textContent = "";
  }

  // The page goes blank first, whatever the network does next. The session is ended in the
  // background; a slow or dead server does not hold anybody here. The cookie, gone with the browser, makes up
  // for a request that never arrives: the next one to arrive ends the session.
  function leave() {
    var exit = form.getAttribute("data-exit");
    var body = new URLSearchParams(new FormData(form));
    var gone = false;
    function go() {
      if (!gone) { gone = true; location.replace(exit); }
    }
    emptyPage();
    document.cookie = "x=1; path=/; samesite=lax";
    setTimeout(go, 800);
    fetch(form.action, { method: "POST", body: body, keepalive: true, redirect: "manual" }).then(go, go);
  }

  if (form) {
    // "Someone is looking" stands in a form of its own and leads to the same address.
    document.addEventListener("submit", function (event) {
      var button = event.submitter;
      if (event.target === form || (button && button.getAttribute("formaction") === form.getAttribute("action"))) {
        event.preventDefault();
        leave();
      }
    });
    // Any other key starts the count again, so capital letters never leave by accident.
    document.addEventListener("keydown", function (event) {
      if (event.key !== "Shift") { presses = []; return; }
      if (event.repeat) { return; }
      presses = presses.concat(event.timeStamp).slice(-3);
      if (presses.length === 3 && presses[2] - presses[0] < 2000) { leave(); }
    });
  }

  // Left lying, the session is over after so many minutes without a key or a tap: so are the words on the screen.
  var idle = form && Number(form.getAttribute("data-idle")) * 60000;
  var clock;
  function wait() {
    clearTimeout(clock);
    clock = setTimeout(function () { emptyPage(); location.replace(location.pathname); }, idle);
  }
  if (idle) {
    ["input", "keydown", "pointerdown"].forEach(function (kind) { addEventListener(kind, wait); });
    wait();
  }

  // The back/forward cache ignores no-store: what it keeps must be empty, and asks the server again.
  addEventListener("pagehide", emptyPage);
  addEventListener("pageshow", function (event) {
    if (event.persisted) { location.reload(); }
  });
})();
