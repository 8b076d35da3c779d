// Forms of other services in frames, and those who pretend to be one.

import { page } from "../site.js";

/** A frame that says something to its parent. */
const says = (data, more = "") => page("", { tag: false, script: `parent.postMessage(${data}, "*");${more}` });
const hubspot = `{ type: "hsFormCallback", eventName: "onFormSubmitted", id: "1", data: { submissionValues: { email: "hub@example.jp", firstname: "悟", lastname: "池田", company: "池田工業" } } }`;
const line = `{ tsugite: "submitted", form: "資料請求", values: { email: "pardot@example.jp" } }`;

/** The page puts the frame in when the visitor asks for it, so that somebody is there. */
const host = (frame) => page(`<button>フォームを開く</button><div id="place"></div>`, {
  script: `document.querySelector("button").onclick = () => { const frame = document.createElement("iframe"); frame.src = ${frame}; document.querySelector("#place").append(frame); };`,
});
const open = async ({ browser, site, tagged }) => {
  await browser.goto(site.origin + "/");
  if (tagged) await browser.waitFor(() => window.tsugite && !window.tsugite.q);
  await browser.click("button");
};
const ignored = (routes, others) => ({
  routes, others,
  async story(story) {
    const { browser, conversions } = story;
    await open(story);
    await browser.waitFor(() => window.heard > 0);
    await conversions([]);
  },
});
const counting = (made) => ({ ...made, page: { ...made.page, script: made.page.script + `window.heard = 0; addEventListener("message", () => { window.heard++; });` } });
const at = (path) => `"ORIGIN" + "${path}"`;
/** The page learns the other site's address when it is made. */
const framing = (path) => ({ site }) => {
  const made = counting(host(at(path)));
  made.page.script = made.page.script.replace("ORIGIN", site.other.origin);
  return made;
};

/** A service's own frame, as its host would answer; what it says is a script's text. */
const service = (address, data, expected) => ({
  routes: { "GET /": host(JSON.stringify(address)) }, engines: ["chromium"],
  async story(story) {
    await story.browser.context.route(address, (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body: `<script>parent.postMessage(${data}, "*")</script>` }));
    await open(story);
    await story.conversions([{ grade: "confirmed", evidence: ["message"], ...expected }]);
  },
});

export default {
  "Typeform tells without saying who it was": service("https://form.typeform.com/to/abc", `{ type: "form-submit", formId: "abc", responseId: "1" }`, { values: {}, form: { name: "Typeform" } }),
  "Jotform tells without saying who it was": service("https://form.jotform.com/123", `{ action: "submission-completed", formID: "123" }`, { values: {}, form: { name: "Jotform" } }),
  "Tally tells in a text": service("https://tally.so/embed/abc", `JSON.stringify({ event: "Tally.FormSubmitted", payload: { respondentId: "1" } })`, { values: {}, form: { name: "Tally" } }),
  "a HubSpot form in its frame is a conversion with its values": service("https://share.hsforms.com/x", hubspot, { values: { email: "hub@example.jp", given_name: "悟", family_name: "池田", company: "池田工業" } }),
  "a HubSpot form on the page itself is a conversion with its values": {
    routes: {
      "GET /": page(`<button>送信</button>`, {
        script: `document.querySelector("button").onclick = () => postMessage(${hubspot}, location.origin);`,
      }),
    },
    async story(story) {
      await open(story);
      await story.conversions([{ grade: "confirmed", evidence: ["message"], values: { email: "hub@example.jp", given_name: "悟", family_name: "池田", company: "池田工業" } }]);
    },
  },
  "the completion line of a form in a frame is a conversion": {
    routes: { "GET /": framing("/pardot") },
    others: { "GET /pardot": says(line) },
    async story(story) {
      await open(story);
      await story.conversions([{ grade: "confirmed", evidence: ["message"], values: { email: "pardot@example.jp" } }]);
    },
  },
  "the same form without the line is none": ignored(
    { "GET /": framing("/pardot") }, { "GET /pardot": says(`"loaded"`) },
  ),
  "the message of a service from a stranger's origin is none": ignored(
    { "GET /": framing("/stranger") }, { "GET /stranger": says(hubspot) },
  ),
  "the line from a frame within the frame is none": ignored(
    { "GET /": framing("/outer") },
    { "GET /outer": page("", { tag: false, script: `const inner = document.createElement("iframe"); inner.src = "/inner"; document.body.append(inner);` }), "GET /inner": page("", { tag: false, script: `top.postMessage(${line}, "*");` }) },
  ),
  "messages of wrong types are none": ignored(
    { "GET /": framing("/wrong") },
    { "GET /wrong": says(`"Tally.FormSubmitted"`, `
      for (const one of ["{\\"event\\":\\"Tally.FormSubmitted\\"}", { tsugite: ["submitted"] }, { tsugite: { submitted: 1 } }, { type: "form-submit" }, { action: "submission-completed" }, ["submitted"], null, 5]) parent.postMessage(one, "*");`) },
  ),
};
