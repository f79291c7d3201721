// A link carries its token behind the #, which no server or proxy log sees. It moves into the
// form, and out of the address and the history, before anybody can read it there.
(function () {
  "use strict";
  function take() {
    var form = document.querySelector("[data-way-in]");
    var token = decodeURIComponent(location.hash.slice(1));
    if (!form || !token) { return; }
    history.replaceState(null, "", location.pathname);
    form.elements.namedItem("token").value = token;
    var words = form.querySelector("[data-words]");
    if (words) { words.hidden = true; }
  }

  take();
  // A link opened where this page stands already loads nothing: only what is behind the # changes.
  addEventListener("hashchange", take);
})();
