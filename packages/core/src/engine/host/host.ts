import type { Json } from '../../protocol/json.ts'

/** What is known of a host without asking again. */
export interface Facts {
  readonly hostname: string
  /** As os-release(5): `debian`, `ubuntu`. */
  readonly os: { readonly id: string; readonly version: string; readonly like: readonly string[] }
  readonly arch: 'x64' | 'arm64'
  /** IPv4 and IPv6 addresses that are not loopback. */
  readonly addresses: readonly string[]
  /** Services that any project has deployed here, by name. */
  readonly services: readonly DeployedService[]
}

export interface DeployedService {
  readonly name: string
  readonly project: string
  readonly domain?: string | undefined
  readonly route?: string | undefined
  readonly ports?: { readonly a: number; readonly b: number } | undefined
}

export type Argv = readonly [string, ...string[]]

export interface RunOptions {
  readonly input?: string
  /** Added to a clean environment (PATH, LANG=C.UTF-8). */
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Milliseconds; 60,000 unless told. */
  readonly within?: number
  /** Exit codes that are an answer and no error. Default: only 0. */
  readonly accept?: readonly number[] | 'any'
  readonly signal?: AbortSignal
}

export interface StreamOptions {
  readonly signal?: AbortSignal
}

export interface RunResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export interface FileStat {
  readonly type: 'file' | 'directory' | 'link' | 'other'
  /** Octal permission bits, such as `644`. */
  readonly mode: string
  readonly uid: number
  readonly gid: number
  readonly size: number
  /** For a link: what it says. */
  readonly target?: string
}

export interface WriteOptions {
  /** Octal, such as `644`. */
  readonly mode: string
  readonly uid?: number
  readonly gid?: number
}

/** Looks, and changes nothing. Paths are absolute. Nothing follows a link in a path's last part. */
export interface HostReader {
  readonly facts: Facts
  /** Runs a command that changes nothing. Throws AXLE_COMMAND where the exit code is not accepted. */
  query(argv: Argv, options?: RunOptions): Promise<RunResult>
  /** Lines of a command's stdout, as they come. It is killed when the consumer stops, and when the signal is aborted. */
  stream(argv: Argv, options?: StreamOptions): AsyncIterable<string>
  stat(path: string): Promise<FileStat | undefined>
  /** A file's text, or `undefined` where there is none. */
  read(path: string): Promise<string | undefined>
  /** Names in a folder, sorted; empty where there is none. */
  list(path: string): Promise<readonly string[]>
}

/**
 * A machine. Nothing else knows how it is reached. Every writing method refuses a path with a folder above it that is a
 * link, or that anyone but root can write to (AXLE_UNSAFE_PATH): root never acts where a service can plant something.
 */
export interface Host extends HostReader {
  run(argv: Argv, options?: RunOptions): Promise<RunResult>
  /** Whole or not at all: a temporary file in the same folder, fsync, rename, fsync of the folder. */
  write(path: string, content: string | Uint8Array, options: WriteOptions): Promise<void>
  makeDirectory(path: string, options: WriteOptions): Promise<void>
  /** Sets owner and mode of a file or folder that is there. */
  setAttributes(path: string, options: WriteOptions): Promise<void>
  /** Atomically makes `path` a link that says `target`. */
  link(path: string, target: string): Promise<void>
  /** A file or a link; nothing where there is none. Folders only when empty, unless `recursive`. */
  remove(path: string, options?: { readonly recursive?: boolean }): Promise<void>
  rename(from: string, to: string): Promise<void>
}

export interface Logger {
  debug(message: string): void
  info(message: string): void
  warning(message: string): void
  error(message: string): void
}

/** A `fetch` with a deadline, for probes: never pooled, never redirected, answers read whole up to 1 MiB. */
export interface HttpResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  json(): Json
}

export interface HttpRequest {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Milliseconds; 5,000 unless told. */
  readonly within?: number
  readonly signal?: AbortSignal
}

export type Http = (url: string | URL, request?: HttpRequest) => Promise<HttpResponse>
