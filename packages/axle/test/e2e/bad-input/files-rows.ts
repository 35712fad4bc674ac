import { execFileSync } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { API, configText } from '../project.ts'
import type { Row } from './row.ts'

const files = { exit: 2, code: 'AXLE_FILES' } as const
const withFields = (fields: string) => ({ 'axle.config.ts': configText(API.replace('start:', `${fields}, start:`)) })

/** A socket stays in its folder when its process does not close it. */
async function socketAt(path: string): Promise<void> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(path, resolve))
  server.unref()
}

/** What cannot be part of a release, and builds that fail. */
export const filesRows: readonly Row[] = [
  {
    name: 'a start that does not exist in the release',
    files: { 'server.js': null },
    ...files,
    says: ['server.js', 'not in the release', 'include'],
  },
  {
    name: 'a start that git ignores',
    files: {
      '.gitignore': 'dist\n',
      'dist/server.js': '',
      'axle.config.ts': configText(API.replace('node server.js', 'node dist/server.js')),
    },
    prepare: async (directory) => void (await mkdir(join(directory, '.git'))),
    ...files,
    says: ['dist/server.js', "include: ['dist']"],
  },
  {
    name: 'an empty source',
    files: withFields("root: 'empty'"),
    prepare: async (directory) => void (await mkdir(join(directory, 'empty'))),
    ...files,
    says: ['/empty', 'holds nothing', 'include'],
  },
  { name: 'a root that is not there', files: withFields("root: 'nowhere'"), ...files, says: ['/nowhere', 'root'] },
  {
    name: 'a link out of the tree',
    prepare: (directory) => symlink('../../etc/passwd', join(directory, 'out')),
    ...files,
    says: ['out', '../../etc/passwd', '.axleignore'],
  },
  {
    name: 'an absolute link',
    prepare: (directory) => symlink('/etc/passwd', join(directory, 'out')),
    ...files,
    says: ['out', '/etc/passwd', '.axleignore'],
  },
  {
    name: 'a device in the tree',
    prepare: async (directory) => void execFileSync('mknod', [join(directory, 'null'), 'c', '1', '3']),
    ...files,
    says: ['null', 'device', '.axleignore'],
  },
  {
    name: 'a socket in the tree',
    prepare: (directory) => socketAt(join(directory, 'run.sock')),
    ...files,
    says: ['run.sock', 'socket', '.axleignore'],
  },
  {
    name: 'a pipe in the tree',
    prepare: async (directory) => void execFileSync('mkfifo', [join(directory, 'pipe')]),
    ...files,
    says: ['pipe', '.axleignore'],
  },
  {
    name: 'a file name with a newline',
    prepare: (directory) => writeFile(join(directory, 'a\nb'), ''),
    ...files,
    says: ['"a\\nb"', '.axleignore'],
  },
  {
    name: 'a file name that is not UTF-8',
    prepare: (directory) => writeFile(Buffer.concat([Buffer.from(`${directory}/caf`), Buffer.from([0xe9])]), ''),
    ...files,
    says: ['caf', 'not UTF-8'],
  },
  {
    name: 'a folder whose name is not UTF-8',
    prepare: async (directory) =>
      void (await mkdir(Buffer.concat([Buffer.from(`${directory}/caf`), Buffer.from([0xe9])]))),
    ...files,
    says: ['caf', 'not UTF-8'],
  },
  {
    name: 'include names what is not there',
    files: withFields("include: ['dist']"),
    ...files,
    says: ["'dist'", 'include', 'build'],
  },
  {
    name: 'an import that does not travel',
    files: { 'server.js': "import 'left-out'\n" },
    exit: 2,
    code: 'AXLE_IMPORT_MISSING',
    says: ['server.js', '"left-out"', 'node_modules'],
  },
  {
    name: 'a build that fails',
    files: withFields(`build: 'node build.js'`),
    prepare: (directory) => writeFile(join(directory, 'build.js'), "console.log('half-way'); process.exit(3)"),
    exit: 2,
    code: 'AXLE_BUILD',
    says: ['node build.js', 'exit code 3', 'half-way'],
  },
  {
    name: 'a build whose program is missing',
    files: withFields(`build: 'no-such-builder --now'`),
    exit: 2,
    code: 'AXLE_BUILD',
    says: ['no-such-builder', 'there is no program'],
  },
]
