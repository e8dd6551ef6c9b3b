// Carries out a passkey ceremony for the form with the id "passkey", and sends what came of it with that form. Binary values
// travel as base64url, which is converted by hand: older browsers and some password managers have no toJSON of their own.
(() => {
  "use strict";
  const form = document.getElementById("passkey");
  if (!form || !window.PublicKeyCredential) {
    return;
  }
  const problem = document.getElementById("passkey-problem");
  const button = form.querySelector("button");
  const creates = "create" in form.dataset;
  const refreshed = 240000;
  let waiting = null;

  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

  const text = (buffer) =>
    btoa(Array.from(new Uint8Array(buffer), (b) => String.fromCharCode(b)).join(""))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  async function begin() {
    const answer = await fetch(form.dataset.options, { cache: "no-store" });
    if (!answer.ok) {
      // the sign-in has ended, or is too long ago
      location.assign(form.dataset.again);
      throw new DOMException("", "AbortError");
    }
    const ceremony = await answer.json();
    const options = ceremony.publicKey;
    options.challenge = bytes(options.challenge);
    if (options.user) {
      options.user.id = bytes(options.user.id);
    }
    for (const known of options.excludeCredentials || []) {
      known.id = bytes(known.id);
    }
    return ceremony;
  }

  function finish(ceremony, credential) {
    const response = { clientDataJSON: text(credential.response.clientDataJSON) };
    if (creates) {
      response.attestationObject = text(credential.response.attestationObject);
      response.transports = credential.response.getTransports ? credential.response.getTransports() : [];
    } else {
      response.authenticatorData = text(credential.response.authenticatorData);
      response.signature = text(credential.response.signature);
      response.userHandle = credential.response.userHandle ? text(credential.response.userHandle) : "";
    }
    const id = text(credential.rawId);
    form.elements.state.value = ceremony.state;
    form.elements.answer.value = JSON.stringify({ id, rawId: id, type: credential.type, response });
    form.submit();
  }

  function fail(error) {
    if (error.name === "AbortError") {
      return;
    }
    const known = error.name === "InvalidStateError" && problem.dataset.known;
    problem.textContent = known || (error.name === "NotAllowedError" ? problem.dataset.none : problem.dataset.failed);
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.textContent = "";
    button.disabled = true;
    if (waiting) {
      waiting.abort();
    }
    try {
      const ceremony = await begin();
      const asked = { publicKey: ceremony.publicKey };
      finish(ceremony, await (creates ? navigator.credentials.create(asked) : navigator.credentials.get(asked)));
    } catch (error) {
      fail(error);
      autofill();
    } finally {
      button.disabled = false;
    }
  });

  // offers passkeys among what the browser fills into the address, anew before the challenge is over
  async function autofill() {
    const able = PublicKeyCredential.isConditionalMediationAvailable;
    if (creates || !able || !(await able.call(PublicKeyCredential))) {
      return;
    }
    const mine = new AbortController();
    waiting = mine;
    const timer = setTimeout(() => {
      mine.abort();
      autofill();
    }, refreshed);
    try {
      const ceremony = await begin();
      const unknown = form.dataset.unknown;
      if (unknown && PublicKeyCredential.signalUnknownCredential) {
        // the browser need not offer again what nobody has here
        form.dataset.unknown = "";
        PublicKeyCredential.signalUnknownCredential({ rpId: ceremony.publicKey.rpId, credentialId: unknown })
          .catch(() => {});
      }
      finish(ceremony, await navigator.credentials.get({
        publicKey: ceremony.publicKey, mediation: "conditional", signal: mine.signal,
      }));
    } catch (error) {
      // whoever types an address goes on without
    } finally {
      clearTimeout(timer);
    }
  }

  form.hidden = false;
  autofill();
})();
