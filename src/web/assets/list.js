// The list: keeps only the rows around what is seen, and asks the server for the others.
'use strict';

(() => {
  const scroll = document.getElementById('scroll');
  const list = document.getElementById('rows');
  const form = document.getElementById('search');
  const words = document.getElementById('q');
  const said = document.getElementById('said');
  const nothing = document.getElementById('nothing');
  const clients = document.getElementById('sdk');
  const sort = document.getElementById('sort');
  const headings = [...document.querySelectorAll('.columns a')];
  const recording = list.dataset.recording;

  let from = Number(list.dataset.from);
  let matched = Number(list.dataset.matched);
  let total = Number(list.dataset.total);
  let asked = null; // the request under way
  let span = { from: 0, behind: 0 }; // what it asks for
  let again = false; // there was more before it came back
  let reading = 0; // bodies are being searched: the window is asked for again
  let current = 0; // the place of the row that the keys are at, from 1

  const height = () => parseFloat(getComputedStyle(list).getPropertyValue('--row')) || 32;

  function query() {
    const fields = new URLSearchParams(new FormData(form));
    for (const [name, value] of [...fields]) if (!value || value === 'all') fields.delete(name);
    return fields;
  }

  function lay() {
    const row = height();
    list.style.paddingTop = `${from * row}px`;
    list.style.paddingBottom = `${Math.max(0, matched - from - list.children.length) * row}px`;
  }

  // Fetches the rows around what is seen. `keep`: new rows above must not move what is looked at.
  async function refresh(keep) {
    // news wait for the answer under way, else many of them would let none come back; a person does not wait
    if (keep && asked) {
      again = true;
      return;
    }
    asked?.abort();
    const mine = new AbortController();
    asked = mine;
    const row = height();
    const screen = Math.ceil(scroll.clientHeight / row) + 1;
    const first = Math.max(0, Math.floor(scroll.scrollTop / row) - screen);
    const fields = query();
    const count = Math.min(400, screen * 3);
    fields.set('r', recording);
    fields.set('from', first);
    fields.set('count', count);
    span = { from: first, behind: first + count };
    let news;
    try {
      const answer = await fetch(`/rows?${fields}`, { signal: mine.signal });
      if (answer.ok) news = await answer.json();
      else wraptap.trouble(answer.status);
    } catch (error) {
      if (error.name !== 'AbortError') lost();
    }
    // a later request took over
    if (asked !== mine) return;
    asked = null;
    if (!news) return;
    said.textContent = news.said;
    said.classList.toggle('bad', news.error);
    // what was found before a slip of the pen stays in sight
    if (news.error) return;
    const added = keep && scroll.scrollTop > row / 2 ? news.matched - matched : 0;
    from = news.from;
    matched = news.matched;
    total = news.total;
    const focused = document.activeElement?.closest?.('.row')?.dataset.id;
    wraptap.markup(list, news.rows);
    wraptap.markup(nothing, news.nothing);
    nothing.hidden = matched > 0;
    lay();
    if (added > 0) {
      scroll.scrollTop += added * row;
      if (current > 0) current += added;
    }
    if (focused) list.querySelector(`.row[data-id="${focused}"] a`)?.focus({ preventScroll: true });
    reach();
    choices(news.clients);
    if (news.searching) {
      clearTimeout(reading);
      reading = setTimeout(() => refresh(true), 150);
    }
    if (again) {
      again = false;
      refresh(true);
    } else {
      judge();
    }
  }

  function choices(names) {
    for (const name of names) {
      if (![...clients.options].some((option) => option.value === name)) clients.add(new Option(name, name));
    }
  }

  // Asks for the verdicts of refusals that are seen and not judged yet.
  async function judge() {
    const open = [...list.querySelectorAll('[data-pending]')].map((cell) => cell.closest('.row'));
    const top = scroll.getBoundingClientRect();
    const seen = open.filter((row) => {
      const place = row.getBoundingClientRect();
      return place.bottom > top.top && place.top < top.bottom;
    });
    if (seen.length === 0) return;
    for (const row of seen) row.querySelector('.words').removeAttribute('data-pending');
    const ids = seen.map((row) => row.dataset.id).join(',');
    try {
      const answer = await fetch(`/verdicts?r=${recording}&ids=${ids}`);
      if (!answer.ok) return;
      for (const [id, text] of Object.entries(await answer.json())) {
        const cell = list.querySelector(`.row[data-id="${id}"] .words`);
        if (cell) wraptap.markup(cell, text);
      }
    } catch {
      // the event stream reports that wraptap is gone
    }
  }

  let frame = 0;
  scroll.addEventListener('scroll', () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      const row = height();
      const first = Math.floor(scroll.scrollTop / row);
      const last = Math.min(matched, Math.ceil((scroll.scrollTop + scroll.clientHeight) / row));
      if (asked && first >= span.from && last <= span.behind) return;
      if (first < from || last > from + list.children.length) refresh(false);
      else judge();
    });
  });
  scroll.addEventListener('wheel', () => { wanted = 0; }, { passive: true });
  addEventListener('resize', () => {
    lay();
    refresh(false);
  });

  // Searching: the address says what is searched for, so that it can be kept and sent.
  let typed = 0;
  function search() {
    const fields = query();
    if (recording === '0') fields.delete('r');
    history.replaceState(null, '', fields.size > 0 ? `/?${fields}` : '/');
    scroll.scrollTop = 0;
    current = 0;
    refresh(false);
  }
  words.addEventListener('input', () => {
    clearTimeout(typed);
    typed = setTimeout(search, 80);
    complete();
  });

  // Sorting: a heading sorts by its column, and the other way round the second time.
  function mark() {
    const name = sort.value.replace(/^-/, '') || 'id';
    for (const heading of headings) {
      const is = heading.dataset.sort === name;
      heading.querySelector('span').textContent = is ? (sort.value && !sort.value.startsWith('-') ? ' ▲' : ' ▼') : '';
      if (is) heading.setAttribute('aria-current', 'true');
      else heading.removeAttribute('aria-current');
    }
  }
  for (const heading of headings) {
    heading.addEventListener('click', (event) => {
      event.preventDefault();
      const name = heading.dataset.sort;
      if (name === 'id') sort.value = sort.value === 'id' ? '' : 'id';
      else sort.value = sort.value === name ? `-${name}` : name;
      mark();
      search();
    });
  }

  // Completion: of the keys, and behind a colon of the values.
  const completions = document.getElementById('complete');
  const keys = JSON.parse(completions.dataset.keys);
  let chosen = -1;
  const token = () => words.value.slice(0, words.selectionStart).match(/(?:^|\s)(-?)([a-z]*)(?::([^\s"]*))?$/i);
  function offers() {
    const [, , name, value] = token() || [];
    if (name === undefined || (name === '' && value === undefined)) return [];
    if (value === undefined) {
      return keys.filter((known) => known.key.startsWith(name.toLowerCase()))
        .map((known) => ({ text: `${known.key}:`, about: known.about }));
    }
    const key = keys.find((known) => known.key === name.toLowerCase());
    if (!key) return [];
    const values = key.key === 'sdk' ? [...clients.options].map((option) => option.value).filter(Boolean) : key.values;
    return values.filter((known) => known.startsWith(value.toLowerCase()) && known !== value)
      .slice(0, 12).map((known) => ({ text: `${key.key}:${known}`, about: '' }));
  }
  function choose(at) {
    chosen = at;
    [...completions.children].forEach((item, index) => item.setAttribute('aria-selected', String(index === at)));
    if (at >= 0) words.setAttribute('aria-activedescendant', `complete-${at}`);
    else words.removeAttribute('aria-activedescendant');
    completions.children[at]?.scrollIntoView({ block: 'nearest' });
  }
  function complete() {
    const found = offers();
    completions.replaceChildren(...found.map(({ text, about }, at) => {
      const item = document.createElement('li');
      item.id = `complete-${at}`;
      item.setAttribute('role', 'option');
      item.dataset.text = text;
      const name = document.createElement('code');
      name.textContent = text;
      item.append(name, ` ${about}`);
      return item;
    }));
    completions.hidden = found.length === 0;
    words.setAttribute('aria-expanded', String(found.length > 0));
    choose(-1);
  }
  function close() {
    completions.hidden = true;
    words.setAttribute('aria-expanded', 'false');
    choose(-1);
  }
  function take(text) {
    const [whole, minus] = token();
    const behind = words.value.slice(words.selectionStart);
    const before = words.value.slice(0, words.selectionStart - whole.trimStart().length) + minus + text;
    const gap = text.endsWith(':') || behind.startsWith(' ') ? '' : ' ';
    words.value = before + gap + behind;
    words.setSelectionRange(before.length + gap.length, before.length + gap.length);
    words.dispatchEvent(new Event('input'));
  }
  completions.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    const item = event.target.closest('li');
    if (item) take(item.dataset.text);
  });
  words.addEventListener('blur', close);
  words.addEventListener('keydown', (event) => {
    if (completions.hidden) return;
    const count = completions.children.length;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) choose((chosen + step + count + (chosen < 0 && step < 0 ? 1 : 0)) % count);
    else if (event.key === 'Escape') close();
    else if (event.key === 'Tab' || (event.key === 'Enter' && chosen >= 0)) take(completions.children[Math.max(chosen, 0)].dataset.text);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  form.addEventListener('change', search);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    search();
    go(1);
  });

  // Keys: j and k walk through the rows, those that are not there yet included.
  let wanted = 0; // the place to focus as soon as it is there
  function reach() {
    const row = wanted > 0 ? list.children[wanted - 1 - from] : null;
    if (!row) return;
    wanted = 0;
    row.querySelector('a').focus({ preventScroll: true });
  }
  function go(place) {
    if (matched === 0) return;
    current = Math.min(Math.max(1, place), matched);
    wanted = current;
    const row = height();
    const top = (current - 1) * row;
    if (top < scroll.scrollTop) scroll.scrollTop = top;
    else if (top + row > scroll.scrollTop + scroll.clientHeight) scroll.scrollTop = top + row - scroll.clientHeight;
    if (current <= from || current > from + list.children.length) refresh(false);
    else reach();
  }
  list.addEventListener('focusin', (event) => {
    current = Number(event.target.closest('.row')?.dataset.place) || current;
  });
  document.addEventListener('keydown', (event) => {
    if (event.target === words && (event.key === 'Escape' || event.key === 'ArrowDown')) {
      words.blur();
      if (event.key === 'ArrowDown') go(1);
      event.preventDefault();
      return;
    }
    if (wraptap.typing(event)) return;
    const steps = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1, PageDown: 20, PageUp: -20 };
    const first = Math.floor(scroll.scrollTop / height());
    if (event.key in steps) go(current === 0 ? first + 1 : current + steps[event.key]);
    else if (event.key === 'g' || event.key === 'Home') go(1);
    else if (event.key === 'G' || event.key === 'End') go(matched);
    else if (event.key === '/') words.focus();
    else return;
    event.preventDefault();
  });

  // Live: the stream says that there is more, and the window is asked for again.
  let events = null;
  function connect() {
    events?.close();
    events = new EventSource('/events');
    events.addEventListener('state', (event) => {
      const state = JSON.parse(event.data);
      wraptap.banner(state.missing > 0 ? `${state.missing} exchanges could not be written to the recording.` : '');
      if (state.totals[recording] !== total || (matched === 0 && !said.classList.contains('bad'))) refresh(true);
      else judge();
    });
    events.onerror = lost;
  }
  let retry = 0;
  function lost() {
    events?.close();
    clearTimeout(retry);
    retry = setTimeout(check, 400);
  }
  async function check() {
    try {
      const answer = await fetch(`/rows?r=${recording}&count=0`);
      if (answer.ok) {
        wraptap.banner('');
        connect();
        refresh(true);
        return;
      }
      wraptap.trouble(answer.status);
      // another start has other keys: only its link helps
      if (answer.status === 403) return;
    } catch {
      wraptap.trouble(0);
    }
    retry = setTimeout(check, 1500);
  }
  // a browser has few connections to one address: a hidden page closes its own
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) events?.close();
    else check();
  });

  // After coming back from an exchange, the list is at the same place as before.
  addEventListener('pagehide', () => {
    const state = { search: location.search, top: scroll.scrollTop, current };
    sessionStorage.setItem('wraptap-list', JSON.stringify(state));
  });
  const before = JSON.parse(sessionStorage.getItem('wraptap-list') || 'null');
  lay();
  if ('searching' in list.dataset) refresh(true);
  if (before && before.search === location.search && before.top > 0) scroll.scrollTop = before.top;
  if (before && before.search === location.search && before.current > 0) go(before.current);
  judge();
  connect();
})();
