// The bars of a prediction are dragged or moved by arrow keys. They and the selects, which the server reads, stay in step.
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const gridOf = (part) => part.closest("[data-predict]");
const slots = (grid) => Number(grid.dataset.predict);
const rows = (grid) => [...grid.querySelectorAll("[data-row]")];
const bars = (grid) => [...grid.querySelectorAll("[data-task]")];
const field = (grid, name) => grid.parentElement.querySelector(`select[name="${name}"]`);
const between = (least, value, most) => Math.min(most, Math.max(least, value));

function read(grid, task) {
  const [lane, start, length] = ["lane", "start", "length"].map((name) => field(grid, `${name}-${task}`).value);
  return { lane, start: Number(start), length: Number(length) };
}

function write(grid, task, { lane, start, length }) {
  const most = slots(grid);
  const from = between(0, start, most - 1);
  field(grid, `lane-${task}`).value = lane;
  field(grid, `start-${task}`).value = from;
  field(grid, `length-${task}`).value = between(1, length, most - from);
}

const chosen = (select) => select.selectedOptions[0].textContent.trim();

function words(grid, task) {
  const { lane, start, length } = read(grid, task);
  const where = rows(grid).find((row) => row.dataset.row === lane);
  if ("shelf" in where.dataset) return where.dataset.says;
  const end = start + length < slots(grid) ? field(grid, `start-${task}`).options[start + length].textContent : "the end";
  return `${where.dataset.says}, from ${chosen(field(grid, `start-${task}`))} to ${end}`;
}

function place(grid, bar, index) {
  const { lane, start, length } = read(grid, bar.dataset.task);
  const row = rows(grid).find((one) => one.dataset.row === lane);
  const { head, step } = gridOf(bar).querySelector("svg").dataset;
  const shelf = "shelf" in row.dataset;
  const unit = 100 / (shelf ? bars(grid).length : slots(grid));
  const x = unit * (shelf ? index : start);
  const width = shelf ? unit * 0.94 : unit * Math.min(length, slots(grid) - start);
  const y = Number(row.dataset.y) + Number(head) + (shelf ? 0 : index * Number(step));
  const text = bar.querySelector("text");
  const atEnd = !shelf && x > 50;
  bar.setAttribute("class", `guess ${row.getAttribute("class").split(" ")[1]}${shelf ? " on-shelf" : ""}`);
  bar.querySelectorAll(":scope > rect").forEach((rect) => {
    rect.setAttribute("x", `${x}%`);
    rect.setAttribute("width", `${width}%`);
    rect.setAttribute("y", `${y}em`);
  });
  const grip = bar.querySelector(".guess__grip");
  grip.setAttribute("x", `${x + width}%`);
  grip.setAttribute("y", `${y}em`);
  text.setAttribute("x", `${atEnd ? x + width : x}%`);
  text.setAttribute("dx", atEnd ? "-1.2em" : "0.5em");
  text.setAttribute("text-anchor", atEnd ? "end" : "start");
  text.setAttribute("y", `${y + 0.675}em`);
  bar.setAttribute("aria-valuenow", start);
  bar.setAttribute("aria-valuetext", words(grid, bar.dataset.task));
}

function placeResponse(grid) {
  const [mark, select] = [grid.querySelector("[data-sent]"), field(grid, "sent")];
  if (!mark) return;
  mark.setAttribute("visibility", select.value ? "visible" : "hidden");
  mark.querySelectorAll("line").forEach((line) => ["x1", "x2"].forEach((end) => line.setAttribute(end, `${(100 * select.value) / slots(grid)}%`)));
  const [text, late] = [mark.querySelector("text"), 2 * select.value > slots(grid)];
  text.setAttribute("x", `${(100 * select.value) / slots(grid)}%`);
  text.setAttribute("dx", late ? "-0.5em" : "0.5em");
  text.setAttribute("text-anchor", late ? "end" : "start");
  mark.setAttribute("aria-valuenow", select.value || 0);
  mark.setAttribute("aria-valuetext", chosen(select));
}

