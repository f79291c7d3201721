// A passkey is asked for by script or not at all. The page says what to ask for; the answer goes back in its form.
(function () {
  "use strict";
  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (letter) { return letter.charCodeAt(0); });
  }
  function text(buffer) {
    var plain = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  function asked(options) {
    options.challenge = bytes(options.challenge);
    if (options.user) { options.user.id = bytes(options.user.id); }
    (options.allowCredentials || []).concat(options.excludeCredentials || []).forEach(function (one) {
      one.id = bytes(one.id);
    });
    return { publicKey: options };
  }
  function told(made) {
    var response = {};
    ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (made.response[name]) { response[name] = text(made.response[name]); }
    });
    return JSON.stringify({
      id: made.id, rawId: text(made.rawId), type: made.type, response: response,
      clientExtensionResults: made.getClientExtensionResults()
    });
  }

  if (!window.PublicKeyCredential) { return; }
  document.querySelectorAll("[data-passkey]").forEach(function (part) {
    var form = part.closest("form"), kind = part.dataset.passkey;
    part.hidden = form.hidden = false;
    part.querySelector("button").addEventListener("click", function (event) {
      event.preventDefault();
      part.querySelector(".error").hidden = true;
      navigator.credentials[kind](asked(JSON.parse(part.dataset.options))).then(function (made) {
        part.querySelector("input").value = told(made);
        form.submit();
      }).catch(function () { part.querySelector(".error").hidden = false; });
    });
  });
})();
