// What a partition of an export holds, counted while it is folded: who was heard at which stage, from where, and everything
// that a gap needs beside history. One pass, and no statement is kept.
import { type AcceptedSignal, spokenKinds, unknownStage } from '@gapwatch/contracts';
import { Bits, Numbers } from './customers.ts';
import { type HeardCounts, type HeardPart, noCounts } from './heard.ts';

/** Sources that are named at most; a file that names one a line is not worth more. */
const mostSources = 1_000;

export class Listener {
  readonly #stages = new Map<string, Bits>();
  readonly #sources = new Map<string, number>();
  readonly #believed = new Set<string>();
  readonly #targeted = new Set<string>();
  readonly #counts: HeardCounts = noCounts();
  readonly #numbers = new Numbers();
  readonly #solved = new Numbers();
  readonly #bySource = new Map<string, Bits>();
  readonly #customers = new Bits();
  readonly #anywhere = new Bits();
  readonly #inSources = new Bits();
  readonly #atStages = new Bits();
  #first: number | null = null;
  #last: number | null = null;

  /** Takes an accepted signal, as it was understood; `time`: when it became known. */
  add(signal: AcceptedSignal, time: number): void {
    this.#first = Math.min(this.#first ?? time, time);
    this.#last = Math.max(this.#last ?? time, time);
    if (signal.op === 'delete') return;
    if (signal.promise !== undefined) this.#counts.promises += 1;
    if (signal.status === 'solved' || signal.status === 'closed')
      this.#solved.numberOf(`${signal.source}|${signal.thread ?? signal.subject}`);
    if (signal.kind === 'belief') this.#claim(signal);
    else if (signal.kind === 'lifecycle') this.#live(signal);
    else if (spokenKinds.has(signal.kind)) this.#speak(signal);
  }

  heard(): HeardPart {
    return {
      stages: new Map(Array.from(this.#stages, ([stage, { size }]) => [stage, size])),
      sources: this.#sources,
      believed: this.#believed,
      targeted: this.#targeted,
      counts: this.#counts,
      spoke: this.#customers.size,
      inSources: this.#inSources.size,
      atStages: this.#atStages.size,
      solved: this.#solved.hashes(),
      first: this.#first,
      last: this.#last,
    };
  }

  #claim({ belief, stage = unknownStage }: AcceptedSignal): void {
    if (belief === undefined) return;
    if (belief.what === 'target') this.#targeted.add(stage);
    else {
      this.#counts.beliefs += 1;
      this.#believed.add(stage);
    }
  }

  #live({ lifecycle, stage, customer, source }: AcceptedSignal): void {
    if (lifecycle?.event === 'churned') this.#counts.churned += 1;
    if (lifecycle?.event === 'active' && stage !== undefined) this.#counts.active += 1;
    if (customer !== null) this.#join(this.#numbers.numberOf(customer), source);
  }

  #speak({ author = 'customer', stage = unknownStage, customer, solicited, source }: AcceptedSignal): void {
    const bits = this.#stages.get(stage) ?? new Bits();
    this.#stages.set(stage, bits);
    if (author !== 'customer') return;
    this.#counts.statements += 1;
    if (stage === unknownStage) this.#counts.unmapped += 1;
    if (solicited !== undefined) this.#counts[solicited ? 'solicited' : 'unsolicited'] += 1;
    if (this.#sources.has(source) || this.#sources.size < mostSources)
      this.#sources.set(source, (this.#sources.get(source) ?? 0) + 1);
    if (customer === null) this.#counts.anonymous += 1;
    else this.#count(this.#numbers.numberOf(customer), bits, source);
  }

  #count(number: number, bits: Bits, source: string): void {
    const isKnown = !this.#customers.add(number);
    if (bits.add(number) && isKnown) this.#atStages.add(number);
    this.#join(number, source);
  }

  #join(number: number, source: string): void {
    let bits = this.#bySource.get(source);
    if (bits === undefined) {
      if (this.#bySource.size >= mostSources) return;
      bits = new Bits();
      this.#bySource.set(source, bits);
    }
    if (bits.add(number) && !this.#anywhere.add(number)) this.#inSources.add(number);
  }
}
