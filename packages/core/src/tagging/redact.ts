// Takes out what names or identifies a person or opens a door: a mark of its kind stays in its place.
// Linear in the text: every repetition below is bounded, and each kind is looked for only where its sign occurs.

const email = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/gu;
const iban = /\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,4})?\b/gi;
const ipv4 = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\d)/g;
const ipv6 = /(?<![\w:])(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4}){1,7}(?![\w:])/gi;
const digits = /(?:(?<![\w.])(?:\(\+?)?|\+)\d(?:[ ()./-]{0,3}\d){5,22}(?!\w)/g;
const knownTokens =
  /\b(?:sk|pk|rk)_(?:live|test)_\w{8,128}|\b(?:ghp|gho|ghs|github_pat|glpat|xox[abprs]|AKIA|ASIA)[\w-]{10,200}|\beyJ[\w-]{8,2000}\.[\w-]{8,2000}\.[\w-]{0,2000}/g;
const spokenSecrets =
  /\b(bearer|password|passwort|contraseña|mot de passe|api[ _-]?key|token|secret)( ?[:=] ?| is )["']?([^\s"',;<>]{6,200})/gi;
const randomText = /\b(?=[A-Za-z_-]{0,128}\d)(?=[\d_-]{0,128}[A-Za-z])[A-Za-z0-9_-]{24,128}\b/g;

/** E-mail addresses, telephone numbers, cards (Luhn), IBANs (mod 97), IP addresses, and tokens or passwords. */
export function redact(text: string): string {
  let redacted = text;
  if (redacted.includes('@')) redacted = redacted.replace(email, '<email>');
  redacted = redacted.replace(spokenSecrets, '$1$2<token>');
  if (!/\d/.test(redacted)) return redacted;
  return redacted
    .replace(knownTokens, '<token>')
    .replace(iban, (match) => (isIban(match) ? '<iban>' : match))
    .replace(ipv4, (match) => (match.split('.').every((part) => Number(part) < 256) ? '<ip>' : match))
    .replace(ipv6, (match) => (match.includes('::') || match.split(':').length === 8 ? '<ip>' : match))
    .replace(digits, redactDigits)
    .replace(randomText, '<token>');
}

function isIban(text: string): boolean {
  const plain = text.replace(/[ -]/g, '').toUpperCase();
  if (plain.length < 15 || plain.length > 34) return false;
  let rest = 0;
  for (const character of plain.slice(4) + plain.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

const dates = /^(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{2,4})(?:[ -].*)?$/;

function redactDigits(match: string): string {
  const plain = match.replace(/\D/g, '');
  if (plain.length >= 13 && plain.length <= 19 && isCard(plain)) return '<card>';
  return isPhone(match, plain) ? '<phone>' : match;
}

/** Luhn's check digit, ISO/IEC 7812-1 annex B. */
function isCard(plain: string): boolean {
  let sum = 0;
  for (let at = 0; at < plain.length; at += 1) {
    const digit = Number(plain[plain.length - 1 - at]);
    const doubled = at % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0 && !/^(\d)\1+$/.test(plain);
}

/** As people write them: with a country code or a leading zero, or in groups. A plain number may be an order's. */
function isPhone(match: string, plain: string): boolean {
  if (plain.length < 7 || plain.length > 15 || dates.test(match)) return false;
  if (match.startsWith('+') || match.startsWith('(')) return true;
  if (plain.startsWith('0')) return plain.length >= 9;
  return plain.length >= 9 && /\d[ ()./-]{1,3}\d+[ ()./-]{1,3}\d/.test(match);
}
