import { describe, expect, it } from 'vitest';
import { suggestColumns } from './columns.ts';
import { suggested, table } from './table.fixture.ts';

describe('columns proposed for an export', () => {
  it('of reviews', () => {
    expect(
      suggested(
        'ID|Review date|Overall|Food|Review|Author',
        '1|14.03.2026|7|3|Late, and nobody said why|Ann',
        '2|02.03.2026|10|5|Very good|Bob',
      ),
    ).toEqual({
      columns: {
        kind: { constant: 'review' },
        subject: 'ID',
        customer: 'Author',
        occurredAt: { column: 'Review date', format: 'DD.MM.YYYY' },
        rating: { column: 'Overall', scale: { min: 1, max: 10 } },
        text: 'Review',
      },
      doubts: [
        'rating: is 10 the best and 1 the worst? Else change the scale, or add reversed: true',
        'no field takes "Food"',
      ],
    });
  });

  const rated = (name: string, ...cells: string[]) =>
    suggested(`Day|${name}|Words`, ...cells.map((cell, at) => `2026-03-0${at + 1}|${cell}|It came late, ${at}`));

  it.each([
    ['Overall Rating', ['4/5', '5/5', '1/5'], { min: 1, max: 5 }],
    ['Rating', ['8 out of 10', '9 out of 10'], { min: 1, max: 10 }],
    ['NPS', ['10 - Extremely likely', '0 - Not at all likely'], { min: 0, max: 10 }],
    ['stars', ['★★★☆☆', '★★★★★'], { min: 1, max: 5 }],
    ['Score', ['80%', '90,5 %'], { min: 0, max: 100 }],
  ])('of a rating in %s as %j', (name, cells, scale) => {
    expect(rated(name, ...cells).columns).toMatchObject({ rating: { column: name, scale } });
  });

  it.each([
    ['Satisfaction', ['Very satisfied', 'Dissatisfied'], { 'Very satisfied': 5, Dissatisfied: 2 }, 5],
    ['How was it?', ['Good', 'Poor', 'Neither good nor poor'], { Good: 4, Poor: 2, 'Neither good nor poor': 3 }, 5],
    [
      'How satisfied are you?',
      ['Very satisfied', 'Somewhat satisfied', 'Not so satisfied'],
      { 'Very satisfied': 4, 'Somewhat satisfied': 3, 'Not so satisfied': 2 },
      5,
    ],
    ['Satisfaction rating', ['good', 'bad'], { good: 2, bad: 1 }, 2],
  ])('of the words of %s, %j', (name, cells, map, max) => {
    expect(rated(name, ...cells)).toMatchObject({
      columns: { rating: { column: name, map, scale: { min: 1, max } } },
      doubts: expect.arrayContaining([expect.stringContaining('as good as their numbers say?')]),
    });
  });

  it.each([
    ['Rating', ['fine', 'meh'], 'rating: what is "fine", "meh" of "Rating" worth?'],
    ['Kind', ['good', 'bad'], 'no field takes "Kind"'],
    ['How old are you?', ['34', '51'], 'no field takes "How old are you?"'],
    [
      'How did you hear of us?',
      ['Friends', 'An advert', 'Friends', 'Friends'],
      'no field takes "How did you hear of us?"',
    ],
  ])('says what it cannot know of the words of %s, %j', (name, cells, doubt) => {
    const { columns, doubts } = rated(name, ...cells);
    expect(columns).not.toHaveProperty('rating');
    expect(doubts).toContainEqual(expect.stringContaining(doubt));
  });

  it('of a survey whose questions stand in a second row of heads', () => {
    const id = '{"ImportId":"x"}';
    const { columns, doubts } = suggested(
      'EndDate|ResponseId|RecipientEmail|Q1|Q2',
      'End Date|Response ID|Recipient Email|How likely are you to recommend us?|What could we do better?',
      `${id}|${id}|${id}|${id}|${id}`,
      '2026-03-04 10:00:00|R_1|ann@example.org|10 - Extremely likely|Nothing at all',
      '2026-03-05 10:00:00|R_2|bob@example.org|3|It came late',
    );
    expect(columns).toEqual({
      kind: { constant: 'feedback' },
      subject: 'ResponseId',
      customer: { column: 'RecipientEmail', as: 'email' },
      occurredAt: 'EndDate',
      rating: { column: 'Q1', scale: { min: 0, max: 10 } },
      text: 'Q2',
      solicited: { constant: true },
    });
    expect(doubts).toContainEqual(expect.stringContaining('two rows of heads'));
  });

  it('of the words of a survey, beside the odd one', () => {
    const cells = ['Not yet', ...Array.from({ length: 30 }, (_, at) => (at % 2 === 0 ? 'Good' : 'Very poor'))];
    const day = (at: number) => new Date(Date.UTC(2026, 0, 1 + at)).toISOString();
    const rows = cells.map((cell, at) => `${day(at)}|${cell}|Answer ${at}`);
    const { columns, doubts } = suggested('Ended|How was it?|What else?', ...rows);
    expect(columns).toMatchObject({
      kind: { constant: 'feedback' },
      solicited: { constant: true },
      rating: { column: 'How was it?', map: { 'Very poor': 1, Good: 4 }, scale: { min: 1, max: 5 } },
      text: 'What else?',
    });
    expect(doubts).toContainEqual(expect.stringContaining('1 of 31 cells of "How was it?" are no such answer'));
  });

  const ticket = 'Ticket ID|Created|Status|Description|Requester email|Category';
  const tickets = [
    '100|2026-03-04 10:00|open|Where is my parcel?|ann@example.org|Shipping',
    '101|2026-03-05 10:00|Solved|Charged twice|bob@example.org|Billing',
  ];
  const asked = {
    kind: { constant: 'ticket' },
    subject: 'Ticket ID',
    customer: { column: 'Requester email', as: 'email' },
    stage: 'Category',
  };
  const beside = (name: string, ...cells: string[]) =>
    suggested(`${ticket}|${name}`, ...tickets.map((row, at) => `${row}|${cells[at]}`));
  const staff = { constant: 'staff' };

  it('of tickets, whose customers are known by their addresses; a status without a time is left out', () => {
    expect(suggested(ticket, ...tickets)).toEqual({
      columns: { ...asked, occurredAt: 'Created', text: 'Description' },
      doubts: ['status: no column says since when it is what "Status" says, so that it is left out'],
    });
  });

  it.each([
    ['Solved on', 'solved', { author: staff, status: { constant: 'solved' } }],
    ['closed_at', 'closed', { author: staff, status: { constant: 'closed' } }],
    ['First response', 'reply', { author: staff }],
    ['Updated', 'status', { author: staff, status: 'Status' }],
  ])('of tickets that say when in %s', (column, name, says) => {
    const { columns, statements } = beside(column, '06/03/2026', '26/03/2026');
    expect(columns).toEqual({ ...asked, thread: 'Ticket ID' });
    expect(statements).toEqual([
      { columns: { occurredAt: 'Created', text: 'Description', status: { constant: 'new' } } },
      { name, columns: { occurredAt: { column, format: 'DD/MM/YYYY' }, ...says } },
    ]);
  });

  it('of tickets: what takes hours is no time', () => {
    const { statements, doubts } = beside('Resolution time', '27', '3');
    expect(statements).toBeUndefined();
    expect(doubts).toContain('no field takes "Resolution time"');
  });

  it('of customers who left, and of what they said then', () => {
    const rows = ['a|2026-03-04|Too expensive for what it does', 'b|2026-03-05|Nobody answered'];
    const life = { kind: { constant: 'lifecycle' }, 'lifecycle.event': { constant: 'churned' } };
    const who = { customer: 'account_id', occurredAt: 'cancelled_at' };
    expect(suggested('account_id|cancelled_at', ...rows)).toEqual({ columns: { ...life, ...who }, doubts: [] });
    expect(suggested('account_id|cancelled_at|feedback', ...rows)).toMatchObject({
      columns: who,
      statements: [
        { columns: { kind: { constant: 'feedback' }, text: 'feedback' } },
        { name: 'churned', columns: life },
      ],
    });
  });

  it('of subscriptions, which begin and end', () => {
    const { columns, statements } = suggested(
      'id|customer|created|canceled_at|status',
      'sub_1|cus_1|1740000000|1772600767|canceled',
      'sub_2|cus_2|1740000001||active',
    );
    const at = (column: string) => ({ occurredAt: { column, format: 'unix' }, kind: { constant: 'lifecycle' } });
    expect(columns).toEqual({ subject: 'id', customer: 'customer' });
    expect(statements).toMatchObject([
      { columns: { ...at('created'), 'lifecycle.event': { constant: 'joined' } } },
      { name: 'churned', columns: { ...at('canceled_at'), 'lifecycle.event': { constant: 'churned' } } },
    ]);
  });

  it('of the answers of a survey, which were asked for', () => {
    const { columns } = suggested(
      '#|How likely are you to recommend us?|Why?|Submitted|Network ID',
      'a1|9|Quick|2026-03-04|n1',
      'a2|3|Slow|2026-03-05|n2',
    );
    expect(columns).toEqual({
      kind: { constant: 'feedback' },
      solicited: { constant: true },
      subject: '#',
      occurredAt: 'Submitted',
      rating: { column: 'How likely are you to recommend us?', scale: { min: 0, max: 10 } },
      text: 'Why?',
    });
  });

  it.each([
    ['Reviewer language', 'Review submit millis', 'Review text', { text: 'Review text', customer: undefined }],
    ['Requester', 'Requester email', 'Subject', { text: 'Subject', customer: 'Requester email' }],
    ['Customer name', 'Customer email', 'Title', { text: 'Title', customer: 'Customer email' }],
    ['User', 'User ID', 'Message ID', { text: undefined, customer: 'User ID' }],
  ])('of %s, %s and %s', (one, other, third, expected) => {
    const rows = [
      '2026-03-04|en|1772600767000|It never came',
      '2026-03-05|de|1772687167000|Stuck',
      '2026-03-05|de|1772687167001|Stuck again',
    ];
    const { columns } = suggested(`date|${one}|${other}|${third}`, ...rows);
    expect({ text: columns?.text, customer: columns?.customer }).toEqual(expected);
  });

  it('of the words of conversations', () => {
    const { columns } = suggested(
      'Comment ID|Ticket ID|Created|Body',
      '1|100|2026-03-04 10:00|Where is my parcel?',
      '2|100|2026-03-05 10:00|Still nothing.',
    );
    expect(columns).toMatchObject({ kind: { constant: 'ticket' }, subject: 'Comment ID', thread: 'Ticket ID' });
  });

  const turns = {
    path: 'turns',
    columns: [
      { name: 'at', cells: ['2026-03-04T10:00:00Z', '2026-03-04T12:00:00Z'] },
      { name: 'body', cells: ['Where is my parcel?', 'On its way.'] },
      { name: 'who', cells: ['end-user', 'agent'] },
    ],
  };
  const words = {
    each: 'turns',
    columns: {
      occurredAt: 'at',
      text: 'body',
      author: { column: 'who', map: { 'end-user': 'customer', agent: 'staff' } },
    },
  };
  const tags = { path: 'tags', columns: [{ name: 'name', cells: ['urgent'] }] };

  it('of conversations with a list of what was said in them', () => {
    const [columns, rows] = table('session|user id|started|note', '1|a|2026-03-04|x', '2|b|2026-03-05|y');
    expect(suggestColumns(columns, rows, [tags, turns])).toEqual({
      columns: { kind: { constant: 'ticket' }, subject: 'session', thread: 'session', customer: 'user id' },
      statements: [words],
      doubts: ['no field takes "started", "note"'],
    });
  });

  it('of tickets that begin with words of their own', () => {
    const [columns, rows] = table('ticket id|created|description', '1|2026-03-04|Where is it?');
    expect(suggestColumns(columns, rows, [turns]).statements).toEqual([
      { columns: { occurredAt: 'created', text: 'description' } },
      words,
    ]);
  });

  it('of reviews with lists that say nothing at a time', () => {
    const [columns, rows] = table('date|review', '2026-03-04|It came late.');
    expect(suggestColumns(columns, rows, [tags]).statements).toBeUndefined();
  });

  it.each([
    ['what begins with the year needs no format', ['2026-03-04T05:06:07Z', '2026-3-5'], 'when'],
    ['a day above twelve says what comes first', ['03/04/2026 5:06 PM', '03/14/2026 11:00 AM'], 'MM/DD/YYYY hh:mm A'],
    ['names of months', ['4 March 2026', '12 Apr 2026'], 'D MMM YYYY'],
    ['seconds', ['1772600000', '1772600100'], 'unix'],
    ['milliseconds', ['1772600000000'], 'unix-ms'],
  ])('reads a time: %s', (_, cells, format) => {
    const { columns } = suggestColumns([{ name: 'when', cells }], cells.length);
    expect(columns?.occurredAt).toEqual(format === 'when' ? 'when' : { column: 'when', format });
  });

  it('says that the day may stand before the month or after it', () => {
    const { columns, doubts } = suggested('date', '03/04/2026', '05/06/2026');
    expect(columns?.occurredAt).toEqual({ column: 'date', format: 'DD/MM/YYYY' });
    expect(doubts[0]).toBe('occurredAt: DD/MM/YYYY or MM/DD/YYYY? Nothing in the rows that were read says which');
  });

  it.each([
    ['NPS Score', ['9', '3'], { min: 0, max: 10 }],
    ['csat', ['0', '5'], { min: 0, max: 5 }],
    ['stars', ['4,5', '1'], { min: 1, max: 5 }],
    ['score', ['88', '17'], { min: 0, max: 100 }],
    ['score', ['-3', '2'], undefined],
    ['Dissatisfaction', ['1', '0'], undefined],
    ['rating', ['five', '4'], undefined],
  ])('takes %s of %j for a rating on %j', (name, cells, scale) => {
    const { columns } = suggestColumns(
      [
        { name: 'date', cells: ['2026-03-04'] },
        { name, cells },
      ],
      cells.length,
    );
    expect(columns?.rating).toEqual(scale && { column: name, scale });
  });

  it.each([
    ['C-17', { column: 'Customer', map: { 'N/A': null } }],
    ['ann@example.com', { column: 'Customer', as: 'email', map: { 'N/A': null } }],
  ])('takes what stands for nobody as nobody, beside %s', (customer, suggestion) => {
    const { columns, doubts } = suggested(
      'Date|Customer',
      `2026-03-04|${customer}`,
      '2026-03-05|N/A',
      '2026-03-06|N/A',
    );
    expect(columns?.customer).toEqual(suggestion);
    expect(doubts).toContain('customer: "N/A" is taken for nobody');
  });

  it.each([
    ['who comes again', '7', { customer: 'Respondent ID' }],
    ['what each answer is called', '8', { subject: 'Respondent ID' }],
  ])('takes respondents for %s', (_, second, expected) => {
    const rows = ['7|2026-03-04|4|Wards', `${second}|2026-03-05|2|Wards`];
    expect(suggested('Respondent ID|date|rating|Service type', ...rows).columns).toEqual({
      kind: { constant: 'feedback' },
      ...expected,
      occurredAt: 'date',
      stage: 'Service type',
      rating: expect.anything(),
    });
  });

  it('takes what an app shop calls a response for no survey, and a contact for a customer', () => {
    const rows = ['2026-03-04|4|It crashes|We are sorry|17', '2026-03-05|2|It is slow||18'];
    expect(suggested('Date|Rating|Review|Response|Associated Contact IDs', ...rows).columns).toMatchObject({
      kind: { constant: 'review' },
      customer: 'Associated Contact IDs',
    });
  });

  it('takes the end of what most still have for their leaving, and asks', () => {
    const joins = ['a|2026-01-04|', 'b|2026-01-05|2026-03-05', 'c|2026-01-06|'];
    const { columns, statements, doubts } = suggested('account_id|start_date|end_date', ...joins);
    expect(columns).toEqual({ customer: 'account_id' });
    expect(statements).toMatchObject([
      { columns: { 'lifecycle.event': { constant: 'joined' }, occurredAt: 'start_date' } },
      { name: 'churned', columns: { 'lifecycle.event': { constant: 'churned' }, occurredAt: 'end_date' } },
    ]);
    expect(doubts).toEqual(['lifecycle: has whoever has an end in "end_date" left for good?']);
    const surveys = ['a|2026-01-04|2026-01-04', 'b|2026-01-05|2026-01-05'];
    expect(suggested('account_id|start_date|end_date', ...surveys).statements).toBeUndefined();
  });

  it('takes no column for an id that does not name each row, or names the customer', () => {
    const { columns } = suggested('id|customer id|date', '1|a|2026-03-04', '1|b|2026-03-05');
    expect(columns).toMatchObject({ customer: 'customer id' });
    expect(columns).not.toHaveProperty('subject');
  });

  it('names what stands beside the times and the numbers', () => {
    const rows = ['2026-03-04|4', '2026-03-05|N/A', 'date|rating', '2026-03-06|2', '2026-03-07|5'];
    expect(suggested('date|rating', ...rows)).toMatchObject({
      columns: { occurredAt: 'date', rating: { column: 'rating', scale: { min: 1, max: 5 } } },
      doubts: [
        'occurredAt: 1 of 5 cells of "date" are no time of that format, for one "date"',
        'rating: 2 of 5 cells of "rating" are no number, for one "N/A"',
        expect.any(String),
      ],
    });
  });

  it.each([
    ['Customer comment|Customer|date', 'Customer comment', 'Customer'],
    ['Review ID|Reviewer|Review title|Review|date', 'Review', 'Reviewer'],
    ['Client|Client feedback|date', 'Client feedback', 'Client'],
  ])('of %s takes the words for the words, and the person for the person', (head, text, customer) => {
    const row = head.split('|').map((name) => (name === 'date' ? '2026-03-04' : name === text ? 'It came late.' : 'x'));
    expect(suggested(head, row.join('|')).columns).toMatchObject({ text, customer });
  });

  it('says where nobody says anything', () => {
    const { doubts } = suggested('usage id|date', 'u1|2026-03-04');
    expect(doubts).toEqual([expect.stringContaining('neither words nor a rating')]);
  });

  it('proposes nothing without a time', () => {
    const { columns, doubts } = suggested('date|comment', '3 days ago|Late again');
    expect(columns).toBeNull();
    expect(doubts).toEqual([expect.stringContaining('no column holds times of one format')]);
  });
});
