
// A live page: parts of it are replaced as the server sends them. Without this script it is the state at the time it was read.
(() => {
  const most = 2; // trials that can be compared

  function replace(id, html) {
    const old = document.getElementById(id);
    if (!old) return;
    const template = document.createElement("template");
    template.innerHTML = html;
    const next = template.content.querySelector(`[id="${CSS.escape(id)}"]`);
    if (!next) return;
    const chosen = new Set([...old.querySelectorAll("input:checked")].map(box => box.value));
    for (const box of next.querySelectorAll("input[type=checkbox]")) box.checked = chosen.has(box.value);
    const held = old.contains(document.activeElement) ? document.activeElement : null;
    const boxes = [...old.querySelectorAll(".box")].map(box => box.scrollLeft);
    old.replaceWith(next);
    [...next.querySelectorAll(".box")].forEach((box, i) => { box.scrollLeft = boxes[i] ?? 0; });
    if (held?.value) next.querySelector(`[value="${CSS.escape(held.value)}"]`)?.focus();
  }

  function follow(address) {
    const state = document.querySelector(".connection");
    const source = new EventSource(address + location.search);
    source.onmessage = event => {
      const { time, parts } = JSON.parse(event.data);
      for (const { id, html } of parts) replace(id, html);
      state.querySelector("time").textContent = time;
    };
    source.onopen = () => state.classList.replace("off", "on") || state.classList.add("on");
    source.onerror = () => state.classList.replace("on", "off") || state.classList.add("off");
    addEventListener("pagehide", () => source.close());
  }

  document.addEventListener("DOMContentLoaded", () => {
    const address = document.body?.dataset.follow;
    if (address) follow(address);
    // the box ticked last stays
    document.addEventListener("change", event => {
      if (event.target.name !== "t") return;
      const boxes = [...document.querySelectorAll("input[name=t]:checked")];
      if (boxes.length > most) boxes.find(box => box !== event.target).checked = false;
    });
  });
})();
