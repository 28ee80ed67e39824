// Where in the page we are, kept in the address after `#`, so that a link shows what its sender saw.
import { useSyncExternalStore } from 'react';

export type Place =
  | { readonly page: 'journey'; readonly stage: string | null }
  | { readonly page: 'alerts' }
  | { readonly page: 'sources' }
  | { readonly page: 'alert'; readonly id: string };

export function placeOf(hash: string): Place {
  const [page = '', name] = hash.replace(/^#\/?/, '').split('/');
  const id = name === undefined ? null : decode(name);
  if (page === 'alerts') return id === null ? { page: 'alerts' } : { page: 'alert', id };
  if (page === 'sources') return { page };
  return { page: 'journey', stage: page === 'stages' ? id : null };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function stageLink(id: string): string {
  return `#/stages/${encodeURIComponent(id)}`;
}

export function alertLink(id: string): string {
  return `#/alerts/${encodeURIComponent(id)}`;
}

function subscribe(changed: () => void): () => void {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
}

export function usePlace(): Place {
  return placeOf(useSyncExternalStore(subscribe, () => location.hash));
}
