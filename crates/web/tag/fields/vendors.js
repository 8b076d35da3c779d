// Forms of others that say by themselves what became of a submission.

let adapted;

/** Listens to plugins; they may have been loaded after the tag. */
export const adapt = (settle) => {
  if (adapted) return;
  adapted = true;
  addEventListener("turbo:submit-end", ({ target, detail }) => settle(target, detail.success ? "confirmed" : "failed", "turbo:submit-end"), true);
};
