// A form is built in the console, published, filled in by a visitor with its confirm page, and found again as a Lead.

import { expect, look } from "./browser.js";

const texts = {
  ja: { title: "資料請求", topic: "ご関心のある製品", other: "その他の製品", consent: "個人情報の取り扱い", family: "河合", given: "奈緒", company: "河合工業" },
  en: { title: "Request a brochure", topic: "Product of interest", other: "Other product", consent: "Privacy", family: "Kawai", given: "Nao", company: "Kawai Works" },
};

const save = (page) => page.locator(".savebar button[value=save]").click();

/** The block of the question at a place, opened. */
async function question(page, place) {
  const block = page.locator(`#field-${place}`);
  if (!(await block.evaluate((one) => one.open))) await block.locator("summary").click();
  return block;
}

async function add(page, place, label, kind) {
  await page.locator("button[value=add-field]").click();
  const block = page.locator(`#field-${place}`);
  await block.locator(`[name='fields[${place}].label']`).fill(label);
  // The inputs follow the kind: the page comes again.
  const came = page.waitForEvent("load");
  await block.locator(`[name='fields[${place}].kind']`).selectOption(kind);
  await came;
  return question(page, place);
}

/** Builds and publishes a form; gives its address. */
export async function buildForm(page, { server, language, size, email }) {
  const text = texts[language];
  const slug = `${language}-${size}`;
  await page.goto(`${server}/console/forms/new`);
  await look(page, `form-1-new-${language}-${size}`);
  await page.locator("[name=title]").fill(text.title);
  await page.locator("[name=slug]").fill(slug);
  await page.locator("[name=confirm]").check();
  let block = await add(page, 4, text.topic, "radio");
  await block.locator("[name='fields[4].options']").fill("A\nB");
  block = await add(page, 5, text.other, "postcode");
  await save(page);
  await page.locator("#form-link").waitFor();
  block = await question(page, 5);
  await block.locator("button[value=condition-field-5]").click();
  await page.locator("[name='fields[5].show_when[0].field']").waitFor();
  await block.locator("[name='fields[5].show_when[0].field']").selectOption({ label: text.topic });
  await block.locator("[name='fields[5].show_when[0].values']").fill("B");
  block = await add(page, 6, text.consent, "consent");
  await block.locator("[name='fields[6].required']").check();
  await look(page, `form-2-edit-${language}-${size}`);
  await page.locator("[name=active]").check();
  await question(page, 0);
  await page.locator("[name='fields[0].target']").fill("Nothing__c");
  await save(page);
  await page.locator(".problems").waitFor();
  await look(page, `form-3-refused-${language}-${size}`);
  await page.locator("[name='fields[0].target']").fill("Company");
  await save(page);
  await page.locator("#form-link").waitFor();
  const address = await page.locator("#form-link").inputValue();
  await look(page, `form-4-published-${language}-${size}`);
  await page.goto(`${page.url().split("?")[0]}/try`);
  await page.locator("[name='answers.email']").fill(email);
  await page.locator("form.fields button").click();
  await page.locator("#result").waitFor();
  await look(page, `form-5-try-${language}-${size}`);
  return new URL(address).pathname;
}

/** Fills the form in, corrects a mistake, goes back from the confirm page, and sends it. */
export async function sendForm(page, path, { server, language, size, email }) {
  const text = texts[language];
  await page.goto(`${server}${path}?language=${language}`);
  await look(page, `form-6-visitor-${language}-${size}`);
  const weight = await page.evaluate(() => {
    const entries = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
    return entries.reduce((sum, entry) => sum + entry.encodedBodySize, 0);
  });
  expect(weight < 40_000, `the form weighs ${weight} bytes`);
  await page.locator("[name='answers.email']").fill("nobody");
  await page.locator("[data-main]").click();
  await page.locator(".problems").waitFor();
  expect(await page.locator(".problems").evaluate((one) => one === document.activeElement), "the summary has the focus");
  await look(page, `form-7-problems-${language}-${size}`);
  await page.locator("[name='answers.name.family']").fill(text.family);
  await page.locator("[name='answers.name.given']").fill(text.given);
  await page.locator("[name='answers.company']").fill(text.company);
  await page.locator("[name='answers.email']").fill(email);
  const conditional = page.locator("[data-question=question_6]");
  expect(!(await conditional.isVisible()), "a question whose condition does not hold is hidden");
  await page.locator("input[type=radio][value=B]").check();
  await conditional.waitFor({ state: "visible" });
  await page.locator("[name='answers.question_6']").fill("100-0001");
  await page.locator("[name='answers.question_7']").check();
  await page.locator("[data-main]").click();
  await page.locator("input[name=draft]").waitFor({ state: "attached" });
  await look(page, `form-8-confirm-${language}-${size}`);
  await page.locator("button[value=back]").click();
  expect((await page.locator("[name='answers.company']").inputValue()) === text.company, "going back keeps what was typed");
  await page.locator("[data-main]").click();
  await page.locator("input[name=draft]").waitFor({ state: "attached" });
  await page.locator("[data-main]").click();
  await page.locator(".tick").waitFor();
  await look(page, `form-9-done-${language}-${size}`);
}

/** Reads the submission's timeline in the console. */
export async function readSubmission(page, { server, language, size, email }) {
  await page.goto(`${server}/console/submissions`);
  await look(page, `form-10-submissions-${language}-${size}`);
  await page.locator(`a.whole:has-text("${email}")`).first().click();
  await page.locator(".chip.done").first().waitFor();
  await look(page, `form-11-submission-${language}-${size}`);
}

/** Sends a form without scripts: every step is a page. */
export async function sendFormWithoutScripts(browser, path, { server, language, email }) {
  const text = texts[language];
  const context = await browser.newContext({ javaScriptEnabled: false, locale: language });
  const page = await context.newPage();
  await page.goto(`${server}${path}?language=${language}`);
  await page.locator("[name='answers.name.family']").fill(text.family);
  await page.locator("[name='answers.name.given']").fill(text.given);
  await page.locator("[name='answers.company']").fill(text.company);
  await page.locator("[name='answers.email']").fill(email);
  await page.locator("input[type=radio][value=A]").check();
  await page.locator("[name='answers.question_7']").check();
  await page.locator("[data-main]").click();
  await page.locator("input[name=draft]").waitFor({ state: "attached" });
  await page.locator("[data-main]").click();
  await page.locator(".tick").waitFor();
  await context.close();
}
