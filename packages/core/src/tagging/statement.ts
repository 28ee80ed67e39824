// What the tagger looks at: any part of a signal.

export type Statement = {
  readonly text?: string | undefined;
  readonly language?: string | undefined;
  readonly kind?: string | undefined;
  readonly rating?: { readonly value: number; readonly min: number; readonly max: number } | undefined;
  readonly status?: 'new' | 'open' | 'pending' | 'solved' | 'closed' | undefined;
  readonly author?: 'customer' | 'staff' | 'bot' | undefined;
  readonly occurredAt?: string | undefined;
};
