export interface Gate {
  readonly opened: Promise<void>
  open(): void
}

/** Holds something up until a test says so. */
export function gate(): Gate {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}