function draw(grid) {
  bars(grid).forEach((bar, index) => place(grid, bar, index));
  placeResponse(grid);
}

function put(bar, stay) {
  const grid = gridOf(bar);
  const before = JSON.stringify(read(grid, bar.dataset.task));
  write(grid, bar.dataset.task, stay);
  if (JSON.stringify(read(grid, bar.dataset.task)) === before) return;
  draw(grid);
  document.getElementById("status").textContent = `${bar.dataset.task}: ${words(grid, bar.dataset.task)}`;
}

function putResponse(mark, slot) {
  const grid = gridOf(mark);
  const select = field(grid, "sent");
  select.value = between(0, slot, slots(grid));
  draw(grid);
  document.getElementById("status").textContent = `The response is sent ${chosen(select)}`;
}

document.addEventListener("keydown", (event) => {
  const step = !event.altKey && !event.ctrlKey && !event.metaKey && STEPS[event.key];
  const bar = step && event.target.closest?.("[data-predict] [data-task]");
  const mark = step && event.target.closest?.("[data-predict] [data-sent]");
  if (!bar && !mark) return;
  event.preventDefault();
  const [across, down] = step;
  if (mark) return putResponse(mark, Number(field(gridOf(mark), "sent").value) + across);
  const stay = read(gridOf(bar), bar.dataset.task);
  const all = rows(gridOf(bar)).map((row) => row.dataset.row);
  const lane = all[between(0, all.indexOf(stay.lane) + down, all.length - 1)];
  if (event.shiftKey) put(bar, { ...stay, length: stay.length + across });
  else put(bar, { ...stay, lane, start: between(0, stay.start + across, slots(gridOf(bar)) - stay.length) });
});

// During a drag of a bar or of the response: its slot and its row.
function follow(part, moved) {
  const drop = () => {
    part.classList.remove("is-moving");
    document.removeEventListener("pointermove", moved);
  };
  part.classList.add("is-moving");
  document.addEventListener("pointermove", moved);
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, drop, { once: true });
}

document.addEventListener("pointerdown", (event) => {
  const part = event.target.closest?.("[data-predict] [data-task], [data-predict] [data-sent]");
  if (!part || event.button !== 0) return;
  event.preventDefault();
  part.focus();
  const grid = gridOf(part);
  const box = grid.querySelector("svg").getBoundingClientRect();
  const slotAt = (move) => ((move.clientX - box.left) / box.width) * slots(grid);
  if ("sent" in part.dataset) return follow(part, (move) => putResponse(part, Math.round(slotAt(move))));
  const begun = read(grid, part.dataset.task);
  const longer = event.target.closest(".guess__grip");
  // On a shelf a bar has no slot: it is held by its beginning.
  const held = part.classList.contains("on-shelf") ? 0.5 : slotAt(event) - begun.start;
  follow(part, (move) => {
    if (longer) return put(part, { ...begun, length: Math.round(slotAt(move)) - begun.start });
    const over = rows(grid).find((row) => row.getBoundingClientRect().bottom > move.clientY) ?? rows(grid).at(-1);
    const start = between(0, Math.round(slotAt(move) - held), slots(grid) - begun.length);
    put(part, { ...begun, lane: over.dataset.row, start });
  });
});

document.addEventListener("change", (event) => {
  const grid = event.target.closest?.("[data-guesses]")?.parentElement.querySelector("[data-predict]");
  if (grid) draw(grid);
});

function enhance() {
  document.querySelectorAll("[data-predict][hidden]").forEach((grid) => {
    grid.hidden = false;
    grid.parentElement.querySelectorAll("[data-predict-hint]").forEach((hint) => { hint.hidden = false; });
    draw(grid);
  });
}

document.addEventListener("htmx:after:swap", enhance);
enhance();
