// Whoever is wrong is told what was meant, on a page like every other.
import { expect, isAccessible, test } from "../site";

const WRONG: [address: string, status: number, nearest: RegExp][] = [
  ["/indicators/1009", 404, /^1001 /],
  ["/indicators/ban%20le", 404, /bán lẻ/],
  ["/groups/21", 404, /^01 /],
  ["/units/76", 404, /Quận 1/],
  ["/units/so-yt", 404, /Sở Y tế/],
  ["/?area=quan%201", 404, /Quận 1/],
  ["/nowhere", 404, /Danh mục/],
];

for (const [address, status, nearest] of WRONG) {
  test(`${address} names the nearest`, async ({ page, faults }) => {
    faults.allow(new RegExp(`status of ${status}`), new RegExp(`^answer: ${status} `));
    const answer = await page.goto(address);
    expect(answer?.status()).toBe(status);
    await expect(page.getByRole("heading", { level: 1 })).toContainText("Không có");
    const way = page.getByRole("main").getByRole("link", { name: nearest }).first();
    await way.click();
    await expect(page.getByRole("heading", { level: 1 })).not.toContainText("Không có");
  });
}

test("a period that cannot be read shows how one is written", async ({ page, faults }) => {
  faults.allow(/status of 400/, /^answer: 400 /);
  await page.goto("/?period=2022-13");
  await expect(page.getByRole("main")).toContainText("2022-05, 2022-Q2, 2022");
  await page.setViewportSize({ width: 360, height: 800 });
  await isAccessible(page);
});

test("a wrong address met by script is a page to read as well", async ({ page, faults }) => {
  faults.allow(/status of 404/, /^answer: 404 /, /Response Status Error Code 404/);
  await page.goto("/");
  const area = page.getByRole("combobox", { name: "Địa bàn" });
  await area.evaluate((e) => (e as HTMLSelectElement).options[1]!.setAttribute("value", "79x"));
  await area.selectOption("79x");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Không có");
});
