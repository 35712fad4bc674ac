export { type Channel, type Connection, type ConnectSshOptions, connectSsh } from './connect.ts'
export { type Dialled, dial } from './dial.ts'
export { type Hop, type Route, resolveRoute } from './route.ts'
