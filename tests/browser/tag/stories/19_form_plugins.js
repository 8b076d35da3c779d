// Plugins that tell by events of their own what became of a submission: over jQuery, over a library, or over the window.

import { json, page } from "../site.js";

/** As much of jQuery as its events need; the real one calls handlers in the same way. */
const jQuery = `
  const handlers = [];
  window.jQuery = () => ({ on: (names, does) => handlers.push([names.split(" "), does]) });
  window.tell = (type, target, detail) => handlers.forEach(([names, does]) => names.includes(type) && does({ type, target }, detail));
`;
const search = `<form role="search" action="/search"><input name="q"></form>`;
const html = (submit = `<button>送信</button>`) => `${search}<div class="plugin"><form id="form" novalidate><p><label>お名前 <input name="n1"></label></p><p><label>メールアドレス <input name="n2" type="email"></label></p>${submit}</form></div>`;

/** The form stays as it is, so that only the plugin's event can tell that it was accepted. */
const routes = (tell, { submit, listen = `form.addEventListener("submit", send)` } = {}) => ({
  "GET /": page(html(submit), {
    script: `${jQuery}
      const form = document.querySelector("#form");
      const send = async (event) => {
        event.preventDefault();
        const answer = await (await fetch("/plugin", { method: "POST", body: form.elements.n1.value })).json();
        ${tell}
        document.body.append(Object.assign(document.createElement("p"), { className: "told" }));
      };
      ${listen};`,
  }),
  "POST /plugin": ({ body }) => json(body == "だめ" ? { errors: { 2: "x" } } : { errors: [] }),
});
const fill = async ({ browser, site, arrived, ready }) => {
  await browser.goto(site.origin + "/");
  await arrived();
  await browser.fill("[name=n1]", "小林 蓮");
  await browser.fill("[name=n2]", "ren@example.jp");
  await ready();
};
const values = { email: "ren@example.jp", name: "小林 蓮" };
const told = (type, tell) => ({
  routes: routes(tell),
  async story(given) {
    await fill(given);
    await given.browser.click("#form button");
    await given.browser.waitFor(() => document.querySelector(".told"));
    await given.conversions([{ grade: "confirmed", evidence: ["submit", type], values }]);
  },
});

