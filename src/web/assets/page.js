// What every page has: the help, the banner, copying, and the one way in which markup from the server is put in.
'use strict';

const policy = window.trustedTypes
  // everything recorded was escaped by the server
  ? window.trustedTypes.createPolicy('wraptap', { createHTML: (text) => text })
  : { createHTML: (text) => text };

const wraptap = {
  markup(element, text) {
    element.innerHTML = policy.createHTML(text);
  },

  // Says above the page what is wrong; nothing if all is well again.
  banner(text) {
    const banner = document.getElementById('banner');
    if (banner.textContent !== (text || '')) banner.textContent = text || '';
    banner.hidden = !text;
  },

  // Explains an answer that is not the wanted one, or none at all.
  trouble(status) {
    if (status === 403) {
      wraptap.banner('wraptap was started again: open the new link that it printed in the terminal.');
    } else if (status === 0) {
      wraptap.banner('wraptap does not answer: it has ended, or is busy. This page shows what was known last.');
    } else {
      wraptap.banner(`wraptap answered with ${status}. Load the page again; \`wraptap -v\` says more.`);
    }
  },

  async post(path, value) {
    const headers = { 'Content-Type': 'application/json' };
    return fetch(path, { method: 'POST', headers, body: JSON.stringify(value) });
  },

  // Says what was done: where the page has a place for it, else on the button.
  announce(text, bad, button) {
    const done = document.getElementById('done');
    if (done) {
      done.textContent = text;
      done.classList.toggle('bad', Boolean(bad));
    } else if (button) {
      button.textContent = text;
    }
  },

  async copy(text, button) {
    try {
      await navigator.clipboard.writeText(text);
      wraptap.announce(`Copied: ${button.textContent.replace(/^Copy( as)?( the)? ?/, '') || 'the text'}`, false, button);
    } catch {
      wraptap.announce('The browser does not let this page copy: select the text instead.', true, button);
    }
  },

  // Returns whether a key is meant for the field that has the focus.
  typing(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || document.getElementById('keys').open) return true;
    return event.target instanceof Element && event.target.closest('input, select, textarea') !== null;
  },
};

document.documentElement.classList.add('js');

(() => {
  const dialog = document.getElementById('keys');
  document.getElementById('keys-open').addEventListener('click', () => dialog.showModal());

  document.getElementById('new-link').addEventListener('click', async () => {
    const said = document.getElementById('link');
    try {
      const answer = await wraptap.post('/link', {});
      if (answer.ok) said.textContent = (await answer.json()).link;
      else wraptap.trouble(answer.status);
    } catch {
      wraptap.trouble(0);
    }
  });

  document.addEventListener('keydown', (event) => {
    if (wraptap.typing(event)) return;
    if (event.key === '?') {
      dialog.showModal();
      event.preventDefault();
    } else if (event.key === 'u') {
      document.getElementById('back')?.click();
    }
  });

  document.addEventListener('click', async (event) => {
    const button = event.target.closest?.('button[data-copy], button[data-fetch]');
    if (!button) return;
    if (button.dataset.copy) {
      await wraptap.copy(document.getElementById(button.dataset.copy).textContent, button);
      return;
    }
    try {
      const answer = await fetch(button.dataset.fetch);
      if (answer.ok) await wraptap.copy(await answer.text(), button);
      else if (answer.status === 422) wraptap.announce(await answer.text(), true, button);
      else wraptap.trouble(answer.status);
    } catch {
      wraptap.trouble(0);
    }
  });

  const recording = document.getElementById('recording');
  recording?.addEventListener('change', () => recording.form.submit());
})();
