// The mechanism: steps played one by one, the timeline as a slider, and what is made in the background. All of it works without.
"use strict";
(() => {
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let playing = null, asking = null;

  const part = (what) => document.querySelector(`#layers ${what}`);
  const parts = (what) => [...document.querySelectorAll(`#layers ${what}`)];

  function stop() {
    clearTimeout(playing);
    playing = null;
    const play = part(".play");
    if (play) play.textContent = "▶ Play";
  }

  // Shows the steps up to `now`; 0 shows all of them alike.
  function show(now, keep = true) {
    const player = part(".player");
    if (!player) return;
    player.dataset.step = now;
    parts("g.step").forEach((g) => {
      const n = Number(g.dataset.step);
      if (now && n > now) g.setAttribute("opacity", ".12"); else g.removeAttribute("opacity");
      g.classList.toggle("now", n === now);
    });
    parts("ol.steps li").forEach((li) => {
      const here = Number(li.dataset.step) === now;
      if (here) li.setAttribute("aria-current", "step"); else li.removeAttribute("aria-current");
      if (here) part(".saying").replaceChildren(...[...li.childNodes].map((node) => node.cloneNode(true)));
    });
    if (keep) {
      const address = new URL(location.href);
      if (now) address.searchParams.set("step", now); else address.searchParams.delete("step");
      history.replaceState(null, "", address);
    }
    if (now && !still.matches) carry(part(`g.step[data-step="${now}"] path.way`));
  }

  // A paper carried along an arrow.
  function carry(way) {
    if (!way) return;
    const length = way.getTotalLength();
    const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    for (const [key, value] of Object.entries({ width: 13, height: 9, x: -6.5, y: -4.5, rx: 1, fill: "var(--paper)", stroke: "var(--red)", "stroke-width": 2 })) paper.setAttribute(key, value);
    way.parentNode.append(paper);
    const began = performance.now(), takes = Math.min(400 + length * 1.6, 1400);
    const frame = (time) => {
      const share = Math.min(1, (time - began) / takes);
      const at = way.getPointAtLength(length * (1 - (1 - share) ** 2));
      paper.setAttribute("transform", `translate(${at.x} ${at.y})`);
      if (share < 1 && paper.isConnected) requestAnimationFrame(frame); else paper.remove();
    };
    requestAnimationFrame(frame);
  }

  function go(way) {
    const player = part(".player");
    if (!player) return;
    const most = Number(player.dataset.steps), now = Number(player.dataset.step);
    if (way === "all") show(0);
    else if (Number(way) > 0) show(now >= most ? 1 : now + 1);
    else show(now > 1 ? now - 1 : now === 0 ? most : 1);
  }

  function play() {
    if (playing) return stop();
    part(".play").textContent = "⏸ Pause";
    const player = part(".player");
    if (Number(player.dataset.step) >= Number(player.dataset.steps)) player.dataset.step = 0;
    const next = () => {
      go(1);
      const over = Number(player.dataset.step) >= Number(player.dataset.steps);
      playing = over ? null : setTimeout(next, 2400);
      if (over) stop();
    };
    playing = setTimeout(next, 0);
  }

  // Another day: the same page is asked for, and its part takes the place of this one.
  async function day(address) {
    stop();
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(address, { signal: asking.signal });
      const made = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("layers");
      if (!made) return void (location.href = address);
      const held = document.activeElement?.closest("#layers .months") !== null && document.activeElement !== document.body;
      document.getElementById("layers").replaceWith(made);
      history.replaceState(null, "", address);
      begin();
      if (held) part(".months")?.focus();
    } catch (fault) {
      if (fault.name !== "AbortError") location.href = address;
    }
  }

  function begin() {
    const button = part(".play");
    if (button) {
      button.hidden = false;
      button.addEventListener("click", play);
      part(".player").addEventListener("click", (event) => {
        const way = event.target.closest("[data-go]")?.dataset.go;
        if (way === undefined) return;
        event.preventDefault();
        if (event.isTrusted) stop();
        go(way);
      });
    }
    const months = part(".months");
    if (!months) return;
    months.hidden = false;
    const days = months.dataset.days.split(",");
    let waiting = null;
    const wanted = (at) => {
      const address = new URL(location.href);
      ["matter", "step"].forEach((word) => address.searchParams.delete(word));
      address.searchParams.set("at", at);
      return address;
    };
    months.addEventListener("input", () => {
      months.setAttribute("aria-valuetext", days[months.value]);
      clearTimeout(waiting);
      waiting = setTimeout(() => day(wanted(days[months.value])), 90);
    });
    part("form.ask").addEventListener("submit", (event) => {
      event.preventDefault();
      day(wanted(part("input[name=at]").value));
    });
    parts("a[data-month], .timeline svg a").forEach((a) => a.addEventListener("click", (event) => {
      event.preventDefault();
      day(new URL(a.getAttribute("href"), location.href));
    }));
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "." && !event.target.closest("input, select, textarea") && part(".play")) play();
  });

  // Findings that are still being counted are asked for until they are there.
  async function wait() {
    const here = document.querySelector("[data-wait]");
    if (!here) return;
    const made = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html").getElementById(here.id);
    if (made && !made.hasAttribute("data-wait")) here.replaceWith(made);
    else setTimeout(wait, 1500);
  }

  if (part("")) begin();
  setTimeout(wait, 1200);
})();
