// A slider and its number field hold the same value. The slider is an extra, so it appears only with script.
function bind(slider) {
  const field = document.getElementById(slider.dataset.slider);
  if (!field || !slider.hidden) return;
  slider.hidden = false;
  slider.addEventListener("input", () => { field.value = slider.value; });
  field.addEventListener("input", () => { slider.value = field.value; });
}

function bindAll(root) {
  root.querySelectorAll("[data-slider]").forEach(bind);
}

document.addEventListener("htmx:after:swap", () => bindAll(document));
bindAll(document);
