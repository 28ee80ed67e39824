import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact, stageOf, tag, tagThread } from './index.ts';

const labels: Record<'negative' | 'neutral' | 'positive', string[]> = {
  negative: [
    'The driver was rude and the parcel was crushed.',
    'Not good at all.',
    'I waited 40 minutes on hold and nobody could help.',
    'I love the screen but the battery is terrible.',
    'Worst checkout I have ever used, a complete waste of time.',
    'Der Service war schlecht und unfreundlich.',
    'Un servicio muy malo, no lo recomiendo.',
    '👎',
    '😡😡',
  ],
  neutral: [
    'How do I change my PIN?',
    'What time do you close on Sunday?',
    'I would like to update my address.',
    'Where can I find my invoice?',
    'ok',
    'n/a',
  ],
  positive: [
    'Thank you, everything was great!',
    'Not bad at all, I am happy with it.',
    'No complaints.',
    'The staff were helpful and kind.',
    'Alles bestens, sehr freundlich und schnell.',
    'Muy buen servicio, gracias.',
    'Service rapide et agréable, merci !',
    '👍',
    'love it :)',
  ],
};

describe('sentiment', () => {
  const cases = Object.entries(labels).flatMap(([label, texts]) => texts.map((text) => [text, label] as const));
  it.each(cases)('of %j is %s', (text, label) => {
    expect(tag({ text }).sentiment.label).toBe(label);
  });

  it('is turned round by a negation, within its clause', () => {
    const score = (text: string) => tag({ text }).sentiment.score;
    expect(score('The delivery was not good.')).toBeLessThan(0);
    expect(score('It was not late, and good.')).toBeGreaterThan(score('It was not good, and late.'));
  });

  it('of a rating alone is the rating', () => {
    const rated = (value: number) => tag({ rating: { value, min: 1, max: 5 } }).sentiment;
    expect([1, 2, 3, 4, 5].map((value) => rated(value).score)).toEqual([-1, -0.5, 0, 0.5, 1]);
    expect([1, 3, 5].map((value) => rated(value).label)).toEqual(['negative', 'neutral', 'positive']);
  });

  it('lets a rating weigh more than the words, and doubts where they differ', () => {
    const rating = { value: 1, min: 1, max: 5 };
    const agreeing = tag({ text: 'Terrible, it broke on the first day.', rating }).sentiment;
    const differing = tag({ text: 'Great product, I love it!', rating }).sentiment;
    expect([agreeing.label, differing.label]).toEqual(['negative', 'negative']);
    expect(differing.confidence).toBeLessThan(agreeing.confidence);
  });
});

describe('language', () => {
  it.each([
    ['Where is my parcel? I ordered it last week.', 'en'],
    ['Mein Paket ist immer noch nicht angekommen.', 'de'],
    ['Mi pedido todavía no ha llegado.', 'es'],
    ['Je n’ai toujours pas reçu ma commande.', 'fr'],
    ['A minha encomenda ainda não chegou.', 'pt'],
    ['Il mio pacco non è ancora arrivato.', 'it'],
    ['Mijn pakket is nog steeds niet aangekomen.', 'nl'],
    ['Где моя посылка?', 'ru'],
    ['荷物はまだですか', 'ja'],
    ['ok', null],
    ['12345', null],
    ['', null],
  ])('of %j is %s', (text, language) => {
    expect(tag({ text }).language).toBe(language);
  });

  it('that is given is believed', () => {
    expect(tag({ text: 'hello there my friend', language: 'nl-BE' }).language).toBe('nl-BE');
  });
});

