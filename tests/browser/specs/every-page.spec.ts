// What holds for every page, whatever it shows: nothing fails, nothing is out of reach, nothing is pushed off a phone, and
// its picture is kept to be looked at.
import { drawings, expect, fits, isAccessible, openAll, test } from "../site";
import { PLACES } from "../pages";

for (const place of PLACES) {
  test(`${place.name} is whole at every width`, async ({ page }) => {
    await page.goto(place.address);
    await expect(page.locator("h1")).toHaveCount(1);
    if (place.drawn) expect(await drawings(page).count()).toBeGreaterThan(0);
    // Pictures that the server makes are waited for: a page is not looked at half empty.
    for (const picture of await page.locator("main img").all()) {
      await picture.scrollIntoViewIfNeeded();
      await expect.poll(() => picture.evaluate((e) => (e as HTMLImageElement).naturalWidth), { timeout: 30_000 }).toBeGreaterThan(0);
    }
    for (const [width, height] of [[1440, 900], [360, 800], [3840, 2160]] as const) {
      await page.setViewportSize({ width, height });
      await page.screenshot({ path: `results/pictures/${place.name}-${width}.png`, fullPage: width < 2000 });
      if (width < 2000) await openAll(page);
      await fits(page);
      if (width < 2000) await isAccessible(page, { turns: place.address.startsWith("/wall") });
    }
    // The narrowest there is: a desk's page at 400 %.
    await page.setViewportSize({ width: 320, height: 700 });
    await fits(page);
  });
}

test("every page says what it is, in its language", async ({ page }) => {
  const titles = new Set<string>();
  for (const place of PLACES.filter((p) => !p.name.startsWith("wall"))) {
    const answer = await page.request.get(place.address);
    expect(answer.headers()["content-security-policy"], place.name).toContain("default-src 'self'");
    const text = await answer.text();
    expect(text, place.name).toContain(`<html lang="${place.address.includes("lang=en") ? "en" : "vi"}">`);
    const title = /<title>([^<]+)<\/title>/.exec(text)?.[1] ?? "";
    expect(title, place.name).toMatch(/\S · Toàn Cảnh$/);
    titles.add(title);
  }
  expect(titles.size, [...titles].join("\n")).toBeGreaterThan(12);
});
