"use strict";
// The page can be read without this script: it adds sorting, switches and the choice of a theme.
(() => {
  const root = document.documentElement;

  function stored(key, value) {
    try {
      if (value !== undefined) sessionStorage.setItem(key, value);
      return sessionStorage.getItem(key);
    } catch {
      return null; // a browser that stores nothing for files
    }
  }

  function show(theme) {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  }

  function themes() {
    for (const choice of document.querySelectorAll('input[name="theme"]')) {
      choice.checked = choice.value === (root.dataset.theme ?? "auto");
      choice.addEventListener("change", () => show(stored("theme", choice.value) ?? choice.value));
    }
  }

  function losses() {
    const boxes = [...document.querySelectorAll('input[name="loss"]')];
    const hidden = document.getElementById("hidden-losses");

    function apply(box) {
      for (const mark of document.querySelectorAll(`[data-loss="${box.value}"]`)) mark.classList.toggle("off", !box.checked);
      const names = boxes.filter(other => !other.checked).map(other => other.dataset.name);
      hidden.textContent = names.length > 0 ? `Hidden in tables and plots: ${names.join(", ")}.` : "";
    }

    for (const box of boxes) {
      box.addEventListener("change", () => apply(box));
      if (!box.checked) apply(box); // a browser keeps them over a reload
    }
  }

  // null is sorted last, up and down
  function key(row, column, isNumber) {
    const cell = row.cells[column];
    if (isNumber) return cell.dataset.value === undefined ? null : Number(cell.dataset.value);
    const text = cell.textContent.trim();
    return text === "" || text === "n/a" ? null : text;
  }

  const words = new Intl.Collator("en", { numeric: true });

  function sort(table, written, column, isNumber, direction) {
    const rows = direction === "none" ? written : [...table.tBodies[0].rows];
    const sign = direction === "descending" ? -1 : 1;
    if (direction !== "none") {
      const keys = new Map(rows.map(row => [row, key(row, column, isNumber)]));
      rows.sort((one, other) => {
        const [a, b] = [keys.get(one), keys.get(other)];
        if (a === null || b === null) return (a === null) - (b === null);
        return sign * (isNumber ? a - b : words.compare(a, b));
      });
    }
    table.tBodies[0].append(...rows);
  }

  function sorting() {
    const next = { none: "ascending", ascending: "descending", descending: "none" };
    for (const table of document.querySelectorAll("table.sortable")) {
      const written = [...table.tBodies[0].rows];
      const heads = [...table.tHead.rows[0].cells];
      heads.forEach((head, column) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "sort";
        button.append(...head.childNodes);
        head.append(button);
        button.addEventListener("click", () => {
          const direction = next[head.getAttribute("aria-sort") ?? "none"];
          for (const other of heads) other.removeAttribute("aria-sort");
          if (direction !== "none") head.setAttribute("aria-sort", direction);
          sort(table, written, column, head.classList.contains("number"), direction);
        });
      });
    }
  }

  function printing() {
    let closed = [];
    addEventListener("beforeprint", () => {
      closed = [...document.querySelectorAll("details:not([open])")];
      for (const details of closed) details.open = true;
    });
    addEventListener("afterprint", () => {
      for (const details of closed) details.open = false;
    });
  }

  // a list of trials must not lie over the trial that it led to
  function closing() {
    document.addEventListener("click", event => {
      const list = event.target.closest?.("[popover] a")?.closest("[popover]");
      if (list) list.hidePopover();
    });
  }

  show(stored("theme"));
  document.addEventListener("DOMContentLoaded", () => {
    for (const part of [themes, losses, sorting, printing, closing]) part();
    const controls = document.getElementById("controls");
    if (controls) controls.hidden = false;
  });
})();
