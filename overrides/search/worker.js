// Asks the index of a language, away from the page that asks: which pages, which of their sections, which sentence.
// A worker of its own, for here WebAssembly may run without the page having to allow it. It is loaded when someone searches.
const base = new URL(".", location.href).href;
const HIDDEN = "‡"; // begins a word that is found and not shown (scripts/pustaka/search/words.py)
const AT_ONCE = 8, PLACES = 3, LONGEST = 36; // pages that are looked into, sections shown of each, words of a sentence

let index, all, known, skipped, pages = {};
const ready = new Promise(resolve => addEventListener("message", ({data}) => data.language && resolve(load(data)), {once: true}));
const load = async settings => {
  self.document = {querySelector: () => ({getAttribute: () => settings.language})}; // where Pagefind reads the language
  const [{createInstance}, text] = await Promise.all([import(base + "pagefind.js"), fetch(`${base}words.${settings.language}.txt`).then(words => words.text())]);
  index = createInstance({basePath: base});
  await index.options({ranking: {metaWeights: {title: 1.5, name: .2, study: .2}}});
  skipped = new Set(settings.skipped);
  known = text.split("\n");
  all = (await index.search(null)).results.length;
};
addEventListener("message", async ({data: {asked, words, from}}) => {
  if (!asked) return;
  try {
    await ready;
    postMessage({asked, ...await answer(words, from)});
  } catch (error) {
    console.error(error);
    postMessage({asked, failed: true});
  }
});

// -- Words -------------------------------------------------------------------------------------------------------

