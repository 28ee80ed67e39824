// The file that `gapwatch sources new` writes: a source that runs as it is, to be made into one's own.

export function sourceTemplate(id: string): string {
  return `// The source ${id}: what its payloads look like, and what they become.
// gapwatch sources test ${id}         runs the samples below
// gapwatch sources test ${id} FILE    runs a file: JSON, NDJSON or CSV
export default ({ defineSource, z, signal, skip }) =>
  defineSource({
    title: 'Answers of the survey after an order',

    // Fields that are not named here are not looked at. What does not fit is rejected with its fault, kept, and can be replayed.
    payload: z.object({
      id: z.string().min(1),
      answeredAt: z.iso.datetime({ offset: true }),
      email: z.string().optional(),
      stars: z.number().min(1).max(5).optional(),
      comment: z.string().optional(),
    }),

    // One signal, skip or reject, or a list of them. The fields of a signal are those of the canonical form.
    map: (answer, { emailId }) => {
      const { id, answeredAt, email, stars, comment } = answer;
      if (stars === undefined && !comment) return skip('nothing-said', 'neither stars nor a comment');
      return signal({
        kind: 'feedback',
        subject: \`answer:\${id}\`,
        occurredAt: answeredAt,
        solicited: true,
        ...(email && { customer: emailId(email) }),
        ...(stars !== undefined && { rating: { value: stars, min: 1, max: 5 } }),
        ...(comment && { text: comment }),
      });
    },

    // What a payload becomes: the examples of this source, and its tests.
    samples: [
      {
        name: 'stars and a comment',
        value: { id: '17', answeredAt: '2026-03-04T05:06:07Z', email: 'ann@example.org', stars: 2, comment: 'It came late.' },
        outcomes: [
          signal({
            kind: 'feedback',
            subject: 'answer:17',
            occurredAt: '2026-03-04T05:06:07Z',
            solicited: true,
            customer: 'email:EMAIL',
            rating: { value: 2, min: 1, max: 5 },
            text: 'It came late.',
          }),
        ],
      },
      {
        name: 'an empty form',
        value: { id: '18', answeredAt: '2026-03-04T05:06:07Z' },
        outcomes: [skip('nothing-said', 'neither stars nor a comment')],
      },
    ],
  });
`;
}
