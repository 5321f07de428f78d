// Pages about reports that follow what comes in: the server says that something did, the page fetches itself anew where it
// shows it, and a sentence says what changed. Without script, a reload does the same.
import htmx from "htmx.org";

interface News {
  words: string;
  aloud: boolean;
}

let source: EventSource | undefined;
/** The page that is followed; another one gets a connection of its own. */
let followed = "";
/** What is said once the page shows it. */
let words = "";

/** Follows the page if it can change; lets go of one that was left. */
export function follow(): void {
  const live = document.querySelector<HTMLElement>("[data-live]");
  const page = live ? location.pathname + location.search : "";
  if (page === followed) return;
  source?.close();
  source = undefined;
  followed = page;
  if (!live?.dataset.live) return;
  source = new EventSource(live.dataset.live);
  source.addEventListener("cases", (event) => {
    const news = JSON.parse((event as MessageEvent<string>).data) as News;
    words = news.aloud ? news.words : "";
    const shown = document.querySelector("[data-live]");
    if (shown) htmx.trigger(shown, "cases-changed", {});
  });
}

/** What a reader had opened or stood on, by what it says: the elements themselves are replaced. */
let held: { focus: string | null; open: string[] } | undefined;

document.addEventListener("htmx:beforeSwap", (event) => {
  const live = (event as CustomEvent<{ target?: HTMLElement }>).detail.target;
  if (live?.id !== "live") return;
  const active = document.activeElement;
  const summaries = [...live.querySelectorAll("details[open] > summary")];
  held = {
    focus: live.contains(active) ? (active?.getAttribute("href") ?? null) : null,
    open: summaries.map((summary) => summary.textContent ?? ""),
  };
});

document.addEventListener("htmx:afterSettle", () => {
  if (!held) return;
  const { focus, open } = held;
  held = undefined;
  const live = document.querySelector("#live");
  for (const summary of live?.querySelectorAll("details > summary") ?? []) {
    if (open.includes(summary.textContent ?? "")) (summary.parentElement as HTMLDetailsElement).open = true;
  }
  if (focus) live?.querySelector<HTMLElement>(`[href="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
  const told = document.querySelector("#news");
  if (told && words) told.textContent = words;
});

// A page that is left closes its connection, or the browser keeps a handful of them open to nobody.
window.addEventListener("pagehide", () => {
  source?.close();
  followed = "";
});
window.addEventListener("pageshow", follow);
