import * as z from 'zod'
import { AxleError } from '../../../protocol/errors.ts'
import type { HostReader } from '../../host/host.ts'

/** Names, not numbers: a number means somebody else on the next host. */
export const owner = z.strictObject({ user: z.string().min(1), group: z.string().min(1) })
export type Owner = z.output<typeof owner>
export const ROOT: Owner = { user: 'root', group: 'root' }
export const mode = z.string().regex(/^[0-7]{3,4}$/, "expected an octal mode such as '644'")

export const sameMode = (a: string, b: string): boolean => Number.parseInt(a, 8) === Number.parseInt(b, 8)
export const shownOwner = ({ user, group }: Owner): string => `${user}:${group}`

type Database = 'passwd' | 'group'

/** One `getent` for all keys (names or numbers). Its lines, split; what is unknown is left out. */
export async function getent(
  host: HostReader,
  database: Database,
  keys: Iterable<string>,
): Promise<readonly (readonly string[])[]> {
  const wanted = [...new Set(keys)]
  if (wanted.length === 0) return []
  // 2: one of the keys is unknown.
  const { stdout } = await host.query(['getent', database, ...wanted], { accept: [0, 2] })
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.split(':')]))
}

/** Name by number. A number that nobody has stays one. */
export async function namesOf(
  host: HostReader,
  database: Database,
  numbers: Iterable<number>,
): Promise<(number: number) => string> {
  const known = new Map([[0, 'root']])
  const unknown = Array.from(numbers, String).filter((number) => number !== '0')
  for (const [name = '', , number] of await getent(host, database, unknown)) known.set(Number(number), name)
  return (number) => known.get(number) ?? String(number)
}

/** Number by name. Throws where the host has no such user or group. */
export async function numbersOf(
  host: HostReader,
  owners: readonly Owner[],
): Promise<(owner: Owner) => { uid: number; gid: number }> {
  const [users, groups] = await Promise.all([
    numberByName(
      host,
      'passwd',
      owners.map(({ user }) => user),
    ),
    numberByName(
      host,
      'group',
      owners.map(({ group }) => group),
    ),
  ])
  return ({ user, group }) => ({ uid: known(users, user, 'user'), gid: known(groups, group, 'group') })
}

async function numberByName(
  host: HostReader,
  database: Database,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const found = new Map([['root', 0]])
  const others = names.filter((name) => name !== 'root')
  for (const [name = '', , number] of await getent(host, database, others)) found.set(name, Number(number))
  return found
}

function known(numbers: ReadonlyMap<string, number>, name: string, what: string): number {
  const number = numbers.get(name)
  if (number !== undefined) return number
  throw new AxleError('AXLE_RESOURCE', `The host has no ${what} ${name}`, {
    hint: `Declare the ${what} as a resource, and name it in needs.`,
  })
}
