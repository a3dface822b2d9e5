// Digits choose an option; Enter sends the answer. Typing in a field, a slider or with a modifier is left alone.
const TYPED = "textarea, select, [contenteditable], input:not([type=radio]):not([type=checkbox])";
const PRESSED = "a, button, summary, [role=button]";

function options(form) {
  return [...form.querySelectorAll("input[type=radio], input[type=checkbox]")];
}

function choose(form, place) {
  const option = options(form)[place];
  if (!option) return false;
  option.checked = option.type === "radio" ? true : !option.checked;
  option.dispatchEvent(new Event("change", { bubbles: true }));
  option.focus({ preventScroll: false });
  return true;
}

document.addEventListener("keydown", (event) => {
  const form = document.querySelector("form[data-answer]");
  if (!form || event.repeat || event.defaultPrevented) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest?.(TYPED)) return;
  if (/^[1-9]$/.test(event.key)) {
    if (choose(form, Number(event.key) - 1)) event.preventDefault();
  } else if (event.key === "Enter" && !event.target.closest?.(PRESSED)) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("button.main"));
  }
});