describe('an issue', () => {
  const cases: [string, object, string, string[]][] = [
    ['The app crashes when I open it.', {}, 'raised', []],
    ['Please help, I cannot log in.', { kind: 'ticket' }, 'raised', []],
    ['How do I change my PIN?', { kind: 'ticket' }, 'raised', []],
    ['Great shop, fast and friendly!', { kind: 'review' }, 'none', []],
    ['Thanks a lot!', { kind: 'ticket' }, 'none', []],
    ['It is still not working.', {}, 'unresolved', ['says-unresolved']],
    ['The problem has not been fixed.', {}, 'unresolved', ['says-unresolved']],
    ['I wrote last week and nobody replied, no answer at all. Bad service.', {}, 'unresolved', ['no-reply']],
    ['You promised a refund, it is a disgrace.', {}, 'unresolved', ['promise-broken']],
    ['Works now, thank you.', {}, 'resolved', []],
    ['It was broken again, but the second engineer sorted it out, all good now.', {}, 'resolved', []],
    ['It was fixed, but now the same problem is back again.', {}, 'unresolved', ['says-unresolved']],
    [
      'This is awful, useless and broken.',
      { kind: 'ticket', status: 'solved' },
      'unresolved',
      ['negative-after-solved'],
    ],
    ['I asked for a new card.', { kind: 'ticket', status: 'solved' }, 'resolved', []],
    ['Das Paket ist immer noch nicht da.', {}, 'unresolved', ['says-unresolved']],
    ['Le problème est résolu, merci.', {}, 'resolved', []],
    ['Sigo esperando mi reembolso.', {}, 'unresolved', ['says-unresolved']],
  ];
  it.each(cases)('in %j with %j is %s', (text, fields, state, reasons) => {
    const { issue } = tag({ text, ...fields });
    expect(issue.state).toBe(state);
    expect(issue.reasons).toEqual(expect.arrayContaining(reasons));
  });

  it.each([
    ['I was transferred to another department and had to call again.', ['transfer', 'channel-switch']],
    [
      'Terrible. This is the third time I write and I have to explain everything again.',
      ['repeat-contact', 'repeated-information'],
    ],
    ['Nice and quick.', []],
  ])('%j takes the effort %j', (text, effort) => {
    expect(tag({ text }).effort.sort()).toEqual([...effort].sort());
  });
});

describe('a thread', () => {
  const at = (hour: number) => new Date(Date.UTC(2026, 0, 1, hour)).toISOString();
  const customer = (text: string, hour: number) => ({ text, author: 'customer' as const, occurredAt: at(hour) });
  const staff = (text: string, hour: number, status?: 'solved') => ({
    text,
    author: 'staff' as const,
    occurredAt: at(hour),
    status,
  });
  const broken = customer('The payment fails with an error.', 1);

  it.each([
    ['raised and not answered', [broken], 'raised', []],
    ['solved by the company', [broken, staff('Done.', 2, 'solved')], 'resolved', []],
    [
      'solved, says the customer',
      [broken, staff('Try again.', 2), customer('It works now, thanks.', 3)],
      'resolved',
      [],
    ],
    ['thanks alone', [broken, staff('We look into it.', 2), customer('Thanks.', 3)], 'raised', []],
    [
      'solved, but not for the customer',
      [broken, staff('Done.', 2, 'solved'), customer('No, this is terrible, it fails as before.', 3)],
      'unresolved',
      ['negative-after-solved'],
    ],
    ['two days without a reply', [broken, customer('Hello? The payment fails.', 60)], 'unresolved', ['repeat-contact']],
    ['in any order', [customer('It works now, thanks.', 3), staff('Try again.', 2), broken], 'resolved', []],
    ['of staff alone', [staff('Hello?', 1)], 'none', []],
    ['of nobody', [], 'none', []],
  ])('%s', (_name, statements, state, reasons) => {
    const { issue } = tagThread(statements);
    expect(issue.state).toBe(state);
    expect(issue.reasons).toEqual(expect.arrayContaining(reasons));
  });
});

