// Replay: event by event, forward and backward. A veil covers later events, and the sentence names the current event.
const still = matchMedia("(prefers-reduced-motion: reduce)");
const states = new WeakMap();
const stateOf = (figure) => states.get(figure) ?? states.set(figure, { at: -1, timer: 0 }).get(figure);
const stepsOf = (figure) => [...figure.querySelectorAll("[data-steps] > li")];

const move = (head, place, ms) => {
  for (const part of head.children) {
    const from = part.getAttribute("x");
    part.setAttribute("x", place);
    if (ms && !still.matches) part.animate({ x: [from, place] }, ms);
  }
};

const show = (figure, at, ms = 0) => {
  const [state, steps] = [stateOf(figure), stepsOf(figure)];
  state.at = Math.max(-1, Math.min(at, steps.length - 1));
  const now = steps[state.at];
  const head = figure.querySelector("[data-playhead]");
  for (const one of steps) one.toggleAttribute("data-now", one === now);
  for (const bar of figure.querySelectorAll("a.span")) bar.toggleAttribute("data-now", bar.id === now?.dataset.of);
  head.setAttribute("visibility", now ? "visible" : "hidden");
  move(head, now ? `${now.dataset.place}%` : "0%", ms);
  figure.querySelector("[data-said]").textContent = now ? `${state.at + 1}/${steps.length} ${now.textContent}` : "";
};

// Only single steps are announced in the live region, because a playing replay would talk without end.
const say = (figure) => {
  document.getElementById("status").textContent = figure.querySelector("[data-said]").textContent;
};

const halt = (figure) => {
  clearTimeout(stateOf(figure).timer);
  stateOf(figure).timer = 0;
};

export const step = (figure, by) => {
  if (!figure.querySelector("[data-replay]")) return;
  halt(figure);
  const { at } = stateOf(figure);
  show(figure, at < 0 && by < 0 ? stepsOf(figure).length - 1 : at + by);
  say(figure);
};

export const stop = (figure) => {
  if (!figure.querySelector("[data-replay]")) return;
  halt(figure);
  show(figure, -1);
};

export const play = (figure) => {
  const [state, steps] = [stateOf(figure), stepsOf(figure)];
  if (!figure.querySelector("[data-replay]")) return;
  if (state.timer) return halt(figure);
  if (state.at >= steps.length - 1) show(figure, -1);
  const next = (ms) => {
    if (!figure.isConnected || state.at >= steps.length - 1) return halt(figure);
    show(figure, state.at + 1, ms);
    const [now, then] = [steps[state.at], steps[state.at + 1]];
    const pause = then ? Math.max(350, Math.min(1200, then.dataset.at - now.dataset.at)) : 0;
    state.timer = setTimeout(next, pause, Math.min(pause, 400));
  };
  next(0);
};
