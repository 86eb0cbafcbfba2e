// What the desk's pages do beyond being read: Airflow's theme, links out of Airflow's frame, actions, progress.
"use strict";

(() => {
  const page = document.documentElement;

  // ---- the theme: of the Airflow page around this one, else as Airflow keeps it, else the browser's
  const around = (() => {
    try { return window.parent !== window && window.parent.document ? window.parent.document : null; } catch { return null; }
  })();
  const setTheme = () => {
    let theme = null;
    if (around) theme = ["dark", "light"].find((name) => around.documentElement.classList.contains(name));
    try { theme = theme || ["dark", "light"].find((name) => localStorage.getItem("theme") === name); } catch { /* no storage here */ }
    if (theme) page.dataset.theme = theme; else delete page.dataset.theme;
  };
  setTheme();
  if (around) new MutationObserver(setTheme).observe(around.documentElement, { attributeFilter: ["class"] });
  addEventListener("storage", setTheme);

  // ---- Airflow's frame lets its pages neither leave it nor open a window; the page around may
  const leave = (event) => {
    const link = event.target.closest("a[data-top]");
    if (!link || event.defaultPrevented) return;
    const doc = around || document;
    const step = doc.createElement("a");
    step.href = link.href;
    step.rel = "noopener noreferrer";
    if (link.dataset.top === "new" || event.ctrlKey || event.metaKey) step.target = "_blank";
    doc.body.append(step);
    step.click();
    step.remove();
    event.preventDefault();
  };

  // ---- actions: asked for once more, sent with a header of our own, and what came of it said
  const say = (text, wrong) => {
    const said = document.getElementById("said");
    said.className = wrong ? "wrong" : "";
    said.textContent = text;
  };
  const confirmed = (form) => new Promise((resolve) => {
    if (!form.dataset.ask) { resolve(true); return; }
    const dialog = document.getElementById("ask");
    document.getElementById("ask-what").textContent = form.dataset.ask;
    document.getElementById("ask-more").textContent = form.dataset.more || "";
    dialog.returnValue = "no";
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
  });
  const values = (form) => {
    const found = JSON.parse(form.dataset.values || "{}");
    for (const field of form.querySelectorAll("[name]")) {
      found[field.name] = field.type === "checkbox" ? field.checked
        : "number" in field.dataset ? (field.value ? Number(field.value) : null) : field.value;
    }
    return found;
  };
  const act = async (event) => {
    const form = event.target.closest("form[data-act]");
    if (!form) return;
    event.preventDefault();
    if (!(await confirmed(form))) return;
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      const answer = await fetch(`${page.dataset.root}/actions/${form.dataset.act}`, {
        method: "POST", credentials: "same-origin",
        headers: { "content-type": "application/json", [page.dataset.header]: "1" }, body: JSON.stringify(values(form)),
      });
      const told = await answer.json().catch(() => ({}));
      if (!answer.ok) { say(told.error || `It was not done (${answer.status}).`, true); return; }
      try { sessionStorage.setItem("newsdesk-said", told.said); } catch { say(told.said); }
      if (told.go) location.assign(page.dataset.root + told.go); else location.reload();
    } catch {
      say("Airflow does not answer. Nothing may have been done: look at the audit before you try again.", true);
    } finally {
      button.disabled = false;
    }
  };

  // ---- what moves while a run or a search is under way
  const follow = () => {
    const live = document.getElementById("live");
    if (!live) return;
    const whole = "part" in live.dataset;
    const look = async () => {
      if (document.hidden) { setTimeout(look, 2000); return; }
      try {
        const answer = await fetch(live.dataset.live, { credentials: "same-origin", headers: { accept: "text/html" } });
        if (answer.status === 401 || answer.status === 404) return;
        if (answer.ok) {
          const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
          const was = live.dataset.busy !== "0";
          if (whole) {
            const part = fresh.getElementById(live.dataset.part);
            live.dataset.busy = part.dataset.busy;
            live.replaceChildren(...part.childNodes);
          } else {
            live.dataset.busy = fresh.querySelector("[data-busy]") ? "1" : "0";
            if (!live.contains(document.activeElement) && !live.querySelector("details[open]")) live.replaceChildren(...fresh.body.childNodes);
          }
          if (was && live.dataset.busy === "0" && !whole) { location.reload(); return; }
        }
      } catch { /* the next look may find it */ }
      if (live.dataset.busy !== "0") setTimeout(look, 2000);
    };
    if (live.dataset.busy !== "0") setTimeout(look, 2000);
  };

  document.addEventListener("click", leave);
  document.addEventListener("submit", act);
  document.addEventListener("DOMContentLoaded", () => {
    follow();
    try {
      const said = sessionStorage.getItem("newsdesk-said");
      if (said) { sessionStorage.removeItem("newsdesk-said"); say(said); setTimeout(() => say(""), 8000); }
    } catch { /* no storage here */ }
  });
})();
