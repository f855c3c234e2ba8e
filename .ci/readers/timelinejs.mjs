// Reads the JSON of TimelineJS with TimelineJS, which needs a document.
import { register } from 'node:module';
import { JSDOM } from 'jsdom';
import { each, present, text } from './lib.mjs';

register('./timelinejs_hooks.mjs', import.meta.url);
const { window } = new JSDOM('', { url: 'http://localhost/' });
globalThis.window = window;
globalThis.document = window.document;
for (const name of ['getComputedStyle', 'DOMParser', 'Element', 'Node']) globalThis[name] = window[name];
console.log = () => {};
const { TimelineConfig } = await import('./node_modules/@knight-lab/timelinejs/src/js/core/TimelineConfig.js');

// shown is the text of HTML; breaks and paragraphs are line breaks.
function shown(html) {
  const element = window.document.createElement('div');
  element.innerHTML = String(html ?? '').replace(/<br\s*\/?>/gi, '\n').replace(/<\/p>\s*<p[^>]*>/gi, '\n');
  return element.textContent;
}

const date = (d) => d && present({ ...d.data, date_obj: undefined, format: undefined, format_short: undefined });

each((path) => {
  const config = new TimelineConfig(JSON.parse(text(path)));
  config.validate();
  if (!config.isValid()) throw new Error(config.getErrors('; '));
  const slide = (e) => present({
    id: e.unique_id, start: date(e.start_date), end: date(e.end_date), display_date: e.display_date,
    headline: shown(e.text?.headline), text: shown(e.text?.text), group: e.group,
  });
  return { events: config.events.map(slide), eras: config.eras.map((e) => present({ start: date(e.start_date), end: date(e.end_date), headline: e.headline })) };
});
