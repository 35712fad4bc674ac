import type { ResourceKind } from '../../../define/kind.ts'
import { directoryKind } from './directory.ts'
import { fileKind } from './file.ts'
import { linkKind } from './link.ts'
import { unitKind } from './unit.ts'
import { userKind } from './user.ts'

/** What core itself can put on a host. All else is a plugin's. */
export const coreKinds: readonly ResourceKind[] = [fileKind, directoryKind, linkKind, userKind, unitKind]
