// The fields that are kept for the router: chosen after a mistake, tested, fetched.

import { expect, look } from "./browser.js";
import { hideField } from "./salesforce.js";

/** Chooses fields, tests them against the org and fetches them, where two hours have passed since the last time. */
export async function syncFields(page, { server, emulator, language, size }) {
  await page.goto(`${server}/console/synced-fields`);
  const save = page.locator("form[action='/console/synced-fields'] button");
  await page.locator("[name=lead]").fill("Company\nOwner..Email");
  await save.click();
  await page.locator(".problems").waitFor();
  // Written right, and yet not there: the org is asked before anything is saved.
  await page.locator("[name=lead]").fill("Company\nOwner.Email\nIndustri");
  await page.locator("[name=contact]").fill("");
  await save.click();
  const fault = page.locator(".problems li", { hasText: "Industri" });
  await fault.waitFor();
  expect((await fault.innerText()).includes("Industry"), "a misspelt field comes with the right name");
  await look(page, `console-16-fields-problem-${language}-${size}`);
  await page.locator("[name=lead]").fill("Company\nOwner.Email\nIndustry");
  await page.locator("[name=account]").fill("Industry\nOwner.Email");
  await page.locator("[name=refresh_at]").fill("02:30");
  await save.click();
  await page.waitForURL(/done=saved/);
  await page.locator("[name=contact]").fill("AccountId\nAccount.Name");
  await save.click();
  const warning = page.locator(".note.warn", { hasText: "Contact.AccountId" });
  await warning.waitFor();
  expect((await warning.innerText()).includes("Account.Name"), "a lookup is saved, with a word about what to ask for instead");
  await look(page, `console-16-fields-warning-${language}-${size}`);
  await hideField(emulator, "Lead", "Industry", true);
  await page.locator("form[action='/console/synced-fields/test'] button").click();
  const verdicts = page.locator(".checks li");
  await verdicts.first().waitFor();
  expect((await verdicts.count()) === 7, "every saved field has its verdict");
  const lost = page.locator(".checks li", { has: page.locator(".chip.failed") });
  expect((await lost.innerText()).includes("Lead.Industry"), "a field that the org has taken away since is told");
  await look(page, `console-17-fields-tested-${language}-${size}`);
  await hideField(emulator, "Lead", "Industry", false);
  await page.goto(`${server}/console/synced-fields`);
  const now = page.locator("form[action='/console/synced-fields/sync'] button");
  if (!(await now.isEnabled())) return;
  await now.click();
  await page.waitForURL(/done=sync-asked/);
  await page.waitForFunction(async () => {
    const shown = await fetch("/console/synced-fields").then((answer) => answer.text());
    return shown.includes('class="chip done"');
  });
  await page.goto(`${server}/console/synced-fields`);
  await look(page, `console-18-fields-fetched-${language}-${size}`);
}
