// What has become of a form, on this page or on the next one: still there, a step that shows what was typed (確認画面),
// or gone.

import { all, buttonsOf, editableOf } from "./page.js";
import { keyOf } from "./snapshot.js";

export const THERE = 1;
export const CONFIRM = 2;
export const GONE = 3;

const textOf = (button) => button.value + button.textContent + button.alt;

/** Whether a button leads from the step of confirmation back to the form. */
export const leadsBack = (button) => button && /戻|修正|訂正|変更|back|edit/i.test(textOf(button));

/** Whether a button says that it sends. */
export const sends = (button) => /送信|確定|完了|登録|申し?込|進む|予約|send|submit|confirm/i.test(textOf(button));

const leadsOn = (button) =>
  button.form && sends(button) && !leadsBack(button) && !editableOf(button.form)[0];

export const look = (attempt, scope = document) => {
  const keys = editableOf(scope).map(keyOf);
  if (attempt.names.filter((name) => keys.includes(name)).length * 2 > attempt.names.length) return THERE;
  return buttonsOf(scope).some(leadsOn) &&
    (document.body.innerText.includes(attempt.mail) || all(scope, "input").some((input) => input.value == attempt.mail)) ? CONFIRM : GONE;
};
