// The bibliography: how many works the filter leaves; an empty group is hidden.
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
