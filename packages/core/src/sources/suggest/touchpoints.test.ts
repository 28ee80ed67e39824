import { describe, expect, it } from 'vitest';
import { suggested } from './table.fixture.ts';

const five = { min: 1, max: 5 };
const stageOf = (statement: { columns: Readonly<Record<string, unknown>> }) =>
  (statement.columns.stage as { constant: string }).constant;
const stages = (head: string, ...rows: string[]) => suggested(head, ...rows).statements?.map(stageOf);

describe('statements proposed for a row of several ratings', () => {
  it('of a review that is rated as a whole and by touchpoint', () => {
    expect(
      suggested(
        'id|date|review|overall_rating|foodRating|Staff score',
        '1|2026-03-04|Cold soup.|7|1|5',
        '2|2026-03-05|Very good.|10|4|0',
        '3|2026-03-06|Good.|8|5|1',
      ),
    ).toEqual({
      columns: { kind: { constant: 'review' }, subject: 'id', occurredAt: 'date' },
      statements: [
        {
          columns: {
            stage: { constant: 'overall' },
            rating: { column: 'overall_rating', scale: { min: 1, max: 10 } },
            text: 'review',
          },
        },
        {
          name: 'food',
          columns: {
            stage: { constant: 'food' },
            rating: { column: 'foodRating', map: { 0: null }, scale: five },
          },
        },
        {
          name: 'staff',
          columns: {
            stage: { constant: 'staff' },
            rating: { column: 'Staff score', map: { 0: null }, scale: five },
          },
        },
      ],
      doubts: [
        'rating: is 10 the best and 1 the worst? Else change the scale, or add reversed: true',
        'stage: "food", "staff" are called like what is rated; is the highest number the best of each?',
        'rating: 0 is taken for no answer in "foodRating", "Staff score"; where it is the worst, min is 0 and there is no map',
      ],
    });
  });

  it.each([
    ['How was it? [Staff]', 'How was it? [Waiting time]'],
    ['How satisfied were you with: Staff', 'How satisfied were you with: Waiting time'],
    ['Please rate the following - Staff', 'Please rate the following - Waiting time'],
    ['How would you rate us? – Staff', 'How would you rate us? – Waiting time'],
  ])('of a question that is asked of several: %s', (staff, waiting) => {
    const { columns, statements } = suggested(`Ended|${staff}|${waiting}`, '2026-03-04|3|5', '2026-03-05|1|2');
    expect(columns).toMatchObject({ kind: { constant: 'feedback' }, occurredAt: 'Ended' });
    expect(columns).not.toHaveProperty('rating');
    expect(statements).toEqual([
      { name: 'staff', columns: { stage: { constant: 'staff' }, rating: { column: staff, scale: five } } },
      {
        name: 'waiting-time',
        columns: { stage: { constant: 'waiting-time' }, rating: { column: waiting, scale: five } },
      },
    ]);
  });

  it('of words, beside those who had nothing to say of it', () => {
    const map = { Dissatisfied: 2, 'Very satisfied': 5, 'Not applicable': null };
    expect(
      suggested(
        'Ended|How satisfied are you? [Shop]|How satisfied are you? [Delivery]',
        '2026-03-04|Very satisfied|Dissatisfied',
        '2026-03-05|Dissatisfied|Not applicable',
        '2026-03-06|Not applicable|Very satisfied',
      ).statements,
    ).toMatchObject([
      { columns: { rating: { column: 'How satisfied are you? [Shop]', map, scale: five } } },
      { columns: { rating: { column: 'How satisfied are you? [Delivery]', map, scale: five } } },
    ]);
  });

  it('of a survey whose answers stand in a second row of heads', () => {
    const asked = 'How satisfied are you with these?';
    const { columns, statements, doubts } = suggested(
      `Respondent ID|End Date|Would you recommend us? NPS|${asked}|column 5|What else?`,
      '||Response|Shop|Delivery|Open-Ended Response',
      '17|2026-03-04|9|Satisfied|Dissatisfied|It came late, and nobody said why',
      '18|2026-03-05|2|Neutral|Satisfied|Nothing else comes to my mind today',
    );
    expect(columns).toMatchObject({ subject: 'Respondent ID', solicited: { constant: true } });
    expect(statements).toMatchObject([
      {
        columns: { rating: { column: 'Would you recommend us? NPS', scale: { min: 0, max: 10 } }, text: 'What else?' },
      },
      { name: 'shop', columns: { rating: { column: asked, map: { Neutral: 3, Satisfied: 4 } } } },
      { name: 'delivery', columns: { rating: { column: 'column 5', map: { Dissatisfied: 2, Satisfied: 4 } } } },
    ]);
    expect(doubts[0]).toBe('another row of heads follows the first: it is left out, and no row is missing');
  });

  it.each([
    ['date|rating|sentiment score|risk_score', '2026-03-04|3|1|2'],
    ['date|rating|average_rating|user.rating', '2026-03-04|3|1|2'],
    ['date|rating|lead quality score', '2026-03-04|3|88'],
    ['date|rating|Box: width|Box: height', '2026-03-04|3|1|2'],
  ])('takes %s for one rating', (head, row) => {
    expect(stages(head, row)).toBeUndefined();
  });

  it('asks about columns on the same scale that are called like nothing', () => {
    const rows = ['2026-03-04|3|1|2|2', '2026-03-05|1|5|2|3', '2026-03-06|2|2|5|4', '2026-03-07|5|4|1|5'];
    const { statements, doubts } = suggested('date|Rating|Check-in|Food & Beverage|Nights', ...rows);
    expect(statements).toBeUndefined();
    expect(doubts).toContain(
      'statements: are "Check-in", "Food & Beverage" ratings of touchpoints too? Then each is one of its own',
    );
  });

  it('of touchpoints in another script, and of one that comes twice', () => {
    expect(
      suggested('date|rating|清潔 rating|Staff rating|staff_score', '2026-03-04|3|1|2|4').statements,
    ).toMatchObject([
      { columns: { stage: { constant: 'overall' } } },
      { name: 'rating-1', columns: { stage: { constant: '清潔' } } },
      { name: 'staff', columns: { rating: { column: 'Staff rating' } } },
    ]);
  });

  it('of an object of ratings, where a column already says the stage of the whole', () => {
    const { statements } = suggested('date|department|rating|ratings.food|ratings.wifi', '2026-03-04|Spa|3|1|2');
    expect(statements).toMatchObject([
      { columns: { stage: 'department' } },
      { columns: { stage: { constant: 'food' } } },
      { columns: { stage: { constant: 'wifi' } } },
    ]);
  });
});
