// 入力→確認→完了 within one form and without leaving the page, as Snow Monkey Forms does it.

import { json, page } from "../site.js";

const html = `<form class="snow-monkey-form" data-screen="input"><div id="body">
  <p><label for="a">お名前</label><input id="a" name="fullname"></p>
  <p><label for="b">メールアドレス</label><input id="b" name="email" type="email"></p></div>
  <p><button type="button" class="back" hidden>戻る</button><button class="go">確認画面へ</button></p></form>`;

const script = (events) => `
  const form = document.querySelector("form"), body = document.querySelector("#body"), back = document.querySelector(".back"), go = document.querySelector(".go");
  const tell = (name) => ${events} && form.dispatchEvent(new CustomEvent("smf." + name, { bubbles: true, detail: {} }));
  let inputs, values;
  const show = (screen) => {
    form.dataset.screen = screen;
    if (screen == "input") { body.replaceChildren(...inputs); back.hidden = true; go.textContent = "確認画面へ"; }
    if (screen == "confirm") {
      inputs = [...body.childNodes];
      body.replaceChildren(...values.map(([name, value]) => {
        const line = document.createElement("p"), hidden = document.createElement("input");
        hidden.type = "hidden"; hidden.name = name; hidden.value = value;
        line.append(value, hidden);
        return line;
      }));
      back.hidden = false; go.textContent = "送信する";
    }
    if (screen == "complete") { const done = document.createElement("p"); done.textContent = "送信しました"; form.replaceChildren(done); }
  };
  back.onclick = () => { show("input"); tell("back"); };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const method = form.dataset.screen == "input" ? "confirm" : "complete";
    if (method == "confirm") values = [...new FormData(form)];
    const answer = await (await fetch("/smf", { method: "POST", body: JSON.stringify({ method, values }) })).json();
    if (answer.invalid) return tell("invalid");
    show(method); tell(method);
  });`;

const routes = (events) => ({
  "GET /": page(html, { script: script(events) }),
  "POST /smf": (request) => json({ invalid: !JSON.parse(request.body).values.every(([, value]) => value) }),
});

const story = (hasEvents) => async ({ browser, site, conversions, accepted, ready }) => {
  await browser.goto(site.origin + "/");
  await browser.fill("[name=fullname]", "");
  await browser.fill("[name=email]", "a@example.jp");
  await ready();
  await browser.click(".go");
  await browser.fill("[name=fullname]", "田中 次郎");
  await browser.click(".go");
  await browser.waitFor(() => document.querySelector("form").dataset.screen == "confirm");
  await conversions([]);
  await browser.click(".back");
  await browser.fill("[name=email]", "jiro@example.jp");
  await browser.click(".go");
  await browser.waitFor(() => document.querySelector("form").dataset.screen == "confirm");
  await browser.click(".go");
  await browser.waitFor(() => document.body.innerText.includes("送信しました"));
  await conversions([{ grade: hasEvents ? "confirmed" : accepted, values: { email: "jiro@example.jp", name: "田中 次郎" } }]);
};

export default {
  "the whole flow in one form, with the plugin's events": { routes: routes(true), story: story(true) },
  "the same without any event": { routes: routes(false), story: story(false) },
};
