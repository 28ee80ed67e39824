// The shape of the simulator's words in one language. Clauses start in lower case and end without a stop, so that they
// can stand at the head of a sentence or inside one. `{days}` and its like are filled in when a sentence is built.

/** What customers say about one stage. */
export type Bank = {
  troubles: readonly string[];
  /** what they say when something has lately gone wrong there */
  fresh?: readonly string[];
  praises: readonly string[];
  questions: readonly string[];
  remarks: readonly string[];
};

/** What is said whatever the stage. */
export type Manner = {
  greetings: readonly string[];
  /** after a trouble: what it did to the customer */
  consequences: readonly string[];
  /** what the customer wants done about it */
  asks: readonly string[];
  closings: readonly string[];
  /** complete short answers */
  curt: { unhappy: readonly string[]; happy: readonly string[]; neutral: readonly string[] };
  /** how a sentence is led in, `{clause}` in place */
  frames: { unhappy: readonly string[]; happy: readonly string[]; question: readonly string[] };
  /** between a praise and a trouble, `{praise}` and `{trouble}` in place */
  mixed: { unhappy: readonly string[]; happy: readonly string[] };
  /** a customer who waits; whose problem came back; whose problem is gone */
  chasing: readonly string[];
  reopening: readonly string[];
  thanking: readonly string[];
  /** staff: first answer, promise of a time, 'solved', and the machine that confirms receipt */
  answering: readonly string[];
  promising: readonly string[];
  solving: readonly string[];
  receipt: readonly string[];
  weekdays: readonly string[];
  things: readonly string[];
};

export type Words = { stages: Readonly<Record<string, Bank>>; general: Bank; manner: Manner };
