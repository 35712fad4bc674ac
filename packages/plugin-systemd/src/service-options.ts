import * as z from 'zod'

/** Sizes and shares as systemd.resource-control(5) takes them; the allow-list keeps anything else out of the unit. */
export const serviceOptions = z.strictObject({
  memoryMax: z
    .string()
    .regex(/^[1-9][0-9]{0,12}[KMGT]?$/, 'expected a size such as "512M" or "2G"')
    .optional()
    .describe('The kernel ends a process of the service when all of them together would use more.'),
  cpuQuota: z
    .string()
    .regex(/^[1-9][0-9]{0,5}%$/, 'expected a share such as "50%"; "200%" is two whole cores')
    .optional()
    .describe('CPU time it gets at most.'),
  tasksMax: z.int().min(8).max(1_000_000).optional().describe('Processes and threads at most.'),
  openFiles: z.int().min(64).max(1_048_576).optional().describe('Open files and sockets at most. Default: 65536.'),
})

export type ServiceLimits = z.output<typeof serviceOptions>
