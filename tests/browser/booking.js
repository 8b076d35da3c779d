// Booking on the public page, with a pointer, by keyboard alone, and without JavaScript.

import { expect, listen, look } from "./browser.js";

const visitor = {
  ja: { family: "山田", given: "太郎", company: "株式会社みらい商事", text: "導入のご相談" },
  en: { family: "Doe", given: "Jane", company: "Example Trading", text: "A first look" },
};

/** What is typed into each input of the form. */
function answers(language, email) {
  const person = visitor[language];
  return {
    "attendee.family_name": person.family,
    "attendee.given_name": person.given,
    "attendee.name": `${person.family} ${person.given}`,
    "attendee.company": person.company,
    "attendee.email": email,
    text: person.text,
  };
}

async function fillIn(page, language, email) {
  const typed = answers(language, email);
  const inputs = page.locator("form .fields").locator("input:not([type=hidden]), textarea, select");
  const groups = new Set();
  for (const input of await inputs.all()) {
    const [name, type, tag] = await input.evaluate((one) => [one.name, one.type, one.tagName]);
    if (name === "website" || name === "guests") continue;
    if (type === "radio" || type === "checkbox") {
      if (!groups.has(name)) await input.check();
      groups.add(name);
    } else if (tag === "SELECT") await input.selectOption({ index: 1 });
    else if (type === "date") await input.fill("2026-12-24");
    else await input.fill(typed[name] ?? typed.text);
  }
}

/**
 * A time of the last day shown. The demo's clock runs fast: on a slow machine the first day's times are over before the
 * form is sent.
 */
const laterTime = (page, place) => page.locator(".day").last().locator(".times a").nth(place);

/** Books with a pointer, mistakes included; gives the address of the page after booking. */
export async function bookWithPointer(page, server, language, size, email) {
  await page.goto(`${server}/b/sales/demo?language=${language}&utm_source=browser`);
  await look(page, `book-1-days-${language}-${size}`);
  const weight = await page.evaluate(() => {
    const entries = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
    return entries.reduce((sum, entry) => sum + entry.decodedBodySize, 0);
  });
  expect(weight < 60_000, `the booking page weighs ${weight} bytes`);
  await laterTime(page, 2).click();
  await page.locator("[name='attendee.email']").fill("nobody");
  await page.locator("[data-main]").click();
  await page.locator(".problems").waitFor();
  expect(await page.locator(".problems").evaluate((one) => one === document.activeElement), "the summary has the focus");
  expect((await page.locator("[name='attendee.email']").inputValue()) === "nobody", "what was typed stays");
  await look(page, `book-2-problems-${language}-${size}`);
  await page.locator(".problems a").first().click();
  await fillIn(page, language, email);
  await look(page, `book-3-form-${language}-${size}`);
  await page.locator("[data-main]").click();
  await page.locator(".tick").waitFor();
  await look(page, `book-4-done-${language}-${size}`);
  return page.url();
}

/** Books without looking. */
export async function bookQuickly(page, server, language, email) {
  await page.goto(`${server}/b/sales/demo?language=${language}`);
  await laterTime(page, 3).click();
  await fillIn(page, language, email);
  await page.locator("[data-main]").click();
  await page.locator(".tick").waitFor();
}

/** Cancels by the link of the page after booking. */
export async function cancel(page, done, language, size) {
  await page.goto(done);
  await page.locator("a[href^='/cancel/']").click();
  await look(page, `book-5-cancel-${language}-${size}`);
  await page.locator("button.risky").click();
  await page.locator("[role=status]").waitFor();
  await look(page, `book-6-cancelled-${language}-${size}`);
}

/** Books with Tab, Space, arrows and Enter alone. */
export async function bookByKeyboard(page, server, language) {
  await page.goto(`${server}/b/sales/demo?language=${language}`);
  const focused = () => page.evaluate(() => {
    const one = document.activeElement;
    const shown = one.checkVisibility() && getComputedStyle(one).outlineStyle !== "none";
    return { name: one.name ?? "", type: one.type ?? "", tag: one.tagName, shown, time: Boolean(one.closest(".times")) && !one.closest(".day").nextElementSibling?.matches(".day"), main: one.hasAttribute("data-main") };
  });
  const tabTo = async (wanted) => {
    for (let presses = 0; presses < 200; presses += 1) {
      await page.keyboard.press("Tab");
      const one = await focused();
      expect(one.tag === "BODY" || one.shown, `the focus on ${one.tag} ${one.name} can't be seen`);
      if (wanted(one)) return one;
    }
    throw new Error("the keyboard never got there");
  };
  await tabTo((one) => one.time);
  await page.keyboard.press("Enter");
  await page.locator("[data-main]").waitFor();
  const typed = answers(language, `keyboard-${language}@mirai.example`);
  for (;;) {
    const one = await tabTo((one) => one.main || ["INPUT", "TEXTAREA", "SELECT"].includes(one.tag));
    if (one.main) break;
    expect(one.name !== "website", "the trap can't be reached");
    if (one.type === "radio" || one.type === "checkbox") await page.keyboard.press("Space");
    else if (one.tag === "SELECT") await page.keyboard.press("ArrowDown");
    else if (one.type === "date") continue;
    else if (one.name !== "guests") await page.keyboard.type(typed[one.name] ?? typed.text);
  }
  await page.keyboard.press("Enter");
  await page.locator(".tick").waitFor();
}

/** Books in a browser that runs no scripts. */
export async function bookWithoutScripts(browser, server, language) {
  const context = await browser.newContext({ javaScriptEnabled: false, locale: language, viewport: { width: 320, height: 720 } });
  const page = await context.newPage();
  listen(page, "without scripts");
  await page.goto(`${server}/b/sales/demo`);
  const spoken = await page.locator("html").getAttribute("lang");
  expect(spoken === language, `Accept-Language gave ${spoken}`);
  await laterTime(page, 1).click();
  await fillIn(page, language, `plain-${language}@mirai.example`);
  await page.locator("[data-main]").click();
  await page.locator(".tick").waitFor();
  await context.close();
}
