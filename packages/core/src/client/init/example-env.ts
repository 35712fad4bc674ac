import { parseEnv } from 'node:util'
import type { Tree } from './tree.ts'

export interface ExampleEnv {
  /** The file that it comes from. */
  readonly file: string
  /** Names whose values only the host keeps; `optional` where the example has the line as a comment. */
  readonly secrets: readonly { readonly name: string; readonly optional: boolean }[]
  /** Plain values that may be used as they are. */
  readonly plain: Readonly<Record<string, string>>
  /** Neither: empty, or of a developer's machine. */
  readonly open: readonly string[]
  readonly port: number | undefined
}

const FILES = ['.env.example', '.env.sample', '.env.template', '.env.dist', 'env.example'] as const

/** Axle sets these, or the config does. */
const OURS = /^(?:PORT|HOST|HOSTNAME|NODE_ENV|AXLE_.*)$/
const SECRET =
  /(?:^|_)(?:KEY|APIKEY|SECRETS?|TOKEN|PASSWORD|PASSWD|PASS|PASSPHRASE|PWD|CREDENTIALS?|PRIVATE|SALT|DSN|CERT|WEBHOOK(?:_URL)?|URI|AUTH)(?:_|$)|(?:DATABASE|DB|POSTGRES|PG|MYSQL|MONGO|MONGODB|REDIS|AMQP|RABBITMQ|KAFKA|SMTP|SENTRY)\w*_UR[IL]$/
const LOCAL = /localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|change.?me|example\.|your[-_ ]|<.*>|xxx/i

/** What the project says about its environment. Never `.env` itself, which has real values. */
export async function readExampleEnv(tree: Tree): Promise<ExampleEnv | undefined> {
  for (const file of FILES) {
    const text = await tree.read(file)
    if (text !== undefined) return understand(file, text)
  }
  return undefined
}

function understand(file: string, text: string): ExampleEnv {
  const secrets: { name: string; optional: boolean }[] = []
  const plain: Record<string, string> = {}
  const open: string[] = []
  const active = parsed(text)
  const commented = parsed(
    text
      .split('\n')
      .flatMap((line) => /^\s*#\s*([A-Z][A-Z0-9_]*=.*)$/.exec(line)?.[1] ?? [])
      .join('\n'),
  )
  for (const [name, value] of Object.entries(active)) {
    if (OURS.test(name)) continue
    if (SECRET.test(name)) secrets.push({ name, optional: false })
    else if (value === '' || LOCAL.test(value)) open.push(name)
    else plain[name] = value
  }
  for (const name of Object.keys(commented)) {
    if (!Object.hasOwn(active, name) && !OURS.test(name) && SECRET.test(name)) secrets.push({ name, optional: true })
  }
  const port = Number(active.PORT)
  return { file, secrets, plain, open, port: Number.isInteger(port) && port > 0 ? port : undefined }
}

/** In the order of the text, which parseEnv does not keep. */
function parsed(text: string): Record<string, string> {
  const values = parseEnv(text)
  const names = [...text.matchAll(/^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=/gm)].map(([, name = '']) => name)
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(values, name)).map((name) => [name, values[name] ?? '']),
  )
}
