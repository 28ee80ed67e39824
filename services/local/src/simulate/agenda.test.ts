import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Agenda } from './agenda.ts';

it('gives items back soonest first, equal times in the order of their arrival', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), (times) => {
      const agenda = new Agenda<{ at: number; order: number }>();
      times.forEach((at, order) => {
        agenda.add(at, { at, order });
      });
      const taken = times.map(() => agenda.take());
      expect(taken).toEqual([...taken].sort((one, other) => one.at - other.at || one.order - other.order));
      expect(agenda.size).toBe(0);
      expect(agenda.nextAt).toBe(Number.POSITIVE_INFINITY);
    }),
  );
});

it('refuses to give what it does not have', () => {
  expect(() => new Agenda().take()).toThrow('empty');
});
