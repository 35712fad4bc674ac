import { useHost } from '@axle-ia/testbed/vitest'
import { describe } from 'vitest'
import { diskRows } from './disk-rows.ts'
import { onHost } from './on-host.ts'
import { prepareWays, wayRows } from './way-rows.ts'

const host = useHost({ needs: ['disposable'] })
host.beforeAll(() => prepareWays(host))

describe('on the way to the host', () => onHost(host, wayRows))
describe('on its disk', () => onHost(host, diskRows))
