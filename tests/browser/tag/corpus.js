// The corpus of labelled forms: what the tag takes each input for, against what it is.
//   corpus.js            measures, and fails below the gates
//   corpus.js --wrong    also says which inputs were taken for something else

import { readFileSync } from "node:fs";
import { build } from "esbuild";
import { chromium } from "playwright-core";

const GATES = { email: [0, 0.99], company: [0.98, 0.95], name: [0.98, 0.95], kana: [0.98, 0.95], phone: [0.98, 0.95] };
const WORDS = {
  e: "email", c: "company", n: "name", f: "family_name", g: "given_name", k: "kana", fk: "family_kana", gk: "given_kana",
  p: "phone", d: "department", t: "title",
};
const GROUPS = { email: "email", company: "company", name: "name", family_name: "name", given_name: "name", kana: "kana", family_kana: "kana", given_kana: "kana", phone: "phone", department: "department", title: "title" };
const VALUES = {
  email: "taro@sample.example", company: "株式会社サンプル", name: "山田 太郎", family_name: "山田", given_name: "太郎", kana: "ヤマダ タロウ",
  family_kana: "ヤマダ", given_kana: "タロウ", phone: "0312345678", department: "営業部", title: "部長", "-": "その他",
};

const input = (text) => {
  const [label, name, is, type = "text", placeholder = ""] = text.split("^");
  return { label: label.trim(), name, is: WORDS[is.trim()] ?? "-", type: type.trim(), placeholder };
};
const readForm = (line) => {
  const [markup, rest] = line.split(" | ");
  const rows = rest.split(" ; ").map((row) => {
    const group = row.match(/^([^^]*?)\[(.*\^.*)\]$/);
    return group ? { label: group[1].trim(), inputs: group[2].split(/,(?=[^\]]*\^)/).map(input) } : { label: row.split("^")[0].trim(), inputs: [{ ...input(row), label: "" }] };
  });
  return { line, markup, rows };
};

let number = 0;
/** One row of a form in the manner of a kind of website. */
const ROWS = {
  th: (label, html) => `<tr><th>${label} <span class="must">必須</span></th><td>${html}</td></tr>`,
  dl: (label, html) => `<dt>${label}<span>※</span></dt><dd>${html}</dd>`,
  p: (label, html) => `<p>${label}<br>${html}</p>`,
  cf7: (label, html) => `<p><label> ${label} (必須)<br><span class="wpcf7-form-control-wrap">${html}</span></label></p>`,
  mw: (label, html) => `<tr><th>${label}</th><td>${html}<p class="note">半角英数字でご入力ください</p></td></tr>`,
  for: (label, html, id) => `<div class="form-group"><label for="${id}">${label}</label>${html}</div>`,
  wrap: (label, html) => `<label class="item"><span>${label}</span> ${html}</label>`,
  hs: (label, html, id) => `<div class="hs-form-field"><label id="label-${id}" for="${id}"><span>${label}</span><span class="hs-form-required">*</span></label><legend class="hs-field-desc"></legend><div class="input">${html}</div></div>`,
  pardot: (label, html, id) => `<p class="form-field required"><label class="field-label" for="${id}">${label}</label>${html}</p><div id="error_for_${id}"></div>`,
  ph: (label, html) => `<div class="control">${html}</div>`,
  aria: (label, html) => `<div><div role="heading">&nbsp;</div><div>${html}</div></div>`,
  gf: (label, html, id) => `<div class="gfield"><label class="gfield_label" for="${id}">${label}<span class="gfield_required">*</span></label><div class="ginput_container">${html}</div></div>`,
  div: (label, html) => `<div class="row"><div class="ttl">${label}<em>必須</em></div><div class="inp">${html}</div></div>`,
  flt: (label, html, id) => `<div class="floating">${html}<label for="${id}">${label}</label></div>`,
  li: (label, html) => `<li><span class="tit">${label}</span><div>${html}</div></li>`,
  tr2: (label, html) => `<tr><td colspan="2" class="head">${label}</td></tr><tr><td>&nbsp;</td><td>${html}</td></tr>`,
  hint: (label, html) => `<dt>${label}</dt><dd><p class="ex">全角でご入力ください</p>${html}</dd>`,
};
const WRAPS = { th: "table", mw: "table", tr2: "table", dl: "dl", hint: "dl", li: "ul" };

