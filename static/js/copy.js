// One press copies a text, one field or the whole. Without this script a press on the text marks it, ready to copy.
(function () {
  "use strict";
  document.querySelectorAll("[data-copies]").forEach(function (button) {
    var text = document.getElementById(button.getAttribute("data-copies"));
    var status = button.parentElement.querySelector("[data-copied]");
    if (!text || !status || !navigator.clipboard) { return; }
    button.hidden = false;
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(text.textContent).then(function () {
        status.textContent = status.getAttribute("data-copied");
      }, function () {
        // The browser refused: mark the text, so that the keyboard can copy it.
        getSelection().selectAllChildren(text);
      });
    });
  });
})();
