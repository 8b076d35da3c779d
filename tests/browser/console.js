// The console, as an admin goes through it.

import { expect, look } from "./browser.js";
import { bookQuickly } from "./booking.js";
import { answerConsent, campaignId, refuseTasks } from "./salesforce.js";

/** Signs in and chooses the language. */
export async function signIn(page, { server, email, password, language, size }) {
  await page.goto(`${server}/console?language=${language}`);
  await page.goto(`${server}/sign-in?language=${language}`);
  await look(page, `console-0-sign-in-${language}-${size}`);
  await page.locator("[name=email]").fill(email);
  await page.locator("[name=password]").fill(password);
  await page.keyboard.press("Enter");
  await page.locator("[popovertarget=account]").click();
  await page.locator(`.me button[value=${language}]`).click();
  await page.locator(`html[lang=${language}]`).waitFor();
}

/** Disconnects, is denied once, and connects through the org's login and consent pages. */
export async function connect(page, { server, language, size }) {
  await page.goto(`${server}/console/connection`);
  const disconnect = page.locator("a[href='/console/connection/disconnect']");
  if (await disconnect.count()) {
    await disconnect.click();
    await look(page, `console-1-disconnect-${language}-${size}`);
    await page.locator("form[action='/console/connection/disconnect'] button").click();
  }
  await page.locator("form[action='/console/connection']").waitFor();
  await look(page, `console-2-not-connected-${language}-${size}`);
  await page.goto(`${server}/console/connection?error=access-denied`);
  await look(page, `console-3-denied-${language}-${size}`);
  const submit = page.locator("form[action='/console/connection'] button");
  await page.locator("[name=engagement]").check();
  await submit.click();
  // An org asks for consent once; from then on it knows the answer.
  if (await answerConsent(page, "deny")) {
    await page.waitForURL(/error=access-denied/);
    await page.locator("[name=engagement]").check();
    await submit.click();
    await answerConsent(page, "allow");
  }
  await page.waitForURL(/done=connected/);
  await look(page, `console-4-connected-${language}-${size}`);
  expect((await page.locator(".checks li").count()) > 8, "the preflight ran after connecting");
}

/** Sets ToDo and campaign, after a mistake. */
export async function configure(page, { server, emulator, language, size }) {
  await page.goto(`${server}/console/settings`);
  await page.locator("[name='todo.enabled']").check();
  await page.locator("[name='todo.lag_minutes']").fill("11");
  await page.locator("form[action='/console/settings'] button").click();
  await page.locator(".problems").waitFor();
  await look(page, `console-5-settings-problem-${language}-${size}`);
  await page.locator("[name='todo.lag_minutes']").fill("0");
  await page.locator("[name='campaign.enabled']").check();
  const id = await campaignId(emulator);
  await page.locator("[name='campaign.campaign_id']").fill(`${emulator}/lightning/r/Campaign/${id}/view`);
  await page.locator("form[action='/console/settings'] button").click();
  await page.waitForURL(/done=saved/);
  expect((await page.locator("[name='campaign.campaign_id']").inputValue()) === id, "the id was taken from the address");
  await look(page, `console-6-settings-${language}-${size}`);
}

/** Maps a question to a Lead field by typing a part of its label. */
export async function map(page, { server, language, size }) {
  await page.goto(`${server}/console/pages`);
  await look(page, `console-7-pages-${language}-${size}`);
  await page.locator("main td a[href^='/console/pages/']").first().click();
  const before = await page.locator("[data-kinds]").count();
  await page.locator("button[value=add-mapping]").click();
  const row = page.locator("[data-kinds]").nth(before);
  await row.waitFor();
  const input = row.locator("input[role=combobox]");
  await row.locator("select").selectOption({ index: 1 });
  await input.pressSequentially("e");
  await row.locator("[role=option]").first().waitFor();
  await look(page, `console-8-mapping-${language}-${size}`);
  await input.press("ArrowDown");
  await input.press("Enter");
  expect((await input.inputValue()).length > 1, "the arrow keys choose a field");
  await page.locator(`button[value=remove-mapping-${before}]`).click();
  await page.locator("main button[value=save]").last().click();
  await page.waitForURL(/done=saved/);
}

/** Waits until the booking's work in Salesforce is done, and reads its timeline. */
export async function readTimeline(page, { server, language, size, email }) {
  await page.goto(`${server}/console/bookings`);
  await look(page, `console-9-bookings-${language}-${size}`);
  await page.goto(`${server}/console/bookings?q=${encodeURIComponent(email)}`);
  await page.locator("table.rows a.whole").first().click();
  for (let tries = 0; (await page.locator(".block .chip.due").count()) > 0; tries += 1) {
    expect(tries < 120, "the deliveries were not done in a minute");
    await page.waitForTimeout(500);
    await page.reload();
  }
  await look(page, `console-10-timeline-${language}-${size}`);
  const done = await page.locator(".block .chip.done").count();
  expect(done >= 2, `ToDo and campaign are done, not ${await page.locator(".block .chip").allTextContents()}`);
  const record = page.locator(".block a[href*='/lightning/r/Task/']").first();
  const answer = await fetch(await record.getAttribute("href"));
  expect(answer.ok, "the link leads to the ToDo in the org");
}

/** Finds a refused ToDo in the error inbox, puts the cause right and tries again. */
export async function mend(page, { server, emulator, language, size }) {
  const email = `refused-${language}-${size}@mirai.example`;
  await refuseTasks(emulator, true);
  try {
    await bookQuickly(page, server, language, email);
    const retry = page.locator("form[action='/console/errors/retry'] button");
    for (let tries = 0; (await retry.count()) === 0; tries += 1) {
      expect(tries < 60, "the refused ToDo never came to the error inbox");
      await page.waitForTimeout(500);
      await page.goto(`${server}/console/errors`);
    }
    await look(page, `console-14-errors-${language}-${size}`);
    await page.goto(`${server}/console/notices`);
    await look(page, `console-15-notices-${language}-${size}`);
    await page.goto(`${server}/console/errors`);
  } finally {
    await refuseTasks(emulator, false);
  }
  await page.locator("form[action='/console/errors/retry'] button").first().click();
  await page.waitForURL(/done=retried/);
  await page.goto(`${server}/console/bookings`);
  await page.goto(`${server}/console/bookings?q=${encodeURIComponent(email)}`);
  await page.locator("table.rows a.whole").first().click();
  for (let tries = 0; (await page.locator(".block .chip.failed, .block .chip.due").count()) > 0; tries += 1) {
    expect(tries < 120, "the second try was not done in a minute");
    await page.waitForTimeout(500);
    await page.reload();
  }
  await look(page, `console-16-mended-${language}-${size}`);
}

/** Every other page. */
export async function lookAround(page, { server, language, size, email }) {
  for (const name of ["", "members", "api-keys", "audit", "notifications", "password", "pages/new"]) {
    await page.goto(`${server}/console${name && `/${name}`}`);
    await look(page, `console-11-${name.replace("/", "-") || "overview"}-${language}-${size}`);
  }
  await page.goto(`${server}/console/dry-run`);
  await page.locator("[name=email]").fill(email);
  await page.locator("form[method=post][action='/console/dry-run'] button").click();
  await page.locator("#result .steps").first().waitFor();
  await look(page, `console-12-dry-run-${language}-${size}`);
  await page.goto(`${server}/nowhere`);
  await look(page, `console-13-not-found-${language}-${size}`);
}
