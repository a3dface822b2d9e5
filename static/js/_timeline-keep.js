// The state of a figure that survives a swap: the selected span, the open parts and the focus, kept by stable names.
import { choose, chosenIn } from "./_timeline-choose.js";

let kept = null;

const nameOf = (element) => {
  const part = element.closest("[data-keep]");
  if (element.id) return `#${CSS.escape(element.id)}`;
  if (part && element.matches("summary")) return `[data-keep="${part.dataset.keep}"] > summary`;
  return part && element.dataset.span ? `[data-keep] [data-span="${element.dataset.span}"]` : null;
};

export const keep = () => {
  const figure = document.querySelector("[data-timeline]");
  if (!figure) return;
  const focused = figure.contains(document.activeElement) && document.activeElement;
  kept = {
    chosen: chosenIn(figure)?.id,
    open: [...figure.querySelectorAll("[data-keep][open]")].map((part) => part.dataset.keep),
    focus: focused ? nameOf(focused) : null,
  };
};

export const restore = (figure) => {
  if (!kept) return;
  for (const part of figure.querySelectorAll("[data-keep]")) {
    if (kept.open.includes(part.dataset.keep)) part.open = true;
  }
  const chosen = kept.chosen && figure.querySelector(`#${CSS.escape(kept.chosen)}`);
  if (chosen) choose(figure, chosen.dataset.span);
  if (kept.focus && !figure.contains(document.activeElement)) {
    figure.querySelector(kept.focus)?.focus({ preventScroll: true });
  }
  kept = null;
};
