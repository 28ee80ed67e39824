import { describe, expect, it } from 'vitest';
import { newAccount } from '../exports/read.ts';
import { printFaults } from './account.ts';

describe('the faults of an export', () => {
  it('that say the same are one line, and those beyond the first that differ are counted', () => {
    const account = newAccount();
    account.rejected.invalid = 1_007;
    account.faults.set('rating: it is no number', { place: 'a.csv:2', count: 1_000 });
    account.faults.set('customer: it is too long', { place: 'a.csv:9', count: 1 });
    expect(printFaults(account)).toEqual([
      'a.csv:2: rating: it is no number (and 999 more like it)',
      'a.csv:9: customer: it is too long',
      '… and 6 more were rejected',
    ]);
  });
});
