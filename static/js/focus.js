// After a swap the focus goes to what matters now: the verdict, or the error that says what is wrong.
document.addEventListener("htmx:after:swap", (event) => {
  const target = event.detail?.ctx?.target;
  if (target?.closest?.("[data-live]")) return;
  const goal = document.querySelector("#card [data-focus], #lab [data-focus]");
  if (!goal || goal.dataset.focus === "done") return;
  goal.dataset.focus = "done";
  goal.focus({ preventScroll: true });
  const place = goal.getBoundingClientRect();
  if (place.top < 0 || place.bottom > innerHeight) goal.scrollIntoView({ block: "center" });
});
