// Loaded into a worker before anything else: its clock is an hour ahead, and jumps to an hour behind a few seconds later.
const hourMs = 3_600_000;
const jumpAtMs = 3_000;
const TrueDate = Date;

const skewed = () => TrueDate.now() + (performance.now() < jumpAtMs ? hourMs : -hourMs);

globalThis.Date = new Proxy(TrueDate, {
  construct: (target, words) => Reflect.construct(target, words.length === 0 ? [skewed()] : words),
  get: (target, name) => (name === 'now' ? skewed : Reflect.get(target, name)),
});
