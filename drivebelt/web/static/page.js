// What the pages gain where scripts run: theme, keys, fields that answer at once. Every page works without.
"use strict";
const all = (what, where = document) => [...where.querySelectorAll(what)];

function theme() {
  const button = document.querySelector("button.theme");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    localStorage.setItem("theme", root.dataset.theme);
  });
}

function keys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const field = event.target.closest("input, select, textarea");
    if (field) {
      if (event.key === "Escape") field.blur();
      return;
    }
    const steps = { ArrowLeft: "a[rel=prev]", ArrowRight: "a[rel=next]" };
    if (event.key in steps && !event.target.closest("[tabindex='0']")) document.querySelector(steps[event.key])?.click();
    else if (event.key === "/") {
      const search = document.querySelector("input[type=search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    } else if (event.key === "?") location.href = "/keys";
    else if (event.key === "t") document.querySelector("button.theme")?.click();
    else document.querySelector(`nav [data-key="${CSS.escape(event.key)}"]`)?.click();
  });
}

// A form with data-live is sent when one of its fields has changed.
function live() {
  all("form[data-live]").forEach((form) => form.addEventListener("change", () => form.requestSubmit()));
}

// A page that waits for work asks again by itself; without scripts its head does. It takes nobody back who is on his way elsewhere,
// and waits for whoever is writing.
function again() {
  const seconds = Number(document.body.dataset.again);
  if (!seconds) return;
  let waiting = setTimeout(look, 1000 * seconds);
  function look() {
    if (document.activeElement?.matches("input, select, textarea")) waiting = setTimeout(look, 1000 * seconds);
    else location.reload();
  }
  addEventListener("beforeunload", () => clearTimeout(waiting));
}

again();
theme();
keys();
live();
