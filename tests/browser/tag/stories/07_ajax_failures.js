// Requests that fail, each in its own way.

import { json, page } from "../site.js";

const html = `<form><label>氏名 <input name="n"></label> <label>Eメール <input name="e" type="email"></label> <button>送信</button> <output></output></form>`;
const script = `
  document.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const output = document.querySelector("output");
    try {
      const answer = await fetch("/api", { method: "POST", body: "{}", signal: AbortSignal.timeout(10000) });
      output.textContent = (await answer.json()).text;
    } catch (error) { output.textContent = error.name; }
  });`;

const story = (shown, grade, inWebkit = grade) => async ({ browser, site, conversions, reported, engine }) => {
  await browser.goto(site.origin + "/");
  await browser.fill("[name=n]", "渡辺 葵");
  await browser.fill("[name=e]", "aoi@example.jp");
  await browser.click("button");
  await browser.waitFor((text) => document.querySelector("output").textContent.includes(text), shown);
  await reported(engine == "webkit" ? inWebkit : grade);
  await conversions([]);
};

const routes = (answer) => ({ "GET /": page(html, { script }), "POST /api": answer });

export default {
  "422 with JSON is a failure": { routes: routes(json({ text: "入力エラー" }, 422)), story: story("入力エラー", "failed") },
  "200 with the text of an error is a failure": { routes: routes(json({ text: "入力エラー" })), story: story("入力エラー", "failed") },
  // Chromium asks once more where the connection was one that it had used before.
  "a broken connection is a failure": { browserRepeats: true, routes: routes(() => null), story: story("TypeError", "failed", "unknown") },
  "no answer within ten seconds is unknown": { routes: routes(() => new Promise(() => {})), story: story("Error", "unknown") },
};
