import { Agent, request } from 'node:http'

export interface Load {
  readonly sent: number
  readonly failed: readonly string[]
}

function post(agent: Agent, host: string, path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const sending = request(
      { agent, host, path, method: 'POST', timeout: 10_000, headers: { 'content-type': 'text/plain' } },
      (response) => {
        response.resume()
        response.on('end', () => resolve(response.statusCode === 200 ? undefined : `status ${response.statusCode}`))
        response.on('error', (error) => resolve(error.message))
      },
    )
    sending.on('timeout', () => sending.destroy(new Error('no answer within 10 s')))
    sending.on('error', (error) => resolve(error.message))
    sending.end('a body')
  })
}

/** Keep-alive clients that send POST after POST and never retry, until told to stop and `least` were sent. */
export function startLoad(host: string, path: string, clients: number, pause: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: clients })
  const failed: string[] = []
  let sent = 0
  let least = 0
  let running = true
  const client = async () => {
    while (running || sent < least) {
      sent += 1
      const wrong = await post(agent, host, path)
      if (wrong !== undefined) failed.push(wrong)
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
  const clientsDone = Promise.all(Array.from({ length: clients }, client))
  return {
    stop: async (atLeast: number): Promise<Load> => {
      least = atLeast
      running = false
      await clientsDone
      agent.destroy()
      return { sent, failed }
    },
  }
}
