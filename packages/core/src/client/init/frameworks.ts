import type { PackageJson } from './manifest.ts'
import { depends } from './manifest.ts'
import type { Tree } from './tree.ts'

/** How the programs of one framework are started, and what of them travels. One row a framework; the first that fits counts. */
export interface Framework {
  readonly name: string
  /** Any of these packages is it. */
  readonly packages: readonly string[]
  /** Scripts that start it in production, best first. Default: `start`. */
  readonly scripts?: readonly string[]
  /** What really starts it, where the script would only say so in other words. */
  readonly start?: string
  /** What its build makes. Default: the folder of the file that starts. */
  readonly output?: readonly string[]
  /** Its build carries all that it imports. */
  readonly carriesModules?: true
  readonly port?: number
  readonly env?: Readonly<Record<string, string>>
  readonly notes?: readonly string[]
  /** It makes no server as it stands: what to do about that. */
  readonly problem?: string
  /** Paths of routes are names of files. */
  readonly filesAreRoutes?: true
  when?(project: FrameworkProject): Promise<boolean>
}

interface FrameworkProject {
  readonly tree: Tree
  readonly manifest: PackageJson
}

const nextConfigs = ['next.config.js', 'next.config.mjs', 'next.config.ts', 'next.config.cjs']

async function nextOutputs({ tree }: FrameworkProject, output: string): Promise<boolean> {
  const texts = await Promise.all(nextConfigs.map((path) => tree.read(path)))
  return texts.some((text) => new RegExp(`\\boutput\\s*:\\s*['"]${output}['"]`).test(text ?? ''))
}

const STANDALONE_COPIES =
  'The standalone server needs the static files beside it. Add to the scripts of package.json: "postbuild": "cp -r .next/static .next/standalone/.next/ && cp -r public .next/standalone/" (the second only with a public folder).'

export const FRAMEWORKS: readonly Framework[] = [
  {
    name: 'Next.js (static export)',
    packages: ['next'],
    when: (project) => nextOutputs(project, 'export'),
    problem:
      "next.config says output: 'export': that makes files and no server. Take the line out, or say 'standalone'.",
  },
  {
    name: 'Next.js (standalone)',
    packages: ['next'],
    when: (project) => nextOutputs(project, 'standalone'),
    start: 'node .next/standalone/server.js',
    output: ['.next/standalone'],
    carriesModules: true,
    port: 3000,
    env: { HOSTNAME: '127.0.0.1' },
    notes: [STANDALONE_COPIES],
    filesAreRoutes: true,
  },
  {
    name: 'Next.js',
    packages: ['next'],
    start: 'node node_modules/next/dist/bin/next start --hostname 127.0.0.1 --port $PORT',
    // Its cache is of this machine, and is another one after each build.
    output: ['.next/*', '!.next/cache'],
    port: 3000,
    notes: [
      "A release is smaller with output: 'standalone' in next.config; then move axle.config.ts aside and run axle init again.",
    ],
    filesAreRoutes: true,
  },
  {
    name: 'Nuxt',
    packages: ['nuxt', 'nuxt3'],
    start: 'node .output/server/index.mjs',
    output: ['.output'],
    carriesModules: true,
    port: 3000,
    filesAreRoutes: true,
  },
  {
    name: 'Nitro',
    packages: ['nitropack', 'nitro', '@tanstack/react-start', '@solidjs/start'],
    start: 'node .output/server/index.mjs',
    output: ['.output'],
    carriesModules: true,
    port: 3000,
    filesAreRoutes: true,
  },
  {
    name: 'SvelteKit',
    packages: ['@sveltejs/adapter-node'],
    start: 'node build/index.js',
    output: ['build'],
    port: 3000,
    filesAreRoutes: true,
  },
  {
    name: 'SvelteKit',
    packages: ['@sveltejs/kit'],
    problem: 'SvelteKit makes a Node server with @sveltejs/adapter-node: install it and name it in svelte.config.js.',
  },
  {
    name: 'Astro',
    packages: ['@astrojs/node'],
    start: 'node dist/server/entry.mjs',
    output: ['dist'],
    port: 4321,
    notes: ["Astro's Node adapter must say mode: 'standalone' in astro.config."],
    filesAreRoutes: true,
  },
  {
    name: 'Astro',
    packages: ['astro'],
    problem: 'Astro makes a Node server with @astrojs/node: run npx astro add node.',
  },
  {
    name: 'React Router',
    packages: ['@react-router/serve'],
    start: 'node node_modules/@react-router/serve/bin.js build/server/index.js',
    output: ['build'],
    port: 3000,
    filesAreRoutes: true,
  },
  {
    name: 'Remix',
    packages: ['@remix-run/serve'],
    start: 'node node_modules/@remix-run/serve/dist/cli.js build/server/index.js',
    output: ['build'],
    port: 3000,
    filesAreRoutes: true,
  },
  {
    name: 'NestJS',
    packages: ['@nestjs/core'],
    scripts: ['start:prod', 'start'],
    start: 'node dist/main.js',
    output: ['dist'],
    port: 3000,
  },
  { name: 'AdonisJS', packages: ['@adonisjs/core'], start: 'node build/bin/server.js', output: ['build'], port: 3333 },
  { name: 'Fastify', packages: ['fastify'], port: 3000 },
  { name: 'Express', packages: ['express'], port: 3000 },
  { name: 'Koa', packages: ['koa'], port: 3000 },
  { name: 'Hono', packages: ['@hono/node-server'], port: 3000 },
  { name: 'hapi', packages: ['@hapi/hapi'], port: 3000 },
  { name: 'Restify', packages: ['restify'], port: 8080 },
  { name: 'Polka', packages: ['polka'], port: 3000 },
  { name: 'h3', packages: ['h3'], port: 3000 },
  { name: 'GraphQL Yoga', packages: ['graphql-yoga'], port: 4000 },
  { name: 'Apollo Server', packages: ['@apollo/server'], port: 4000 },
  { name: 'tRPC', packages: ['@trpc/server'], port: 3000 },
  { name: 'Socket.IO', packages: ['socket.io'], port: 3000 },
  { name: 'ws', packages: ['ws'], port: 8080 },
]

export async function frameworkOf(project: FrameworkProject): Promise<Framework | undefined> {
  for (const row of FRAMEWORKS) {
    if (!row.packages.some((name) => depends(project.manifest, name))) continue
    if (row.when === undefined || (await row.when(project))) return row
  }
  return undefined
}
