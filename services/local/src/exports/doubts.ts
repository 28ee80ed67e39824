// What the values of an export say of its mapping: a stage that is an id, a customer who stands for nobody. Counted while it
// is read, in bounded memory.
import { type AcceptedSignal, spokenKinds } from '@gapwatch/contracts';

/** Nobody watches so many; each costs a baseline, a chart, and a share of the false alarms. */
export const mostStages = 300;
export const stageRemedy = 'if they are ids, take another column, or name what you watch under stages';
const leastStatements = 200;
const suspiciousShare = 0.2;
/** whoever is named so often comes among the first */
const countedCustomers = 1_000;

export class Doubts {
  readonly #stages = new Set<string>();
  readonly #named = new Map<string, number>();
  #spoken = 0;

  add({ op, kind, author, stage, customer }: AcceptedSignal): void {
    if (op === 'delete') return;
    if (stage !== undefined && this.#stages.size <= mostStages) this.#stages.add(stage);
    if (!spokenKinds.has(kind) || (author ?? 'customer') !== 'customer') return;
    this.#spoken += 1;
    if (customer === null) return;
    const count = this.#named.get(customer) ?? 0;
    if (count > 0 || this.#named.size < countedCustomers) this.#named.set(customer, count + 1);
  }

  /** For a person; none where nothing is odd. */
  warnings(): string[] {
    const [customer, count] = [...this.#named].reduce((most, one) => (one[1] > most[1] ? one : most), ['', 0]);
    const share = count / this.#spoken;
    return [
      ...(this.#stages.size > mostStages ? [this.#stageWarning()] : []),
      ...(this.#spoken >= leastStatements && share >= suspiciousShare ? [customerWarning(customer, share)] : []),
    ];
  }

  #stageWarning(): string {
    const [one] = this.#stages;
    return `stage: more than ${mostStages} different ones, such as ${JSON.stringify(one)}: ${stageRemedy}`;
  }
}

/** It also stands on the page of a backtest, which is passed on: no address of a customer does. */
function customerWarning(customer: string, share: number): string {
  const named = customer.includes('@') ? 'one address' : JSON.stringify(customer);
  const said = `customer: ${Math.round(100 * share)} % of what customers said is of ${named}`;
  return `${said}: if that is nobody, map: { ${customer.includes('@') ? '…' : named}: null }`;
}
