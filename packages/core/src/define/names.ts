import * as z from 'zod'

/**
 * Names end up in paths, unit names, user names and nginx variables, so the allow-list is the narrowest of these:
 * useradd(8) takes 32 characters, and a slot's unit adds `-a`.
 */
const NAME = /^[a-z](?:[a-z0-9-]{0,28}[a-z0-9])?$/
const NAME_RULE = 'expected lower-case letters, digits and "-", beginning with a letter, at most 30 characters'

/**
 * Folders of /opt, /var/lib and /var/log that Axle or Debian uses itself: a service of that name would claim them.
 * That a name is taken on one particular host is found there, by the preflight.
 */
const RESERVED: ReadonlySet<string> = new Set([
  'axle',
  'backups',
  'root',
  'nginx',
  'systemd',
  'dpkg',
  'apt',
  'journal',
  'misc',
  'private',
])

export const serviceName = z
  .string()
  .regex(NAME, NAME_RULE)
  .refine((name) => !RESERVED.has(name), {
    error: (issue) => `"${String(issue.input)}" is reserved: choose another name`,
  })
  .refine((name) => !/-[ab]$/.test(name), {
    error: 'a name may not end in "-a" or "-b": these are the names of the slots',
  })
  .refine((name) => !name.startsWith('axle-'), { error: 'names beginning with "axle-" are those of Axle\'s own units' })

export const projectName = z.string().regex(NAME, NAME_RULE)

/** A plugin's name; also the key of its options on a service. */
export const pluginName = z.string().regex(/^[a-z][a-zA-Z0-9]{0,39}$/, 'expected a camelCase word such as "nginx"')

/** Name of an environment variable: the portable form of POSIX.1-2017, 8.1. */
export const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected a variable name: letters, digits and "_", not beginning with a digit')

/** A URL path that nginx can match byte for byte: unreserved characters of RFC 3986 between slashes. */
export const route = z
  .string()
  .regex(
    /^\/(?:[A-Za-z0-9._~-]+\/)*$/,
    'expected a path that begins and ends with "/", such as "/api/", made of letters, digits, ".", "_", "~" and "-"',
  )
  .refine((path) => !path.split('/').some((part) => part === '.' || part === '..'), {
    error: 'a route may not contain "." or ".." as a part',
  })

/** Host name by RFC 1123, lower case, at least two labels. */
export const domainName = z
  .string()
  .max(253)
  .regex(
    /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/,
    'expected a domain name such as "api.example.com"',
  )

export const port = z
  .int()
  .min(1024, 'ports below 1024 need root: choose one from 1024 to 65535')
  .max(65_535, 'expected a port from 1024 to 65535')
