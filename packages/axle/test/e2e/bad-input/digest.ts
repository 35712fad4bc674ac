import type { FileHost } from '@axle-ia/testbed/vitest'

/**
 * What must stay as it is, a line a thing: names, types, modes, owners, link targets and contents of /etc, /opt (but
 * /opt/axle) and /usr/local, and which units there are, start at boot and run. Left out:
 * - `/etc/passwd-` and its like: copies that useradd and userdel keep of the state before;
 * - `/etc/.pwd.lock`: made by the first useradd on a host;
 * - `systemd-*` and `user@*`: run for a moment with each login, by systemd's own decision;
 * - our own transient units, which go a moment after their operation.
 */
const SCRIPT = `
cd /
# An old slot that still drains would be gone the next moment.
while systemctl list-units 'axle-retire-*' --state=active,activating --no-legend | grep -q .; do sleep 0.1; done
things() { find etc opt usr/local -path opt/axle -prune -o -name '*-' -prune -o -name .pwd.lock -prune -o "$@"; }
things -printf '%p %y %m %U:%G %l\\n' | sort
things -type f -print0 | sort -z | xargs -0 sha256sum
# On a busy machine systemd may be late, which is no change.
ask() { for try in 1 2 3 4 5; do said=$(systemctl "$@" --no-legend --plain --no-pager) && [ -n "$said" ] && break; sleep 1; done; echo "$said"; }
# The longest name decides how wide the columns are.
ask list-unit-files | grep -v '^axle-' | tr -s ' '
ask list-units --state=active,failed --type=service,timer,socket,path |
  sed 's/^[^A-Za-z0-9]*//; s/ .*//' | sort | grep -Ev '^(systemd-|user@|user-runtime-dir@|axle-)'
`

export async function digest(host: FileHost): Promise<readonly string[]> {
  return (await host.run(['sh', '-c', SCRIPT])).split('\n')
}

/** Lines that are in one of two digests only. */
export async function changedSince(before: readonly string[], host: FileHost): Promise<readonly string[]> {
  const after = await digest(host)
  const only = (lines: readonly string[], other: readonly string[], sign: string) => {
    const there = new Set(other)
    return lines.filter((line) => !there.has(line)).map((line) => `${sign} ${line}`)
  }
  return [...only(before, after, '-'), ...only(after, before, '+')]
}
