// The title becomes what is seen of each page in a frame: width, height, letters, and what is wrong, as JSON.
const WORD = /(?<![A-Za-z])[A-Za-z]{2,14}(?![A-Za-z])/g;
// What has no place to break a line at; longer ones, such as addresses, may be broken anywhere.
const RUN = /(?<![!-~])[!-~]{1,40}(?![!-~])/g;

function* torn(page) {
  const range = page.createRange(), texts = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
  for (let text; text = texts.nextNode();) {
    if (!text.parentElement.checkVisibility()) continue;
    for (const run of text.data.matchAll(RUN)) for (const word of run[0].matchAll(WORD)) {
      range.setStart(text, run.index + word.index);
      range.setEnd(text, run.index + word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(each => Math.round(each.top))).size > 1) yield word[0];
    }
  }
}

function* cut(page) {
  for (const table of page.querySelectorAll("table"))
    if (table.checkVisibility() && table.scrollWidth > table.clientWidth + 1) yield table.className;
}

function* overflowing(page) {
  for (const each of page.body.querySelectorAll("p, li, dd, td, th, pre, h1, h2, h3"))
    if (each.clientHeight && each.scrollHeight > each.clientHeight + 8 && each.checkVisibility())
      yield `${each.localName} ${each.textContent.trim().slice(0, 20)}`;
}

function* overlapping(page) {
  for (const chart of page.querySelectorAll("svg")) {
    const labels = [...chart.querySelectorAll("text")];
    const places = labels.map(each => each.getBoundingClientRect());
    for (let one = 0; one < labels.length; one++) for (let other = 0; other < one; other++) {
      const wide = Math.min(places[one].right, places[other].right) - Math.max(places[one].left, places[other].left);
      const high = Math.min(places[one].bottom, places[other].bottom) - Math.max(places[one].top, places[other].top);
      if (wide > 1 && high > 3) yield `${labels[other].textContent} and ${labels[one].textContent}`;
    }
  }
}

// Of the height of a page, in CSS pixels: what may not be broken there leaves so much of a page empty.
const LARGE = 994 / 3;

function* whole(page) {
  for (const each of page.body.querySelectorAll("*"))
    if (page.defaultView.getComputedStyle(each).breakInside === "avoid" && each.getBoundingClientRect().height > LARGE)
      yield `${each.localName} ${each.textContent.trim().slice(0, 20)}`;
}

function said(what, found) {
  const few = [...new Set(found)].slice(0, 4);
  return few.length ? [`${what}: ${few.join(", ")}`] : [];
}

onload = () => {
  const pages = [...document.querySelectorAll("iframe")].map(each => each.contentDocument);
  const heights = pages.map(page => page.documentElement.scrollHeight);
  // What is folded is looked at, too; the picture is of the page as it opens.
  for (const page of pages) for (const each of page.querySelectorAll("details")) each.open = true;
  document.title = JSON.stringify(pages.map((page, place) => [
    page.documentElement.scrollWidth,
    heights[place],
    page.body.innerText.trim().length,
    [...said("torn words", torn(page)), ...said("cut tables", cut(page)),
    ...said("overflowing", overflowing(page)), ...said("overlapping labels", overlapping(page)),
    ...said("large and in one piece on paper", whole(page))],
  ]));
};
