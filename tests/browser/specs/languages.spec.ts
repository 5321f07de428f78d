// Two languages, one state.
import { expect, test } from "../site";

test("the switch keeps the state and changes every word", async ({ page }) => {
  await page.goto("/indicators/0403?period=2022-05&area=760");
  await page.getByRole("link", { name: "EN", exact: true }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await expect(page).toHaveURL(/period=2022-05.*area=760.*lang=en|lang=en/);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("May 2022");
  await expect(page.getByRole("navigation", { name: "Pages" }).getByRole("link")).toContainText(["Overview"]);
  // Numbers as English writes them.
  await page.goto("/indicators/1001?period=2022-05&lang=en");
  await expect(page.getByRole("main")).toContainText("92,003");
  await page.getByRole("link", { name: "Explain this figure" }).last().click();
  await expect(page).toHaveURL(/\/explain\?/);
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await expect(page.getByRole("main")).toContainText("92,003");
  await page.getByRole("link", { name: "VI", exact: true }).click();
  await expect(page.getByRole("main")).toContainText("92.003");
});

test("the language goes with the reader", async ({ page }) => {
  await page.goto("/?lang=en");
  for (const name of ["Units, areas", "Catalogue", "Sources", "Explore", "Overview"]) {
    await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name }).click();
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
    await expect(page).toHaveURL(/lang=en/);
  }
  await page.getByLabel("Search indicators, areas, units").fill("retail");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toContainText("retail");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
});
