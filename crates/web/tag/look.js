// What has become of a form, on this page or on the next one: still there, a step that shows what was typed (確認画面),
// or gone.

import { all, buttonsOf, inputsOf, isEditable, keyOf, nearest, textOf } from "./page.js";

export const THERE = 1;
export const CONFIRM = 2;
export const GONE = 3;

const FORWARD = /送信|確定|完了|登録|申し?込|進む|予約|send|submit|confirm|complete|register/i;
const BACK = /戻|修正|訂正|変更|編集|キャンセル|back|edit|change|cancel|return/i;

export const leadsBack = (button) => BACK.test(textOf(button));

/** Whether somebody can type into the scope. */
export const asks = (scope) => inputsOf(scope).some(isEditable);

export const look = (attempt, scope = document) => {
  const keys = new Set(inputsOf(scope).filter(isEditable).map(keyOf));
  if (attempt.names.filter((name) => keys.has(name)).length * 2 > attempt.names.length) return THERE;
  const forward = buttonsOf(scope).some((button) => {
    const form = nearest(button, "form") || button.form;
    return form && FORWARD.test(textOf(button)) && !leadsBack(button) && !asks(form);
  });
  const shown = () =>
    document.body.innerText.includes(attempt.mail) || all(scope, "input").some((input) => input.value == attempt.mail);
  return forward && shown() ? CONFIRM : GONE;
};
