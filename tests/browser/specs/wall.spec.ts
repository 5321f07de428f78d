// A screen on the wall: turns by itself, can be stopped, and is read from six metres.
import { expect, test } from "../site";

/** Where a page turns to, and after how many seconds. */
function turn(html: string): { seconds: number; next: string } {
  const found = /<meta http-equiv="refresh" content="(\d+);\s*url=([^"]+)"/.exec(html);
  return { seconds: Number(found?.[1]), next: (found?.[2] ?? "").replaceAll("&amp;", "&") };
}

test("the pages turn in a ring", async ({ page }) => {
  const seen: string[] = [];
  let address = "/wall";
  for (let i = 0; i < 12; i++) {
    const html = await (await page.request.get(address)).text();
    const { seconds, next } = turn(html);
    expect(seconds, address).toBeGreaterThanOrEqual(5);
    expect(html).toMatch(/<h1[^>]*>[^<]*\S/);
    if (seen.includes(next)) break;
    seen.push(next);
    address = next;
  }
  expect(seen.length).toBeGreaterThanOrEqual(2);
  expect(seen.length).toBeLessThan(12);
});

test("what turns by itself can be stopped, and turned by hand", async ({ page }) => {
  await page.goto("/wall");
  await page.getByRole("link", { name: "dừng lật" }).click();
  await expect(page).toHaveURL(/still=1/);
  await expect(page.locator("meta[http-equiv=refresh]")).toHaveCount(0);
  const first = await page.getByRole("heading", { level: 1 }).innerText();
  await page.getByRole("link", { name: "trang sau" }).click();
  await expect(page.getByRole("heading", { level: 1 })).not.toHaveText(first);
  await expect(page.locator("meta[http-equiv=refresh]")).toHaveCount(0);
  await page.getByRole("link", { name: "lật tiếp" }).click();
  await expect(page.locator("meta[http-equiv=refresh]")).toHaveCount(1);
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("the page turns by itself", async ({ page }) => {
    // Twenty seconds are for people: the browser is told two, by the same tag.
    await page.route("**/wall*", async (route) => {
      const answer = await route.fetch();
      const body = (await answer.text()).replace(/(http-equiv="refresh" content=")\d+/, "$12");
      await route.fulfill({ response: answer, body });
    });
    await page.goto("/wall");
    const first = page.url();
    await expect.poll(() => page.url(), { timeout: 8_000 }).not.toBe(first);
    await expect(page.locator("h1")).toBeVisible();
  });
});

test("every wall page is read from six metres on a screen of 4K and fits it", async ({ page }) => {
  await page.setViewportSize({ width: 3840, height: 2160 });
  let address = "/wall";
  const seen = new Set<string>();
  while (!seen.has(address)) {
    seen.add(address);
    await page.goto(address);
    const { small, tall } = await page.evaluate(() => {
      const small: string[] = [];
      const walker = document.createTreeWalker(document.querySelector("main")!, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const held = node.parentElement!;
        if (!node.textContent!.trim() || held.closest(".hidden, title, desc")) continue;
        const box = held.getBoundingClientRect();
        if (box.height === 0) continue;
        // Letters of a drawing are as large as the drawing makes them.
        const drawing = held.closest("svg");
        const scale = drawing ? drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width : 1;
        const size = parseFloat(getComputedStyle(held).fontSize) * scale;
        if (size < 30) small.push(`${size.toFixed(0)} px: ${node.textContent!.trim().slice(0, 40)}`);
      }
      return { small: small.slice(0, 8), tall: document.documentElement.scrollHeight };
    });
    expect.soft(small, `too small on ${address}`).toEqual([]);
    expect.soft(tall, `${address} does not fit`).toBeLessThanOrEqual(2160);
    await page.screenshot({ path: `results/pictures/wall-page-${seen.size}-3840.png` });
    address = turn(await (await page.request.get(address)).text()).next;
  }
});
