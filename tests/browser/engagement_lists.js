// The lists of Account Engagement: rules by buttons, names chosen by keyboard, faults, the tag, a refresh.

import { expect, look } from "./browser.js";

const path = "/console/engagement-lists";

/** Sets up a rule after mistakes, and fetches the members where two hours have passed since the last time. */
export async function setUpLists(page, { server, language, size }) {
  const form = page.locator(`form[action='${path}']`);
  const wish = (name) => form.locator(`button[name=do][value=${name}]:not(.trap)`);
  await page.goto(`${server}${path}`);
  await form.locator("[name=business_unit_id]").fill("0Uv000000000009AAA");
  await wish("add-rule").click();
  await form.locator("[name='rules[1].list']").fill("下");
  await wish("up-rule-1").click();
  expect((await form.locator("[name='rules[0].list']").inputValue()) === "下", "the rule moved up");
  await wish("remove-rule-0").click();
  expect((await form.locator("[name='rules[1].list']").count()) === 0, "the rule is gone");
  await wish("load-lists").click();
  await page.locator(".problems a[href='#in-business-unit-id']").waitFor();
  await look(page, `console-19-lists-unit-${language}-${size}`);
  await form.locator("[name=business_unit_id]").fill("0Uv000000000001AAA");
  await wish("load-lists").click();
  await page.locator(".note.good[role=status]").waitFor();

  await form.locator("[name=enabled]").check();
  await form.locator("[name='rules[0].list']").fill("セミナー");
  await form.locator("[name='rules[0].team']").selectOption("sales");
  await form.locator("[name='rules[0].meeting_type']").selectOption("");
  await wish("save").click();
  await page.locator(".problems a[href='#in-rules-0--meeting-type']").waitFor();
  await look(page, `console-20-lists-problem-${language}-${size}`);
  await form.locator("[name='rules[0].meeting_type']").selectOption("sales/demo");
  const list = form.locator("[name='rules[0].list']");
  await list.fill("");
  await list.pressSequentially("案");
  // The answer to what was typed, and not the one to the empty box before it.
  await form.locator("[role=option]:only-child").waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  expect((await list.inputValue()) === "セミナー案内", "the name was chosen by keyboard");
  await wish("save").click();
  await page.waitForURL(/done=saved/);
  expect((await page.locator("#tag-text").inputValue()).includes("/tag.js"), "the tag is shown");
  await look(page, `console-21-lists-saved-${language}-${size}`);

  const now = page.locator(`form[action='${path}/sync'] button`);
  if (!(await now.isEnabled())) return;
  await now.click();
  await page.waitForURL(/done=sync-asked/);
  await page.waitForFunction(async (address) => {
    const shown = await fetch(address).then((answer) => answer.text());
    return shown.includes('class="chip done"');
  }, path);
  await page.goto(`${server}${path}`);
  await look(page, `console-22-lists-fetched-${language}-${size}`);
}
