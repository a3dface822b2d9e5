// The timeline's behaviour: choose a span, replay, grow while live; its keys are in _timeline-keys.js. All listeners sit on
// the document, so that a figure that htmx swaps in needs no wiring; what was chosen, opened and focused outlives the swap.
import { choose, clear } from "./_timeline-choose.js";
import { grow } from "./_timeline-grow.js";
import { keep, restore } from "./_timeline-keep.js";
import { figureOf, rove } from "./_timeline-keys.js";
import { play, step } from "./_timeline-replay.js";

const ready = () => {
  for (const figure of document.querySelectorAll("[data-timeline]")) {
    for (const replay of figure.querySelectorAll("[data-replay]")) replay.hidden = false;
    restore(figure);
    rove(figure, figure.querySelector("a.span:focus") ?? undefined);
    grow(figure);
  }
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

document.addEventListener("htmx:before:swap", keep);
document.addEventListener("htmx:after:swap", ready);
ready();
