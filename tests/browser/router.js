// A router is built in the console, with the mouse in the picture and by keyboard in the outline; published, tried, and
// rolled back. The chart is the same both times: free mail gets a text, customers of an industry meet the owner of their
// account, nobody else is offered anything.

import { expect, look } from "./browser.js";

const texts = {
  ja: { name: "お問い合わせの振り分け", free: "フリーメールか", message: "会社のメールアドレスでお申し込みください。", nothing: "何もしない", account: "製造業の取引先か" },
  en: { name: "Inbound requests", free: "Free mail?", message: "Please use your work address.", nothing: "Do nothing", account: "A manufacturer?" },
};

/** Fills a field with the mouse, or by keyboard from wherever the focus is. */
async function choose(page, name, value) {
  const field = page.locator(`[name='${name}']`);
  if ((await field.evaluate((one) => one.tagName)) === "SELECT") {
    const came = name.endsWith(".kind") || name.endsWith(".fact") ? page.waitForEvent("load") : null;
    await field.selectOption(value);
    await came;
  } else {
    await field.fill(value);
  }
}

const save = async (page) => {
  const came = page.waitForEvent("load");
  await page.locator(".savebar button[value=save]").click();
  await came;
};

/** The first node is an end, a question comes before it, and its match leads to a message: by clicks in the picture. */
async function buildByMouse(page, text) {
  await page.locator(".flow .plus").first().click();
  await page.locator(".kinds .is-outcome a").click();
  await choose(page, "outcome.kind", "nothing");
  await save(page);
  await page.locator(".flow .plus").first().click();
  await page.locator(".kinds .is-condition a").click();
  await page.locator("[name=name]").fill(text.free);
  await choose(page, "tests[0].fact", "email.free_mail");
  await choose(page, "tests[0].operator", "equals");
  await choose(page, "tests[0].values", "true");
  await save(page);
  await page.locator(".flow .exit.match ~ a .plus").first().click();
  await page.locator(".kinds .is-outcome a").click();
  await choose(page, "outcome.kind", "message");
  await choose(page, "outcome.text.ja", text.message);
  await save(page);
  await page.locator(".flow a[href*='exit=otherwise'] .plus").first().click();
  await page.locator(".kinds .is-condition a").click();
  await page.locator("[name=name]").fill(text.account);
  await choose(page, "tests[0].fact", "account.Industry");
  await choose(page, "tests[0].operator", "equals");
  await choose(page, "tests[0].values", "Manufacturing");
  await save(page);
  await page.locator(`.flow a[href*='from=${await nodeOf(page, text.account)}&exit=match'] .plus`).click();
  await page.locator(".kinds .is-outcome a").click();
  await choose(page, "outcome.kind", "owner");
  await choose(page, "outcome.object", "account");
  await choose(page, "outcome.page", "sales/demo");
  await choose(page, "fallback.kind", "nothing");
  await save(page);
}

