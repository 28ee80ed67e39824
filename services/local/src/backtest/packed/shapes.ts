// What the documents of a fold have in common: lists of field names, and texts that come again and again in one field.

/** Documents whose fields are named by data, such as ids, would make a shape each: past this many none is made. */
const mostShapes = 250;
/** A field with more different texts than this is one of ids. */
const mostTexts = 250;

/** The fields of one kind of object, in their order. */
export type Shape = { readonly number: number; readonly names: readonly string[]; readonly texts: readonly Texts[] };

/** The texts of one field, numbered as they come. */
export class Texts {
  readonly values: string[] = [];
  #numbers: Map<string, number> | null = new Map();

  /** -1: the field has too many. */
  numberOf(text: string): number {
    if (this.#numbers === null) return -1;
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    if (this.values.length < mostTexts) {
      this.#numbers.set(text, this.values.length);
      return this.values.push(text) - 1;
    }
    this.#numbers = null;
    return -1;
  }
}

export class Shapes {
  readonly all: Shape[] = [];

  /** undefined: there are too many. */
  of(names: readonly string[]): Shape | undefined {
    for (const shape of this.all) if (areSame(shape.names, names)) return shape;
    if (this.all.length >= mostShapes) return undefined;
    const shape = { number: this.all.length, names, texts: names.map(() => new Texts()) };
    this.all.push(shape);
    return shape;
  }
}

function areSame(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}
