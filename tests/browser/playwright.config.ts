// How the journeys are run: Debian's Chromium against a server that run.sh has started.
import { defineConfig } from "@playwright/test";

const chromium = process.env.CHROMIUM;
const server = process.env.PAGES_URL;
if (!chromium || !server) throw new Error("CHROMIUM and PAGES_URL are not set: start the journeys with run.sh");

export default defineConfig({
  testDir: "specs",
  outputDir: "results/traces",
  fullyParallel: true,
  forbidOnly: true,
  // A journey that passes only the second time is a journey that fails.
  retries: 0,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ["html", { outputFolder: "results/report", open: "never" }]],
  use: {
    baseURL: server,
    browserName: "chromium",
    viewport: { width: 1440, height: 900 },
    locale: "vi-VN",
    timezoneId: "Asia/Ho_Chi_Minh",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: chromium,
      // Root, as in a container, may not open a sandbox; nothing but our own pages is visited.
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--hide-scrollbars"],
    },
  },
});