const terms = text => {
  const typed = [...new Set(text.toLowerCase().match(/[\p{L}\p{N}]+(?:[-’'.][\p{L}\p{N}]+)*/gu))];
  const meant = typed.filter(term => !skipped.has(term));
  return meant.length ? meant : typed;
};

// What a typed word finds: {word, results}. A word that no page has may be the beginning of a frequent one, or another form of one,
// or was to be one that is much like it.
const find = async (term, last) => {
  const search = async word => ({word, results: (await index.search(word)).results});
  if (term.length < 3 || /\P{L}/u.test(term) || known.includes(term)) return search(term);
  const begun = last && known.find(word => word.startsWith(term));
  if (begun) return search(begun);
  const found = await search(term);
  if (!found.results.length || await isForm(term, found.results[0])) return found;
  const like = nearest(term);
  return like ? {...await search(like), corrected: true} : {word: term, results: []};
};

// Pagefind takes letters off a word until it finds something; that is not always another form of the word.
const isForm = async (term, {id, words, data}) => {
  const {content} = pages[id] ||= await data(), every = content.split(/\s+/);
  return words.some(at => {
    const word = every[at].toLowerCase();
    const enough = Math.max(3, .4 * term.length); // letters that both have
    return word[0] === HIDDEN ? word.length > enough && term.includes(word.slice(1)) : shared(term, word) >= Math.max(enough, .6 * word.length);
  });
};

// The longest run of letters that is in both.
const shared = (a, b) => {
  let most = 0;
  for (let from = 0; from < a.length; from++) while (b.includes(a.slice(from, from + most + 1)) && from + most < a.length) most++;
  return most;
};

const nearest = term => {
  let most = term.length < 4 ? 0 : term.length < 8 ? 1 : 2, best = "";
  for (const word of known) {
    const far = distance(term, word, most);
    if (far < most || far === most && !best) [best, most] = [word, far];
  }
  return best;
};

// The fewest letters to put in, take out, change or swap (optimal string alignment); more than `most` is as good as any.
const distance = (a, b, most) => {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before, above = Array.from({length: b.length + 1}, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] !== b[j - 1]));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    if (Math.min(...row) > most) return most + 1;
    [before, above] = [above, row];
  }
  return above[b.length];
};

// -- Pages -------------------------------------------------------------------------------------------------------

const answer = async (text, from) => {
  const typed = terms(text), corrected = [], found = {};
  let weights = 0;
  for (const [number, term] of typed.entries()) {
    const {word, results, corrected: was} = await find(term, number === typed.length - 1);
    if (was) corrected.push(word);
    const weight = Math.log(1 + all / (results.length || 1));
    weights += weight;
    for (const {id, score, words, data} of results) {
      const page = found[id] ||= {id, data, score: 0, weight: 0, terms: []};
      page.score += score;
      page.weight += weight;
      page.terms.push({weight, places: words});
    }
  }
  const ranked = Object.values(found);
  for (const page of ranked) page.score *= (page.weight / weights) ** 2;
  ranked.sort((a, b) => b.score - a.score);
  const shown = await Promise.all(ranked.slice(from, from + AT_ONCE).map(page => read(page, weights)));
  return {results: shown.sort((a, b) => b.score - a.score), total: ranked.length, from, corrected};
};

const read = async ({id, data, score, terms}, weights) => {
  const {content, raw_url, meta, anchors} = pages[id] ||= await data();
  const words = content.split(/\s+/), root = new URL("..", base);
  const starts = anchors.filter(({id, element}) => id && /h\d/.test(element)).sort((a, b) => a.location - b.location);
  const sections = [{location: 0, text: "", id: ""}, ...starts].map((anchor, number, every) => {
    const end = every[number + 1] ? every[number + 1].location : words.length;
    return section(words, anchor, end, terms, weights);
  }).filter(({score}) => score).sort((a, b) => b.score - a.score);
  const url = new URL(raw_url.replace(/^\//, ""), root).href;
  const best = sections[0] ? sections[0].score / weights : 0;
  return {
    url, title: shown(meta.title || meta.name), study: meta.study || "", score: score * (.2 + best),
    places: sections.slice(0, PLACES).filter(({score, title, sentence}) => score > sections[0].score / 3 && (title || sentence.join(""))).map(place => ({...place, url: place.id ? `${url}#${place.id}` : url})),
  };
};

const section = (words, {location, text, id, element}, end, terms, weights) => {
  const heading = element && element !== "h6" ? location + text.split(/\s+/).length : location;
  let score = 0, weight = 0;
  for (const term of terms) {
    const places = term.places.filter(place => place >= location && place < end);
    if (!places.length) continue;
    weight += term.weight;
    score += term.weight * (1 + Math.min(places.length, 4) / 8 + (places[0] < heading));
  }
  score *= weight / weights;
  return score ? {id, score, title: heading > location ? shown(text) : "", sentence: sentence(words, heading, end, terms)} : {score};
};

// The sentence that says most of what was asked, as texts in turn unmarked and marked.
const sentence = (words, start, end, terms) => {
  const ends = at => /[.!?…]["”’)\]]*$/.test(words[at]) && !/^\p{Ll}/u.test(words[at + 1] || "");
  let best = {from: start, worth: 0}, from = start, worth = 0;
  for (let at = start; at < end; at++) {
    for (const term of terms) if (term.places.includes(at)) worth += term.weight;
    if (ends(at) || at === end - 1) {
      if (worth > best.worth || !best.to) best = {from, to: at + 1, worth};
      [from, worth] = [at + 1, 0];
    }
  }
  if (!best.to) return [];
  const marked = new Set();
  for (const {places} of terms) for (let at of places) {
    while (words[at] && words[at][0] === HIDDEN) at--;
    marked.add(at);
  }
  const visible = [];
  for (let at = best.from; at < best.to; at++) if (words[at] && words[at][0] !== HIDDEN) visible.push(at);
  const first = Math.max(0, Math.min(visible.findIndex(at => marked.has(at)) - 12, visible.length - LONGEST));
  const pieces = [first ? "… " : ""];
  for (const at of visible.slice(first, first + LONGEST)) {
    if (marked.has(at) === pieces.length % 2 > 0) pieces.push("");
    pieces[pieces.length - 1] += words[at] + " ";
  }
  if (visible.length > first + LONGEST) pieces.push(...pieces.length % 2 ? [] : [""]), pieces[pieces.length - 1] += "…";
  return pieces;
};

const shown = text => text.split(/\s+/).filter(word => word[0] !== HIDDEN).join(" ");
