// What the page asks for and changes. A token for changes is kept for this tab only.
import { el } from "./dom.js";

const byId = (id) => document.getElementById(id);
let access = { write: "off", why: "" };

/** get asks for JSON; an error says why there is none. */
export async function get(path) {
  return answered(await fetch(path, { headers: { Accept: "application/json" } }));
}

/** post changes something; null means that the person gave up. */
export async function post(path, body) {
  for (let tried = false; ; tried = true) {
    const headers = { Accept: "application/json", "Content-Type": "application/json" };
    const token = sessionStorage.getItem("token");
    if (token) headers.Authorization = `Bearer ${token}`;
    const response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
    if (response.status !== 401) return answered(response);
    sessionStorage.removeItem("token");
    const given = await ask({
      title: "Token",
      text: tried ? "That is not the token of this console." : "Changes need the token of this console (DATELINE_HTTP_TOKEN). It is kept until you close this tab.",
      action: "Go on",
      secret: true,
    });
    if (!given) return null;
    sessionStorage.setItem("token", given);
  }
}

async function answered(response) {
  const value = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(value.error ?? `the console answered ${response.status}`);
  return value;
}

/** ask opens a dialog and returns what was given: true, or the secret; null for no. */
export function ask({ title, text, action, secret, danger }) {
  const dialog = byId("ask");
  const field = el("input", { type: "password", autocomplete: "off", "aria-label": title, hidden: !secret });
  const yes = el("button", { type: "submit", class: danger ? "danger" : "primary" }, action);
  const no = el("button", { type: "button" }, "Cancel");
  const form = el("form", { method: "dialog" }, el("h2", { id: "ask-title" }, title), el("p", { dir: "auto" }, text), field, el("p", { class: "buttons" }, no, yes));
  dialog.replaceChildren(form);
  return new Promise((resolve) => {
    let answer = null;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      answer = secret ? field.value.trim() : true;
      dialog.close();
    });
    no.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => resolve(answer || null), { once: true });
    dialog.showModal();
    (secret ? field : no).focus();
  });
}

let telling = 0;

/** tell says what became of something, also to those who do not see it. */
export function tell(text, bad) {
  const node = byId("told");
  node.textContent = text;
  node.dataset.bad = String(Boolean(bad));
  node.hidden = false;
  clearTimeout(telling);
  telling = setTimeout(() => (node.hidden = true), bad ? 12_000 : 6000);
}

/** act changes something and tells what became of it; true if it was done. */
export async function act(path, body, done) {
  try {
    const answer = await post(path, body);
    if (answer) tell(done(answer));
    return answer !== null;
  } catch (error) {
    tell(error.message, true);
    return false;
  }
}

/** writable says whether there is any use in offering changes. */
export function writable() {
  return access.write !== "off";
}

/** learnAccess asks what may be changed here. */
export async function learnAccess() {
  access = await get("/api/access").catch(() => access);
  document.body.dataset.write = access.write;
  const hints = { open: "Changes are open to this machine.", token: "Changes need the token.", off: `${access.why || "Read-only"}.` };
  byId("access").textContent = hints[access.write] ?? "";
}
