// A flow chart that is larger than its frame begins with the node that matters: the one that the address names, the last
// one on a lit path, else the first.
"use strict";
(() => {
  /** What the address names; a broken one names nothing. */
  const named = () => { try { return decodeURIComponent(location.hash.slice(1)); } catch { return ""; } };
  const show = () => {
    const step = named();
    for (const frame of document.querySelectorAll(".flow .scroll")) {
      const wanted = step && frame.querySelector(`[data-step="${CSS.escape(step)}"]`);
      const node = wanted || [...frame.querySelectorAll(".node.on")].pop() || frame.querySelector(".node");
      if (!node) continue;
      const [at, around] = [node.getBoundingClientRect(), frame.getBoundingClientRect()];
      frame.scrollLeft += at.left + at.width / 2 - around.left - around.width / 2;
      if (wanted || node.matches(".on")) frame.scrollTop += at.top + at.height / 2 - around.top - around.height / 2;
    }
  };
  addEventListener("hashchange", show);
  show();
})();
