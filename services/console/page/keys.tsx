// Every action by a key; `?` lists them.
import { type Ref, type RefObject, useEffect } from 'react';
import type { StageOverview } from '../src/schemas.ts';
import { alertLink, type Place, stageLink } from './route.ts';
import { worst } from './words.ts';

const keys: readonly (readonly [key: string, what: string])[] = [
  ['j', 'Journey'],
  ['a', 'Alerts'],
  ['s', 'Sources'],
  ['o', 'Open the worst alert'],
  ['←', 'Stage before'],
  ['→', 'Next stage'],
  ['d', 'Light or dark'],
  ['?', 'These keys'],
];

type Tools = { toggleColorScheme: () => void; help: RefObject<HTMLDialogElement | null> };

export function useKeys(place: Place, stages: readonly StageOverview[], { toggleColorScheme, help }: Tools): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const actions: Record<string, () => void> = {
        j: () => go('#/'),
        a: () => go('#/alerts'),
        s: () => go('#/sources'),
        o: () => go(alertLink(worst(stages)?.alert?.id ?? '')),
        d: toggleColorScheme,
        '?': () => help.current?.showModal(),
        ArrowLeft: () => step(place, stages, -1),
        ArrowRight: () => step(place, stages, 1),
      };
      actions[event.key]?.();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [place, stages, toggleColorScheme, help]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [role=radiogroup]') !== null;
}

function go(hash: string): void {
  location.hash = hash;
}

function step(place: Place, stages: readonly StageOverview[], by: number): void {
  if (place.page !== 'journey' || stages.length === 0) return;
  const selected = place.stage ?? worst(stages)?.id;
  const index = stages.findIndex(({ id }) => id === selected);
  const next = stages[(Math.max(index, 0) + by + stages.length) % stages.length];
  if (next !== undefined) go(stageLink(next.id));
}

export function Keys({ ref }: { ref: Ref<HTMLDialogElement> }) {
  return (
    <dialog ref={ref} aria-labelledby="keys-title">
      <h2 id="keys-title">Keys</h2>
      <table>
        <tbody>
          {keys.map(([key, what]) => (
            <tr key={key}>
              <td>
                <kbd>{key}</kbd>
              </td>
              <td>{what}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}