const htmlOf = ({ markup, rows }) => {
  const body = rows.map(({ label, inputs }) => {
    const id = `c${++number}`;
    const html = inputs.map((one, place) => {
      const attributes = [
        `name="${one.name}"`, `data-is="${one.is}"`, `data-value="${VALUES[one.is]}"`, place == 0 && /for|hs|pardot|gf|flt/.test(markup) ? `id="${id}"` : "",
        markup == "ph" ? `placeholder="${label}"` : one.placeholder ? `placeholder="${one.placeholder}"` : "", markup == "aria" ? `aria-label="${label}"` : "",
      ].join(" ");
      const element = one.type == "textarea" ? `<textarea ${attributes}></textarea>` : `<input type="${one.type}" ${attributes}>`;
      return `${one.label ? `<span>${one.label}</span>` : ""}${element}`;
    }).join(" ");
    return ROWS[markup](label, html, id);
  }).join("");
  const wrap = WRAPS[markup];
  return `<form class="${markup == "mw" ? "mw_wp_form" : ""}">${wrap ? `<${wrap}>${body}</${wrap}>` : body}<button>送信</button></form>`;
};

const bundled = await build({
  stdin: { contents: `export { textsOf } from "./fields/texts.js"; export { recogniseAll } from "./fields/entry.js";`, resolveDir: new URL("../../../crates/web/tag/", import.meta.url).pathname },
  bundle: true, format: "iife", globalName: "tag", write: false, target: "es2021",
});
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const tab = await browser.newPage();

/** What each input was taken for. */
const take = (html) => tab.evaluate((html) => {
  document.body.innerHTML = html;
  const inputs = [...document.querySelectorAll("input,textarea")];
  const fields = inputs.map((one) => ({ name: one.name || one.id, type: one.type, token: one.autocomplete, texts: globalThis.tag.textsOf(one), value: one.dataset.value }));
  globalThis.tag.recogniseAll(fields);
  return inputs.map((one, place) => ({ name: one.name, is: one.dataset.is, taken: fields[place].as ?? "-", texts: fields[place].texts }));
}, html);

const measure = async (file) => {
  const forms = readFileSync(new URL(`./corpus/${file}.txt`, import.meta.url), "utf8").split("\n").filter((line) => /^[^#].* \| /.test(line)).map(readForm);
  await tab.setContent("<!doctype html><html lang=ja><body></body></html>");
  await tab.evaluate(bundled.outputFiles[0].text);
  const counts = {};
  for (const form of forms) {
    for (const { name, is, taken, texts } of await take(htmlOf(form))) {
      for (const group of new Set([GROUPS[is], GROUPS[taken]].filter(Boolean))) {
        const count = counts[group] ??= { right: 0, wrong: 0, missed: 0 };
        if (is == taken) count.right++;
        else {
          if (GROUPS[taken] == group) count.wrong++;
          if (GROUPS[is] == group) count.missed++;
        }
      }
      if (is != taken && process.argv.includes("--wrong")) console.log(`${file} ${form.markup}: ${name} is ${is}, taken for ${taken}: ${texts.join(" / ")}`);
    }
  }
  console.log(`${file}: ${forms.length} forms`);
  let fine = true;
  for (const [group, { right, wrong, missed }] of Object.entries(counts).sort()) {
    const precision = right / (right + wrong);
    const recall = right / (right + missed);
    const [least, most] = GATES[group] ?? [0, 0];
    const isFine = precision >= least && recall >= most;
    fine &&= isFine;
    console.log(`  ${group.padEnd(10)} precision ${precision.toFixed(3)} recall ${recall.toFixed(3)} of ${right + missed}${isFine ? "" : "  BELOW THE GATE"}`);
  }
  return [forms.length, fine];
};

const results = [await measure("known"), await measure("held_out")];
await browser.close();
const forms = results.reduce((sum, [count]) => sum + count, 0);
console.log(`corpus: ${forms} forms`);
process.exit(results.every(([, fine]) => fine) && forms >= 200 ? 0 : 1);
