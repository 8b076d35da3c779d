// What this tab keeps. A browser may refuse any storage; then only what needs it is lost.

/** Keeps a value in this tab, or removes it. */
export const keep = (key, value) => {
  try {
    if (value) sessionStorage.setItem("tsugite." + key, JSON.stringify(value));
    else sessionStorage.removeItem("tsugite." + key);
  } catch {}
};

export const kept = (key) => {
  try {
    return JSON.parse(sessionStorage.getItem("tsugite." + key));
  } catch {}
};

/** 128 random bits as 22 letters that are safe in a URL. */
export const newId = () =>
  btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16)))).replace(/\W/g, (sign) => ({ "+": "-", "/": "_" })[sign] || "");
