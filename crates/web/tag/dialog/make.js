// Elements without markup: a page with Trusted Types takes no text as HTML.

/** An element with properties, attributes where the name has a hyphen or no property exists, and children. */
export const make = (name, set = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(set)) {
    if (value === undefined || value === null) continue;
    if (key in element && !key.includes("-")) element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child || child === 0));
  return element;
};

export const button = (text, does, more = {}) => make("button", { type: "button", onclick: does, ...more }, text);
