// Choosing an input by a click on the page. While it is on, a click on an input chooses it and does nothing else.

const CATCH = ["pointerdown", "mousedown", "pointerup", "mouseup", "click"];

/** Draws a line around one input at a time. */
export const marker = () => {
  let marked;
  let before;
  return (input) => {
    if (marked) marked.style.outline = before;
    marked = input;
    if (!input) return;
    before = input.style.outline;
    input.style.outline = "3px solid #c2740c";
  };
};

/** `choose` gets the input that was clicked. */
export const picker = (host, mark, choose) => {
  let isOn = false;
  const inputAt = (event) => {
    const path = event.composedPath();
    if (path.includes(host)) return;
    const label = path.find((one) => one.localName == "label");
    return path.find((one) => /^(input|select|textarea)$/.test(one.localName)) || label?.control;
  };
  const over = (event) => {
    const input = inputAt(event);
    if (input) mark(input);
  };
  const click = (event) => {
    const input = inputAt(event);
    if (!input) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.type == "click") choose(input);
  };
  return (on) => {
    if (on == isOn) return;
    isOn = on;
    const does = on ? addEventListener : removeEventListener;
    for (const name of CATCH) does(name, click, true);
    does("pointerover", over, true);
    if (!on) mark();
  };
};
