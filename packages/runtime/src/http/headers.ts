// Headers of every response. The page is ours alone: no script, style or frame of anybody else, and nothing inline.

export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'self'",
].join('; ');

const always = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
};

/** `tls`: browsers reach us by https only, so that they may be told to insist on it (two years). */
export function securityHeaders(tls: boolean): Readonly<Record<string, string>> {
  return tls ? { ...always, 'strict-transport-security': 'max-age=63072000; includeSubDomains' } : always;
}
