// How much comes over the wire for a first look, and how soon the largest thing stands.
import { expect, test } from "../site";

const BYTES_MAX = 400 * 1024;

test("the overview, cold, is under 400 KB", async ({ page, context }) => {
  const wire = await context.newCDPSession(page);
  await wire.send("Network.enable");
  await wire.send("Network.setCacheDisabled", { cacheDisabled: true });
  let bytes = 0;
  let requests = 0;
  wire.on("Network.loadingFinished", (event) => {
    bytes += event.encodedDataLength;
    requests += 1;
  });
  await page.goto("/", { waitUntil: "networkidle" });
  const paint = await page.evaluate(
    () =>
      new Promise<{ at: number; what: string }>((resolve) => {
        new PerformanceObserver((list) => {
          const last = list.getEntries().at(-1) as PerformanceEntry & { element?: Element };
          resolve({ at: last.startTime, what: last.element?.tagName.toLowerCase() ?? "" });
        }).observe({ type: "largest-contentful-paint", buffered: true });
      }),
  );
  console.log(`overview, cold: ${(bytes / 1024).toFixed(0)} KB in ${requests} requests (limit 400), largest contentful paint (${paint.what}) after ${paint.at.toFixed(0)} ms (goal 1000)`);
  expect(bytes).toBeLessThan(BYTES_MAX);
});
