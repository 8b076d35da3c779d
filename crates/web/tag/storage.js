// What the browser keeps, in this tab unless another storage is named. It may refuse; then only what needs it is lost.

/** Keeps a value, or removes it. */
export const keep = (key, value, storage = "session") => {
  try {
    const store = window[storage + "Storage"];
    if (value) store.setItem("tsugite." + key, JSON.stringify(value));
    else store.removeItem("tsugite." + key);
  } catch {}
};

export const kept = (key, storage = "session") => {
  try {
    return JSON.parse(window[storage + "Storage"].getItem("tsugite." + key));
  } catch {}
};

/** 128 random bits in letters that are safe in a URL. */
export const newId = () => crypto.getRandomValues(new Uint32Array(4)).join("-");
