import type { Json } from '../../protocol/json.ts'

const MARK = '[secret]'
/** Shorter ones would blacken ordinary words. */
const SHORTEST = 4
/** Of a form that is only a part of the secret. */
const SHORTEST_PART = 8

export type Redact = (text: string) => string

/** Replaces secrets in a text, in the forms in which programs print them. */
export function redactor(values: readonly string[]): Redact {
  const forms = new Set(values.filter((value) => value.length >= SHORTEST).flatMap(formsOf))
  if (forms.size === 0) return (text) => text
  // The longest first, so that no part of a longer one is left behind.
  const longestFirst = [...forms].sort((a, b) => b.length - a.length)
  const pattern = new RegExp(longestFirst.map((form) => escaped(form)).join('|'), 'g')
  return (text) => text.replaceAll(pattern, MARK)
}

/** The same for every string of a JSON value, names of keys too. */
export function redactJson(redact: Redact, value: Json): Json {
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) return value.map((item: Json) => redactJson(redact, item))
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [redact(key), redactJson(redact, item)]))
  }
  return value
}

function formsOf(value: string): readonly string[] {
  // Logs go by lines: a key of several lines is never printed in one piece.
  const lines = value.split(/\r?\n/).filter((line) => line.length >= SHORTEST_PART)
  return [value, ...lines].flatMap((text) => [
    text,
    ...urlForms(text),
    jsonForm(text),
    jsonForm(jsonForm(text)),
    ...base64Forms(text),
  ])
}

function jsonForm(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

function urlForms(text: string): readonly string[] {
  // A lone surrogate has no such form.
  if (/\p{Surrogate}/u.test(text)) return []
  const form = new URLSearchParams([['', text]]).toString().slice(1)
  const forms = [encodeURIComponent(text), encodeURI(text), form]
  return [...forms, ...forms.map((one) => one.replaceAll(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()))]
}

/** As a whole, and within something longer: three bytes are four characters, so there are three ways it can lie. */
function base64Forms(text: string): readonly string[] {
  const bytes = Buffer.from(text)
  const whole = bytes.toString('base64')
  const inner = [0, 1, 2].flatMap((offset) => {
    const shifted = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
    // Only characters that are made of the secret's bits alone.
    const part = shifted.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6))
    return part.length < SHORTEST_PART ? [] : [part]
  })
  return [whole, whole.replace(/=+$/, ''), ...inner].flatMap((one) => [
    one,
    one.replaceAll('+', '-').replaceAll('/', '_'),
  ])
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
