// People and the org's Leads: fields mapped, a preview, the first sync, an edit on both sides, a conflict settled and
// undone, an error cured.

import { expect, look } from "./browser.js";
import { editRecord, makeRecord } from "./salesforce.js";

const texts = {
  ja: { label: "部署", first: "課長", ours: "部長", theirs: "次長", family: "見本", company: "見本商事" },
  en: { label: "Department", first: "Manager", ours: "Director", theirs: "Deputy", family: "Sample", company: "Sample Ltd" },
};

/** Waits until the console's page says what is wished; pages follow what happens by themselves. */
async function until(page, path, wished) {
  await page.goto(path);
  for (let tries = 0; !(await wished()); tries += 1) {
    if (tries > 150) throw new Error(`${path} never came to say what was waited for`);
    await new Promise((go) => setTimeout(go, 400));
    await page.goto(path);
  }
}

async function mapField(page, { server, language, size }) {
  await page.goto(`${server}/console/people/fields`);
  if (!(await page.locator("input[type=hidden][value=department]").count())) {
    await page.locator("button[value=add]").click();
    const place = (await page.locator("fieldset.block").count()) - 1;
    const input = (part) => page.locator(`[name='fields[${place}].${part}']`);
    await input("name").waitFor();
    await input("label").fill(texts[language].label);
    await page.locator(".savebar button[value=save]").click();
    await page.locator(".problems").waitFor();
    await look(page, `people-1-field-problem-${language}-${size}`);
    await input("name").fill("department");
    await input("contact_field").fill("Department");
    await page.locator(".savebar button[value=save]").click();
    await page.waitForURL(/done=saved/);
  }
  await look(page, `people-2-fields-${language}-${size}`);
}

async function begin(page, { server, language, size }) {
  await page.goto(`${server}/console/people/sync/preview`);
  await page.locator("#status form[action='/console/people/sync/preview'] button").click();
  await page.waitForURL(/done=people-preview-asked/);
  await until(page, `${server}/console/people/sync/preview`, async () =>
    (await page.locator("#status dl").count()) > 0 && (await page.locator("#status [role=status]").count()) === 0);
  await look(page, `people-3-preview-${language}-${size}`);
  await page.goto(`${server}/console/people/sync`);
  const start = page.locator("form[action='/console/people/sync/start'] button");
  if (await start.count()) {
    await start.click();
    await page.waitForURL(/done=people-sync-started/);
  }
  // From here on runs come when somebody asks for them.
  await page.goto(`${server}/console/people/sync/settings`);
  await page.locator("[name=interval_minutes]").fill("1440");
  const events = page.locator("[name=change_events]");
  if (await events.isChecked()) await events.uncheck();
  await look(page, `people-4-settings-${language}-${size}`);
  await page.locator(".savebar button[value=save]").click();
  await page.waitForURL(/done=saved/);
  // One that has begun is over before anything is edited.
  const now = page.locator("form[action='/console/people/sync/run'] button:enabled");
  await until(page, `${server}/console/people/sync`, async () => (await now.count()) > 0);
}

/** Maps a field, previews, syncs, edits on both sides, undoes what lost, and cures an error. */
export async function syncPeople(page, where) {
  const { server, emulator, language, size, email } = where;
  const text = texts[language];
  await mapField(page, where);
  const lead = await makeRecord(emulator, "Lead", { LastName: text.family, Company: text.company, Email: email, Title: text.first });
  await begin(page, where);
  const find = `${server}/console/people?q=${encodeURIComponent(email)}`;
  const row = page.locator("table.rows a.whole");
  await until(page, find, async () => (await row.count()) > 0);
  await look(page, `people-5-list-${language}-${size}`);
  await row.first().click();
  const title = page.locator("[name='fields.title']");
  await title.waitFor();
  expect((await title.inputValue()) === text.first, "the record's value has come over");
  const person = new URL(page.url()).pathname;
  // Both change the same field before they meet again: the later one stays, the other can be put back.
  await title.fill(text.ours);
  await page.locator(".savebar button[value=save]").click();
  await page.waitForURL(/done=saved/);
  await editRecord(emulator, "Lead", lead, { Title: text.theirs });
  const undo = page.locator("form[action$='/undo'] button");
  await page.goto(`${server}/console/people/sync`);
  const now = page.locator("form[action='/console/people/sync/run'] button");
  if (await now.isEnabled()) await now.click();
  await until(page, `${server}${person}`, async () => (await undo.count()) > 0);
  expect((await page.locator("[name='fields.title']").inputValue()) === text.theirs, "the later edit stays");
  await look(page, `people-6-conflict-${language}-${size}`);
  await undo.first().click();
  await page.waitForURL(/done=conflict-undone/);
  expect((await page.locator("[name='fields.title']").inputValue()) === text.ours, "the value that lost is back");
  // What Salesforce does not take is told, and cured.
  await page.locator("[name='fields.title']").fill("あ".repeat(200));
  await page.locator(".savebar button[value=save]").click();
  await page.waitForURL(/done=saved/);
  await page.goto(`${server}/console/people/sync`);
  await page.locator("form[action='/console/people/sync/run'] button:enabled").click();
  const told = page.locator(`a[href='${person}']`);
  await until(page, `${server}/console/people/sync`, async () => (await told.count()) > 0);
  await look(page, `people-7-errors-${language}-${size}`);
  await told.first().click();
  await page.locator("[name='fields.title']").fill(text.ours);
  await page.locator(".savebar button[value=save]").click();
  await page.waitForURL(/done=saved/);
  await page.goto(`${server}/console/people/sync`);
  await page.locator("form[action='/console/people/sync/run'] button:enabled").click();
  await until(page, `${server}/console/people/sync`, async () => (await told.count()) === 0);
  await page.goto(`${server}${person}`);
  await look(page, `people-8-person-${language}-${size}`);
  await page.goto(`${server}/console/people/import`);
  await look(page, `people-9-import-${language}-${size}`);
}
