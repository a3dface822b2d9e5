// During a run, open bars grow between two updates: each reaches the end of the axis in the time that is left.
const still = matchMedia("(prefers-reduced-motion: reduce)");

export const grow = (figure) => {
  // A morph keeps elements, and therefore the animations that the last update started.
  for (const animation of figure.getAnimations({ subtree: true })) animation.cancel();
  if (!("live" in figure.dataset) || still.matches) return;
  const timing = { duration: +figure.dataset.leftMs, fill: "forwards" };
  for (const bar of figure.querySelectorAll("[data-grow]")) {
    bar.animate({ width: [bar.getAttribute("width"), bar.dataset.grow] }, timing);
  }
  const now = figure.querySelector("[data-now]");
  now?.animate({ x: [now.getAttribute("x"), "100%"] }, timing);
};
