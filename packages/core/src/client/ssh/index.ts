export { type Channel, type Connection, connectSsh } from './connect.ts'
export { dial } from './dial.ts'
export { resolveRoute } from './route.ts'
