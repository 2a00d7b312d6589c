"use strict";
// The page can be read without this script: it adds sorting, dimming, the current section, hints and the choice of a theme.
(() => {
  const root = document.documentElement;
  root.classList.add("js");

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
    for (const button of document.querySelectorAll("[data-theme-choice]"))
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === (root.dataset.theme ?? "auto")));
  }

  function themes() {
    show(stored("theme"));
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.addEventListener("click", () => {
        stored("theme", button.dataset.themeChoice);
        show(button.dataset.themeChoice);
      });
    }
  }

  // a button of the side list singles a loss out: for as long as the pointer is on it, or until it is pressed again, or Escape
  function losses() {
    const buttons = [...document.querySelectorAll("[data-focus-loss]")];
    const main = document.querySelector("main");
    const baseline = document.querySelector("[data-baseline]")?.dataset.baseline;
    let pressed = null;

    function light(number) {
      main.classList.toggle("focus", number !== null);
      for (const mark of main.querySelectorAll(".lit")) mark.classList.remove("lit");
      if (number === null) return;
      // beside the baseline, which every difference is from
      for (const mark of main.querySelectorAll(`[data-loss="${number}"], [data-loss="${baseline}"]`)) mark.classList.add("lit");
    }

    function press(number) {
      pressed = number;
      for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.focusLoss === pressed));
      light(pressed);
    }

    for (const button of buttons) {
      button.addEventListener("mouseenter", () => light(button.dataset.focusLoss));
      button.addEventListener("mouseleave", () => light(pressed));
      button.addEventListener("click", () => press(pressed === button.dataset.focusLoss ? null : button.dataset.focusLoss));
    }
    document.addEventListener("keydown", event => {
      if (event.key === "Escape" && pressed !== null) press(null);
    });
  }

  function sections() {
    const links = [...document.querySelectorAll(".toc ol a")];
    const targets = links.map(link => document.getElementById(link.hash.slice(1)));
    function mark() {
      let current = 0;
      targets.forEach((target, i) => {
        if (target && target.getBoundingClientRect().top < innerHeight * 0.3) current = i;
      });
      links.forEach((link, i) => {
        if (i === current) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      });
      const list = links[current]?.closest("ol");
      if (list && list.scrollWidth > list.clientWidth) list.scrollLeft = links[current].offsetLeft - list.clientWidth / 3;
    }
    addEventListener("scroll", () => requestAnimationFrame(mark), { passive: true });
    if (links.length > 0) mark();
  }

  function hints() {
    function check() {
      for (const box of document.querySelectorAll(".box")) {
        const hint = box.previousElementSibling;
        if (hint?.classList.contains("hint")) hint.hidden = box.scrollWidth <= box.clientWidth + 4;
      }
    }
    addEventListener("resize", check);
    check();
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
        // beside the words, since a word may itself be a link
        const button = document.createElement("button");
        button.type = "button";
        button.className = "sort";
        button.setAttribute("aria-label", `sort by ${head.textContent.trim()}`);
        const [words, small] = [head.querySelector("span") ?? head, head.querySelector("span small")];
        if (small) small.before(button);
        else words.append(button);
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
    for (const part of [themes, losses, sections, hints, sorting, printing, closing]) part();
  });
})();
