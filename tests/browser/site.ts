// What all journeys share: a browser that listens for anything going wrong, and the checks that every page must pass.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test as base, type Page } from "@playwright/test";
import type { AxeResults } from "axe-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What went wrong while a page was open; a test ends with none. */
export class Faults {
  private readonly seen: string[] = [];
  private allowed: RegExp[] = [];

  /** Says that something is meant to go wrong: a page for an unknown code is answered with 404. */
  allow(...patterns: RegExp[]): void {
    this.allowed.push(...patterns);
  }

  add(what: string): void {
    this.seen.push(what);
  }

  get unexpected(): string[] {
    return this.seen.filter((what) => !this.allowed.some((pattern) => pattern.test(what)));
  }
}

/** Notes every error of script, of the policy and of the network while the page is open. */
function listen(page: Page, faults: Faults): void {
  page.on("console", (message) => {
    if (message.type() === "error") faults.add(`console: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => faults.add(`script: ${error.message}`));
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText ?? "";
    // Whoever leaves a page ends its stream of events and what it was still fetching ahead.
    const left = why === "net::ERR_ABORTED" && ["eventsource", "fetch", "font"].includes(request.resourceType());
    // A file that is offered for saving is not shown, which Chromium calls aborted.
    const saved = why === "net::ERR_ABORTED" && request.resourceType() === "document";
    if (!left && !saved) faults.add(`request: ${request.url()} ${why}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) faults.add(`answer: ${response.status()} ${response.url()}`);
  });
}

export const test = base.extend<{ faults: Faults }>({
  faults: async ({}, use) => {
    const faults = new Faults();
    await use(faults);
    expect(faults.unexpected, "console errors, failed requests, violations of the policy").toEqual([]);
  },
  page: async ({ page, faults }, use) => {
    listen(page, faults);
    await use(page);
  },
});

export { expect };

/** One violation in words that lead to its cause. */
function inWords(violation: AxeResults["violations"][number]): string {
  const where = violation.nodes.slice(0, 4).map((node) => `    ${node.target.join(" ")}\n      ${node.html.slice(0, 200)}\n      ${node.failureSummary?.split("\n").slice(1, 4).join("; ")}`);
  return `${violation.id} (${violation.nodes.length}): ${violation.help}\n${where.join("\n")}`;
}

/** Nothing that axe knows of stands between the page and a reader: WCAG 2.2 A and AA, and good practice. */
export async function isAccessible(page: Page, { turns = false } = {}): Promise<void> {
  // Through the protocol of the debugger: the policy of the pages, which lets no foreign script in, stays as it is.
  await page.evaluate(axe);
  const violations = await page.evaluate(async (turns) => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const found = await (window as unknown as { axe: typeof import("axe-core") }).axe.run(document, {
      runOnly: { type: "tag", values: tags },
      resultTypes: ["violations"],
      // A wall has to turn by itself, also without script; a link on it stops it (wall.spec.ts).
      rules: turns ? { "meta-refresh": { enabled: false } } : {},
    });
    return found.violations;
  }, turns);
  expect.soft(violations.map(inWords).join("\n"), `axe at ${page.viewportSize()?.width} px`).toBe("");
}

/** The page never has to be pushed sideways; a wide table does that inside its own frame. */
export async function fits(page: Page): Promise<void> {
  const { wide, room, culprits } = await page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    const culprits = [...document.querySelectorAll("main *")]
      .filter((e) => e.getBoundingClientRect().right > room + 1 && !e.closest(".scroll, .hidden, svg, nav"))
      .slice(0, 5)
      .map((e) => `${e.tagName.toLowerCase()}.${e.getAttribute("class") ?? ""}`);
    return { wide: document.documentElement.scrollWidth, room, culprits };
  });
  expect.soft(wide, `page is wider than its ${room} px: ${culprits.join(", ")}`).toBeLessThanOrEqual(room);
}

/** What a reader sees of a chart: drawings that have a size on the page, and tables whose cells are coloured. */
export function drawings(page: Page) {
  return page.locator("main svg:visible, main table.heat:visible");
}

/** Opens what is folded away: tables behind charts must be as good as what is seen at once. */
export async function openAll(page: Page): Promise<void> {
  await page.evaluate(() => document.querySelectorAll("main details").forEach((d) => d.setAttribute("open", "")));
}
