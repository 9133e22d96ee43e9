// The site works without this file; with it, six conveniences.
(() => {
  const page = document;
  const all = (selector, within = page) => [...within.querySelectorAll(selector)];
  const top = element => element.getBoundingClientRect().top;

  // 1. The language switch leads to the heading that is being read.
  const reading = () => {
    const target = page.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && top(target) > -9 && top(target) < innerHeight) return target.id;
    const passed = all(".text :is(h2, h3, section)[id]:not([id$=-title])").filter(heading => top(heading) < innerHeight / 3);
    return passed.length ? passed.pop().id : "";
  };
  for (const link of all(".languages a")) link.addEventListener("click", () => { link.hash = reading(); });

  // 2. Copy buttons; a live region says what happened.
  const said = page.createElement("p");
  said.className = "unseen";
  said.role = "status";
  page.body.append(said);
  const copy = async text => {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const field = page.createElement("textarea");
    field.value = text;
    page.body.append(field);
    field.select();
    page.execCommand("copy");
    field.remove();
  };
  for (const button of all(".copy")) {
    const label = button.querySelector(".copy-label"), words = label.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await copy(button.dataset.copy);
      button.focus();
      label.textContent = said.textContent = button.dataset.done;
      setTimeout(() => { label.textContent = words; said.textContent = ""; }, 2500);
    });
  }

  // 3. Light or dark: the system's, until the reader chooses the other one.
  const system = matchMedia("(prefers-color-scheme: dark)"), button = page.querySelector(".scheme");
  let memory = {}, dark;
  try { memory = localStorage || memory; } catch {}
  const show = () => {
    const chosen = memory.scheme || "";
    page.documentElement.dataset.scheme = chosen;
    dark = chosen ? chosen === "dark" : system.matches;
    button.ariaPressed = dark;
    for (const meta of all("[name=theme-color]")) meta.content = getComputedStyle(page.body).getPropertyValue("--paper").trim();
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    memory.scheme = !dark === system.matches ? "" : dark ? "light" : "dark";
    show();
  });
  system.addEventListener("change", show);
  show();

  // 4. Citations: Escape closes the card; the reference's link back to where one came from is marked.
  addEventListener("keydown", event => {
    if (event.key === "Escape") for (const cite of all(".cite:hover, .cite:focus-within")) cite.classList.add("dismissed");
  });
  for (const cite of all(".cite")) {
    for (const leave of ["mouseleave", "focusout"]) cite.addEventListener(leave, () => cite.classList.remove("dismissed"));
    const link = cite.querySelector("a");
    link.addEventListener("click", () => { for (const back of all(".backlinks a")) back.ariaCurrent = back.hash === "#" + link.id; });
  }

  // 5. The bibliography: how many works the filter leaves; an empty group is hidden.
  const count = page.querySelector(".filter-count");
  if (count) {
    const visible = (within = page) => all(".bibliography li", within).filter(work => work.offsetParent).length;
    const groups = all(".bibliography section");
    const recount = () => {
      for (const group of groups) group.hidden = false;
      for (const group of groups) group.hidden = !visible(group);
      count.textContent = `${visible()} ${count.dataset.words}`;
    };
    page.querySelector(".filters").addEventListener("change", recount);
    recount();
  }

  // 6. Beside the text there is room for the contents.
  if (matchMedia("(min-width: 64rem)").matches) for (const contents of all(".toc details")) contents.open = true;
})();
