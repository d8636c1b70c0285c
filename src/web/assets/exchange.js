// An exchange: findings tied to their places, bodies in tabs, copying, and keeping a body as known good.
'use strict';

(() => {
  const each = (selector, act) => document.querySelectorAll(selector).forEach(act);

  // A finding and both its places light up together; a click leads from one to the other.
  const findings = [...document.querySelectorAll('.comparison .finding')];
  const parts = (n) =>
    document.querySelectorAll(`.comparison .finding[value="${n}"], .comparison mark[data-finding~="${n}"]`);
  const numbers = (element) =>
    element.matches('mark') ? element.dataset.finding.split(' ') : [element.getAttribute('value')];
  function tie(element, on) {
    for (const n of numbers(element)) parts(n).forEach((part) => part.classList.toggle('tied', on));
  }
  function place(finding) {
    const n = finding.getAttribute('value');
    return document.querySelector(`.comparison td.sent mark[data-finding~="${n}"]`)
      || document.querySelector(`.comparison mark[data-finding~="${n}"]`);
  }
  function show(element) {
    element?.scrollIntoView({ block: 'nearest' });
  }
  each('.comparison .finding, .comparison mark', (element) => {
    element.addEventListener('pointerenter', () => tie(element, true));
    element.addEventListener('pointerleave', () => tie(element, false));
  });
  for (const finding of findings) {
    finding.tabIndex = -1;
    finding.addEventListener('click', (event) => {
      if (!event.target.closest('a') && String(getSelection()) === '') show(place(finding));
    });
    finding.addEventListener('focus', () => tie(finding, true));
    finding.addEventListener('blur', () => tie(finding, false));
  }
  each('.comparison mark', (mark) => {
    mark.addEventListener('click', () => {
      const finding = findings.find((finding) => finding.getAttribute('value') === numbers(mark)[0]);
      show(finding);
      finding?.focus({ preventScroll: true });
    });
  });

  // Bodies: panels become tabs, as the authoring practices have them.
  each('[data-tabs]', (tabs) => {
    const panels = [...tabs.querySelectorAll('.panel')];
    if (panels.length < 2) return;
    const bar = document.createElement('div');
    bar.className = 'tablist';
    bar.setAttribute('role', 'tablist');
    bar.setAttribute('aria-label', tabs.dataset.tabs);
    const buttons = panels.map((panel) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.id = `${panel.id}-tab`;
      button.setAttribute('role', 'tab');
      button.setAttribute('aria-controls', panel.id);
      button.textContent = panel.querySelector('h3').textContent;
      panel.setAttribute('role', 'tabpanel');
      panel.setAttribute('aria-labelledby', button.id);
      bar.append(button);
      return button;
    });
    function choose(at) {
      buttons.forEach((button, index) => {
        button.setAttribute('aria-selected', String(index === at));
        button.tabIndex = index === at ? 0 : -1;
        panels[index].hidden = index !== at;
      });
    }
    buttons.forEach((button, index) => button.addEventListener('click', () => choose(index)));
    bar.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = (buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length;
      choose(next);
      buttons[next].focus();
    });
    tabs.classList.add('tabbed');
    tabs.prepend(bar);
    choose(0);
  });

  const keep = document.getElementById('keep');
  keep?.addEventListener('submit', async (event) => {
    event.preventDefault();
    const button = keep.querySelector('button');
    const replace = button.dataset.replace === keep.elements.name.value;
    try {
      const answer = await wraptap.post(keep.dataset.to, { name: keep.elements.name.value, replace });
      if (answer.status === 403) return void wraptap.trouble(403);
      const result = await answer.json();
      if (answer.ok) {
        wraptap.announce(`Kept as ${result.path}`);
        button.textContent = 'Make this the known good';
        delete button.dataset.replace;
      } else if (answer.status === 409) {
        wraptap.announce(`${result.error}.`, true);
        button.textContent = 'Replace it';
        button.dataset.replace = keep.elements.name.value;
      } else {
        wraptap.announce(`${result.error}.`, true);
      }
    } catch {
      wraptap.trouble(0);
    }
  });

  // Back to the list as it was searched.
  const back = document.getElementById('back');
  const list = JSON.parse(sessionStorage.getItem('wraptap-list') || 'null');
  if (back && list && list.search && new URL(back.href).search === `?r=${new URLSearchParams(list.search).get('r') || 0}`) {
    back.search = list.search;
  } else if (back && list && list.search === '' && new URL(back.href).search === '?r=0') {
    back.search = '';
  }

  document.addEventListener('keydown', (event) => {
    if (wraptap.typing(event)) return;
    if (event.key === 'n') document.querySelector('.trail [rel="next"]')?.click();
    else if (event.key === 'p') document.querySelector('.trail [rel="prev"]')?.click();
    else if ((event.key === 'j' || event.key === 'k') && findings.length > 0) {
      const at = findings.indexOf(document.activeElement);
      const next = at < 0 ? 0 : Math.min(Math.max(0, at + (event.key === 'j' ? 1 : -1)), findings.length - 1);
      findings[next].focus();
      show(place(findings[next]));
    } else if (event.key === 'Enter' && findings.includes(document.activeElement)) show(place(document.activeElement));
  });
})();
