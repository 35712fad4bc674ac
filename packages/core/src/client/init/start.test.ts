import { expect, it } from 'vitest'
import { understandStart } from './start.ts'

const around = {
  scripts: {
    serve: 'node dist/server.js',
    round: 'npm run about',
    about: 'yarn round',
    prod: 'npm run build && pnpm serve',
  },
  bin: async (command: string) => (command === 'nest' ? 'node_modules/@nestjs/cli/bin/nest.js' : undefined),
}

it.each<[script: string, start: string, env?: Record<string, string>]>([
  ['node dist/server.js', 'node dist/server.js'],
  ['node ./server.js --verbose', 'node server.js --verbose'],
  ['NODE_ENV=production node server.js', 'node server.js', { NODE_ENV: 'production' }],
  ['cross-env A=1 B="two words" node server.js', 'node server.js', { A: '1', B: 'two words' }],
  ['npm run serve', 'node dist/server.js'],
  ['pnpm serve', 'node dist/server.js'],
  ['yarn run prod', 'node dist/server.js'],
  ['npm run build && node dist/server.js', 'node dist/server.js'],
  ['tsc; node dist/server.js', 'node dist/server.js'],
  ['node -r dotenv/config server.js', 'node server.js'],
  ['node --env-file=.env server.js', 'node server.js'],
  ['node --env-file .env server.js', 'node server.js'],
  ['node -r ./tracing.js server.js', 'node --require=./tracing.js server.js'],
  ['node --import ./otel.mjs --enable-source-maps app.js', 'node --import=./otel.mjs --enable-source-maps app.js'],
  ['node --watch server.js', 'node server.js'],
  ['dotenv -e .env -- node server.js', 'node server.js'],
  ['tsx src/server.ts', 'node --import=tsx src/server.ts'],
  ['tsx watch ./src/server.ts', 'node --import=tsx src/server.ts'],
  ['ts-node src/server.ts', 'node --require=ts-node/register src/server.ts'],
  ['nodemon server.js', 'node server.js'],
  ['pm2-runtime start server.js', 'node server.js'],
  ['npx nest start', 'node node_modules/@nestjs/cli/bin/nest.js start'],
  ['node server.js --port 3000', 'node server.js --port $PORT'],
  ['node server.js -p $PORT', 'node server.js -p $PORT'],
  ['node server.js --port=8080', 'node server.js --port=$PORT'],
  ['./bin/www.js', 'node bin/www.js'],
])('"%s" is "%s"', async (script, start, env = {}) => {
  expect(await understandStart(script, around)).toMatchObject({ words: start.split(' '), env })
})

it.each([
  ['npm run gone', 'a script that package.json does not have'],
  ['npm run round', 'calls itself'],
  ['bun src/server.ts', 'not bun'],
  ['bash start.sh', 'shell script'],
  ['docker compose up', 'without Docker'],
  ['vite preview', 'no command of a package that is installed here'],
  ['node', 'names no file'],
  ['node -e "console.log(1)"', 'a text, not a file'],
  ['node a.js | tee log', 'there is no shell'],
  ['pm2 start ecosystem', 'names no file'],
])('"%s" is refused: %s', async (script, why) => {
  expect(await understandStart(script, around)).toEqual({ problem: expect.stringContaining(why) })
})

it('says what of the script does not run on the host', async () => {
  expect(await understandStart('prisma migrate deploy && node --env-file=.env server.js', around)).toMatchObject({
    notes: [expect.stringContaining('prisma migrate deploy'), expect.stringContaining('--env-file')],
  })
})
