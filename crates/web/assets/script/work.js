// Does the work that is asked of an address that has booked a lot, and sends the form again.
(() => {
  const answer = document.querySelector('input[data-work]');
  if (!answer || !window.crypto || !crypto.subtle) return;
  const form = answer.form;
  const status = document.querySelector('[data-work-status]');
  const challenge = form.elements.token.value.split('.')[0];
  const bits = Number(answer.dataset.work);
  const zeros = (bytes) => {
    let count = 0;
    for (const byte of bytes) {
      if (byte !== 0) return count + Math.clz32(byte) - 24;
      count += 8;
    }
    return count;
  };
  const text = new TextEncoder();
  const solve = async () => {
    for (let number = 0; ; number += 1) {
      const digest = await crypto.subtle.digest('SHA-256', text.encode(`${challenge}.${number}`));
      if (zeros(new Uint8Array(digest)) >= bits) return number;
    }
  };
  if (status) status.hidden = false;
  solve().then((number) => {
    answer.value = String(number);
    form.requestSubmit(form.querySelector('[data-main]'));
  });
})();
