// Every page of the console, as `pages.json` lists them, in both languages, on a desk, a tablet and the smallest phone,
// in light and dark: nothing for axe to report, nothing beyond the screen, no errors. A test of the crate `web` compares
// the list with the router, so that a new page can't be forgotten.

import { readFileSync } from "node:fs";
import { expect, faults, launch, listen, look } from "./browser.js";

const server = process.env.TSUGITE_URL;
const pages = JSON.parse(readFileSync(new URL("./pages.json", import.meta.url), "utf8"));
const sizes = { wide: { width: 1280, height: 860 }, middle: { width: 768, height: 1024 }, narrow: { width: 320, height: 720 } };
const languages = (process.env.STORY_LANGUAGES ?? "ja en").split(" ");

/** A page that only exists while an import is being set up, or once there is a router. */
async function prepare(page, what) {
  if (what === "make-router") return makeRouter(page);
  if (what === "make-mailing") return makeMailing(page);
  if (what === "make-segment") return makeSegment(page);
  await page.goto(`${server}/console/companies/import`);
  const begin = page.locator("form[action='/console/companies/import/begin'] button");
  if (await begin.count()) await begin.first().click();
  await page.waitForLoadState("load");
}

/** The router that a new workspace is offered, unless one is there. */
async function makeRouter(page) {
  await page.goto(`${server}/console/routers`);
  if (await page.locator("main td a").count()) return;
  await page.goto(`${server}/console/routers/new`);
  await page.locator("[name=name]").fill("Inbound");
  await page.locator("[name=slug]").fill("inbound");
  await page.locator("main form button").click();
  await page.locator(".steplist").waitFor();
}

/** A draft with placeholders and both parts, unless one is there. */
async function makeMailing(page) {
  await page.goto(`${server}/console/mailings`);
  if (await page.locator("main td a").count()) return;
  await page.goto(`${server}/console/mailings/new`);
  await page.locator("[name=name]").fill("News");
  await page.locator("[name=subject]").fill("{{last_name}}: news");
  await page.locator("[name=text]").fill("Hello {{last_name}}");
  await page.locator("[name=html]").fill("<p>Hello {{last_name}}</p>");
  await page.locator("main form button").click();
  await page.waitForLoadState("load");
}

/** A segment of two groups, unless one is there. */
async function makeSegment(page) {
  await page.goto(`${server}/console/segments`);
  if (await page.locator("main td a").count()) return;
  await page.goto(`${server}/console/segments/new`);
  await page.locator("[name=name]").fill("Managers");
  const press = async (what) => {
    await page.locator(`button[name=do][value='${what}']:not(.trap)`).click();
    await page.waitForLoadState("load");
  };
  await page.locator("[name='add[0]']").selectOption("field:title");
  await press("add:0");
  await page.locator("[name='any[0].all[0].operator']").selectOption("contains");
  await page.locator("[name='any[0].all[0].value']").fill("部長");
  await press("group");
  await page.locator("[name='add[1]']").selectOption("fact:form");
  await press("add:1");
  await press("save");
}

async function visit(page, entry, name) {
  if (entry.prepare) await prepare(page, entry.prepare);
  if (entry.link) {
    await page.goto(server + entry.from);
    for (const one of [entry.link].flat()) {
      const link = page.locator(one).first();
      await link.waitFor();
      await page.goto(server + (await link.getAttribute("href")));
    }
    if (entry.then) await page.goto(server + (await page.locator(entry.then).first().getAttribute("href")));
  } else {
    const answer = await page.goto(server + entry.route);
    expect(answer.status() === 200, `${entry.route} answers ${answer.status()}`);
    expect(new URL(page.url()).pathname === entry.route, `${entry.route} leads to ${page.url()}`);
  }
  expect((await page.locator("main h1").count()) === 1, `${entry.route} has one heading`);
  await look(page, name);
  for (const more of entry.also ?? []) {
    await page.goto(server + entry.route + more);
    await look(page, `${name}${more.replace(/\W+/g, "-")}`);
  }
}

/** The parts of the frame that open: menu, bell, account, search, and the panels of a list. */
async function openParts(page, size, name) {
  await page.goto(`${server}/console/bookings`);
  for (const part of size === "wide" ? ["bell", "account"] : ["menu", "bell", "account"]) {
    await page.locator(`[popovertarget=${part}]`).click();
    await page.locator(`#${part}:popover-open`).waitFor();
    await look(page, `${name}-${part}`);
    await page.keyboard.press("Escape");
  }
  for (const [index, panel] of (await page.locator("details.drop > summary").all()).entries()) {
    await panel.click();
    await look(page, `${name}-panel-${index}`);
    await page.keyboard.press("Escape");
  }
  if (size !== "wide") return;
  await page.keyboard.press("/");
  const answered = page.waitForResponse((response) => response.url().endsWith("q=csv"));
  await page.keyboard.type("csv");
  await answered;
  // Several pages have to do with CSV: down to the audit log.
  const wanted = page.locator("#command-list li[data-href^='/console/audit']");
  await wanted.waitFor();
  await look(page, `${name}-command`);
  const found = await page.locator("#command-list li").evaluateAll((items) => items.map((item) => item.dataset.href));
  const place = found.findIndex((href) => href.startsWith("/console/audit"));
  for (let step = 0; step <= place; step++) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/console\/audit/);
}

const browser = await launch();
for (const language of languages) {
  for (const [size, viewport] of Object.entries(sizes)) {
    const touch = size === "wide" ? {} : { hasTouch: true, isMobile: true };
    const context = await browser.newContext({ viewport, ...touch, locale: language, reducedMotion: "reduce" });
    context.setDefaultTimeout(60_000);
    const page = await context.newPage();
    const name = `${language}-${size}`;
    listen(page, name);
    console.log(`${name}: every page`);
    await page.goto(`${server}/sign-in?language=${language}`);
    await page.locator("[name=email]").fill(process.env.TSUGITE_EMAIL);
    await page.locator("[name=password]").fill(process.env.TSUGITE_PASSWORD);
    await page.keyboard.press("Enter");
    await page.locator("[popovertarget=account]").click();
    await page.locator(`.me button[value=${language}]`).click();
    await page.locator(`html[lang=${language}]`).waitFor();
    for (const entry of pages.filter((one) => !one.skip)) {
      const place = `pages-${entry.route.replace(/^\/console\/?/, "").replace(/\W+/g, "-") || "overview"}-${name}`;
      await visit(page, entry, place).catch((error) => faults.push(`${place}: ${error.message}`));
    }
    await openParts(page, size, `frame-${name}`).catch((error) => faults.push(`frame-${name}: ${error.message}`));
    await context.close();
  }
}
await browser.close();

for (const fault of new Set(faults)) console.error(fault);
console.log(faults.length ? `${faults.length} faults` : "every page holds, with nothing to report");
process.exit(faults.length ? 1 : 0);
