// Own forms within the page: a frame for each `<div data-tsugite-form="slug">`, as high as its form.

/** Puts the frames in. */
export const embed = (server) => {
  const frames = [...document.querySelectorAll("[data-tsugite-form]")].map((place) => {
    const frame = document.createElement("iframe");
    // The form says nothing to any other site, and fills its hidden questions from where it stands.
    const told = new URLSearchParams({ embed: location.origin, page: location.origin + location.pathname, referrer: document.referrer });
    for (const [name, value] of new URLSearchParams(location.search)) if (/^(utm_\w+|gclid|yclid)$/.test(name)) told.set(name, value);
    frame.src = `${server}/f/${encodeURIComponent(place.dataset.tsugiteForm)}?${told}`;
    frame.title = place.dataset.title || document.title;
    frame.style.cssText = "width:100%;border:0";
    place.replaceChildren(frame);
    return frame;
  });
  addEventListener("message", ({ data, source, origin }) => {
    const frame = frames.find((one) => one.contentWindow == source);
    if (!frame || origin != new URL(frame.src).origin) return;
    if (data?.tsugite == "height" && data.height > 0) frame.style.height = `${Math.min(data.height, 20000)}px`;
    if (data?.tsugite == "go" && /^https?:/.test(data.url)) location.assign(data.url);
  });
};
