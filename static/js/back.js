// Staff's pages, left: what the browser keeps to show again on Back must be empty, and asks the server again. On a
// tablet that was handed over the server then knows nobody. A second tab that stayed open goes blank with it.
(function () {
  "use strict";
  function hide() { document.documentElement.hidden = true; }

  addEventListener("pagehide", hide);
  addEventListener("pageshow", function (event) {
    if (event.persisted) { hide(); location.reload(); }
  });

  if (typeof BroadcastChannel !== "function") { return; }
  var tabs = new BroadcastChannel("handed over");
  tabs.onmessage = function () {
    hide();
    setTimeout(function () { location.reload(); }, 2000);
  };
  var form = document.querySelector("form[data-hands-over]");
  if (form) { form.addEventListener("submit", function () { tabs.postMessage(1); }); }
})();
