import * as z from 'zod'
import { HealthProblem } from './dependency.ts'

const API = 'https://api.clickup.com'

/** "Team" is what ClickUp's API calls a workspace. */
const teamsSchema = z.object({ teams: z.array(z.object({ id: z.string() })) })

export interface ClickUpCheck {
  readonly apiKey: string
  readonly teamId: string
  readonly signal: AbortSignal
  readonly baseUrl: string | undefined
}

/** Resolves when ClickUp takes the key and lets it into the workspace. */
export async function checkClickUp({ apiKey, teamId, signal, baseUrl = API }: ClickUpCheck): Promise<void> {
  const response = await fetch(`${baseUrl}/api/v2/team`, { headers: { authorization: apiKey }, signal })
  if (response.status === 401) throw new HealthProblem('ClickUp refused the key (see CLICKUP_API_KEY)')
  if (!response.ok) throw new HealthProblem(`ClickUp answered ${response.status}`)
  const { teams } = teamsSchema.parse(await response.json())
  if (!teams.some(({ id }) => id === teamId)) {
    throw new HealthProblem('the key has no access to this workspace (see CLICKUP_TEAM_ID)')
  }
}
