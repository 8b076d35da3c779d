// The company import: set up in its four steps after some mistakes, watched, and seen to follow the org.

import { expect, look } from "./browser.js";
import { setOptions, slowDown } from "./salesforce.js";

const steps = "/console/companies/import";

/** Presses a button of a step's form by what it asks for. */
const press = (page, wish) => page.locator(`button[name='do'][value='${wish}']:not(.trap)`).first().click();

/** Walks the four steps and saves. */
export async function setUpCompanies(page, where) {
  const { server, emulator, language, size } = where;
  const picture = (name) => look(page, `console-19-companies-${name}-${language}-${size}`);
  await page.goto(`${server}${steps}`);
  await picture("overview");
  await page.locator(`form[action='${steps}/begin'] button`).click();
  await page.locator("[name=object][value=Account]").waitFor();
  await startOver(page);
  await picture("1-object");
  await press(page, "next");
  await page.waitForURL(`**${steps}/conditions`);
  await conditions(page, picture);
  await press(page, "next");
  await page.waitForURL(`**${steps}/mapping`);
  await mapping(page, picture, `${language} ${size}`);
  await press(page, "next");
  await page.waitForURL(`**${steps}/confirm`);
  expect(/[1-9]/.test(await page.locator(".big").innerText()), "the preview counts");
  expect((await page.locator("details.block").count()) > 0, "the preview shows companies");
  await picture("4-confirm");
  await page.locator("[name=every_hours]").fill("25");
  await press(page, "next");
  await page.locator(".problems").waitFor();
  await page.locator("[name=every_hours]").fill("6");
  await page.locator("[name=when_gone][value=archive]").check();
  await slowDown(emulator);
  await press(page, "next");
  await page.waitForURL(/done=company-import-saved/);
  await page.locator("#status [role=status]").waitFor();
  await picture("5-importing");
  await watch(page, where);
}

/** The first import, watched to its end; then an option of the org that changes. */
async function watch(page, { server, emulator, language, size }) {
  const picture = (name) => look(page, `console-19-companies-${name}-${language}-${size}`);
  const over = () => page.locator("#status [role=status]").waitFor({ state: "detached" });
  await over();
  const first = page.locator("table.rows a.whole").first();
  await first.waitFor();
  await page.locator("details.more summary").first().click();
  await picture("6-imported");
  await page.goto(`${server}/console/notices`);
  const notice = language === "ja" ? "連携が完了しました" : "The company import is complete";
  expect((await page.locator("main").innerText()).includes(notice), "the end of the first import is announced");
  await picture("7-notice");
  const option = `${language}-${size}`;
  await setOptions(emulator, ["Retail", "Technology", "Manufacturing", option]);
  await page.goto(`${server}/console/companies`);
  await page.locator("form[action='/console/companies/run'] button").click();
  await page.waitForURL(/done=import-asked/);
  await over();
  await page.goto(`${server}${steps}`);
  await page.locator("details.more summary").first().click();
  expect((await page.locator("main").innerText()).includes(option), "the picklist follows the org's");
  await picture("8-options");
  await page.goto(`${server}/console/companies`);
  await page.locator(".find [name=q]").fill("no such company");
  await page.locator(".find [name=q]").press("Enter");
  await page.waitForURL(/q=no/);
  await picture("9-none");
  await page.goto(`${server}/console/companies`);
  await first.click();
  await page.locator("#company").waitFor();
  await picture("company");
}

/** Another object, and back again, drops what an earlier story has left. */
async function startOver(page) {
  if (!(await page.locator("[name=drop]").count())) return;
  const address = page.url();
  for (const object of ["Opportunity", "Account"]) {
    await page.locator(`[name=object][value=${object}]`).check();
    await press(page, "next");
    if (await page.locator(".problems").count()) {
      await page.locator("[name=drop]").check();
      await press(page, "next");
    }
    await page.waitForURL(`**${steps}/conditions`);
    await page.goto(address);
  }
}

async function conditions(page, picture) {
  const add = page.locator("[name=add]");
  await add.fill("Industy");
  await press(page, "add");
  await page.locator(".problems").waitFor();
  expect((await page.locator(".problems").innerText()).includes("Industry"), "a misspelt field comes with the right name");
  await picture("2-misspelt");
  await add.fill("indus");
  await page.locator("[role=option]").first().click();
  await press(page, "add");
  await page.locator("#condition-1").waitFor();
  await page.locator("#condition-1 input[value=Retail]").check();
  await page.locator("#condition-1 input[value=Technology]").check();
  await page.locator("#condition-1 input[value=Manufacturing]").check();
  await add.fill("CreatedDate");
  await page.keyboard.press("Escape");
  await press(page, "add");
  await page.locator("#condition-2").waitFor();
  expect((await page.locator("#condition-1 input:checked").count()) === 3, "what was chosen stays when a row is added");
  await page.locator("[name='conditions[1].operator']").selectOption("on_or_after");
  await page.locator("[name='conditions[1].when']").selectOption("last_n_days");
  expect(!(await page.locator("[name='conditions[1].value']").isVisible()), "a day is asked for only where one is needed");
  await page.locator("[name='conditions[1].days']").fill("3650");
  await page.locator("details.more summary").first().click();
  await press(page, "browse:Owner");
  await page.waitForURL(/through=Owner/);
  await press(page, "add:Owner.Email");
  await page.locator("#condition-3").waitFor();
  await page.locator("[name='conditions[2].operator']").selectOption("is_not_blank");
  await add.fill("AnnualRevenue");
  await page.keyboard.press("Escape");
  await press(page, "add");
  await page.locator("[name='conditions[3].value']").fill("much");
  await press(page, "next");
  await page.locator(".problems").waitFor();
  await picture("2-conditions");
  await press(page, "remove:3");
  await page.locator("#condition-4").waitFor({ state: "detached" });
}

async function mapping(page, picture, mark) {
  for (const path of ["Industry", "Website", "NumberOfEmployees", "Owner.Name"]) {
    await page.locator("[name=add]").fill(path);
    await page.keyboard.press("Escape");
    await press(page, "add");
    await page.locator(`.block >> text=${path}`).first().waitFor();
  }
  const label = page.locator("[name='mappings[3].label']");
  const name = await label.inputValue();
  await label.fill("");
  await press(page, "next");
  await page.locator(".problems").waitFor();
  await picture("3-mapping");
  await label.fill(`${name} ${mark}`);
}
