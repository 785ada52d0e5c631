// Everything here is comfort: without it every form still posts and every page still shows what it knew when drawn.
(() => {
  "use strict";

  // How old the figures are, and whether news still comes by itself.
  const pulse = () => document.querySelector("[data-pulse]");
  let readAt = Date.now();
  let lost = false;
  const tell = () => {
    const mark = pulse();
    if (!mark) return;
    const seconds = Math.round((Date.now() - readAt) / 1000);
    mark.classList.toggle("polling", lost && seconds <= 60);
    mark.classList.toggle("lost", seconds > 60);
    mark.querySelector("[data-age]").textContent = mark.dataset[lost ? "polling" : "fresh"].replace("{0}", seconds);
  };
  document.addEventListener("htmx:afterSwap", () => { readAt = Date.now(); tell(); });
  document.addEventListener("htmx:sseOpen", () => { lost = false; tell(); });
  document.addEventListener("htmx:sseError", () => { lost = true; tell(); });
  setInterval(tell, 1000);

  // A board that is being typed into waits with its news until the field is left.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const field = document.activeElement;
    const typing = field && field.matches("input, textarea, select") && event.detail.target.contains(field);
    if (typing) event.detail.shouldSwap = false;
  });

  // What somebody has unfolded stays so when the news comes.
  let unfolded = [];
  document.addEventListener("htmx:beforeSwap", (event) => {
    unfolded = [...event.detail.target.querySelectorAll("details[id][open]")].map((one) => one.id);
  });
  document.addEventListener("htmx:afterSwap", () => {
    for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
    unfolded = [];
  });

  // The inbox by keyboard: j and k go from reply to reply, and one key decides the open one. On a keyboard that
  // writes Arabic the keys are those in the same places.
  const keyOf = (event) => {
    if (event.key === "؟") return "?";
    return /^[ -~]+$/.test(event.key) ? event.key : event.code.replace(/^Key/, "").toLowerCase();
  };
  const move = (step) => {
    const rows = [...document.querySelectorAll("[data-row]")];
    const at = rows.findIndex((row) => row === document.activeElement || row.closest("li")?.contains(document.activeElement));
    const from = at >= 0 ? at : rows.findIndex((row) => row.closest("[data-keys]"));
    rows[Math.min(Math.max(from + step, 0), rows.length - 1)]?.focus();
    return rows.length > 0;
  };
  const act = (target) => {
    const details = target.closest("summary, details");
    if (target.matches("input")) target.focus();
    else if (target.matches("details")) {
      target.open = !target.open;
      if (target.open) target.querySelector("textarea")?.focus();
    } else if (!details || target.matches("button")) target.click();
  };
  document.addEventListener("keydown", (event) => {
    const field = event.target.matches("input, textarea, select");
    if (field && event.key === "Escape") event.target.blur();
    if (field && event.key === "Enter" && event.ctrlKey) event.target.form.requestSubmit();
    if (field || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = keyOf(event);
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[key];
    const target = document.querySelector(`[data-keys] [data-key="${CSS.escape(key)}"], details[data-key="${CSS.escape(key)}"]`);
    const start = key === "Enter" && event.target === document.body && document.getElementById("next");
    if (step ? move(step) : target || start) event.preventDefault();
    if (target && !step) act(target);
    else if (start) start.click();
  });

  // A form goes out once, however often it is tapped.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 4000);
  });

  // Picking a place in a list or on the map writes the fields that are sent.
  document.addEventListener("change", (event) => {
    const option = event.target.matches("[data-place]") && event.target.selectedOptions[0];
    if (!option || !option.dataset.lon) return;
    const form = event.target.form;
    form.elements.lon.value = option.dataset.lon;
    form.elements.lat.value = option.dataset.lat;
    form.dispatchEvent(new Event("placed"));
  });
  document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
  document.querySelector(".thread")?.scrollTo(0, 1e6);
})();
