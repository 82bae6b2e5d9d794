'use strict';
(function () {
  const MOST_PRINTED = 5000;
  const rows = JSON.parse(document.getElementById('data').textContent);
  const body = document.querySelector('#orders tbody');
  const search = document.getElementById('search');
  const result = document.getElementById('result');
  const size = document.getElementById('size');
  const shown = document.getElementById('shown');
  const previous = document.getElementById('previous');
  const next = document.getElementById('next');
  const heads = Array.from(document.querySelectorAll('#orders thead th'));
  const order = new Intl.Collator(undefined, { numeric: true });
  let found = rows;
  let page = 0;
  let sorted = { by: 'at', up: true };

  rows.forEach(function (row, at) {
    row.at = at;
    const texts = [row.order, row.name, row.result, row.why, row.time];
    row.changes.forEach(function (change) { texts.push.apply(texts, change); });
    row.text = texts.join('\n').toLowerCase();
  });

  function cell(tr, kind, text) {
    const td = document.createElement('td');
    td.className = kind;
    td.textContent = text;
    tr.append(td);
    return td;
  }

  function part(parent, tag, kind, text) {
    const element = document.createElement(tag);
    if (kind) { element.className = kind; }
    element.textContent = text;
    parent.append(element);
    return element;
  }

  function changes(tr, list) {
    const td = cell(tr, 'changes', '');
    let person = '';
    list.forEach(function (change) {
      if (change[0] !== person) {
        person = change[0];
        part(td, 'span', 'person', person);
      }
      const line = part(td, 'span', 'change', '');
      part(line, 'span', 'field', change[1] + ' ');
      if (change[3] === '') {
        line.append(change[2] + ' (kept)');
        return;
      }
      if (change[2]) {
        part(line, 'del', '', change[2]);
        line.append(' → ');
      }
      part(line, 'ins', '', change[3]);
    });
  }

  function fill(list) {
    body.replaceChildren.apply(body, []);
    list.forEach(function (row) {
      const tr = document.createElement('tr');
      cell(tr, 'order', row.order);
      cell(tr, 'name', row.name);
      cell(tr, row.kind, row.result);
      changes(tr, row.changes);
      cell(tr, 'why', row.why);
      cell(tr, 'time', row.time);
      body.append(tr);
    });
  }

  function show() {
    const each = Number(size.value);
    const pages = Math.max(1, Math.ceil(found.length / each));
    page = Math.min(page, pages - 1);
    const begin = page * each;
    const part = found.slice(begin, begin + each);
    fill(part);
    shown.textContent = found.length === 0 ? 'no order found'
      : (begin + 1) + ' to ' + (begin + part.length) + ' of ' + found.length;
    previous.disabled = page === 0;
    next.disabled = page === pages - 1;
  }

  function look() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    found = rows.filter(function (row) {
      return (!result.value || row.kind === result.value) &&
        words.every(function (word) { return row.text.includes(word); });
    });
    const by = sorted.by;
    const sign = sorted.up ? 1 : -1;
    const value = function (row) { return by === 'changes' ? row.changes.join() : row[by]; };
    found.sort(function (a, b) {
      const compared = by === 'at' ? 0 : order.compare(value(a), value(b));
      return sign * compared || a.at - b.at;
    });
    page = 0;
    show();
  }

  heads.forEach(function (head) {
    head.querySelector('button').addEventListener('click', function () {
      const by = head.dataset.by;
      sorted = { by: by, up: sorted.by === by ? !sorted.up : true };
      heads.forEach(function (other) { other.removeAttribute('aria-sort'); });
      head.setAttribute('aria-sort', sorted.up ? 'ascending' : 'descending');
      look();
    });
  });
  search.addEventListener('input', look);
  result.addEventListener('change', look);
  size.addEventListener('change', show);
  previous.addEventListener('click', function () { page -= 1; show(); });
  next.addEventListener('click', function () { page += 1; show(); });
  document.querySelector('form').addEventListener('submit', function (event) { event.preventDefault(); });
  window.addEventListener('beforeprint', function () {
    fill(found.slice(0, MOST_PRINTED));
    if (found.length > MOST_PRINTED) {
      shown.textContent = 'the first ' + MOST_PRINTED + ' of ' + found.length + '; search to print others';
    }
  });
  window.addEventListener('afterprint', show);
  look();
}());
