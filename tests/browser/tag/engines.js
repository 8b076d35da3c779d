// The three engines behind the few gestures that the stories need.

import { chromium } from "playwright-core";
import { startDriver } from "./webdriver.js";

const ARGUMENTS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

/** The gestures on a page of playwright's. */
const gestures = (context, page) => ({
  page,
  goto: (url) => page.goto(url),
  fill: (selector, text) => page.fill(selector, text),
  click: (selector) => page.click(selector),
  doubleClick: (selector) => page.dblclick(selector),
  press: (selector, key) => page.press(selector, key),
  check: (selector) => page.check(selector),
  select: (selector, values) => page.selectOption(selector, values),
  /** Keys and texts, where no selector leads. */
  keyboard: async (what) => {
    for (const one of what) await (/^(Tab|Enter)$/.test(one) ? page.keyboard.press(one) : page.keyboard.insertText(one));
  },
  evaluate: (does, argument) => page.evaluate(does, argument),
  waitFor: (holds, argument) => page.waitForFunction(holds, argument),
  reload: () => page.reload(),
  back: () => page.goBack(),
  forward: () => page.goForward(),
  another: async () => gestures(context, await context.newPage()),
  close: () => page.close(),
});

export const engines = {
  async chromium() {
    const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ARGUMENTS });
    return {
      atOnce: 5,
      /** A browser that nobody has used before. */
      async fresh() {
        const context = await browser.newContext();
        context.setDefaultTimeout(30000);
        return { ...gestures(context, await context.newPage()), context, end: () => context.close() };
      },
      close: () => browser.close(),
    };
  },
  firefox: () => startDriver("firefox"),
  webkit: () => startDriver("webkit"),
};
