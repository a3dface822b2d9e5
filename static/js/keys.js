// The keys of every page, and the places where they do nothing. The keys with Alt are in ordering.js.
import { inFigure } from "./_timeline-keys.js";

// A reader who still holds Enter from answering must not be sent past the verdict.
const CALM_MS = 500;
const NAME = "keys";
const TYPED = "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])";
const PRESSED = "a, button, summary, [role=button]";

const list = document.getElementById("keys");
const form = () => document.querySelector("main form[data-answer]");
let verdict = null;
let since = 0;

const arrive = () => {
  const now = document.getElementById("verdict");
  if (now && now !== verdict) since = performance.now();
  verdict = now;
};

const isCalm = (event) => !verdict || event.timeStamp - since >= CALM_MS;
const press = (target) => { target?.click(); return Boolean(target); };

const choose = (event) => {
  const option = form()?.querySelectorAll("input[type=radio], input[type=checkbox]")[event.key - 1];
  option?.focus();
  return press(option);
};

const submit = (event) => {
  if (event.shiftKey) return false;
  if (form()) return press(form().querySelector("button.main"));
  return event.target === verdict && isCalm(event) && press(document.querySelector("main [data-next]"));
};

const run = (event) => {
  const buttons = [...document.querySelectorAll("main button[data-run]")];
  return !event.shiftKey && press(buttons.find((button) => button.checkVisibility() && !button.disabled));
};

const show = () => { list.showModal(); return true; };

const actOf = (key) => (/^[1-9]$/.test(key) ? choose : { Enter: submit, r: run, R: run, "?": show }[key]);

const isOff = () => document.documentElement.dataset.keys === "off";

document.addEventListener("keydown", (event) => {
  const target = event.target.closest?.("*");
  if (!target || event.defaultPrevented || event.isComposing || list.open) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  // A link follows Enter by itself. The Next link does so only after the pause.
  const early = event.key === "Enter" && target.closest("[data-next]") && (event.repeat || !isCalm(event));
  if (early || inFigure(event)) return event.preventDefault();
  if (event.repeat || isOff() || target.closest(`${TYPED}, ${PRESSED}`)) return;
  if (actOf(event.key)?.(event)) event.preventDefault();
});

// Keys that are switched off stay off in this browser. Without storage they stay off until the next page.
const use = (on) => {
  document.documentElement.dataset.keys = on ? "on" : "off";
  list.querySelector("[data-keys-used]").checked = on;
};

const remembered = () => {
  try { return localStorage.getItem(NAME) !== "off"; } catch { return true; }
};

list.addEventListener("change", (event) => {
  use(event.target.checked);
  try { localStorage.setItem(NAME, event.target.checked ? "on" : "off"); } catch { /* The choice lasts only for this page. */ }
});

document.addEventListener("click", (event) => { if (event.target.closest("[data-keys-list]")) show(); });
document.addEventListener("htmx:after:swap", arrive);
use(remembered());
arrive();
