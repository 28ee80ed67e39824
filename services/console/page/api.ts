// Asks the API every five seconds while the page is seen. What did not change is not set again, so nothing moves.
import { useEffect, useState } from 'react';

const pollMs = 5_000;
const timeoutMs = 10_000;
const tokenKey = 'gapwatch-token';

export type Failure = { readonly status: number; readonly detail: string; readonly id: string | null };
export type Answer<T> = {
  readonly data: T | null;
  readonly failure: Failure | null;
  /** when it last went well, milliseconds; null while all is well */
  readonly staleSince: number | null;
};

/** The last good answers, so that going back shows them at once. */
const known = new Map<string, { text: string; at: number }>();

export function rememberToken(token: string): void {
  sessionStorage.setItem(tokenKey, token);
}

async function ask(path: string, request: RequestInit = {}): Promise<string> {
  const token = sessionStorage.getItem(tokenKey);
  const response = await fetch(path, {
    ...request,
    headers: { ...request.headers, ...(token !== null && { authorization: `Bearer ${token}` }) },
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!response.ok) throw await failureOf(response);
  return response.text();
}

/** Posts JSON. */
export async function send<T>(path: string, body: object): Promise<Pick<Answer<T>, 'data' | 'failure'>> {
  const headers = { 'content-type': 'application/json' };
  try {
    const text = await ask(path, { method: 'POST', headers, body: JSON.stringify(body) });
    return { data: JSON.parse(text) as T, failure: null };
  } catch (error) {
    return { data: null, failure: isFailure(error) ? error : unreachable };
  }
}

async function failureOf(response: Response): Promise<Failure> {
  const problem = (await response.json().catch(() => ({}))) as { detail?: string; instance?: string };
  const id = problem.instance?.replace('urn:gapwatch:request:', '') ?? null;
  return { status: response.status, detail: problem.detail ?? response.statusText, id };
}

function isFailure(error: unknown): error is Failure {
  return typeof error === 'object' && error !== null && 'status' in error && 'detail' in error;
}

const unreachable: Failure = { status: 0, detail: 'Gapwatch does not answer.', id: null };

function answerOf<T>(path: string, failure: Failure | null): Answer<T> {
  const last = known.get(path);
  return {
    data: last === undefined ? null : (JSON.parse(last.text) as T),
    failure,
    staleSince: failure === null ? null : (last?.at ?? null),
  };
}

/** `path` null asks nothing. */
export function useAnswer<T>(path: string | null): Answer<T> {
  const [state, setState] = useState<{ path: string | null; answer: Answer<T> }>(() => ({
    path,
    answer: startOf(path),
  }));
  useEffect(() => (path === null ? undefined : poll<T>(path, (answer) => setState({ path, answer }))), [path]);
  return state.path === path ? state.answer : startOf(path);
}

function startOf<T>(path: string | null): Answer<T> {
  return path === null ? { data: null, failure: null, staleSince: null } : answerOf<T>(path, null);
}

/** Who asks for an address now, to be asked again at once. */
const asking = new Map<string, Set<() => void>>();

/** Asks again without waiting for the turn. */
export function refresh(path: string): void {
  for (const turn of asking.get(path) ?? []) turn();
}

/** Asks now and then again until the returned function is called; tells only what changed. */
function poll<T>(path: string, tell: (answer: Answer<T>) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  let told = '';
  const tellOnce = (failure: Failure | null) => {
    const answer = `${known.get(path)?.text} ${failure?.status} ${failure?.detail}`;
    if (isOver || answer === told) return;
    told = answer;
    tell(answerOf<T>(path, failure));
  };
  const turn = async () => {
    try {
      if (!document.hidden || told === '') known.set(path, { text: await ask(path), at: Date.now() });
      tellOnce(null);
    } catch (error) {
      tellOnce(isFailure(error) ? error : unreachable);
    }
    clearTimeout(timer);
    if (!isOver) timer = setTimeout(turn, pollMs);
  };
  void turn();
  const turns = asking.get(path) ?? new Set();
  asking.set(path, turns.add(turn));
  return () => {
    isOver = true;
    turns.delete(turn);
    clearTimeout(timer);
  };
}
