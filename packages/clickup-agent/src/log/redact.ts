export type Redact = (text: string) => string

/** Shorter values would turn ordinary words of a log into holes. */
const SHORTEST = 6
const MASK = '[redacted]'

/** A secret can show up as it is, as a part of a URL, of a JSON string, or of a header made with base64. */
function formsOf(secret: string): string[] {
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('base64url'),
  ]
}

/** Masks by value, at the boundary: naming fields to hide misses a secret inside an error's message or a stack. */
export function redactor(secrets: readonly string[]): Redact {
  const forms = [...new Set(secrets.filter((secret) => secret.length >= SHORTEST).flatMap(formsOf))]
  // Longest first, or a part that is a secret of its own (a password) would leave the rest of the whole (a URI) standing.
  forms.sort((a, b) => b.length - a.length)
  return (text) => forms.reduce((masked, form) => masked.replaceAll(form, MASK), text)
}
