// Loaded into a worker before anything else: makes of it the next version, whose tagger has another revision, judges otherwise
// and writes a field that the present version does not know.
import { registerHooks } from 'node:module';

const changes: Readonly<Record<string, readonly (readonly [now: string, next: string])[]>> = {
  '/core/src/tagging/index.ts': [['taggerRevision = 0', 'taggerRevision = 1']],
  '/core/src/announce.ts': [
    ['friction: frictionOf(signal, tags),', "friction: frictionOf(signal, tags) / 2, addedLater: ['anything'],"],
  ],
};

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const [, own] = Object.entries(changes).find(([path]) => url.endsWith(path)) ?? [];
    return own === undefined ? loaded : { ...loaded, source: changed(String(loaded.source), own) };
  },
});

function changed(source: string, own: readonly (readonly [string, string])[]): string {
  return own.reduce((text, [now, next]) => {
    if (!text.includes(now)) throw new Error(`the next version is made from '${now}', which is no longer there`);
    return text.replace(now, next);
  }, source);
}
