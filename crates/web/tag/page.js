// Reading a page that may be hostile. An input named "id", "elements" or "getAttribute" hides the form's own property of
// that name, so forms are read through the prototypes only. Prototypes of this window also read elements that were made
// in another document.

/** Listens before the page does. What goes wrong here must not be seen there. */
export const listen = (name, does, target = window) => target?.addEventListener(name, (event) => {
  try {
    does(event, event.composedPath()[0]);
  } catch (error) {
    console.debug(error);
  }
}, true);

const elementsOf = Object.getOwnPropertyDescriptor(HTMLFormElement.prototype, "elements").get;

/** An attribute, or "". */
export const attribute = (element, name) => Element.prototype.getAttribute.call(element, name) || "";

export const all = (scope, selector) => [...scope.querySelectorAll(selector)];

export const isForm = (scope) => ({}).toString.call(scope) == "[object HTMLFormElement]";

/** The inputs of a form, also those that only name it, or those within another element. */
export const inputsOf = (scope) =>
  (isForm(scope) ? [...elementsOf.call(scope)] : all(scope, "input,select,textarea")).filter((input) => input.type && !/submit|button|image|reset|fieldset/.test(input.type));

/** Whether a visitor sees the element. Traps for robots are moved out of sight in many ways. */
export const isVisible = (element) => {
  const box = element.getBoundingClientRect();
  return box.width > 2 && box.right + scrollX > 0 && box.bottom + scrollY > 0 &&
    element.checkVisibility?.({ opacityProperty: true, visibilityProperty: true }) !== false;
};

/** The buttons that a visitor sees. */
export const buttonsOf = (scope) => all(scope, "button,[type=submit],[type=button],[type=image]").filter(isVisible);

/** The inputs that somebody can type into. A disabled one counts: pages disable theirs while they send. */
export const editableOf = (scope) => inputsOf(scope).filter((input) => !/hidden|checkbox|radio|file/.test(input.type) && !input.readOnly && isVisible(input));
