import { noteSchema, type Output } from '@gapwatch/contracts';
import { noteKey } from '@gapwatch/core';
import { openMemoryState } from '@gapwatch/storage';
import { describe, expect, it } from 'vitest';
import { fill, logTime } from './company.fixture.ts';
import { serve } from './server.fixture.ts';

const headers = { host: 'localhost' };
const note = (id: string, at: string, stage: string | null) =>
  noteSchema.parse({ type: 'note', id, text: `note ${id}`, stage, at, by: 'anna' });
const notes = [
  note('1', '2026-11-01T00:00:00.000Z', null),
  note('2', '2026-11-02T00:00:00.000Z', 'delivery'),
  note('3', '2026-11-02T00:00:00.000Z', 'use'),
  note('4', '2026-11-03T00:00:00.000Z', 'delivery'),
];

async function serveNotes() {
  const state = openMemoryState();
  await fill(state, 'detector', 0, { documents: Object.fromEntries(notes.map((one) => [noteKey(one), one])) });
  return serve(state);
}

describe('notes', () => {
  it.each([
    ['', ['4', '3', '2', '1']],
    ['?stage=delivery', ['4', '2', '1']],
    ['?from=2026-11-02', ['4', '3', '2']],
    ['?from=2026-11-02&to=2026-11-03', ['3', '2']],
  ])('are read newest first: %s', async (query, ids) => {
    const answer = (await (await serveNotes()).inject({ url: `/v1/notes${query}`, headers })).json();
    expect([answer.items.map(({ id }: { id: string }) => id), answer.next]).toEqual([ids, null]);
  });

  it('are read a page at a time', async () => {
    const server = await serveNotes();
    const seen: string[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const url: string = `/v1/notes?limit=1${next === '' ? '' : `&cursor=${next}`}`;
      const answer = (await server.inject({ url, headers })).json();
      seen.push(...answer.items.map(({ id }: { id: string }) => id));
      next = answer.next;
    }
    expect(seen).toEqual(['4', '3', '2', '1']);
  });

  it('are written as records of commands, of now where no time is named', async () => {
    const taken: Output[] = [];
    const server = await serve(openMemoryState(), { append: async (outputs) => taken.push(...outputs) });
    const payload = { text: 'new courier', url: 'https://status.example.com/42' };
    const response = await server.inject({ method: 'POST', url: '/v1/notes', headers, payload });
    expect(response.statusCode).toBe(202);
    expect(noteSchema.parse(JSON.parse(String(taken[0]?.value)))).toMatchObject({
      ...payload,
      id: response.json().id,
      stage: null,
      at: new Date(logTime).toISOString(),
      by: 'local',
    });
  });

  it.each([
    [{}, 'text: write a text'],
    [{ text: 'x', url: 'javascript:alert(1)' }, 'url: write an address that begins with https://'],
    [{ text: 'x', at: 'now' }, 'at: write a time with its offset'],
    [{ text: 'x', colour: 'red' }, 'colour: no such field'],
  ])('like %j are refused', async (payload, detail) => {
    const response = await (await serveNotes()).inject({ method: 'POST', url: '/v1/notes', headers, payload });
    expect([response.statusCode, response.json().detail]).toEqual([400, expect.stringContaining(detail)]);
  });
});