/** The ID of the node with a name, as its address has it. */
async function nodeOf(page, name) {
  const link = await page.locator(".steplist .head a", { hasText: name }).first().getAttribute("href");
  return link.split("/").at(-1).split(/[?#]/)[0];
}

/** Goes with Tab to what a selector names. */
async function tabTo(page, selector) {
  const wanted = page.locator(selector).first();
  await wanted.waitFor();
  for (let presses = 0; presses < 150; presses += 1) {
    if (await wanted.evaluate((one) => one === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  expect(false, `Tab comes to ${selector}`);
}

async function press(page, selector, key = "Enter") {
  await tabTo(page, selector);
  const came = page.waitForEvent("load");
  await page.keyboard.press(key);
  await came;
}

/** Types the first letters of an option, as people do in a list. */
async function pick(page, selector, value, follows) {
  await tabTo(page, selector);
  const came = follows ? page.waitForEvent("load") : null;
  await page.locator(selector).selectOption(value);
  await came;
}

/** The same chart by keyboard alone, from the outline. */
async function buildByKeyboard(page, text) {
  await press(page, ".empty a.button");
  await press(page, ".kinds .is-outcome a");
  await pick(page, "[name='outcome.kind']", "nothing", true);
  await press(page, ".savebar button[value=save]");
  await press(page, "a.add");
  await press(page, ".kinds .is-condition a");
  await tabTo(page, "[name=name]");
  await page.keyboard.type(text.free);
  await pick(page, "[name='tests[0].fact']", "email.free_mail", true);
  await pick(page, "[name='tests[0].operator']", "equals");
  await tabTo(page, "[name='tests[0].values']");
  await page.keyboard.type("true");
  await press(page, ".savebar button[value=save]");
  await press(page, ".exits a.add");
  await press(page, ".kinds .is-outcome a");
  await pick(page, "[name='outcome.kind']", "message", true);
  await tabTo(page, "[name='outcome.text.ja']");
  await page.keyboard.type(text.message);
  await press(page, ".savebar button[value=save]");
  await press(page, ".steplist a.add[href*='exit=otherwise']");
  await press(page, ".kinds .is-condition a");
  await tabTo(page, "[name=name]");
  await page.keyboard.type(text.account);
  await pick(page, "[name='tests[0].fact']", "account.Industry", true);
  await pick(page, "[name='tests[0].operator']", "equals");
  await tabTo(page, "[name='tests[0].values']");
  await page.keyboard.type("Manufacturing");
  await press(page, ".savebar button[value=save]");
  await press(page, `.steplist a.add[href*='from=${await nodeOf(page, text.account)}&exit=match']`);
  await press(page, ".kinds .is-outcome a");
  await pick(page, "[name='outcome.kind']", "owner", true);
  await pick(page, "[name='outcome.object']", "account");
  await pick(page, "[name='outcome.page']", "sales/demo");
  await pick(page, "[name='fallback.kind']", "nothing", true);
  await press(page, ".savebar button[value=save]");
}

/** Makes a router and gives its address. */
async function make(page, server, name, slug) {
  await page.goto(`${server}/console/routers/new`);
  await page.locator("[name=name]").fill(name);
  await page.locator("[name=slug]").fill(slug);
  await page.locator("[name=template][value=empty]").check();
  await page.locator("main form button").click();
  await page.locator(".empty a.button").waitFor();
  return `${server}/console/routers/${slug}`;
}

async function publish(page) {
  await page.locator("form[action$='/publish'] button").click();
  await page.locator(".note.done").waitFor();
}

/** A visitor with free mail asks the router's own page; the decision can be read. */
async function visit(page, server, language, name) {
  const visitor = await page.context().browser().newPage({ locale: language });
  await visitor.goto(`${server}/r/${name}-keys`);
  await visitor.locator("[name=email]").fill(`visitor-${name}@gmail.com`);
  await visitor.locator("main form button[data-main]").click();
  await visitor.locator("main", { hasText: texts[language].message }).waitFor();
  await visitor.close();
  await page.goto(`${server}/console/routers/${name}-keys/decisions`);
  await page.locator("main td a").first().click();
  await page.locator(".steplist > li.on").first().waitFor();
  expect((await page.locator(".steplist > li.on").count()) === 2, "the decision shows its path");
  await look(page, `router-5-decision-${name}`);
}

/** Builds, publishes, tries and rolls back. */
export async function buildRouter(page, { server, language, size }) {
  const text = texts[language];
  const name = `${language}-${size}`;
  if (size === "wide") {
    await make(page, server, text.name, `${name}-mouse`);
    await buildByMouse(page, text);
    expect((await page.locator(".steplist > li").count()) === 5, "five nodes by mouse");
  }
  const address = await make(page, server, text.name, `${name}-keys`);
  if (size === "wide") await buildByKeyboard(page, text);
  else await buildByOutline(page, text);
  expect((await page.locator(".steplist > li").count()) === 5, "five nodes from the outline");
  await look(page, `router-1-chart-${name}`);
  await publish(page);
  await page.goto(`${address}/try`);
  await page.locator("[name=email]").fill("taro@gmail.com");
  await page.locator("main form button").click();
  await page.locator("#result").waitFor();
  expect((await page.locator(".steplist > li.on").count()) === 2, "the path is lit up in the outline");
  expect((await page.locator(".flow .node.on").count()) === 2, "and in the picture");
  await look(page, `router-2-try-${name}`);
  await visit(page, server, language, name);
  await page.goto(address);
  await page.locator(".steplist .is-outcome .head a").first().click();
  await page.locator("details.more summary").nth(1).click();
  await page.locator("form[action$='/remove'] button").click();
  await page.locator(".note.bad #faults").waitFor();
  await look(page, `router-3-faults-${name}`);
  await page.locator("form[action$='/undo'] button").click();
  await page.locator(".note.done").waitFor();
  expect((await page.locator("#faults").count()) === 0, "undone, nothing is at fault");
  await page.locator(".steplist .is-condition .head a").first().click();
  await page.locator("[name=name]").fill(`${text.free} 2`);
  await save(page);
  await publish(page);
  await page.goto(`${address}/versions?from=1&to=2`);
  await page.locator(".differences li").first().waitFor();
  await look(page, `router-4-versions-${name}`);
  await page.locator("form[action$='/versions/1/restore'] button").click();
  await page.locator(".note.done").waitFor();
  await publish(page);
  expect((await page.locator(".steplist .is-condition .head a").first().innerText()) === text.free, "rolled back");
}

/** On a phone: the outline's links by touch. */
async function buildByOutline(page, text) {
  await page.locator(".empty a.button").click();
  await page.locator(".kinds .is-outcome a").click();
  await choose(page, "outcome.kind", "nothing");
  await save(page);
  await page.locator("a.add").first().click();
  await page.locator(".kinds .is-condition a").click();
  await page.locator("[name=name]").fill(text.free);
  await choose(page, "tests[0].fact", "email.free_mail");
  await choose(page, "tests[0].operator", "equals");
  await choose(page, "tests[0].values", "true");
  await save(page);
  await page.locator(".exits a.add").first().click();
  await page.locator(".kinds .is-outcome a").click();
  await choose(page, "outcome.kind", "message");
  await choose(page, "outcome.text.ja", text.message);
  await save(page);
  await page.locator(".steplist a.add[href*='exit=otherwise']").first().click();
  await page.locator(".kinds .is-condition a").click();
  await page.locator("[name=name]").fill(text.account);
  await choose(page, "tests[0].fact", "account.Industry");
  await choose(page, "tests[0].operator", "equals");
  await choose(page, "tests[0].values", "Manufacturing");
  await save(page);
  await page.locator(`.steplist a.add[href*='from=${await nodeOf(page, text.account)}&exit=match']`).click();
  await page.locator(".kinds .is-outcome a").click();
  await choose(page, "outcome.kind", "owner");
  await choose(page, "outcome.object", "account");
  await choose(page, "outcome.page", "sales/demo");
  await choose(page, "fallback.kind", "nothing");
  await save(page);
}
