import { describe, expect, it } from 'vitest';
import { ownSource, type sourceKit } from './own.ts';
import { runSample } from './samples.ts';

type Make = (kit: typeof sourceKit) => unknown;

const shop =
  (map?: (payload: { id: string }) => unknown): Make =>
  ({ z, signal, skip }) => ({
    title: 'Answers of the shop',
    payload: z.object({ id: z.string() }),
    settings: z.strictObject({ language: z.string().default('en') }),
    map:
      map ??
      ((
        { id }: { id: string },
        { settings, emailId }: { settings: { language: string }; emailId: (mail: string) => string },
      ) => [
        signal({ ...least(id), language: settings.language, customer: emailId('a@b.c') }),
        skip('rest', 'nothing more'),
      ]),
    samples: [{ name: 'one', value: { id: '1' }, outcomes: [signal(least('1'))] }],
  });
const least = (id: string) =>
  ({ kind: 'review', subject: id, occurredAt: '2026-03-04T05:06:07Z', text: 'Good.' }) as const;
const context = { sourceId: 'shop', receivedAt: 0 };
const run = (make: Make, value: unknown, settings = {}) =>
  ownSource('shop', make).create(settings)({ value, headers: {} }, context);

describe('a source of one’s own', () => {
  it('gives accepted signals, by its settings and the key of customers', () => {
    const customer = expect.stringMatching(/^email:[0-9a-f]{32}$/);
    expect(run(shop(), { id: '7' }, { language: 'de' })).toMatchObject([
      { kind: 'signal', signal: { subject: '7', source: 'shop', version: 0, language: 'de', customer } },
      { kind: 'skip', code: 'rest' },
    ]);
  });

  it('completes its samples as it completes its signals', () => {
    const source = ownSource(
      'shop',
      shop(({ id }) => ({ kind: 'signal', fields: least(id) })),
    );
    const [sample] = source.samples;
    expect(sample && runSample(source, sample)).toEqual(sample?.outcomes);
  });

  it.each([
    ['what does not fit its schema', { id: 7 }, undefined, 'invalid', 'id: 7 is not taken'],
    ['a signal that is none', { id: '' }, undefined, 'invalid', 'subject: "" is not taken'],
    [
      'an error of its author',
      { id: '7' },
      () => {
        throw new RangeError('no such queue');
      },
      'mapping-failed',
      'the mapping of shop threw RangeError: no such queue',
    ],
    ['nothing', { id: '7' }, () => undefined, 'mapping-failed', 'must give signal(…), skip(…) or reject(…)'],
    ['an empty list', { id: '7' }, () => [], 'mapping-failed', 'must give signal(…)'],
    ['a promise', { id: '7' }, async () => [], 'mapping-failed', 'must give signal(…)'],
  ])('rejects %s', (_name, value, map, code, message) => {
    const [outcome] = run(shop(map), value);
    expect(outcome).toMatchObject({ kind: 'reject', code, message: expect.stringContaining(message) });
  });

  it.each([
    ['no function', { title: 'a' }, 'its default export is no function'],
    ['a function that gives nothing', () => undefined, 'what its function gives: '],
    ['no title', (kit: typeof sourceKit) => ({ ...(shop()(kit) as object), title: '' }), 'title: '],
    [
      'no schema',
      (kit: typeof sourceKit) => ({ ...(shop()(kit) as object), payload: {} }),
      'payload: a schema is needed',
    ],
    [
      'no mapping',
      (kit: typeof sourceKit) => ({ ...(shop()(kit) as object), map: 'map' }),
      'map: a function is needed',
    ],
    ['no samples', (kit: typeof sourceKit) => ({ ...(shop()(kit) as object), samples: [] }), 'samples: at least one'],
  ])('is refused with %s', (_name, exported, message) => {
    expect(() => ownSource('shop', exported)).toThrow(message);
  });
});
