// Selecting a span: its row of the table becomes the details, and its lines in the code are marked.
export const chosenIn = (figure) => figure.querySelector("a.span[aria-current]");

const linesOf = (row) => {
  const first = row && document.querySelector(
    `[data-code="${CSS.escape(row.dataset.file ?? "")}"] [data-line="${row.dataset.line}"]`);
  if (!first) return [];
  const lines = first.closest("[data-code]").querySelectorAll("[data-line]");
  const to = first.dataset.to ?? row.dataset.line;
  return [...lines].filter((line) => +line.dataset.line >= +row.dataset.line && +line.dataset.line <= +to);
};

const details = (row) => {
  const heads = row.closest("table").querySelectorAll("thead th");
  return [...row.cells].flatMap((cell, i) => {
    if (!cell.textContent.trim()) return [];
    const pair = document.createElement("div");
    const [title, text] = [document.createElement("dt"), document.createElement("dd")];
    title.textContent = heads[i].textContent;
    // The name is a link to this span, so only its text is used. Other cells keep their links, such as the link to the code.
    text.append(...(i ? [...cell.childNodes].map((node) => node.cloneNode(true)) : [cell.textContent]));
    pair.append(title, text);
    return [pair];
  });
};

export const clear = (figure) => {
  for (const old of figure.querySelectorAll("[data-span][aria-current], [data-row][aria-current]")) {
    old.removeAttribute("aria-current");
  }
  for (const line of document.querySelectorAll("[data-line].is-chosen")) line.classList.remove("is-chosen");
  figure.querySelector("[data-chosen]").hidden = true;
};

export const choose = (figure, number) => {
  const row = figure.querySelector(`[data-row="${number}"]`);
  if (!row) return;
  clear(figure);
  for (const same of [row, figure.querySelector(`a.span[data-span="${number}"]`)]) {
    same?.setAttribute("aria-current", "true");
  }
  figure.querySelector("[data-details]").replaceChildren(...details(row));
  figure.querySelector("[data-chosen]").hidden = false;
  for (const line of linesOf(row)) line.classList.add("is-chosen");
};
