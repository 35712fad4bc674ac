import { openSqliteMemory } from '../memory/sqlite.ts'

/**
 * A process of its own that writes turns into a memory which others have open: `sqlite-writer.ts FILE NAME COUNT AT`.
 * It opens the file at the millisecond AT, as the others do: that is when a new file's switch to WAL can collide.
 */
const [file = '', name = '', count = '0', at = '0'] = process.argv.slice(2)
while (Date.now() < Number(at));
const memory = openSqliteMemory(file)
for (let i = 0; i < Number(count); i += 1) {
  await memory.remember('shared', { userInput: `${name} ${i}`, reply: 'ok', at: new Date() })
  await memory.remember(name, { userInput: `${i}`, reply: 'ok', at: new Date() })
}
await memory.close()
