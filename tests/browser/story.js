// A real browser signs in, connects, sets ToDo and campaign, books and reads the timeline: in Japanese and in
// English, on a desk and on the smallest phone, in light and dark, with nothing for axe to report.

import { faults, launch, listen } from "./browser.js";
import { bookByKeyboard, bookWithPointer, bookWithoutScripts, cancel } from "./booking.js";
import { configure, connect, lookAround, map, mend, readTimeline, signIn } from "./console.js";
import { setUpCompanies } from "./company_import.js";
import { setUpLists } from "./engagement_lists.js";
import { buildForm, readSubmission, sendForm, sendFormWithoutScripts } from "./forms.js";
import { syncPeople } from "./people.js";
import { buildRouter } from "./router.js";
import { syncFields } from "./synced_fields.js";

const server = process.env.TSUGITE_URL;
const emulator = process.env.EMULATOR_URL;
const sizes = { wide: { width: 1280, height: 900 }, narrow: { width: 320, height: 720 } };
const languages = (process.env.STORY_LANGUAGES ?? "ja en").split(" ");
const zones = { ja: "Asia/Tokyo", en: "America/New_York" };

const browser = await launch();
let told = "";
const tell = (text) => { told = text; console.log(text); };

async function story(language, size) {
  const name = `${language}-${size}`;
  const touch = size === "narrow" ? { hasTouch: true, isMobile: true } : {};
  const context = await browser.newContext({ viewport: sizes[size], ...touch, locale: language, timezoneId: zones[language], reducedMotion: "reduce" });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  listen(page, name);
  const email = `${name}@mirai.example`;
  const where = { server, emulator, language, size, email };
  tell(`${name}: signs in`);
  await signIn(page, { ...where, email: process.env.TSUGITE_EMAIL, password: process.env.TSUGITE_PASSWORD });
  tell(`${name}: connects`);
  await connect(page, where);
  tell(`${name}: sets ToDo and campaign`);
  await configure(page, where);
  await map(page, where);
  tell(`${name}: books`);
  const done = await bookWithPointer(page, server, language, size, email);
  tell(`${name}: reads the timeline`);
  await readTimeline(page, where);
  tell(`${name}: mends what the org refused`);
  await mend(page, where);
  tell(`${name}: builds a form`);
  const form = await buildForm(page, where);
  tell(`${name}: sends the form`);
  await sendForm(page, form, { ...where, email: `form-${email}` });
  await readSubmission(page, { ...where, email: `form-${email}` });
  if (size === "wide") await sendFormWithoutScripts(browser, form, { ...where, email: `plain-${email}` });
  tell(`${name}: has fields fetched`);
  await syncFields(page, where);
  tell(`${name}: builds a router`);
  await buildRouter(page, where);
  tell(`${name}: syncs people`);
  await syncPeople(page, { ...where, email: `person-${email}` });
  tell(`${name}: sets the company import up`);
  await setUpCompanies(page, where);
  tell(`${name}: sets up lists of Account Engagement`);
  await setUpLists(page, where);
  tell(`${name}: looks around`);
  await lookAround(page, where);
  tell(`${name}: cancels`);
  await cancel(page, done, language, size);
  await context.close();
}

try {
  for (const language of languages) for (const size of ["wide", "narrow"]) await story(language, size);
  for (const language of languages) {
    tell(`${language}: books by keyboard alone`);
    const page = await browser.newPage({ locale: language, viewport: sizes.wide });
    listen(page, `keyboard-${language}`);
    await bookByKeyboard(page, server, language);
    await page.close();
    tell(`${language}: books without scripts`);
    await bookWithoutScripts(browser, server, language);
  }
} catch (error) {
  const page = browser.contexts().flatMap((context) => context.pages()).at(-1);
  await page?.screenshot({ path: new URL(`./screenshots/failed-${languages.join("-")}.png`, import.meta.url).pathname, fullPage: true });
  faults.push(`${told}: ${error.message}`);
}
await browser.close();

for (const fault of new Set(faults)) console.error(fault);
console.log(faults.length ? `${faults.length} faults` : "the story holds, with nothing to report");
process.exit(faults.length ? 1 : 0);
