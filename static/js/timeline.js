// The timeline's behaviour: choose a span, walk the bars, replay, grow while live. All listeners sit on the document, so that
// a figure that htmx swaps in needs no wiring; what the learner had chosen, opened and focused outlives the swap.
import { choose, clear, chosenIn } from "./_timeline-choose.js";
import { grow } from "./_timeline-grow.js";
import { play, step, stop } from "./_timeline-replay.js";
import { keep, restore } from "./_timeline-keep.js";

const figureOf = (node) => node?.closest?.("[data-timeline]");
const inOrder = (figure) =>
  [...figure.querySelectorAll("a.span")].sort((a, b) => a.dataset.span - b.dataset.span);

const rove = (figure, current = chosenIn(figure) ?? inOrder(figure)[0]) => {
  for (const bar of figure.querySelectorAll("a.span")) bar.tabIndex = bar === current ? 0 : -1;
};

const ready = () => {
  for (const figure of document.querySelectorAll("[data-timeline]")) {
    for (const replay of figure.querySelectorAll("[data-replay]")) replay.hidden = false;
    restore(figure);
    rove(figure, figure.querySelector("a.span:focus") ?? undefined);
    grow(figure);
  }
};

const walk = (figure, bar, key) => {
  const bars = inOrder(figure);
  const at = bars.indexOf(bar);
  const moves = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: bars.length - 1 };
  const next = bars[moves[key]];
  if (next) { rove(figure, next); next.focus(); }
  return key in moves;
};

document.addEventListener("click", (event) => {
  const figure = figureOf(event.target);
  const link = event.target.closest?.("a[data-span], [data-clear], [data-step]");
  if (!figure || !link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.matches("[data-clear]")) clear(figure);
  else if (link.dataset.step === "play") play(figure);
  else if (link.dataset.step) step(figure, link.dataset.step === "on" ? 1 : -1);
  else { choose(figure, link.dataset.span); rove(figure); }
});

document.addEventListener("keydown", (event) => {
  const figure = figureOf(event.target);
  if (!figure || event.ctrlKey || event.metaKey || event.altKey) return;
  const bar = event.target.closest("a.span");
  const used = (event.key === "Escape" && (stop(figure), clear(figure), true))
    || (bar && walk(figure, bar, event.key))
    || ((event.key === "," || event.key === ".") && (step(figure, event.key === "." ? 1 : -1), true))
    || (event.key === " " && bar && (play(figure), true));
  if (used) event.preventDefault();
});

document.addEventListener("htmx:before:swap", keep);
document.addEventListener("htmx:after:swap", ready);
ready();
