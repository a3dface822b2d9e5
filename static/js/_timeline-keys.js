// The keys of a focused figure: arrows move through its bars, comma and full stop step, space plays, Escape clears.
import { chosenIn, clear } from "./_timeline-choose.js";
import { play, step, stop } from "./_timeline-replay.js";

export const figureOf = (node) => node?.closest?.("[data-timeline]");
const inOrder = (figure) =>
  [...figure.querySelectorAll("a.span")].sort((a, b) => a.dataset.span - b.dataset.span);

// One tab stop for all bars: the current bar.
export const rove = (figure, current = chosenIn(figure) ?? inOrder(figure)[0]) => {
  for (const bar of figure.querySelectorAll("a.span")) bar.tabIndex = bar === current ? 0 : -1;
};

const walk = (figure, bar, key) => {
  const bars = inOrder(figure);
  const at = bars.indexOf(bar);
  const moves = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: bars.length - 1 };
  if (!(key in moves)) return null;
  return () => {
    const next = bars[moves[key]];
    if (next) { rove(figure, next); next.focus(); }
  };
};

const actOf = (figure, bar, key) => {
  if (key === "Escape") return () => { stop(figure); clear(figure); };
  if (key === "," || key === ".") return () => step(figure, key === "." ? 1 : -1);
  if (key === " " && bar) return () => play(figure);
  return bar && walk(figure, bar, key);
};

// Whether the figure handles the key. It also handles a held key and ignores it, so that the page does not scroll.
export const inFigure = (event) => {
  const figure = figureOf(event.target);
  const act = figure && !event.shiftKey && actOf(figure, event.target.closest("a.span"), event.key);
  if (act && !event.repeat) act();
  return Boolean(act);
};
