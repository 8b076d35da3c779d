// Own forms within the page: a frame for each `<div data-tsugite-form="slug">`, as high as its form.

/** Puts the frames in. */
export const embed = (server) => {
  const frames = [...document.querySelectorAll("[data-tsugite-form]")].map((place) => {
    const frame = document.createElement("iframe");
    // The form says nothing to any other site, and fills its questions from where it stands; it keeps only what they ask for.
    const told = new URLSearchParams(location.search.slice(0, 4000));
    const own = { embed: location.origin, page: location.origin + location.pathname, referrer: document.referrer, language: document.documentElement.lang.slice(0, 2) };
    for (const name in own) told.set(name, own[name]);
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