describe('redaction', () => {
  it.each([
    ['write to jo.doe+x@mail.example.com please', 'write to <email> please'],
    ['call +49 170 1234567 or (555) 123-4567', 'call <phone> or <phone>'],
    ['0171/2345678', '<phone>'],
    ['card 4111 1111 1111 1111.', 'card <card>.'],
    ['DE89 3704 0044 0532 0130 00', '<iban>'],
    ['from 192.168.1.20 and 2001:db8::1', 'from <ip> and <ip>'],
    ['password: hunter22 and sk_live_abcdefgh12345678', 'password: <token> and <token>'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', '<token>'],
    ['on 2026-01-05 12:30 and 05.01.2026', 'on 2026-01-05 12:30 and 05.01.2026'],
    ['order 12345678, 3 x 4 for 10.50', 'order 12345678, 3 x 4 for 10.50'],
    ['4111 1111 1111 1112', '4111 1111 1111 1112'],
    ['version 1.2.3.456', 'version 1.2.3.456'],
    ['', ''],
  ])('%j becomes %j', (text, redacted) => {
    expect(redact(text)).toBe(redacted);
  });

  it('changes nothing the second time', () => {
    const secrets = [
      'a@b.co',
      '+4917012345678',
      '4111111111111111',
      'DE89370400440532013000',
      '10.0.0.1',
      'x',
      '-',
      '0',
      '<',
    ];
    const parts = fc.array(fc.constantFrom(...secrets), { maxLength: 12 });
    fc.assert(
      fc.property(parts, fc.constantFrom(', ', '; ', '\n'), (list, between) => {
        const once = redact(list.join(between));
        expect(redact(once)).toBe(once);
      }),
    );
  });
});

describe('a stage', () => {
  const stages = [
    { id: 'buy', match: [{ words: ['checkout', 'order form'] }] },
    {
      id: 'delivery',
      name: 'Delivery',
      match: [{ field: 'attributes.queue', is: ['shipping', '7'] }, { words: ['parcel'] }],
    },
    { id: 'support', name: 'Help desk' },
  ];
  it.each([
    [{ stage: 'support', text: 'my parcel' }, 'support'],
    [{ stage: 'nowhere', text: 'my parcel' }, 'unknown'],
    [{ attributes: { queue: 'shipping' }, text: 'the checkout' }, 'delivery'],
    [{ attributes: { queue: 7 } }, 'delivery'],
    [{ text: 'Two PARCELS are missing' }, 'delivery'],
    [{ text: 'The order form is long' }, 'buy'],
    [{ text: 'The order was a form' }, 'unknown'],
    [{ text: 'The help desk was closed' }, 'support'],
    [{ text: 'parcelling' }, 'unknown'],
    [{}, 'unknown'],
  ])('of %j is %s', (signal, stage) => {
    expect(stageOf(signal, stages)).toBe(stage);
  });

  it('is what the signal says where none is configured', () => {
    expect(stageOf({ stage: 'anything' }, null)).toBe('anything');
    expect(stageOf({ text: 'parcel' }, null)).toBe('unknown');
  });
});

describe('every text', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc
      .array(
        fc.constantFrom('not', 'still', 'again', '.', '!', '😀', '\ud800', '\r\n', '\u0000', 'café', "n't", '<', '@'),
      )
      .map((words) => words.join(' ')),
  );

  it('has an answer that is sane, and the same each time', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const one = tag({ text });
        expect(tag({ text })).toEqual(one);
        const { label, score, confidence } = one.sentiment;
        expect(Math.abs(score)).toBeLessThanOrEqual(1);
        expect(confidence).toBeGreaterThan(0);
        expect(confidence).toBeLessThanOrEqual(1);
        if (label === 'negative') expect(score).toBeLessThanOrEqual(0.5);
        expect(redact(text).length).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['one word', 'a'.repeat(100_000)],
    ['digits', '1 '.repeat(50_000)],
    ['at signs', 'a@'.repeat(50_000)],
    ['phrases that begin and never end', "can't x ".repeat(12_500)],
    ['brackets', '<'.repeat(100_000)],
    ['surrogates', '\ud83d'.repeat(100_000)],
    ['colons', '1:'.repeat(50_000)],
    ['dashes', 'a-'.repeat(50_000)],
  ])('of a hundred thousand characters is read: %s', (_name, text) => {
    expect(tag({ text }).sentiment.confidence).toBeGreaterThan(0);
    expect(redact(text).length).toBeGreaterThan(0);
  });
});
