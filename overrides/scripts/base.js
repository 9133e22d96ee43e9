// What the other scripts share. They are joined to one, assets/site.js, this one first, each in a block of its own.
// The site works without it: every script adds a convenience. What they say stands in `words`, in the language of the page.
const page = document;
const all = (selector, within = page) => [...within.querySelectorAll(selector)];
const top = element => element.getBoundingClientRect().top;
const made = (tag, name, text) => Object.assign(page.createElement(tag), { className: name, textContent: text });
