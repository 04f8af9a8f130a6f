// Passkeys: buttons where the browser knows them. What a key has signed is sent with the form of its button.
const able = typeof globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON === "function";
const uses = {
  create: (options) =>
    navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }),
  get: (options) =>
    navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
};

for (const button of document.querySelectorAll("[data-passkey]")) {
  button.hidden = !able;
  button.addEventListener("click", () => use(button));
}
for (const note of document.querySelectorAll("[data-no-passkey]")) note.hidden = able;

async function use({ form, dataset }) {
  if (form.ariaBusy === "true") return;
  const fault = form.querySelector("[data-passkey-fault]");
  form.ariaBusy = "true";
  fault.hidden = true;
  try {
    const credential = await uses[dataset.passkey](await ask(dataset.challenge));
    form.elements.credential.value = JSON.stringify(credential);
    form.action = dataset.action;
    form.submit();
  } catch {
    fault.hidden = false;
  } finally {
    form.ariaBusy = null;
  }
}

/** What the key is to sign. Led elsewhere, the password is asked again there. */
async function ask(address) {
  const response = await fetch(address, { method: "POST", headers: { Accept: "application/json" } });
  if (response.redirected) location.assign(response.url);
  return response.json();
}
