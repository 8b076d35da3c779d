// A browser of the distribution, and what every page of ours has to pass.

import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = new URL("./screenshots/", import.meta.url).pathname;
mkdirSync(folder, { recursive: true });

export const faults = [];

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync",
    ],
  });

/** Notes what the page writes to its console, and every answer of the server that says "my fault". */
export function listen(page, name) {
  page.on("console", (message) => {
    // The server's refusals of bad input are no faults of the page.
    if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) faults.push(`${name}: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`${name}: ${error.message}`));
  page.on("response", (response) => {
    if (response.status() >= 500) faults.push(`${name}: ${response.status()} ${response.url()}`);
  });
}

/** Looks at the page as it is: accessibility in light and dark, its language, its width; and takes a picture. */
export async function look(page, name) {
  for (let again = 2; ; again--) {
    try {
      return await lookOnce(page, name);
    } catch (error) {
      // A page that follows what happens loads itself anew when a part of it is over.
      if (again === 0 || !/Execution context was destroyed/.test(error.message)) throw error;
    }
  }
}

async function lookOnce(page, name) {
  // An element can be there before its page has loaded; on a slow machine the page is looked at too early then.
  await page.waitForLoadState("load");
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(axe);
    // What stays in sight covers a part of whatever the page was scrolled to, which says nothing about its size.
    await page.evaluate(() => document.querySelectorAll(".top, .savebar").forEach((bar) => { bar.style.position = "static"; }));
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }));
    await page.evaluate(() => document.querySelectorAll(".top, .savebar").forEach((bar) => { bar.style.position = ""; }));
    for (const violation of violations) {
      const where = violation.nodes.slice(0, 3).map((node) => `${node.target} ${node.any[0]?.message ?? ""}`).join("; ");
      faults.push(`${name} (${colorScheme}): ${violation.id}: ${violation.help}: ${where}`);
    }
    await page.screenshot({ path: `${folder}${name}-${colorScheme}.png`, fullPage: true });
  }
  const wide = await page.evaluate(() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return "";
    const beyond = [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > root.clientWidth + 1);
    return beyond.slice(-3).map((one) => `${one.tagName}.${one.className}`).join(" ") || "the page";
  });
  if (wide) faults.push(`${name}: wider than the screen: ${wide}`);
  const small = await page.evaluate(() => {
    // A finger needs more room than a pointer, which the console's lists are made for.
    const least = !matchMedia("(hover: hover) and (pointer: fine) and (min-width: 48rem)").matches || !document.body.classList.contains("console") ? 43.5 : 33.5;
    return [...document.querySelectorAll("button, .button, .times a, .month td a, input:not([type=hidden], [type=checkbox], [type=radio]), select, textarea")]
      .filter((one) => one.checkVisibility() && !one.closest(".trap") && !one.classList.contains("trap") && !one.classList.contains("unseen"))
      .filter((one) => one.getBoundingClientRect().height < least)
      .map((one) => `${one.tagName} ${one.textContent.trim().slice(0, 20)} ${Math.round(one.getBoundingClientRect().height)}`)
      .slice(0, 3);
  });
  if (small.length) faults.push(`${name}: too small to hit: ${small.join(", ")}`);
}

/** Fails when something isn't as the story wants it. */
export function expect(truth, text) {
  if (!truth) throw new Error(text);
}
