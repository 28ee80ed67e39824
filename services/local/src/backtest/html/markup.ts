// HTML that cannot be broken out of: what is put into a template is escaped, unless it came from a template itself.

export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | null | Markup | readonly Markup[];

/** Null leaves nothing. Attributes are to be written with double quotes around what is put in. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let text = texts[0] ?? '';
  parts.forEach((part, index) => {
    text += plain(part) + (texts[index + 1] ?? '');
  });
  return new Markup(text);
}

function plain(part: Part): string {
  if (part === null) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(({ text }) => text).join('');
  return escaped(String(part));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters that steer rather than show are replaced, so that a name cannot turn the line around it. */
function escaped(text: string): string {
  return text
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? '')
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, '\u{fffd}');
}
