// Light or dark: the system's, until the reader chooses the other one.
const system = matchMedia("(prefers-color-scheme: dark)"), button = made("button", "scheme", "");
const bar = Object.assign(page.createElement("meta"), { name: "theme-color" }); // of the browser
page.head.append(bar);
let memory = {}, dark;
try { memory = localStorage || memory; } catch {}
const show = () => {
  const chosen = memory.scheme || "";
  page.documentElement.dataset.scheme = chosen;
  dark = chosen ? chosen === "dark" : system.matches;
  button.ariaPressed = dark;
  page.querySelector("[name=color-scheme]").content = chosen || "light dark";
  bar.content = getComputedStyle(page.body).getPropertyValue("--paper").trim();
};
button.type = "button";
button.ariaLabel = words.dark_mode;
page.querySelector(".languages").after(button);
button.addEventListener("click", () => {
  memory.scheme = !dark === system.matches ? "" : dark ? "light" : "dark";
  show();
});
system.addEventListener("change", show);
show();
