// The language switch leads to the heading that is being read.
const reading = () => {
  const target = page.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && top(target) > -9 && top(target) < innerHeight) return target.id;
  const passed = all(".text :is(h2, h3, section)[id]:not([id$=-title])").filter(heading => top(heading) < innerHeight / 3);
  return passed.length ? passed.pop().id : "";
};
for (const link of all(".languages a")) link.addEventListener("click", () => { link.hash = reading(); });
