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

  // One key decides the reply on top of the inbox.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
    const row = event.target.closest("[data-keys]") || document.querySelector("[data-keys]");
    const button = row && row.querySelector(`button[data-key="${CSS.escape(event.key)}"]`);
    if (button) { event.preventDefault(); button.click(); }
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
