'use strict';
(function () {
  const MAX_PRINTED = 5000;
  const rows = JSON.parse(document.getElementById('data').textContent);
  const body = document.querySelector('#orders tbody');
  const search = document.getElementById('search');
  const result = document.getElementById('result');
  const size = document.getElementById('size');
  const shown = document.getElementById('shown');
  const previous = document.getElementById('previous');
  const next = document.getElementById('next');
  const heads = Array.from(document.querySelectorAll('#orders thead th'));
  const labels = heads.map(function (head) { return head.dataset.label; });
  const collator = new Intl.Collator(undefined, { numeric: true });
  let found = rows;
  let page = 0;
  let sorted = { by: 'index', ascending: true };

  rows.forEach(function (row, index) {
    row.index = index;
    const texts = [row.order, row.name, row.label, row.reason, row.time];
    row.changes.concat(row.conflicts).forEach(function (values) { texts.push.apply(texts, values); });
    row.text = texts.join('\n').toLowerCase();
  });

  function addCell(tr, className, text) {
    const td = addElement(tr, 'td', className, '');
    td.dataset.label = labels[tr.children.length - 1];
    addText(addElement(td, 'span', '', ''), text);
    return td.firstChild;
  }

  // Text without white space, such as a domain, breaks after a dot or an at sign only.
  function addText(parent, text) {
    if (/\s/.test(text)) {
      parent.append(text);
      return;
    }
    (text.match(/[^.@]*[.@]|[^.@]+$/g) || []).forEach(function (part) {
      addElement(parent, 'span', 'part', part);
    });
  }

  function addElement(parent, tag, className, text) {
    const element = document.createElement(tag);
    if (className) { element.className = className; }
    if (text) { element.textContent = text; }
    parent.append(element);
    return element;
  }

  function addChanges(tr, changes) {
    const td = addCell(tr, 'changes', '');
    let contactType = '';
    changes.forEach(function (change) {
      if (change[0] !== contactType) {
        contactType = change[0];
        addElement(td, 'span', 'contact-type', contactType);
      }
      const line = addElement(td, 'span', 'change', '');
      addElement(line, 'span', 'field', change[1] + ' ');
      if (change[3] === '') {
        addText(line, change[2]);
        line.append(' (kept)');
        return;
      }
      if (change[2]) {
        addText(addElement(line, 'del', '', ''), change[2]);
        line.append(' → ');
      }
      addText(addElement(line, 'ins', '', ''), change[3]);
    });
  }

  function addConflicts(td, conflicts) {
    conflicts.forEach(function (conflict) {
      const line = addElement(td, 'span', 'change', '');
      addElement(line, 'span', 'field', conflict[0] + ' ' + conflict[1] + ' ');
      [['plan', conflict[2] || '(none)'], ['now', conflict[3] || '(none)'],
        ['wanted', conflict[4] || '(kept)']].forEach(function (value) {
        const part = addElement(line, 'span', 'change', '');
        addElement(part, 'span', 'field', value[0] + ' ');
        addText(part, value[1]);
      });
    });
  }

  function fillTable(shownRows) {
    body.replaceChildren.apply(body, []);
    shownRows.forEach(function (row) {
      const tr = document.createElement('tr');
      addCell(tr, 'order', row.order);
      addCell(tr, 'name', row.name);
      addCell(tr, 'result ' + row.result, row.label);
      addChanges(tr, row.changes);
      addConflicts(addCell(tr, 'reason', row.reason), row.conflicts);
      addCell(tr, 'time', row.time);
      body.append(tr);
    });
  }

  function showPage() {
    const pageSize = Number(size.value);
    const pages = Math.max(1, Math.ceil(found.length / pageSize));
    page = Math.min(page, pages - 1);
    const start = page * pageSize;
    const shownRows = found.slice(start, start + pageSize);
    fillTable(shownRows);
    shown.textContent = found.length === 0 ? 'no order found'
      : (start + 1) + ' to ' + (start + shownRows.length) + ' of ' + found.length;
    previous.disabled = page === 0;
    next.disabled = page === pages - 1;
  }

  function filterAndSort() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    found = rows.filter(function (row) {
      return (!result.value || row.result === result.value) &&
        words.every(function (word) { return row.text.includes(word); });
    });
    const by = sorted.by;
    const sign = sorted.ascending ? 1 : -1;
    const value = function (row) { return by === 'changes' ? row.changes.join() : row[by]; };
    found.sort(function (a, b) {
      const compared = by === 'index' ? 0 : collator.compare(value(a), value(b));
      return sign * compared || a.index - b.index;
    });
    page = 0;
    showPage();
  }

  heads.forEach(function (head) {
    head.querySelector('button').addEventListener('click', function () {
      const by = head.dataset.by;
      sorted = { by: by, ascending: sorted.by === by ? !sorted.ascending : true };
      heads.forEach(function (other) { other.removeAttribute('aria-sort'); });
      head.setAttribute('aria-sort', sorted.ascending ? 'ascending' : 'descending');
      filterAndSort();
    });
  });
  search.addEventListener('input', filterAndSort);
  result.addEventListener('change', filterAndSort);
  size.addEventListener('change', showPage);
  previous.addEventListener('click', function () { page -= 1; showPage(); });
  next.addEventListener('click', function () { page += 1; showPage(); });
  document.querySelector('form').addEventListener('submit', function (event) { event.preventDefault(); });
  window.addEventListener('beforeprint', function () {
    fillTable(found.slice(0, MAX_PRINTED));
    if (found.length > MAX_PRINTED) {
      shown.textContent = 'the first ' + MAX_PRINTED + ' of ' + found.length + '; search to print others';
    }
  });
  window.addEventListener('afterprint', showPage);
  filterAndSort();
}());
