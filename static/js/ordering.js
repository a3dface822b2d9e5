// The lines of an ordering move by button, by Alt and arrow, or by dragging. The number fields, which the server reads, stay in step.
const lines = (list) => [...list.querySelectorAll("[data-item]")];
const field = (line) => line.querySelector("input");

function number(list) {
  lines(list).forEach((line, index, all) => {
    field(line).value = index + 1;
    line.querySelector('[data-move="-1"]').disabled = index === 0;
    line.querySelector('[data-move="1"]').disabled = index === all.length - 1;
  });
}

function say(list, line) {
  const text = line.querySelector("[data-text]").textContent.trim();
  const all = lines(list);
  document.getElementById("status").textContent = `${text}: place ${all.indexOf(line) + 1} of ${all.length}`;
}

function put(list, line, place) {
  const others = lines(list).filter((other) => other !== line);
  const focused = line.contains(document.activeElement) ? document.activeElement : null;
  list.insertBefore(line, others[Math.max(0, place)] ?? null);
  number(list);
  (focused?.disabled ? field(line) : focused)?.focus();
  say(list, line);
}

function at(event) {
  const line = event.target.closest?.("[data-ordering] [data-item]");
  return line ? { line, list: line.closest("[data-ordering]"), place: lines(line.parentElement).indexOf(line) } : null;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-move]");
  const found = button && at(event);
  if (found) put(found.list, found.line, found.place + Number(button.dataset.move));
});

document.addEventListener("keydown", (event) => {
  const step = event.altKey && { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const found = step && at(event);
  if (!found) return;
  event.preventDefault();
  put(found.list, found.line, found.place + step);
});

document.addEventListener("change", (event) => {
  const found = at(event);
  if (found && event.target.value) put(found.list, found.line, Number(event.target.value) - 1);
});

document.addEventListener("pointerdown", (event) => {
  const found = at(event);
  const grabbed = event.pointerType === "mouse" ? !event.target.closest("input, button") : event.target.closest("[data-handle]");
  if (!found || !grabbed || event.button !== 0) return;
  event.preventDefault();
  const { line, list } = found;
  const drag = (move) => {
    const above = lines(list).filter((other) => other !== line && move.clientY > other.getBoundingClientRect().y + other.offsetHeight / 2);
    if (above.length !== lines(list).indexOf(line)) put(list, line, above.length);
  };
  const drop = () => {
    line.classList.remove("is-moving");
    document.removeEventListener("pointermove", drag);
  };
  line.classList.add("is-moving");
  document.addEventListener("pointermove", drag);
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, drop, { once: true });
});

function enhance() {
  document.querySelectorAll("[data-ordering]").forEach((list) => {
    if (lines(list).every((line) => !field(line).value)) number(list);
    list.closest("form, body").querySelectorAll("[data-move], [data-ordering-hint]").forEach((part) => { part.hidden = false; });
    // The property, not the attribute: a finger on the handle drags the line instead of the page.
    list.querySelectorAll("[data-handle]").forEach((handle) => { handle.style.touchAction = "none"; });
  });
}

document.addEventListener("htmx:after:swap", enhance);
enhance();