export default {
  "WPForms tells at its form": told("wpformsAjaxSubmitSuccess", `tell("wpformsAjaxSubmitSuccess", form, {});`),
  "Fluent Forms tells at the body and hands its form over": told("fluentform_submission_success", `tell("fluentform_submission_success", document.body, { form: [form] });`),
  "Elementor tells at its form": told("submit_success", `tell("submit_success", form, {});`),
  "Gravity Forms tells at the document, beside a form for searches": told("gform_confirmation_loaded", `tell("gform_confirmation_loaded", document, 1);`),
  "Ninja Forms, whose button sends nothing by itself, tells what it refused and what it took": {
    routes: routes(`tell("nfFormSubmitResponse", document, { id: 1, response: answer });`, {
      submit: `<input type="button" value="送信する">`, listen: `form.querySelector("[type=button]").addEventListener("click", send)`,
    }),
    async story(given) {
      await fill(given);
      await given.browser.fill("[name=n1]", "だめ");
      await given.browser.click("#form [type=button]");
      await given.browser.waitFor(() => document.querySelectorAll(".told").length == 1);
      await given.conversions([]);
      await given.browser.fill("[name=n1]", "小林 蓮");
      await given.browser.click("#form [type=button]");
      await given.browser.waitFor(() => document.querySelectorAll(".told").length == 2);
      await given.conversions([{ grade: "confirmed", values }]);
    },
  },
  "a library that the page loads after the first field was used is heard": {
    routes: routes(`tell("wpformsAjaxSubmitSuccess", form, {});`, { listen: `const late = window.jQuery; delete window.jQuery; window.load = () => { window.jQuery = late; }; form.addEventListener("submit", send)` }),
    async story(given) {
      await given.browser.goto(given.site.origin + "/");
      await given.arrived();
      await given.browser.fill("[name=n1]", "小林 蓮");
      await given.ready();
      await given.browser.evaluate(() => window.load());
      await given.browser.fill("[name=n2]", "ren@example.jp");
      await given.browser.click("#form button");
      await given.browser.waitFor(() => document.querySelector(".told"));
      await given.conversions([{ grade: "confirmed", values }]);
    },
  },
  "Marketo tells with its values, and nothing is returned to it": {
    routes: {
      "GET /": page(`<p><input name="n1"></p><button>送信</button>`, {
        script: `
          const successes = [];
          window.MktoForms2 = { whenReady: (does) => does({ onSuccess: (success) => successes.push(success) }) };
          document.querySelector("button").onclick = () => {
            window.returned = successes.map((success) => success({ Email: "mk@example.jp", FirstName: "葵", LastName: "中村", Company: "中村商店", Budget: "secret" }, "/thanks"));
          };`,
      }),
    },
    async story({ browser, site, arrived, ready, conversions, tagged }) {
      await browser.goto(site.origin + "/");
      await arrived();
      await browser.fill("[name=n1]", "x");
      await ready();
      await browser.click("button");
      await conversions([{ grade: "confirmed", evidence: ["marketo"], values: { email: "mk@example.jp", given_name: "葵", family_name: "中村", company: "中村商店" } }]);
      const returned = await browser.evaluate(() => window.returned.map((one) => one === undefined));
      if (tagged && String(returned) != "true") throw new Error(`Marketo got ${returned}`);
    },
  },
  "HubSpot's new editor tells over the window, with its fields": {
    routes: {
      "GET /": page(`<p><input name="n1"></p><button>送信</button>`, {
        script: `
          window.HubspotFormsV4 = { getFormFromEvent: () => ({ getFormFieldValues: async () => [{ name: "0-1/email", value: "v4@example.jp" }, { name: "0-1/firstname", value: "陽菜" }, { name: "0-2/secret", value: "x" }] }) };
          document.querySelector("button").onclick = () => dispatchEvent(new CustomEvent("hs-form-event:on-submission:success", { detail: {} }));`,
      }),
    },
    async story({ browser, site, arrived, ready, conversions }) {
      await browser.goto(site.origin + "/");
      await arrived();
      await browser.fill("[name=n1]", "x");
      await ready();
      await browser.click("button");
      await conversions([{ grade: "confirmed", evidence: ["hs-form-event:on-submission:success"], values: { email: "v4@example.jp", given_name: "陽菜" } }]);
    },
  },
  "a button within a form that only looks something up is no attempt": {
    routes: {
      "GET /": page(html(`<input type="button" class="look" value="住所を検索"><button>送信</button>`), {
        script: `document.querySelector(".look").addEventListener("click", async () => { await fetch("/plugin", { method: "POST", body: "100-0001" }); document.body.append(Object.assign(document.createElement("p"), { className: "told" })); });`,
      }),
      "POST /plugin": json({}),
    },
    async story(given) {
      await fill(given);
      await given.browser.click(".look");
      await given.browser.waitFor(() => document.querySelector(".told"));
      await given.conversions([]);
      const sent = given.relay.sent.filter((one) => one.path.endsWith("/entries") && one.body.includes("ren@"));
      if (sent.length) throw new Error(sent[0].body);
    },
  },
  "a form whose button is none of submission, which is then gone, is a conversion": {
    routes: {
      "GET /": page(html(`<button type="button" class="send">申し込む</button>`), {
        script: `document.querySelector(".send").addEventListener("click", async () => { await fetch("/plugin", { method: "POST", body: "x" }); document.querySelector(".plugin").textContent = "受け付けました"; });`,
      }),
      "POST /plugin": json({}),
    },
    async story(given) {
      await fill(given);
      await given.browser.click(".send");
      await given.browser.waitFor(() => document.querySelector(".plugin").textContent == "受け付けました");
      await given.conversions([{ grade: given.accepted, evidence: ["click", "form_gone"], values }]);
    },
  },
};
