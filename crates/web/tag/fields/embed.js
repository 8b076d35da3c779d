// Own forms within the page: a frame for each `<div data-tsugite-form="slug">`, as high as its form.

/** Puts the frames in. */
export const embed = (server) => {
  const frames = [...document.querySelectorAll("[data-tsugite-form]")].map((place) => {
    const frame = document.createElement("iframe");
    frame.src = `${server}/f/${encodeURIComponent(place.dataset.tsugiteForm)}?embed=1`;
    frame.title = place.dataset.title || document.title;
    frame.style.cssText = "width:100%;border:0";
    place.replaceChildren(frame);
    return frame;
  });
  addEventListener("message", ({ data, source, origin }) => {
    const frame = frames.find((one) => one.contentWindow == source);
    if (frame && origin == new URL(frame.src).origin && data?.tsugite == "height" && data.height > 0) {
      frame.style.height = `${Math.min(data.height, 20000)}px`;
    }
  });
};
