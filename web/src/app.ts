// What the pages gain from script; without it every one of them works (forms have a button, charts their drawing).
import htmx from "htmx.org";
import { follow } from "./live";

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}
window.htmx = htmx;
// The pages forbid inline style and evaluated code.
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.scrollBehavior = "auto";
// A page that says what was wrong is a page to read.
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "...", swap: true },
];

document.documentElement.classList.add("scripted");

/** Offers hover and zoom for the charts whose figures stand in a table beside them. */
function offerInteraction(root: ParentNode): void {
  for (const figure of root.querySelectorAll<HTMLElement>("figure[data-interactive]")) {
    if (figure.querySelector(".interact")) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "interact";
    button.textContent = figure.dataset.interactive ?? "";
    button.addEventListener("click", async () => {
      button.disabled = true;
      const { openChart } = await import("./charts");
      openChart(figure);
      button.remove();
    });
    figure.append(button);
  }
}

/** `/` goes to the search field, as on many sites of figures. */
document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof HTMLElement && event.target.closest("input, select, textarea");
  if (event.key === "/" && !typing) {
    const field = document.querySelector<HTMLInputElement>("#q");
    if (field) {
      event.preventDefault();
      field.focus();
    }
  }
});

document.addEventListener("htmx:load", (event) => offerInteraction(event.target as HTMLElement));
document.addEventListener("htmx:load", follow);
document.addEventListener("htmx:pushedIntoHistory", follow);
offerInteraction(document);
follow();
