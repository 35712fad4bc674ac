import { loadConfig } from './config/config.ts'
import { ConfigError } from './config/config-error.ts'
import { ListenError } from './http/listen.ts'
import { createLogger } from './log/logger.ts'
import { redactor } from './log/redact.ts'
import { MemoryOpenError } from './memory/open.ts'
import { startService } from './service.ts'

/** sysexits.h's EX_CONFIG, which systemd shows by name. */
const EXIT_CONFIG = 78

/** Shorter than the 30 s that a supervisor usually grants: we end by ourselves, with our stores closed. */
const GRACE_MS = 25_000

function isForTheOperator(error: unknown): error is Error {
  return error instanceof ConfigError || error instanceof ListenError || error instanceof MemoryOpenError
}

async function main(): Promise<void> {
  const config = loadConfig(process.env)
  const redact = redactor(config.secrets)
  const log = createLogger({ level: config.logLevel, environment: config.environment, redact })

  // A bug's trace goes through the log, where secrets are masked; the supervisor starts us again.
  process.on('uncaughtException', (err) => {
    log.fatal({ err }, 'uncaught')
    process.exit(1)
  })

  const service = await startService(config, log)
  log.info({ url: service.url, memory: config.memory.kind, model: config.model?.model ?? null }, 'listening')

  let stopping = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      // A second signal is somebody who does not want to wait.
      if (stopping) process.exit(1)
      stopping = true
      log.info({ signal }, 'stopping')
      void service.stop(GRACE_MS).then(({ cut }) => {
        log.info({ cut }, 'stopped')
        process.exit(0)
      })
    })
  }
}

main().catch((error: unknown) => {
  if (isForTheOperator(error)) {
    // What the operator has to mend is said in plain words: no trace, and before a log level could hide it.
    process.stderr.write(`clickup-agent: ${error.message}\n`)
  } else {
    process.stderr.write(`clickup-agent: cannot start: ${error instanceof Error ? error.stack : String(error)}\n`)
  }
  process.exit(error instanceof ConfigError ? EXIT_CONFIG : 1)
})
