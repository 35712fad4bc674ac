import { STORE } from '../../protocol/layout.ts'
import type { ManifestEntry, ManifestFile } from '../../protocol/release.ts'

export type FileMode = ManifestFile['mode']
export const MODES: readonly FileMode[] = ['644', '755']

/** A folder for what is still being received. */
export const RECEIVING = `${STORE}/receiving`

export const isFile = (entry: ManifestEntry): entry is ManifestFile => 'sha256' in entry
export const folderOf = (sha256: string): string => `${STORE}/${sha256.slice(0, 2)}`
export const nameOf = (sha256: string, mode: FileMode): string => `${sha256}-${mode}`
export const contentPath = (sha256: string, mode: FileMode): string => `${folderOf(sha256)}/${nameOf(sha256, mode)}`
